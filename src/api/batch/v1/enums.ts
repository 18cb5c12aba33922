/** Named string sets of io.k8s.api.batch.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const CompletionMode = {
  name: 'io.k8s.api.batch.v1.CompletionMode',
  closed: true,
  values: ['NonIndexed', 'Indexed'],
} as const satisfies Enum;
export const ConcurrencyPolicy = {
  name: 'io.k8s.api.batch.v1.ConcurrencyPolicy',
  closed: true,
  values: ['Allow', 'Forbid', 'Replace'],
} as const satisfies Enum;
export const JobConditionType = {
  name: 'io.k8s.api.batch.v1.JobConditionType',
  closed: false,
  values: ['Suspended', 'Complete', 'Failed', 'FailureTarget', 'SuccessCriteriaMet'],
} as const satisfies Enum;
export const PodFailurePolicyAction = {
  name: 'io.k8s.api.batch.v1.PodFailurePolicyAction',
  closed: true,
  values: ['FailJob', 'FailIndex', 'Ignore', 'Count'],
} as const satisfies Enum;
export const PodFailurePolicyOnExitCodesOperator = {
  name: 'io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesOperator',
  closed: true,
  values: ['In', 'NotIn'],
} as const satisfies Enum;
export const PodReplacementPolicy = {
  name: 'io.k8s.api.batch.v1.PodReplacementPolicy',
  closed: true,
  values: ['TerminatingOrFailed', 'Failed'],
} as const satisfies Enum;
export const ConditionStatus_core_v1 = {
  name: 'io.k8s.api.core.v1.ConditionStatus',
  closed: false,
  values: ['True', 'False', 'Unknown'],
} as const satisfies Enum;
export const PodConditionType_core_v1 = {
  name: 'io.k8s.api.core.v1.PodConditionType',
  closed: false,
  values: [
    'ContainersReady',
    'Initialized',
    'Ready',
    'PodScheduled',
    'DisruptionTarget',
    'PodReadyToStartContainers',
    'PodResizePending',
    'PodResizeInProgress',
    'AllContainersRestarting',
  ],
} as const satisfies Enum;
