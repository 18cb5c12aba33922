/** Cluster DNS: answers for services and pods from informers, everything else from the node's resolvers. */
import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Running } from '../base/running.ts';
import { type ClusterInformers, createClusterView } from './cluster-view.ts';
import { keepServingSmall, plainText } from '../base/net/small-http.ts';
import { createDnsMetrics, type DnsMetrics } from './metrics.ts';
import { createDnsServer } from './server.ts';
import { createUpstream, nameservers } from './upstream.ts';

export { type ClusterInformers, createClusterView } from './cluster-view.ts';
export { createDnsServer, type DnsServer } from './server.ts';

export interface DnsOptions {
  readonly host: string;
  readonly port: number;
  /** `cluster.local` */
  readonly domain: string;
  readonly informers: ClusterInformers;
  /** The node's own resolver configuration. */
  readonly resolvConf: string;
  /** Addresses that would lead back here. */
  readonly own: readonly string[];
  /** Where /ready and /metrics answer (CoreDNS: 8181 and 9153); none when left out. */
  readonly status?: { readonly host: string; readonly readyPort: number; readonly metricsPort: number };
  readonly random: () => number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The zone is waited for so long; then the rest is answered, and the zone with SERVFAIL until it is known (as CoreDNS). */
const patienceMs = 5_000;

/** Starts answering once the first lists are in. Call before the informers start (indexes are added). */
export async function startDns(o: DnsOptions, signal: AbortSignal): Promise<Running> {
  const view = createClusterView(o.informers);
  const metrics = createDnsMetrics(`dns://${o.host}:${o.port}`);
  const { services, slices, namespaces } = o.informers;
  const ready = () => services.hasSynced && slices.hasSynced && namespaces.hasSynced;
  const start = async (): Promise<void> => {
    await Promise.race([
      Promise.all([services, slices, namespaces].map((i) => i.synced(signal))),
      o.clock.sleep(patienceMs, signal),
    ]);
    const upstream = createUpstream({ servers: () => resolversOf(o), clock: o.clock });
    const server = await createDnsServer({ ...o, view, ready, upstream, metrics });
    o.log.info('serving', { host: o.host, port: server.port, domain: o.domain });
    await new Promise<void>((resolve) =>
      signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await server.close();
  };
  const answering = start().catch((e: unknown) => (signal.aborted ? undefined : Promise.reject(e)));
  return { stopped: Promise.all([answering, serveStatus(o, ready, metrics, signal)]).then(() => {}) };
}

async function serveStatus(
  o: DnsOptions,
  ready: () => boolean,
  metrics: DnsMetrics,
  signal: AbortSignal,
): Promise<void> {
  if (!o.status) return;
  const common = { host: o.status.host, clock: o.clock, log: o.log };
  await Promise.all([
    keepServingSmall(
      { ...common, port: o.status.readyPort, what: 'readiness' },
      (path) => (path === '/ready' ? (ready() ? plainText(200, 'OK') : plainText(503, 'kubernetes')) : undefined),
      signal,
    ),
    keepServingSmall(
      { ...common, port: o.status.metricsPort, what: 'metrics' },
      async (path) => {
        if (path !== '/metrics') return undefined;
        const { contentType } = metrics.registry;
        return { status: 200, headers: { 'content-type': contentType }, body: await metrics.registry.metrics() };
      },
      signal,
    ),
  ]);
}

let known: { readonly mtimeMs: number; readonly servers: readonly string[] } | undefined;

/** Read again when the file changed: a laptop moves between networks. */
function resolversOf(o: DnsOptions): readonly string[] {
  try {
    const { mtimeMs } = statSync(o.resolvConf);
    if (known?.mtimeMs !== mtimeMs)
      known = { mtimeMs, servers: nameservers(readFileSync(o.resolvConf, 'utf8'), o.own) };
    return known.servers;
  } catch {
    return [];
  }
}
