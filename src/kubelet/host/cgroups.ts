/** Pod cgroups, v1 and v2: made, limited, read and removed by files alone (cgroupfs driver). */
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface CgroupLimits {
  readonly cpuShares?: number;
  /** Microseconds a 100 ms period; 0 = none. */
  readonly cpuQuota?: number;
  /** Bytes; 0 = none. */
  readonly memory?: number;
  readonly pids?: number;
}
export interface CgroupUse {
  readonly cpuNanoSeconds: number;
  readonly memoryUsage: number;
  readonly memoryWorkingSet: number;
  readonly memoryRss: number;
  readonly pageFaults: number;
  readonly majorPageFaults: number;
  readonly pids: number;
}

/** All paths are below the root of the hierarchy: `/kubepods/burstable/pod…`. */
export interface CgroupTree {
  readonly version: 1 | 2;
  ensure(path: string, limits: CgroupLimits): Promise<void>;
  exists(path: string): Promise<boolean>;
  use(path: string): Promise<CgroupUse | undefined>;
  /** Names of the children. */
  children(path: string): Promise<readonly string[]>;
  /** Kills what is left in it and removes it with all below. */
  remove(path: string): Promise<void>;
}

/** Where v1 controllers and v2 are mounted, from /proc/self/mountinfo: never assume joined paths like cpu,cpuacct. */
export function parseCgroupMounts(mountinfo: string): {
  readonly v1: ReadonlyMap<string, string>;
  readonly v2?: string;
} {
  const v1 = new Map<string, string>();
  let v2: string | undefined;
  for (const line of mountinfo.split('\n')) {
    const [left, right] = line.split(' - ');
    const point = left?.split(' ')[4];
    const [type, , options] = right?.split(' ') ?? [];
    if (!point) continue;
    if (type === 'cgroup2') v2 ??= point;
    if (type === 'cgroup')
      for (const option of options?.split(',') ?? [])
        if (
          ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids', 'name=systemd'].includes(option)
        )
          if (!v1.has(option)) v1.set(option, point);
  }
  return { v1, ...(v2 !== undefined && { v2 }) };
}

const missing = (e: unknown): boolean => ['ENOENT', 'ENODEV'].includes((e as NodeJS.ErrnoException).code ?? '');
async function read(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (e) {
    if (missing(e)) return undefined;
    throw e;
  }
}
const fields = (text: string | undefined): Map<string, number> =>
  new Map((text ?? '').split('\n').map((l) => [l.split(' ')[0]!, Number(l.split(' ')[1])] as const));

async function removeTree(dir: string): Promise<void> {
  let entries: string[];
  try {
    entries = (await readdir(dir, { withFileTypes: true })).filter((e) => e.isDirectory()).map((e) => e.name);
  } catch (e) {
    if (missing(e)) return;
    throw e;
  }
  for (const e of entries) await removeTree(join(dir, e));
  try {
    await rmdir(dir);
  } catch (e) {
    if (!missing(e)) throw e;
  }
}
/** Ends every process in the tree, so that it can be removed. */
async function killTree(dir: string): Promise<void> {
  let entries: string[];
  try {
    entries = (await readdir(dir, { withFileTypes: true })).filter((e) => e.isDirectory()).map((e) => e.name);
  } catch (e) {
    if (missing(e)) return;
    throw e;
  }
  for (const e of entries) await killTree(join(dir, e));
  for (const pid of ((await read(join(dir, 'cgroup.procs'))) ?? '').split('\n').filter(Boolean))
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // it has ended by itself
    }
}

/** `mounts` as parsed; v1 wins on a hybrid machine, where v2 holds no resource controllers. */
export function cgroupTree(mounts: ReturnType<typeof parseCgroupMounts>): CgroupTree {
  return mounts.v1.has('memory') || mounts.v2 === undefined ? version1(mounts.v1) : version2(mounts.v2);
}

