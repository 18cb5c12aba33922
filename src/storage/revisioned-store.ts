/**
 * The store over a journal: queues writes, decides them in order, makes all that came in one tick durable in one commit, then shows
 * them to readers, tells watchers, and answers the writers. Memory and disk store are this with different journals.
 */
import type { Clock, Timer } from '../base/clock.ts';
import { ExpiryHeap } from './expiry.ts';
import type { Journal } from './journal.ts';
import { isLive } from './mvcc.ts';
import type { LiveVersion, Mvcc, Version } from './mvcc.ts';
import { FutureRevisionError } from './store.ts';
import type { KeyValue, ListOptions, ListResult, PutOptions, Store, WatchOptions, WriteResult } from './store.ts';
import { Watchers } from './watchers.ts';

/** A commit is closed at so many writes or bytes, so that no commit holds the event loop for long. */
const maxWritesPerCommit = 512;
const maxBytesPerCommit = 4 << 20;
/** Seconds after which a removal that could not be committed (full disk) is tried again. */
const expiryRetrySeconds = 5;

export interface StoreSettings {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly state: Mvcc;
  /** Older versions are kept up to so many bytes even when nobody compacts. */
  readonly maxHistoryBytes: number;
}

type Request =
  | {
      readonly op: 'put';
      readonly key: string;
      readonly expected: number;
      readonly value: Buffer;
      readonly ttl: number;
    }
  | { readonly op: 'delete'; readonly key: string; readonly expected: number }
  | { readonly op: 'compact'; readonly revision: number };

interface Pending {
  readonly request: Request;
  readonly resolve: (result: WriteResult) => void;
  readonly reject: (error: Error) => void;
  result: WriteResult | undefined;
}

export class StoreClosedError extends Error {
  constructor() {
    super('the store is closed');
    this.name = 'StoreClosedError';
  }
}

export class RevisionedStore implements Store {
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #state: Mvcc;
  readonly #maxHistoryBytes: number;
  readonly #watchers = new Watchers();
  readonly #expiries = new ExpiryHeap();
  #expiryTimer: Timer | undefined;
  #expiryTimerAt = 0;
  #queue: Pending[] = [];
  /** A commit is scheduled or under way. */
  #busy = false;
  #closed: Promise<void> | undefined;
  #idle: (() => void) | undefined;

