/** Printer columns of HorizontalPodAutoscaler (upstream: pkg/printers/internalversion/printers.go). */
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, nameColumn } from '../../table-column.ts';
import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus, MetricTarget, MetricValueStatus } from './types.ts';

interface Metric {
  readonly target: MetricTarget | undefined;
  readonly current: MetricValueStatus | undefined;
  readonly resource: string | undefined;
}
function metric(spec: MetricSpec, status: MetricStatus | undefined): Metric | undefined {
  switch (spec.type) {
    case 'External':
      return { target: spec.external?.target, current: status?.external?.current, resource: undefined };
    case 'Pods':
      return { target: spec.pods?.target, current: status?.pods?.current, resource: undefined };
    case 'Object':
      return { target: spec.object?.target, current: status?.object?.current, resource: undefined };
    case 'Resource':
      return {
        target: spec.resource?.target,
        current: status?.resource?.current,
        resource: spec.resource?.name,
      };
    case 'ContainerResource':
      return {
        target: spec.containerResource?.target,
        current: status?.containerResource?.current,
        resource: spec.containerResource?.name,
      };
    default:
      return undefined;
  }
}
function metricText(spec: MetricSpec, status: MetricStatus | undefined): string {
  const m = metric(spec, status);
  if (!m) return '<unknown type>';
  const { target, current } = m;
  const average = target?.averageValue;
  if (m.resource !== undefined) {
    if (average !== undefined) return `${m.resource}: ${current?.averageValue ?? '<unknown>'}/${average}`;
    const now = current?.averageUtilization;
    const wanted = target?.averageUtilization;
    return `${m.resource}: ${now === undefined ? '<unknown>' : `${now}%`}/${wanted === undefined ? '<auto>' : `${wanted}%`}`;
  }
  if (average === undefined) return `${current?.value ?? '<unknown>'}/${target?.value ?? '<unknown>'}`;
  return `${current?.averageValue ?? '<unknown>'}/${average}${spec.type === 'Pods' ? '' : ' (avg)'}`;
}
function targets(o: HorizontalPodAutoscaler): string {
  const specs = o.spec.metrics ?? [];
  if (specs.length === 0) return '<none>';
  const shown = specs.slice(0, 2).map((s, i) => metricText(s, o.status.currentMetrics?.[i]));
  return shown.join(', ') + (specs.length > 2 ? ` + ${specs.length - 2} more...` : '');
}

export const horizontalPodAutoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = [
  nameColumn,
  column('Reference', (o) => `${o.spec.scaleTargetRef.kind}/${o.spec.scaleTargetRef.name}`),
  column('Targets', targets),
  column('MinPods', (o) => (o.spec.minReplicas === undefined ? '<unset>' : String(o.spec.minReplicas))),
  column('MaxPods', (o) => o.spec.maxReplicas),
  column('Replicas', (o) => o.status.currentReplicas ?? 0),
  ageColumn,
];
