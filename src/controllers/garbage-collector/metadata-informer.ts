/** An informer of a kind nobody else reads: it keeps of each object what the graph needs, not the object, to spare memory. */
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';
import type { Informer } from '../../client/cache.ts';
import { createInformer, runReflector } from '../../client/index.ts';
import type { ControllerContext } from '../controller.ts';

/** Identity, owners, finalizers and the mark of deletion. */
export function metadataOf(obj: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, ownerReferences, finalizers, deletionTimestamp } = obj.metadata;
  return {
    apiVersion: obj.apiVersion,
    kind: obj.kind,
    metadata: {
      name,
      namespace,
      uid,
      resourceVersion,
      ...(ownerReferences && { ownerReferences }),
      ...(finalizers && { finalizers }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
  };
}

export interface MetadataInformer {
  readonly informer: Informer;
  /** Begins to list and watch; returns at once. */
  start(signal: AbortSignal): void;
}

export function createMetadataInformer(row: AnyRow, c: ControllerContext): MetadataInformer {
  const informer = createInformer<KubeObject>(row, (e) =>
    c.log.error(`a handler of ${row.plural} failed`, { error: e as Error }),
  );
  return {
    informer,
    start(signal) {
      const sink: Pick<typeof informer, 'replace' | 'apply'> = {
        replace: (items, revision) => informer.replace(items.map(metadataOf), revision),
        apply: ({ type, object }) => informer.apply({ type, object: metadataOf(object) }),
      };
      void runReflector<KubeObject>({
        client: c.client,
        clock: c.clock,
        random: c.random,
        log: c.log,
        row,
        sink,
        signal,
      });
    },
  };
}
