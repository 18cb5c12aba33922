/** Finds a cluster's processes by their command lines: pid files may be lost, and pids in them may be somebody else's by now. */
import { readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { type ClusterSettings, paths } from '../cluster-settings.ts';

export type ClusterDirs = Pick<ClusterSettings, 'dataDir' | 'runDir'>;
/** Which part of a cluster a command line is. */
export interface Role {
  readonly name: string;
  readonly role: 'supervisor' | 'process' | 'shim';
}

/** What a command line is to the cluster in these directories; undefined: not of it. Pure. */
export function roleOf(argv: readonly string[], s: ClusterDirs): Role | undefined {
  if (argv[1]?.endsWith('/supervise.sh')) {
    const [, , name = '', runDir] = argv;
    return runDir === s.runDir ? { name, role: 'supervisor' } : undefined;
  }
  const p = paths(s);
  const flag = (name: string) => argv[argv.indexOf(name) + 1];
  const program = argv[0]?.split('/').at(-1) ?? '';
  if (program === 'containerd')
    return flag('--config') === p.containerdConfig ? { name: 'containerd', role: 'process' } : undefined;
  if (program.startsWith('containerd-shim'))
    return flag('-address') === p.containerdSocket ? { name: 'shim', role: 'shim' } : undefined;
  const name = argv[argv.indexOf('--data-dir') - 1];
  if ((name === 'control-plane' || name === 'node-agent') && flag('--data-dir') === s.dataDir)
    return { name, role: 'process' };
  return undefined;
}

export interface FoundProcess extends Role {
  readonly pid: number;
}

/**
 * Everything of this cluster that is alive. Only in this pid namespace: containers and other hosts on this machine may have a
 * cluster with the same directories.
 */
export async function clusterProcessesHere(s: ClusterDirs): Promise<readonly FoundProcess[]> {
  const here = pidNamespace('self');
  const found: FoundProcess[] = [];
  for (const pid of (await readdir('/proc')).filter((d) => /^\d+$/.test(d)).map(Number)) {
    const role = roleOf(await argvOf(pid), s);
    if (role && isAlive(pid) && pidNamespace(pid) === here) found.push({ ...role, pid });
  }
  return found;
}

/** Empty for a process that has ended, and for the kernel's own. */
export async function argvOf(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.split('\0').slice(0, -1);
}

/** A zombie does not count: it has ended, whenever its parent may notice. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

function pidNamespace(pid: number | 'self'): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return '';
  }
}
