/** How CSIStorageCapacities are written (upstream: registry/storage/csistoragecapacity). */
import { type Errors, validateImmutable } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { CSIStorageCapacity } from '../types.ts';

export const csiStorageCapacityStrategy: Strategy<CSIStorageCapacity> = {
  allowUnconditionalUpdate: false,
  validateUpdate: (c, old) => {
    const errs: Errors = [];
    validateImmutable(c.nodeTopology, old.nodeTopology, 'nodeTopology', errs);
    validateImmutable(c.storageClassName, old.storageClassName, 'storageClassName', errs);
    return errs;
  },
};
