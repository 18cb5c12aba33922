/** io.k8s.api.admissionregistration.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { bytes, field, type Infer, int32, int64, list, string, struct } from '../../../schema/dsl.ts';
import { Condition, LabelSelector, ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const ApplyConfiguration = struct('io.k8s.api.admissionregistration.v1.ApplyConfiguration', {
  expression: field(1, string, { omitempty: true }),
});
export interface ApplyConfiguration extends Infer<typeof ApplyConfiguration> {}

export const AuditAnnotation = struct('io.k8s.api.admissionregistration.v1.AuditAnnotation', {
  key: field(1, string, { required: true }),
  valueExpression: field(2, string, { required: true }),
});
export interface AuditAnnotation extends Infer<typeof AuditAnnotation> {}

export const ExpressionWarning = struct('io.k8s.api.admissionregistration.v1.ExpressionWarning', {
  fieldRef: field(2, string, { required: true }),
  warning: field(3, string, { required: true }),
});
export interface ExpressionWarning extends Infer<typeof ExpressionWarning> {}

export const JSONPatch = struct('io.k8s.api.admissionregistration.v1.JSONPatch', {
  expression: field(1, string, { omitempty: true }),
});
export interface JSONPatch extends Infer<typeof JSONPatch> {}

export const MatchCondition = struct('io.k8s.api.admissionregistration.v1.MatchCondition', {
  name: field(1, string, { required: true }),
  expression: field(2, string, { required: true }),
});
export interface MatchCondition extends Infer<typeof MatchCondition> {}

export const Rule = struct('io.k8s.api.admissionregistration.v1.Rule', {
  apiGroups: list(1, string, { omitempty: true, listType: 'atomic' }),
  apiVersions: list(2, string, { omitempty: true, listType: 'atomic' }),
  resources: list(3, string, { omitempty: true, listType: 'atomic' }),
  scope: field(4, string, { omitempty: true, ptr: true, enum: enums.ScopeType }),
});
export interface Rule extends Infer<typeof Rule> {}

export const RuleWithOperations = struct('io.k8s.api.admissionregistration.v1.RuleWithOperations', {
  operations: list(1, string, { omitempty: true, enum: enums.OperationType, listType: 'atomic' }),
  rule: field(2, Rule, { inline: true }),
});
export interface RuleWithOperations extends Infer<typeof RuleWithOperations> {}

export const NamedRuleWithOperations = struct(
  'io.k8s.api.admissionregistration.v1.NamedRuleWithOperations',
  {
    resourceNames: list(1, string, { omitempty: true, listType: 'atomic' }),
    ruleWithOperations: field(2, RuleWithOperations, { inline: true }),
  },
  { structType: 'atomic' },
);
export interface NamedRuleWithOperations extends Infer<typeof NamedRuleWithOperations> {}

export const MatchResources = struct(
  'io.k8s.api.admissionregistration.v1.MatchResources',
  {
    namespaceSelector: field(1, LabelSelector, { omitempty: true, ptr: true }),
    objectSelector: field(2, LabelSelector, { omitempty: true, ptr: true }),
    resourceRules: list(3, NamedRuleWithOperations, { omitempty: true, listType: 'atomic' }),
    excludeResourceRules: list(4, NamedRuleWithOperations, { omitempty: true, listType: 'atomic' }),
    matchPolicy: field(7, string, { omitempty: true, ptr: true, enum: enums.MatchPolicyType }),
  },
  { structType: 'atomic' },
);
export interface MatchResources extends Infer<typeof MatchResources> {}

export const ParamKind = struct(
  'io.k8s.api.admissionregistration.v1.ParamKind',
  {
    apiVersion: field(1, string, { omitempty: true }),
    kind: field(2, string, { omitempty: true }),
  },
  { structType: 'atomic' },
);
export interface ParamKind extends Infer<typeof ParamKind> {}

export const Variable = struct(
  'io.k8s.api.admissionregistration.v1.Variable',
  {
    name: field(1, string, { required: true, proto: 'Name' }),
    expression: field(2, string, { required: true, proto: 'Expression' }),
  },
  { structType: 'atomic' },
);
export interface Variable extends Infer<typeof Variable> {}

export const Mutation = struct('io.k8s.api.admissionregistration.v1.Mutation', {
  patchType: field(2, string, { required: true, enum: enums.PatchType, v: ['unionDiscriminator'] }),
  applyConfiguration: field(3, ApplyConfiguration, { omitempty: true, ptr: true }),
  jsonPatch: field(4, JSONPatch, { omitempty: true, ptr: true }),
});
export interface Mutation extends Infer<typeof Mutation> {}

export const MutatingAdmissionPolicySpec = struct('io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicySpec', {
  paramKind: field(1, ParamKind, { omitempty: true, ptr: true }),
  matchConstraints: field(2, MatchResources, { omitempty: true, ptr: true }),
  variables: list(3, Variable, { omitempty: true, listType: 'atomic' }),
  mutations: list(4, Mutation, { omitempty: true, listType: 'atomic' }),
  failurePolicy: field(5, string, { omitempty: true, ptr: true, enum: enums.FailurePolicyType }),
  matchConditions: list(6, MatchCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge',
    patchMergeKey: 'name',
  }),
  reinvocationPolicy: field(7, string, { omitempty: true, enum: enums.ReinvocationPolicyType }),
});
export interface MutatingAdmissionPolicySpec extends Infer<typeof MutatingAdmissionPolicySpec> {}

export const MutatingAdmissionPolicy = struct(
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, MutatingAdmissionPolicySpec, { omitempty: true }),
  },
  { gvk: { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'MutatingAdmissionPolicy' }, typeMeta: true },
);
export interface MutatingAdmissionPolicy extends Infer<typeof MutatingAdmissionPolicy> {}

export const ParamRef = struct(
  'io.k8s.api.admissionregistration.v1.ParamRef',
  {
    name: field(1, string, { omitempty: true }),
    namespace: field(2, string, { omitempty: true }),
    selector: field(3, LabelSelector, { omitempty: true, ptr: true }),
    parameterNotFoundAction: field(4, string, { omitempty: true, ptr: true, enum: enums.ParameterNotFoundActionType }),
  },
  { structType: 'atomic' },
);
export interface ParamRef extends Infer<typeof ParamRef> {}

export const MutatingAdmissionPolicyBindingSpec = struct(
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBindingSpec',
  {
    policyName: field(1, string, { omitempty: true }),
    paramRef: field(2, ParamRef, { omitempty: true, ptr: true }),
    matchResources: field(3, MatchResources, { omitempty: true, ptr: true }),
  },
);
export interface MutatingAdmissionPolicyBindingSpec extends Infer<typeof MutatingAdmissionPolicyBindingSpec> {}

export const MutatingAdmissionPolicyBinding = struct(
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, MutatingAdmissionPolicyBindingSpec, { omitempty: true }),
  },
  {
    gvk: { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'MutatingAdmissionPolicyBinding' },
    typeMeta: true,
  },
);
export interface MutatingAdmissionPolicyBinding extends Infer<typeof MutatingAdmissionPolicyBinding> {}

export const MutatingAdmissionPolicyBindingList = struct(
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBindingList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, MutatingAdmissionPolicyBinding, { required: true }),
  },
  {
    gvk: { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'MutatingAdmissionPolicyBindingList' },
    typeMeta: true,
  },
);
export interface MutatingAdmissionPolicyBindingList extends Infer<typeof MutatingAdmissionPolicyBindingList> {}

export const MutatingAdmissionPolicyList = struct(
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, MutatingAdmissionPolicy, { required: true }),
  },
  {
    gvk: { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'MutatingAdmissionPolicyList' },
    typeMeta: true,
  },
);
export interface MutatingAdmissionPolicyList extends Infer<typeof MutatingAdmissionPolicyList> {}

export const ServiceReference = struct('io.k8s.api.admissionregistration.v1.ServiceReference', {
  namespace: field(1, string, { required: true }),
  name: field(2, string, { required: true }),
  path: field(3, string, { omitempty: true, ptr: true }),
  port: field(4, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface ServiceReference extends Infer<typeof ServiceReference> {}

export const WebhookClientConfig = struct('io.k8s.api.admissionregistration.v1.WebhookClientConfig', {
  url: field(3, string, { omitempty: true, ptr: true }),
  service: field(1, ServiceReference, { omitempty: true, ptr: true }),
  caBundle: field(2, bytes, { omitempty: true, format: 'byte' }),
});
export interface WebhookClientConfig extends Infer<typeof WebhookClientConfig> {}

export const MutatingWebhook = struct('io.k8s.api.admissionregistration.v1.MutatingWebhook', {
  name: field(1, string, { required: true }),
  clientConfig: field(2, WebhookClientConfig, { required: true }),
  rules: list(3, RuleWithOperations, { omitempty: true, listType: 'atomic' }),
  failurePolicy: field(4, string, { omitempty: true, ptr: true, enum: enums.FailurePolicyType }),
  matchPolicy: field(9, string, { omitempty: true, ptr: true, enum: enums.MatchPolicyType }),
  namespaceSelector: field(5, LabelSelector, { omitempty: true, ptr: true }),
  objectSelector: field(11, LabelSelector, { omitempty: true, ptr: true }),
  sideEffects: field(6, string, { required: true, ptr: true, enum: enums.SideEffectClass }),
  timeoutSeconds: field(7, int32, { omitempty: true, ptr: true, format: 'int32' }),
  admissionReviewVersions: list(8, string, { required: true, listType: 'atomic' }),
  reinvocationPolicy: field(10, string, { omitempty: true, ptr: true, enum: enums.ReinvocationPolicyType }),
  matchConditions: list(12, MatchCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge',
    patchMergeKey: 'name',
  }),
});
export interface MutatingWebhook extends Infer<typeof MutatingWebhook> {}

export const MutatingWebhookConfiguration = struct(
  'io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    webhooks: list(2, MutatingWebhook, {
      omitempty: true,
      listType: 'map',
      listMapKeys: ['name'],
      patchStrategy: 'merge',
      patchMergeKey: 'name',
      proto: 'Webhooks',
    }),
  },
  {
    gvk: { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'MutatingWebhookConfiguration' },
    typeMeta: true,
  },
);
export interface MutatingWebhookConfiguration extends Infer<typeof MutatingWebhookConfiguration> {}

export const MutatingWebhookConfigurationList = struct(
  'io.k8s.api.admissionregistration.v1.MutatingWebhookConfigurationList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, MutatingWebhookConfiguration, { required: true }),
  },
  {
    gvk: { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'MutatingWebhookConfigurationList' },
    typeMeta: true,
  },
);
export interface MutatingWebhookConfigurationList extends Infer<typeof MutatingWebhookConfigurationList> {}

export const TypeChecking = struct('io.k8s.api.admissionregistration.v1.TypeChecking', {
  expressionWarnings: list(1, ExpressionWarning, { omitempty: true, listType: 'atomic' }),
});
export interface TypeChecking extends Infer<typeof TypeChecking> {}

export const Validation = struct('io.k8s.api.admissionregistration.v1.Validation', {
  expression: field(1, string, { required: true, proto: 'Expression' }),
  message: field(2, string, { omitempty: true }),
  reason: field(3, string, { omitempty: true, ptr: true, enum: enums.StatusReason_meta_v1 }),
  messageExpression: field(4, string, { omitempty: true }),
});
export interface Validation extends Infer<typeof Validation> {}

export const ValidatingAdmissionPolicySpec = struct(
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec',
  {
    paramKind: field(1, ParamKind, { omitempty: true, ptr: true }),
    matchConstraints: field(2, MatchResources, { omitempty: true, ptr: true }),
    validations: list(3, Validation, { omitempty: true, listType: 'atomic' }),
    failurePolicy: field(4, string, { omitempty: true, ptr: true, enum: enums.FailurePolicyType }),
    auditAnnotations: list(5, AuditAnnotation, { omitempty: true, listType: 'atomic' }),
    matchConditions: list(6, MatchCondition, {
      omitempty: true,
      listType: 'map',
      listMapKeys: ['name'],
      patchStrategy: 'merge',
      patchMergeKey: 'name',
    }),
    variables: list(7, Variable, {
      omitempty: true,
      listType: 'map',
      listMapKeys: ['name'],
      patchStrategy: 'merge',
      patchMergeKey: 'name',
    }),
  },
);
export interface ValidatingAdmissionPolicySpec extends Infer<typeof ValidatingAdmissionPolicySpec> {}

export const ValidatingAdmissionPolicyStatus = struct(
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus',
  {
    observedGeneration: field(1, int64, { omitempty: true, format: 'int64' }),
    typeChecking: field(2, TypeChecking, { omitempty: true, ptr: true }),
    conditions: list(3, Condition, { omitempty: true, listType: 'map', listMapKeys: ['type'] }),
  },
);
export interface ValidatingAdmissionPolicyStatus extends Infer<typeof ValidatingAdmissionPolicyStatus> {}

export const ValidatingAdmissionPolicy = struct(
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, ValidatingAdmissionPolicySpec, { omitempty: true }),
    status: field(3, ValidatingAdmissionPolicyStatus, { omitempty: true }),
  },
  { gvk: { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'ValidatingAdmissionPolicy' }, typeMeta: true },
);
export interface ValidatingAdmissionPolicy extends Infer<typeof ValidatingAdmissionPolicy> {}

export const ValidatingAdmissionPolicyBindingSpec = struct(
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec',
  {
    policyName: field(1, string, { required: true, omitempty: true, v: ['@alpha required'] }),
    paramRef: field(2, ParamRef, { omitempty: true, ptr: true }),
    matchResources: field(3, MatchResources, { omitempty: true, ptr: true }),
    validationActions: list(4, string, {
      required: true,
      omitempty: true,
      enum: enums.ValidationAction,
      listType: 'set',
      v: ['@alpha required'],
    }),
  },
);
export interface ValidatingAdmissionPolicyBindingSpec extends Infer<typeof ValidatingAdmissionPolicyBindingSpec> {}

export const ValidatingAdmissionPolicyBinding = struct(
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, ValidatingAdmissionPolicyBindingSpec, { required: true, omitempty: true }),
  },
  {
    gvk: { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'ValidatingAdmissionPolicyBinding' },
    typeMeta: true,
  },
);
export interface ValidatingAdmissionPolicyBinding extends Infer<typeof ValidatingAdmissionPolicyBinding> {}

export const ValidatingAdmissionPolicyBindingList = struct(
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ValidatingAdmissionPolicyBinding, { required: true }),
  },
  {
    gvk: { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'ValidatingAdmissionPolicyBindingList' },
    typeMeta: true,
  },
);
export interface ValidatingAdmissionPolicyBindingList extends Infer<typeof ValidatingAdmissionPolicyBindingList> {}

export const ValidatingAdmissionPolicyList = struct(
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ValidatingAdmissionPolicy, { required: true }),
  },
  {
    gvk: { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'ValidatingAdmissionPolicyList' },
    typeMeta: true,
  },
);
export interface ValidatingAdmissionPolicyList extends Infer<typeof ValidatingAdmissionPolicyList> {}

export const ValidatingWebhook = struct('io.k8s.api.admissionregistration.v1.ValidatingWebhook', {
  name: field(1, string, { required: true }),
  clientConfig: field(2, WebhookClientConfig, { required: true }),
  rules: list(3, RuleWithOperations, { omitempty: true, listType: 'atomic' }),
  failurePolicy: field(4, string, { omitempty: true, ptr: true, enum: enums.FailurePolicyType }),
  matchPolicy: field(9, string, { omitempty: true, ptr: true, enum: enums.MatchPolicyType }),
  namespaceSelector: field(5, LabelSelector, { omitempty: true, ptr: true }),
  objectSelector: field(10, LabelSelector, { omitempty: true, ptr: true }),
  sideEffects: field(6, string, { required: true, ptr: true, enum: enums.SideEffectClass }),
  timeoutSeconds: field(7, int32, { omitempty: true, ptr: true, format: 'int32' }),
  admissionReviewVersions: list(8, string, { required: true, listType: 'atomic' }),
  matchConditions: list(11, MatchCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge',
    patchMergeKey: 'name',
  }),
});
export interface ValidatingWebhook extends Infer<typeof ValidatingWebhook> {}

export const ValidatingWebhookConfiguration = struct(
  'io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    webhooks: list(2, ValidatingWebhook, {
      omitempty: true,
      listType: 'map',
      listMapKeys: ['name'],
      patchStrategy: 'merge',
      patchMergeKey: 'name',
      proto: 'Webhooks',
    }),
  },
  {
    gvk: { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'ValidatingWebhookConfiguration' },
    typeMeta: true,
  },
);
export interface ValidatingWebhookConfiguration extends Infer<typeof ValidatingWebhookConfiguration> {}

export const ValidatingWebhookConfigurationList = struct(
  'io.k8s.api.admissionregistration.v1.ValidatingWebhookConfigurationList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ValidatingWebhookConfiguration, { required: true }),
  },
  {
    gvk: { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'ValidatingWebhookConfigurationList' },
    typeMeta: true,
  },
);
export interface ValidatingWebhookConfigurationList extends Infer<typeof ValidatingWebhookConfigurationList> {}
