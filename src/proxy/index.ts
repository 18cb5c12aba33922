/** kube-proxy: keeps the node's packet rules true to services and endpoint slices. */
import type { Nodes, Services } from '../api/core/v1/resources.ts';
import type { EndpointSlices } from '../api/discovery/v1/resources.ts';
import type { ServiceCIDRs } from '../api/networking/v1/resources.ts';
import type { ObjectOf } from '../api/resource-row.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { PacketRules } from '../base/net/nft.ts';
import { keepServingSmall, plainText } from '../base/net/small-http.ts';
import type { Running } from '../base/running.ts';
import type { EventRecorder, Informer } from '../client/cache.ts';
import { createProxyHealth, type ProxyHealth } from './health.ts';
import { createHealthServers } from './health-servers.ts';
import { createProxyMetrics, type ProxyMetrics } from './metrics.ts';
import { familyOf, type ModelOptions } from './nft-model.ts';
import { tableName } from './nft-script.ts';
import { createRuleBook, type RuleBook } from './rule-book.ts';
import { type Family, type HealthCheck, healthCheck, type ServicePort, servicePorts } from './service-ports.ts';

export interface ProxyOptions {
  readonly nodeName: string;
  /** Node ports and health check ports are served on these addresses. */
  readonly nodeIPs: readonly string[];
  readonly families: readonly Family[];
  /** Pods' addresses, by family; their packets keep their source. */
  readonly clusterCidr: Readonly<Partial<Record<Family, string>>>;
  readonly services: Informer<ObjectOf<typeof Services>>;
  readonly slices: Informer<ObjectOf<typeof EndpointSlices>>;
  readonly serviceCIDRs: Informer<ObjectOf<typeof ServiceCIDRs>>;
  /** This node alone: its zone, and whether it is about to go. */
  readonly node: Informer<ObjectOf<typeof Nodes>>;
  readonly rules: PacketRules;
  /** Forgets UDP flows that would go on to an endpoint that is gone; resolves to how many. */
  readonly forget: (rows: Iterable<ServicePort>) => Promise<number>;
  readonly recorder?: EventRecorder;
  /** Where /healthz, /livez, /metrics and /proxyMode answer; none when left out. */
  readonly status?: { readonly host: string; readonly healthPort: number; readonly metricsPort: number };
  readonly clock: Clock;
  readonly log: Logger;
  /** Changes are gathered for so long after a sync (upstream: minSyncPeriod). */
  readonly minSyncMs?: number;
}

const serviceIndex = 'service';
/** Everything is written anew now and then, in case somebody else changed the table. */
const fullSyncMs = 15 * 60_000;
const zoneLabel = 'topology.kubernetes.io/zone';

const serviceOf = (slice: ObjectOf<typeof EndpointSlices>): string =>
  `${slice.metadata.namespace}/${slice.metadata.labels?.['kubernetes.io/service-name'] ?? ''}`;
const nameOf = (s: ObjectOf<typeof Services>): string => `${s.metadata.namespace}/${s.metadata.name}`;

/** Call before the informers start (an index is added). Rules stay when the signal aborts: services outlive this process. */
export function startProxy(o: ProxyOptions, signal: AbortSignal): Running {
  o.slices.addIndex(serviceIndex, (s) => [serviceOf(s)]);
  const health = createProxyHealth(o.clock);
  const metrics = createProxyMetrics(o.clock.now);
  for (const family of o.families) health.updated(family);
  return {
    stopped: Promise.all([run(o, health, metrics, signal), serveStatus(o, health, metrics, signal)]).then(() => {}),
  };
}

