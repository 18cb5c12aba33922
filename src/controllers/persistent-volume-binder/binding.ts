/** A volume and a claim tied to each other, in the four writes upstream makes (pv_controller.go bind and unbindVolume). Pure. */
import { PersistentVolumeClaims, PersistentVolumes } from '../../api/core/v1/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/core/v1/types.ts';
import { bindCompleted, boundByController, isVolumeBoundToClaim } from '../../machinery/volume-match.ts';
import type { Action } from '../action.ts';

const annotate = <
  T extends { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> | undefined } },
>(
  o: T,
  key: string,
): T => ({ ...o, metadata: { ...o.metadata, annotations: { ...o.metadata.annotations, [key]: 'yes' } } });

/** The status write that brings a volume to a phase; nothing when it is there. */
export function volumePhase(v: PersistentVolume, phase: string, message = ''): readonly Action[] {
  if (v.status.phase === phase && (v.status.message ?? '') === message) return [];
  const { message: _, ...status } = v.status;
  const object: PersistentVolume = { ...v, status: { ...status, phase, ...(message && { message }) } };
  return [{ do: 'update', row: PersistentVolumes, object, subresource: 'status' }];
}

/** The status write of a claim; a bound claim shows what its volume has. */
export function claimPhase(c: PersistentVolumeClaim, phase: string, v?: PersistentVolume): readonly Action[] {
  const accessModes = v?.spec.accessModes;
  const storage = v?.spec.capacity?.['storage'];
  const keep = c.status.phase === phase && v !== undefined;
  const capacity = storage === undefined || keep ? c.status.capacity : { storage };
  const status = v
    ? { ...c.status, phase, accessModes, capacity }
    : { ...c.status, phase, accessModes: undefined, capacity: undefined };
  const same =
    c.status.phase === phase &&
    JSON.stringify(c.status.accessModes ?? []) === JSON.stringify(status.accessModes ?? []) &&
    JSON.stringify(c.status.capacity ?? {}) === JSON.stringify(status.capacity ?? {});
  const object: PersistentVolumeClaim = { ...c, status };
  return same ? [] : [{ do: 'update', row: PersistentVolumeClaims, object, subresource: 'status' }];
}

/** The volume with its claimRef pointing at the claim. A claimRef that a user wrote is completed, not marked as ours. */
export function volumeForClaim(v: PersistentVolume, c: PersistentVolumeClaim): PersistentVolume {
  if (v.spec.claimRef?.uid === c.metadata.uid && isVolumeBoundToClaim(v, c)) return v;
  const { namespace, name, uid, resourceVersion } = c.metadata;
  const claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid, resourceVersion };
  const pointed: PersistentVolume = { ...v, spec: { ...v.spec, claimRef } };
  return isVolumeBoundToClaim(v, c) ? pointed : annotate(pointed, boundByController);
}

export function claimForVolume(c: PersistentVolumeClaim, v: PersistentVolume): PersistentVolumeClaim {
  const name = v.metadata.name ?? '';
  let out = c;
  if (c.spec.volumeName !== name) out = annotate({ ...c, spec: { ...c.spec, volumeName: name } }, boundByController);
  return out.metadata.annotations?.[bindCompleted] === undefined ? annotate(out, bindCompleted) : out;
}

export function bind(v: PersistentVolume, c: PersistentVolumeClaim): readonly Action[] {
  const volume = volumeForClaim(v, c);
  const claim = claimForVolume(c, volume);
  return [
    ...(volume === v ? [] : [{ do: 'update', row: PersistentVolumes, object: volume } as const]),
    ...volumePhase(volume, 'Bound'),
    ...(claim === c ? [] : [{ do: 'update', row: PersistentVolumeClaims, object: claim } as const]),
    ...claimPhase(claim, 'Bound', volume),
  ];
}

/** Lets go of the claim; what a user wrote in claimRef stays. */
export function unbind(v: PersistentVolume): readonly Action[] {
  const { claimRef, ...spec } = v.spec;
  const ours = v.metadata.annotations?.[boundByController] !== undefined;
  const { [boundByController]: _, ...annotations } = v.metadata.annotations ?? {};
  const { uid: __, ...named } = claimRef ?? {};
  const freed: PersistentVolume = ours
    ? {
        ...v,
        metadata: { ...v.metadata, annotations: Object.keys(annotations).length > 0 ? annotations : undefined },
        spec,
      }
    : { ...v, spec: { ...v.spec, claimRef: named } };
  return [{ do: 'update', row: PersistentVolumes, object: freed }, ...volumePhase(freed, 'Available')];
}
