/** nftables scripts: the whole table for a model, or just what changed between two. Pure; every script is one transaction. */
import { type MapName, masqueradeMark, nftModel, type NftModel } from './nft-model.ts';

const table = 'kube-proxy';
const mapNames: readonly MapName[] = [
  'service-ips',
  'service-nodeports',
  'no-endpoint-services',
  'no-endpoint-nodeports',
  'firewall-ips',
];

/** Replaces the table with one that holds exactly the model. */
export function fullScript(m: NftModel): string {
  return `${tableScript(m.family)}${changeScript(nftModel([], { family: m.family === 'ip' ? 'IPv4' : 'IPv6', clusterCidr: undefined }), m)}`;
}

/** Replaces the table with one without services. */
export const tableScript = (f: 'ip' | 'ip6'): string =>
  `table ${f} ${table}\ndelete table ${f} ${table}\n${skeleton(f)}`;

/** What turns `old` into `next`; empty when nothing differs. */
export function changeScript(old: NftModel, next: NftModel): string {
  const t = `${next.family} ${table}`;
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
    if (gone.length) out.push(`delete element ${t} ${map} { ${gone.join(', ')} }`);
    if (come.length) out.push(`add element ${t} ${map} { ${come.join(', ')} }`);
  }
  const goneIPs = [...old.clusterIPs].filter((ip) => !next.clusterIPs.has(ip));
  const newIPs = [...next.clusterIPs].filter((ip) => !old.clusterIPs.has(ip));
  if (goneIPs.length) out.push(`delete element ${t} cluster-ips { ${goneIPs.join(', ')} }`);
  if (newIPs.length) out.push(`add element ${t} cluster-ips { ${newIPs.join(', ')} }`);
  const dead = [...old.chains.keys()].filter((name) => !next.chains.has(name));
  for (const name of dead) out.push(`flush chain ${t} ${name}`);
  for (const name of dead) out.push(`delete chain ${t} ${name}`);
  for (const name of old.sets.keys()) if (!next.sets.has(name)) out.push(`delete set ${t} ${name}`);
  return out.length ? `${out.join('\n')}\n` : '';
}

const same = (a: readonly string[] | undefined, b: readonly string[]): boolean =>
  a !== undefined && a.length === b.length && a.every((x, i) => x === b[i]);

/** The fixed part: hooks, maps and the chains every service uses. */
function skeleton(f: 'ip' | 'ip6'): string {
  const address = f === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
  const key = `type ${address} . inet_proto . inet_service : verdict;`;
  const portKey = 'type inet_proto . inet_service : verdict;';
  return `table ${f} ${table} {
  map service-ips { ${key} }
  map service-nodeports { ${portKey} }
  map no-endpoint-services { ${key} }
  map no-endpoint-nodeports { ${portKey} }
  map firewall-ips { ${key} }
  set cluster-ips { type ${address}; }
  chain mark-for-masquerade {
    meta mark set meta mark or ${masqueradeMark}
  }
  chain reject-chain {
    reject
  }
  chain services {
    ${f} daddr . meta l4proto . th dport vmap @service-ips
    fib daddr type local meta l4proto . th dport vmap @service-nodeports
  }
  chain endpoints-check {
    ${f} daddr . meta l4proto . th dport vmap @no-endpoint-services
    fib daddr type local meta l4proto . th dport vmap @no-endpoint-nodeports
  }
  chain firewall-check {
    ${f} daddr . meta l4proto . th dport vmap @firewall-ips
  }
  chain filter-prerouting {
    type filter hook prerouting priority -110; policy accept;
    ct state new jump firewall-check
  }
  chain filter-input {
    type filter hook input priority -110; policy accept;
    ct state new jump endpoints-check
  }
  chain filter-forward {
    type filter hook forward priority -110; policy accept;
    ct state new jump endpoints-check
    ct state new ${f} daddr @cluster-ips reject
  }
  chain filter-output {
    type filter hook output priority -110; policy accept;
    ct state new jump endpoints-check
    ct state new jump firewall-check
  }
  chain filter-output-post-dnat {
    type filter hook output priority -90; policy accept;
    ct state new ${f} daddr @cluster-ips reject
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
  }
}
`;
}
