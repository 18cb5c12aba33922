/** What of a pod's allocated resources its running containers do not have yet (KEP-1287; upstream: kuberuntime computePodResizeAction). */
import type { Container, Pod } from '../../api/core/v1/types.ts';
import { amount } from '../admission/fit.ts';
import { initOf, isSidecar } from '../pod/identity.ts';
import { latest, type ObservedContainer, type ObservedPod } from '../pod/observed.ts';

export type Resources = NonNullable<Container['resources']>;
/** What a container was given last. */
export type Actuated = (container: ObservedContainer, spec: Container) => Resources;

const kinds = [
  ['cpu', 'limits'],
  ['cpu', 'requests'],
  ['memory', 'limits'],
  ['memory', 'requests'],
] as const;
const differs = (a: Resources, b: Resources, resource: 'cpu' | 'memory'): boolean =>
  kinds.some(([r, kind]) => r === resource && amount(r, a[kind]?.[r]) !== amount(r, b[kind]?.[r]));

/** `restart`: the container's resizePolicy wants a new start for what changes. */
export function resizeOf(c: Container, has: Resources): 'none' | 'update' | 'restart' {
  const changed = (['cpu', 'memory'] as const).filter((r) => differs(c.resources ?? {}, has, r));
  if (changed.length === 0) return 'none';
  const restarts = changed.some((r) =>
    c.resizePolicy?.some((p) => p.resourceName === r && p.restartPolicy === 'RestartContainer'),
  );
  return restarts ? 'restart' : 'update';
}

export interface Resizing {
  readonly container: Container;
  readonly observed: ObservedContainer;
  readonly has: Resources;
}
/** Running containers that have other resources than the (allocated) pod says; init containers that end are not resized. */
export function resizings(pod: Pod, observed: ObservedPod, actuated: Actuated): readonly Resizing[] {
  return [...initOf(pod).filter(isSidecar), ...pod.spec.containers].flatMap((container) => {
    const now = latest(observed, container.name);
    if (now?.state !== 'running') return [];
    const has = actuated(now, container);
    return resizeOf(container, has) === 'none' ? [] : [{ container, observed: now, has }];
  });
}
