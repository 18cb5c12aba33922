/** The resources of rbac.authorization.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { clusterRoleBindingColumns, roleBindingColumns } from './columns.ts';
import { clusterRoleBindingStrategy } from './strategy/cluster-role-binding.ts';
import { clusterRoleStrategy } from './strategy/cluster-role.ts';
import { roleBindingStrategy } from './strategy/role-binding.ts';
import { roleStrategy } from './strategy/role.ts';
import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from './types.ts';

export const ClusterRoleBindings = resource({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
  schema: ClusterRoleBinding,
  storageVersionHash: '48tpQ8gZHFc=',
  strategy: clusterRoleBindingStrategy,
  columns: clusterRoleBindingColumns,
});

export const ClusterRoles = resource({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
  schema: ClusterRole,
  storageVersionHash: 'bYE5ZWDrJ44=',
  strategy: clusterRoleStrategy,
});

export const RoleBindings = resource({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
  schema: RoleBinding,
  storageVersionHash: 'eGsCzGH6b1g=',
  strategy: roleBindingStrategy,
  columns: roleBindingColumns,
});

export const Roles = resource({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
  schema: Role,
  storageVersionHash: '7FuwZcIIItM=',
  strategy: roleStrategy,
});
