/** The Node object a kubelet registers and its status (upstream: pkg/kubelet/nodestatus/setters.go). Pure. */
import type { Node, NodeCondition, NodeStatus } from '../../api/core/v1/types.ts';
import { rfc3339 } from '../../base/clock.ts';
import type { RuntimeImage } from '../cri.ts';
import type { MachineFacts } from '../host.ts';

export interface NodeFacts {
  readonly name: string;
  readonly hostname: string;
  readonly addresses: readonly string[];
  readonly machine: MachineFacts;
  /** `containerd`, `1.6.20` */
  readonly runtime: { readonly name: string; readonly version: string };
  readonly kubeletVersion: string;
  readonly port: number;
  readonly maxPods: number;
  readonly storageBytes: number;
  /** Overrides of capacity, as quantity texts. */
  readonly capacity: Readonly<Record<string, string>>;
  readonly images: readonly RuntimeImage[];
}
export interface NodeHealth {
  readonly memoryPressure: boolean;
  readonly diskPressure: boolean;
  readonly pidPressure: boolean;
  /** Why the node is not ready; undefined = it is. */
  readonly notReady: string | undefined;
}

const maxImages = 50;
/** Kept back for the kubelet's hard eviction thresholds: 100Mi of memory, a tenth of the disk. */
const memoryReserve = 100 * 2 ** 20;

export function nodeLabels(f: NodeFacts): Record<string, string> {
  return {
    'beta.kubernetes.io/arch': f.machine.architecture,
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': f.machine.architecture,
    'kubernetes.io/hostname': f.hostname,
    'kubernetes.io/os': 'linux',
  };
}

const kibibytes = (bytes: number): string => `${Math.floor(bytes / 1024)}Ki`;

export function nodeCapacity(f: NodeFacts): { capacity: Record<string, string>; allocatable: Record<string, string> } {
  const capacity: Record<string, string> = {
    cpu: String(f.machine.cpus),
    'ephemeral-storage': kibibytes(f.storageBytes),
    memory: kibibytes(f.machine.memoryBytes),
    pods: String(f.maxPods),
  };
  const allocatable: Record<string, string> = {
    ...capacity,
    'ephemeral-storage': String(Math.floor(f.storageBytes * 0.9)),
    memory: kibibytes(Math.max(0, f.machine.memoryBytes - memoryReserve)),
  };
  return { capacity: { ...capacity, ...f.capacity }, allocatable: { ...allocatable, ...f.capacity } };
}

function conditionsOf(h: NodeHealth, previous: readonly NodeCondition[], now: number): readonly NodeCondition[] {
  const make = (type: string, on: boolean, reason: string, message: string): NodeCondition => {
    const status = on ? 'True' : 'False';
    const old = previous.find((c) => c.type === type);
    return {
      type,
      status,
      lastHeartbeatTime: rfc3339(now),
      lastTransitionTime: old?.status === status && old.lastTransitionTime ? old.lastTransitionTime : rfc3339(now),
      reason,
      message,
    };
  };
  const ours = new Set(['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready']);
  return [
    ...previous.filter((c) => !ours.has(c.type)),
    h.memoryPressure
      ? make('MemoryPressure', true, 'KubeletHasInsufficientMemory', 'kubelet has insufficient memory available')
      : make('MemoryPressure', false, 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    h.diskPressure
      ? make('DiskPressure', true, 'KubeletHasDiskPressure', 'kubelet has disk pressure')
      : make('DiskPressure', false, 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    h.pidPressure
      ? make('PIDPressure', true, 'KubeletHasInsufficientPID', 'kubelet has insufficient PID available')
      : make('PIDPressure', false, 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    h.notReady === undefined
      ? make('Ready', true, 'KubeletReady', 'kubelet is posting ready status')
      : make('Ready', false, 'KubeletNotReady', h.notReady),
  ];
}

/** Largest first, at most 50, digests before tags. */
export function nodeImages(images: readonly RuntimeImage[]): NodeStatus['images'] {
  return [...images]
    .sort((a, b) => b.size - a.size)
    .slice(0, maxImages)
    .map((i) => ({ names: [...i.repoDigests, ...i.repoTags].slice(0, 5), sizeBytes: i.size }));
}

/** `previous`: the status the API has, whose transition times and foreign conditions are kept. */
export function nodeStatus(f: NodeFacts, h: NodeHealth, previous: NodeStatus | undefined, now: number): NodeStatus {
  const m = f.machine;
  return {
    ...nodeCapacity(f),
    conditions: conditionsOf(h, previous?.conditions ?? [], now),
    addresses: [
      ...f.addresses.map((address) => ({ type: 'InternalIP', address })),
      { type: 'Hostname', address: f.hostname },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: f.port } },
    nodeInfo: {
      machineID: m.machineID,
      systemUUID: m.systemUUID,
      bootID: m.bootID,
      kernelVersion: m.kernelVersion,
      osImage: m.osImage,
      containerRuntimeVersion: `${f.runtime.name}://${f.runtime.version.replace(/^v/, '').replace(/~.*$/, '')}`,
      kubeletVersion: f.kubeletVersion,
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: m.architecture,
      swap: { capacity: m.swapBytes },
    },
    images: nodeImages(f.images) ?? [],
  };
}

/** What a new node is registered as. */
export function initialNode(
  f: NodeFacts,
  h: NodeHealth,
  given: { readonly labels?: Readonly<Record<string, string>> | undefined; readonly taints?: Node['spec']['taints'] },
  now: number,
): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: f.name,
      labels: { ...nodeLabels(f), ...given.labels },
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: given.taints?.length ? { taints: given.taints } : {},
    status: nodeStatus(f, h, undefined, now),
  };
}

/** Equal but for heartbeats: nothing to report before the next period. */
export function sameNodeStatus(a: NodeStatus, b: NodeStatus): boolean {
  const bare = (s: NodeStatus) =>
    JSON.stringify(
      { ...s, conditions: (s.conditions ?? []).map((c) => ({ ...c, lastHeartbeatTime: '' })) },
      (_, v: unknown) =>
        v && typeof v === 'object' && !Array.isArray(v)
          ? Object.fromEntries(Object.entries(v).sort(([x], [y]) => (x < y ? -1 : 1)))
          : v,
    );
  return bare(a) === bare(b);
}

/** Strategic merge patch of a node's status: conditions and addresses merge by type. */
export function nodeStatusPatch(from: NodeStatus, to: NodeStatus): Record<string, unknown> {
  const status: Record<string, unknown> = {};
  const a = from as Record<string, unknown>;
  for (const [key, value] of Object.entries(to as Record<string, unknown>))
    if (JSON.stringify(a[key]) !== JSON.stringify(value)) status[key] = value;
  const addresses = status['addresses'] as { type: string }[] | undefined;
  if (addresses) status['addresses'] = [...addresses, { $patch: 'replace' }];
  return { status };
}
