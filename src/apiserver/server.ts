/** Puts the API server together: rows, caches, filters, handlers, documents. The face of this room. */
import { groups as knownGroups } from '../api/resources.ts';
import type { AnyRow, KubeObject } from '../api/resource-row.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { createClient, type Transport } from '../client/index.ts';
import type { Store } from '../storage/store.ts';
import type { AdmissionPlugin, Authenticator, Authorizer, ObjectReader, UserInfo, WriteHook } from './attributes.ts';
import type { TokenIssuer } from './auth/token-issuer.ts';
import type { VirtualHandler } from './auth/virtual-handlers.ts';
import { type Cache, createCache, type Entry } from './cache/index.ts';
import { discoveryDocuments, discoveryGroups } from './discovery/documents.ts';
import { type HealthCheck, healthRoutes } from './discovery/health.ts';
import { discoveryRoutes } from './discovery/routes.ts';
import { defaultVersion, type VersionInfo } from './discovery/version.ts';
import { type Listener, type ListenOptions, listen } from './edge/https-server.ts';
import { type MemoryIdentity, memoryTransport } from './edge/memory-transport.ts';
import {
  type Backends,
  defaultLimits,
  describeServed,
  type Engine,
  type Limits,
  type Random,
  type Served,
} from './engine.ts';
import { chain } from './filters.ts';
import { FlowControl, flowDumpRoutes, statusWriter } from './flow-control/index.ts';
import { createInFlight } from './in-flight.ts';
import { createMetrics } from './metrics.ts';
import { openApiRoutes } from './openapi/routes.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, type RequestContext } from './request.ts';
import { parseRequest } from './request-info.ts';
import { type PathRoute, router } from './router.ts';
import { convertedCache } from './converted-cache.ts';

/** Who may ask what, and what is done to writes. */
export interface Plugins {
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly admission?: readonly AdmissionPlugin[];
  /** Kinds that are answered and not stored, by `group/plural`. */
  readonly virtual?: ReadonlyMap<string, VirtualHandler>;
  readonly tokenIssuer?: TokenIssuer;
  /** Objects that are made when asked for and never stored, by `group/plural`. */
  readonly computed?: ReadonlyMap<string, () => Promise<readonly KubeObject[]>>;
  /** By `group/plural`. */
  readonly hooks?: ReadonlyMap<string, WriteHook>;
}

export interface ApiServerOptions {
  /** src/api/resources.ts `resources`. */
  readonly rows: readonly AnyRow[];
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  /** Made once the caches are there, which plug-ins read through `reader`. */
  readonly plugins: (reader: ObjectReader) => Plugins;
  readonly random?: Random;
  readonly version?: VersionInfo;
  /** How to reach kubelets; absent = log, exec and the like answer 500. */
  readonly backends?: Backends;
  readonly limits?: Partial<Limits>;
  /** More paths (OpenID documents, …). */
  readonly routes?: readonly PathRoute[];
  /** What /readyz and /healthz ask beside the caches. */
  readonly checks?: readonly HealthCheck[];
  /** Keys begin with this (default `/registry/`). */
  readonly prefix?: string;
  /** Tests: served objects are frozen deeply. */
  readonly freeze?: boolean;
}

export interface ApiServer {
  /** One request through filters and handlers. Never rejects. */
  handle(req: ApiRequest): Promise<ApiResponse>;
  /** Listens; several listeners may be open. Rejects when the port is taken. */
  listen(options: ListenOptions): Promise<{ readonly port: number }>;
  /** The server in memory, as this user (trusted) or with credentials to be checked. */
  transport(identity: MemoryIdentity | UserInfo): Transport;
  /** Parsed objects from the caches. */
  readonly reader: ObjectReader;
  /** Resolves when every cache is filled. */
  ready(signal?: AbortSignal): Promise<void>;
  /** Ends watches at once, lets other requests end for `graceMs` at most (default 0), then closes everything. */
  close(graceMs?: number): Promise<void>;
}

/** The server as its own client (upstream: the loopback configuration's user). */
const loopbackUser: UserInfo = { name: 'system:apiserver', uid: '', groups: ['system:masters'], extra: {} };
const systemRandom: Random = { float: Math.random, uuid: () => crypto.randomUUID() };

