/** The network of one node as data: its CNI configuration and its masquerade and host-port rules. Pure. */
import type { Pod } from '../api/core/v1/types.ts';

export interface NodeNetwork {
  readonly bridge: string;
  /** The node's own pods, e.g. 10.244.0.0/24. */
  readonly podCidr: string;
  /** All pods of the cluster: between them nothing is masqueraded. */
  readonly clusterCidr: string;
  /** The bridge's address: the pods' gateway. */
  readonly gateway: string;
  readonly mtu: number;
  /** Where host-local keeps the addresses it gave. */
  readonly ipamDir: string;
}

/** A CNI 0.4.0 network list: bridge and host-local (cni.dev specification). */
export function cniConflist(n: NodeNetwork): string {
  const bridge = {
    type: 'bridge',
    bridge: n.bridge,
    isGateway: true,
    ipMasq: false,
    hairpinMode: true,
    mtu: n.mtu,
    ipam: {
      type: 'host-local',
      dataDir: n.ipamDir,
      ranges: [[{ subnet: n.podCidr, gateway: n.gateway }]],
      routes: [{ dst: '0.0.0.0/0' }],
    },
  };
  return JSON.stringify({ cniVersion: '0.4.0', name: 'k8ts', plugins: [bridge] }, null, 2) + '\n';
}

/**
 * What leaves the cluster takes the node's address; what stays keeps the pod's. The guard: route_localnet lets host ports answer on
 * 127.0.0.1, and must not let a pod reach what listens there (CVE-2020-8558).
 */
export function masqueradeRules(n: NodeNetwork): string {
  return `table ip k8ts-network
delete table ip k8ts-network
table ip k8ts-network {
  chain guard {
    type filter hook prerouting priority raw; policy accept;
    iifname "${n.bridge}" ip daddr 127.0.0.0/8 drop
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${n.podCidr} ip daddr != ${n.clusterCidr} ip daddr != 224.0.0.0/4 masquerade fully-random
  }
}
`;
}

export interface HostPort {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** undefined = every address of the node. */
  readonly hostIP: string | undefined;
  readonly hostPort: number;
  readonly podIP: string;
  readonly containerPort: number;
}

/** The host ports that the node's running pods ask for, in a stable order; of two that clash the older pod wins. */
export function hostPorts(pods: readonly Pod[]): readonly HostPort[] {
  const seen = new Set<string>();
  const found: HostPort[] = [];
  const byAge = [...pods].sort(
    (a, b) =>
      (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '') ||
      (a.metadata.uid ?? '').localeCompare(b.metadata.uid ?? ''),
  );
  for (const pod of byAge) {
    const podIP = pod.status.podIP;
    if (
      pod.spec.hostNetwork ||
      !podIP ||
      podIP.includes(':') ||
      pod.status.phase === 'Succeeded' ||
      pod.status.phase === 'Failed'
    )
      continue;
    for (const container of [
      ...(pod.spec.initContainers ?? []).filter((c) => c.restartPolicy === 'Always'),
      ...pod.spec.containers,
    ])
      for (const p of container.ports ?? []) {
        if (!p.hostPort || p.hostIP?.includes(':')) continue;
        const hostIP = p.hostIP && p.hostIP !== '0.0.0.0' ? p.hostIP : undefined;
        const protocol = (p.protocol ?? 'TCP').toLowerCase() as HostPort['protocol'];
        const key = `${protocol} ${hostIP} ${p.hostPort}`;
        if (seen.has(key)) continue;
        seen.add(key);
        found.push({ protocol, hostIP, hostPort: p.hostPort, podIP, containerPort: p.containerPort });
      }
  }
  return found.sort(
    (a, b) =>
      a.hostPort - b.hostPort || a.protocol.localeCompare(b.protocol) || (a.hostIP ?? '').localeCompare(b.hostIP ?? ''),
  );
}

/** A packet mark of our own: masquerade it. (kube-proxy's is 0x4000.) */
const hairpinMark = '0x2000';

/** Rules for the host ports: reached on the node's addresses, from the node itself (127.0.0.1 too) and from the pod itself. */
export function hostPortRules(n: NodeNetwork, ports: readonly HostPort[]): string {
  const dnat = ports.map(
    (p) =>
      `    ${p.hostIP ? `ip daddr ${p.hostIP} ` : ''}${p.protocol} dport ${p.hostPort} dnat to ${p.podIP}:${p.containerPort}`,
  );
  const jump = ports.length ? '    fib daddr type local jump hostports\n' : '';
  // A pod that reaches its own host port would see its own address as the source, and its answer would not come back this way.
  const hairpin = ports.map(
    (p) => `    ip saddr ${p.podIP} ${p.protocol} dport ${p.hostPort} meta mark set meta mark | ${hairpinMark}`,
  );
  return `table ip k8ts-hostports
delete table ip k8ts-hostports
table ip k8ts-hostports {
  chain hostports {
${[...hairpin, ...dnat].join('\n')}
  }
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
${jump}  }
  chain output {
    type nat hook output priority -100; policy accept;
${jump}  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr 127.0.0.0/8 oifname "${n.bridge}" masquerade
    meta mark & ${hairpinMark} == ${hairpinMark} masquerade
  }
}
`;
}
