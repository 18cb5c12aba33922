/** From requests and limits to what the kernel is told: QoS class, cpu shares and quota, memory limit, oom score (upstream: pkg/kubelet/cm, qos). */
import type { Container, Pod } from '../../api/core/v1/types.ts';
import { isPodLevelResourcesSet, podLimits, podRequests } from '../../machinery/resource-lists.ts';
import type { LinuxContainerResources } from '../cri.ts';
import { initOf, isSidecar, isStatic } from './identity.ts';
import { bytesText, milliText, milliValue, quantityValue, wholeValue } from './quantity.ts';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';
type ResourceList = Readonly<Record<string, string>>;
const computed = ['cpu', 'memory'] as const;

/** KEP-2837 and pkg/apis/core/v1/helper/qos: pod-level resources decide alone when set. */
export function qosClass(pod: Pod): QosClass {
  const holders = pod.spec.resources?.requests || pod.spec.resources?.limits ? [pod.spec.resources] : undefined;
  const all = holders ?? [...initOf(pod), ...pod.spec.containers].map((c) => c.resources);
  const positive = (list: ResourceList | undefined, name: string) =>
    list?.[name] !== undefined && quantityValue(list[name]) > 0;
  let any = false;
  let guaranteed = true;
  const requests: Record<string, number> = {};
  const limits: Record<string, number> = {};
  for (const r of all) {
    for (const name of computed) {
      if (positive(r?.requests, name)) {
        any = true;
        requests[name] = (requests[name] ?? 0) + quantityValue(r!.requests![name]!);
      }
      if (positive(r?.limits, name)) {
        any = true;
        limits[name] = (limits[name] ?? 0) + quantityValue(r!.limits![name]!);
      } else guaranteed = false;
    }
  }
  if (!any) return 'BestEffort';
  const equal = computed.every(
    (name) => limits[name] !== undefined && (requests[name] === undefined || requests[name] === limits[name]),
  );
  return guaranteed && equal ? 'Guaranteed' : 'Burstable';
}

/** `cpu` in thousandths, `memory` in bytes; a request defaults to the limit. */
const requestOf = (c: Container, name: 'cpu' | 'memory'): number => {
  const text = c.resources?.requests?.[name] ?? c.resources?.limits?.[name];
  return text === undefined ? 0 : name === 'cpu' ? milliValue(text) : wholeValue(text);
};
const limitOf = (c: Container, name: 'cpu' | 'memory'): number => {
  const text = c.resources?.limits?.[name];
  return text === undefined ? 0 : name === 'cpu' ? milliValue(text) : wholeValue(text);
};

/** What a pod needs at once: containers and sidecars together, or the largest init step (KEP-753). */
function aggregate(pod: Pod, of: (c: Container) => number): number {
  let sidecars = 0;
  let initPeak = 0;
  for (const c of initOf(pod)) {
    const value = of(c);
    if (isSidecar(c)) sidecars += value;
    initPeak = Math.max(initPeak, isSidecar(c) ? sidecars : sidecars + value);
  }
  const running = pod.spec.containers.reduce((sum, c) => sum + of(c), sidecars);
  return Math.max(running, initPeak);
}

export interface PodAmounts {
  readonly cpuRequestMilli: number;
  readonly memoryRequest: number;
  /** Undefined when some container has none. */
  readonly cpuLimitMilli?: number;
  readonly memoryLimit?: number;
}
export function podAmounts(pod: Pod): PodAmounts {
  const level = pod.spec.resources;
  const overhead = pod.spec.overhead ?? {};
  const extra = { cpu: milliValue(overhead['cpu'] ?? '0'), memory: wholeValue(overhead['memory'] ?? '0') };
  const every = (name: 'cpu' | 'memory') => [...initOf(pod), ...pod.spec.containers].every((c) => limitOf(c, name) > 0);
  const cpuLimit = level?.limits?.['cpu']
    ? milliValue(level.limits['cpu'])
    : every('cpu')
      ? aggregate(pod, (c) => limitOf(c, 'cpu'))
      : undefined;
  const memoryLimit = level?.limits?.['memory']
    ? wholeValue(level.limits['memory'])
    : every('memory')
      ? aggregate(pod, (c) => limitOf(c, 'memory'))
      : undefined;
  const cpu = level?.requests?.['cpu'] ? milliValue(level.requests['cpu']) : aggregate(pod, (c) => requestOf(c, 'cpu'));
  const memory = level?.requests?.['memory']
    ? wholeValue(level.requests['memory'])
    : aggregate(pod, (c) => requestOf(c, 'memory'));
  return {
    cpuRequestMilli: cpu + extra.cpu,
    memoryRequest: memory + extra.memory,
    ...(cpuLimit !== undefined && { cpuLimitMilli: cpuLimit + extra.cpu }),
    ...(memoryLimit !== undefined && { memoryLimit: memoryLimit + extra.memory }),
  };
}

