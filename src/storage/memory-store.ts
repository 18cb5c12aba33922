/** The store that lives as long as the process: tests, embedded and simulated clusters. */
import { realClock } from '../base/clock.ts';
import type { Clock } from '../base/clock.ts';
import { memoryJournal } from './journal.ts';
import { Mvcc } from './mvcc.ts';
import { RevisionedStore } from './revisioned-store.ts';
import type { Store } from './store.ts';

/** Older versions a store keeps at most for reads and watches in the past, in bytes. */
export const defaultMaxHistoryBytes = 32 << 20;

export interface MemoryStoreOptions {
  readonly clock?: Clock;
  readonly maxHistoryBytes?: number;
}

export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  return new RevisionedStore({
    clock: options.clock ?? realClock,
    journal: memoryJournal,
    state: new Mvcc(),
    maxHistoryBytes: options.maxHistoryBytes ?? defaultMaxHistoryBytes,
  });
}
