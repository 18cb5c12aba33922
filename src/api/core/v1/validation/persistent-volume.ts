/** PersistentVolumes and their claims (upstream: validation.go ValidatePersistentVolumeSpec, ValidatePersistentVolumeClaimUpdate). */
import { posix } from 'node:path';
import { type FieldError, forbiddenField, invalidValue, required } from '../../../../schema/field-error.ts';
import { jsonDiff } from '../../../json-diff.ts';
import {
  type Errors,
  fieldIsImmutable,
  semanticEqual,
  unsupported,
  validateDNS1123Subdomain,
  validateImmutable,
} from '../../../meta/v1/validation.ts';
import { cmpQuantity, signOfQuantity, value } from '../../../../machinery/quantity.ts';
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeSpec, SecretReference } from '../types.ts';
import { supportedVolumeModes, validateAccessModes, validateClaimSpec } from './claim-spec.ts';
import { validateNoBacksteps } from './paths.ts';
import { validatePositiveQuantity } from './resources.ts';
import { validateNodeSelector } from './scheduling.ts';
import { validateCSIDriverName, validateHostPath } from './volumes.ts';

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];

/** Kinds of volume, in upstream's order. */
export const volumeSources = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
] as const;
type Source = (typeof volumeSources)[number];

function validateSecretReference(s: SecretReference | undefined, path: string, errs: Errors): void {
  if (!s) return;
  if (!s.name) errs.push(required(`${path}.name`));
  else validateDNS1123Subdomain(s.name, `${path}.name`, errs);
  if (!s.namespace) errs.push(required(`${path}.namespace`));
}

function validateSource(kind: Source, s: PersistentVolumeSpec, errs: Errors): void {
  const path = `spec.${kind}`;
  if (kind === 'hostPath') validateHostPath(s.hostPath!, path, errs);
  else if (kind === 'local') {
    if (!s.local!.path) errs.push(required(`${path}.path`));
    else validateNoBacksteps(s.local!.path, `${path}.path`, errs);
    if (!s.nodeAffinity) errs.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
  } else if (kind === 'nfs') {
    if (!s.nfs!.server) errs.push(required(`${path}.server`));
    if (!s.nfs!.path) errs.push(required(`${path}.path`));
    if (!s.nfs!.path?.startsWith('/'))
      errs.push(invalidValue(`${path}.path`, s.nfs!.path ?? '', 'must be an absolute path'));
  } else if (kind === 'csi') {
    const c = s.csi!;
    validateCSIDriverName(c.driver ?? '', `${path}.driver`, errs);
    if (!c.volumeHandle) errs.push(required(`${path}.volumeHandle`));
    for (const ref of [
      'controllerPublishSecretRef',
      'controllerExpandSecretRef',
      'nodePublishSecretRef',
      'nodeExpandSecretRef',
    ] as const)
      validateSecretReference(c[ref], `${path}.${ref}`, errs);
  }
}

