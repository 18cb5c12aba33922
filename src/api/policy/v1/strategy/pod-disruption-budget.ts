/** How PodDisruptionBudgets are written (upstream: registry/policy/poddisruptionbudget, policy/validation). */
import { invalidValue } from '../../../../schema/field-error.ts';
import { notOverAll, validateIntOrPercent } from '../../../apps/v1/strategy/deployment.ts';
import { type Errors, validateLabelSelector } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { PodDisruptionBudget } from '../types.ts';

export const podDisruptionBudgetStrategy: Strategy<PodDisruptionBudget> = {
  ...clearsStatus(PodDisruptionBudget),
  validate: (b) => {
    const errs: Errors = [];
    const s = b.spec;
    if (s.minAvailable !== undefined && s.maxUnavailable !== undefined)
      errs.push(invalidValue('spec', s, 'minAvailable and maxUnavailable cannot be both set'));
    for (const field of ['minAvailable', 'maxUnavailable'] as const) {
      if (s[field] === undefined) continue;
      validateIntOrPercent(s[field], `spec.${field}`, errs);
      notOverAll(s[field], `spec.${field}`, errs);
    }
    validateLabelSelector(s.selector, 'spec.selector', errs);
    return errs;
  },
  allowUnconditionalUpdate: false,
};
