/** What the machine must offer before a node can start, checked first, so that a refusal changes nothing. */
import { createServer } from 'node:net';
import { readFile, stat } from 'node:fs/promises';

export interface Problem {
  /** What is wrong, on what. */
  readonly what: string;
  /** What to do about it. */
  readonly todo: string;
}

export interface PreflightFacts {
  readonly uid: number;
  readonly platform: string;
  /** /proc/filesystems */
  readonly filesystems: string;
  /** Controllers that are mounted or in the unified tree. */
  readonly cgroupControllers: readonly string[];
  readonly bridgeNetfilter: boolean;
  /** Ports asked for that somebody else holds: `6443 (API server)`. */
  readonly portsInUse: readonly string[];
  readonly freeBytes: number;
  readonly dataDir: string;
}

const neededControllers = ['cpu', 'cpuset', 'memory', 'pids'];
const neededSpace = 512 << 20;

/** Every problem at once, worst first. */
export function preflightProblems(f: PreflightFacts): readonly Problem[] {
  const problems: Problem[] = [];
  if (f.platform !== 'linux')
    problems.push({
      what: `this is ${f.platform}, and containers need Linux`,
      todo: 'run this command on a Linux machine',
    });
  if (f.uid !== 0)
    problems.push({
      what: 'a node needs root for containers, mounts and network interfaces',
      todo: 'run this command as root (sudo ./k8ts up)',
    });
  if (problems.length) return problems;
  if (!/\boverlay\b/.test(f.filesystems))
    problems.push({
      what: 'the kernel has no overlay filesystem',
      todo: 'load it with `modprobe overlay`, or boot a kernel that has it',
    });
  const missing = neededControllers.filter((c) => !f.cgroupControllers.includes(c));
  if (missing.length)
    problems.push({
      what: `these cgroup controllers are missing: ${missing.join(', ')}`,
      todo: 'enable them on the kernel command line or mount them below /sys/fs/cgroup',
    });
  if (!f.bridgeNetfilter)
    problems.push({
      what: 'bridged packets do not pass nftables (no /proc/sys/net/bridge)',
      todo: 'load it with `modprobe br_netfilter`',
    });
  for (const p of f.portsInUse)
    problems.push({
      what: `port ${p} is in use`,
      todo: `stop the program that listens there (ss -ltnp shows it)${p.includes('API server') ? ', or choose another with --api-port' : ''}`,
    });
  if (f.freeBytes < neededSpace)
    problems.push({
      what: `${f.dataDir} has ${Math.floor(f.freeBytes / 2 ** 20)} MiB free and a node needs ${neededSpace >> 20} MiB`,
      todo: 'make room, or choose another place with --data-dir',
    });
  return problems;
}

export async function gatherFacts(
  dataDir: string,
  ports: readonly { readonly port: number; readonly host: string; readonly what: string }[],
): Promise<PreflightFacts> {
  const { statfs } = await import('node:fs/promises');
  const parent = await firstExistingParent(dataDir);
  const fs = await statfs(parent);
  const inUse: string[] = [];
  for (const p of ports) if (await portInUse(p.port, p.host)) inUse.push(`${p.port} (${p.what})`);
  return {
    uid: process.getuid?.() ?? -1,
    platform: process.platform,
    filesystems: await readFile('/proc/filesystems', 'utf8').catch(() => ''),
    cgroupControllers: await cgroupControllers(),
    bridgeNetfilter: await stat('/proc/sys/net/bridge').then(
      () => true,
      () => false,
    ),
    portsInUse: inUse,
    freeBytes: fs.bavail * fs.bsize,
    dataDir,
  };
}

async function cgroupControllers(): Promise<readonly string[]> {
  const unified = await readFile('/sys/fs/cgroup/cgroup.controllers', 'utf8').catch(() => '');
  if (unified) return unified.trim().split(/\s+/);
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return mounts
    .split('\n')
    .filter((l) => / - cgroup /.test(l))
    .flatMap((l) => l.split(' ').at(-1)?.split(',') ?? []);
}

async function firstExistingParent(dir: string): Promise<string> {
  for (let d = dir; ; d = d.replace(/\/[^/]*$/, '') || '/')
    if (d === '/' || (await stat(d).catch(() => undefined))) return d;
}

function portInUse(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (e: NodeJS.ErrnoException) => resolve(e.code === 'EADDRINUSE'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(false)));
  });
}