function serveRows(o: ApiServerOptions, signal: AbortSignal): Served[] {
  const prefix = o.prefix ?? '/registry/';
  const out: Served[] = [];
  const make = (row: AnyRow, stored: AnyRow, cache: Cache) =>
    out.push(describeServed(row, stored, cache, `${prefix}${stored.registryPath}/`));
  for (const row of o.rows) {
    if (row.storage) continue;
    make(
      row,
      row,
      createCache({
        row,
        store: o.store,
        prefix,
        clock: o.clock,
        log: o.log,
        signal,
        ...(o.freeze && { freeze: true }),
      }),
    );
  }
  for (const row of o.rows) {
    const { storage } = row;
    if (!storage) continue;
    const base = out.find(
      (s) => s.row.group === storage.group && s.row.version === storage.version && s.row.plural === storage.plural,
    );
    if (!base)
      throw new Error(
        `${row.group}/${row.version} ${row.plural} is stored as ${storage.group}/${storage.version} ${storage.plural}, which is not served`,
      );
    make(row, base.row, convertedCache(row, storage, base.cache));
  }
  return out;
}

function readerOf(served: readonly Served[], signal: AbortSignal): ObjectReader {
  const byId = new Map<string, Served>();
  for (const s of served) {
    const id = `${s.row.group}/${s.row.plural}`;
    if (!byId.has(id) || s.row === s.stored) byId.set(id, s);
  }
  const find = (row: { readonly group: string; readonly plural: string }) => byId.get(`${row.group}/${row.plural}`);
  return {
    get: <T extends KubeObject>(
      row: { readonly group: string; readonly plural: string },
      namespace: string,
      name: string,
    ) => find(row)?.cache.get(namespace, name)?.object as T | undefined,
    list: <T extends KubeObject>(row: { readonly group: string; readonly plural: string }, namespace?: string) => {
      const out: T[] = [];
      for (const e of find(row)?.cache.range(namespace) ?? []) out.push(e.object as T);
      return out;
    },
    subscribe(row, changed) {
      const cache = find(row)?.cache;
      if (cache)
        void cache.ready(signal).then(
          () => follow(cache, changed, signal),
          () => {},
        );
    },
  };
}

type Changed = (old: KubeObject | undefined, object: KubeObject | undefined) => void;

/**
 * All there is, then every change. Known entries are kept by key, so that falling behind the cache is mended by comparing; entries, which
 * the cache has anyway, and not their parsed objects, which take more than their bytes.
 */
function follow(cache: Cache, changed: Changed, signal: AbortSignal): void {
  const known = new Map<string, Entry>();
  const take = (key: string, entry: Entry | undefined) => {
    const old = known.get(key);
    if (old?.revision === entry?.revision) return;
    if (entry) known.set(key, entry);
    else known.delete(key);
    changed(old?.object, entry?.object);
  };
  const begin = () => {
    const now = new Map<string, Entry>();
    for (const e of cache.range()) now.set(e.key, e);
    for (const key of [...known.keys()]) if (!now.has(key)) take(key, undefined);
    for (const [key, entry] of now) take(key, entry);
    cache.watch({
      afterRevision: cache.revision,
      signal,
      onEvents: (events) => {
        for (const e of events) take(e.entry.key, e.type === 'DELETED' ? undefined : e.entry);
      },
      onError: () => {
        if (!signal.aborted) queueMicrotask(begin);
      },
    });
  };
  begin();
}

