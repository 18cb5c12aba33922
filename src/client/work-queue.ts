/** Keys to work on: each once, one worker per key at a time, retries with growing pauses (client-go util/workqueue). */
import type { Clock, Timer } from '../base/clock.ts';
import type { WorkQueue } from './cache.ts';

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Pause after the first failure of a key; doubles with each. */
  readonly baseDelayMs?: number;
  readonly maxDelayMs?: number;
}

export function createWorkQueue(o: WorkQueueOptions): WorkQueue {
  const [base, max] = [o.baseDelayMs ?? 5, o.maxDelayMs ?? 1_000_000];
  /** In the order they came. */
  const queue = new Set<string>();
  /** Wanted again while being worked on. */
  const dirty = new Set<string>();
  const processing = new Set<string>();
  const failures = new Map<string, number>();
  const delayed = new Map<string, { readonly at: number; readonly timer: Timer }>();
  const waiting: ((key: string | undefined) => void)[] = [];
  let down = false;

  const add = (key: string): void => {
    if (down) return;
    if (processing.has(key)) {
      dirty.add(key);
      return;
    }
    const worker = queue.has(key) ? undefined : waiting.shift();
    if (worker) {
      processing.add(key);
      worker(key);
    } else queue.add(key);
  };
  const addAfter = (key: string, ms: number): void => {
    if (down) return;
    if (ms <= 0) {
      add(key);
      return;
    }
    const at = o.clock.monotonic() + ms;
    const known = delayed.get(key);
    // The earlier of two wishes wins.
    if (known && known.at <= at) return;
    known?.timer.cancel();
    const timer = o.clock.after(ms, () => {
      delayed.delete(key);
      add(key);
    });
    delayed.set(key, { at, timer });
  };
  return {
    add,
    addAfter,
    addRateLimited(key) {
      const n = failures.get(key) ?? 0;
      failures.set(key, n + 1);
      addAfter(key, Math.min(max, base * 2 ** Math.min(n, 40)));
    },
    forget: (key) => void failures.delete(key),
    numRequeues: (key) => failures.get(key) ?? 0,
    get length() {
      return queue.size;
    },
    get() {
      for (const key of queue) {
        queue.delete(key);
        processing.add(key);
        return Promise.resolve(key);
      }
      return down ? Promise.resolve(undefined) : new Promise((resolve) => waiting.push(resolve));
    },
    done(key) {
      processing.delete(key);
      if (dirty.delete(key)) add(key);
    },
    shutDown() {
      down = true;
      for (const d of delayed.values()) d.timer.cancel();
      delayed.clear();
      queue.clear();
      for (const worker of waiting.splice(0)) worker(undefined);
    },
  };
}
