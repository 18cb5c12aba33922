/** What autoscaling/v1 cannot say in fields it says in annotations, in its own flat form of metrics (upstream: autoscaling/v1/conversion.go). */
import type { MetricSpec, MetricStatus } from '../../v2/types.ts';

type Flat = Readonly<Record<string, unknown>>;
type Nested = Readonly<Record<string, Flat | undefined>>;

/** JSON without absent fields. */
const compact = (o: Record<string, unknown>): Flat =>
  Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined));

const partName: Readonly<Record<string, string>> = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
};

/** `side` is `target` in specs and `current` in statuses: the flat names begin with it. */
export function flatten(m: MetricSpec | MetricStatus, side: 'target' | 'current'): Flat {
  const part = partName[m.type] ?? '';
  const body = (m as unknown as Nested)[part] as Nested & Flat;
  const t: Flat = body?.[side] ?? {};
  const metric: Flat = body?.['metric'] ?? {};
  const out: Record<string, unknown> = {};
  if (part === 'resource' || part === 'containerResource')
    Object.assign(out, {
      name: body?.['name'],
      container: body?.['container'],
      [`${side}AverageUtilization`]: t['averageUtilization'],
      [`${side}AverageValue`]: t['averageValue'],
    });
  else if (part === 'pods')
    Object.assign(out, {
      metricName: metric['name'],
      selector: metric['selector'],
      [`${side}AverageValue`]: t['averageValue'],
    });
  else if (part === 'object')
    Object.assign(out, {
      target: body?.['describedObject'],
      metricName: metric['name'],
      selector: metric['selector'],
      [`${side}Value`]: t['value'] ?? '0',
      averageValue: t['averageValue'],
    });
  else if (part === 'external')
    Object.assign(out, {
      metricName: metric['name'],
      metricSelector: metric['selector'],
      [`${side}Value`]: t['value'],
      [`${side}AverageValue`]: t['averageValue'],
    });
  return { type: m.type, [part]: compact(out) };
}

export function unflatten<M extends MetricSpec | MetricStatus>(flat: Flat, side: 'target' | 'current'): M {
  const type = String(flat['type']);
  const part = partName[type] ?? '';
  const f = (flat[part] ?? {}) as Flat;
  const metric = compact({ name: f['metricName'], selector: f['selector'] ?? f['metricSelector'] });
  const utilization = f[`${side}AverageUtilization`];
  const average = f[`${side}AverageValue`] ?? (part === 'object' ? f['averageValue'] : undefined);
  const value = part === 'object' && average !== undefined ? undefined : f[`${side}Value`];
  const targetType =
    side === 'current'
      ? undefined
      : utilization !== undefined
        ? 'Utilization'
        : average !== undefined || part === 'resource' || part === 'containerResource' || part === 'pods'
          ? 'AverageValue'
          : 'Value';
  const amount = compact({ type: targetType, averageUtilization: utilization, averageValue: average, value });
  const named = part === 'resource' || part === 'containerResource';
  return {
    type,
    [part]: compact({
      ...(named ? { name: f['name'], container: f['container'] } : { metric }),
      describedObject: part === 'object' ? f['target'] : undefined,
      [side]: amount,
    }),
  } as unknown as M;
}
