/** The supervised processes of a cluster: started under supervise.sh, found again by pid file or command line, stopped by pid. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { argvOf, type ClusterDirs, clusterProcessesHere, isAlive, roleOf } from './find-processes.ts';

const superviseScript = new URL('../supervise.sh', import.meta.url).pathname;

/** The kernel takes so long at most to end what was killed, unless it hangs in the kernel. */
const killMs = 2_000;

export interface ProcessSpec {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface ProcessState {
  readonly name: string;
  readonly supervisorPid: number | undefined;
  readonly pid: number | undefined;
}

/** Starts `spec` under supervision, in a session of its own, and returns at once. What runs without a supervisor gets one. */
export async function startSupervised(runDir: string, logDir: string, spec: ProcessSpec): Promise<void> {
  await mkdir(runDir, { recursive: true, mode: 0o700 });
  await mkdir(logDir, { recursive: true, mode: 0o700 });
  const log = join(logDir, `${spec.name}.log`);
  const err = openSync(log, 'a', 0o600);
  const child = spawn('/bin/sh', [superviseScript, spec.name, runDir, log, ...spec.command], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', err, err],
    env: { ...process.env, ...spec.env },
  });
  closeSync(err);
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
}

/** What is alive of one process and its supervisor: by their pid files, and where those are lost by their command lines. */
export async function processState(s: ClusterDirs, name: string): Promise<ProcessState> {
  const noted = {
    supervisorPid: await notedPid(s, name, 'supervisor'),
    pid: await notedPid(s, name, 'process'),
  };
  if (noted.supervisorPid && noted.pid) return { name, ...noted };
  const here = (await clusterProcessesHere(s)).filter((p) => p.name === name);
  return {
    name,
    supervisorPid: noted.supervisorPid ?? here.find((p) => p.role === 'supervisor')?.pid,
    pid: noted.pid ?? here.find((p) => p.role === 'process')?.pid,
  };
}

/** TERM to the supervisor, which passes it on; KILL to both when they are still there after `graceMs`. */
export async function stopSupervised(s: ClusterDirs, name: string, clock: Clock, graceMs = 10_000): Promise<void> {
  for (const how of ['SIGTERM', 'SIGKILL'] as const) {
    const { supervisorPid, pid } = await processState(s, name);
    if (!supervisorPid && !pid) break;
    // Without this file nobody thinks that the supervisor was lost and is to be replaced.
    if (how === 'SIGKILL' || !supervisorPid) await rm(noteOf(s, name, 'supervisor'), { force: true });
    for (const target of how === 'SIGKILL' ? [supervisorPid, pid] : [supervisorPid ?? pid])
      if (target) signal(target, how);
    const until = clock.monotonic() + (how === 'SIGTERM' ? graceMs : killMs);
    const gone = () => !(supervisorPid && isAlive(supervisorPid)) && !(pid && isAlive(pid));
    while (!gone() && clock.monotonic() < until) await clock.sleep(20);
  }
  await rm(noteOf(s, name, 'process'), { force: true });
  await rm(noteOf(s, name, 'supervisor'), { force: true });
}

/** True when a supervisor was here and is no more, without having been told to end. */
export async function supervisorLost(s: ClusterDirs, name: string): Promise<boolean> {
  const noted = await readFile(noteOf(s, name, 'supervisor'), 'utf8').catch(() => '');
  return noted !== '' && !(await processState(s, name)).supervisorPid;
}

const noteOf = (s: ClusterDirs, name: string, role: 'supervisor' | 'process'): string =>
  join(s.runDir, `${name}.${role === 'process' ? 'pid' : role}`);

/** The pid in a file, if it is alive and what it should be: pids are reused. */
async function notedPid(s: ClusterDirs, name: string, role: 'supervisor' | 'process'): Promise<number | undefined> {
  const pid = Number(await readFile(noteOf(s, name, role), 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return undefined;
  const found = roleOf(await argvOf(pid), s);
  return found?.name === name && found.role === role ? pid : undefined;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone.
  }
}

/** Resident memory in bytes (proportional share where the kernel tells it), CPU time in ms. */
export async function processUse(
  pid: number,
): Promise<{ readonly rss: number; readonly pss: number; readonly cpuMs: number } | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const f = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const rss = Number(f[21]) * 4096;
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    const pss = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
    return { rss, pss: pss || rss, cpuMs: (Number(f[11]) + Number(f[12])) * 10 };
  } catch {
    return undefined;
  }
}
