/** What the node runs short of, for how long that is said, and who has to go first (upstream: pkg/kubelet/eviction/helpers.go). */
import type { Pod } from '../../api/core/v1/types.ts';
import { podRequests } from '../../machinery/resource-lists.ts';
import { amount } from '../admission/fit.ts';
import { initOf } from '../pod/identity.ts';
import { bytesText } from '../pod/quantity.ts';

export type Signal = 'memory.available' | 'nodefs.available' | 'nodefs.inodesFree';
/** As upstream calls it in events and messages. */
export const resourceOf = {
  'memory.available': 'memory',
  'nodefs.available': 'ephemeral-storage',
  'nodefs.inodesFree': 'inodes',
} as const satisfies Record<Signal, string>;

export interface Observation {
  readonly signal: Signal;
  readonly available: number;
  /** Below this there is too little. */
  readonly threshold: number;
}
/** Memory first: nothing else can be had back as fast. */
export const shortages = (list: readonly Observation[]): readonly Observation[] =>
  list
    .filter((o) => o.available < o.threshold)
    .sort((a, b) => Number(b.signal === 'memory.available') - Number(a.signal === 'memory.available'));

export type Pressure = 'MemoryPressure' | 'DiskPressure';
/** Remembers when a pressure was last seen: it is told of until it has been gone for `transitionMs`. */
export function createPressures(transitionMs: number) {
  const seen = new Map<Pressure, number>();
  return {
    see(found: readonly Observation[], now: number): void {
      for (const o of found) seen.set(o.signal === 'memory.available' ? 'MemoryPressure' : 'DiskPressure', now);
      for (const [pressure, at] of seen) if (now - at > transitionMs) seen.delete(pressure);
    },
    present: (): readonly Pressure[] => [...seen.keys()],
  };
}

/** Of one resource; undefined = nothing is known of the pod. */
export interface PodUse {
  readonly total: number;
  readonly containers: ReadonlyMap<string, number>;
}
export type UseOf = (pod: Pod) => PodUse | undefined;

const requestOf = (pod: Pod, resource: string): number => amount(resource, podRequests(pod)[resource]);

/** The first is to go first: who uses more than it asked for, then lower priority, then who uses most beyond its request. */
export function rank(pods: readonly Pod[], resource: string, use: UseOf): readonly Pod[] {
  const beyond = (p: Pod): number => {
    const u = use(p);
    return u === undefined ? Number.POSITIVE_INFINITY : u.total - requestOf(p, resource);
  };
  const key = new Map(pods.map((p) => [p, { beyond: beyond(p), priority: p.spec.priority ?? 0 }]));
  return [...pods].sort((a, b) => {
    const [x, y] = [key.get(a)!, key.get(b)!];
    const unknown = Number(y.beyond === Number.POSITIVE_INFINITY) - Number(x.beyond === Number.POSITIVE_INFINITY);
    const exceeds = Number(y.beyond > 0) - Number(x.beyond > 0);
    return unknown || exceeds || x.priority - y.priority || (y.beyond === x.beyond ? 0 : y.beyond - x.beyond);
  });
}

/** What pod and event say. */
export function pressureMessage(pod: Pod, o: Observation, use: PodUse | undefined): string {
  const resource = resourceOf[o.signal];
  const text = (n: number) => (o.signal === 'nodefs.inodesFree' ? String(n) : bytesText(n));
  let message = `The node was low on resource: ${resource}. Threshold quantity: ${text(o.threshold)}, available: ${text(o.available)}. `;
  if (o.signal === 'nodefs.inodesFree') return message;
  for (const c of [...pod.spec.containers, ...initOf(pod)]) {
    const used = use?.containers.get(c.name);
    const request = c.resources?.requests?.[resource];
    if (used !== undefined && used > amount(resource, request))
      message += `Container ${c.name} was using ${bytesText(used)}, request is ${request ?? '0'}, has larger consumption of ${resource}. `;
  }
  return message;
}
