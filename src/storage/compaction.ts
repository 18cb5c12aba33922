/** Auto-compaction: every interval the store forgets history up to where it was one interval ago (upstream: storage/etcd3/compact.go). */
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Running } from '../base/running.ts';
import type { Store } from './store.ts';

export interface CompactionOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Upstream's --etcd-compaction-interval; 0 = never. */
  readonly intervalMs?: number;
}

export function startCompaction(store: Store, options: CompactionOptions): Running {
  const { clock, signal, log, intervalMs = 300_000 } = options;
  return { stopped: intervalMs > 0 ? run() : Promise.resolve() };

  async function run(): Promise<void> {
    let target = store.revision;
    while (!signal.aborted) {
      try {
        await clock.sleep(intervalMs, signal);
      } catch {
        return;
      }
      const next = store.revision;
      try {
        await store.compact(target);
      } catch (e) {
        if (!signal.aborted)
          log.warn('cannot compact the store; will try again', { revision: target, error: e as Error });
      }
      target = next;
    }
  }
}