async function serveStatus(
  o: ProxyOptions,
  health: ProxyHealth,
  metrics: ProxyMetrics,
  signal: AbortSignal,
): Promise<void> {
  if (!o.status) return;
  const { host, healthPort, metricsPort } = o.status;
  const say = (path: 'healthz' | 'livez') => {
    const r = health.report(path === 'healthz' ? (o.node.get(o.nodeName) ?? null) : undefined);
    const status = r.healthy ? 200 : 503;
    metrics.asked(path, status);
    const headers = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' };
    return { status, headers, body: r.body };
  };
  const common = { host, clock: o.clock, log: o.log };
  await Promise.all([
    keepServingSmall(
      { ...common, port: healthPort, what: 'healthz' },
      (path) => (path === '/healthz' || path === '/livez' ? say(path.slice(1) as 'healthz' | 'livez') : undefined),
      signal,
    ),
    keepServingSmall(
      { ...common, port: metricsPort, what: 'metrics' },
      async (path) => {
        if (path === '/proxyMode') return plainText(200, 'nftables');
        if (path === '/healthz') return plainText(200, 'ok');
        if (path !== '/metrics') return undefined;
        const { contentType } = metrics.registry;
        return { status: 200, headers: { 'content-type': contentType }, body: await metrics.registry.metrics() };
      },
      signal,
    ),
  ]);
}

/** What the whole table depends on beside services: when it differs, everything is written anew. */
interface Surroundings {
  readonly zone: string | undefined;
  readonly serviceCIDRs: readonly string[];
}

function surroundings(o: ProxyOptions): Surroundings {
  return {
    zone: o.node.get(o.nodeName)?.metadata.labels?.[zoneLabel],
    serviceCIDRs: o.serviceCIDRs
      .list()
      .flatMap((c) => (c.metadata.deletionTimestamp ? [] : (c.spec?.cidrs ?? [])))
      .sort(),
  };
}

interface Table {
  readonly family: Family;
  /** Made anew with the surroundings. */
  book: RuleBook;
}

async function run(o: ProxyOptions, health: ProxyHealth, metrics: ProxyMetrics, signal: AbortSignal): Promise<void> {
  let wake = Promise.withResolvers<void>();
  /** Services whose rules may differ from the table's. */
  let changed = new Set<string>();
  const note = (kind: 'service' | 'endpoint', ...services: readonly string[]) => {
    for (const s of services) changed.add(s);
    for (const family of o.families) {
      health.queued(family);
      metrics.change(kind, family);
    }
    wake.resolve();
  };
  const around = () => wake.resolve();
  const removals = [
    o.services.addHandler({
      onAdd: (s) => note('service', nameOf(s)),
      onUpdate: (_, s) => note('service', nameOf(s)),
      onDelete: (s) => note('service', nameOf(s)),
    }),
    o.slices.addHandler({
      onAdd: (s) => note('endpoint', serviceOf(s)),
      onUpdate: (old, s) => note('endpoint', serviceOf(old), serviceOf(s)),
      onDelete: (s) => note('endpoint', serviceOf(s)),
    }),
    o.serviceCIDRs.addHandler({ onAdd: around, onUpdate: around, onDelete: around }),
    o.node.addHandler({ onAdd: around, onUpdate: around, onDelete: around }),
  ];
  const stop = () => wake.resolve();
  signal.addEventListener('abort', stop, { once: true });
  const checks = createHealthServers({
    hosts: o.nodeIPs,
    proxyHealthy: () => health.healthy,
    failed: (service, port, error) => healthCheckFailed(o, service, port, error),
  });
  const optionsFor = (family: Family, { serviceCIDRs }: Surroundings): ModelOptions => ({
    family,
    clusterCidr: o.clusterCidr[family],
    nodeIPs: o.nodeIPs,
    serviceCIDRs,
  });
  let here: Surroundings = { zone: undefined, serviceCIDRs: [] };
  const tables: readonly Table[] = o.families.map((family) => ({
    family,
    book: createRuleBook(optionsFor(family, here)),
  }));
  let fullAt = 0;
  let anew = false;
  let backoff = 0;
  try {
    await Promise.all([o.services, o.slices, o.serviceCIDRs, o.node].map((i) => i.synced(signal))).catch(() => {});
    while (!signal.aborted) {
      wake = Promise.withResolvers<void>();
      const now = surroundings(o);
      if (JSON.stringify(now) !== JSON.stringify(here)) {
        here = now;
        fullAt = 0;
        for (const t of tables) t.book = createRuleBook(optionsFor(t.family, here));
      }
      const full = o.clock.monotonic() >= fullAt;
      const services = changed;
      changed = new Set();
      try {
        for (const t of tables) await sync(o, metrics, t, { services, full, anew, zone: here.zone });
        await checks.sync(healthChecks(o, here.zone));
        for (const t of tables) health.updated(t.family);
        if (full) fullAt = o.clock.monotonic() + fullSyncMs;
        anew = false;
        backoff = 0;
      } catch (e) {
        // Whatever the table holds now, it is not what we think: write it whole, from nothing.
        fullAt = 0;
        anew = true;
        backoff = Math.min(30_000, Math.max(100, backoff * 2));
        o.log.error('rules could not be set; trying again', { error: e as Error, inMs: backoff });
      }
      if (backoff) await o.clock.sleep(backoff, signal).catch(() => {});
      else {
        const again = o.clock.after(Math.max(0, fullAt - o.clock.monotonic()), stop);
        await wake.promise;
        again.cancel();
        await o.clock.sleep(o.minSyncMs ?? 10, signal).catch(() => {});
      }
    }
  } finally {
    for (const remove of removals) remove();
    signal.removeEventListener('abort', stop);
    await checks.close();
  }
}

