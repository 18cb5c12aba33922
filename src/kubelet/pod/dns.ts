/** resolv.conf of a pod by its dnsPolicy and dnsConfig (upstream: pkg/kubelet/network/dns). */
import type { Pod } from '../../api/core/v1/types.ts';
import type { DnsConfig } from '../cri.ts';
import { isHostNetwork, namespaceOf } from './identity.ts';

export function parseResolvConf(text: string): DnsConfig {
  const servers: string[] = [];
  let searches: readonly string[] = [];
  let options: readonly string[] = [];
  for (const line of text.split('\n')) {
    const [key, ...values] = line.trim().split(/\s+/);
    if (key === 'nameserver' && values[0]) servers.push(values[0]);
    if (key === 'search') searches = values.filter((v) => v !== '.').map((v) => v.replace(/\.$/, ''));
    if (key === 'options') options = mergeOptions(options, values);
  }
  return { servers, searches, options };
}
/** The later of two options with one name wins. */
const mergeOptions = (a: readonly string[], b: readonly string[]): readonly string[] => [
  ...new Map([...a, ...b].map((o) => [o.split(':')[0]!, o])).values(),
];
const unique = (list: readonly string[]): readonly string[] => [...new Set(list)];

export interface DnsSettings {
  readonly node: DnsConfig;
  readonly clusterDNS: readonly string[];
  readonly clusterDomain: string;
}
export interface PodDns {
  readonly config: DnsConfig;
  /** Texts of DNSConfigForming and MissingClusterDNS events. */
  readonly warnings: readonly { readonly reason: string; readonly message: string }[];
}

const maxServers = 3;
const maxSearches = 32;
const maxSearchLength = 2048;

export function podDns(pod: Pod, s: DnsSettings): PodDns {
  const warnings: { reason: string; message: string }[] = [];
  const policy = pod.spec.dnsPolicy ?? 'ClusterFirst';
  const cluster = policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && !isHostNetwork(pod));
  let config: DnsConfig = policy === 'None' ? { servers: [], searches: [], options: [] } : s.node;
  if (cluster && s.clusterDNS.length > 0) {
    const own = s.clusterDomain
      ? [`${namespaceOf(pod)}.svc.${s.clusterDomain}`, `svc.${s.clusterDomain}`, s.clusterDomain]
      : [];
    config = { servers: s.clusterDNS, searches: unique([...own, ...s.node.searches]), options: ['ndots:5'] };
  } else if (cluster)
    warnings.push({
      reason: 'MissingClusterDNS',
      message: `pod: "${pod.metadata.name}_${namespaceOf(pod)}(${pod.metadata.uid})". kubelet does not have ClusterDNS IP configured and cannot create Pod using "ClusterFirst" policy. Falling back to "Default" policy.`,
    });
  const extra = pod.spec.dnsConfig;
  if (extra)
    config = {
      servers: unique([...config.servers, ...(extra.nameservers ?? [])]),
      searches: unique([...config.searches, ...(extra.searches ?? [])]),
      options: mergeOptions(
        config.options,
        (extra.options ?? []).map((o) => (o.value ? `${o.name}:${o.value}` : (o.name ?? ''))),
      ),
    };
  if (config.servers.length > maxServers) {
    config = { ...config, servers: config.servers.slice(0, maxServers) };
    warnings.push({
      reason: 'DNSConfigForming',
      message: `Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${config.servers.join(' ')}`,
    });
  }
  let searches = config.searches.slice(0, maxSearches).filter((d) => d.length <= 253);
  while (searches.join(' ').length > maxSearchLength) searches = searches.slice(0, -1);
  if (searches.length !== config.searches.length) {
    config = { ...config, searches };
    warnings.push({
      reason: 'DNSConfigForming',
      message: `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${searches.join(' ')}`,
    });
  }
  return { config, warnings };
}
