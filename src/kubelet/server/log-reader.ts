/** Container logs as clients see them, from the files the runtime writes (CRI log format: `time stream tag text`). */
import { watch } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { Host } from '../host.ts';

export interface LogOptions {
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly since?: number | undefined;
  readonly limitBytes?: number | undefined;
  readonly stream: 'All' | 'Stdout' | 'Stderr';
}

const line = /^(\S+) (stdout|stderr) (\S+) ([\s\S]*)$/;

/** RFC 3339 with nine digits: the runtime drops trailing zeros. */
export function fixedNano(time: string): string {
  const m = /^(.*T\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(time);
  return m ? `${m[1]}.${(m[2] ?? '').padEnd(9, '0')}${m[3]}` : time;
}

/** Turns lines of the file into what the client gets; `undefined` = left out. A partial line gets no newline. */
export function createLineFilter(
  o: Pick<LogOptions, 'timestamps' | 'since' | 'stream'>,
): (text: string) => string | undefined {
  let continued = false;
  return (text) => {
    const m = line.exec(text);
    if (!m) return undefined;
    const [, time, stream, tag, body] = m;
    if (o.stream !== 'All' && stream !== o.stream.toLowerCase()) return undefined;
    if (o.since !== undefined && Date.parse(time!) < o.since) return undefined;
    const prefix = o.timestamps && !continued ? `${fixedNano(time!)} ` : '';
    continued = tag!.split(':')[0] === 'P';
    return prefix + body + (continued ? '' : '\n');
  };
}

/** Where the last `lines` lines of the file begin. */
export async function tailOffset(file: FileHandle, lines: number): Promise<number> {
  const { size } = await file.stat();
  if (lines <= 0) return size;
  const block = Buffer.alloc(64 * 1024);
  let left = lines + 1;
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    for (let i = bytesRead - 1; i >= 0; i--) if (block[i] === 0x0a && --left === 0) return start + i + 1;
    end = start;
  }
  return 0;
}

export interface LogSource {
  readonly host: Host;
  readonly clock: Clock;
  readonly path: string;
  /** The container still runs: more may come. */
  running(): Promise<boolean>;
}

/** The log piece by piece; with follow until the container has ended. Follows rotation. */
export async function* readLog(s: LogSource, o: LogOptions, signal: AbortSignal): AsyncGenerator<Buffer> {
  const filter = createLineFilter(o);
  let left = o.limitBytes ?? Number.POSITIVE_INFINITY;
  let file = await s.host.fs.open(s.path, 'r');
  let wake: () => void = () => undefined;
  const name = basename(s.path);
  const watcher = o.follow
    ? watchDir(dirname(s.path), (changed) => (changed === name || changed === null) && wake())
    : undefined;
  try {
    let at = o.tailLines === undefined ? 0 : await tailOffset(file, o.tailLines);
    let rest = '';
    const decoder = new TextDecoder();
    const block = Buffer.alloc(64 * 1024);
    for (let ended = false; !signal.aborted; ) {
      const { bytesRead } = await file.read(block, 0, block.length, at);
      if (bytesRead > 0) {
        at += bytesRead;
        const parts = (rest + decoder.decode(block.subarray(0, bytesRead), { stream: true })).split('\n');
        rest = parts.pop()!;
        let out = Buffer.from(parts.map((p) => filter(p) ?? '').join(''));
        if (out.length === 0) continue;
        if (out.length > left) out = out.subarray(0, left);
        left -= out.length;
        yield out;
        if (left <= 0) return;
        continue;
      }
      if (!o.follow || ended) return;
      const [mine, current] = await Promise.all([file.stat(), s.host.fs.stat(s.path).catch(() => undefined)]);
      if (current && current.ino !== mine.ino) {
        if (mine.size > at) continue; // the rest of the rotated file first
        await file.close();
        file = await s.host.fs.open(s.path, 'r');
        at = 0;
        continue;
      }
      if (!(await s.running())) {
        ended = true; // one more look: the last lines may just have come
        continue;
      }
      await new Promise<void>((resolve) => {
        const timer = s.clock.after(500, done);
        function done() {
          timer.cancel();
          signal.removeEventListener('abort', done);
          resolve();
        }
        wake = done;
        signal.addEventListener('abort', done, { once: true });
      });
    }
  } finally {
    watcher?.close();
    await file.close();
  }
}

/** Undefined when there are no watches left (inotify limit): the timer alone will do. */
function watchDir(dir: string, changed: (name: string | null) => void): { close(): void } | undefined {
  try {
    const w = watch(dir, { persistent: false }, (_, name) => changed(name));
    w.on('error', () => undefined);
    return w;
  } catch {
    return undefined;
  }
}
