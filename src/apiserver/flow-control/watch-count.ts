/** Counts watches by what they look at, to know what a write sets off (upstream: util/flowcontrol/watch_tracker.go). */
import type { RequestInfo } from '../attributes.ts';

export interface WatchCount {
  /** Call the result when the watch ends; more than once does no harm. */
  register(info: RequestInfo, query: URLSearchParams): () => void;
  /** Watches that a write may concern. */
  interested(info: RequestInfo): number;
}

const idOf = (i: RequestInfo, namespace: string, name: string): string =>
  namespace === '' && name === '' ? `${i.group}/${i.resource}` : `${i.group}/${i.resource}/${namespace}/${name}`;

/** Watches of the pods of one node are told by index: a write concerns but one of them. */
const onOneNode = (i: RequestInfo, query: URLSearchParams): boolean =>
  i.resource === 'pods' && /(?:^|,)spec\.nodeName==?[^,]/.test(query.get('fieldSelector') ?? '');

export function watchCount(): WatchCount {
  const counts = new Map<string, number>();
  return {
    register(info, query) {
      if (onOneNode(info, query)) return () => {};
      const id = idOf(info, info.namespace, info.name);
      counts.set(id, (counts.get(id) ?? 0) + 1);
      let isCounted = true;
      return () => {
        if (!isCounted) return;
        isCounted = false;
        const left = counts.get(id)! - 1;
        if (left > 0) counts.set(id, left);
        else counts.delete(id);
      };
    },
    interested(info) {
      if (counts.size === 0) return 0;
      let n = counts.get(idOf(info, '', '')) ?? 0;
      if (info.namespace !== '') n += counts.get(idOf(info, info.namespace, '')) ?? 0;
      if (info.name !== '') n += counts.get(idOf(info, info.namespace, info.name)) ?? 0;
      return n;
    },
  };
}
