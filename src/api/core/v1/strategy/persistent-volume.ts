/** How PersistentVolumes are written (upstream: registry/core/persistentvolume/strategy.go). */
import { rfc3339 } from '../../../../base/clock.ts';
import { withoutGeneration } from '../../../generation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { keepsAllButStatus } from '../../../status-part.ts';
import type { PersistentVolume } from '../types.ts';
import { validatePersistentVolume, validatePersistentVolumeUpdate } from '../validation/persistent-volume.ts';
import { roundedList } from './resource-list.ts';

const defaultVolume = (pv: PersistentVolume): PersistentVolume => ({
  ...pv,
  spec: {
    ...pv.spec,
    ...(pv.spec.capacity && { capacity: roundedList(pv.spec.capacity) }),
    ...(pv.spec.hostPath && pv.spec.hostPath.type === undefined && { hostPath: { ...pv.spec.hostPath, type: '' } }),
    persistentVolumeReclaimPolicy: pv.spec.persistentVolumeReclaimPolicy || 'Retain',
    volumeMode: pv.spec.volumeMode ?? 'Filesystem',
  },
  status: { ...pv.status, phase: pv.status?.phase || 'Pending' },
});

export const persistentVolumeStrategy: Strategy<PersistentVolume> = {
  ...withoutGeneration,
  defaults: defaultVolume,
  prepareForCreate: (pv, ctx) => ({
    ...pv,
    status: { phase: 'Pending', lastPhaseTransitionTime: rfc3339(ctx.now) },
  }),
  prepareForUpdate: (pv, old) => ({ ...pv, status: old.status }),
  validate: validatePersistentVolume,
  validateUpdate: validatePersistentVolumeUpdate,
};

export const persistentVolumeStatusStrategy: Strategy<PersistentVolume> = {
  prepareForUpdate: (pv, old, ctx) => {
    const next = keepsAllButStatus(pv, old);
    const was = old.status.lastPhaseTransitionTime;
    const is = next.status.lastPhaseTransitionTime;
    const moved = old.status.phase !== next.status.phase;
    const time = moved ? (is === undefined || is === was ? rfc3339(ctx.now) : is) : (is ?? was);
    return time === undefined ? next : { ...next, status: { ...next.status, lastPhaseTransitionTime: time } };
  },
};
