/** /etc/hosts of a pod: the kubelet's, so that a pod finds itself by name and hostAliases work. */
import type { Pod } from '../../api/core/v1/types.ts';

const aliases = (pod: Pod): string => {
  const list = pod.spec.hostAliases ?? [];
  if (list.length === 0) return '';
  return `\n# Entries added by HostAliases.\n${list.map((a) => `${a.ip}\t${(a.hostnames ?? []).join('\t')}\n`).join('')}`;
};

export function podHostsFile(pod: Pod, ips: readonly string[], hostname: string, domain: string): string {
  const own = ips.map((ip) => (domain ? `${ip}\t${hostname}.${domain}\t${hostname}\n` : `${ip}\t${hostname}\n`));
  return `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
${own.join('')}${aliases(pod)}`;
}
/** For a pod on the node's network: the node's file and the aliases. */
export const hostNetworkHostsFile = (pod: Pod, node: string): string =>
  `# Kubernetes-managed hosts file (host network).\n${node}${aliases(pod)}`;
