/** Volumes as `kubectl describe` shows them. Kinds without a line of their own show their fields. */
import { signOfQuantity } from '../../machinery/quantity.ts';
import { at, goPrint, isMap, type Json, listAt, numberAt, textAt } from '../thing.ts';
import type { Writer } from './writer.ts';

const optional = (v: unknown): string => String(at(v, 'optional') === true);

/** What the source of a volume is called, and its lines. */
const kinds: Readonly<Record<string, (v: Json) => readonly string[]>> = {
  hostPath: (v) => [
    'Type:\tHostPath (bare host directory volume)',
    `Path:\t${textAt(v, 'path')}`,
    `HostPathType:\t${at(v, 'type') === undefined ? '<none>' : textAt(v, 'type')}`,
  ],
  emptyDir: (v) => {
    const limit = textAt(v, 'sizeLimit');
    return [
      "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)",
      `Medium:\t${textAt(v, 'medium')}`,
      `SizeLimit:\t${limit && signOfQuantity(limit) > 0 ? limit : '<unset>'}`,
    ];
  },
  secret: (v) => [
    'Type:\tSecret (a volume populated by a Secret)',
    `SecretName:\t${textAt(v, 'secretName')}`,
    `Optional:\t${optional(v)}`,
  ],
  configMap: (v) => [
    'Type:\tConfigMap (a volume populated by a ConfigMap)',
    `Name:\t${textAt(v, 'name')}`,
    `Optional:\t${optional(v)}`,
  ],
  persistentVolumeClaim: (v) => [
    'Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    `ClaimName:\t${textAt(v, 'claimName')}`,
    `ReadOnly:\t${at(v, 'readOnly') === true}`,
  ],
  local: (v) => [
    'Type:\tLocalVolume (a persistent volume backed by local storage on a node)',
    `Path:\t${textAt(v, 'path')}`,
  ],
  nfs: (v) => [
    'Type:\tNFS (an NFS mount that lasts the lifetime of a pod)',
    `Server:\t${textAt(v, 'server')}`,
    `Path:\t${textAt(v, 'path')}`,
    `ReadOnly:\t${at(v, 'readOnly') === true}`,
  ],
  image: (v) => [
    'Type:\tImage (a container image or OCI artifact)',
    `Reference:\t${textAt(v, 'reference')}`,
    `PullPolicy:\t${textAt(v, 'pullPolicy')}`,
  ],
  projected: (v) => [
    'Type:\tProjected (a volume that contains injected data from multiple sources)',
    ...listAt(v, 'sources').flatMap((s) => {
      const [secret, map, token] = [at(s, 'secret'), at(s, 'configMap'), at(s, 'serviceAccountToken')];
      if (secret) return [`SecretName:\t${textAt(secret, 'name')}`, `Optional:\t${optional(secret)}`];
      if (at(s, 'downwardAPI')) return ['DownwardAPI:\ttrue'];
      if (map) return [`ConfigMapName:\t${textAt(map, 'name')}`, `Optional:\t${optional(map)}`];
      return token ? [`TokenExpirationSeconds:\t${numberAt(token, 'expirationSeconds')}`] : [];
    }),
  ],
  downwardAPI: (v) => [
    'Type:\tDownwardAPI (a volume populated by information about the pod)',
    'Items:',
    ...listAt(v, 'items').map(
      (i) =>
        `  ${textAt(i, 'fieldRef', 'fieldPath') || textAt(i, 'resourceFieldRef', 'resource')} -> ${textAt(i, 'path')}`,
    ),
  ],
};

/** The lines of a volume's or persistent volume's source, at the depth of a volume's fields. */
export function writeVolumeSource(w: Writer, volume: unknown): void {
  if (!isMap(volume)) return;
  const known = Object.keys(kinds).find((k) => isMap(volume[k]));
  if (known) {
    for (const line of kinds[known]!(volume[known] as Json)) w.write(2, `${line}\n`);
    return;
  }
  const other = Object.entries(volume).find(
    ([k, v]) => k !== 'claimRef' && k !== 'capacity' && k !== 'nodeAffinity' && isMap(v),
  );
  if (!other) {
    w.write(1, '<unknown>\n');
    return;
  }
  w.write(2, `Type:\t${other[0][0]!.toUpperCase()}${other[0].slice(1)}\n`);
  for (const [k, v] of Object.entries(other[1] as Json).sort())
    w.write(2, `${k[0]!.toUpperCase()}${k.slice(1)}:\t${goPrint(v)}\n`);
}

export function writeVolumes(w: Writer, volumes: readonly unknown[], space: string): void {
  if (volumes.length === 0) {
    w.write(0, `${space}Volumes:\t<none>\n`);
    return;
  }
  w.write(0, `${space}Volumes:\n`);
  for (const v of volumes) {
    w.write(1, `${space ? ' ' : ''}${textAt(v, 'name')}:\n`);
    writeVolumeSource(w, v);
  }
}
