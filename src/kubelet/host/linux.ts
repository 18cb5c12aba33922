/** The real machine: /proc, statfs, and the mount and umount programs. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { arch, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import type { Host } from '../host.ts';
import { cgroupTree, parseCgroupMounts } from './cgroups.ts';

const text = async (path: string): Promise<string> => {
  try {
    return (await fs.readFile(path, 'utf8')).trim();
  } catch {
    return '';
  }
};

/** Runs a program; rejects with what it wrote to stderr. */
function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.on('data', (d) => {
      err += d;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${program} ${args.join(' ')}: ${err.trim() || `exit status ${code}`}`)),
    );
  });
}

/** mountinfo escapes blanks as \040. */
const plainPath = (s: string): string =>
  s.replace(/\\([0-7]{3})/g, (_, o: string) => String.fromCharCode(parseInt(o, 8)));
const meminfo = async (): Promise<Map<string, number>> =>
  new Map(
    (await text('/proc/meminfo'))
      .split('\n')
      .map((l) => /^(\w+):\s+(\d+)/.exec(l))
      .flatMap((m) => (m ? [[m[1]!, Number(m[2]) * 1024] as const] : [])),
  );
const ticksToNanoseconds = 10_000_000;
const O_PATH = 0o10000000;

export async function linuxHost(): Promise<Host> {
  const mounts = parseCgroupMounts(await fs.readFile('/proc/self/mountinfo', 'utf8'));
  const mountPoints = async () =>
    (await fs.readFile('/proc/self/mountinfo', 'utf8'))
      .split('\n')
      .filter(Boolean)
      .map((l) => plainPath(l.split(' ')[4]!));
  return {
    fs,
    cgroups: cgroupTree(mounts),
    async facts() {
      const [machine, uuid, boot, kernel, release, apparmor, pidMax, memory] = await Promise.all([
        text('/etc/machine-id'),
        text('/sys/class/dmi/id/product_uuid'),
        text('/proc/sys/kernel/random/boot_id'),
        text('/proc/sys/kernel/osrelease'),
        text('/etc/os-release'),
        text('/sys/module/apparmor/parameters/enabled'),
        text('/proc/sys/kernel/pid_max'),
        meminfo(),
      ]);
      const dashed = machine.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      return {
        machineID: machine,
        systemUUID: uuid || dashed,
        bootID: boot,
        kernelVersion: kernel,
        osImage: /^PRETTY_NAME="?([^"\n]*)/m.exec(release)?.[1] ?? 'Linux',
        architecture: { x64: 'amd64', ia32: '386' }[arch() as string] ?? arch(),
        cpus: cpus().length,
        memoryBytes: memory.get('MemTotal') ?? 0,
        swapBytes: memory.get('SwapTotal') ?? 0,
        pidMax: Number(pidMax) || 32_768,
        apparmor: apparmor === 'Y',
      };
    },
    async mountsBelow(path) {
      const below = (await mountPoints()).filter((p) => p === path || p.startsWith(`${path}/`));
      return below.reverse().sort((a, b) => b.split('/').length - a.split('/').length);
    },
    async mountTmpfs(path, size) {
      const options = size ? ['-o', `size=${size}`] : [];
      await run('mount', ['-t', 'tmpfs', ...options, 'tmpfs', path]);
    },
    bindMount: (source, target) => run('mount', ['--bind', source, target]),
    async unmount(path) {
      try {
        await run('umount', [path]);
      } catch (e) {
        if (/not mounted|no mount point|not found/.test((e as Error).message)) return;
        await run('umount', ['-l', path]); // busy: it goes when its last user does
      }
    },
    async bindSubPath(volume, subPath, target) {
      const root = await fs.realpath(volume);
      const real = await fs.realpath(join(volume, subPath));
      if (real !== root && !real.startsWith(`${root}/`)) throw new Error(`subPath ${subPath} leads out of its volume`);
      // one open per step, none through a symlink: what was checked is what is mounted
      const flags = O_PATH | fs.constants.O_NOFOLLOW;
      let handle = await fs.open(root, flags);
      try {
        for (const part of real.slice(root.length).split('/').filter(Boolean)) {
          const next = await fs.open(`/proc/self/fd/${handle.fd}/${part}`, flags);
          await handle.close();
          handle = next;
          if ((await fs.lstat(`/proc/self/fd/${handle.fd}/.`).catch(() => handle.stat())).isSymbolicLink())
            throw new Error(`subPath ${subPath} leads through a symlink`);
        }
        await fs.mkdir(dirname(target), { recursive: true, mode: 0o750 });
        if ((await handle.stat()).isDirectory()) await fs.mkdir(target, { recursive: true, mode: 0o750 });
        else await (await fs.open(target, 'a', 0o640)).close();
        if ((await mountPoints()).includes(target)) await run('umount', ['-l', target]);
        await run('mount', ['--bind', `/proc/${process.pid}/fd/${handle.fd}`, target]);
      } finally {
        await handle.close();
      }
    },
    async diskUsage(path) {
      const s = await fs.statfs(path);
      return {
        totalBytes: s.blocks * s.bsize,
        availableBytes: s.bavail * s.bsize,
        inodes: s.files,
        inodesFree: s.ffree,
      };
    },
    async treeUsage(path) {
      let bytes = 0;
      let inodes = 0;
      const walk = async (p: string): Promise<void> => {
        const s = await fs.lstat(p).catch(() => undefined);
        if (!s) return;
        bytes += s.blocks * 512;
        inodes++;
        if (s.isDirectory()) for (const e of await fs.readdir(p).catch(() => [])) await walk(join(p, e));
      };
      await walk(path);
      return { bytes, inodes };
    },
    async nodeMemory() {
      const [memory, vm] = await Promise.all([meminfo(), text('/proc/vmstat')]);
      const fault = (name: string) => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(vm)?.[1] ?? 0);
      const total = memory.get('MemTotal') ?? 0;
      const available = memory.get('MemAvailable') ?? 0;
      return {
        availableBytes: available,
        usageBytes: total - (memory.get('MemFree') ?? 0),
        workingSetBytes: total - available,
        rssBytes: memory.get('AnonPages') ?? 0,
        pageFaults: fault('pgfault'),
        majorPageFaults: fault('pgmajfault'),
      };
    },
    async nodeCpuNanoSeconds() {
      const [, user, nice, system, , , irq, softirq, steal] = (await text('/proc/stat'))
        .split('\n')[0]!
        .split(/\s+/)
        .map(Number);
      return (user! + nice! + system! + irq! + softirq! + steal!) * ticksToNanoseconds;
    },
    async processCount() {
      return (await fs.readdir('/proc')).filter((e) => /^\d+$/.test(e)).length;
    },
    async networkBytes(pid) {
      return (await text(pid ? `/proc/${pid}/net/dev` : '/proc/net/dev'))
        .split('\n')
        .slice(2)
        .flatMap((line) => {
          const [name, rest] = line.trim().split(':');
          const n = (rest ?? '').trim().split(/\s+/).map(Number);
          return name && name !== 'lo'
            ? [{ name, rx: n[0] ?? 0, rxErrors: n[2] ?? 0, tx: n[8] ?? 0, txErrors: n[10] ?? 0 }]
            : [];
        });
    },
    async isShared(path) {
      const lines = (await fs.readFile('/proc/self/mountinfo', 'utf8')).split('\n');
      return lines.some((l) => l.split(' ')[4] === path && l.split(' - ')[0]!.includes('shared:'));
    },
  };
}
