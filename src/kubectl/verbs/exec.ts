/** `kubectl exec` and `attach`: a command's streams over websocket channels (v5.channel.k8s.io, KEP-4006). */
import { StatusError, type Status } from '../../machinery/status-error.ts';
import { CommandError, QuietExit, UsageError } from '../failure.ts';
import { bool, text } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import { openSocket } from '../socket.ts';
import type { Session } from '../session.ts';
import { listAt, textAt, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { podOf } from '../pod-of.ts';

const common = {
  container: text('Container name.', 'c'),
  stdin: bool('Pass stdin to the container', 'i'),
  tty: bool('Stdin is a TTY', 't'),
  quiet: bool('Only print output from the remote session', 'q'),
  'pod-running-timeout': text('The length of time to wait until at least one pod is running'),
};

export const exec: Verb = {
  usage: 'exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  summary: 'Execute a command in a container',
  flags: common,
  async run(s) {
    const [target, ...extra] = s.flags.args;
    if (!target) throw new UsageError('pod, type/name or --filename must be specified');
    if (extra.length)
      throw new UsageError('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead');
    const command = s.flags.rest ?? [];
    if (command.length === 0) throw new UsageError('you must specify at least one command for the container');
    const pod = await podOf(s, target);
    const phase = textAt(pod, 'status', 'phase');
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    return join(s, pod, containerOf(s, pod), 'exec', command);
  },
};

export const attach: Verb = {
  usage: 'attach (POD | TYPE/NAME) -c CONTAINER',
  summary: 'Attach to a running container',
  flags: common,
  async run(s) {
    const [target] = s.flags.args;
    if (!target) throw new UsageError('POD or TYPE/NAME is a required argument for the attach command');
    const pod = await podOf(s, target);
    return join(s, pod, containerOf(s, pod), 'attach', []);
  },
};

/** Attaches to a pod that runs (`kubectl run --attach`). */
export async function attachTo(s: Session, pod: string, container: string): Promise<number> {
  const mapping = (await s.mapper()).byName('pods');
  if (!s.flags.bool('quiet')) s.io.err("If you don't see a command prompt, try pressing enter.\n");
  return join(s, await s.api.json<Thing>('GET', pathOf(mapping, s.namespace, pod)), container, 'attach', []);
}

/** The container asked for, the annotated default, or the first. @throws CommandError */
export function containerOf(s: Session, pod: Thing): string {
  const asked = s.flags.text('container');
  const names = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((l) =>
    listAt(pod, 'spec', l).map((c) => textAt(c, 'name')),
  );
  if (asked) {
    if (!names.includes(asked)) throw new CommandError(`container ${asked} not found in pod ${pod.metadata.name}`);
    return asked;
  }
  const marked = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (marked && names.includes(marked)) return marked;
  const first = names[0] ?? '';
  if (names.length > 1 && !s.flags.bool('quiet'))
    s.io.err(`Defaulted container "${first}" out of: ${describeNames(pod)}\n`);
  return first;
}

const describeNames = (pod: Thing): string =>
  [
    ...listAt(pod, 'spec', 'containers').map((c) => textAt(c, 'name')),
    ...listAt(pod, 'spec', 'initContainers').map((c) => `${textAt(c, 'name')} (init)`),
    ...listAt(pod, 'spec', 'ephemeralContainers').map((c) => `${textAt(c, 'name')} (ephem)`),
  ].join(', ');

async function join(
  s: Session,
  pod: Thing,
  container: string,
  what: 'exec' | 'attach',
  command: readonly string[],
): Promise<number> {
  const { io, flags } = s;
  const stdin = flags.bool('stdin');
  let tty = flags.bool('tty');
  if (tty && stdin && !io.stdin.isTTY) {
    io.err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
    tty = false;
  }
  const mapping = (await s.mapper()).byName('pods');
  const query = new URLSearchParams([
    ...command.map((c) => ['command', c] as [string, string]),
    ['container', container],
    ...(stdin ? [['stdin', 'true'] as [string, string]] : []),
    ['stdout', 'true'],
    ...(tty ? [['tty', 'true'] as [string, string]] : [['stderr', 'true'] as [string, string]]),
  ]);
  const socket = await openSocket(s, `${pathOf(mapping, pod.metadata.namespace, pod.metadata.name, what)}?${query}`, [
    'v5.channel.k8s.io',
    'v4.channel.k8s.io',
  ]);
  const status = await new Promise<Status | undefined>((resolve, reject) => {
    let last: Status | undefined;
    const send = (channel: number, data: Uint8Array) => {
      if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Buffer.from([channel]), data]));
    };
    const size = () => {
      if (io.terminal) send(4, Buffer.from(JSON.stringify({ Width: io.terminal.columns, Height: io.terminal.rows })));
    };
    const stopSize = tty ? io.terminal?.onResize(size) : undefined;
    const onInput = (c: Buffer) => send(0, Buffer.from(c));
    const onEnd = () => {
      if (socket.protocol.startsWith('v5') && socket.readyState === socket.OPEN) socket.send(Buffer.from([255, 0]));
    };
    if (tty) {
      io.stdin.setRawMode?.(true);
      size();
    }
    if (stdin) io.stdin.on('data', onInput).on('end', onEnd);
    const finish = (act: () => void) => {
      stopSize?.();
      if (tty) io.stdin.setRawMode?.(false);
      io.stdin.off('data', onInput).off('end', onEnd);
      if (stdin) io.stdin.pause();
      act();
    };
    socket.on('message', (raw: Buffer) => {
      const data = Buffer.from(raw);
      const body = data.subarray(1);
      if (data[0] === 1) io.out(body);
      else if (data[0] === 2) io.err(body);
      else if (data[0] === 3 && body.length) last = JSON.parse(body.toString()) as Status;
    });
    socket.on('error', (e: Error) => finish(() => reject(e)));
    socket.on('close', () => finish(() => resolve(last)));
    socket.resume();
    io.signal.addEventListener('abort', () => socket.close(), { once: true });
  });
  if (!status || status.status === 'Success') return 0;
  const code = status.details?.causes?.find((c) => c.reason === 'ExitCode')?.message;
  if (status.reason === 'NonZeroExitCode' && code !== undefined) {
    io.err(`command terminated with exit code ${code}\n`);
    throw new QuietExit(Number(code));
  }
  throw StatusError.fromStatus(status);
}
