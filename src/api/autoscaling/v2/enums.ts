/** Named string sets of io.k8s.api.autoscaling.v2. */
import type { Enum } from '../../../schema/dsl.ts';

export const HPAScalingPolicyType = {
  name: 'io.k8s.api.autoscaling.v2.HPAScalingPolicyType',
  closed: false,
  values: ['Pods', 'Percent'],
} as const satisfies Enum;
export const HorizontalPodAutoscalerConditionType = {
  name: 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerConditionType',
  closed: false,
  values: ['ScalingActive', 'AbleToScale', 'ScalingLimited', 'ScaledToZero'],
} as const satisfies Enum;
export const MetricSourceType = {
  name: 'io.k8s.api.autoscaling.v2.MetricSourceType',
  closed: false,
  values: ['Object', 'Pods', 'Resource', 'ContainerResource', 'External'],
} as const satisfies Enum;
export const MetricTargetType = {
  name: 'io.k8s.api.autoscaling.v2.MetricTargetType',
  closed: false,
  values: ['Utilization', 'Value', 'AverageValue'],
} as const satisfies Enum;
export const ScalingPolicySelect = {
  name: 'io.k8s.api.autoscaling.v2.ScalingPolicySelect',
  closed: false,
  values: ['Max', 'Min', 'Disabled'],
} as const satisfies Enum;
export const ConditionStatus_core_v1 = {
  name: 'io.k8s.api.core.v1.ConditionStatus',
  closed: false,
  values: ['True', 'False', 'Unknown'],
} as const satisfies Enum;
export const ResourceName_core_v1 = {
  name: 'io.k8s.api.core.v1.ResourceName',
  closed: false,
  values: [
    'cpu',
    'memory',
    'storage',
    'ephemeral-storage',
    'pods',
    'services',
    'replicationcontrollers',
    'resourcequotas',
    'secrets',
    'configmaps',
    'persistentvolumeclaims',
    'services.nodeports',
    'services.loadbalancers',
    'requests.cpu',
    'requests.memory',
    'requests.storage',
    'requests.ephemeral-storage',
    'limits.cpu',
    'limits.memory',
    'limits.ephemeral-storage',
  ],
} as const satisfies Enum;
