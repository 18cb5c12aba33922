/**
 * The state of a store in memory: every key's versions back to the compacted revision, and the history of writes in revision order.
 * Pure: no I/O, no time; memory and disk store share it.
 */
import { SortedMap } from './sorted-map.ts';
import { CompactedError, FutureRevisionError } from './store.ts';
import type { KeyValue, ListOptions, ListResult, StoreEvent } from './store.ts';

/** One write: the event that watchers get and the value that readers get are the same object. */
export interface Version extends StoreEvent {
  readonly prev: LiveVersion | undefined;
  /** Seconds since the epoch at which the store removes the key by itself; 0 = never. */
  readonly expiresAt: number;
}
export interface LiveVersion extends Version {
  readonly type: 'put';
  readonly value: Buffer;
}

/** What a superseded version costs beside its value, in bytes (an estimate for the bound on history). */
const versionOverhead = 200;

export const isLive = (v: Version | undefined): v is LiveVersion => v !== undefined && v.value !== undefined;

const superseded = (v: Version): number => (v.prev ? v.prev.value.length : 0) + versionOverhead;

export class Mvcc {
  #index = new SortedMap<Version>();
  #history: Version[] = [];
  /** Index in #history of the first write after the compacted revision. */
  #head = 0;
  #revision: number;
  #compacted: number;
  #historyBytes = 0;
  #liveBytes = 0;
  #liveKeys = 0;

  /** Starts empty at a revision; 1 as etcd does (the first write gets 2). */
  constructor(revision = 1) {
    this.#revision = revision;
    this.#compacted = revision;
  }

  get revision(): number {
    return this.#revision;
  }
  /** The oldest revision that can be read. */
  get compactRevision(): number {
    return this.#compacted;
  }
  /** Bytes held only for reads at older revisions. */
  get historyBytes(): number {
    return this.#historyBytes;
  }
  /** Bytes of the keys and values that exist. */
  get liveBytes(): number {
    return this.#liveBytes;
  }
  get liveKeys(): number {
    return this.#liveKeys;
  }

  get(key: string): LiveVersion | undefined {
    const v = this.#index.get(key);
    return isLive(v) ? v : undefined;
  }

  /** Takes in a write whose revision is the next one and whose `prev` is what `get` answers. */
  apply(v: Version): void {
    if (v.modRevision !== this.#revision + 1)
      throw new Error(`write at revision ${v.modRevision} does not follow ${this.#revision}`);
    this.#revision = v.modRevision;
    this.#index.set(v.key, chained(v, this.#index));
    this.#history.push(v);
    this.#historyBytes += superseded(v);
    this.#count(v.prev, -1);
    this.#count(v, 1);
  }

  /** Takes in what existed at the start (a snapshot): no history. */
  load(v: LiveVersion): void {
    this.#index.set(v.key, v);
    this.#count(v, 1);
  }

  list(prefix: string, options: ListOptions = {}): ListResult {
    const revision = options.revision || this.#revision;
    this.checkReadable(revision);
    const limit = options.limit || Number.POSITIVE_INFINITY;
    const newest = revision === this.#revision;
    const from = options.from?.startsWith(prefix) ? options.from : prefix;
    const items: KeyValue[] = [];
    let remaining = 0;
    this.#index.scan(from, (key, v) => {
      if (!key.startsWith(prefix)) return false;
      const at = newest ? v : versionAt(v, revision);
      if (isLive(at)) {
        if (items.length < limit) items.push(at);
        else remaining++;
      }
      return true;
    });
    return { items, revision, more: remaining > 0, remaining };
  }

  /** Everything that exists, in key order. */
  live(): LiveVersion[] {
    const all: LiveVersion[] = [];
    this.#index.scan('', (_key, v) => {
      if (isLive(v)) all.push(v);
      return true;
    });
    return all;
  }

  /** Writes after a revision under a prefix, in order. Throws when they are compacted or in the future. */
  since(revision: number, prefix: string): Version[] {
    this.checkReadable(revision);
    const found: Version[] = [];
    for (let i = this.#head + (revision - this.#compacted); i < this.#history.length; i++) {
      const v = this.#history[i]!;
      if (v.key.startsWith(prefix)) found.push(v);
    }
    return found;
  }

  /** Throws unless the revision can be read: CompactedError, FutureRevisionError. */
  checkReadable(revision: number): void {
    if (revision < this.#compacted) throw new CompactedError(this.#compacted);
    if (revision > this.#revision) throw new FutureRevisionError(revision, this.#revision);
  }

  /** Forgets what only reads below `revision` need. Nothing happens when that is so already. */
  compact(revision: number): void {
    if (revision > this.#revision) throw new FutureRevisionError(revision, this.#revision);
    while (this.#compacted < revision) this.#forgetOldest();
    this.#trim();
  }

  /** Forgets the oldest history until at most `bytes` of it are left. */
  boundHistory(bytes: number): void {
    while (this.#historyBytes > bytes && this.#compacted < this.#revision) this.#forgetOldest();
    this.#trim();
  }

  #forgetOldest(): void {
    const v = this.#history[this.#head++]!;
    this.#compacted = v.modRevision;
    this.#historyBytes -= superseded(v);
    forget(v);
    if (v.value === undefined && this.#index.get(v.key) === v) this.#index.delete(v.key);
  }

  #trim(): void {
    if (this.#head < 1024 || this.#head * 2 < this.#history.length) return;
    this.#history = this.#history.slice(this.#head);
    this.#head = 0;
  }

  #count(v: Version | undefined, sign: 1 | -1): void {
    if (!isLive(v)) return;
    this.#liveBytes += sign * (v.key.length + v.value.length);
    this.#liveKeys += sign;
  }
}

/** Older versions behind a tombstone: what a re-created key held before it was deleted. */
const before = new WeakMap<Version, Version>();

/** Links a new version to the tombstone it replaces, which `prev` (what existed just before) does not show. */
function chained(v: Version, index: SortedMap<Version>): Version {
  if (v.prev === undefined) {
    const tombstone = index.get(v.key);
    if (tombstone) before.set(v, tombstone);
  }
  return v;
}

function versionAt(newest: Version, revision: number): Version | undefined {
  let v: Version | undefined = newest;
  while (v && v.modRevision > revision) v = v.prev ?? before.get(v);
  return v;
}

/** Nobody may read below this version any more. */
function forget(v: Version): void {
  before.delete(v);
  (v as { prev: LiveVersion | undefined }).prev = undefined;
}
