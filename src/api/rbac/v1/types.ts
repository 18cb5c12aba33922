/** io.k8s.api.rbac.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { field, type Infer, list, string, struct } from '../../../schema/dsl.ts';
import { LabelSelector, ListMeta, ObjectMeta } from '../../meta/v1/types.ts';

export const AggregationRule = struct('io.k8s.api.rbac.v1.AggregationRule', {
  clusterRoleSelectors: list(1, LabelSelector, { omitempty: true, listType: 'atomic' }),
});
export interface AggregationRule extends Infer<typeof AggregationRule> {}

export const PolicyRule = struct('io.k8s.api.rbac.v1.PolicyRule', {
  verbs: list(1, string, { required: true, listType: 'atomic', v: ['@alpha required'] }),
  apiGroups: list(2, string, { omitempty: true, listType: 'atomic' }),
  resources: list(3, string, { omitempty: true, listType: 'atomic' }),
  resourceNames: list(4, string, { omitempty: true, listType: 'atomic' }),
  nonResourceURLs: list(5, string, { omitempty: true, listType: 'atomic' }),
});
export interface PolicyRule extends Infer<typeof PolicyRule> {}

export const ClusterRole = struct(
  'io.k8s.api.rbac.v1.ClusterRole',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    rules: list(2, PolicyRule, { listType: 'atomic', v: ['@alpha optional'] }),
    aggregationRule: field(3, AggregationRule, { omitempty: true, ptr: true }),
  },
  { gvk: { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRole' }, typeMeta: true },
);
export interface ClusterRole extends Infer<typeof ClusterRole> {}

export const Subject = struct(
  'io.k8s.api.rbac.v1.Subject',
  {
    kind: field(1, string, { required: true }),
    apiGroup: field(2, string, { omitempty: true }),
    name: field(3, string, { required: true, v: ['@alpha required'] }),
    namespace: field(4, string, { omitempty: true }),
  },
  { structType: 'atomic' },
);
export interface Subject extends Infer<typeof Subject> {}

export const RoleRef = struct(
  'io.k8s.api.rbac.v1.RoleRef',
  {
    apiGroup: field(1, string),
    kind: field(2, string, { required: true }),
    name: field(3, string, { required: true, v: ['@alpha required'] }),
  },
  { structType: 'atomic' },
);
export interface RoleRef extends Infer<typeof RoleRef> {}

export const ClusterRoleBinding = struct(
  'io.k8s.api.rbac.v1.ClusterRoleBinding',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    subjects: list(2, Subject, { omitempty: true, listType: 'atomic', v: ['@alpha optional'] }),
    roleRef: field(3, RoleRef, { required: true }),
  },
  { gvk: { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRoleBinding' }, typeMeta: true },
);
export interface ClusterRoleBinding extends Infer<typeof ClusterRoleBinding> {}

export const ClusterRoleBindingList = struct(
  'io.k8s.api.rbac.v1.ClusterRoleBindingList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ClusterRoleBinding, { required: true }),
  },
  { gvk: { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRoleBindingList' }, typeMeta: true },
);
export interface ClusterRoleBindingList extends Infer<typeof ClusterRoleBindingList> {}

export const ClusterRoleList = struct(
  'io.k8s.api.rbac.v1.ClusterRoleList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ClusterRole, { required: true }),
  },
  { gvk: { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRoleList' }, typeMeta: true },
);
export interface ClusterRoleList extends Infer<typeof ClusterRoleList> {}

export const Role = struct(
  'io.k8s.api.rbac.v1.Role',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    rules: list(2, PolicyRule, { listType: 'atomic', v: ['@alpha optional'] }),
  },
  { gvk: { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'Role' }, typeMeta: true },
);
export interface Role extends Infer<typeof Role> {}

export const RoleBinding = struct(
  'io.k8s.api.rbac.v1.RoleBinding',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    subjects: list(2, Subject, { omitempty: true, listType: 'atomic', v: ['@alpha optional'] }),
    roleRef: field(3, RoleRef, { required: true }),
  },
  { gvk: { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'RoleBinding' }, typeMeta: true },
);
export interface RoleBinding extends Infer<typeof RoleBinding> {}

export const RoleBindingList = struct(
  'io.k8s.api.rbac.v1.RoleBindingList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, RoleBinding, { required: true }),
  },
  { gvk: { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'RoleBindingList' }, typeMeta: true },
);
export interface RoleBindingList extends Infer<typeof RoleBindingList> {}

export const RoleList = struct(
  'io.k8s.api.rbac.v1.RoleList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Role, { required: true }),
  },
  { gvk: { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'RoleList' }, typeMeta: true },
);
export interface RoleList extends Infer<typeof RoleList> {}
