/** What controllers read from: informers, listers and indexes. Objects are frozen and shared: change by copy. */
import type { AnyRow, KubeObject, ObjectOf, ResourceRow } from '../api/resource-row.ts';

export interface EventHandler<T> {
  onAdd?(obj: T, isInInitialList: boolean): void;
  onUpdate?(old: T, obj: T): void;
  /** `obj` is the last known state. */
  onDelete?(obj: T): void;
}

export interface Informer<T extends KubeObject = KubeObject> {
  readonly row: ResourceRow<T>;
  /** `namespace/name`, or `name` for cluster-scoped kinds. */
  get(key: string): T | undefined;
  list(namespace?: string): readonly T[];
  byIndex(index: string, value: string): readonly T[];
  /** Must be called before start. */
  addIndex(index: string, values: (obj: T) => readonly string[]): void;
  /** A late handler first gets an add for each known object. Returns its removal. */
  addHandler(handler: EventHandler<T>): () => void;
  readonly hasSynced: boolean;
  /** Resolves when the first list is in the cache and handlers have seen it. */
  synced(signal?: AbortSignal): Promise<void>;
}

/** Shares one informer per row and selector. */
export interface InformerFactory {
  informer<R extends AnyRow>(
    row: R,
    options?: { readonly namespace?: string; readonly labelSelector?: string; readonly fieldSelector?: string },
  ): Informer<ObjectOf<R>>;
  /** Starts what was asked for so far; again after more were asked for. */
  start(signal: AbortSignal): void;
  /** All started informers have synced. */
  synced(signal?: AbortSignal): Promise<void>;
}

/** Records an Event for an object, aggregated and rate limited as upstream's recorder does. Never throws, never waits. */
export interface EventRecorder {
  event(
    involved: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    /** Part of the object that is meant: `spec.containers{web}`. */
    fieldPath?: string,
  ): void;
}

/** Keys to work on: deduplicated, one worker per key at a time, retries with exponential back-off (client-go's workqueue). */
export interface WorkQueue {
  add(key: string): void;
  addAfter(key: string, ms: number): void;
  addRateLimited(key: string): void;
  forget(key: string): void;
  numRequeues(key: string): number;
  readonly length: number;
  /** Next key; undefined when shut down. Call done(key) after. */
  get(): Promise<string | undefined>;
  done(key: string): void;
  shutDown(): void;
}
