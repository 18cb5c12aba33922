/** Who watches which prefix, and the handing out of commits to them. */
import type { Mvcc, Version } from './mvcc.ts';
import type { StoreEvent, WatchOptions } from './store.ts';

export class Watchers {
  #byPrefix = new Map<string, Set<WatchOptions>>();

  /** Starts a watch; what `afterRevision` asks for from history comes first, in a microtask. */
  add(prefix: string, options: WatchOptions, state: Mvcc): void {
    if (options.signal.aborted) return;
    let replay: readonly Version[] = [];
    const upTo = state.revision;
    if (options.afterRevision !== undefined) {
      try {
        replay = state.since(options.afterRevision, prefix);
      } catch (e) {
        queueMicrotask(() => {
          if (!options.signal.aborted) options.onError(e as Error);
        });
        return;
      }
    }
    const group = this.#byPrefix.get(prefix) ?? new Set();
    this.#byPrefix.set(prefix, group);
    group.add(options);
    options.signal.addEventListener('abort', () => this.#remove(prefix, options), { once: true });
    queueMicrotask(() => {
      if (group.has(options)) this.#tell(prefix, options, replay, upTo);
    });
  }

  /** Hands a commit's writes to the watchers whose prefix matches; the others get the progress. */
  deliver(writes: readonly Version[], revision: number): void {
    for (const [prefix, group] of this.#byPrefix) {
      const events = writes.filter((w) => w.key.startsWith(prefix));
      for (const options of [...group]) if (group.has(options)) this.#tell(prefix, options, events, revision);
    }
  }

  /** Ends every watch with an error. */
  fail(error: Error): void {
    const all = [...this.#byPrefix.values()].flatMap((group) => [...group]);
    this.#byPrefix.clear();
    for (const options of all) if (!options.signal.aborted) options.onError(error);
  }

  #tell(prefix: string, options: WatchOptions, events: readonly StoreEvent[], revision: number): void {
    try {
      if (events.length > 0) options.onEvents(events, revision);
      else options.onProgress?.(revision);
    } catch (e) {
      // A watcher that throws loses its watch; the commit and the other watchers do not suffer.
      this.#remove(prefix, options);
      options.onError(e instanceof Error ? e : new Error(String(e)));
    }
  }

  #remove(prefix: string, options: WatchOptions): void {
    const group = this.#byPrefix.get(prefix);
    group?.delete(options);
    if (group?.size === 0) this.#byPrefix.delete(prefix);
  }
}
