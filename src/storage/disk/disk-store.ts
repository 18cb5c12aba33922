/** The store on disk: a log and snapshots in one directory, everything that exists in memory (docs/adr/0001-embedded-store.md). */
import fs from 'node:fs';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { Journal } from '../journal.ts';
import { defaultMaxHistoryBytes } from '../memory-store.ts';
import { RevisionedStore } from '../revisioned-store.ts';
import type { Store } from '../store.ts';
import { DiskJournal } from './disk-journal.ts';
import { realFiles } from './files.ts';
import type { Files } from './files.ts';
import { lockDirectory } from './lock.ts';
import { recover } from './recover.ts';

export interface DiskStoreOptions {
  /** Made (0700) when it is missing. */
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxHistoryBytes?: number;
  /** A snapshot is made when the logs are longer than this and than what exists; default 32 MiB. */
  readonly snapshotBytes?: number;
  /** Tests: a disk that fails. */
  readonly files?: Files;
}

/** Throws StoreLockedError, CorruptStoreError, StoreWriteError or the system's error. */
export async function openDiskStore(options: DiskStoreOptions): Promise<Store> {
  const { dir, clock, log, maxHistoryBytes = defaultMaxHistoryBytes, snapshotBytes = 32 << 20 } = options;
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  fs.chmodSync(dir, 0o700);
  const unlock = lockDirectory(dir);
  try {
    const started = clock.monotonic();
    const recovered = recover(dir, maxHistoryBytes, log);
    const { state } = recovered;
    const files = options.files ?? realFiles;
    const disk = await DiskJournal.open({ dir, files, log, snapshotBytes }, recovered);
    const ms = Math.round(clock.monotonic() - started);
    log.info('store opened', { dir, keys: state.liveKeys, revision: state.revision, ms });
    const journal: Journal = {
      append: (commit, at, done) => disk.append(commit, at, done),
      close: () => disk.close().finally(unlock),
    };
    return new RevisionedStore({ clock, journal, state, maxHistoryBytes });
  } catch (e) {
    unlock();
    throw e;
  }
}
