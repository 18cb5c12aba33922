/** Environment variables and where they come from (upstream: validation.go ValidateEnv, ValidateEnvFrom). */
import { invalidValue, required } from '../../../../schema/field-error.ts';
import { type Errors, validateDNS1123Label, validateDNS1123Subdomain } from '../../../meta/v1/validation.ts';
import { isConfigMapKey, isRelaxedEnvVarName } from '../../../../machinery/names.ts';
import { nameIsDNSSubdomain } from '../../../object-name.ts';
import type { EnvFromSource, EnvVar } from '../types.ts';
import { validateFieldRef, validateResourceFieldRef } from './downward-api.ts';
import { validateNoBacksteps } from './paths.ts';

function validateKeySelector(
  s: { readonly name?: string | undefined; readonly key: string },
  path: string,
  errs: Errors,
): void {
  validateDNS1123Subdomain(s.name ?? '', `${path}.name`, errs);
  if (!s.key) errs.push(required(`${path}.key`));
  else for (const m of isConfigMapKey(s.key)) errs.push(invalidValue(`${path}.key`, s.key, m));
}

function validateValueFrom(e: EnvVar, path: string, errs: Errors): void {
  const from = e.valueFrom;
  if (!from) return;
  let sources = 0;
  if (from.fieldRef) {
    sources++;
    validateFieldRef(from.fieldRef, false, `${path}.fieldRef`, errs);
  }
  if (from.resourceFieldRef) {
    sources++;
    validateResourceFieldRef(from.resourceFieldRef, false, `${path}.resourceFieldRef`, errs);
  }
  if (from.configMapKeyRef) {
    sources++;
    validateKeySelector(from.configMapKeyRef, `${path}.configMapKeyRef`, errs);
  }
  if (from.secretKeyRef) {
    sources++;
    validateKeySelector(from.secretKeyRef, `${path}.secretKeyRef`, errs);
  }
  if (from.fileKeyRef) {
    sources++;
    const f = from.fileKeyRef;
    const p = `${path}.fileKeyRef`;
    if (!f.key) errs.push(required(`${p}.key`));
    else for (const m of isRelaxedEnvVarName(f.key)) errs.push(invalidValue(`${p}.key`, f.key, m));
    if (!f.volumeName) errs.push(required(`${p}.volumeName`));
    else validateDNS1123Label(f.volumeName, `${p}.volumeName`, errs);
    if (!f.path) errs.push(required(`${p}.path`));
    else validateNoBacksteps(f.path, `${p}.path`, errs);
  }
  if (sources === 0)
    errs.push(
      invalidValue(
        path,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ),
    );
  else if (e.value) errs.push(invalidValue(path, '', 'may not be specified when `value` is not empty'));
  else if (sources > 1) errs.push(invalidValue(path, '', 'may not have more than one field specified at a time'));
}

export function validateEnv(vars: readonly EnvVar[] | undefined, path: string, errs: Errors): void {
  vars?.forEach((e, i) => {
    if (!e.name) errs.push(required(`${path}[${i}].name`));
    else for (const m of isRelaxedEnvVarName(e.name)) errs.push(invalidValue(`${path}[${i}].name`, e.name, m));
    if (e.valueFrom) validateValueFrom(e, `${path}[${i}].valueFrom`, errs);
  });
}

export function validateEnvFrom(vars: readonly EnvFromSource[] | undefined, path: string, errs: Errors): void {
  vars?.forEach((e, i) => {
    const p = `${path}[${i}]`;
    if (e.prefix) for (const m of isRelaxedEnvVarName(e.prefix)) errs.push(invalidValue(`${p}.prefix`, e.prefix, m));
    const sources = [e.configMapRef && 'configMapRef', e.secretRef && 'secretRef'].filter(Boolean) as (
      | 'configMapRef'
      | 'secretRef'
    )[];
    for (const s of sources) {
      const name = e[s]!.name;
      if (!name) errs.push(required(`${p}.${s}.name`));
      else for (const m of nameIsDNSSubdomain(name, true)) errs.push(invalidValue(`${p}.${s}.name`, name, m));
    }
    if (sources.length === 0) errs.push(invalidValue(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (sources.length > 1)
      errs.push(invalidValue(path, '', 'may not have more than one field specified at a time'));
  });
}
