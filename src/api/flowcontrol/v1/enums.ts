/** Named string sets of io.k8s.api.flowcontrol.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const ConditionStatus = {
  name: 'io.k8s.api.flowcontrol.v1.ConditionStatus',
  closed: false,
  values: ['True', 'False', 'Unknown'],
} as const satisfies Enum;
export const FlowDistinguisherMethodType = {
  name: 'io.k8s.api.flowcontrol.v1.FlowDistinguisherMethodType',
  closed: false,
  values: ['ByUser', 'ByNamespace'],
} as const satisfies Enum;
export const LimitResponseType = {
  name: 'io.k8s.api.flowcontrol.v1.LimitResponseType',
  closed: false,
  values: ['Queue', 'Reject'],
} as const satisfies Enum;
export const PriorityLevelEnablement = {
  name: 'io.k8s.api.flowcontrol.v1.PriorityLevelEnablement',
  closed: false,
  values: ['Exempt', 'Limited'],
} as const satisfies Enum;
export const SubjectKind = {
  name: 'io.k8s.api.flowcontrol.v1.SubjectKind',
  closed: false,
  values: ['User', 'Group', 'ServiceAccount'],
} as const satisfies Enum;
