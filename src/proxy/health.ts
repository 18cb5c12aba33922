/** How kube-proxy is: what /healthz and /livez answer, in upstream's JSON (pkg/proxy/healthcheck/proxy_health.go). Pure but for the clock. */
import type { Node } from '../api/core/v1/types.ts';
import type { Clock } from '../base/clock.ts';
import type { Family } from './service-ports.ts';

export interface ProxyHealth {
  /** A change waits to be written. */
  queued(family: Family): void;
  /** Everything known is in the kernel. */
  updated(family: Family): void;
  readonly healthy: boolean;
  /** The answer; `node` is undefined for /livez, which does not look at the node, and null when there is none. */
  report(node?: Node | null): { readonly healthy: boolean; readonly body: string };
}

/** A change that is not written for so long makes the proxy unhealthy (upstream: twice the sync period). */
const lateMs = 60_000;
const doomed = 'ToBeDeletedByClusterAutoscaler';

export function createProxyHealth(clock: Clock): ProxyHealth {
  const lastUpdated = new Map<Family, number>();
  const oldestQueued = new Map<Family, number>();
  const late = (f: Family) => clock.now() - (oldestQueued.get(f) ?? clock.now()) >= lateMs;
  const time = (ms: number) => new Date(ms).toISOString();
  const health: ProxyHealth = {
    queued(family) {
      if (!oldestQueued.has(family)) oldestQueued.set(family, clock.now());
    },
    updated(family) {
      oldestQueued.delete(family);
      lastUpdated.set(family, clock.now());
    },
    get healthy() {
      return ![...lastUpdated.keys()].some(late);
    },
    report(node) {
      const eligible =
        node === undefined
          ? undefined
          : node !== null && !node.metadata.deletionTimestamp && !node.spec.taints?.some((t) => t.key === doomed);
      const healthy = health.healthy && eligible !== false;
      const last = healthy ? clock.now() : Math.max(...lastUpdated.values());
      const status = Object.fromEntries(
        [...lastUpdated].map(([f, at]) => [f, { lastUpdated: time(at), healthy: !late(f) }]),
      );
      const body = {
        lastUpdated: time(last),
        currentTime: time(clock.now()),
        ...(eligible !== undefined && { nodeEligible: eligible }),
        healthy: health.healthy,
        ...(lastUpdated.size && { status }),
      };
      return { healthy, body: JSON.stringify(body) };
    },
  };
  return health;
}

/** What a load balancer reads at a service's health check port (upstream: service_health.go). */
export function serviceHealth(
  service: string,
  localEndpoints: number,
  proxyHealthy: boolean,
): { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const [namespace, name] = service.split('/');
  const quoted = (s: string | undefined) => JSON.stringify(s ?? '');
  return {
    status: localEndpoints && proxyHealthy ? 200 : 503,
    headers: {
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      'x-load-balancing-endpoint-weight': String(localEndpoints),
    },
    body: `{
	"service": {
		"namespace": ${quoted(namespace)},
		"name": ${quoted(name)}
	},
	"localEndpoints": ${localEndpoints},
	"serviceProxyHealthy": ${proxyHealthy}
}`,
  };
}
