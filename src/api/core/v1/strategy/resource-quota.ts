/** How ResourceQuotas are written (upstream: registry/core/resourcequota, validation.go ValidateResourceQuota). */
import { type FieldError, invalidValue, required } from '../../../../schema/field-error.ts';
import { withoutGeneration } from '../../../generation.ts';
import { type Errors, fieldIsImmutable } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus, keepsAllButStatus } from '../../../status-part.ts';
import { ResourceQuota } from '../types.ts';
import { isStandardQuotaResource, validateQuantity, validateQuotaResourceName } from '../validation/resources.ts';

const compute = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
const podScopes: Readonly<Record<string, readonly string[]>> = {
  Terminating: ['pods', ...compute],
  NotTerminating: ['pods', ...compute],
  NotBestEffort: ['pods', ...compute],
  PriorityClass: ['pods', ...compute],
  CrossNamespacePodAffinity: ['pods', ...compute],
  BestEffort: ['pods'],
  VolumeAttributesClass: ['persistentvolumeclaims', 'requests.storage'],
};
const existsOnly = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];

function validateList(list: Readonly<Record<string, string>> | undefined, path: string, errs: Errors): void {
  for (const name in list) {
    validateQuotaResourceName(name, `${path}[${name}]`, errs);
    validateQuantity(name, list[name]!, `${path}[${name}]`, errs);
  }
}

function validateScopes(q: ResourceQuota, errs: Errors): void {
  const hard = Object.keys(q.spec.hard ?? {}).sort();
  const unfit = (scope: string) =>
    hard.filter((r) => isStandardQuotaResource(r) && podScopes[scope] && !podScopes[scope].includes(r));
  const conflicts = (scopes: readonly string[], path: string) => {
    for (const [a, b] of [
      ['BestEffort', 'NotBestEffort'],
      ['Terminating', 'NotTerminating'],
    ] as const)
      if (scopes.includes(a) && scopes.includes(b)) errs.push(invalidValue(path, q.spec.scopes, 'conflicting scopes'));
  };
  const scopes = q.spec.scopes ?? [];
  for (const s of scopes) {
    if (!podScopes[s]) errs.push(invalidValue('spec.scopes', scopes, 'unsupported scope'));
    for (const _ of unfit(s)) errs.push(invalidValue('spec.scopes', scopes, 'unsupported scope applied to resource'));
  }
  if (scopes.length) conflicts(scopes, 'spec.scopes');
  const selector = q.spec.scopeSelector;
  if (!selector) return;
  const path = 'spec.scopeSelector.matchExpressions';
  for (const r of selector.matchExpressions ?? []) {
    const values = r.values ?? [];
    if (!podScopes[r.scopeName]) errs.push(invalidValue(`${path}.scopeName`, r.scopeName, 'unsupported scope'));
    for (const _ of unfit(r.scopeName))
      errs.push(invalidValue(path, selector, 'unsupported scope applied to resource'));
    if (existsOnly.includes(r.scopeName) && r.operator !== 'Exists')
      errs.push(
        invalidValue(
          `${path}.operator`,
          r.operator,
          "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
        ),
      );
    if (r.operator === 'In' || r.operator === 'NotIn') {
      if (values.length === 0)
        errs.push(
          required(
            `${path}.values`,
            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
          ),
        );
    } else if (r.operator === 'Exists' || r.operator === 'DoesNotExist') {
      if (values.length)
        errs.push(
          invalidValue(
            `${path}.values`,
            values,
            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
          ),
        );
    } else errs.push(invalidValue(`${path}.operator`, r.operator, 'not a valid selector operator'));
  }
  conflicts(
    (selector.matchExpressions ?? []).map((r) => r.scopeName),
    path,
  );
}

function validateStatus(q: ResourceQuota, errs: Errors): void {
  validateList(q.status?.hard, 'status.hard', errs);
  validateList(q.status?.used, 'status.used', errs);
}

function validate(q: ResourceQuota): readonly FieldError[] {
  const errs: Errors = [];
  validateList(q.spec.hard, 'spec.hard', errs);
  validateScopes(q, errs);
  validateStatus(q, errs);
  return errs;
}

export const resourceQuotaStrategy: Strategy<ResourceQuota> = {
  ...withoutGeneration,
  ...clearsStatus(ResourceQuota),
  validate,
  validateUpdate: (q, old) => {
    const sorted = (x: ResourceQuota) => [...new Set(x.spec.scopes)].sort().join();
    return sorted(q) === sorted(old) ? [] : [invalidValue('spec.scopes', q.spec.scopes, fieldIsImmutable)];
  },
};

export const resourceQuotaStatusStrategy: Strategy<ResourceQuota> = {
  prepareForUpdate: keepsAllButStatus,
  validateUpdate: (q) => {
    const errs: Errors = [];
    validateStatus(q, errs);
    return errs;
  },
};
