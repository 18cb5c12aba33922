/** The entries of one row by namespace, each in key order: a list of one namespace touches no other. */
import { SortedMap } from '../../storage/index.ts';
import type { StoredEntry } from './entry.ts';

interface Bucket {
  readonly namespace: string;
  readonly entries: SortedMap<StoredEntry>;
}

export class EntryIndex {
  #buckets = new Map<string, Bucket>();
  /** By `namespace/`, which is how namespaces stand in store keys. */
  #order = new SortedMap<Bucket>();
  #size = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get(namespace: string, key: string): StoredEntry | undefined {
    return this.#buckets.get(namespace)?.entries.get(key);
  }

  /** One string for all entries of a namespace. */
  namespaceText(namespace: string): string {
    return this.#buckets.get(namespace)?.namespace ?? namespace;
  }

  set(entry: StoredEntry): StoredEntry | undefined {
    let bucket = this.#buckets.get(entry.namespace);
    if (!bucket) {
      bucket = { namespace: entry.namespace, entries: new SortedMap() };
      this.#buckets.set(entry.namespace, bucket);
      this.#order.set(`${entry.namespace}/`, bucket);
    }
    const old = bucket.entries.set(entry.key, entry);
    if (!old) this.#size++;
    this.#bytes += entry.stored.length - (old?.stored.length ?? 0);
    return old;
  }

  delete(namespace: string, key: string): StoredEntry | undefined {
    const bucket = this.#buckets.get(namespace);
    const old = bucket?.entries.delete(key);
    if (!bucket || !old) return undefined;
    this.#size--;
    this.#bytes -= old.stored.length;
    if (bucket.entries.size === 0) {
      this.#buckets.delete(namespace);
      this.#order.delete(`${namespace}/`);
    }
    return old;
  }

  count(namespace?: string): number {
    return namespace === undefined ? this.#size : (this.#buckets.get(namespace)?.entries.size ?? 0);
  }

  /** Of one namespace, after a key. */
  *inNamespace(namespace: string, afterKey?: string): Generator<StoredEntry, void, undefined> {
    const bucket = this.#buckets.get(namespace);
    if (bucket) yield* bucket.entries.values(afterKey);
  }

  /** Of all namespaces, after a key that lies in `afterNamespace`. */
  *all(afterNamespace?: string, afterKey?: string): Generator<StoredEntry, void, undefined> {
    if (afterNamespace !== undefined) yield* this.inNamespace(afterNamespace, afterKey);
    const buckets = this.#order.values(afterNamespace === undefined ? undefined : `${afterNamespace}/`);
    for (const bucket of buckets) yield* bucket.entries.values();
  }
}
