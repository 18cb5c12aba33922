/** Nodes (upstream: validation.go ValidateNode, ValidateNodeUpdate). */
import { duplicate, type FieldError, forbiddenField, invalidValue } from '../../../../schema/field-error.ts';
import { type Errors, semanticEqual } from '../../../meta/v1/validation.ts';
import type { Node } from '../types.ts';
import { isDualStack, validateCIDR } from './address.ts';
import { validateQuantity } from './resources.ts';
import { validateTaints } from './scheduling.ts';

const featureName = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/;

function validateNodeStatus(n: Node, errs: Errors): void {
  for (const part of ['capacity', 'allocatable'] as const)
    for (const [name, q] of Object.entries(n.status?.[part] ?? {}))
      validateQuantity(name, q, `status.${part}.${name}`, errs);
  const features = n.status?.declaredFeatures ?? [];
  features.forEach((f, i) => {
    const path = `status.declaredFeatures[${i}]`;
    const name = JSON.stringify(f);
    if (f.length > 253)
      errs.push(invalidValue(path, f, `invalid feature name ${name}: must be no more than 253 characters`));
    else if (!featureName.test(f))
      errs.push(
        invalidValue(
          path,
          f,
          `invalid feature name ${name}: must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes`,
        ),
      );
    const before = features[i - 1];
    if (before === f) errs.push(duplicate(path, f));
    else if (before !== undefined && before > f) errs.push(invalidValue(path, f, 'list must be sorted alphabetically'));
  });
}

export function validateNode(n: Node): readonly FieldError[] {
  const errs: Errors = [];
  validateTaints(n.spec.taints, 'metadata.taints', errs);
  validateNodeStatus(n, errs);
  const cidrs = n.spec.podCIDRs ?? [];
  cidrs.forEach((c, i) => {
    validateCIDR(c, `spec.podCIDRs[${i}]`, errs);
  });
  if (cidrs.length > 1 && (cidrs.length > 2 || !isDualStack(cidrs)))
    errs.push(invalidValue('spec.podCIDRs', cidrs, 'may specify no more than one CIDR for each IP family'));
  return errs;
}

/** Also the whole of what nodes/status is judged by. */
export function validateNodeUpdate(n: Node, old: Node): readonly FieldError[] {
  const errs: Errors = [];
  validateNodeStatus(n, errs);
  const seen = new Set<string>();
  n.status?.addresses?.forEach((a, i) => {
    const key = `${a.type} ${a.address}`;
    if (seen.has(key)) errs.push(duplicate(`status.addresses[${i}]`, { Type: a.type, Address: a.address }));
    seen.add(key);
  });
  const why = (field: string) => `node updates may not change ${field} except from "" to valid`;
  if (old.spec.podCIDRs?.length && !semanticEqual(old.spec.podCIDRs, n.spec.podCIDRs))
    errs.push(forbiddenField('spec.podCIDRs', why('podCIDR')));
  if (old.spec.providerID && old.spec.providerID !== n.spec.providerID)
    errs.push(forbiddenField('spec.providerID', why('providerID')));
  validateTaints(n.spec.taints, 'metadata.taints', errs);
  if ((n.spec.externalID ?? '') !== (old.spec.externalID ?? ''))
    errs.push(forbiddenField('spec.externalID', 'may not be updated'));
  return errs;
}
