/** A shared, indexed copy of a collection that tells its handlers what changed. */
import type { KubeObject, ResourceRow } from '../api/resource-row.ts';
import type { EventHandler, Informer } from './cache.ts';
import type { ReflectorSink } from './reflector.ts';

/** `namespace/name`, or `name` for cluster-scoped kinds. */
export const objectKey = (obj: KubeObject): string =>
  obj.metadata.namespace ? `${obj.metadata.namespace}/${obj.metadata.name}` : (obj.metadata.name ?? '');

export interface InformerStore<T extends KubeObject> extends Informer<T>, ReflectorSink<T> {}

interface Index<T> {
  readonly values: (obj: T) => readonly string[];
  readonly byValue: Map<string, Map<string, T>>;
}

const byNamespace = ' namespace';

/** `onFault` hears of a handler that threw: the others still run. */
export function createInformer<T extends KubeObject>(
  row: ResourceRow<T>,
  onFault: (error: unknown) => void,
): InformerStore<T> {
  const objects = new Map<string, T>();
  const indexes = new Map<string, Index<T>>();
  const handlers = new Set<EventHandler<T>>();
  const ready = Promise.withResolvers<void>();
  let synced = false;

  const tell = (call: (h: EventHandler<T>) => void): void => {
    for (const h of handlers)
      try {
        call(h);
      } catch (e) {
        onFault(e);
      }
  };
  const put = (key: string, obj: T): T | undefined => {
    const old = objects.get(key);
    objects.set(key, obj);
    for (const index of indexes.values()) {
      if (old) unindex(index, key, old);
      for (const v of index.values(obj)) getOrInsert(index.byValue, v).set(key, obj);
    }
    return old;
  };
  const remove = (key: string): T | undefined => {
    const old = objects.get(key);
    if (!old) return undefined;
    objects.delete(key);
    for (const index of indexes.values()) unindex(index, key, old);
    return old;
  };
  const addIndex = (name: string, values: (obj: T) => readonly string[]): void => {
    const index: Index<T> = { values, byValue: new Map() };
    for (const [key, obj] of objects) for (const v of values(obj)) getOrInsert(index.byValue, v).set(key, obj);
    indexes.set(name, index);
  };
  if (row.namespaced) addIndex(byNamespace, (o) => [o.metadata.namespace ?? '']);

  const lookup = (index: string, value: string): readonly T[] => {
    const found = indexes.get(index);
    if (!found) throw new Error(`informer of ${row.plural} has no index "${index}"`);
    const hits = found.byValue.get(value);
    return hits ? [...hits.values()] : [];
  };

  return {
    row,
    get: (key) => objects.get(key),
    list: (namespace) =>
      namespace === undefined || !row.namespaced ? [...objects.values()] : lookup(byNamespace, namespace),
    byIndex: lookup,
    addIndex,
    addHandler(handler) {
      handlers.add(handler);
      for (const obj of objects.values())
        try {
          handler.onAdd?.(obj, true);
        } catch (e) {
          onFault(e);
        }
      return () => void handlers.delete(handler);
    },
    get hasSynced() {
      return synced;
    },
    synced(signal) {
      if (synced || !signal) return ready.promise;
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const abort = () => reject(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        void ready.promise.then(() => {
          signal.removeEventListener('abort', abort);
          resolve();
        });
      });
    },
    replace(items) {
      const fresh = new Map(items.map((i) => [objectKey(i), i]));
      for (const key of [...objects.keys()])
        if (!fresh.has(key)) {
          const old = remove(key)!;
          tell((h) => h.onDelete?.(old));
        }
      for (const [key, obj] of fresh) {
        const old = objects.get(key);
        if (old && old.metadata.resourceVersion === obj.metadata.resourceVersion) continue;
        put(key, obj);
        if (!old) tell((h) => h.onAdd?.(obj, !synced));
        // Deleted and made again while nobody watched: two objects, not one that changed.
        else if (old.metadata.uid !== obj.metadata.uid) {
          tell((h) => h.onDelete?.(old));
          tell((h) => h.onAdd?.(obj, false));
        } else tell((h) => h.onUpdate?.(old, obj));
      }
      synced = true;
      ready.resolve();
    },
    apply({ type, object }) {
      const key = objectKey(object);
      if (type === 'DELETED') {
        if (remove(key)) tell((h) => h.onDelete?.(object));
        return;
      }
      const old = put(key, object);
      if (old) tell((h) => h.onUpdate?.(old, object));
      else tell((h) => h.onAdd?.(object, false));
    },
  };
}

function unindex<T>(index: Index<T>, key: string, old: T): void {
  for (const v of index.values(old)) {
    const hits = index.byValue.get(v);
    hits?.delete(key);
    if (hits?.size === 0) index.byValue.delete(v);
  }
}

function getOrInsert<T>(m: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const found = m.get(key) ?? new Map<string, T>();
  m.set(key, found);
  return found;
}