function version1(mounts: ReadonlyMap<string, string>): CgroupTree {
  const points = [...new Set(mounts.values())];
  const at = (controller: string, path: string, file = '') =>
    join(mounts.get(controller) ?? '/nonexistent', path, file);
  const write = async (controller: string, path: string, file: string, value: string | number) => {
    if (mounts.has(controller)) await writeFile(at(controller, path, file), String(value));
  };
  /** cpuset children start empty and take no process until they are filled from above. */
  const fillCpuset = async (path: string) => {
    if (!mounts.has('cpuset')) return;
    const parts = path.split('/').filter(Boolean);
    for (let i = 1; i <= parts.length; i++) {
      const [parent, child] = [parts.slice(0, i - 1).join('/'), parts.slice(0, i).join('/')];
      for (const file of ['cpuset.cpus', 'cpuset.mems'])
        if ((await read(at('cpuset', child, file))) === '')
          await write('cpuset', child, file, (await read(at('cpuset', parent, file))) ?? '');
    }
  };
  return {
    version: 1,
    async ensure(path, limits) {
      await Promise.all(points.map((p) => mkdir(join(p, path), { recursive: true })));
      await fillCpuset(path);
      if (limits.cpuShares !== undefined) await write('cpu', path, 'cpu.shares', limits.cpuShares);
      if (limits.cpuQuota !== undefined) {
        await write('cpu', path, 'cpu.cfs_period_us', 100_000);
        await write('cpu', path, 'cpu.cfs_quota_us', limits.cpuQuota > 0 ? limits.cpuQuota : -1);
      }
      if (limits.memory !== undefined)
        await write('memory', path, 'memory.limit_in_bytes', limits.memory > 0 ? limits.memory : -1);
      if (limits.pids !== undefined) await write('pids', path, 'pids.max', limits.pids > 0 ? limits.pids : 'max');
    },
    async exists(path) {
      return (await read(at('memory', path, 'memory.usage_in_bytes'))) !== undefined;
    },
    async use(path) {
      const usage = await read(at('memory', path, 'memory.usage_in_bytes'));
      if (usage === undefined) return undefined;
      const stat = fields(await read(at('memory', path, 'memory.stat')));
      const cpu = await read(at('cpuacct', path, 'cpuacct.usage'));
      return {
        cpuNanoSeconds: Number(cpu ?? 0),
        memoryUsage: Number(usage),
        memoryWorkingSet: Math.max(0, Number(usage) - (stat.get('total_inactive_file') ?? 0)),
        memoryRss: stat.get('total_rss') ?? 0,
        pageFaults: stat.get('total_pgfault') ?? 0,
        majorPageFaults: stat.get('total_pgmajfault') ?? 0,
        pids: Number((await read(at('pids', path, 'pids.current'))) ?? 0),
      };
    },
    async children(path) {
      try {
        const entries = await readdir(at('memory', path), { withFileTypes: true });
        return entries.filter((e) => e.isDirectory()).map((e) => e.name);
      } catch (e) {
        if (missing(e)) return [];
        throw e;
      }
    },
    async remove(path) {
      await killTree(at('pids', path));
      const results = await Promise.allSettled(points.map((p) => removeTree(join(p, path))));
      const failed = results.find((r) => r.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

/** Weight of v2 for shares of v1: 2..262144 → 1..10000 (runc's conversion). */
export const weightOfShares = (shares: number): number => Math.floor(1 + ((shares - 2) * 9999) / 262_142);

export function version2(root: string): CgroupTree {
  const at = (path: string, file = '') => join(root, path, file);
  return {
    version: 2,
    async ensure(path, limits) {
      const parts = path.split('/').filter(Boolean);
      const wanted = ['cpuset', 'cpu', 'io', 'memory', 'pids'];
      for (let i = 0; i < parts.length; i++) {
        const above = parts.slice(0, i).join('/');
        const has = ((await read(at(above, 'cgroup.controllers'))) ?? '').split(' ');
        const on = wanted.filter((c) => has.includes(c)).map((c) => `+${c}`);
        if (on.length) await writeFile(at(above, 'cgroup.subtree_control'), on.join(' '));
        await mkdir(at(parts.slice(0, i + 1).join('/')), { recursive: true });
      }
      const write = (file: string, value: string | number) => writeFile(at(path, file), String(value));
      if (limits.cpuShares !== undefined) await write('cpu.weight', weightOfShares(limits.cpuShares));
      if (limits.cpuQuota !== undefined)
        await write('cpu.max', `${limits.cpuQuota > 0 ? limits.cpuQuota : 'max'} 100000`);
      if (limits.memory !== undefined) await write('memory.max', limits.memory > 0 ? limits.memory : 'max');
      if (limits.pids !== undefined) await write('pids.max', limits.pids > 0 ? limits.pids : 'max');
    },
    async exists(path) {
      return (await read(at(path, 'cgroup.procs'))) !== undefined;
    },
    async use(path) {
      const usage = await read(at(path, 'memory.current'));
      if (usage === undefined) return undefined;
      const stat = fields(await read(at(path, 'memory.stat')));
      const cpu = fields(await read(at(path, 'cpu.stat')));
      return {
        cpuNanoSeconds: (cpu.get('usage_usec') ?? 0) * 1000,
        memoryUsage: Number(usage),
        memoryWorkingSet: Math.max(0, Number(usage) - (stat.get('inactive_file') ?? 0)),
        memoryRss: stat.get('anon') ?? 0,
        pageFaults: stat.get('pgfault') ?? 0,
        majorPageFaults: stat.get('pgmajfault') ?? 0,
        pids: Number((await read(at(path, 'pids.current'))) ?? 0),
      };
    },
    async children(path) {
      try {
        return (await readdir(at(path), { withFileTypes: true })).filter((e) => e.isDirectory()).map((e) => e.name);
      } catch (e) {
        if (missing(e)) return [];
        throw e;
      }
    },
    async remove(path) {
      await killTree(at(path));
      await removeTree(at(path));
    },
  };
}
