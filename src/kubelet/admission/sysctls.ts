/** Which sysctls a pod may set: those that are the pod's own and touch no other pod (upstream: pkg/kubelet/sysctl). */
import type { Pod } from '../../api/core/v1/types.ts';

const safe = new Map([
  ['kernel.shm_rmid_forced', 'IPC'],
  ...[
    'ip_local_port_range',
    'tcp_syncookies',
    'ping_group_range',
    'ip_unprivileged_port_start',
    'ip_local_reserved_ports',
    'tcp_keepalive_time',
    'tcp_fin_timeout',
    'tcp_keepalive_intvl',
    'tcp_keepalive_probes',
    'tcp_rmem',
    'tcp_wmem',
  ].map((name) => [`net.ipv4.${name}`, 'Net'] as const),
]);

/** `net/ipv4/conf/eth0.1/x` → `net.ipv4.conf.eth0/1.x`: the first separator says which of the two forms it is. */
export function sysctlName(given: string): string {
  if (/[./]/.exec(given)?.[0] !== '/') return given;
  return given.replace(/[./]/g, (c) => (c === '/' ? '.' : '/'));
}

/** Why the pod is refused, or undefined. */
export function forbiddenSysctl(pod: Pod): string | undefined {
  for (const { name } of pod.spec.securityContext?.sysctls ?? []) {
    const sysctl = sysctlName(name);
    const namespace = safe.get(sysctl);
    if (namespace === undefined) return `forbidden sysctl: "${sysctl}" not allowlisted`;
    if (namespace === 'IPC' ? pod.spec.hostIPC : pod.spec.hostNetwork)
      return `forbidden sysctl: "${sysctl}" not allowed with host ${namespace} enabled`;
  }
  return undefined;
}
