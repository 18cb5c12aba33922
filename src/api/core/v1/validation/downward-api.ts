/** References to the pod's own fields and resources, in environment variables and in files (upstream: validateObjectFieldSelector, validateContainerResourceFieldSelector). */
import { invalidValue, required } from '../../../../schema/field-error.ts';
import { type Errors, unsupported, validateQualifiedName } from '../../../meta/v1/validation.ts';
import { isZeroQuantity } from '../../../../machinery/quantity.ts';
import type { ObjectFieldSelector, ResourceFieldSelector } from '../types.ts';

const envFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const fileFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
/** Labels that name a field of a pod (upstream: podshelper.ConvertDownwardAPIFieldLabel). */
const known: ReadonlySet<string> = new Set([
  ...envFields,
  ...fileFields,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
  'spec.host',
]);
const subscripted = /^(metadata\.(?:annotations|labels)|[^[\]]+)\['(.*)'\]$/;

/** `inFile`: the fields that files may show differ from those of the environment. */
export function validateFieldRef(f: ObjectFieldSelector, inFile: boolean, path: string, errs: Errors): void {
  if (!f.apiVersion) {
    errs.push(required(`${path}.apiVersion`));
    return;
  }
  if (!f.fieldPath) {
    errs.push(required(`${path}.fieldPath`));
    return;
  }
  const refuse = (why: string) =>
    errs.push(invalidValue(`${path}.fieldPath`, f.fieldPath, `error converting fieldPath: ${why}`));
  if (f.apiVersion !== 'v1') {
    refuse(`unsupported pod version: ${f.apiVersion}`);
    return;
  }
  const m = subscripted.exec(f.fieldPath);
  if (m) {
    const [, field = '', key = ''] = m;
    if (field === 'metadata.annotations') validateQualifiedName(key.toLowerCase(), path, errs);
    else if (field === 'metadata.labels') validateQualifiedName(key, path, errs);
    else refuse(`field label does not support subscript: ${f.fieldPath}`);
    return;
  }
  if (!known.has(f.fieldPath)) {
    refuse(`field label not supported: ${f.fieldPath}`);
    return;
  }
  const expressions = inFile ? fileFields : envFields;
  const field = f.fieldPath === 'spec.host' ? 'spec.nodeName' : f.fieldPath;
  if (!expressions.includes(field)) errs.push(unsupported(`${path}.fieldPath`, field, expressions));
}

const resourceFields = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const unitNames = '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei';
const units: ReadonlySet<string> = new Set(unitNames.split(', '));
const isHugePagesField = (r: string): boolean => /^(requests|limits)\.hugepages-/.test(r);

export function validateResourceFieldRef(f: ResourceFieldSelector, inFile: boolean, path: string, errs: Errors): void {
  if (inFile && !f.containerName) errs.push(required(`${path}.containerName`));
  else if (!f.resource) errs.push(required(`${path}.resource`));
  else if (!resourceFields.includes(f.resource) && !isHugePagesField(f.resource))
    errs.push(unsupported(`${path}.resource`, f.resource, resourceFields));
  const d = f.divisor;
  if (d === undefined || isZeroQuantity(d)) return;
  const refuse = (what: string) => errs.push(invalidValue(`${path}.divisor`, f.resource, what));
  if (f.resource.endsWith('.cpu')) {
    if (d !== '1m' && d !== '1') refuse("only divisor's values 1m and 1 are supported with the cpu resource");
  } else if (!units.has(d)) {
    const what = f.resource.endsWith('.memory')
      ? 'memory'
      : f.resource.endsWith('.ephemeral-storage')
        ? 'local ephemeral storage'
        : isHugePagesField(f.resource)
          ? 'hugepages'
          : '';
    if (what) refuse(`only divisor's values ${unitNames} are supported with the ${what} resource`);
  }
}
