/** Informers shared by everything in one process that reads the same collection. */
import type { AnyRow, KubeObject, ObjectOf } from '../api/resource-row.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Informer, InformerFactory } from './cache.ts';
import type { Client } from './client.ts';
import { createInformer, type InformerStore } from './informer.ts';
import { runReflector } from './reflector.ts';

export interface InformerFactoryOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}

interface Known {
  readonly informer: InformerStore<KubeObject>;
  readonly selection: { readonly namespace?: string; readonly labelSelector?: string; readonly fieldSelector?: string };
  started: boolean;
}

export function createInformerFactory(o: InformerFactoryOptions): InformerFactory {
  const known = new Map<string, Known>();
  return {
    informer<R extends AnyRow>(row: R, selection: Known['selection'] = {}) {
      const key = JSON.stringify([
        row.group,
        row.version,
        row.plural,
        selection.namespace,
        selection.labelSelector,
        selection.fieldSelector,
      ]);
      let found = known.get(key);
      if (!found) {
        const informer = createInformer(row, (e) =>
          o.log.error(`a handler of ${row.plural} failed`, { error: e as Error }),
        );
        found = { informer: informer as InformerStore<KubeObject>, selection, started: false };
        known.set(key, found);
      }
      return found.informer as unknown as Informer<ObjectOf<R>>;
    },
    start(signal) {
      for (const k of known.values()) {
        if (k.started) continue;
        k.started = true;
        void runReflector({ ...o, row: k.informer.row, ...k.selection, sink: k.informer, signal });
      }
    },
    async synced(signal) {
      await Promise.all([...known.values()].filter((k) => k.started).map((k) => k.informer.synced(signal)));
    },
  };
}
