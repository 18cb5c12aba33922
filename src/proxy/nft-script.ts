/** nftables scripts: the whole table for a model, or just what changed between two. Pure; every script is one transaction. */
import { familyOf, mapNames, masqueradeMark, type ModelOptions, nftModel, type NftModel } from './nft-model.ts';

export const tableName = 'kube-proxy';

export interface Script {
  readonly text: string;
  /**
   * Chains that nothing uses any more. They are empty and stay for a while: kernels before 6.2 notice only later that the last map
   * element which led to a chain is gone, and would refuse the whole transaction (upstream: staleChains).
   */
  readonly idle: readonly string[];
}

/** Replaces the table with one that holds exactly the model. */
export const fullScript = (m: NftModel, o: ModelOptions): string =>
  tableScript(o, true) + changeScript(nftModel([], o), m).text;

/**
 * The table without services. `anew` deletes whatever it was; otherwise affinity sets stay as they are, and with them which client
 * uses which endpoint, and every chain is emptied.
 */
export function tableScript(o: ModelOptions, anew: boolean): string {
  const t = `${familyOf(o.family)} ${tableName}`;
  const before = anew ? `delete table ${t}` : `flush table ${t}`;
  const containers = [...mapNames.map((m) => `flush map ${t} ${m}`), ...setNames.map((s) => `flush set ${t} ${s}`)];
  const nodeIPs = o.nodeIPs.filter((ip) => ip.includes(':') === (o.family === 'IPv6') && !ip.startsWith('127.'));
  const nodes = nodeIPs.length ? [`add element ${t} nodeport-ips { ${nodeIPs.join(', ')} }`] : [];
  return [`table ${t}`, before, skeleton(o), ...(anew ? [] : containers), ...nodes, ''].join('\n');
}

/** Elements of the shared set that come and go; undefined = what differs between the two models. */
export interface Hairpins {
  readonly come: readonly string[];
  readonly gone: readonly string[];
}

/** What turns `old` into `next`; empty when nothing differs. */
export function changeScript(old: NftModel, next: NftModel, hairpins?: Hairpins): Script {
  const t = `${next.family} ${tableName}`;
  const out: string[] = [];
  for (const [name, seconds] of next.sets)
    if (!old.sets.has(name)) {
      out.push(
        `add set ${t} ${name} { type ${next.family === 'ip' ? 'ipv4_addr' : 'ipv6_addr'}; flags dynamic,timeout; timeout ${seconds}s; }`,
      );
    }
  const changed = [...next.chains].filter(([name, rules]) => !same(old.chains.get(name), rules));
  // All chains first: rules refer to each other.
  for (const [name] of changed)
    out.push(`add chain ${t} ${name}`, ...(old.chains.has(name) ? [`flush chain ${t} ${name}`] : []));
  for (const [name, rules] of changed) for (const rule of rules) out.push(`add rule ${t} ${name} ${rule}`);
  for (const map of mapNames) {
    const [was, is] = [old.maps[map], next.maps[map]];
    const gone = [...was].filter(([k, v]) => is.get(k) !== v).map(([k]) => k);
    const come = [...is].filter(([k, v]) => was.get(k) !== v).map(([k, v]) => `${k} : ${v}`);
    out.push(...elements(t, map, { gone, come }));
  }
  out.push(...elements(t, 'cluster-ips', difference(old.clusterIPs, next.clusterIPs)));
  out.push(...elements(t, 'hairpin-connections', hairpins ?? difference(old.hairpins, next.hairpins)));
  const idle = [...old.chains.keys()].filter((name) => !next.chains.has(name));
  for (const name of idle) out.push(`flush chain ${t} ${name}`);
  for (const name of old.sets.keys()) if (!next.sets.has(name)) out.push(`delete set ${t} ${name}`);
  return { text: out.length ? `${out.join('\n')}\n` : '', idle };
}

