/** When the change that a write answers happened: the earliest of what is new (upstream: pkg/controller/util/endpoint/trigger_time_tracker.go). */
import type { Pod, Service } from '../../api/core/v1/types.ts';
import { findCondition } from '../../machinery/index.ts';

export interface TriggerTimes {
  /** RFC 3339; undefined when nothing with a known time changed since the last call for this service. */
  next(service: Service, pods: readonly Pod[]): string | undefined;
  forget(key: string): void;
}

const podTime = (pod: Pod): string | undefined => findCondition(pod.status.conditions, 'Ready')?.lastTransitionTime;

export function createTriggerTimes(): TriggerTimes {
  const known = new Map<string, { readonly service: string; readonly pods: Map<string, string> }>();
  return {
    next(service, pods) {
      const key = `${service.metadata.namespace}/${service.metadata.name}`;
      const before = known.get(key);
      const now = {
        service: service.metadata.creationTimestamp ?? '',
        pods: new Map(pods.map((p) => [p.metadata.name ?? '', podTime(p) ?? ''])),
      };
      known.set(key, now);
      const changed: string[] = [];
      for (const [name, time] of now.pods) if (time && before?.pods.get(name) !== time) changed.push(time);
      if (!before && now.service) changed.push(now.service);
      return changed.sort()[0];
    },
    forget: (key) => void known.delete(key),
  };
}
