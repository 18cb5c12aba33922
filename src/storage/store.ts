/**
 * The revisioned key-value store behind the API server: etcd's model (one growing revision, compare on mod revision, watch from a
 * revision, compaction). Values are opaque bytes. Implementations: memory, disk, etcd; all pass test/contracts/store.ts.
 */

export interface KeyValue {
  readonly key: string;
  readonly value: Buffer;
  /** Revision of the write that created the key. */
  readonly createRevision: number;
  /** Revision of the last write. */
  readonly modRevision: number;
}

export interface StoreEvent {
  readonly type: 'put' | 'delete';
  readonly key: string;
  readonly modRevision: number;
  /** put: the new value; delete: undefined. */
  readonly value: Buffer | undefined;
  readonly createRevision: number;
  /** What the key held before, if it existed. */
  readonly prev: KeyValue | undefined;
}

export interface ListOptions {
  /** Read at this revision; 0 or absent = newest. */
  readonly revision?: number;
  /** At most this many items. */
  readonly limit?: number;
  /** Start at this key (inclusive), which must have the prefix. */
  readonly from?: string;
}

export interface ListResult {
  readonly items: readonly KeyValue[];
  /** Revision of the read. */
  readonly revision: number;
  readonly more: boolean;
  /** Keys with the prefix after the last item, when known and `more`. */
  readonly remaining: number;
}

export interface PutOptions {
  /** Removed by itself after so many seconds (events). */
  readonly ttlSeconds?: number;
}

export type WriteResult =
  | { readonly ok: true; readonly revision: number }
  /** The expectation failed; `current` is what is there. */
  | { readonly ok: false; readonly current: KeyValue | undefined; readonly revision: number };

export interface WatchOptions {
  /** Events with modRevision > this; absent = from now. Below the compacted revision: CompactedError. */
  readonly afterRevision?: number;
  readonly signal: AbortSignal;
  /** All events of one commit that match, in revision order. */
  readonly onEvents: (events: readonly StoreEvent[], revision: number) => void;
  /** Nothing was pending and the watch is complete up to `revision` (progress). */
  readonly onProgress?: (revision: number) => void;
  /** The watch ended by a fault of the store (CompactedError included); never called after abort. */
  readonly onError: (error: Error) => void;
}

export class CompactedError extends Error {
  readonly compactRevision: number;
  constructor(compactRevision: number) {
    super(`required revision has been compacted: compacted at ${compactRevision}`);
    this.name = 'CompactedError';
    this.compactRevision = compactRevision;
  }
}

/** A read or watch at a revision that does not exist yet. */
export class FutureRevisionError extends Error {
  constructor(asked: number, current: number) {
    super(`required revision ${asked} is a future revision: current is ${current}`);
    this.name = 'FutureRevisionError';
  }
}

export interface Store {
  /** Newest committed revision that this process knows of. */
  readonly revision: number;
  get(key: string): Promise<KeyValue | undefined>;
  /** Keys that start with `prefix`, in byte order. */
  list(prefix: string, options?: ListOptions): Promise<ListResult>;
  /**
   * Puts when the key's mod revision equals `expected` (0 = must not exist). Resolves only when durable.
   * Many writers in one tick share one commit; each write has a revision of its own.
   */
  put(key: string, value: Buffer, expected: number, options?: PutOptions): Promise<WriteResult>;
  /** Deletes when the key's mod revision equals `expected`. */
  delete(key: string, expected: number): Promise<WriteResult>;
  watch(prefix: string, options: WatchOptions): void;
  /** Asks the backend for its newest revision (a linearisable read point). */
  currentRevision(): Promise<number>;
  /** Forgets history up to `revision`. */
  compact(revision: number): Promise<void>;
  close(): Promise<void>;
}