export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { clock, log, store } = options;
  const random = options.random ?? systemRandom;
  const stop = new AbortController();
  /** Before `stop`: watches end, readiness fails, requests at work go on. */
  const leaving = new AbortController();
  const served = serveRows(options, stop.signal);
  const reader = readerOf(served, stop.signal);
  const plugins = options.plugins(reader);
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const index = new Map(served.map((s) => [`${s.row.group}/${s.row.version}/${s.row.plural}`, s]));
  const engine: Engine = {
    served,
    find: (group, version, plural) => index.get(`${group}/${version}/${plural}`),
    store,
    clock,
    log,
    random,
    admission: plugins.admission ?? [],
    authorizer: plugins.authorizer,
    reader,
    limits,
    virtual: plugins.virtual ?? new Map(),
    computed: plugins.computed ?? new Map(),
    hooks: plugins.hooks ?? new Map(),
    tokenIssuer: plugins.tokenIssuer,
    backends: options.backends,
    signal: leaving.signal,
  };
  let filled = false;
  const stored = served.filter((s) => s.row === s.stored && !s.row.virtual);
  const ready = async (signal?: AbortSignal) => {
    await Promise.all(stored.map((s) => s.cache.ready(signal)));
    filled = true;
  };
  ready(stop.signal).catch((e: Error) => {
    if (!stop.signal.aborted) log.error('the caches could not be filled', { error: e });
  });

  const metrics = createMetrics(() => clock.monotonic());
  const inFlight = createInFlight(clock, limits.requestTimeout);
  const writing = createInFlight(
    clock,
    limits.writeTimeout,
    'request did not complete within requested timeout - context deadline exceeded',
  );
  const itself = createClient(
    memoryTransport((r) => handle(r), { user: loopbackUser }),
    { userAgent: 'kube-apiserver/flow-control' },
  );
  const statuses = statusWriter(itself, clock, log, random.float);
  const flows = new FlowControl({
    clock,
    reader,
    seats: limits.maxInFlight,
    stored: (info) => {
      const cache = index.get(`${info.group}/${info.version}/${info.resource}`)?.cache;
      const count = cache?.count() ?? 0;
      return cache && { count, averageBytes: count > 0 ? cache.bytes / count : 0 };
    },
    onStatus: (updates) => statuses.write(updates),
  });
  const listeners: Listener[] = [];
  const checks: readonly HealthCheck[] = [
    { name: 'ping', check: () => undefined },
    { name: 'log', check: () => undefined },
    {
      name: 'etcd',
      check: () =>
        store.currentRevision().then(
          () => undefined,
          (e: Error) => e.message,
        ),
    },
    ...(options.checks ?? []),
  ];
  const version = options.version ?? defaultVersion;
  let address = 'localhost';
  const documents = discoveryDocuments(options.rows, discoveryGroups(options.rows, knownGroups));
  const routes: PathRoute[] = [
    ...discoveryRoutes(documents, () => address),
    ...healthRoutes('healthz', checks),
    ...healthRoutes('livez', checks),
    ...healthRoutes('readyz', [
      ...checks,
      { name: 'informer-sync', check: () => (filled ? undefined : 'caches are not filled yet') },
      { name: 'shutdown', check: () => (leaving.signal.aborted ? 'process is shutting down' : undefined) },
    ]),
    {
      path: '/version',
      getOnly: true,
      handler: () => ({ ...jsonResponse(200, {}), body: Buffer.from(JSON.stringify(version, null, 2)) }),
    },
    {
      path: '/metrics',
      handler: async () => ({
        status: 200,
        headers: { 'content-type': metrics.contentType },
        body: Buffer.from((await metrics.text()) + flows.metricsText()),
      }),
    },
    ...flowDumpRoutes(flows, () => clock.now() - clock.monotonic()),
    ...openApiRoutes(options.rows, version.gitVersion),
    ...(options.routes ?? []),
  ];
  const paths = [...new Set(routes.filter((r) => !r.hidden).map((r) => r.path))].sort();
  routes.push({
    path: '/',
    handler: () => ({ ...jsonResponse(200, {}), body: Buffer.from(JSON.stringify({ paths }, null, 2)) }),
    hidden: true,
  });

  const route = router(engine, routes);
  const run = chain(
    {
      authenticator: plugins.authenticator,
      authorizer: plugins.authorizer,
      log,
      metrics,
      inFlight,
      writing,
      flows,
    },
    route,
  );
  const nobody: UserInfo = { name: '', uid: '', groups: [], extra: {} };
  const handle = (request: ApiRequest): Promise<ApiResponse> => {
    const { info, query, rest } = parseRequest(request.method, request.url);
    const ctx: RequestContext = {
      request,
      info,
      query,
      rest,
      user: nobody,
      auditId: auditId(request, random),
      flow: undefined,
      timeout: undefined,
      begun: undefined,
      warnings: [],
      signal: request.signal,
    };
    return run(ctx);
  };
  return {
    handle,
    reader,
    ready,
    async listen(o) {
      const l = await listen(o, handle, log, clock);
      listeners.push(l);
      address = `${o.host === '0.0.0.0' || o.host === '::' ? '127.0.0.1' : o.host}:${l.port}`;
      return { port: l.port };
    },
    transport: (identity) => memoryTransport(handle, 'name' in identity ? { user: identity } : identity),
    async close(graceMs = 0) {
      leaving.abort(new Error('API server closes'));
      await Promise.all(listeners.map((l) => l.close(graceMs)));
      stop.abort(new Error('API server closed'));
      flows.close();
      statuses.close();
      inFlight.close();
      writing.close();
      for (const s of stored) s.cache.close();
    },
  };
}

function auditId(request: ApiRequest, random: Random): string {
  const given = request.headers['audit-id'];
  return typeof given === 'string' && given.length <= 64 && given !== '' ? given : random.uuid();
}
