/** How CSIDrivers are written (upstream: storage/v1/defaults.go). */
import { withoutGeneration } from '../../../generation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { CSIDriver } from '../types.ts';

export const csiDriverStrategy: Strategy<CSIDriver> = {
  ...withoutGeneration,
  defaults: (d) => ({
    ...d,
    spec: {
      ...d.spec,
      attachRequired: d.spec.attachRequired ?? true,
      podInfoOnMount: d.spec.podInfoOnMount ?? false,
      storageCapacity: d.spec.storageCapacity ?? false,
      fsGroupPolicy: d.spec.fsGroupPolicy ?? 'ReadWriteOnceWithFSType',
      volumeLifecycleModes: d.spec.volumeLifecycleModes?.length ? d.spec.volumeLifecycleModes : ['Persistent'],
      requiresRepublish: d.spec.requiresRepublish ?? false,
      seLinuxMount: d.spec.seLinuxMount ?? false,
    },
  }),
  allowUnconditionalUpdate: false,
};
