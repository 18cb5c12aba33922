/** What kube-proxy balances: services and endpoint slices joined into one row per service port. Pure. */
import type { Service } from '../api/core/v1/types.ts';
import type { EndpointSlice } from '../api/discovery/v1/types.ts';

export type Family = 'IPv4' | 'IPv6';
export type Protocol = 'tcp' | 'udp' | 'sctp';

export interface Endpoint {
  readonly ip: string;
  readonly port: number;
  /** On this node. */
  readonly local: boolean;
}

export interface ServicePort {
  /** `namespace/name`, and the port's name: what rules are named after. */
  readonly service: string;
  readonly portName: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly clusterIP: string;
  /** externalIPs and load balancer addresses. */
  readonly externalIPs: readonly string[];
  readonly loadBalancerIPs: readonly string[];
  /** Who may use the load balancer's addresses; empty = everyone. */
  readonly sourceRanges: readonly string[];
  readonly nodePort: number | undefined;
  /** Seconds a client stays with its endpoint; undefined = no affinity. */
  readonly affinitySeconds: number | undefined;
  /** For traffic from the cluster and from outside; they differ when a policy is Local. */
  readonly internal: readonly Endpoint[];
  readonly external: readonly Endpoint[];
  readonly externalLocal: boolean;
  /** Endpoints exist somewhere, though none that this traffic may use: drop instead of reject (KEP-2086). */
  readonly anyEndpoints: boolean;
}

export interface ProxyView {
  readonly services: readonly Service[];
  /** Slices of a service. */
  slicesOf(namespace: string, name: string): readonly EndpointSlice[];
  readonly nodeName: string;
  /** The node's topology zone, when labelled. */
  readonly zone?: string | undefined;
}

const isV6 = (ip: string): boolean => ip.includes(':');
const skipLabel = 'service.kubernetes.io/service-proxy-name';

/** One row per port of every service with a cluster IP of the family, in a stable order. */
export function servicePorts(view: ProxyView, family: Family): readonly ServicePort[] {
  const rows: ServicePort[] = [];
  const ofFamily = (ip: string) => isV6(ip) === (family === 'IPv6');
  for (const s of view.services) {
    if (s.spec.type === 'ExternalName' || s.spec.clusterIP === 'None' || s.metadata.labels?.[skipLabel] !== undefined)
      continue;
    const clusterIP = (s.spec.clusterIPs ?? (s.spec.clusterIP ? [s.spec.clusterIP] : [])).find(
      (ip) => ip && ofFamily(ip),
    );
    if (!clusterIP) continue;
    const [namespace, name] = [s.metadata.namespace ?? '', s.metadata.name ?? ''];
    const slices = view.slicesOf(namespace, name).filter((x) => x.addressType === family);
    const affinity =
      s.spec.sessionAffinity === 'ClientIP'
        ? (s.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800)
        : undefined;
    const loadBalancerIPs = (s.status.loadBalancer.ingress ?? [])
      .filter((i) => i.ipMode !== 'Proxy')
      .flatMap((i) => (i.ip && ofFamily(i.ip) ? [i.ip] : []));
    for (const p of s.spec.ports ?? []) {
      const protocol = (p.protocol ?? 'TCP').toLowerCase() as Protocol;
      const all = endpointsOf(slices, p.name ?? '', protocol, view);
      const externalLocal = s.spec.externalTrafficPolicy === 'Local';
      rows.push({
        service: `${namespace}/${name}`,
        portName: p.name ?? '',
        protocol,
        port: p.port,
        clusterIP,
        externalIPs: (s.spec.externalIPs ?? []).filter(ofFamily),
        loadBalancerIPs,
        sourceRanges: (s.spec.loadBalancerSourceRanges ?? []).map((r) => r.trim()).filter((r) => ofFamily(r)),
        nodePort: p.nodePort || undefined,
        affinitySeconds: affinity,
        internal: usable(all, s.spec.internalTrafficPolicy === 'Local'),
        external: usable(all, externalLocal),
        externalLocal,
        anyEndpoints: usable(all, false).length > 0,
      });
    }
  }
  return rows.sort(
    (a, b) => compare(a.service, b.service) || compare(a.portName, b.portName) || compare(a.protocol, b.protocol),
  );
}

interface Candidate extends Endpoint {
  readonly ready: boolean;
  readonly serving: boolean;
}

function endpointsOf(
  slices: readonly EndpointSlice[],
  portName: string,
  protocol: Protocol,
  view: ProxyView,
): readonly Candidate[] {
  const byAddress = new Map<string, Candidate>();
  for (const slice of slices) {
    const port = slice.ports?.find(
      (p) => (p.name ?? '') === portName && (p.protocol ?? 'TCP').toLowerCase() === protocol,
    )?.port;
    if (!port) continue;
    for (const e of slice.endpoints ?? []) {
      const ip = e.addresses?.[0];
      if (!ip) continue;
      const ready = e.conditions.ready !== false;
      const serving = e.conditions.serving ?? ready;
      const known = byAddress.get(`${ip} ${port}`);
      // The same endpoint in two slices during an update: the ready one counts.
      if (!known || (!known.ready && ready))
        byAddress.set(`${ip} ${port}`, { ip, port, local: e.nodeName === view.nodeName, ready, serving });
    }
  }
  return [...byAddress.values()].sort((a, b) => compare(a.ip, b.ip) || a.port - b.port);
}

/** Ready endpoints, or while there are none those that still serve while they end (KEP-1669); only local ones under a Local policy. */
function usable(all: readonly Candidate[], localOnly: boolean): readonly Endpoint[] {
  const scope = localOnly ? all.filter((e) => e.local) : all;
  const ready = scope.filter((e) => e.ready);
  const chosen = ready.length ? ready : scope.filter((e) => e.serving);
  return chosen.map(({ ip, port, local }) => ({ ip, port, local }));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
