/** io.k8s.api.authorization.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { bool, field, type Infer, list, map, string, struct } from '../../../schema/dsl.ts';
import { FieldSelectorRequirement, LabelSelectorRequirement, ObjectMeta } from '../../meta/v1/types.ts';

export const ExtraValue = struct(
  'io.k8s.api.authorization.v1.ExtraValue',
  {
    items: list(1, string),
  },
  { jsonForm: true },
);
export interface ExtraValue extends Infer<typeof ExtraValue> {}

export const FieldSelectorAttributes = struct('io.k8s.api.authorization.v1.FieldSelectorAttributes', {
  rawSelector: field(1, string, { omitempty: true }),
  requirements: list(2, FieldSelectorRequirement, { omitempty: true, listType: 'atomic' }),
});
export interface FieldSelectorAttributes extends Infer<typeof FieldSelectorAttributes> {}

export const LabelSelectorAttributes = struct('io.k8s.api.authorization.v1.LabelSelectorAttributes', {
  rawSelector: field(1, string, { omitempty: true }),
  requirements: list(2, LabelSelectorRequirement, { omitempty: true, listType: 'atomic' }),
});
export interface LabelSelectorAttributes extends Infer<typeof LabelSelectorAttributes> {}

export const ResourceAttributes = struct('io.k8s.api.authorization.v1.ResourceAttributes', {
  namespace: field(1, string, { omitempty: true }),
  verb: field(2, string, { omitempty: true }),
  group: field(3, string, { omitempty: true }),
  version: field(4, string, { omitempty: true }),
  resource: field(5, string, { omitempty: true }),
  subresource: field(6, string, { omitempty: true }),
  name: field(7, string, { omitempty: true }),
  fieldSelector: field(8, FieldSelectorAttributes, { omitempty: true, ptr: true }),
  labelSelector: field(9, LabelSelectorAttributes, { omitempty: true, ptr: true }),
});
export interface ResourceAttributes extends Infer<typeof ResourceAttributes> {}

export const NonResourceAttributes = struct('io.k8s.api.authorization.v1.NonResourceAttributes', {
  path: field(1, string, { omitempty: true }),
  verb: field(2, string, { omitempty: true }),
});
export interface NonResourceAttributes extends Infer<typeof NonResourceAttributes> {}

export const SubjectAccessReviewSpec = struct('io.k8s.api.authorization.v1.SubjectAccessReviewSpec', {
  resourceAttributes: field(1, ResourceAttributes, { omitempty: true, ptr: true }),
  nonResourceAttributes: field(2, NonResourceAttributes, { omitempty: true, ptr: true }),
  user: field(3, string, { omitempty: true }),
  groups: list(4, string, { omitempty: true, listType: 'atomic' }),
  extra: map(5, ExtraValue, { omitempty: true, alias: 'io.k8s.api.authorization.v1.ExtraValue' }),
  uid: field(6, string, { omitempty: true }),
});
export interface SubjectAccessReviewSpec extends Infer<typeof SubjectAccessReviewSpec> {}

export const SubjectAccessReviewStatus = struct('io.k8s.api.authorization.v1.SubjectAccessReviewStatus', {
  allowed: field(1, bool, { required: true }),
  denied: field(4, bool, { omitempty: true }),
  reason: field(2, string, { omitempty: true }),
  evaluationError: field(3, string, { omitempty: true }),
});
export interface SubjectAccessReviewStatus extends Infer<typeof SubjectAccessReviewStatus> {}

export const LocalSubjectAccessReview = struct(
  'io.k8s.api.authorization.v1.LocalSubjectAccessReview',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, SubjectAccessReviewSpec, { required: true }),
    status: field(3, SubjectAccessReviewStatus, { omitempty: true }),
  },
  { gvk: { group: 'authorization.k8s.io', version: 'v1', kind: 'LocalSubjectAccessReview' }, typeMeta: true },
);
export interface LocalSubjectAccessReview extends Infer<typeof LocalSubjectAccessReview> {}

export const NonResourceRule = struct('io.k8s.api.authorization.v1.NonResourceRule', {
  verbs: list(1, string, { required: true, listType: 'atomic' }),
  nonResourceURLs: list(2, string, { omitempty: true, listType: 'atomic' }),
});
export interface NonResourceRule extends Infer<typeof NonResourceRule> {}

export const ResourceRule = struct('io.k8s.api.authorization.v1.ResourceRule', {
  verbs: list(1, string, { required: true, listType: 'atomic' }),
  apiGroups: list(2, string, { omitempty: true, listType: 'atomic' }),
  resources: list(3, string, { omitempty: true, listType: 'atomic' }),
  resourceNames: list(4, string, { omitempty: true, listType: 'atomic' }),
});
export interface ResourceRule extends Infer<typeof ResourceRule> {}

export const SelfSubjectAccessReviewSpec = struct('io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec', {
  resourceAttributes: field(1, ResourceAttributes, { omitempty: true, ptr: true }),
  nonResourceAttributes: field(2, NonResourceAttributes, { omitempty: true, ptr: true }),
});
export interface SelfSubjectAccessReviewSpec extends Infer<typeof SelfSubjectAccessReviewSpec> {}

export const SelfSubjectAccessReview = struct(
  'io.k8s.api.authorization.v1.SelfSubjectAccessReview',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, SelfSubjectAccessReviewSpec, { required: true }),
    status: field(3, SubjectAccessReviewStatus, { omitempty: true }),
  },
  { gvk: { group: 'authorization.k8s.io', version: 'v1', kind: 'SelfSubjectAccessReview' }, typeMeta: true },
);
export interface SelfSubjectAccessReview extends Infer<typeof SelfSubjectAccessReview> {}

export const SelfSubjectRulesReviewSpec = struct('io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec', {
  namespace: field(1, string, { omitempty: true }),
});
export interface SelfSubjectRulesReviewSpec extends Infer<typeof SelfSubjectRulesReviewSpec> {}

export const SubjectRulesReviewStatus = struct('io.k8s.api.authorization.v1.SubjectRulesReviewStatus', {
  resourceRules: list(1, ResourceRule, { required: true, listType: 'atomic' }),
  nonResourceRules: list(2, NonResourceRule, { required: true, listType: 'atomic' }),
  incomplete: field(3, bool, { required: true }),
  evaluationError: field(4, string, { omitempty: true }),
});
export interface SubjectRulesReviewStatus extends Infer<typeof SubjectRulesReviewStatus> {}

export const SelfSubjectRulesReview = struct(
  'io.k8s.api.authorization.v1.SelfSubjectRulesReview',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, SelfSubjectRulesReviewSpec, { required: true }),
    status: field(3, SubjectRulesReviewStatus, { omitempty: true }),
  },
  { gvk: { group: 'authorization.k8s.io', version: 'v1', kind: 'SelfSubjectRulesReview' }, typeMeta: true },
);
export interface SelfSubjectRulesReview extends Infer<typeof SelfSubjectRulesReview> {}

export const SubjectAccessReview = struct(
  'io.k8s.api.authorization.v1.SubjectAccessReview',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, SubjectAccessReviewSpec, { required: true }),
    status: field(3, SubjectAccessReviewStatus, { omitempty: true }),
  },
  { gvk: { group: 'authorization.k8s.io', version: 'v1', kind: 'SubjectAccessReview' }, typeMeta: true },
);
export interface SubjectAccessReview extends Infer<typeof SubjectAccessReview> {}
