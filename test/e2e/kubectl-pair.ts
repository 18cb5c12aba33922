/** Runs one command line with our kubectl and with upstream's and makes what they print comparable; for kubectl.test.ts. */
import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { realClock } from '../../src/base/clock.ts';
import { runKubectl } from '../../src/kubectl/index.ts';
import type { Ran } from './cluster.ts';

export interface Line {
  /** The words after `kubectl`; quotes as in a shell. `$NS` is the namespace, `$DIR` the folder of files. */
  readonly command: string;
  readonly stdin?: string;
  /** An interrupt comes after so many milliseconds (watches). */
  readonly stopAfterMs?: number;
}

export interface Place {
  readonly namespace: string;
  readonly directory: string;
  readonly kubeconfig: string;
}

/** Words as a shell reads them: single and double quotes, no expansion but ours. */
export function words(command: string, place: Place): string[] {
  const out: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const c of command) {
    if (quote) {
      if (c === quote) quote = '';
      else word = (word ?? '') + c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== undefined) out.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (word !== undefined) out.push(word);
  return out.map((w) => w.replaceAll('$NS', place.namespace).replaceAll('$DIR', place.directory));
}

/** In this process: a start of Node for every line would be most of the time of the test. */
export async function ours(line: Line, place: Place): Promise<Ran> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const stop = new AbortController();
  const timer = line.stopAfterMs ? setTimeout(() => stop.abort(), line.stopAfterMs) : undefined;
  process.env['KUBECONFIG'] = place.kubeconfig;
  const code = await runKubectl(words(line.command, place), {
    stdin: Readable.from(line.stdin === undefined ? [] : [Buffer.from(line.stdin)]),
    out: (d) => out.push(Buffer.from(d as string)),
    err: (d) => err.push(Buffer.from(d as string)),
    env: { HOME: place.directory, KUBECONFIG: place.kubeconfig },
    clock: realClock,
    signal: stop.signal,
  });
  clearTimeout(timer);
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

export function theirs(line: Line, place: Place): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', words(line.command, place), {
      env: { HOME: place.directory, KUBECONFIG: place.kubeconfig, PATH: process.env['PATH'] ?? '' },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (d: Buffer) => out.push(d));
    child.stderr.on('data', (d: Buffer) => err.push(d));
    child.stdin.on('error', () => {});
    child.stdin.end(line.stdin ?? '');
    const timer = setTimeout(() => child.kill('SIGINT'), line.stopAfterMs ?? 60_000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      // Ended by the interrupt: what a shell would show.
      resolve({ code: code ?? 130, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}

/** What differs from run to run becomes the same; the columns after it are set anew. */
export function normal(text: string, place: Place): string {
  return (
    text
      // What upstream's client logs of its discovery, and its words for a missing flag.
      .replace(/^E\d{4} .*"command failed" err="(.*)"$/gm, (_, m: string) => `error: ${m.replaceAll('\\"', '"')}`)
      .replace(/^[EIW]\d{4} .*\n/gm, '')
      .replaceAll(place.namespace, 'NS')
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
      .replace(/(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, 'TIME')
      .replace(/((?:resource|observed)?[vV]ersion"?: ")\d+"/g, '$1N"')
      .replace(/\b10\.\d+\.\d+\.\d+\b/g, 'IP')
      .replace(/"?fd[0-9a-f:]+\b/g, 'IP6')
      .replace(/(-[0-9a-f]{6,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-RANDOM')
      .replace(/\b[0-9a-f]{64}\b/g, 'DIGEST')
      // What diff compares: folders made for it, and when.
      .replace(/\/tmp\/(LIVE|MERGED)-\w+/g, '/tmp/$1')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, 'TIME')
      .replace(/Port: 3\d{4}\b|nodePort: 3\d{4}\b|:3\d{4}\b/g, 'NODEPORT')
      // Ages, with the spaces that fill their column.
      .replace(/(?<=[\s(])\d+(?:\.\d+)?(?:d|h|m|s)(?:\d+(?:h|m|s))?(?=[\s),]|$)(?! *old)/gm, 'AGE')
      .replace(/ {2,}/g, '  ')
  );
}

/**
 * What the kubectl of this machine (1.32) prints otherwise than that of 1.36, whose source we follow: `creationTimestamp: null`
 * of objects made from flags (left out since 1.34) and the namespace of what was deleted (said since 1.33).
 */
export function as136(text: string): string {
  return text
    .replace(/^( *)(.*)metadata:\n( *)creationTimestamp: null\n(?!\3\S)/gm, '$1$2metadata: {}\n')
    .replace(/^Warning: resource \S+ was previously managed with 'kubectl apply'. Rolling back.*\n/gm, '')
    .replace(/^All commands and output from this session will be recorded.*\n/gm, '')
    .replace(/^ *creationTimestamp: null\n/gm, '')
    .replace(/^ *"creationTimestamp": null,?\n/gm, '')
    .replace(/ deleted from \S+ namespace/g, ' deleted');
}

export interface Difference {
  readonly command: string;
  readonly ours: string;
  readonly theirs: string;
}

export const shown = (r: Ran, place: Place): string =>
  normal(as136(`exit code ${r.code}\n--- stdout\n${r.stdout}--- stderr\n${r.stderr}`), place);

/** Both at once on one state; asked again when an age fell between the two. */
export async function same(line: Line, place: Place, attempts = 3): Promise<Difference | undefined> {
  for (let i = 1; ; i++) {
    const [a, b] = await Promise.all([ours(line, place), theirs(line, place)]);
    const [x, y] = [shown(a, place), shown(b, place)];
    if (x === y) return undefined;
    if (i === attempts) return { command: line.command, ours: x, theirs: y };
  }
}

/** Each in a namespace of its own, one line after the other. */
export async function sameInTwo(lines: readonly Line[], a: Place, b: Place): Promise<readonly Difference[]> {
  const out: Difference[] = [];
  for (const line of lines) {
    const [x, y] = await Promise.all([ours(line, a), theirs(line, b)]);
    const [sx, sy] = [shown(x, a), shown(y, b)];
    if (sx !== sy) out.push({ command: line.command, ours: sx, theirs: sy });
  }
  return out;
}
