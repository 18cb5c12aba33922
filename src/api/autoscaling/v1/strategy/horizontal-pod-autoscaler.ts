/** autoscaling/v1: CPU only in fields, the rest in annotations; stored as v2 (upstream: autoscaling/v1/conversion.go). */
import { withoutGeneration } from '../../../generation.ts';
import type { KubeObject, StoredAs, Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { validateTarget } from '../../v2/strategy/horizontal-pod-autoscaler.ts';
import type { HorizontalPodAutoscaler as V2, MetricSpec, MetricStatus } from '../../v2/types.ts';
import { HorizontalPodAutoscaler } from '../types.ts';
import { flatten, unflatten } from './metric-annotations.ts';

const keys = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  current: 'autoscaling.alpha.kubernetes.io/current-metrics',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
} as const;

const isCpu = (m: MetricSpec): boolean =>
  m.type === 'Resource' && m.resource?.name === 'cpu' && m.resource.target?.averageUtilization !== undefined;

const cpu = (percent: number): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } },
});

function parsed<T>(text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

function withoutRoundTrip(annotations: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const out = { ...annotations };
  for (const k of Object.values(keys)) delete out[k];
  return out;
}
const withAnnotations = <M extends KubeObject['metadata']>(m: M, annotations: Record<string, string>): M => {
  const { annotations: _, ...rest } = m;
  return (Object.keys(annotations).length ? { ...rest, annotations } : rest) as M;
};

type Flat = Readonly<Record<string, unknown>>;

export function toV2(h: HorizontalPodAutoscaler): V2 {
  const a = h.metadata.annotations;
  const { targetCPUUtilizationPercentage: percent, ...spec } = h.spec;
  const { currentCPUUtilizationPercentage: used, ...status } = h.status;
  const others = (parsed<Flat[]>(a?.[keys.metrics]) ?? []).map((m) => unflatten<MetricSpec>(m, 'target'));
  const metrics = percent === undefined ? others : [...others, cpu(percent)];
  const behavior = parsed<V2['spec']['behavior']>(a?.[keys.behavior]);
  const conditions = parsed<V2['status']['conditions']>(a?.[keys.conditions]);
  const current = parsed<Flat[]>(a?.[keys.current])?.map((m) => unflatten<MetricStatus>(m, 'current'));
  const cpuStatus: MetricStatus[] =
    used === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: used } } }];
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: withAnnotations(h.metadata, withoutRoundTrip(a)),
    spec: { ...spec, metrics: metrics.length ? metrics : [cpu(80)], ...(behavior && { behavior }) },
    status: { ...status, currentMetrics: current ?? cpuStatus, ...(conditions && { conditions }) },
  };
}

export function fromV2(stored: KubeObject): HorizontalPodAutoscaler {
  const h = stored as V2;
  const { metrics = [], behavior, ...spec } = h.spec;
  const { currentMetrics = [], conditions, ...status } = h.status;
  const others = metrics.filter((m) => !isCpu(m)).map((m) => flatten(m, 'target'));
  const percent = metrics.find(isCpu)?.resource?.target.averageUtilization;
  const used = currentMetrics?.find((m) => m.type === 'Resource' && m.resource?.name === 'cpu')?.resource?.current
    .averageUtilization;
  const a = withoutRoundTrip(h.metadata.annotations);
  if (others.length) a[keys.metrics] = JSON.stringify(others);
  if (currentMetrics?.length) a[keys.current] = JSON.stringify(currentMetrics.map((m) => flatten(m, 'current')));
  if (behavior) a[keys.behavior] = JSON.stringify(behavior);
  if (conditions?.length) a[keys.conditions] = JSON.stringify(conditions);
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: withAnnotations(h.metadata, a),
    spec: { ...spec, ...(percent !== undefined && { targetCPUUtilizationPercentage: percent }) },
    status: {
      ...status,
      currentReplicas: status.currentReplicas ?? 0,
      ...(used !== undefined && { currentCPUUtilizationPercentage: used }),
    },
  };
}

export const horizontalPodAutoscalerStorage: StoredAs<HorizontalPodAutoscaler> = {
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  toStored: toV2,
  fromStored: fromV2,
};

export const horizontalPodAutoscalerStrategy: Strategy<HorizontalPodAutoscaler> = {
  ...withoutGeneration,
  ...clearsStatus(HorizontalPodAutoscaler),
  defaults: (h) => ({ ...h, spec: { ...h.spec, minReplicas: h.spec.minReplicas ?? 1 } }),
  validate: (h) => validateTarget(h.spec),
};