export function validatePersistentVolume(pv: PersistentVolume): readonly FieldError[] {
  const errs: Errors = [];
  const s = pv.spec;
  if (!s.accessModes?.length) errs.push(required('spec.accessModes'));
  validateAccessModes(s.accessModes, 'spec.accessModes', errs);
  const capacity = s.capacity ?? {};
  const names = Object.keys(capacity);
  if (names.length === 0) errs.push(required('spec.capacity'));
  if (capacity['storage'] === undefined || names.length > 1)
    errs.push(unsupported('spec.capacity', s.capacity, ['storage']));
  for (const name of names) {
    const q = capacity[name]!;
    if (signOfQuantity(q) < 0)
      errs.push(invalidValue(`spec.capacity[${name}]`, value(q), 'must be a valid resource quantity'));
    validatePositiveQuantity(q, `spec.capacity[${name}]`, errs);
  }
  const policy = s.persistentVolumeReclaimPolicy;
  if (policy && !reclaimPolicies.includes(policy))
    errs.push(unsupported('spec.persistentVolumeReclaimPolicy', policy, reclaimPolicies));
  if (s.nodeAffinity) {
    if (s.nodeAffinity.required) validateNodeSelector(s.nodeAffinity.required, 'spec.nodeAffinity.required', errs);
    else errs.push(required('spec.nodeAffinity.required', 'must specify required node constraints'));
  }
  let sources = 0;
  for (const kind of volumeSources) {
    if (s[kind] === undefined) continue;
    if (sources++ === 0) validateSource(kind, s, errs);
    else
      errs.push(
        forbiddenField(`spec.${kind === 'cephfs' ? 'cephFS' : kind}`, 'may not specify more than 1 volume type'),
      );
  }
  if (sources === 0) errs.push(required('spec', 'must specify a volume type'));
  if (s.hostPath?.path && posix.normalize(s.hostPath.path) === '/' && policy === 'Recycle')
    errs.push(forbiddenField('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"));
  if (s.storageClassName) validateDNS1123Subdomain(s.storageClassName, 'spec.storageClassName', errs);
  if (s.volumeMode !== undefined && !supportedVolumeModes.includes(s.volumeMode))
    errs.push(unsupported('spec.volumeMode', s.volumeMode, supportedVolumeModes));
  if (s.volumeAttributesClassName !== undefined) {
    const path = 'spec.volumeAttributesClassName';
    if (!s.volumeAttributesClassName) errs.push(required(path, 'an empty string is disallowed'));
    else validateDNS1123Subdomain(s.volumeAttributesClassName, path, errs);
    if (!s.csi) errs.push(required('spec.csi', 'has to be specified when using volumeAttributesClassName'));
  }
  return errs;
}

export function validatePersistentVolumeUpdate(pv: PersistentVolume, old: PersistentVolume): readonly FieldError[] {
  const errs: Errors = [];
  const source = (s: PersistentVolumeSpec) =>
    Object.fromEntries(volumeSources.flatMap((k) => (s[k] === undefined ? [] : [[k, s[k]]])));
  const was = source(old.spec);
  let is = source(pv.spec);
  if (pv.spec.csi?.controllerExpandSecretRef && old.spec.csi && !old.spec.csi.controllerExpandSecretRef)
    is = { ...is, csi: { ...pv.spec.csi, controllerExpandSecretRef: undefined } };
  if (!semanticEqual(is, was))
    errs.push(
      forbiddenField(
        'spec.persistentvolumesource',
        `spec.persistentvolumesource is immutable after creation\n${jsonDiff(was, is)}`,
      ),
    );
  validateImmutable(pv.spec.volumeMode, old.spec.volumeMode, 'volumeMode', errs);
  if (old.spec.nodeAffinity && !semanticEqual(pv.spec.nodeAffinity, old.spec.nodeAffinity))
    errs.push(
      invalidValue(
        'nodeAffinity',
        pv.spec.nodeAffinity,
        `${fieldIsImmutable}, except for updating from beta label to GA`,
      ),
    );
  if (old.spec.volumeAttributesClassName !== undefined && pv.spec.volumeAttributesClassName === undefined)
    errs.push(forbiddenField('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'));
  return errs;
}

export function validateClaim(c: PersistentVolumeClaim): readonly FieldError[] {
  const errs: Errors = [];
  validateClaimSpec(c.spec, 'spec', errs);
  return errs;
}

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

export function validateClaimUpdate(c: PersistentVolumeClaim, old: PersistentVolumeClaim): readonly FieldError[] {
  const errs: Errors = [];
  const bound = c.status?.phase === 'Bound';
  const oldClass = old.metadata.annotations?.[classAnnotation];
  const newClass = c.metadata.annotations?.[classAnnotation];
  if ((newClass ?? '') !== (oldClass ?? '') && !(oldClass && c.spec.storageClassName === oldClass && !newClass))
    errs.push(invalidValue(`metadata.annotations.${classAnnotation}`, newClass ?? '', fieldIsImmutable));
  // A claim without a volume may get one, one without a class may get its class; a bound one may grow.
  const was = {
    ...old.spec,
    volumeName: old.spec.volumeName || c.spec.volumeName,
    ...(old.spec.storageClassName === undefined &&
      (oldClass === undefined || oldClass === c.spec.storageClassName) && {
        storageClassName: c.spec.storageClassName,
      }),
  };
  const is = bound
    ? {
        ...c.spec,
        volumeAttributesClassName: old.spec.volumeAttributesClassName,
        resources: {
          ...c.spec.resources,
          ...(c.spec.resources?.requests && {
            requests: { ...c.spec.resources.requests, storage: old.spec.resources?.requests?.['storage'] ?? '0' },
          }),
        },
      }
    : c.spec;
  if (!semanticEqual(is, was))
    errs.push(
      forbiddenField(
        'spec',
        `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${jsonDiff(was, is)}`,
      ),
    );
  const size = (x: PersistentVolumeClaim) => x.spec.resources?.requests?.['storage'] ?? '0';
  if (cmpQuantity(size(c), size(old)) < 0 && cmpQuantity(size(c), old.status?.capacity?.['storage'] ?? '0') <= 0)
    errs.push(forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  validateImmutable(c.spec.volumeMode, old.spec.volumeMode, 'volumeMode', errs);
  if (
    old.status?.currentVolumeAttributesClassName !== undefined &&
    !c.spec.volumeAttributesClassName &&
    old.spec.volumeAttributesClassName !== c.spec.volumeAttributesClassName
  )
    errs.push(
      forbiddenField(
        'spec.volumeAttributesClassName',
        `update to ${c.spec.volumeAttributesClassName === undefined ? 'nil' : 'empty string'} is forbidden when status.currentVolumeAttributesClassName is not nil`,
      ),
    );
  return errs;
}
