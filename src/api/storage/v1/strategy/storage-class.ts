/** How StorageClasses are written: what volumes were made by does not change (upstream: storage/v1/defaults.go, storage/validation). */
import { forbiddenField, required } from '../../../../schema/field-error.ts';
import {
  type Errors,
  semanticEqual,
  unsupported,
  validateImmutable,
  validateQualifiedName,
} from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { StorageClass } from '../types.ts';

const reclaimPolicies = ['Delete', 'Retain'];
const bindingModes = ['Immediate', 'WaitForFirstConsumer'];

export const storageClassStrategy: Strategy<StorageClass> = {
  defaults: (c) => ({
    ...c,
    reclaimPolicy: c.reclaimPolicy ?? 'Delete',
    volumeBindingMode: c.volumeBindingMode ?? 'Immediate',
  }),
  validate: (c) => {
    const errs: Errors = [];
    if (!c.provisioner) errs.push(required('provisioner'));
    else validateQualifiedName(c.provisioner.toLowerCase(), 'provisioner', errs);
    if (c.reclaimPolicy !== undefined && !reclaimPolicies.includes(c.reclaimPolicy))
      errs.push(unsupported('reclaimPolicy', c.reclaimPolicy, reclaimPolicies));
    if (c.volumeBindingMode === undefined) errs.push(required('volumeBindingMode'));
    else if (!bindingModes.includes(c.volumeBindingMode))
      errs.push(unsupported('volumeBindingMode', c.volumeBindingMode, bindingModes));
    return errs;
  },
  validateUpdate: (c, old) => {
    const errs: Errors = [];
    if (!semanticEqual(c.parameters ?? {}, old.parameters ?? {}))
      errs.push(forbiddenField('parameters', 'updates to parameters are forbidden.'));
    if (c.provisioner !== old.provisioner)
      errs.push(forbiddenField('provisioner', 'updates to provisioner are forbidden.'));
    if (c.reclaimPolicy !== old.reclaimPolicy)
      errs.push(forbiddenField('reclaimPolicy', 'updates to reclaimPolicy are forbidden.'));
    validateImmutable(c.volumeBindingMode, old.volumeBindingMode, 'volumeBindingMode', errs);
    return errs;
  },
};
