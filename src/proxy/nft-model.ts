/**
 * The packet rules for a set of service ports, as data: chains, sets and map elements by name. Pure.
 * The layout follows kube-proxy's nftables mode (KEP-3866): maps dispatch on address, protocol and port to a chain per service port,
 * which picks a chain per endpoint.
 */
import { hash } from 'node:crypto';
import type { Endpoint, Family, ServicePort } from './service-ports.ts';

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
}

export type MapName =
  | 'service-ips'
  | 'service-nodeports'
  | 'no-endpoint-services'
  | 'no-endpoint-nodeports'
  | 'firewall-ips';

export interface ModelOptions {
  readonly family: Family;
  /** Traffic from here is from pods and keeps its source address. */
  readonly clusterCidr: string | undefined;
}

/** kube-proxy's mark for packets to masquerade. */
export const masqueradeMark = '0x4000';

/** Names are at most 128 bytes in nft: a hash keeps them unique, the text keeps them readable. */
function chainName(prefix: string, parts: readonly string[]): string {
  const text = parts.join('/');
  const short = hash('sha256', text).slice(0, 8).toUpperCase();
  return `${prefix}-${short}-${text.replace(/[^\w./-]/g, '.')}`.slice(0, 120);
}

export function nftModel(ports: readonly ServicePort[], o: ModelOptions): NftModel {
  const family = o.family === 'IPv6' ? 'ip6' : 'ip';
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
  for (const p of ports) {
    clusterIPs.add(p.clusterIP);
    const id = [...p.service.split('/'), p.protocol, p.portName || String(p.port)];
    const outside = [...p.externalIPs, ...p.loadBalancerIPs];
    const key = (ip: string) => `${ip} . ${p.protocol} . ${p.port}`;
    if (p.internal.length) {
      const chain = chainName('service', id);
      const notPods = o.clusterCidr
        ? [`${family} saddr != ${o.clusterCidr} ${family} daddr ${p.clusterIP} jump mark-for-masquerade`]
        : [];
      chains.set(chain, [...notPods, ...balance(p, p.internal, id, family, chains, sets)]);
      maps['service-ips'].set(key(p.clusterIP), `goto ${chain}`);
    } else maps['no-endpoint-services'].set(key(p.clusterIP), p.anyEndpoints ? 'drop' : 'goto reject-chain');
    if (!outside.length && !p.nodePort) continue;
    if (p.anyEndpoints && (p.external.length || p.internal.length)) {
      const chain = chainName('external', id);
      chains.set(chain, externalRules(p, id, family, o.clusterCidr, chains, sets));
      for (const ip of outside) maps['service-ips'].set(key(ip), `goto ${chain}`);
      if (p.nodePort) maps['service-nodeports'].set(`${p.protocol} . ${p.nodePort}`, `goto ${chain}`);
    } else {
      const verdict = p.anyEndpoints ? 'drop' : 'goto reject-chain';
      for (const ip of outside) maps['no-endpoint-services'].set(key(ip), verdict);
      if (p.nodePort) maps['no-endpoint-nodeports'].set(`${p.protocol} . ${p.nodePort}`, verdict);
    }
    if (p.sourceRanges.length && p.loadBalancerIPs.length) {
      const chain = chainName('firewall', id);
      chains.set(chain, [`${family} saddr != { ${p.sourceRanges.join(', ')} } drop`]);
      for (const ip of p.loadBalancerIPs) maps['firewall-ips'].set(key(ip), `goto ${chain}`);
    }
  }
  return { family, chains, sets, maps, clusterIPs };
}

/** From outside: Cluster policy hides the client behind the node; Local keeps it and uses this node's endpoints alone. */
function externalRules(
  p: ServicePort,
  id: readonly string[],
  family: string,
  clusterCidr: string | undefined,
  chains: Map<string, readonly string[]>,
  sets: Map<string, number>,
): readonly string[] {
  if (!p.externalLocal) return ['jump mark-for-masquerade', ...balance(p, p.external, id, family, chains, sets)];
  const inside = p.internal.length ? [chainName('service', id)] : [];
  return [
    // Pods and the node itself may use any endpoint: they are not outside.
    ...inside.flatMap((chain) => [
      ...(clusterCidr ? [`${family} saddr ${clusterCidr} goto ${chain} comment "pod traffic"`] : []),
      `fib saddr type local jump mark-for-masquerade`,
      `fib saddr type local goto ${chain} comment "node traffic"`,
    ]),
    ...(p.external.length ? balance(p, p.external, id, family, chains, sets) : ['drop']),
  ];
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
  const names = endpoints.map((e) => {
    const text = [...id, `${e.ip}.${e.port}`];
    const chain = chainName('endpoint', text);
    // The time is part of the name: nft cannot change a set that rules use.
    const set = chainName('affinity', [...text, String(p.affinitySeconds)]);
    const target = family === 'ip6' ? `[${e.ip}]:${e.port}` : `${e.ip}:${e.port}`;
    if (p.affinitySeconds !== undefined) sets.set(set, p.affinitySeconds);
    chains.set(chain, [
      `${family} saddr ${e.ip} jump mark-for-masquerade`,
      ...(p.affinitySeconds !== undefined ? [`update @${set} { ${family} saddr }`] : []),
      `meta l4proto ${p.protocol} dnat to ${target}`,
    ]);
    return { chain, set };
  });
  const stay = p.affinitySeconds !== undefined ? names.map((n) => `${family} saddr @${n.set} goto ${n.chain}`) : [];
  const pick = `numgen random mod ${names.length} vmap { ${names.map((n, i) => `${i} : goto ${n.chain}`).join(', ')} }`;
  return [...stay, names.length === 1 ? `goto ${names[0]!.chain}` : pick];
}