  constructor(settings: StoreSettings) {
    this.#clock = settings.clock;
    this.#journal = settings.journal;
    this.#state = settings.state;
    this.#maxHistoryBytes = settings.maxHistoryBytes;
    this.#state.boundHistory(this.#maxHistoryBytes);
    for (const v of this.#state.live()) this.#expireLater(v);
    this.#armExpiry();
  }

  get revision(): number {
    return this.#state.revision;
  }

  get(key: string): Promise<KeyValue | undefined> {
    return Promise.resolve(this.#state.get(key));
  }

  list(prefix: string, options?: ListOptions): Promise<ListResult> {
    try {
      return Promise.resolve(this.#state.list(prefix, options));
    } catch (e) {
      return Promise.reject(e);
    }
  }

  put(key: string, value: Buffer, expected: number, options?: PutOptions): Promise<WriteResult> {
    if (key === '' || Buffer.byteLength(key) > 0xffff)
      return Promise.reject(new Error(`a key must have 1 to 65535 bytes: ${JSON.stringify(key.slice(0, 80))}`));
    return this.#enqueue({ op: 'put', key, expected, value, ttl: options?.ttlSeconds ?? 0 });
  }

  delete(key: string, expected: number): Promise<WriteResult> {
    return this.#enqueue({ op: 'delete', key, expected });
  }

  watch(prefix: string, options: WatchOptions): void {
    if (this.#closed) queueMicrotask(() => options.onError(new StoreClosedError()));
    else this.#watchers.add(prefix, options, this.#state);
  }

  currentRevision(): Promise<number> {
    return Promise.resolve(this.#state.revision);
  }

  async compact(revision: number): Promise<void> {
    if (revision > this.revision) throw new FutureRevisionError(revision, this.revision);
    if (revision > this.#state.compactRevision) await this.#enqueue({ op: 'compact', revision });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#expiryTimer?.cancel();
    if (this.#busy) await new Promise<void>((resolve) => (this.#idle = resolve));
    this.#watchers.fail(new StoreClosedError());
    await this.#journal.close();
  }

  #enqueue(request: Request): Promise<WriteResult> {
    if (this.#closed) return Promise.reject(new StoreClosedError());
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject, result: undefined });
      if (this.#busy) return;
      this.#busy = true;
      setImmediate(() => this.#commit());
    });
  }

  /** Decides what is queued, in order, and gives it to the journal as one commit. */
  #commit(): void {
    if (this.#queue.length === 0) {
      this.#busy = false;
      this.#idle?.();
      return;
    }
    // Keys written earlier in this commit; a later writer in the same commit must see them.
    const inCommit = new Map<string, Version>();
    const writes: Version[] = [];
    let bytes = 0;
    let compact = 0;
    let taken = 0;
    while (taken < this.#queue.length && taken < maxWritesPerCommit && bytes < maxBytesPerCommit) {
      const p = this.#queue[taken++]!;
      const r = p.request;
      if (r.op === 'compact') {
        compact = Math.max(compact, r.revision);
        p.result = { ok: true, revision: r.revision };
        continue;
      }
      const mine = inCommit.get(r.key);
      const current = mine === undefined ? this.#state.get(r.key) : isLive(mine) ? mine : undefined;
      if ((current?.modRevision ?? 0) !== r.expected || (r.op === 'delete' && !current)) {
        p.result = { ok: false, current, revision: this.#state.revision + writes.length };
        continue;
      }
      const modRevision = this.#state.revision + writes.length + 1;
      const v =
        r.op === 'put' ? this.#putVersion(r, current, modRevision) : deleteVersion(r.key, current!, modRevision);
      if (r.op === 'put') bytes += r.value.length;
      inCommit.set(r.key, v);
      writes.push(v);
      p.result = { ok: true, revision: modRevision };
    }
    const batch = taken === this.#queue.length ? this.#queue : this.#queue.slice(0, taken);
    this.#queue = taken === this.#queue.length ? [] : this.#queue.slice(taken);
    if (writes.length === 0 && compact === 0) {
      this.#finish(batch);
      return;
    }
    this.#journal.append({ writes, compact }, this.#state, (error) => {
      if (!error) this.#apply(writes, compact);
      this.#finish(batch, error);
    });
  }

  #apply(writes: readonly Version[], compact: number): void {
    for (const v of writes) {
      this.#state.apply(v);
      if (isLive(v)) this.#expireLater(v);
    }
    this.#watchers.deliver(writes, this.#state.revision);
    if (compact > 0) this.#state.compact(compact);
    this.#state.boundHistory(this.#maxHistoryBytes);
    this.#armExpiry();
  }

  #finish(batch: readonly Pending[], error?: Error): void {
    for (const p of batch) {
      if (error) p.reject(error);
      else p.resolve(p.result!);
    }
    setImmediate(() => this.#commit());
  }

  #putVersion(r: Extract<Request, { op: 'put' }>, current: LiveVersion | undefined, modRevision: number): LiveVersion {
    return {
      type: 'put',
      key: r.key,
      modRevision,
      value: r.value,
      createRevision: current ? current.createRevision : modRevision,
      prev: current,
      expiresAt: r.ttl > 0 ? Math.ceil(this.#clock.now() / 1000 + r.ttl) : 0,
    };
  }

  #expireLater(v: LiveVersion): void {
    if (v.expiresAt > 0) this.#expiries.push({ at: v.expiresAt, key: v.key, modRevision: v.modRevision });
  }

  /** One timer, for the key that expires next. */
  #armExpiry(): void {
    const next = this.#expiries.next;
    if (next === undefined || this.#closed) return;
    if (this.#expiryTimer && this.#expiryTimerAt <= next) return;
    this.#expiryTimer?.cancel();
    this.#expiryTimerAt = next;
    // Long timers are cut: a timer of Node holds at most 2^31 ms.
    const ms = Math.min(Math.max(0, next * 1000 - this.#clock.now()), 86_400_000);
    this.#expiryTimer = this.#clock.after(ms, () => {
      this.#expiryTimer = undefined;
      this.#removeExpired();
    });
  }

  #removeExpired(): void {
    const now = Math.floor(this.#clock.now() / 1000);
    for (let due = this.#expiries.popDue(now); due; due = this.#expiries.popDue(now)) {
      const { key, modRevision } = due;
      if (this.#state.get(key)?.modRevision !== modRevision) continue;
      this.#enqueue({ op: 'delete', key, expected: modRevision }).catch(() => {
        this.#expiries.push({ at: now + expiryRetrySeconds, key, modRevision });
        this.#armExpiry();
      });
    }
    this.#armExpiry();
  }
}

const deleteVersion = (key: string, current: LiveVersion, modRevision: number): Version => ({
  type: 'delete',
  key,
  modRevision,
  value: undefined,
  createRevision: current.createRevision,
  prev: current,
  expiresAt: 0,
});
