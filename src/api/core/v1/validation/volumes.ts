/** Volumes of pods (upstream: validation.go ValidateVolumes, validateVolumeSource, validateProjectionSources). Kinds whose drivers are gone from Kubernetes are only counted. */
import { duplicate, forbiddenField, invalidValue, required } from '../../../../schema/field-error.ts';
import type { ObjectMeta } from '../../../meta/v1/types.ts';
import { type Errors, unsupported, validateDNS1123Label } from '../../../meta/v1/validation.ts';
import { isDns1123Subdomain } from '../../../../machinery/names.ts';
import { signOfQuantity } from '../../../../machinery/quantity.ts';
import type {
  DownwardAPIVolumeFile,
  HostPathVolumeSource,
  KeyToPath,
  ProjectedVolumeSource,
  Volume,
} from '../types.ts';
import { validateClaimSpec } from './claim-spec.ts';
import { validateFieldRef, validateResourceFieldRef } from './downward-api.ts';
import { validateDescendingPath, validateMode, validateNoBacksteps, validateNonReservedPath } from './paths.ts';
import { validateProjectedCertificates } from './projected-certificates.ts';

/** Sources by volume name, of the volumes that are valid. */
export type Volumes = ReadonlyMap<string, Volume>;

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

export function validateHostPath(h: HostPathVolumeSource, path: string, errs: Errors): void {
  if (!h.path) {
    errs.push(required(`${path}.path`));
    return;
  }
  validateNoBacksteps(h.path, `${path}.path`, errs);
  if (h.type !== undefined && !hostPathTypes.includes(h.type))
    errs.push(unsupported(`${path}.type`, h.type, hostPathTypes));
}

function validateItems(items: readonly KeyToPath[] | undefined, path: string, errs: Errors): void {
  items?.forEach((kp, i) => {
    const p = `${path}.items[${i}]`;
    if (!kp.key) errs.push(required(`${p}.key`));
    if (!kp.path) errs.push(required(`${p}.path`));
    validateNonReservedPath(kp.path ?? '', `${p}.path`, errs);
    validateMode(kp.mode, `${p}.mode`, errs);
  });
}

