/** io.k8s.api.flowcontrol.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { bool, field, type Infer, int32, list, string, struct, time } from '../../../schema/dsl.ts';
import { ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const ExemptPriorityLevelConfiguration = struct('io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration', {
  nominalConcurrencyShares: field(1, int32, { omitempty: true, ptr: true, format: 'int32' }),
  lendablePercent: field(2, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface ExemptPriorityLevelConfiguration extends Infer<typeof ExemptPriorityLevelConfiguration> {}

export const FlowDistinguisherMethod = struct('io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod', {
  type: field(1, string, { required: true, enum: enums.FlowDistinguisherMethodType }),
});
export interface FlowDistinguisherMethod extends Infer<typeof FlowDistinguisherMethod> {}

export const PriorityLevelConfigurationReference = struct(
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference',
  {
    name: field(1, string, { required: true }),
  },
);
export interface PriorityLevelConfigurationReference extends Infer<typeof PriorityLevelConfigurationReference> {}

export const UserSubject = struct('io.k8s.api.flowcontrol.v1.UserSubject', {
  name: field(1, string, { required: true }),
});
export interface UserSubject extends Infer<typeof UserSubject> {}

export const GroupSubject = struct('io.k8s.api.flowcontrol.v1.GroupSubject', {
  name: field(1, string, { required: true }),
});
export interface GroupSubject extends Infer<typeof GroupSubject> {}

export const ServiceAccountSubject = struct('io.k8s.api.flowcontrol.v1.ServiceAccountSubject', {
  namespace: field(1, string, { required: true }),
  name: field(2, string, { required: true }),
});
export interface ServiceAccountSubject extends Infer<typeof ServiceAccountSubject> {}

export const Subject = struct(
  'io.k8s.api.flowcontrol.v1.Subject',
  {
    kind: field(1, string, { required: true, enum: enums.SubjectKind, v: ['unionDiscriminator'] }),
    user: field(2, UserSubject, { omitempty: true, ptr: true }),
    group: field(3, GroupSubject, { omitempty: true, ptr: true }),
    serviceAccount: field(4, ServiceAccountSubject, { omitempty: true, ptr: true }),
  },
  { union: true },
);
export interface Subject extends Infer<typeof Subject> {}

export const ResourcePolicyRule = struct('io.k8s.api.flowcontrol.v1.ResourcePolicyRule', {
  verbs: list(1, string, { required: true, listType: 'set' }),
  apiGroups: list(2, string, { required: true, listType: 'set' }),
  resources: list(3, string, { required: true, listType: 'set' }),
  clusterScope: field(4, bool, { omitempty: true }),
  namespaces: list(5, string, { listType: 'set' }),
});
export interface ResourcePolicyRule extends Infer<typeof ResourcePolicyRule> {}

export const NonResourcePolicyRule = struct('io.k8s.api.flowcontrol.v1.NonResourcePolicyRule', {
  verbs: list(1, string, { required: true, listType: 'set' }),
  nonResourceURLs: list(6, string, { required: true, listType: 'set' }),
});
export interface NonResourcePolicyRule extends Infer<typeof NonResourcePolicyRule> {}

export const PolicyRulesWithSubjects = struct('io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects', {
  subjects: list(1, Subject, { required: true, listType: 'atomic' }),
  resourceRules: list(2, ResourcePolicyRule, { omitempty: true, listType: 'atomic' }),
  nonResourceRules: list(3, NonResourcePolicyRule, { omitempty: true, listType: 'atomic' }),
});
export interface PolicyRulesWithSubjects extends Infer<typeof PolicyRulesWithSubjects> {}

export const FlowSchemaSpec = struct('io.k8s.api.flowcontrol.v1.FlowSchemaSpec', {
  priorityLevelConfiguration: field(1, PriorityLevelConfigurationReference, { required: true }),
  matchingPrecedence: field(2, int32, { format: 'int32' }),
  distinguisherMethod: field(3, FlowDistinguisherMethod, { omitempty: true, ptr: true }),
  rules: list(4, PolicyRulesWithSubjects, { omitempty: true, listType: 'atomic' }),
});
export interface FlowSchemaSpec extends Infer<typeof FlowSchemaSpec> {}

export const FlowSchemaCondition = struct('io.k8s.api.flowcontrol.v1.FlowSchemaCondition', {
  type: field(1, string, { omitempty: true, alias: 'io.k8s.api.flowcontrol.v1.FlowSchemaConditionType' }),
  status: field(2, string, { omitempty: true, enum: enums.ConditionStatus }),
  lastTransitionTime: field(3, time, { omitempty: true }),
  reason: field(4, string, { omitempty: true }),
  message: field(5, string, { omitempty: true }),
});
export interface FlowSchemaCondition extends Infer<typeof FlowSchemaCondition> {}

export const FlowSchemaStatus = struct('io.k8s.api.flowcontrol.v1.FlowSchemaStatus', {
  conditions: list(1, FlowSchemaCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
});
export interface FlowSchemaStatus extends Infer<typeof FlowSchemaStatus> {}

export const FlowSchema = struct(
  'io.k8s.api.flowcontrol.v1.FlowSchema',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, FlowSchemaSpec, { omitempty: true }),
    status: field(3, FlowSchemaStatus, { omitempty: true }),
  },
  { gvk: { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', kind: 'FlowSchema' }, typeMeta: true },
);
export interface FlowSchema extends Infer<typeof FlowSchema> {}

export const FlowSchemaList = struct(
  'io.k8s.api.flowcontrol.v1.FlowSchemaList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, FlowSchema, { required: true }),
  },
  { gvk: { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', kind: 'FlowSchemaList' }, typeMeta: true },
);
export interface FlowSchemaList extends Infer<typeof FlowSchemaList> {}

export const QueuingConfiguration = struct('io.k8s.api.flowcontrol.v1.QueuingConfiguration', {
  queues: field(1, int32, { format: 'int32' }),
  handSize: field(2, int32, { format: 'int32' }),
  queueLengthLimit: field(3, int32, { format: 'int32' }),
});
export interface QueuingConfiguration extends Infer<typeof QueuingConfiguration> {}

export const LimitResponse = struct(
  'io.k8s.api.flowcontrol.v1.LimitResponse',
  {
    type: field(1, string, {
      required: true,
      enum: enums.LimitResponseType,
      v: ['unionDiscriminator', '@alpha required', '@alpha discriminator'],
    }),
    queuing: field(2, QueuingConfiguration, {
      omitempty: true,
      ptr: true,
      v: ['@alpha optional', '@alpha member("Queue")=required', '@alpha member("Reject")=forbidden'],
    }),
  },
  { union: true },
);
export interface LimitResponse extends Infer<typeof LimitResponse> {}

export const LimitedPriorityLevelConfiguration = struct('io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration', {
  nominalConcurrencyShares: field(1, int32, { ptr: true, format: 'int32' }),
  limitResponse: field(2, LimitResponse, { omitempty: true }),
  lendablePercent: field(3, int32, { omitempty: true, ptr: true, format: 'int32' }),
  borrowingLimitPercent: field(4, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface LimitedPriorityLevelConfiguration extends Infer<typeof LimitedPriorityLevelConfiguration> {}

export const PriorityLevelConfigurationSpec = struct(
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec',
  {
    type: field(1, string, {
      required: true,
      enum: enums.PriorityLevelEnablement,
      v: ['unionDiscriminator', '@alpha required', '@alpha discriminator'],
    }),
    limited: field(2, LimitedPriorityLevelConfiguration, {
      omitempty: true,
      ptr: true,
      v: ['@alpha optional', '@alpha member("Limited")=required', '@alpha member("Exempt")=forbidden'],
    }),
    exempt: field(3, ExemptPriorityLevelConfiguration, {
      omitempty: true,
      ptr: true,
      v: ['@alpha optional', '@alpha member("Exempt")=optional', '@alpha member("Limited")=forbidden'],
    }),
  },
  { union: true },
);
export interface PriorityLevelConfigurationSpec extends Infer<typeof PriorityLevelConfigurationSpec> {}

export const PriorityLevelConfigurationCondition = struct(
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition',
  {
    type: field(1, string, {
      omitempty: true,
      alias: 'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationConditionType',
    }),
    status: field(2, string, { omitempty: true, enum: enums.ConditionStatus }),
    lastTransitionTime: field(3, time, { omitempty: true }),
    reason: field(4, string, { omitempty: true }),
    message: field(5, string, { omitempty: true }),
  },
);
export interface PriorityLevelConfigurationCondition extends Infer<typeof PriorityLevelConfigurationCondition> {}

export const PriorityLevelConfigurationStatus = struct('io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus', {
  conditions: list(1, PriorityLevelConfigurationCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
});
export interface PriorityLevelConfigurationStatus extends Infer<typeof PriorityLevelConfigurationStatus> {}

export const PriorityLevelConfiguration = struct(
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, PriorityLevelConfigurationSpec, { omitempty: true }),
    status: field(3, PriorityLevelConfigurationStatus, { omitempty: true }),
  },
  { gvk: { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', kind: 'PriorityLevelConfiguration' }, typeMeta: true },
);
export interface PriorityLevelConfiguration extends Infer<typeof PriorityLevelConfiguration> {}

export const PriorityLevelConfigurationList = struct(
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, PriorityLevelConfiguration, { required: true }),
  },
  {
    gvk: { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', kind: 'PriorityLevelConfigurationList' },
    typeMeta: true,
  },
);
export interface PriorityLevelConfigurationList extends Infer<typeof PriorityLevelConfigurationList> {}
