/**
 * The packet rules for a set of service ports, as data: chains, sets and map elements by name. Pure.
 * The layout follows kube-proxy's nftables mode (KEP-3866): maps dispatch on address, protocol and port to a chain per service port,
 * which picks an endpoint.
 */
import { hash } from 'node:crypto';
import type { Endpoint } from './endpoints.ts';
import type { Family, ServicePort } from './service-ports.ts';

export interface NftModel {
  readonly family: 'ip' | 'ip6';
  /** Rules of each service and endpoint chain. */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** Affinity sets: name → seconds. */
  readonly sets: ReadonlyMap<string, number>;
  /** Elements of each map: key → verdict. */
  readonly maps: Readonly<Record<MapName, ReadonlyMap<string, string>>>;
  /** Every cluster IP: what no port answers on is refused. */
  readonly clusterIPs: ReadonlySet<string>;
  /** Connections of local endpoints to themselves; services share them. */
  readonly hairpins: ReadonlySet<string>;
}

export const mapNames = [
  'service-ips',
  'service-nodeports',
  'no-endpoint-services',
  'no-endpoint-nodeports',
  'firewall-ips',
] as const;
export type MapName = (typeof mapNames)[number];

export interface ModelOptions {
  readonly family: Family;
  /** Traffic from here is from pods and keeps its source address. */
  readonly clusterCidr: string | undefined;
  /** The node's own addresses: node ports are served on these alone (upstream: --nodeport-addresses primary). */
  readonly nodeIPs: readonly string[];
  /** Addresses of services: what no service has is dropped. */
  readonly serviceCIDRs: readonly string[];
}

export const familyOf = (f: Family): 'ip' | 'ip6' => (f === 'IPv6' ? 'ip6' : 'ip');

/** kube-proxy's mark for packets to masquerade. */
export const masqueradeMark = '0x4000';

/** Names are at most 128 bytes in nft: a hash keeps them unique, the text keeps them readable. */
function chainName(prefix: string, parts: readonly string[]): string {
  const text = parts.join('/');
  const short = hash('sha256', text).slice(0, 8).toUpperCase();
  return `${prefix}-${short}-${text.replace(/[^\w./-]/g, '.')}`.slice(0, 120);
}

/** The chains and sets whose names this gives come and go with services. */
export const isOfService = (name: string): boolean =>
  /^(service|local|external|firewall|endpoint|affinity)-[0-9A-F]{8}-/.test(name);

export function nftModel(
  ports: readonly ServicePort[],
  o: Pick<ModelOptions, 'family' | 'clusterCidr' | 'nodeIPs'>,
): NftModel {
  const family = familyOf(o.family);
  const chains = new Map<string, readonly string[]>();
  const sets = new Map<string, number>();
  const maps: Record<MapName, Map<string, string>> = {
    'service-ips': new Map(),
    'service-nodeports': new Map(),
    'no-endpoint-services': new Map(),
    'no-endpoint-nodeports': new Map(),
    'firewall-ips': new Map(),
  };
  const clusterIPs = new Set<string>();
  const hairpins = new Set<string>();
  for (const p of ports) {
    clusterIPs.add(p.clusterIP);
    for (const h of hairpinsOf(p)) hairpins.add(h);
    const id = [...p.service.split('/'), p.protocol, p.portName || String(p.port)];
    const key = (ip: string) => `${ip} . ${p.protocol} . ${p.port}`;
    const policyChain = (prefix: string, endpoints: readonly Endpoint[]) => {
      if (!endpoints.length) return undefined;
      const chain = chainName(prefix, id);
      chains.set(chain, balance(p, endpoints, id, family, chains, sets));
      return chain;
    };
    const cluster = policyChain('service', p.cluster);
    const local = policyChain('local', p.local);
    const none = p.anyEndpoints ? 'drop' : 'goto reject-chain';

    const inside = p.internalLocal ? local : cluster;
    if (inside) maps['service-ips'].set(key(p.clusterIP), `goto ${inside}`);
    else maps['no-endpoint-services'].set(key(p.clusterIP), none);

    const addresses = [...p.externalIPs, ...p.loadBalancerIPs];
    if (addresses.length || p.nodePort) {
      const outside = p.externalLocal ? local : cluster;
      if (p.anyEndpoints) {
        const chain = chainName('external', id);
        chains.set(chain, externalRules(p, family, o.clusterCidr, cluster, outside));
        for (const ip of addresses) maps['service-ips'].set(key(ip), `goto ${chain}`);
        if (p.nodePort) maps['service-nodeports'].set(`${p.protocol} . ${p.nodePort}`, `goto ${chain}`);
      }
      if (!outside) {
        for (const ip of addresses) maps['no-endpoint-services'].set(key(ip), none);
        if (p.nodePort) maps['no-endpoint-nodeports'].set(`${p.protocol} . ${p.nodePort}`, none);
      }
    }
    if (p.sourceRanges.length && p.loadBalancerIPs.length) {
      const chain = chainName('firewall', id);
      // A node that may ask loops back with the balancer's address as its source.
      const node = o.nodeIPs.some((ip) => p.sourceRanges.some((r) => inRange(ip, r))) ? p.loadBalancerIPs : [];
      chains.set(chain, [`${family} saddr != { ${[...p.sourceRanges, ...node].join(', ')} } drop`]);
      for (const ip of p.loadBalancerIPs) maps['firewall-ips'].set(key(ip), `goto ${chain}`);
    }
  }
  return { family, chains, sets, maps, clusterIPs, hairpins };
}

