/** What kube-proxy balances: services and endpoint slices joined into one row per service port. Pure. */
import type { Service } from '../api/core/v1/types.ts';
import type { EndpointSlice } from '../api/discovery/v1/types.ts';
import { type Candidate, candidates, type Endpoint, type NodePlace, usable } from './endpoints.ts';

export type Family = 'IPv4' | 'IPv6';
export type Protocol = 'tcp' | 'udp' | 'sctp';

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
  /** Endpoints under each traffic policy, and which policy traffic from the cluster and from outside follows. */
  readonly cluster: readonly Endpoint[];
  readonly local: readonly Endpoint[];
  readonly internalLocal: boolean;
  readonly externalLocal: boolean;
  /** Endpoints exist somewhere, though none that this traffic may use: drop instead of reject (KEP-2086). */
  readonly anyEndpoints: boolean;
  /** `address:port` of all that serve, on every node: flows to them may go on. */
  readonly serving: readonly string[];
}

export interface ProxyView extends NodePlace {
  readonly services: readonly Service[];
  /** Slices of a service. */
  slicesOf(namespace: string, name: string): readonly EndpointSlice[];
}

const isV6 = (ip: string): boolean => ip.includes(':');
/** Services with the one label are another proxy's, slices with the other nobody's: upstream does not even list them. */
const otherProxy = 'service.kubernetes.io/service-proxy-name';
const headless = 'service.kubernetes.io/headless';

/** A service the node answers for: with a cluster IP, and of no other proxy. */
export const isProxied = (s: Service): boolean =>
  s.spec.type !== 'ExternalName' && s.spec.clusterIP !== 'None' && s.metadata.labels?.[otherProxy] === undefined;

/** Slices that count, by family. */
const countedSlices = (slices: readonly EndpointSlice[], family: Family): readonly EndpointSlice[] =>
  slices.filter((x) => x.addressType === family && x.metadata.labels?.[headless] === undefined);

/** One row per port of every service with a cluster IP of the family, in a stable order. */
export function servicePorts(view: ProxyView, family: Family): readonly ServicePort[] {
  const rows: ServicePort[] = [];
  const ofFamily = (ip: string) => isV6(ip) === (family === 'IPv6');
  for (const s of view.services) {
    if (!isProxied(s)) continue;
    const clusterIP = (s.spec.clusterIPs ?? (s.spec.clusterIP ? [s.spec.clusterIP] : [])).find(
      (ip) => ip && ofFamily(ip),
    );
    if (!clusterIP) continue;
    const [namespace, name] = [s.metadata.namespace ?? '', s.metadata.name ?? ''];
    const slices = countedSlices(view.slicesOf(namespace, name), family);
    const affinity =
      s.spec.sessionAffinity === 'ClientIP'
        ? (s.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800)
        : undefined;
    const externalIPs = (s.spec.externalIPs ?? []).map(plain).filter(ofFamily);
    const loadBalancerIPs = (s.status.loadBalancer.ingress ?? [])
      .filter((i) => i.ip && (i.ipMode ?? 'VIP') === 'VIP')
      .map((i) => plain(i.ip!))
      .filter(ofFamily);
    const ranges = (s.spec.loadBalancerSourceRanges ?? []).map((r) => r.trim()).filter(ofFamily);
    for (const p of s.spec.ports ?? []) {
      const protocol = (p.protocol ?? 'TCP').toLowerCase() as Protocol;
      const all = candidates(slices, p.name ?? '', protocol, view);
      const reachedFromOutside = Boolean(p.nodePort) || externalIPs.length > 0 || loadBalancerIPs.length > 0;
      const internalLocal = s.spec.internalTrafficPolicy === 'Local';
      const externalLocal = s.spec.externalTrafficPolicy === 'Local' && reachedFromOutside;
      // Pods and the node itself use any endpoint of what is reached from outside, whatever the policies.
      const uses = { cluster: !internalLocal || reachedFromOutside, local: internalLocal || externalLocal };
      const { any, ...endpoints } = usable(all, uses, view);
      rows.push({
        service: `${namespace}/${name}`,
        portName: p.name ?? '',
        protocol,
        port: p.port,
        clusterIP,
        externalIPs,
        loadBalancerIPs,
        // A range of everyone is no restriction.
        sourceRanges: ranges.some((r) => r.endsWith('/0')) ? [] : ranges,
        nodePort: p.nodePort || undefined,
        affinitySeconds: affinity,
        ...endpoints,
        internalLocal,
        externalLocal,
        anyEndpoints: any,
        serving: all.filter((e) => e.serving).map((e) => `${e.ip}:${e.port}`),
      });
    }
  }
  return rows.sort(
    (a, b) => compare(a.service, b.service) || compare(a.portName, b.portName) || compare(a.protocol, b.protocol),
  );
}

export interface HealthCheck {
  /** The service's healthCheckNodePort. */
  readonly port: number;
  /** Ready pods of the service on this node. */
  readonly localEndpoints: number;
}

/** What a load balancer may ask this node about a service; undefined for all but LoadBalancers with external policy Local. */
export function healthCheck(
  s: Service,
  slices: readonly EndpointSlice[],
  place: NodePlace,
  family: Family,
): HealthCheck | undefined {
  const port = s.spec.healthCheckNodePort;
  if (!port || !isProxied(s) || s.spec.type !== 'LoadBalancer' || s.spec.externalTrafficPolicy !== 'Local')
    return undefined;
  const ready = (c: Candidate) => c.ready && c.local;
  const found = (s.spec.ports ?? []).flatMap((p) =>
    candidates(
      countedSlices(slices, family),
      p.name ?? '',
      (p.protocol ?? 'TCP').toLowerCase() as Protocol,
      place,
    ).filter(ready),
  );
  return { port, localEndpoints: new Set(found.map((e) => e.ip)).size };
}

/** Addresses that old objects hold may have leading zeros, which nft would read as octal. */
const plain = (ip: string): string => (isV6(ip) ? ip : ip.split('.').map(Number).join('.'));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
