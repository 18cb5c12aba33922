/**
 * Hands events to watchers: each event goes only to those whose namespace and name it concerns; deliveries are cut into slices of
 * time so that thousands of watchers do not hold the event loop. Every watcher has its own queue, so none loses or reorders anything.
 */
import type { Clock, Timer } from '../../base/clock.ts';
import type { CacheEvent, CacheWatch } from './cache.ts';
import { dropFrames } from './frame.ts';

/** The event loop is given back after so long. */
const sliceMs = 5;
/** Progress is told at most this often. */
const progressEveryMs = 1000;

interface Watcher {
  readonly options: CacheWatch;
  readonly stop: () => void;
  /** Events not handed over yet. */
  pending: CacheEvent[];
  /** The last revision told. */
  told: number;
}

type Group = Set<Watcher>;

export class FanOut {
  readonly #clock: Clock;
  #revision = 0;
  /** Watchers of everything, of a namespace, of one object (`namespace/name`). */
  #everything: Group = new Set();
  #byNamespace = new Map<string, Group>();
  #byName = new Map<string, Group>();
  #waiting: Group = new Set();
  /** Events of which some watcher may still need the frame. */
  #unsent: CacheEvent[] = [];
  #pumpScheduled = false;
  #progressTimer: Timer | undefined;
  /** Watchers that want to be told of progress. */
  #wantProgress = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    let n = this.#everything.size;
    for (const group of this.#byNamespace.values()) n += group.size;
    for (const group of this.#byName.values()) n += group.size;
    return n;
  }

  /** Adds a watcher that is first given `replay` (of which it takes what concerns it). */
  add(options: CacheWatch, replay: readonly CacheEvent[], revision: number): void {
    if (options.signal.aborted) return;
    const { namespace, name } = options;
    const watcher: Watcher = {
      options,
      stop: () => this.#remove(watcher),
      pending: replay.filter((e) => concerns(options, e)),
      told: options.afterRevision,
    };
    this.#revision = Math.max(this.#revision, revision);
    this.#groupFor(namespace, name, true)!.add(watcher);
    if (options.onProgress) this.#wantProgress++;
    options.signal.addEventListener('abort', watcher.stop, { once: true });
    if (watcher.pending.length > 0) {
      this.#waiting.add(watcher);
      this.#schedule();
    }
    this.#progressLater();
  }

  /** Everything up to `revision` has happened; `events` is what is new. */
  push(events: readonly CacheEvent[], revision: number): void {
    this.#revision = revision;
    for (const event of events) {
      const { namespace, name } = event.entry;
      this.#offer(this.#everything, event);
      if (this.#byNamespace.size > 0) this.#offer(this.#byNamespace.get(namespace), event);
      if (this.#byName.size > 0) this.#offer(this.#byName.get(`${namespace}/${name}`), event);
      this.#unsent.push(event);
    }
    if (!this.#pumpScheduled) this.#pump();
    this.#progressLater();
  }

  /** Ends every watch with an error made for its last revision. */
  fail(errorFor: (afterRevision: number) => Error): void {
    const all = this.#watchers();
    this.clear();
    for (const w of all) w.options.onError(errorFor(w.told));
  }

  /** Ends every watch in silence. */
  clear(): void {
    for (const w of this.#watchers()) this.#remove(w);
    this.#unsent = [];
    this.#progressTimer?.cancel();
    this.#progressTimer = undefined;
  }

  #watchers(): Watcher[] {
    return [this.#everything, ...this.#byNamespace.values(), ...this.#byName.values()].flatMap((group) => [...group]);
  }

  #offer(group: Group | undefined, event: CacheEvent): void {
    if (!group) return;
    for (const w of group) {
      if (!concerns(w.options, event)) continue;
      w.pending.push(event);
      this.#waiting.add(w);
    }
  }

  #schedule(): void {
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    setImmediate(() => {
      this.#pumpScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    const until = this.#clock.monotonic() + sliceMs;
    for (const w of this.#waiting) {
      this.#waiting.delete(w);
      const events = w.pending;
      w.pending = [];
      w.told = this.#revision;
      this.#call(w, () => w.options.onEvents(events, this.#revision));
      if (this.#waiting.size > 0 && this.#clock.monotonic() > until) {
        this.#schedule();
        return;
      }
    }
    for (const event of this.#unsent) dropFrames(event);
    this.#unsent = [];
  }

  #progressLater(): void {
    if (this.#progressTimer || this.#wantProgress === 0) return;
    this.#progressTimer = this.#clock.after(progressEveryMs, () => {
      this.#progressTimer = undefined;
      for (const w of this.#watchers()) {
        if (!w.options.onProgress || w.pending.length > 0 || w.told >= this.#revision) continue;
        w.told = this.#revision;
        this.#call(w, () => w.options.onProgress?.(this.#revision));
      }
    });
  }

  /** A watcher that throws loses its watch; the others do not notice. */
  #call(w: Watcher, fn: () => void): void {
    try {
      fn();
    } catch (e) {
      this.#remove(w);
      w.options.onError(e instanceof Error ? e : new Error(String(e)));
    }
  }

  #groupFor(namespace: string | undefined, name: string | undefined, make: boolean): Group | undefined {
    if (namespace === undefined) return this.#everything;
    const [map, key] =
      name === undefined
        ? ([this.#byNamespace, namespace] as const)
        : ([this.#byName, `${namespace}/${name}`] as const);
    const group = map.get(key);
    if (group || !make) return group;
    const added: Group = new Set();
    map.set(key, added);
    return added;
  }

  #remove(w: Watcher): void {
    const { namespace, name } = w.options;
    w.options.signal.removeEventListener('abort', w.stop);
    this.#waiting.delete(w);
    const group = this.#groupFor(namespace, name, false);
    if (group?.delete(w) && w.options.onProgress) this.#wantProgress--;
    if (namespace === undefined || group?.size !== 0) return;
    if (name === undefined) this.#byNamespace.delete(namespace);
    else this.#byName.delete(`${namespace}/${name}`);
  }
}

const concerns = (options: CacheWatch, event: CacheEvent): boolean =>
  event.entry.revision > options.afterRevision &&
  (options.namespace === undefined || options.namespace === event.entry.namespace) &&
  (options.name === undefined || options.name === event.entry.name);