export const cpuPeriod = 100_000;
/** 1024 shares a core, at least 2, at most 262144. */
export const sharesOf = (milli: number): number =>
  milli === 0 ? 2 : Math.min(262_144, Math.max(2, Math.floor((milli * 1024) / 1000)));
/** Microseconds a period, at least 1000; 0 = no limit. */
export const quotaOf = (milli: number): number =>
  milli === 0 ? 0 : Math.max(1000, Math.floor((milli * cpuPeriod) / 1000));

/** Guaranteed -997, best effort 1000, burstable by its share of the node's memory (upstream: GetContainerOOMScoreAdjust). */
export function oomScoreAdj(pod: Pod, c: Container, nodeMemory: number): number {
  const priority = pod.spec.priority;
  if ((isStatic(pod) && pod.spec.priorityClassName === 'system-node-critical') || (priority ?? 0) >= 2_000_001_000)
    return -997;
  const qos = qosClass(pod);
  if (qos === 'Guaranteed') return -997;
  if (qos === 'BestEffort') return 1000;
  const request = requestOf(c, 'memory');
  const adjust = 1000 - Math.floor((1000 * request) / nodeMemory);
  return Math.max(3, Math.min(999, adjust));
}

/** A container without a limit has the pod's. */
const effective = (pod: Pod, c: Container): Container => {
  const level = isPodLevelResourcesSet(pod) ? pod.spec.resources?.limits : undefined;
  if (!level) return c;
  const limits: Record<string, string> = { ...c.resources?.limits };
  for (const name of ['cpu', 'memory'] as const) if (limitOf(c, name) === 0 && level[name]) limits[name] = level[name];
  return { ...c, resources: { ...c.resources, limits } };
};

/** status.resources of a pod: what its cgroup has once it runs, what it will have before (upstream: convertToAPIPodLevelResourcesStatus). */
export function podResourcesStatus(pod: Pod, isRunning: boolean): NonNullable<Pod['status']['resources']> {
  const all = podRequests(pod);
  if (!isRunning) return { requests: all, limits: podLimits(pod) };
  const a = podAmounts(pod);
  const requests: Record<string, string> = { ...pod.spec.resources?.requests };
  const limits: Record<string, string> = { ...pod.spec.resources?.limits };
  const cpu = Math.ceil((sharesOf(a.cpuRequestMilli) * 1000) / 1024);
  if (cpu > 2) requests['cpu'] = milliText(cpu);
  if (all['memory'] !== undefined) requests['memory'] ??= all['memory'];
  if (a.cpuLimitMilli) limits['cpu'] = milliText(Math.max(10, a.cpuLimitMilli));
  if (a.memoryLimit) limits['memory'] = bytesText(a.memoryLimit);
  return { requests, limits };
}

export function containerResources(pod: Pod, c: Container, nodeMemory: number): LinuxContainerResources {
  const given = effective(pod, c);
  const cpuLimit = limitOf(given, 'cpu');
  const memory = limitOf(given, 'memory');
  return {
    cpuPeriod,
    cpuQuota: quotaOf(cpuLimit),
    cpuShares: sharesOf(requestOf(given, 'cpu')),
    memoryLimitInBytes: memory,
    oomScoreAdj: oomScoreAdj(pod, c, nodeMemory),
    ...(memory > 0 && { memorySwapLimitInBytes: memory }),
  };
}

/** `/kubepods/burstable/pod<uid>` below `root` (empty = the machine's). */
export function podCgroup(root: string, pod: Pod): string {
  const qos = qosClass(pod);
  const middle = qos === 'Guaranteed' ? '' : `/${qos.toLowerCase()}`;
  return `${root}/kubepods${middle}/pod${pod.metadata.uid}`;
}
