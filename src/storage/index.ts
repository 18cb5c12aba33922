/** The face of the storage room. */
export { startCompaction } from './compaction.ts';
export type { CompactionOptions } from './compaction.ts';
export { StoreWriteError } from './disk/disk-journal.ts';
export { openDiskStore } from './disk/disk-store.ts';
export type { DiskStoreOptions } from './disk/disk-store.ts';
export { StoreLockedError } from './disk/lock.ts';
export { CorruptStoreError } from './disk/recover.ts';
export { createMemoryStore } from './memory-store.ts';
export type { MemoryStoreOptions } from './memory-store.ts';
export { StoreClosedError } from './revisioned-store.ts';
export { SortedMap } from './sorted-map.ts';
export { CompactedError, FutureRevisionError } from './store.ts';
export type {
  KeyValue,
  ListOptions,
  ListResult,
  PutOptions,
  Store,
  StoreEvent,
  WatchOptions,
  WriteResult,
} from './store.ts';
