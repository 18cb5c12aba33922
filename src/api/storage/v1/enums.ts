/** Named string sets of io.k8s.api.storage.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const PersistentVolumeReclaimPolicy_core_v1 = {
  name: 'io.k8s.api.core.v1.PersistentVolumeReclaimPolicy',
  closed: true,
  values: ['Recycle', 'Delete', 'Retain'],
} as const satisfies Enum;
export const FSGroupPolicy = {
  name: 'io.k8s.api.storage.v1.FSGroupPolicy',
  closed: false,
  values: ['ReadWriteOnceWithFSType', 'File', 'None'],
} as const satisfies Enum;
export const VolumeBindingMode = {
  name: 'io.k8s.api.storage.v1.VolumeBindingMode',
  closed: true,
  values: ['Immediate', 'WaitForFirstConsumer'],
} as const satisfies Enum;
export const VolumeLifecycleMode = {
  name: 'io.k8s.api.storage.v1.VolumeLifecycleMode',
  closed: false,
  values: ['Persistent', 'Ephemeral'],
} as const satisfies Enum;
