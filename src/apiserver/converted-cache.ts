/** The cache of a kind that is stored in another version's form: the other kind's cache, seen through the conversion. */
import type { AnyRow, KubeObject, StoredAs } from '../api/resource-row.ts';
import type { Cache, CacheEvent, Entry } from './cache/index.ts';

class ConvertedEntry implements Entry {
  readonly #base: Entry;
  readonly #row: AnyRow;
  // biome-ignore lint/suspicious/noExplicitAny: the stored form of any kind
  readonly #storage: StoredAs<any>;
  #object: KubeObject | undefined;

  // biome-ignore lint/suspicious/noExplicitAny: the stored form of any kind
  constructor(base: Entry, row: AnyRow, storage: StoredAs<any>) {
    this.#base = base;
    this.#row = row;
    this.#storage = storage;
  }
  get key(): string {
    return this.#base.key;
  }
  get namespace(): string {
    return this.#base.namespace;
  }
  get name(): string {
    return this.#base.name;
  }
  get revision(): number {
    return this.#base.revision;
  }
  get createRevision(): number {
    return this.#base.createRevision;
  }
  get labels(): Entry['labels'] {
    return this.#base.labels;
  }
  get object(): KubeObject {
    this.#object ??= this.#storage.fromStored(this.#base.object) as KubeObject;
    return this.#object;
  }
  get bytes(): Buffer {
    const { apiVersion, kind, metadata, ...rest } = this.object;
    return Buffer.from(JSON.stringify({ apiVersion, kind, metadata, ...rest }));
  }
  get byteLength(): number {
    return this.bytes.length;
  }
  copyTo(target: Buffer, at: number): number {
    return this.bytes.copy(target, at);
  }
  field(name: string): string | undefined {
    if (name === 'metadata.name' || name === 'metadata.namespace') return this.#base.field(name);
    return (this.#row.selectableFields?.[name] as ((o: KubeObject) => string) | undefined)?.(this.object);
  }
  at(revision: number): Entry {
    return new ConvertedEntry(this.#base.at(revision), this.#row, this.#storage);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the stored form of any kind
export function convertedCache(row: AnyRow, storage: StoredAs<any>, base: Cache): Cache {
  const seen = new WeakMap<Entry, Entry>();
  const entry = (e: Entry): Entry => {
    let c = seen.get(e);
    if (!c) {
      c = new ConvertedEntry(e, row, storage);
      seen.set(e, c);
    }
    return c;
  };
  const event = (e: CacheEvent): CacheEvent => ({
    type: e.type,
    entry: entry(e.entry),
    prev: e.prev && entry(e.prev),
  });
  return {
    row,
    get revision() {
      return base.revision;
    },
    get changedAt() {
      return base.changedAt;
    },
    ready: (signal) => base.ready(signal),
    waitUntil: (revision, signal) => base.waitUntil(revision, signal),
    get(namespace, name) {
      const e = base.get(namespace, name);
      return e && entry(e);
    },
    *range(namespace, afterKey) {
      for (const e of base.range(namespace, afterKey)) yield entry(e);
    },
    count: (namespace) => base.count(namespace),
    get bytes() {
      return base.bytes;
    },
    watch: (o) => base.watch({ ...o, onEvents: (events, revision) => o.onEvents(events.map(event), revision) }),
    encode: (obj) => base.encode(storage.toStored(obj)),
    entryOf: (key, stored, revision, createRevision) => entry(base.entryOf(key, stored, revision, createRevision)),
    close() {},
  };
}
