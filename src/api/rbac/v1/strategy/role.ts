/** How Roles are written (upstream: registry/rbac/role). */
import { isPathSegmentName } from '../../../../machinery/names.ts';
import type { Errors } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { Role } from '../types.ts';
import { validateRules } from './rules.ts';

export const roleStrategy: Strategy<Role> = {
  validate: (r) => {
    const errs: Errors = [];
    validateRules(r.rules, true, errs);
    return errs;
  },
  validateName: isPathSegmentName,
  allowCreateOnUpdate: true,
};
