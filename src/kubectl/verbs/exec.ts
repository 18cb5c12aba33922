/** `kubectl exec` and `attach`: a command's streams over websocket channels (v5.channel.k8s.io, KEP-4006). */
import { StatusError, type Status } from '../../machinery/status-error.ts';
import { CommandError, QuietExit, UsageError } from '../failure.ts';
import { bool, duration, list, text } from '../flags.ts';
import type { Io } from '../io.ts';
import { pathOf } from '../mapper.ts';
import { openSocket } from '../socket.ts';
import type { Session } from '../session.ts';
import { findObjects } from '../targets.ts';
import { at, listAt, textAt, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { podOf, podsOfObject } from '../pod-of.ts';

const common = {
  container: text('Container name.', 'c'),
  stdin: bool('Pass stdin to the container', 'i'),
  tty: bool('Stdin is a TTY', 't'),
  quiet: bool('Only print output from the remote session', 'q'),
  'pod-running-timeout': duration('The length of time to wait until at least one pod is running'),
};

/** --pod-running-timeout in milliseconds. @throws CommandError */
export function podTimeout(s: Session, otherwise = 60_000): number {
  const ms = s.flags.duration('pod-running-timeout') ?? otherwise;
  if (ms <= 0) throw new CommandError('--pod-running-timeout must be higher than zero');
  return ms;
}

export const exec: Verb = {
  usage: 'exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  summary: 'Execute a command in a container',
  flags: { ...common, filename: list('to use to exec into the resource', 'f') },
  async run(s) {
    const { flags } = s;
    const files = flags.list('filename').length > 0;
    const before = flags.rest === undefined ? flags.args : flags.before;
    if (flags.rest === undefined && flags.args.length > (files ? 0 : 1))
      throw new UsageError('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead');
    const [target, ...extra] = before;
    if (!target && !files) throw new CommandError('pod, type/name or --filename must be specified');
    const command = [...(files ? before : extra), ...(flags.rest ?? [])];
    if (command.length === 0) throw new CommandError('you must specify at least one command for the container');
    const timeout = podTimeout(s);
    let pod: Thing;
    if (files) {
      const [first] = await findObjects(s, { args: [] });
      if (!first) throw new CommandError('no objects passed to exec');
      pod = (await podsOfObject(s, first.object, timeout))[0]!;
    } else pod = await podOf(s, target!, timeout);
    const phase = textAt(pod, 'status', 'phase');
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    // A container that is named is the server's to find.
    return join(s, pod, flags.text('container') || containerOf(s, pod), 'exec', command, flags.bool('tty'));
  },
};

export const attach: Verb = {
  usage: 'attach (POD | TYPE/NAME) -c CONTAINER',
  summary: 'Attach to a running container',
  flags: common,
  async run(s) {
    const { args } = s.flags;
    if (args.length === 0) throw new CommandError('at least 1 argument is required for attach');
    if (args.length > 2)
      throw new CommandError(
        `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`,
      );
    const timeout = podTimeout(s);
    const pod = await podOf(s, args.length === 2 ? args.join('/') : args[0]!, timeout);
    const phase = textAt(pod, 'status', 'phase');
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new CommandError(`cannot attach a container in a completed pod; current phase is ${phase}`);
    let container: string;
    try {
      container = containerOf(s, pod);
    } catch (e) {
      throw new CommandError(`cannot attach to the container: ${(e as Error).message}`);
    }
    return attached(s, pod, container);
  },
};

/** Attaches to a pod that runs (`kubectl run --attach`). */
export async function attachTo(s: Session, pod: string, container: string): Promise<number> {
  const mapping = (await s.mapper()).byName('pods');
  return attached(s, await s.api.json<Thing>('GET', pathOf(mapping, s.namespace, pod)), container);
}

async function attached(s: Session, pod: Thing, container: string): Promise<number> {
  const quiet = s.flags.bool('quiet');
  const spec = ['containers', 'initContainers', 'ephemeralContainers']
    .flatMap((l) => listAt(pod, 'spec', l).map((c) => ({ l, c })))
    .find((x) => textAt(x.c, 'name') === container);
  const has = at(spec?.c, 'tty') === true;
  if (s.flags.bool('tty') && !has && !quiet)
    s.io.err(`error: Unable to use a TTY - container ${container} did not allocate one\n`);
  if (!quiet)
    s.io.err(
      "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
    );
  const code = await join(s, pod, container, 'attach', [], has);
  if (!quiet && s.flags.bool('stdin') && has && s.io.stdin.isTTY) {
    const command = `kubectl attach ${pod.metadata.name} -c ${container} -n ${pod.metadata.namespace} -i -t`;
    s.io.out(
      spec?.l === 'ephemeralContainers'
        ? `Session ended, the ephemeral container will not be restarted but may be reattached using '${command}' if it is still running\n`
        : `Session ended, resume using '${command}' command\n`,
    );
  }
  return code;
}

/** The container asked for, the annotated default, or the first. @throws CommandError */
export function containerOf(s: Session, pod: Thing): string {
  const names = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((l) =>
    listAt(pod, 'spec', l).map((c) => textAt(c, 'name')),
  );
  const asked = s.flags.text('container') || pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const quiet = s.flags.bool('quiet');
  if (asked) {
    if (!names.includes(asked))
      throw new CommandError(
        `container ${asked} is not valid for pod ${pod.metadata.name} out of: ${describeNames(pod)}`,
      );
    return asked;
  }
  const first = names[0] ?? '';
  if (names.length > 1 && !quiet) s.io.err(`Defaulted container "${first}" out of: ${describeNames(pod)}\n`);
  return first;
}

export const describeNames = (pod: Thing): string =>
  [
    ...listAt(pod, 'spec', 'containers').map((c) => textAt(c, 'name')),
    ...listAt(pod, 'spec', 'ephemeralContainers').map((c) => `${textAt(c, 'name')} (ephem)`),
    ...listAt(pod, 'spec', 'initContainers').map((c) => `${textAt(c, 'name')} (init)`),
  ].join(', ');

/** Where a command's streams go. */
export interface Streams {
  readonly stdin?: Io['stdin'];
  out(data: Uint8Array): void;
  err(data: string | Uint8Array): void;
}

/** Runs a command in a container; answers its exit code by QuietExit as `exec` does. @throws StatusError, QuietExit */
export const execIn = (s: Session, pod: Thing, container: string, command: readonly string[], streams: Streams) =>
  join(s, pod, container, 'exec', command, false, streams);

async function join(
  s: Session,
  pod: Thing,
  container: string,
  what: 'exec' | 'attach',
  command: readonly string[],
  wantsTty: boolean,
  streams: Streams = { ...(s.flags.bool('stdin') && { stdin: s.io.stdin }), out: s.io.out, err: s.io.err },
): Promise<number> {
  const { io, flags } = s;
  const { stdin } = streams;
  let tty = wantsTty;
  // A container with a terminal sends one stream whatever this side has; a command is given one only when there is one.
  const terminal = Boolean(stdin?.isTTY);
  if (tty && stdin && !terminal) {
    if (!flags.bool('quiet')) io.err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
    if (what === 'exec') tty = false;
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
    if (tty && terminal) {
      stdin?.setRawMode?.(true);
      size();
    }
    stdin?.on('data', onInput).on('end', onEnd);
    const finish = (act: () => void) => {
      stopSize?.();
      if (tty && terminal) stdin?.setRawMode?.(false);
      stdin?.off('data', onInput).off('end', onEnd);
      stdin?.pause();
      act();
    };
    socket.on('message', (raw: Buffer) => {
      const data = Buffer.from(raw);
      const body = data.subarray(1);
      if (data[0] === 1) streams.out(body);
      else if (data[0] === 2) streams.err(body);
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
    streams.err(`command terminated with exit code ${code}\n`);
    throw new QuietExit(Number(code));
  }
  throw StatusError.fromStatus(status);
}