const difference = (was: ReadonlySet<string>, is: ReadonlySet<string>): Hairpins => ({
  gone: [...was].filter((x) => !is.has(x)),
  come: [...is].filter((x) => !was.has(x)),
});

function elements(t: string, container: string, { gone, come }: Hairpins): readonly string[] {
  return [
    ...(gone.length ? [`delete element ${t} ${container} { ${gone.join(', ')} }`] : []),
    ...(come.length ? [`add element ${t} ${container} { ${come.join(', ')} }`] : []),
  ];
}

const same = (a: readonly string[] | undefined, b: readonly string[]): boolean =>
  a !== undefined && a.length === b.length && a.every((x, i) => x === b[i]);

const setNames = ['cluster-ips', 'hairpin-connections', 'nodeport-ips'] as const;

/** The fixed part: hooks, maps and the chains every service uses. */
function skeleton(o: ModelOptions): string {
  const f = familyOf(o.family);
  const address = f === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
  const key = `type ${address} . inet_proto . inet_service : verdict;`;
  const portKey = 'type inet_proto . inet_service : verdict;';
  const cidrs = o.serviceCIDRs.filter((c) => c.includes(':') === (f === 'ip6'));
  const unallocated = cidrs.length ? `\n    ${f} daddr { ${cidrs.join(', ')} } drop` : '';
  // Clients outside that route service addresses to this node: the answer must come back through it.
  const offCluster = o.clusterCidr
    ? `\n    ${f} daddr @cluster-ips ${f} saddr != ${o.clusterCidr} jump mark-for-masquerade`
    : '';
  return `table ${f} ${tableName} {
  map service-ips { ${key} }
  map service-nodeports { ${portKey} }
  map no-endpoint-services { ${key} }
  map no-endpoint-nodeports { ${portKey} }
  map firewall-ips { ${key} }
  set cluster-ips { type ${address}; }
  set hairpin-connections { type ${address} . ${address} . inet_proto . inet_service; }
  set nodeport-ips { type ${address}; }
  chain mark-for-masquerade {
    meta mark set meta mark or ${masqueradeMark}
  }
  chain reject-chain {
    reject
  }
  chain services {${offCluster}
    ${f} daddr . meta l4proto . th dport vmap @service-ips
    ${f} daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports
  }
  chain endpoints-check {
    ${f} daddr . meta l4proto . th dport vmap @no-endpoint-services
  }
  chain nodeports-check {
    ${f} daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports
  }
  chain cluster-ips-check {
    ${f} daddr @cluster-ips reject${unallocated}
  }
  chain firewall-check {
    ${f} daddr . meta l4proto . th dport vmap @firewall-ips
  }
  chain filter-prerouting-pre-dnat {
    type filter hook prerouting priority -110; policy accept;
    ct state new jump firewall-check
  }
  chain filter-output-pre-dnat {
    type filter hook output priority -110; policy accept;
    ct state new jump firewall-check
  }
  chain filter-input {
    type filter hook input priority 0; policy accept;
    ct state new jump nodeports-check
    ct state new jump endpoints-check
  }
  chain filter-forward {
    type filter hook forward priority 0; policy accept;
    ct state new jump endpoints-check
    ct state new jump cluster-ips-check
  }
  chain filter-output {
    type filter hook output priority 0; policy accept;
    ct state new jump endpoints-check
    ct state new jump cluster-ips-check
  }
  chain nat-prerouting {
    type nat hook prerouting priority -100; policy accept;
    jump services
  }
  chain nat-output {
    type nat hook output priority -100; policy accept;
    jump services
  }
  chain nat-postrouting {
    type nat hook postrouting priority 100; policy accept;
    meta mark & ${masqueradeMark} != 0 meta mark set meta mark xor ${masqueradeMark} masquerade fully-random
    ct status dnat ${f} saddr . ${f} daddr . meta l4proto . th dport @hairpin-connections masquerade fully-random
  }
}`;
}
