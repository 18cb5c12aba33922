/**
 * The API as its callers see it: typed by resource row, over any transport. Components use nothing else to reach the cluster.
 */
import type { KubeObject, ResourceRow } from '../api/resource-row.ts';
import type { Input } from '../schema/dsl.ts';

export interface Key {
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

export interface ListParams extends RequestOptions {
  /** Absent = all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  readonly limit?: number;
  readonly continue?: string;
}

export interface WatchParams extends ListParams {
  readonly allowWatchBookmarks?: boolean;
  readonly timeoutSeconds?: number;
}

export interface ObjectList<T> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly T[];
}

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  /** Only apiVersion, kind and metadata.resourceVersion (and annotations) are set. */
  | { readonly type: 'BOOKMARK'; readonly object: T }
  /** A metav1.Status; the watch ends after it. */
  | { readonly type: 'ERROR'; readonly object: unknown };

export interface WriteOptions extends RequestOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  /** `status`, `scale`, `binding`, … */
  readonly subresource?: string;
}

export type PatchType =
  | 'application/json-patch+json'
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/apply-patch+yaml';

export interface DeleteOptions extends RequestOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
}

/** Errors of the API are thrown as StatusError; a transport fault as TransportError. */
export interface Client {
  get<T extends KubeObject>(
    row: ResourceRow<T>,
    key: Key,
    options?: RequestOptions & { readonly subresource?: string },
  ): Promise<T>;
  list<T extends KubeObject>(row: ResourceRow<T>, params?: ListParams): Promise<ObjectList<T>>;
  /** Ends when the server ends it or the signal aborts. */
  watch<T extends KubeObject>(row: ResourceRow<T>, params: WatchParams): AsyncIterable<WatchEvent<T>>;
  create<T extends KubeObject>(row: ResourceRow<T>, obj: Input<T>, options?: WriteOptions): Promise<T>;
  update<T extends KubeObject>(row: ResourceRow<T>, obj: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject>(
    row: ResourceRow<T>,
    key: Key,
    type: PatchType,
    patch: unknown,
    options?: WriteOptions & { readonly force?: boolean },
  ): Promise<T>;
  delete<T extends KubeObject>(row: ResourceRow<T>, key: Key, options?: DeleteOptions): Promise<void>;
  deleteCollection<T extends KubeObject>(
    row: ResourceRow<T>,
    params: ListParams,
    options?: DeleteOptions,
  ): Promise<void>;
  /** POST to a subresource that answers another kind (pods/binding, pods/eviction, serviceaccounts/token). */
  createSubresource<T extends KubeObject, R>(
    row: ResourceRow<T>,
    key: Key,
    subresource: string,
    body: unknown,
    options?: WriteOptions,
  ): Promise<R>;
  /** Any path, JSON in and out. */
  raw(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<unknown>;
  close(): Promise<void>;
}

/** How requests travel: HTTP, or the API server's handlers called in memory. */
export interface Transport {
  request(req: TransportRequest): Promise<TransportResponse>;
  close(): Promise<void>;
}

export interface TransportRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it arrives; must be read to the end or aborted through the request's signal. */
  readonly body: AsyncIterable<Buffer>;
}
