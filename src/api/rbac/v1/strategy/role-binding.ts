/** How RoleBindings are written (upstream: registry/rbac/rolebinding). */
import { isPathSegmentName } from '../../../../machinery/names.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { RoleBinding } from '../types.ts';
import { defaultBinding, validateBinding, validateBindingUpdate } from './rules.ts';

export const roleBindingStrategy: Strategy<RoleBinding> = {
  defaults: defaultBinding,
  validate: (b) => validateBinding(b, true),
  validateUpdate: validateBindingUpdate,
  validateName: isPathSegmentName,
  allowCreateOnUpdate: true,
};
