/**
 * The watch cache of one resource: what reads and watches are served from. It holds bytes ready to be sent and the few attributes
 * selectors need; an object is parsed only when somebody asks for it.
 */
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';

/** One object as served at one revision. Immutable and shared. */
export interface Entry {
  /** The store key, `/registry/pods/default/web`. */
  readonly key: string;
  /** '' for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  readonly createRevision: number;
  /** Canonical JSON with `metadata.resourceVersion` spliced in. Made on each use: whoever sends many entries uses copyTo. */
  readonly bytes: Buffer;
  /** Length of `bytes`. */
  readonly byteLength: number;
  /** Writes `bytes` into a buffer that has room for byteLength at `at`; answers byteLength. */
  copyTo(target: Buffer, at: number): number;
  readonly labels: Readonly<Record<string, string>>;
  /** Value of a selectable field (metadata.name and metadata.namespace included); undefined = not selectable. */
  field(name: string): string | undefined;
  /** Parsed on first use and kept for a while, with resourceVersion set. Shared: change by copy. */
  readonly object: KubeObject;
  /** The same state shown at another revision: a DELETED event shows the last state at the revision of the delete. */
  at(revision: number): Entry;
}

export interface CacheEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** DELETED: the last state, with the revision of the delete. */
  readonly entry: Entry;
  /** What was there before (MODIFIED, DELETED): a selector that stops or starts matching turns the event into DELETED or ADDED. */
  readonly prev: Entry | undefined;
}

export interface CacheWatch {
  /** Events after this revision are replayed first. Too old: onError with an `expired` StatusError. */
  readonly afterRevision: number;
  /** Only this namespace. */
  readonly namespace?: string | undefined;
  /** Only this object. */
  readonly name?: string | undefined;
  readonly signal: AbortSignal;
  /** In revision order. */
  readonly onEvents: (events: readonly CacheEvent[], revision: number) => void;
  /** The cache has seen everything up to `revision`, without an event for this watch (for bookmarks). */
  readonly onProgress?: (revision: number) => void;
  readonly onError: (error: Error) => void;
}

export interface Cache {
  readonly row: AnyRow;
  /** Everything up to this revision is in the cache. */
  readonly revision: number;
  /** Revision of the last change of this resource (of the first list, before any): a list as of a later one is what is here. */
  readonly changedAt: number;
  /** Resolves when the first list is in. */
  ready(signal?: AbortSignal): Promise<void>;
  /** Resolves when `revision` has been reached (no event needed for this resource); rejects with a timeout StatusError after 3 s. */
  waitUntil(revision: number, signal?: AbortSignal): Promise<void>;
  get(namespace: string, name: string): Entry | undefined;
  /** Entries in key order, of one namespace or all, after a key. Lazy: whoever needs one revision reads it within one tick. */
  range(namespace?: string, afterKey?: string): Iterable<Entry>;
  count(namespace?: string): number;
  /** Of all entries together, as they are stored. */
  readonly bytes: number;
  watch(options: CacheWatch): void;
  /**
   * Canonical JSON for the store (without resourceVersion). Remembers the object, so that the entry made when the commit comes back
   * need not parse it.
   */
  encode(obj: KubeObject): Buffer;
  /** A served entry from stored bytes at a revision (what a write answers before the watch brings it). */
  entryOf(key: string, stored: Buffer, revision: number, createRevision: number): Entry;
  close(): void;
}
