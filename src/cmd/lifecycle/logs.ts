/** `k8ts logs [component]`: the end of a component's log, and with --follow what comes after. */
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { paths, readClusterSettings } from '../cluster-settings.ts';
import { clusterProcesses, knownNames, processOf } from './processes-of.ts';

export interface LogsOptions {
  readonly dataDir: string;
  /** Absent: every component, each under a heading. */
  readonly component?: string | undefined;
  readonly tail: number;
  readonly follow: boolean;
  readonly write: (text: string) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export async function logs(o: LogsOptions): Promise<void> {
  const s = await readClusterSettings(o.dataDir);
  if (!s) throw new Error(`there is no cluster in ${o.dataDir}; start one with: k8ts up`);
  const wanted = o.component === undefined ? undefined : processOf(o.component);
  if (o.component !== undefined && !wanted)
    throw new Error(`there is no component ${o.component}; there are: ${knownNames().join(', ')}`);
  if (o.follow && !wanted) throw new Error('--follow needs the name of one component');
  const mark = wanted?.mark;
  const write = mark ? onlyMarked(mark, o.write) : o.write;
  for (const name of wanted ? [wanted.process] : clusterProcesses.map((p) => p.name)) {
    const file = join(paths(s).logs, `${name}.log`);
    if (!(await stat(file).catch(() => undefined))) continue;
    if (!wanted) o.write(`==> ${name} <==\n`);
    let at = await printTail(file, o.tail, mark, o.write);
    while (o.follow && !o.signal.aborted) {
      await o.clock.sleep(200, o.signal).catch(() => {});
      const size = (await stat(file).catch(() => undefined))?.size ?? 0;
      if (size < at) at = 0; // rotated
      if (size > at) at = await printFrom(file, at, write);
    }
  }
}

/** Passes on whole lines with the mark only. */
function onlyMarked(mark: string, write: (text: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    const ours = lines.filter((l) => l.includes(mark));
    if (ours.length) write(`${ours.join('\n')}\n`);
  };
}

/** Prints the last `lines` lines and returns the size read up to. Looks at the last MiB only. */
async function printTail(
  file: string,
  lines: number,
  mark: string | undefined,
  write: (text: string) => void,
): Promise<number> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - (1 << 20));
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const all = buffer.subarray(0, bytesRead).toString().split('\n');
    const last = (all.at(-1) === '' ? all.slice(0, -1) : all).filter((l) => !mark || l.includes(mark));
    if (last.length) write(last.slice(-lines).join('\n') + '\n');
    return from + bytesRead;
  } finally {
    await handle.close();
  }
}

async function printFrom(file: string, at: number, write: (text: string) => void): Promise<number> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - at), 0, size - at, at);
    write(buffer.subarray(0, bytesRead).toString());
    return at + bytesRead;
  } finally {
    await handle.close();
  }
}
