/** Named string sets of io.k8s.api.apps.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const DaemonSetUpdateStrategyType = {
  name: 'io.k8s.api.apps.v1.DaemonSetUpdateStrategyType',
  closed: true,
  values: ['RollingUpdate', 'OnDelete'],
} as const satisfies Enum;
export const DeploymentConditionType = {
  name: 'io.k8s.api.apps.v1.DeploymentConditionType',
  closed: false,
  values: ['Available', 'Progressing', 'ReplicaFailure'],
} as const satisfies Enum;
export const DeploymentStrategyType = {
  name: 'io.k8s.api.apps.v1.DeploymentStrategyType',
  closed: true,
  values: ['Recreate', 'RollingUpdate'],
} as const satisfies Enum;
export const PersistentVolumeClaimRetentionPolicyType = {
  name: 'io.k8s.api.apps.v1.PersistentVolumeClaimRetentionPolicyType',
  closed: false,
  values: ['Retain', 'Delete'],
} as const satisfies Enum;
export const PodManagementPolicyType = {
  name: 'io.k8s.api.apps.v1.PodManagementPolicyType',
  closed: true,
  values: ['OrderedReady', 'Parallel'],
} as const satisfies Enum;
export const ReplicaSetConditionType = {
  name: 'io.k8s.api.apps.v1.ReplicaSetConditionType',
  closed: false,
  values: ['ReplicaFailure'],
} as const satisfies Enum;
export const StatefulSetUpdateStrategyType = {
  name: 'io.k8s.api.apps.v1.StatefulSetUpdateStrategyType',
  closed: true,
  values: ['RollingUpdate', 'OnDelete'],
} as const satisfies Enum;
export const ConditionStatus_core_v1 = {
  name: 'io.k8s.api.core.v1.ConditionStatus',
  closed: false,
  values: ['True', 'False', 'Unknown'],
} as const satisfies Enum;
