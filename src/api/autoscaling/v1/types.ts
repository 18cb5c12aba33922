/** io.k8s.api.autoscaling.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { field, type Infer, int32, int64, list, quantity, string, struct, time } from '../../../schema/dsl.ts';
import { LabelSelector, ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const ContainerResourceMetricSource = struct('io.k8s.api.autoscaling.v1.ContainerResourceMetricSource', {
  name: field(1, string, { required: true, enum: enums.ResourceName_core_v1 }),
  targetAverageUtilization: field(2, int32, { omitempty: true, ptr: true, format: 'int32' }),
  targetAverageValue: field(3, quantity, { omitempty: true, ptr: true }),
  container: field(5, string, { required: true }),
});
export interface ContainerResourceMetricSource extends Infer<typeof ContainerResourceMetricSource> {}

export const ContainerResourceMetricStatus = struct('io.k8s.api.autoscaling.v1.ContainerResourceMetricStatus', {
  name: field(1, string, { required: true, enum: enums.ResourceName_core_v1 }),
  currentAverageUtilization: field(2, int32, { omitempty: true, ptr: true, format: 'int32' }),
  currentAverageValue: field(3, quantity, { required: true }),
  container: field(4, string, { required: true }),
});
export interface ContainerResourceMetricStatus extends Infer<typeof ContainerResourceMetricStatus> {}

export const CrossVersionObjectReference = struct(
  'io.k8s.api.autoscaling.v1.CrossVersionObjectReference',
  {
    kind: field(1, string, { required: true }),
    name: field(2, string, { required: true }),
    apiVersion: field(3, string, { omitempty: true }),
  },
  { structType: 'atomic' },
);
export interface CrossVersionObjectReference extends Infer<typeof CrossVersionObjectReference> {}

export const ExternalMetricSource = struct('io.k8s.api.autoscaling.v1.ExternalMetricSource', {
  metricName: field(1, string, { required: true }),
  metricSelector: field(2, LabelSelector, { omitempty: true, ptr: true }),
  targetValue: field(3, quantity, { omitempty: true, ptr: true }),
  targetAverageValue: field(4, quantity, { omitempty: true, ptr: true }),
});
export interface ExternalMetricSource extends Infer<typeof ExternalMetricSource> {}

export const ExternalMetricStatus = struct('io.k8s.api.autoscaling.v1.ExternalMetricStatus', {
  metricName: field(1, string, { required: true }),
  metricSelector: field(2, LabelSelector, { omitempty: true, ptr: true }),
  currentValue: field(3, quantity, { required: true }),
  currentAverageValue: field(4, quantity, { omitempty: true, ptr: true }),
});
export interface ExternalMetricStatus extends Infer<typeof ExternalMetricStatus> {}

export const HorizontalPodAutoscalerSpec = struct('io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec', {
  scaleTargetRef: field(1, CrossVersionObjectReference, { required: true }),
  minReplicas: field(2, int32, {
    omitempty: true,
    ptr: true,
    format: 'int32',
    v: ['@alpha optional', '@alpha ifEnabled(HPAScaleToZero)=minimum=0', '@alpha ifDisabled(HPAScaleToZero)=minimum=1'],
  }),
  maxReplicas: field(3, int32, { required: true, format: 'int32', v: ['@alpha required', '@alpha minimum=1'] }),
  targetCPUUtilizationPercentage: field(4, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface HorizontalPodAutoscalerSpec extends Infer<typeof HorizontalPodAutoscalerSpec> {}

export const HorizontalPodAutoscalerStatus = struct('io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus', {
  observedGeneration: field(1, int64, { omitempty: true, ptr: true, format: 'int64' }),
  lastScaleTime: field(2, time, { omitempty: true, ptr: true }),
  currentReplicas: field(3, int32, { required: true, format: 'int32' }),
  desiredReplicas: field(4, int32, { required: true, format: 'int32' }),
  currentCPUUtilizationPercentage: field(5, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface HorizontalPodAutoscalerStatus extends Infer<typeof HorizontalPodAutoscalerStatus> {}

export const HorizontalPodAutoscaler = struct(
  'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, HorizontalPodAutoscalerSpec, { required: true, omitempty: true }),
    status: field(3, HorizontalPodAutoscalerStatus, { omitempty: true }),
  },
  { gvk: { group: 'autoscaling', version: 'v1', kind: 'HorizontalPodAutoscaler' }, typeMeta: true },
);
export interface HorizontalPodAutoscaler extends Infer<typeof HorizontalPodAutoscaler> {}

export const HorizontalPodAutoscalerCondition = struct('io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerCondition', {
  type: field(1, string, { required: true, enum: enums.HorizontalPodAutoscalerConditionType }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus_core_v1 }),
  lastTransitionTime: field(3, time, { omitempty: true }),
  reason: field(4, string, { omitempty: true }),
  message: field(5, string, { omitempty: true }),
});
export interface HorizontalPodAutoscalerCondition extends Infer<typeof HorizontalPodAutoscalerCondition> {}

export const HorizontalPodAutoscalerList = struct(
  'io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, HorizontalPodAutoscaler, { required: true }),
  },
  { gvk: { group: 'autoscaling', version: 'v1', kind: 'HorizontalPodAutoscalerList' }, typeMeta: true },
);
export interface HorizontalPodAutoscalerList extends Infer<typeof HorizontalPodAutoscalerList> {}

export const ObjectMetricSource = struct('io.k8s.api.autoscaling.v1.ObjectMetricSource', {
  target: field(1, CrossVersionObjectReference, { required: true }),
  metricName: field(2, string, { required: true }),
  targetValue: field(3, quantity, { required: true }),
  selector: field(4, LabelSelector, { omitempty: true, ptr: true }),
  averageValue: field(5, quantity, { omitempty: true, ptr: true }),
});
export interface ObjectMetricSource extends Infer<typeof ObjectMetricSource> {}

export const PodsMetricSource = struct('io.k8s.api.autoscaling.v1.PodsMetricSource', {
  metricName: field(1, string, { required: true }),
  targetAverageValue: field(2, quantity, { required: true }),
  selector: field(3, LabelSelector, { omitempty: true, ptr: true }),
});
export interface PodsMetricSource extends Infer<typeof PodsMetricSource> {}

export const ResourceMetricSource = struct('io.k8s.api.autoscaling.v1.ResourceMetricSource', {
  name: field(1, string, { required: true, enum: enums.ResourceName_core_v1 }),
  targetAverageUtilization: field(2, int32, { omitempty: true, ptr: true, format: 'int32' }),
  targetAverageValue: field(3, quantity, { omitempty: true, ptr: true }),
});
export interface ResourceMetricSource extends Infer<typeof ResourceMetricSource> {}

export const MetricSpec = struct('io.k8s.api.autoscaling.v1.MetricSpec', {
  type: field(1, string, { required: true, enum: enums.MetricSourceType }),
  object: field(2, ObjectMetricSource, { omitempty: true, ptr: true }),
  pods: field(3, PodsMetricSource, { omitempty: true, ptr: true }),
  resource: field(4, ResourceMetricSource, { omitempty: true, ptr: true }),
  containerResource: field(7, ContainerResourceMetricSource, { omitempty: true, ptr: true }),
  external: field(5, ExternalMetricSource, { omitempty: true, ptr: true }),
});
export interface MetricSpec extends Infer<typeof MetricSpec> {}

export const ObjectMetricStatus = struct('io.k8s.api.autoscaling.v1.ObjectMetricStatus', {
  target: field(1, CrossVersionObjectReference, { required: true }),
  metricName: field(2, string, { required: true }),
  currentValue: field(3, quantity, { required: true }),
  selector: field(4, LabelSelector, { omitempty: true, ptr: true }),
  averageValue: field(5, quantity, { omitempty: true, ptr: true }),
});
export interface ObjectMetricStatus extends Infer<typeof ObjectMetricStatus> {}

export const PodsMetricStatus = struct('io.k8s.api.autoscaling.v1.PodsMetricStatus', {
  metricName: field(1, string, { required: true }),
  currentAverageValue: field(2, quantity, { required: true }),
  selector: field(3, LabelSelector, { omitempty: true, ptr: true }),
});
export interface PodsMetricStatus extends Infer<typeof PodsMetricStatus> {}

export const ResourceMetricStatus = struct('io.k8s.api.autoscaling.v1.ResourceMetricStatus', {
  name: field(1, string, { required: true, enum: enums.ResourceName_core_v1 }),
  currentAverageUtilization: field(2, int32, { omitempty: true, ptr: true, format: 'int32' }),
  currentAverageValue: field(3, quantity, { required: true }),
});
export interface ResourceMetricStatus extends Infer<typeof ResourceMetricStatus> {}

export const MetricStatus = struct('io.k8s.api.autoscaling.v1.MetricStatus', {
  type: field(1, string, { required: true, enum: enums.MetricSourceType }),
  object: field(2, ObjectMetricStatus, { omitempty: true, ptr: true }),
  pods: field(3, PodsMetricStatus, { omitempty: true, ptr: true }),
  resource: field(4, ResourceMetricStatus, { omitempty: true, ptr: true }),
  containerResource: field(7, ContainerResourceMetricStatus, { omitempty: true, ptr: true }),
  external: field(5, ExternalMetricStatus, { omitempty: true, ptr: true }),
});
export interface MetricStatus extends Infer<typeof MetricStatus> {}

export const ScaleSpec = struct('io.k8s.api.autoscaling.v1.ScaleSpec', {
  replicas: field(1, int32, {
    omitempty: true,
    format: 'int32',
    v: ['@alpha optional', '@alpha minimum=0'],
    default: 0,
  }),
});
export interface ScaleSpec extends Infer<typeof ScaleSpec> {}

export const ScaleStatus = struct('io.k8s.api.autoscaling.v1.ScaleStatus', {
  replicas: field(1, int32, { required: true, format: 'int32' }),
  selector: field(2, string, { omitempty: true }),
});
export interface ScaleStatus extends Infer<typeof ScaleStatus> {}

export const Scale = struct(
  'io.k8s.api.autoscaling.v1.Scale',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, ScaleSpec, { omitempty: true }),
    status: field(3, ScaleStatus, { omitempty: true }),
  },
  { gvk: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, typeMeta: true },
);
export interface Scale extends Infer<typeof Scale> {}
