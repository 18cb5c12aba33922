/** How Leases are written (upstream: registry/coordination/lease, coordination/validation). */
import { forbiddenField, invalidValue } from '../../../../schema/field-error.ts';
import { withoutGeneration } from '../../../generation.ts';
import { type Errors, unsupported } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { Lease } from '../types.ts';

const strategies = ['OldestEmulationVersion'];

export const leaseStrategy: Strategy<Lease> = {
  ...withoutGeneration,
  validate: (l) => {
    const errs: Errors = [];
    const s = l.spec;
    if (s.leaseDurationSeconds !== undefined && s.leaseDurationSeconds <= 0)
      errs.push(invalidValue('spec.leaseDurationSeconds', s.leaseDurationSeconds, 'must be greater than 0'));
    if (s.leaseTransitions !== undefined && s.leaseTransitions < 0)
      errs.push(invalidValue('spec.leaseTransitions', s.leaseTransitions, 'must be greater than or equal to 0'));
    if (s.strategy !== undefined && !strategies.includes(s.strategy) && !s.strategy.includes('/'))
      errs.push(unsupported('spec.strategy', s.strategy, strategies));
    if (s.preferredHolder && !s.strategy)
      errs.push(forbiddenField('spec.preferredHolder', 'may only be specified if `strategy` is defined'));
    return errs;
  },
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
};
