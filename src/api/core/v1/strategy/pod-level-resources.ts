/** Defaults of resources given for the pod as a whole (KEP-2837; upstream: defaults.go defaultHugePagePodLimits, defaultPodRequests). */
import { isBinaryQuantity, nanos, quantityText } from '../../../quantity-order.ts';
import type { Container, PodSpec } from '../types.ts';

type Part = 'limits' | 'requests';
const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
/** Resources that may be given for the pod as a whole. */
export const isPodLevelResource = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePages(name);

interface Amount {
  n: bigint;
  binary: boolean;
}
type Amounts = Map<string, Amount>;

function add(to: Amounts, c: Container, part: Part): void {
  for (const [name, q] of Object.entries(c.resources?.[part] ?? {})) {
    const a = to.get(name);
    if (a) a.n += nanos(q);
    else to.set(name, { n: nanos(q), binary: isBinaryQuantity(q) });
  }
}
function raise(to: Amounts, by: Amounts): void {
  for (const [name, v] of by) {
    const a = to.get(name);
    if (!a || a.n < v.n) to.set(name, { ...v });
  }
}

/**
 * What the containers need together: regular ones and sidecars run side by side, each init container beside the sidecars started
 * before it (upstream: component-helpers/resource.AggregateContainerRequests and AggregateContainerLimits).
 */
export function aggregateContainers(spec: PodSpec, part: Part): ReadonlyMap<string, Readonly<Amount>> {
  const total: Amounts = new Map();
  for (const c of spec.containers ?? []) add(total, c, part);
  const sidecars: Amounts = new Map();
  const inits: Amounts = new Map();
  for (const c of spec.initContainers ?? []) {
    if (c.restartPolicy === 'Always') {
      add(total, c, part);
      add(sidecars, c, part);
      raise(inits, sidecars);
    } else {
      const beside: Amounts = new Map([...sidecars].map(([k, v]) => [k, { ...v }]));
      add(beside, c, part);
      raise(inits, beside);
    }
  }
  raise(total, inits);
  return total;
}

/** The spec with `resources` completed; the same object when it gives none. */
export function defaultPodLevelResources(spec: PodSpec): PodSpec {
  const given = spec.resources;
  if (!given) return spec;
  const limits: Record<string, string> = { ...given.limits };
  if (Object.keys(limits).length || Object.keys(given.requests ?? {}).length)
    for (const [name, a] of aggregateContainers(spec, 'limits'))
      if (isHugePages(name) && given.requests?.[name] === undefined && limits[name] === undefined)
        limits[name] = quantityText(a.n, a.binary);
  const requests: Record<string, string> = { ...given.requests };
  if (Object.keys(limits).length) {
    for (const [name, a] of aggregateContainers(spec, 'requests'))
      if (requests[name] === undefined && isPodLevelResource(name) && !isHugePages(name))
        requests[name] = quantityText(a.n, a.binary);
    for (const [name, q] of Object.entries(limits))
      if (requests[name] === undefined && isPodLevelResource(name)) requests[name] = q;
  }
  return {
    ...spec,
    resources: {
      ...given,
      ...(Object.keys(limits).length > 0 && { limits }),
      ...(Object.keys(requests).length > 0 && { requests }),
    },
  };
}
