/** What every handler works with: the served resources, the store, the clock and the plug-ins, put together once by server.ts. */
import type { Duplex } from 'node:stream';
import type { AnyRow, KubeObject, Subresource } from '../api/resource-row.ts';
import { apiVersionOf } from '../api/resource-row.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { GroupKind, GroupResource } from '../machinery/status-error.ts';
import type { Store } from '../storage/store.ts';
import type { AdmissionPlugin, Authorizer, ObjectReader, WriteHook } from './attributes.ts';
import type { TokenIssuer } from './auth/token-issuer.ts';
import type { VirtualHandler } from './auth/virtual-handlers.ts';
import type { Cache, Entry } from './cache/index.ts';
import type { Channel } from './connect/location.ts';

/** A row with what serves it. */
export interface Served {
  readonly row: AnyRow;
  readonly cache: Cache;
  /** The row whose form is in the store: `row` itself unless `row.storage`. */
  readonly stored: AnyRow;
  readonly resource: GroupResource;
  readonly kind: GroupKind;
  /** `v1`, `apps/v1`. */
  readonly apiVersion: string;
  /** `/registry/pods/`. */
  readonly prefix: string;
  readonly subresources: ReadonlyMap<string, Subresource>;
  /** Revision of the last change of this resource that the cache has seen. */
  lastChange(): number;
}

/** Randomness, passed in so that tests can fix it. */
export interface Random {
  /** 0 ≤ x < 1. */
  float(): number;
  uuid(): string;
}

export interface Limits {
  /** Bytes of a request body (upstream: 3 MiB). */
  readonly requestBytes: number;
  /** Bytes of a stored object (etcd's limit: 1.5 MiB). */
  readonly objectBytes: number;
  /** Milliseconds for a request that is not long-running. */
  readonly requestTimeout: number;
  /** Milliseconds for a write at its handler. */
  readonly writeTimeout: number;
  /** Seats for requests that are not exempt (upstream: 400 that read and 200 that write). */
  readonly maxInFlight: number;
  /** Seconds a watch lives at least when it does not say; up to twice that. */
  readonly minWatchSeconds: number;
  /** Milliseconds between the bookmarks of a watch. */
  readonly bookmarkInterval: number;
  /** Bytes that may wait for a slow watcher before it is cut off. */
  readonly watchBacklogBytes: number;
}

export const defaultLimits: Limits = {
  requestBytes: 3 * 1024 * 1024,
  objectBytes: 1.5 * 1024 * 1024,
  requestTimeout: 60_000,
  writeTimeout: 34_000,
  maxInFlight: 600,
  minWatchSeconds: 1800,
  bookmarkInterval: 60_000,
  watchBacklogBytes: 32 * 1024 * 1024,
};

export interface Engine {
  readonly served: readonly Served[];
  find(group: string, version: string, plural: string): Served | undefined;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: Random;
  readonly admission: readonly AdmissionPlugin[];
  readonly authorizer: Authorizer;
  readonly reader: ObjectReader;
  readonly limits: Limits;
  readonly virtual: ReadonlyMap<string, VirtualHandler>;
  /** Objects that are made when asked for and never stored, by `group/plural`. */
  readonly computed: ReadonlyMap<string, () => Promise<readonly KubeObject[]>>;
  /** By `group/plural`. */
  readonly hooks: ReadonlyMap<string, WriteHook>;
  readonly tokenIssuer: TokenIssuer | undefined;
  readonly backends: Backends | undefined;
  /** Aborts when the server closes. */
  readonly signal: AbortSignal;
}

/** How requests get to kubelets, pods and services. */
export interface Backends {
  /** Opens a connection; `kubelet` presents the API server's client certificate. Rejects when nobody answers. */
  connect(channel: Channel, host: string, port: number, signal: AbortSignal): Promise<Duplex>;
}

/** `/registry/pods/default/web`. */
export const keyOf = (s: Served, namespace: string, name: string): string =>
  s.row.namespaced ? `${s.prefix}${namespace}/${name}` : `${s.prefix}${name}`;

export function describeServed(row: AnyRow, stored: AnyRow, cache: Cache, prefix: string): Served {
  return {
    row,
    stored,
    cache,
    resource: { group: row.group, resource: row.plural },
    kind: { group: row.group, kind: row.kind },
    apiVersion: apiVersionOf(row),
    prefix,
    subresources: new Map(row.subresources.map((s) => [s.name, s])),
    lastChange: () => cache.changedAt,
  };
}

/** The object as it is now, without waiting when the cache is known to be up to date (a linearisable read). */
export async function readCurrent(
  e: Pick<Engine, 'store'>,
  s: Served,
  namespace: string,
  name: string,
): Promise<Entry | undefined> {
  const revision = await e.store.currentRevision();
  if (s.cache.revision >= revision) return s.cache.get(namespace, name);
  return readStored(e, s, namespace, name);
}

/** The object as the store has it. */
export async function readStored(
  e: Pick<Engine, 'store'>,
  s: Served,
  namespace: string,
  name: string,
): Promise<Entry | undefined> {
  const key = keyOf(s, namespace, name);
  const kv = await e.store.get(key);
  if (!kv) return undefined;
  const cached = s.cache.get(namespace, name);
  return cached?.revision === kv.modRevision
    ? cached
    : s.cache.entryOf(key, kv.value, kv.modRevision, kv.createRevision);
}

/** The computed objects of a resource as entries, in order of name; undefined = the resource is stored. */
export async function computedEntries(e: Engine, s: Served): Promise<readonly Entry[] | undefined> {
  const make = e.computed.get(`${s.row.group}/${s.row.plural}`);
  if (!make) return undefined;
  const objects = await make();
  return objects
    .map((o) => s.cache.entryOf(keyOf(s, o.metadata.namespace ?? '', o.metadata.name ?? ''), s.cache.encode(o), 0, 0))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
