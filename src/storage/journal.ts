/** Where commits are made durable: nothing for the memory store, a log on disk for the disk store. */
import type { Mvcc, Version } from './mvcc.ts';

/** What one commit makes durable. */
export interface Commit {
  /** In revision order, without a gap. */
  readonly writes: readonly Version[];
  /** History up to here is forgotten; 0 = no compaction. */
  readonly compact: number;
}

export interface Journal {
  /**
   * Makes a commit durable, then calls back; one at a time. After an error nothing of it is durable (or will be, once the journal
   * takes writes again), and the next commit may have the same revisions. `state` is what all commits before this one made.
   */
  append(commit: Commit, state: Mvcc, done: (error?: Error) => void): void;
  close(): Promise<void>;
}

/** Durable as long as the process. */
export const memoryJournal: Journal = {
  append: (_commit, _state, done) => done(),
  close: () => Promise.resolve(),
};
