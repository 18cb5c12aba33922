/** io.k8s.api.autoscaling.v2: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { field, type Infer, int32, int64, list, quantity, string, struct, time } from '../../../schema/dsl.ts';
import { LabelSelector, ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const MetricTarget = struct('io.k8s.api.autoscaling.v2.MetricTarget', {
  type: field(1, string, { required: true, enum: enums.MetricTargetType }),
  value: field(2, quantity, { omitempty: true, ptr: true }),
  averageValue: field(3, quantity, { omitempty: true, ptr: true }),
  averageUtilization: field(4, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface MetricTarget extends Infer<typeof MetricTarget> {}

export const ContainerResourceMetricSource = struct('io.k8s.api.autoscaling.v2.ContainerResourceMetricSource', {
  name: field(1, string, { required: true, enum: enums.ResourceName_core_v1 }),
  target: field(2, MetricTarget, { required: true }),
  container: field(3, string, { required: true }),
});
export interface ContainerResourceMetricSource extends Infer<typeof ContainerResourceMetricSource> {}

export const MetricValueStatus = struct('io.k8s.api.autoscaling.v2.MetricValueStatus', {
  value: field(1, quantity, { omitempty: true, ptr: true }),
  averageValue: field(2, quantity, { omitempty: true, ptr: true }),
  averageUtilization: field(3, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface MetricValueStatus extends Infer<typeof MetricValueStatus> {}

export const ContainerResourceMetricStatus = struct('io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus', {
  name: field(1, string, { required: true, enum: enums.ResourceName_core_v1 }),
  current: field(2, MetricValueStatus, { required: true }),
  container: field(3, string, { required: true }),
});
export interface ContainerResourceMetricStatus extends Infer<typeof ContainerResourceMetricStatus> {}

export const CrossVersionObjectReference = struct('io.k8s.api.autoscaling.v2.CrossVersionObjectReference', {
  kind: field(1, string, { required: true }),
  name: field(2, string, { required: true }),
  apiVersion: field(3, string, { omitempty: true }),
});
export interface CrossVersionObjectReference extends Infer<typeof CrossVersionObjectReference> {}

export const MetricIdentifier = struct('io.k8s.api.autoscaling.v2.MetricIdentifier', {
  name: field(1, string, { required: true }),
  selector: field(2, LabelSelector, { omitempty: true, ptr: true }),
});
export interface MetricIdentifier extends Infer<typeof MetricIdentifier> {}

export const ExternalMetricSource = struct('io.k8s.api.autoscaling.v2.ExternalMetricSource', {
  metric: field(1, MetricIdentifier, { required: true }),
  target: field(2, MetricTarget, { required: true }),
});
export interface ExternalMetricSource extends Infer<typeof ExternalMetricSource> {}

export const ExternalMetricStatus = struct('io.k8s.api.autoscaling.v2.ExternalMetricStatus', {
  metric: field(1, MetricIdentifier, { required: true }),
  current: field(2, MetricValueStatus, { required: true }),
});
export interface ExternalMetricStatus extends Infer<typeof ExternalMetricStatus> {}

export const HPAScalingPolicy = struct('io.k8s.api.autoscaling.v2.HPAScalingPolicy', {
  type: field(1, string, { required: true, enum: enums.HPAScalingPolicyType }),
  value: field(2, int32, { required: true, format: 'int32' }),
  periodSeconds: field(3, int32, { required: true, format: 'int32' }),
});
export interface HPAScalingPolicy extends Infer<typeof HPAScalingPolicy> {}

export const HPAScalingRules = struct('io.k8s.api.autoscaling.v2.HPAScalingRules', {
  stabilizationWindowSeconds: field(3, int32, { omitempty: true, ptr: true, format: 'int32' }),
  selectPolicy: field(1, string, { omitempty: true, ptr: true, enum: enums.ScalingPolicySelect }),
  policies: list(2, HPAScalingPolicy, { omitempty: true, listType: 'atomic' }),
  tolerance: field(4, quantity, { omitempty: true, ptr: true, featureGates: ['HPAConfigurableTolerance'] }),
});
export interface HPAScalingRules extends Infer<typeof HPAScalingRules> {}

export const ObjectMetricSource = struct('io.k8s.api.autoscaling.v2.ObjectMetricSource', {
  describedObject: field(1, CrossVersionObjectReference, { required: true }),
  target: field(2, MetricTarget, { required: true }),
  metric: field(3, MetricIdentifier, { required: true }),
});
export interface ObjectMetricSource extends Infer<typeof ObjectMetricSource> {}

export const PodsMetricSource = struct('io.k8s.api.autoscaling.v2.PodsMetricSource', {
  metric: field(1, MetricIdentifier, { required: true }),
  target: field(2, MetricTarget, { required: true }),
});
export interface PodsMetricSource extends Infer<typeof PodsMetricSource> {}

export const ResourceMetricSource = struct('io.k8s.api.autoscaling.v2.ResourceMetricSource', {
  name: field(1, string, { required: true, enum: enums.ResourceName_core_v1 }),
  target: field(2, MetricTarget, { required: true }),
});
export interface ResourceMetricSource extends Infer<typeof ResourceMetricSource> {}

export const MetricSpec = struct('io.k8s.api.autoscaling.v2.MetricSpec', {
  type: field(1, string, { required: true, enum: enums.MetricSourceType }),
  object: field(2, ObjectMetricSource, { omitempty: true, ptr: true }),
  pods: field(3, PodsMetricSource, { omitempty: true, ptr: true }),
  resource: field(4, ResourceMetricSource, { omitempty: true, ptr: true }),
  containerResource: field(7, ContainerResourceMetricSource, { omitempty: true, ptr: true }),
  external: field(5, ExternalMetricSource, { omitempty: true, ptr: true }),
});
export interface MetricSpec extends Infer<typeof MetricSpec> {}

export const HorizontalPodAutoscalerBehavior = struct('io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior', {
  scaleUp: field(1, HPAScalingRules, { omitempty: true, ptr: true }),
  scaleDown: field(2, HPAScalingRules, { omitempty: true, ptr: true }),
});
export interface HorizontalPodAutoscalerBehavior extends Infer<typeof HorizontalPodAutoscalerBehavior> {}

export const HorizontalPodAutoscalerSpec = struct('io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec', {
  scaleTargetRef: field(1, CrossVersionObjectReference, { required: true }),
  minReplicas: field(2, int32, {
    omitempty: true,
    ptr: true,
    format: 'int32',
    v: ['@alpha optional', '@alpha ifEnabled(HPAScaleToZero)=minimum=0', '@alpha ifDisabled(HPAScaleToZero)=minimum=1'],
  }),
  maxReplicas: field(3, int32, { required: true, format: 'int32', v: ['@alpha required', '@alpha minimum=1'] }),
  metrics: list(4, MetricSpec, { omitempty: true, listType: 'atomic' }),
  behavior: field(5, HorizontalPodAutoscalerBehavior, { omitempty: true, ptr: true }),
});
export interface HorizontalPodAutoscalerSpec extends Infer<typeof HorizontalPodAutoscalerSpec> {}

export const ObjectMetricStatus = struct('io.k8s.api.autoscaling.v2.ObjectMetricStatus', {
  metric: field(1, MetricIdentifier, { required: true }),
  current: field(2, MetricValueStatus, { required: true }),
  describedObject: field(3, CrossVersionObjectReference, { required: true }),
});
export interface ObjectMetricStatus extends Infer<typeof ObjectMetricStatus> {}

export const PodsMetricStatus = struct('io.k8s.api.autoscaling.v2.PodsMetricStatus', {
  metric: field(1, MetricIdentifier, { required: true }),
  current: field(2, MetricValueStatus, { required: true }),
});
export interface PodsMetricStatus extends Infer<typeof PodsMetricStatus> {}

export const ResourceMetricStatus = struct('io.k8s.api.autoscaling.v2.ResourceMetricStatus', {
  name: field(1, string, { required: true, enum: enums.ResourceName_core_v1 }),
  current: field(2, MetricValueStatus, { required: true }),
});
export interface ResourceMetricStatus extends Infer<typeof ResourceMetricStatus> {}

export const MetricStatus = struct('io.k8s.api.autoscaling.v2.MetricStatus', {
  type: field(1, string, { required: true, enum: enums.MetricSourceType }),
  object: field(2, ObjectMetricStatus, { omitempty: true, ptr: true }),
  pods: field(3, PodsMetricStatus, { omitempty: true, ptr: true }),
  resource: field(4, ResourceMetricStatus, { omitempty: true, ptr: true }),
  containerResource: field(7, ContainerResourceMetricStatus, { omitempty: true, ptr: true }),
  external: field(5, ExternalMetricStatus, { omitempty: true, ptr: true }),
});
export interface MetricStatus extends Infer<typeof MetricStatus> {}

export const HorizontalPodAutoscalerCondition = struct('io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition', {
  type: field(1, string, { required: true, enum: enums.HorizontalPodAutoscalerConditionType }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus_core_v1 }),
  lastTransitionTime: field(3, time, { omitempty: true }),
  reason: field(4, string, { omitempty: true }),
  message: field(5, string, { omitempty: true }),
});
export interface HorizontalPodAutoscalerCondition extends Infer<typeof HorizontalPodAutoscalerCondition> {}

export const HorizontalPodAutoscalerStatus = struct('io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus', {
  observedGeneration: field(1, int64, { omitempty: true, ptr: true, format: 'int64' }),
  lastScaleTime: field(2, time, { omitempty: true, ptr: true }),
  currentReplicas: field(3, int32, { omitempty: true, format: 'int32' }),
  desiredReplicas: field(4, int32, { required: true, format: 'int32' }),
  currentMetrics: list(5, MetricStatus, { listType: 'atomic' }),
  conditions: list(6, HorizontalPodAutoscalerCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
});
export interface HorizontalPodAutoscalerStatus extends Infer<typeof HorizontalPodAutoscalerStatus> {}

export const HorizontalPodAutoscaler = struct(
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, HorizontalPodAutoscalerSpec, { required: true, omitempty: true }),
    status: field(3, HorizontalPodAutoscalerStatus, { omitempty: true }),
  },
  { gvk: { group: 'autoscaling', version: 'v2', kind: 'HorizontalPodAutoscaler' }, typeMeta: true },
);
export interface HorizontalPodAutoscaler extends Infer<typeof HorizontalPodAutoscaler> {}

export const HorizontalPodAutoscalerList = struct(
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, HorizontalPodAutoscaler, { required: true }),
  },
  { gvk: { group: 'autoscaling', version: 'v2', kind: 'HorizontalPodAutoscalerList' }, typeMeta: true },
);
export interface HorizontalPodAutoscalerList extends Infer<typeof HorizontalPodAutoscalerList> {}
