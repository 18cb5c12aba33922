/** /stats/summary and the resource metrics: what node, pods and containers use, from cgroups, /proc and the runtime (stats/v1alpha1). */
import type { Clock } from '../../base/clock.ts';
import { rfc3339 } from '../../base/clock.ts';
import type { ContainerStats } from '../cri.ts';
import type { KubeletView } from '../kubelet.ts';
import { isOnDisk } from '../eviction/limits.ts';
import { labelPodUid, nameOf, namespaceOf, uidOf } from '../pod/identity.ts';
import { podCgroup } from '../pod/resources.ts';
import { podDir } from '../settings.ts';

interface CpuStats {
  readonly time: string;
  readonly usageNanoCores?: number;
  readonly usageCoreNanoSeconds: number;
}
interface MemoryStats {
  readonly time: string;
  readonly availableBytes?: number;
  readonly usageBytes: number;
  readonly workingSetBytes: number;
  readonly rssBytes: number;
  readonly pageFaults: number;
  readonly majorPageFaults: number;
}
interface FsStats {
  readonly time: string;
  readonly availableBytes: number;
  readonly capacityBytes: number;
  readonly usedBytes: number;
  readonly inodesFree: number;
  readonly inodes: number;
  readonly inodesUsed: number;
}
export interface ContainerSummary {
  readonly name: string;
  readonly startTime: string;
  readonly cpu: CpuStats;
  readonly memory: MemoryStats;
  readonly rootfs: FsStats;
  readonly logs: FsStats;
}
export interface PodSummary {
  readonly podRef: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly startTime: string;
  readonly containers: readonly ContainerSummary[];
  readonly cpu?: CpuStats;
  readonly memory?: MemoryStats;
  readonly volume: readonly (FsStats & { readonly name: string })[];
  readonly 'ephemeral-storage': FsStats;
  readonly process_stats: { readonly process_count: number };
}
export interface Summary {
  readonly node: Record<string, unknown> & { readonly cpu: CpuStats; readonly memory: MemoryStats };
  readonly pods: readonly PodSummary[];
}

export interface StatsSource {
  summary(): Promise<Summary>;
}