function validateDownwardFile(f: DownwardAPIVolumeFile, path: string, errs: Errors): void {
  if (!f.path) errs.push(required(`${path}.path`));
  validateNonReservedPath(f.path ?? '', `${path}.path`, errs);
  if (f.fieldRef) {
    validateFieldRef(f.fieldRef, true, `${path}.fieldRef`, errs);
    if (f.resourceFieldRef)
      errs.push(invalidValue(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  } else if (f.resourceFieldRef) validateResourceFieldRef(f.resourceFieldRef, true, `${path}.resourceFieldRef`, errs);
  else errs.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  validateMode(f.mode, `${path}.mode`, errs);
}

function validateProjected(v: ProjectedVolumeSource, path: string, errs: Errors): void {
  validateMode(v.defaultMode, `${path}.defaultMode`, errs);
  const paths = new Set<string>();
  const claim = (p: string, culprit: string) => {
    if (!p) return;
    if (paths.has(p)) errs.push(invalidValue(path, culprit, 'conflicting duplicate paths'));
    paths.add(p);
  };
  v.sources?.forEach((s, i) => {
    const p = `${path}.sources[${i}]`;
    let sources = 0;
    for (const kind of ['secret', 'configMap'] as const) {
      const source = s[kind];
      if (!source) continue;
      sources++;
      if (!source.name) errs.push(required(`${p}.${kind}.name`));
      validateItems(source.items, `${p}.${kind}`, errs);
      for (const kp of source.items ?? []) claim(kp.path, source.name ?? '');
    }
    if (s.downwardAPI) {
      sources++;
      for (const f of s.downwardAPI.items ?? []) {
        validateDownwardFile(f, `${p}.downwardAPI`, errs);
        claim(f.path, f.path);
      }
    }
    if (s.serviceAccountToken) {
      sources++;
      const t = s.serviceAccountToken;
      const seconds = t.expirationSeconds ?? 0;
      const refuse = (why: string) =>
        errs.push(invalidValue(`${p}.serviceAccountToken.expirationSeconds`, seconds, why));
      if (seconds < 600) refuse('may not specify a duration less than 10 minutes');
      if (seconds > 2 ** 32) refuse('may not specify a duration larger than 2^32 seconds');
      if (!t.path) errs.push(required(`${path}.path`));
      else validateNonReservedPath(t.path, `${path}.path`, errs);
    }
    sources += validateProjectedCertificates(s, p, claim, errs);
    if (sources > 1) errs.push(forbiddenField(p, 'may not specify more than 1 volume type per source'));
  });
}

/** One check per kind of source, in upstream's order: the first that a volume has counts, others are too many. */
const checks: Readonly<Record<string, (v: Volume, path: string, errs: Errors, inPod: boolean) => void>> = {
  emptyDir: (v, path, errs) => {
    const limit = v.emptyDir?.sizeLimit;
    if (limit !== undefined && signOfQuantity(limit) < 0)
      errs.push(forbiddenField(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'));
  },
  hostPath: (v, path, errs) => validateHostPath(v.hostPath!, path, errs),
  gitRepo: (v, path, errs) => {
    if (!v.gitRepo!.repository) errs.push(required(`${path}.repository`));
    validateDescendingPath(v.gitRepo!.directory ?? '', `${path}.directory`, errs);
  },
  gcePersistentDisk: () => {},
  awsElasticBlockStore: () => {},
  secret: (v, path, errs) => {
    if (!v.secret!.secretName) errs.push(required(`${path}.secretName`));
    validateMode(v.secret!.defaultMode, `${path}.defaultMode`, errs);
    validateItems(v.secret!.items, path, errs);
  },
  nfs: (v, path, errs) => {
    if (!v.nfs!.server) errs.push(required(`${path}.server`));
    if (!v.nfs!.path) errs.push(required(`${path}.path`));
    if (!v.nfs!.path?.startsWith('/'))
      errs.push(invalidValue(`${path}.path`, v.nfs!.path ?? '', 'must be an absolute path'));
  },
  iscsi: () => {},
  glusterfs: () => {},
  flocker: () => {},
  persistentVolumeClaim: (v, path, errs) => {
    if (!v.persistentVolumeClaim!.claimName) errs.push(required(`${path}.claimName`));
  },
  rbd: () => {},
  cinder: () => {},
  cephfs: () => {},
  quobyte: () => {},
  downwardAPI: (v, path, errs) => {
    validateMode(v.downwardAPI!.defaultMode, `${path}.defaultMode`, errs);
    for (const f of v.downwardAPI!.items ?? []) validateDownwardFile(f, path, errs);
  },
  fc: () => {},
  flexVolume: () => {},
  configMap: (v, path, errs) => {
    if (!v.configMap!.name) errs.push(required(`${path}.name`));
    validateMode(v.configMap!.defaultMode, `${path}.defaultMode`, errs);
    validateItems(v.configMap!.items, path, errs);
  },
  azureFile: () => {},
  vsphereVolume: () => {},
  photonPersistentDisk: () => {},
  portworxVolume: () => {},
  azureDisk: () => {},
  storageos: () => {},
  projected: (v, path, errs) => validateProjected(v.projected!, path, errs),
  scaleIO: () => {},
  csi: (v, path, errs) => {
    const { driver, nodePublishSecretRef: secret } = v.csi!;
    validateCSIDriverName(driver ?? '', `${path}.driver`, errs);
    if (!secret) return;
    if (!secret.name) errs.push(required(`${path}.nodePublishSecretRef.name`));
    else for (const m of isDns1123Subdomain(secret.name)) errs.push(invalidValue(`${path}.name`, secret.name, m));
  },
  ephemeral: (v, path, errs) => {
    const t = v.ephemeral!.volumeClaimTemplate;
    if (!t) errs.push(required(`${path}.volumeClaimTemplate`));
    else validateClaimSpec(t.spec, `${path}.volumeClaimTemplate.spec`, errs);
  },
  image: (v, path, errs, inPod) => {
    if (inPod && !v.image!.reference) errs.push(required(`${path}.reference`));
    const policy = v.image!.pullPolicy;
    if (policy && !pullPolicies.includes(policy)) errs.push(unsupported(`${path}.pullPolicy`, policy, pullPolicies));
  },
};
export const pullPolicies = ['Always', 'IfNotPresent', 'Never'];

export function validateCSIDriverName(name: string, path: string, errs: Errors): void {
  if (!name) {
    errs.push(required(path));
    return;
  }
  if (name.length > 63)
    errs.push({ type: 'FieldValueTooLong', field: path, message: 'Too long: may not be more than 63 bytes' });
  for (const m of isDns1123Subdomain(name.toLowerCase())) errs.push(invalidValue(path, name, m));
}

function validateSource(v: Volume, meta: ObjectMeta | undefined, path: string, errs: Errors): void {
  const podName = meta?.name;
  let sources = 0;
  for (const kind in checks) {
    if (v[kind as keyof Volume] === undefined) continue;
    if (sources > 0) {
      errs.push(
        forbiddenField(`${path}.${kind === 'cephfs' ? 'cephFS' : kind}`, 'may not specify more than 1 volume type'),
      );
      continue;
    }
    sources++;
    checks[kind]!(v, `${path}.${kind}`, errs, meta !== undefined);
    if (kind === 'ephemeral' && podName && v.name)
      for (const m of isDns1123Subdomain(`${podName}-${v.name}`))
        errs.push(invalidValue(`${path}.name`, v.name, `PVC name ${JSON.stringify(`${podName}-${v.name}`)}: ${m}`));
  }
  if (sources === 0) errs.push(required(path, 'must specify a volume type'));
}

/** Answers the valid volumes by name. `meta` is the pod's own; absent in templates. */
export function validateVolumes(
  volumes: readonly Volume[] | undefined,
  meta: ObjectMeta | undefined,
  path: string,
  errs: Errors,
): Volumes {
  const valid = new Map<string, Volume>();
  if (!volumes) return valid;
  const claims = new Set<string>();
  if (meta?.name) for (const v of volumes) if (v.ephemeral) claims.add(`${meta.name}-${v.name}`);
  volumes.forEach((v, i) => {
    const p = `${path}[${i}]`;
    const before = errs.length;
    validateSource(v, meta, p, errs);
    if (!v.name) errs.push(required(`${p}.name`));
    else validateDNS1123Label(v.name, `${p}.name`, errs);
    if (valid.has(v.name)) errs.push(duplicate(`${p}.name`, v.name));
    if (errs.length === before) valid.set(v.name, v);
    const claim = v.persistentVolumeClaim?.claimName;
    if (claim !== undefined && claims.has(claim))
      errs.push(
        invalidValue(
          `${p}.persistentVolumeClaim.claimName`,
          claim,
          'must not reference a PVC that gets created for an ephemeral volume',
        ),
      );
  });
  return valid;
}
