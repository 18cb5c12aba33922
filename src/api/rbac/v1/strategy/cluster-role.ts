/** How ClusterRoles are written (upstream: registry/rbac/clusterrole). */
import { isPathSegmentName } from '../../../../machinery/names.ts';
import { required } from '../../../../schema/field-error.ts';
import { type Errors, validateLabelSelector } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { ClusterRole } from '../types.ts';
import { validateRules } from './rules.ts';

export const clusterRoleStrategy: Strategy<ClusterRole> = {
  validate: (r) => {
    const errs: Errors = [];
    validateRules(r.rules, false, errs);
    const path = 'aggregationRule.clusterRoleSelectors';
    const selectors = r.aggregationRule?.clusterRoleSelectors ?? [];
    if (r.aggregationRule && selectors.length === 0)
      errs.push(required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
    selectors.forEach((s, i) => {
      validateLabelSelector(s, `${path}[${i}]`, errs);
    });
    return errs;
  },
  validateName: isPathSegmentName,
  allowCreateOnUpdate: true,
};
