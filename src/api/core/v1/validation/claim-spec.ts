/** The spec of a claim, in claims and in the templates of ephemeral volumes (upstream: ValidatePersistentVolumeClaimSpec). */
import { forbiddenField, invalidValue, required } from '../../../../schema/field-error.ts';
import {
  type Errors,
  unsupported,
  validateDNS1123Label,
  validateDNS1123Subdomain,
  validateLabelSelector,
} from '../../../meta/v1/validation.ts';
import { isDns1123Subdomain } from '../../../../machinery/names.ts';
import type { PersistentVolumeClaimSpec, TypedObjectReference } from '../types.ts';
import { validatePositiveQuantity, validateQuantity } from './resources.ts';

export const supportedAccessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const supportedVolumeModes = ['Block', 'Filesystem'];

export function validateAccessModes(modes: readonly string[] | undefined, path: string, errs: Errors): void {
  let alone = false;
  let others = false;
  for (const m of modes ?? []) {
    if (!supportedAccessModes.includes(m)) errs.push(unsupported(path, m, supportedAccessModes));
    else if (m === 'ReadWriteOncePod') alone = true;
    else others = true;
  }
  if (alone && others) errs.push(forbiddenField(path, 'may not use ReadWriteOncePod with other access modes'));
}

function validateDataSource(s: TypedObjectReference, path: string, errs: Errors): void {
  if (!s.name) errs.push(required(`${path}.name`));
  if (!s.kind) errs.push(required(`${path}.kind`));
  if (!s.apiGroup && s.kind !== 'PersistentVolumeClaim')
    errs.push(
      invalidValue(path, s.kind ?? '', "must be 'PersistentVolumeClaim' when referencing the default apiGroup"),
    );
  if (s.apiGroup) validateDNS1123Subdomain(s.apiGroup, `${path}.apiGroup`, errs);
  if (s.namespace) validateDNS1123Label(s.namespace, `${path}.namespace`, errs);
}

export function validateClaimSpec(s: PersistentVolumeClaimSpec, path: string, errs: Errors): void {
  if (!s.accessModes?.length) errs.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  validateLabelSelector(s.selector, `${path}.selector`, errs);
  validateAccessModes(s.accessModes, `${path}.accessModes`, errs);
  const storage = s.resources?.requests?.['storage'];
  const p = `${path}.resources[storage]`;
  if (storage === undefined) errs.push(required(p));
  else if (validatePositiveQuantity(storage, p, errs)) validateQuantity('storage', storage, p, errs);
  if (s.storageClassName)
    for (const m of isDns1123Subdomain(s.storageClassName))
      errs.push(invalidValue(`${path}.storageClassName`, s.storageClassName, m));
  if (s.volumeMode !== undefined && !supportedVolumeModes.includes(s.volumeMode))
    errs.push(unsupported(`${path}.volumeMode`, s.volumeMode, supportedVolumeModes));
  if (s.dataSource) validateDataSource(s.dataSource, `${path}.dataSource`, errs);
  if (s.dataSourceRef) validateDataSource(s.dataSourceRef, `${path}.dataSourceRef`, errs);
  if (s.dataSource && s.dataSourceRef) {
    const a = s.dataSource;
    const b = s.dataSourceRef;
    if (b.namespace)
      errs.push(invalidValue(path, {}, 'may not be specified when dataSourceRef.namespace is specified'));
    else if (a.apiGroup !== b.apiGroup || a.kind !== b.kind || a.name !== b.name)
      errs.push(invalidValue(path, {}, 'must match dataSourceRef'));
  }
  if (s.volumeAttributesClassName)
    for (const m of isDns1123Subdomain(s.volumeAttributesClassName))
      errs.push(invalidValue(`${path}.volumeAttributesClassName`, s.volumeAttributesClassName, m));
}
