/** How ClusterRoleBindings are written (upstream: registry/rbac/clusterrolebinding). */
import { isPathSegmentName } from '../../../../machinery/names.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { ClusterRoleBinding } from '../types.ts';
import { defaultBinding, validateBinding, validateBindingUpdate } from './rules.ts';

export const clusterRoleBindingStrategy: Strategy<ClusterRoleBinding> = {
  defaults: defaultBinding,
  validate: (b) => validateBinding(b, false),
  validateUpdate: validateBindingUpdate,
  validateName: isPathSegmentName,
  allowCreateOnUpdate: true,
};