interface Sync {
  readonly services: ReadonlySet<string>;
  readonly full: boolean;
  /** The table as it is cannot be kept. */
  readonly anew: boolean;
  readonly zone: string | undefined;
}

async function sync(o: ProxyOptions, metrics: ProxyMetrics, { family, book }: Table, s: Sync): Promise<void> {
  const began = o.clock.monotonic();
  const rowsOf = (service: string) => rowsFor(o, family, service, s.zone);
  const failing = (during: 'sync' | 'cleanup') => (e: unknown) => {
    metrics.failed(family, during);
    throw e;
  };
  if (!s.full) {
    const script = book.sweep(began);
    if (script) await o.rules.apply(script).catch(failing('cleanup'));
  }
  const table = s.full && !s.anew ? await o.rules.names(`${familyOf(family)} ${tableName}`) : undefined;
  const change = s.full
    ? await book.rewrite(o.services.list().map(nameOf), rowsOf, began, table)
    : book.change(s.services, rowsOf, began);
  if (change.script) await o.rules.apply(change.script).catch(failing('sync'));
  change.done();
  const ms = o.clock.monotonic() - began;
  metrics.synced(family, s.full, ms / 1000);
  metrics.noLocalEndpoints(family, book.noLocalEndpoints());
  if (change.script) o.log.debug('rules set', { family, full: s.full, ms: Math.round(ms) });
  if (!change.udp) return;
  const looked = o.clock.monotonic();
  metrics.flowsForgotten(family, await o.forget(book.rows()), (o.clock.monotonic() - looked) / 1000);
}

const slicesFor = (o: ProxyOptions) => (ns: string, name: string) => o.slices.byIndex(serviceIndex, `${ns}/${name}`);

function rowsFor(o: ProxyOptions, family: Family, service: string, zone: string | undefined): readonly ServicePort[] {
  const found = o.services.get(service);
  if (!found) return [];
  return servicePorts({ services: [found], slicesOf: slicesFor(o), nodeName: o.nodeName, zone }, family);
}

function healthChecks(o: ProxyOptions, zone: string | undefined): ReadonlyMap<string, HealthCheck> {
  const found = new Map<string, HealthCheck>();
  for (const s of o.services.list()) {
    if (!s.spec.healthCheckNodePort) continue;
    const slices = slicesFor(o)(s.metadata.namespace ?? '', s.metadata.name ?? '');
    const check = healthCheck(s, slices, { nodeName: o.nodeName, zone }, 'IPv4');
    if (check) found.set(nameOf(s), check);
  }
  return found;
}

function healthCheckFailed(o: ProxyOptions, service: string, port: number, error: Error): void {
  const found = o.services.get(service);
  const message = `node ${o.nodeName} failed to start healthcheck "${service}" on port ${port}: ${error.message}`;
  o.log.warn(message);
  if (found) o.recorder?.event(found, 'Warning', 'FailedToStartServiceHealthcheck', message);
}
