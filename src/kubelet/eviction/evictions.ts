/** Looks every ten seconds at what the node has left and ends pods that use too much of it, one at a time (upstream: pkg/kubelet/eviction). */
import type { Pod } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import { isCritical } from '../admission/preemption.ts';
import type { ContainerRuntime, ContainerStats } from '../cri.ts';
import type { Host } from '../host.ts';
import { labelPodUid, podLogDirectory, podText, uidOf } from '../pod/identity.ts';
import { podCgroup } from '../pod/resources.ts';
import { type KubeletSettings, podDir } from '../settings.ts';
import { isLimited, isOnDisk, overLimit, type StorageUse } from './limits.ts';
import {
  createPressures,
  type Observation,
  type Pressure,
  type PodUse,
  pressureMessage,
  rank,
  resourceOf,
  shortages,
} from './pressure.ts';

/** Below these the node is under pressure (upstream's defaults: 100Mi, 10 %, 5 %). */
export interface EvictionHard {
  readonly memoryAvailableBytes: number;
  readonly nodefsAvailablePercent: number;
  readonly nodefsInodesFreePercent: number;
}
export interface EvictionsContext {
  readonly host: Host;
  readonly runtime: ContainerRuntime;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: KubeletSettings;
  readonly hard: EvictionHard;
  /** Pods that were let in and have not ended. */
  active(): readonly Pod[];
  /** Tells of the node. */
  nodeEvent(reason: string, message: string): void;
  event(pod: Pod, type: 'Warning', reason: string, message: string): void;
  /** Ends the pod; resolves when it has ended. */
  evict(pod: Pod, message: string, disruption: boolean): Promise<void>;
  /** Frees what nobody uses: dead containers and unused images. */
  reclaimDisk(): Promise<void>;
}
export interface Evictions {
  /** One look; the pods that had to go. */
  synchronize(): Promise<readonly Pod[]>;
  /** Looks at the node alone. */
  observe(): Promise<void>;
  pressures(): readonly Pressure[];
  run(signal: AbortSignal): Promise<void>;
}

const period = 10_000;
const transition = 5 * 60_000;
const cleanupTimeout = 30_000;

