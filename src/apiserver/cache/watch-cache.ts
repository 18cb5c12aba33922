/** The watch cache of a resource over a store: lists once, follows one watch, and serves reads and any number of watchers. */
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import { expired, StatusError } from '../../machinery/status-error.ts';
import { CompactedError, FutureRevisionError } from '../../storage/index.ts';
import type { KeyValue, Store, StoreEvent } from '../../storage/index.ts';
import type { Cache, CacheEvent, CacheWatch, Entry } from './cache.ts';
import { canonical, encodeCanonical } from './encoding.ts';
import { EntryIndex } from './entry-index.ts';
import { EntryShape, StoredEntry } from './entry.ts';
import { FanOut } from './fan-out.ts';
import { RecentEvents } from './recent-events.ts';

export interface CacheOptions {
  readonly row: AnyRow;
  readonly store: Store;
  /** What all keys begin with, upstream's --etcd-prefix: `/registry/`. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** For watches that start in the past: so many bytes and events at most. */
  readonly maxRecentBytes?: number;
  readonly maxRecentEvents?: number;
  /** Tests: served objects are frozen deeply. */
  readonly freeze?: boolean;
}

const listPage = 10_000;
/** The event loop is given back after so many entries of a list. */
const entriesPerTurn = 1000;
const waitMs = 3000;
const firstRetryMs = 100;
const longestRetryMs = 5000;

interface Waiter {
  readonly revision: number;
  readonly done: () => void;
}

export function createCache(options: CacheOptions): Cache {
  return new WatchCache(options);
}

class WatchCache implements Cache {
  readonly row: AnyRow;
  readonly #options: CacheOptions;
  readonly #keyPrefix: string;
  readonly #shape: EntryShape;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #fanOut: FanOut;
  readonly #recent: RecentEvents;
  /** The objects that buffers on their way to the store were encoded from. */
  readonly #sources = new WeakMap<Buffer, KubeObject>();
  #index = new EntryIndex();
  #revision = 0;
  #changedAt = 0;
  #isReady = false;
  #waiters = new Set<Waiter>();

  constructor(options: CacheOptions) {
    this.row = options.row;
    this.#options = options;
    this.#keyPrefix = `${options.prefix}${options.row.registryPath}/`;
    this.#shape = new EntryShape(options.row, this.#keyPrefix, options.freeze ?? false);
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#fanOut = new FanOut(options.clock);
    this.#recent = new RecentEvents(options.maxRecentBytes ?? 16 << 20, options.maxRecentEvents ?? 100_000);
    this.#signal.addEventListener('abort', () => this.#fanOut.clear(), { once: true });
    void this.#follow();
  }

  get revision(): number {
    return this.#revision;
  }

  get changedAt(): number {
    return this.#changedAt;
  }

  ready(signal?: AbortSignal): Promise<void> {
    return this.#isReady ? Promise.resolve() : this.#wait(0, signal, undefined);
  }