/** Rates are over the time since the last call that is at least a second ago. */
export function createStats(view: KubeletView, clock: Clock): StatsSource {
  const last = new Map<string, { at: number; value: number; rate: number | undefined }>();
  const rateOf = (key: string, value: number): number | undefined => {
    const now = clock.monotonic();
    const before = last.get(key);
    if (!before || value < before.value) {
      last.set(key, { at: now, value, rate: undefined });
      return undefined;
    }
    if (now - before.at < 1000) return before.rate;
    const rate = Math.round(((value - before.value) / (now - before.at)) * 1000);
    last.set(key, { at: now, value, rate });
    return rate;
  };
  const started = clock.now();
  return {
    async summary() {
      const { host, runtime, settings, machine } = view;
      const time = rfc3339(clock.now());
      const [stats, disk, imageDisk, memory, cpu, network, processes] = await Promise.all([
        runtime.stats(),
        host.diskUsage(settings.rootDir),
        runtime.images
          .fsInfo()
          .then(async (f) => ({ ...(await host.diskUsage(f.mountpoint)), usedBytes: f.usedBytes })),
        host.nodeMemory(),
        host.nodeCpuNanoSeconds(),
        host.networkBytes(),
        host.processCount(),
      ]);
      const cpuStats = (key: string, nanoseconds: number): CpuStats => {
        const rate = rateOf(key, nanoseconds);
        return { time, ...(rate !== undefined && { usageNanoCores: rate }), usageCoreNanoSeconds: nanoseconds };
      };
      const fsStats = (usedBytes: number, inodesUsed: number, from = disk): FsStats => ({
        time,
        availableBytes: from.availableBytes,
        capacityBytes: from.totalBytes,
        usedBytes,
        inodesFree: from.inodesFree,
        inodes: from.inodes,
        inodesUsed,
      });
      const containerOf = async (s: ContainerStats, startTime: string, logDir: string): Promise<ContainerSummary> => {
        const logs = await host.treeUsage(`${logDir}/${s.name}`);
        return {
          name: s.name,
          startTime,
          cpu: cpuStats(s.id, s.cpuNanoSeconds),
          memory: {
            time,
            usageBytes: s.usageBytes,
            workingSetBytes: s.workingSetBytes,
            rssBytes: s.rssBytes,
            pageFaults: s.pageFaults,
            majorPageFaults: s.majorPageFaults,
          },
          rootfs: fsStats(s.writableLayerBytes, s.writableLayerInodes, imageDisk),
          logs: fsStats(logs.bytes, logs.inodes),
        };
      };
      const pods = await Promise.all(
        view.pods().map(async (pod): Promise<PodSummary | undefined> => {
          const uid = uidOf(pod);
          const running = new Map(
            [...(pod.status.containerStatuses ?? []), ...(pod.status.initContainerStatuses ?? [])].flatMap((c) =>
              c.state.running
                ? [[c.containerID?.replace(/^.*:\/\//, ''), c.state.running.startedAt ?? ''] as const]
                : [],
            ),
          );
          const mine = stats.filter((s) => s.labels[labelPodUid] === uid && running.has(s.id));
          if (mine.length === 0) return undefined;
          const logDir = `${settings.podLogsDir}/${namespaceOf(pod)}_${nameOf(pod)}_${uid}`;
          const containers = await Promise.all(mine.map((s) => containerOf(s, running.get(s.id) ?? '', logDir)));
          const use = await host.cgroups.use(podCgroup(settings.cgroupRoot, pod));
          const volumes = await Promise.all(
            (pod.spec.volumes ?? [])
              .filter((v) => v.emptyDir)
              .map(async (v) => {
                const path = `${podDir(settings, uid)}/volumes/kubernetes.io~empty-dir/${v.name}`;
                const u = await host.treeUsage(path);
                return { ...fsStats(u.bytes, u.inodes), name: v.name, onDisk: isOnDisk(v) };
              }),
          );
          const sum = (f: (x: FsStats) => number) =>
            containers.reduce((n, c) => n + f(c.rootfs) + f(c.logs), 0) +
            volumes.reduce((n, v) => n + (v.onDisk ? f(v) : 0), 0);
          return {
            podRef: { name: nameOf(pod), namespace: namespaceOf(pod), uid },
            startTime: pod.status.startTime ?? '',
            containers,
            ...(use && {
              cpu: cpuStats(`pod/${uid}`, use.cpuNanoSeconds),
              memory: {
                time,
                usageBytes: use.memoryUsage,
                workingSetBytes: use.memoryWorkingSet,
                rssBytes: use.memoryRss,
                pageFaults: use.pageFaults,
                majorPageFaults: use.majorPageFaults,
              },
            }),
            volume: volumes.map(({ onDisk: _, ...v }) => v),
            'ephemeral-storage': fsStats(
              sum((x) => x.usedBytes),
              sum((x) => x.inodesUsed),
            ),
            process_stats: { process_count: use?.pids ?? 0 },
          };
        }),
      );
      const known = new Set(['node', ...stats.map((s) => s.id), ...view.pods().map((p) => `pod/${uidOf(p)}`)]);
      for (const key of last.keys()) if (!known.has(key)) last.delete(key);
      const [main] = network;
      const interfaces = network.map((n) => ({
        name: n.name,
        rxBytes: n.rx,
        rxErrors: n.rxErrors,
        txBytes: n.tx,
        txErrors: n.txErrors,
      }));
      const used = disk.totalBytes - disk.availableBytes;
      return {
        node: {
          nodeName: settings.nodeName,
          startTime: rfc3339(started),
          cpu: cpuStats('node', cpu),
          memory: { time, ...memory },
          ...(main && { network: { time, ...interfaces[0], interfaces } }),
          fs: fsStats(used, disk.inodes - disk.inodesFree),
          runtime: { imageFs: fsStats(imageDisk.usedBytes, imageDisk.inodes - imageDisk.inodesFree, imageDisk) },
          rlimit: { time, maxpid: machine.pidMax, curproc: processes },
        },
        pods: pods.filter((p) => p !== undefined),
      };
    },
  };
}

const label = (s: string): string => s.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** /metrics/resource in Prometheus text (KEP-727). */
export function resourceMetrics(s: Summary): string {
  const lines: string[] = [];
  const family = (name: string, type: 'counter' | 'gauge', help: string, samples: readonly string[]) => {
    if (samples.length) lines.push(`# HELP ${name} [STABLE] ${help}`, `# TYPE ${name} ${type}`, ...samples);
  };
  const at = (time: string) => Date.parse(time);
  const each = (name: string, value: (c: ContainerSummary) => number, time: (c: ContainerSummary) => string) =>
    s.pods.flatMap((p) =>
      p.containers.map(
        (c) =>
          `${name}{container="${label(c.name)}",namespace="${label(p.podRef.namespace)}",pod="${label(p.podRef.name)}"} ${value(c)} ${at(time(c))}`,
      ),
    );
  const pods = (name: string, pick: (p: PodSummary) => { value: number; time: string } | undefined) =>
    s.pods.flatMap((p) => {
      const x = pick(p);
      return x
        ? [`${name}{namespace="${label(p.podRef.namespace)}",pod="${label(p.podRef.name)}"} ${x.value} ${at(x.time)}`]
        : [];
    });
  family(
    'container_cpu_usage_seconds_total',
    'counter',
    'Cumulative cpu time consumed by the container in core-seconds',
    each(
      'container_cpu_usage_seconds_total',
      (c) => c.cpu.usageCoreNanoSeconds / 1e9,
      (c) => c.cpu.time,
    ),
  );
  family(
    'container_memory_working_set_bytes',
    'gauge',
    'Current working set of the container in bytes',
    each(
      'container_memory_working_set_bytes',
      (c) => c.memory.workingSetBytes,
      (c) => c.memory.time,
    ),
  );
  family('container_start_time_seconds', 'gauge', 'Start time of the container since unix epoch in seconds', [
    ...s.pods.flatMap((p) =>
      p.containers.map(
        (c) =>
          `container_start_time_seconds{container="${label(c.name)}",namespace="${label(p.podRef.namespace)}",pod="${label(p.podRef.name)}"} ${at(c.startTime) / 1000}`,
      ),
    ),
  ]);
  family('node_cpu_usage_seconds_total', 'counter', 'Cumulative cpu time consumed by the node in core-seconds', [
    `node_cpu_usage_seconds_total ${s.node.cpu.usageCoreNanoSeconds / 1e9} ${at(s.node.cpu.time)}`,
  ]);
  family('node_memory_working_set_bytes', 'gauge', 'Current working set of the node in bytes', [
    `node_memory_working_set_bytes ${s.node.memory.workingSetBytes} ${at(s.node.memory.time)}`,
  ]);
  family(
    'pod_cpu_usage_seconds_total',
    'counter',
    'Cumulative cpu time consumed by the pod in core-seconds',
    pods('pod_cpu_usage_seconds_total', (p) => p.cpu && { value: p.cpu.usageCoreNanoSeconds / 1e9, time: p.cpu.time }),
  );
  family(
    'pod_memory_working_set_bytes',
    'gauge',
    'Current working set of the pod in bytes',
    pods('pod_memory_working_set_bytes', (p) => p.memory && { value: p.memory.workingSetBytes, time: p.memory.time }),
  );
  family('resource_scrape_error', 'gauge', '1 if there was an error while getting container metrics, 0 otherwise', [
    'resource_scrape_error 0',
  ]);
  return lines.join('\n') + '\n';
}
