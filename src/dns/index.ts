/** Cluster DNS: answers for services and pods from informers, everything else from the node's resolvers. */
import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Running } from '../base/running.ts';
import { type ClusterInformers, createClusterView } from './cluster-view.ts';
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
  readonly random: () => number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Starts answering once the first lists are in. Call before the informers start (indexes are added). */
export async function startDns(o: DnsOptions, signal: AbortSignal): Promise<Running> {
  const view = createClusterView(o.informers);
  const start = async (): Promise<void> => {
    await Promise.all([
      o.informers.services.synced(signal),
      o.informers.slices.synced(signal),
      o.informers.namespaces.synced(signal),
    ]);
    const server = await createDnsServer({ ...o, view, upstream: createUpstream(() => resolversOf(o)) });
    o.log.info('serving', { host: o.host, port: server.port, domain: o.domain });
    await new Promise<void>((resolve) =>
      signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await server.close();
  };
  return { stopped: start().catch((e: unknown) => (signal.aborted ? undefined : Promise.reject(e))) };
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