  waitUntil(revision: number, signal?: AbortSignal): Promise<void> {
    if (this.#isReady && this.#revision >= revision) return Promise.resolve();
    return this.#wait(revision, signal, () => tooLargeResourceVersion(revision, this.#revision));
  }

  get(namespace: string, name: string): Entry | undefined {
    const key = this.row.namespaced ? `${this.#keyPrefix}${namespace}/${name}` : this.#keyPrefix + name;
    return this.#index.get(this.row.namespaced ? namespace : '', key);
  }

  range(namespace?: string, afterKey?: string): Iterable<Entry> {
    if (namespace !== undefined && this.row.namespaced) return this.#index.inNamespace(namespace, afterKey);
    return this.#index.all(afterKey === undefined ? undefined : this.#namespaceOf(afterKey), afterKey);
  }

  count(namespace?: string): number {
    return this.#index.count(this.row.namespaced ? namespace : undefined);
  }

  get bytes(): number {
    return this.#index.bytes;
  }

  watch(options: CacheWatch): void {
    if (!this.#isReady) {
      this.ready(options.signal).then(
        () => this.watch(options),
        (e: Error) => {
          if (!options.signal.aborted) options.onError(e);
        },
      );
      return;
    }
    if (options.signal.aborted || this.#signal.aborted) return;
    if (options.afterRevision < this.#recent.floor) {
      const error = tooOld(options.afterRevision, this.#recent.floor);
      queueMicrotask(() => {
        if (!options.signal.aborted) options.onError(error);
      });
      return;
    }
    const replay = options.afterRevision < this.#revision ? this.#recent.after(options.afterRevision) : [];
    this.#fanOut.add(options, replay, this.#revision);
  }

  encode(obj: KubeObject): Buffer {
    const source = canonical(this.row, obj);
    const stored = encodeCanonical(source);
    this.#sources.set(stored, source);
    return stored;
  }

  entryOf(key: string, stored: Buffer, revision: number, createRevision: number): Entry {
    const namespace = this.#namespaceOf(key);
    const known = this.#index.get(namespace, key);
    if (known?.revision === revision) return known;
    return this.#entry(key, stored, revision, createRevision);
  }

  close(): void {
    this.#stop.abort();
  }

  // ---- following the store ----

  async #follow(): Promise<void> {
    const { clock, log } = this.#options;
    let retryMs = firstRetryMs;
    let mustList = true;
    while (!this.#signal.aborted) {
      try {
        if (mustList) await this.#load();
        mustList = false;
        retryMs = firstRetryMs;
        await this.#watchStore();
      } catch (e) {
        if (this.#signal.aborted) return;
        mustList ||= e instanceof CompactedError || e instanceof FutureRevisionError;
        log.warn('lost the store; trying again', { resource: this.#keyPrefix, error: e as Error, relist: mustList });
        await clock.sleep(retryMs, this.#signal).catch(() => {});
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      }
    }
  }

  /** Lists everything at one revision, page by page so that the event loop keeps turning, then shows it at once. */
  async #load(): Promise<void> {
    const { store } = this.#options;
    const index = new EntryIndex();
    let revision = 0;
    let from = this.#keyPrefix;
    for (;;) {
      const page = await store.list(this.#keyPrefix, { revision, from, limit: listPage });
      revision = page.revision;
      for (const [i, kv] of page.items.entries()) {
        if (i % entriesPerTurn === entriesPerTurn - 1) await new Promise((resolve) => setImmediate(resolve));
        index.set(this.#entryOfKeyValue(kv));
      }
      this.#signal.throwIfAborted();
      const last = page.items.at(-1);
      if (!page.more || !last) break;
      from = `${last.key}\0`;
    }
    const wasReady = this.#isReady;
    this.#index = index;
    this.#recent.reset(revision);
    this.#changedAt = revision;
    this.#isReady = true;
    // What happened between is not known: as upstream, every watcher lists again.
    if (wasReady) this.#fanOut.fail((after) => tooOld(after, revision));
    this.#advance(revision);
  }

  /** Rejects when the store's watch ends. */
  #watchStore(): Promise<never> {
    return new Promise((_resolve, reject) => {
      // Its own signal: a watch that was lost must not speak again.
      const lost = new AbortController();
      this.#options.store.watch(this.#keyPrefix, {
        afterRevision: this.#revision,
        signal: AbortSignal.any([this.#signal, lost.signal]),
        onEvents: (events, revision) => this.#take(events, revision),
        onProgress: (revision) => {
          this.#fanOut.push([], revision);
          this.#advance(revision);
        },
        onError: (error) => {
          lost.abort();
          reject(error);
        },
      });
      this.#signal.addEventListener('abort', () => reject(this.#signal.reason), { once: true, signal: lost.signal });
    });
  }

  #take(events: readonly StoreEvent[], revision: number): void {
    const out: CacheEvent[] = [];
    for (const event of events) {
      const made = this.#apply(event);
      if (!made) continue;
      this.#recent.push(made);
      this.#changedAt = event.modRevision;
      out.push(made);
    }
    this.#fanOut.push(out, revision);
    this.#advance(revision);
  }

  #apply(event: StoreEvent): CacheEvent | undefined {
    if (event.type === 'put') {
      const entry = this.#entry(event.key, event.value!, event.modRevision, event.createRevision);
      const prev = this.#index.set(entry);
      return { type: prev ? 'MODIFIED' : 'ADDED', entry, prev };
    }
    const prev = this.#index.delete(this.#namespaceOf(event.key), event.key);
    return prev && { type: 'DELETED', entry: prev.at(event.modRevision), prev };
  }

  #advance(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
    for (const w of this.#waiters) if (w.revision <= this.#revision) w.done();
  }

  // ---- entries ----

  #entryOfKeyValue(kv: KeyValue): StoredEntry {
    const known = this.#index.get(this.#namespaceOf(kv.key), kv.key);
    return known?.revision === kv.modRevision
      ? known
      : this.#entry(kv.key, kv.value, kv.modRevision, kv.createRevision);
  }

  #entry(key: string, stored: Buffer, revision: number, createRevision: number): StoredEntry {
    const source = this.#sources.get(stored);
    if (source) this.#sources.delete(stored);
    const namespace = this.#index.namespaceText(this.#namespaceOf(key));
    return new StoredEntry(this.#shape, { key, namespace, revision, createRevision, stored, source });
  }

  /** '' for cluster-scoped rows. */
  #namespaceOf(key: string): string {
    if (!this.row.namespaced) return '';
    const start = this.#keyPrefix.length;
    const slash = key.indexOf('/', start);
    return slash < 0 ? '' : key.slice(start, slash);
  }

  // ---- waiting ----

  #wait(revision: number, signal: AbortSignal | undefined, onTimeout: (() => Error) | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const end = () => {
        this.#waiters.delete(waiter);
        timer?.cancel();
        signal?.removeEventListener('abort', onAbort);
        this.#signal.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        end();
        reject(signal?.aborted ? signal.reason : this.#signal.reason);
      };
      const waiter: Waiter = {
        revision,
        done: () => {
          end();
          resolve();
        },
      };
      if (signal?.aborted || this.#signal.aborted) {
        onAbort();
        return;
      }
      this.#waiters.add(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#signal.addEventListener('abort', onAbort, { once: true });
      if (onTimeout)
        timer = this.#options.clock.after(waitMs, () => {
          end();
          reject(onTimeout());
        });
    });
  }
}

/** Upstream: storage/cacher/watch_cache.go, getAllEventsSince. */
const tooOld = (revision: number, oldest: number): StatusError =>
  expired(`too old resource version: ${revision} (${oldest})`);

/** Upstream: storage/errors.go, NewTooLargeResourceVersionError. */
const tooLargeResourceVersion = (revision: number, current: number): StatusError =>
  new StatusError(504, 'Timeout', `Timeout: Too large resource version: ${revision}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
