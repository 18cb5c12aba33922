/** The supervised processes of a cluster: started under supervise.sh, found again by pid file, stopped by pid. */
import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';

const superviseScript = new URL('../supervise.sh', import.meta.url).pathname;

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

/** Starts `spec` under supervision, in a session of its own, and returns at once. */
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
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
}

export async function processState(runDir: string, name: string): Promise<ProcessState> {
  const pid = await livePid(join(runDir, `${name}.pid`));
  const supervisorPid = await livePid(join(runDir, `${name}.supervisor`), 'supervise.sh');
  return { name, supervisorPid, pid };
}

/** Names of the processes whose pid files lie in `runDir`. */
export async function knownProcesses(runDir: string): Promise<readonly string[]> {
  const files = await readdir(runDir).catch(() => [] as string[]);
  return [...new Set(files.filter((f) => /\.(pid|supervisor)$/.test(f)).map((f) => f.replace(/\.\w+$/, '')))].sort();
}

/** TERM to the supervisor, which passes it on; KILL to both when they are still there after `graceMs`. */
export async function stopSupervised(runDir: string, name: string, clock: Clock, graceMs = 10_000): Promise<void> {
  const state = await processState(runDir, name);
  if (state.supervisorPid) signal(state.supervisorPid, 'SIGTERM');
  else if (state.pid) signal(state.pid, 'SIGTERM');
  const until = clock.monotonic() + graceMs;
  const gone = () => !(state.supervisorPid && isAlive(state.supervisorPid)) && !(state.pid && isAlive(state.pid));
  while (!gone() && clock.monotonic() < until) await clock.sleep(20);
  if (!gone()) {
    if (state.supervisorPid) signal(state.supervisorPid, 'SIGKILL');
    const now = await processState(runDir, name);
    for (const pid of new Set([state.pid, now.pid])) if (pid) signal(pid, 'SIGKILL');
  }
  await rm(join(runDir, `${name}.pid`), { force: true });
  await rm(join(runDir, `${name}.supervisor`), { force: true });
}

/** The pid in the file, if that process lives and (when given) its command line has `marker`: pids are reused. */
async function livePid(file: string, marker?: string): Promise<number | undefined> {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return undefined;
  const cmdline = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return cmdline && (!marker || cmdline.includes(marker)) ? pid : undefined;
}

/** A zombie does not count: it has ended, whenever its parent may notice. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
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
