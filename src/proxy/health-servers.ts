/** The ports at which load balancers ask whether this node has pods of a service: opened and closed as services ask for them. */
import { serveSmall, type SmallServer } from '../base/net/small-http.ts';
import { serviceHealth } from './health.ts';
import type { HealthCheck } from './service-ports.ts';

export interface HealthServers {
  /** By `namespace/name`: what should be served now. Services whose port could not be opened are tried again next time. */
  sync(wanted: ReadonlyMap<string, HealthCheck>): Promise<void>;
  close(): Promise<void>;
}

export interface HealthServersOptions {
  /** The node's addresses. */
  readonly hosts: readonly string[];
  readonly proxyHealthy: () => boolean;
  readonly failed: (service: string, port: number, error: Error) => void;
}

export function createHealthServers(o: HealthServersOptions): HealthServers {
  const open = new Map<string, { readonly port: number; count: number; readonly servers: readonly SmallServer[] }>();
  const closeOne = async (service: string) => {
    const servers = open.get(service)?.servers ?? [];
    open.delete(service);
    await Promise.all(servers.map((s) => s.close()));
  };
  return {
    async sync(wanted) {
      for (const [service, { port }] of open) if (wanted.get(service)?.port !== port) await closeOne(service);
      for (const [service, { port, localEndpoints }] of wanted) {
        const known = open.get(service);
        if (known) {
          known.count = localEndpoints;
          continue;
        }
        const servers: SmallServer[] = [];
        const handler = () => serviceHealth(service, open.get(service)?.count ?? 0, o.proxyHealthy());
        try {
          for (const host of o.hosts) servers.push(await serveSmall(host, port, handler));
          open.set(service, { port, count: localEndpoints, servers });
        } catch (e) {
          await Promise.all(servers.map((s) => s.close()));
          o.failed(service, port, e as Error);
        }
      }
    },
    async close() {
      for (const service of [...open.keys()]) await closeOne(service);
    },
  };
}
