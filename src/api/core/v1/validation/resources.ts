/** Resource names and quantities of containers, pods, quotas and limit ranges (upstream: validation.go validateResourceRequirements, apis/core/helper). */
import { type FieldError, forbiddenField, invalidValue, required } from '../../../../schema/field-error.ts';
import type { Errors } from '../../../meta/v1/validation.ts';
import { unsupported, validateDNS1123Label } from '../../../meta/v1/validation.ts';
import { isQualifiedName } from '../../../../machinery/names.ts';
import { cmpQuantity, milliValue, signOfQuantity, value } from '../../../../machinery/quantity.ts';
import type { ResourceRequirements } from '../types.ts';

const standardContainer: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);
const computeQuota = ['cpu', 'memory', 'ephemeral-storage'];
const countQuota = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
];
const standardQuota: ReadonlySet<string> = new Set([
  ...computeQuota,
  ...computeQuota.flatMap((r) => [`requests.${r}`, `limits.${r}`]),
  'requests.storage',
  ...countQuota,
]);
const standard: ReadonlySet<string> = new Set([...standardQuota, 'storage']);
const integers: ReadonlySet<string> = new Set(countQuota);

export const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isQuotaHugePages = (name: string): boolean => isHugePages(name) || name.startsWith('requests.hugepages-');
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0;
const isOvercommitAllowed = (name: string): boolean => isNative(name) && !isHugePages(name);
export const isStandardQuotaResource = (name: string): boolean => standardQuota.has(name) || isQuotaHugePages(name);

/** Upstream: validateResourceName. Answers whether the name is well formed. */
export function validateResourceName(name: string, path: string, errs: Errors): boolean {
  const messages = isQualifiedName(name);
  for (const m of messages) errs.push(invalidValue(path, name, m));
  if (messages.length) return false;
  if (!name.includes('/') && !standard.has(name) && !isQuotaHugePages(name)) {
    errs.push(invalidValue(path, name, 'must be a standard resource type or fully qualified'));
    return false;
  }
  return true;
}

export function validateContainerResourceName(name: string, path: string, errs: Errors): void {
  if (standardContainer.has(name)) return;
  validateResourceName(name, path, errs);
  if (!name.includes('/')) {
    if (!isHugePages(name)) errs.push(invalidValue(path, name, 'must be a standard resource for containers'));
  } else if (!isNative(name) && !isExtended(name))
    errs.push(invalidValue(path, name, "doesn't follow extended resource name standard"));
}

export function validatePodResourceName(name: string, path: string, errs: Errors): void {
  if (!validateResourceName(name, path, errs)) return;
  if (name !== 'cpu' && name !== 'memory' && !isHugePages(name))
    errs.push(unsupported(path, name, ['cpu', 'hugepages-', 'memory']));
}

export function validateQuotaResourceName(name: string, path: string, errs: Errors): void {
  validateResourceName(name, path, errs);
  if (!name.includes('/') && !isStandardQuotaResource(name))
    errs.push(invalidValue(path, name, 'must be a standard resource for quota'));
}

/** Not negative, and whole where halves make no sense. */
export function validateQuantity(name: string, q: string, path: string, errs: Errors): void {
  if (signOfQuantity(q) < 0) errs.push(invalidValue(path, q, 'must be greater than or equal to 0'));
  if ((integers.has(name) || isExtended(name)) && milliValue(q) % 1000 !== 0)
    errs.push(invalidValue(path, q, 'must be an integer'));
}
export function validatePositiveQuantity(q: string, path: string, errs: Errors): boolean {
  if (signOfQuantity(q) > 0) return true;
  errs.push(invalidValue(path, q, 'must be greater than zero'));
  return false;
}

const pageSize = (name: string): number => value(name.slice('hugepages-'.length));
function validateHugePages(name: string, q: string, path: string, errs: Errors): void {
  const size = pageSize(name);
  if (size <= 0 || value(q) % size !== 0)
    errs.push(invalidValue(path, q, `${q} is not positive integer multiple of ${name}`));
}

type NameRule = (name: string, path: string, errs: Errors) => void;
const isCompute = (name: string): boolean => name === 'cpu' || name === 'memory';

/** Limits, requests and claims of a container; with `nameRule` of a pod. */
export function validateResources(
  r: ResourceRequirements | undefined,
  claimNames: ReadonlySet<string>,
  path: string,
  errs: Errors,
  nameRule: NameRule = validateContainerResourceName,
): void {
  if (!r) return;
  let compute = false;
  let hugePages = false;
  for (const name in r.limits) {
    const q = r.limits[name]!;
    const p = `${path}.limits[${name}]`;
    nameRule(name, p, errs);
    validateQuantity(name, q, p, errs);
    if (isHugePages(name)) {
      hugePages = true;
      validateHugePages(name, q, p, errs);
    }
    if (isCompute(name)) compute = true;
  }
  for (const name in r.requests) {
    const q = r.requests[name]!;
    const p = `${path}.requests[${name}]`;
    nameRule(name, p, errs);
    validateQuantity(name, q, p, errs);
    const limit = r.limits?.[name];
    if (limit !== undefined) {
      const order = cmpQuantity(q, limit);
      if (order !== 0 && !isOvercommitAllowed(name))
        errs.push(invalidValue(`${path}.requests`, q, `must be equal to ${name} limit of ${limit}`));
      else if (order > 0)
        errs.push(invalidValue(`${path}.requests`, q, `must be less than or equal to ${name} limit of ${limit}`));
    } else if (!isOvercommitAllowed(name))
      errs.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'));
    if (isHugePages(name)) {
      hugePages = true;
      validateHugePages(name, q, p, errs);
    }
    if (isCompute(name)) compute = true;
  }
  if (hugePages && !compute) errs.push(forbiddenField(path, 'HugePages require cpu or memory'));
  if (r.claims) validateClaims(r.claims, claimNames, `${path}.claims`, errs);
}

const notFoundAmong = (path: string, name: string, names: ReadonlySet<string>): FieldError => ({
  type: 'FieldValueNotFound',
  field: path,
  message: `Not found: ${JSON.stringify(name)}: must be one of the names in pod.spec.resourceClaims${
    names.size ? `: ${[...names].sort().join(', ')}` : ' which is empty'
  }`,
});

function validateClaims(
  claims: NonNullable<ResourceRequirements['claims']>,
  podClaims: ReadonlySet<string>,
  path: string,
  errs: Errors,
): void {
  const seen = new Set<string>();
  const twice = (i: number, v: string) =>
    errs.push({
      type: 'FieldValueDuplicate',
      field: `${path}[${i}]`,
      message: `Duplicate value: ${JSON.stringify(v)}`,
    });
  claims.forEach((c, i) => {
    if (!c.name) {
      errs.push(required(`${path}[${i}]`));
      return;
    }
    if (seen.has(c.name)) twice(i, c.name);
    else {
      let key = c.name;
      if (c.request) {
        validateDNS1123Label(c.request, `${path}[${i}].request`, errs);
        key += `/${c.request}`;
      }
      if (seen.has(key)) twice(i, key);
      else if (!c.request) for (const k of seen) if (k.startsWith(`${c.name}/`)) twice(i, c.name);
      seen.add(key);
    }
    if (!podClaims.has(c.name)) errs.push(notFoundAmong(`${path}[${i}]`, c.name, podClaims));
  });
}
