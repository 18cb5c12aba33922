/** Wakes a service when it or a pod it selects changes, and lists those pods: shared by the slices and the Endpoints. */
import type { Pod, Service } from '../../api/core/v1/types.ts';
import type { Informer, WorkQueue } from '../../client/cache.ts';
import { objectKey, selectorFromSet } from '../../machinery/index.ts';

export const selectedPods = (service: Service, pods: Informer<Pod>): readonly Pod[] => {
  const selector = selectorFromSet(service.spec.selector);
  return pods.list(service.metadata.namespace).filter((p) => selector.matches(p.metadata.labels ?? {}));
};

/** A service whose endpoints are made from its selector. */
export const hasSelector = (service: Service): boolean =>
  service.spec.type !== 'ExternalName' && Object.keys(service.spec.selector ?? {}).length > 0;

export const selectsAny = (service: Service, pods: readonly Pod[]): boolean => {
  const selector = selectorFromSet(service.spec.selector);
  return pods.some((p) => selector.matches(p.metadata.labels ?? {}));
};

/** What of a pod shows in endpoints: the rest of its changes wake nobody. */
const shownOf = (p: Pod): string =>
  JSON.stringify([
    p.metadata.labels,
    p.metadata.deletionTimestamp !== undefined,
    p.status.phase,
    p.status.podIP,
    p.status.podIPs,
    p.status.conditions?.find((c) => c.type === 'Ready')?.status,
    p.spec.nodeName,
  ]);

export function wakeServices(services: Informer<Service>, pods: Informer<Pod>, queue: WorkQueue): void {
  const wake = (s: Service) => queue.add(objectKey(s));
  services.addHandler({ onAdd: wake, onUpdate: (_, s) => wake(s), onDelete: wake });
  const wakeFor = (...of: readonly Pod[]) => {
    for (const s of services.list(of[0]?.metadata.namespace)) if (hasSelector(s) && selectsAny(s, of)) wake(s);
  };
  pods.addHandler({
    onAdd: (p) => wakeFor(p),
    onUpdate: (old, p) => {
      if (shownOf(old) !== shownOf(p)) wakeFor(old, p);
    },
    onDelete: (p) => wakeFor(p),
  });
}