export function createEvictions(ctx: EvictionsContext): Evictions {
  const { host, runtime, settings, clock, hard } = ctx;
  const pressures = createPressures(transition);

  const observations = async (): Promise<readonly Observation[]> => {
    const [disk, memory] = await Promise.all([host.diskUsage(settings.rootDir), host.nodeMemory()]);
    const share = (total: number, percent: number) => Math.floor((total * percent) / 100);
    return [
      { signal: 'memory.available', available: memory.availableBytes, threshold: hard.memoryAvailableBytes },
      {
        signal: 'nodefs.available',
        available: disk.availableBytes,
        threshold: share(disk.totalBytes, hard.nodefsAvailablePercent),
      },
      ...(disk.inodes > 0
        ? [
            {
              signal: 'nodefs.inodesFree' as const,
              available: disk.inodesFree,
              threshold: share(disk.inodes, hard.nodefsInodesFreePercent),
            },
          ]
        : []),
    ];
  };
  const look = async (): Promise<readonly Observation[]> => {
    const found = shortages(await observations());
    pressures.see(found, clock.now());
    return found;
  };

  const emptyDirOf = (pod: Pod, name: string) =>
    `${podDir(settings, uidOf(pod))}/volumes/kubernetes.io~empty-dir/${name}`;
  const storageOf = async (pod: Pod, stats: readonly ContainerStats[]): Promise<StorageUse & { inodes: number }> => {
    const emptyDirs = new Map<string, number>();
    const containers = new Map<string, number>();
    let inodes = 0;
    for (const v of pod.spec.volumes ?? [])
      if (v.emptyDir) {
        const u = await host.treeUsage(emptyDirOf(pod, v.name));
        emptyDirs.set(v.name, u.bytes);
        if (isOnDisk(v)) inodes += u.inodes;
      }
    for (const s of stats)
      if (s.labels[labelPodUid] === uidOf(pod)) {
        const logs = await host.treeUsage(`${podLogDirectory(settings.podLogsDir, pod)}/${s.name}`);
        containers.set(s.name, (containers.get(s.name) ?? 0) + s.writableLayerBytes + logs.bytes);
        inodes += s.writableLayerInodes + logs.inodes;
      }
    return { emptyDirs, containers, inodes };
  };
  const useOf = async (pod: Pod, o: Observation, stats: readonly ContainerStats[]): Promise<PodUse | undefined> => {
    if (o.signal === 'memory.available') {
      const use = await host.cgroups.use(podCgroup(settings.cgroupRoot, pod));
      const mine = stats.filter((s) => s.labels[labelPodUid] === uidOf(pod));
      return use && { total: use.memoryWorkingSet, containers: new Map(mine.map((s) => [s.name, s.workingSetBytes])) };
    }
    const { emptyDirs, containers, inodes } = await storageOf(pod, stats);
    const onDisk = (pod.spec.volumes ?? []).filter(isOnDisk).map((v) => emptyDirs.get(v.name) ?? 0);
    const bytes = [...onDisk, ...containers.values()].reduce((sum, n) => sum + n, 0);
    return { total: o.signal === 'nodefs.inodesFree' ? inodes : bytes, containers };
  };

  const evict = async (pod: Pod, message: string, disruption: boolean): Promise<boolean> => {
    if (isCritical(pod)) return false;
    ctx.log.info('pod is evicted', { pod: podText(pod), message });
    ctx.event(pod, 'Warning', 'Evicted', message);
    const late = new AbortController();
    await Promise.race([
      ctx.evict(pod, message, disruption),
      clock.sleep(cleanupTimeout, late.signal).catch(() => undefined),
    ]);
    late.abort();
    return true;
  };

  /** Only pods with limits are measured: du is not cheap. */
  const enforceLimits = async (): Promise<readonly Pod[]> => {
    const limited = ctx.active().filter(isLimited);
    if (limited.length === 0) return [];
    const stats = await runtime.stats();
    const evicted: Pod[] = [];
    for (const pod of limited) {
      const why = overLimit(pod, await storageOf(pod, stats));
      if (why !== undefined && (await evict(pod, why, false))) evicted.push(pod);
    }
    return evicted;
  };

  const synchronize = async (): Promise<readonly Pod[]> => {
    let found = await look();
    const over = await enforceLimits();
    if (over.length > 0) return over;
    let [worst] = found;
    if (!worst) return [];
    ctx.nodeEvent('EvictionThresholdMet', `Attempting to reclaim ${resourceOf[worst.signal]}`);
    if (worst.signal !== 'memory.available') {
      await ctx.reclaimDisk();
      found = shortages(await observations());
      [worst] = found;
      if (!worst) return [];
    }
    const shortage = worst;
    const stats = await runtime.stats();
    const use = new Map<Pod, PodUse | undefined>();
    for (const pod of ctx.active()) use.set(pod, await useOf(pod, shortage, stats));
    for (const pod of rank([...use.keys()], resourceOf[shortage.signal], (p) => use.get(p)))
      if (await evict(pod, pressureMessage(pod, shortage, use.get(pod)), true)) return [pod];
    return [];
  };

  return {
    synchronize,
    async observe() {
      await look();
    },
    pressures: pressures.present,
    async run(signal) {
      while (!signal.aborted) {
        let evicted: readonly Pod[] = [];
        try {
          evicted = await synchronize();
        } catch (e) {
          if (!signal.aborted) ctx.log.warn('the resources of the node could not be looked at', { error: e as Error });
        }
        // what an evicted pod held is free soon, not at once
        await clock.sleep(evicted.length > 0 ? 1000 : period, signal).catch(() => undefined);
      }
    },
  };
}