/** Connections of this node's endpoints to themselves through the service; an endpoint may be listed twice. */
export const hairpinsOf = (p: ServicePort): readonly string[] =>
  [...p.cluster, ...p.local].flatMap((e) => (e.local ? [`${e.ip} . ${e.ip} . ${p.protocol} . ${e.port}`] : []));

/** From outside: Cluster policy hides the client behind the node; Local keeps it and uses this node's endpoints alone. */
function externalRules(
  p: ServicePort,
  family: string,
  clusterCidr: string | undefined,
  cluster: string | undefined,
  outside: string | undefined,
): readonly string[] {
  const last = outside ? [`goto ${outside}`] : [];
  if (!p.externalLocal) return ['jump mark-for-masquerade', ...last];
  // Pods and the node itself may use any endpoint: they are not outside.
  const short = cluster
    ? [
        ...(clusterCidr ? [`${family} saddr ${clusterCidr} goto ${cluster} comment "pod traffic"`] : []),
        `fib saddr type local jump mark-for-masquerade`,
        `fib saddr type local goto ${cluster} comment "node traffic"`,
      ]
    : [];
  return [...short, ...last];
}

/** Picks an endpoint: the one the client had, or one at random. */
function balance(
  p: ServicePort,
  endpoints: readonly Endpoint[],
  id: readonly string[],
  family: string,
  chains: Map<string, readonly string[]>,
  sets: Map<string, number>,
): readonly string[] {
  const random = `numgen random mod ${endpoints.length}`;
  const seconds = p.affinitySeconds;
  if (seconds === undefined) {
    const list = endpoints.map((e, i) => `${i} : ${e.ip} . ${e.port}`).join(', ');
    return [`meta l4proto ${p.protocol} dnat ${family} addr . port to ${random} map { ${list} }`];
  }
  const names = endpoints.map((e) => {
    const text = [...id, `${e.ip}.${e.port}`];
    const chain = chainName('endpoint', text);
    // The time is part of the name: nft cannot change a set that rules use.
    const set = chainName('affinity', [...text, String(seconds)]);
    sets.set(set, seconds);
    chains.set(chain, [
      `update @${set} { ${family} saddr }`,
      `meta l4proto ${p.protocol} dnat to ${family === 'ip6' ? `[${e.ip}]` : e.ip}:${e.port}`,
    ]);
    return { chain, set };
  });
  return [
    ...names.map((n) => `${family} saddr @${n.set} goto ${n.chain}`),
    `${random} vmap { ${names.map((n, i) => `${i} : goto ${n.chain}`).join(', ')} }`,
  ];
}

/** An IPv4 address in a range `a.b.c.d/n`. */
function inRange(ip: string, range: string): boolean {
  const [net, bits] = range.split('/');
  if (ip.includes(':') || !net || net.includes(':')) return false;
  const number = (a: string) => a.split('.').reduce((n, part) => n * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits ?? 32));
  return Math.floor(number(ip) / size) === Math.floor(number(net) / size);
}
