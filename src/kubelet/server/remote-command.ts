/** exec, attach and run: the client's streams (SPDY or websocket) joined with the runtime's (upstream: cri-streaming remotecommand). */
import type { Readable, Writable } from 'node:stream';
import type { ContainerRuntime } from '../cri.ts';
import { connectRuntimeStream } from './runtime-stream.ts';
import type { SpdyStream } from './spdy-connection.ts';

export interface CommandOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}
export interface ClientStreams {
  readonly stdin?: Readable | undefined;
  readonly stdout?: Writable | undefined;
  readonly stderr?: Writable | undefined;
  readonly error: Writable;
  readonly resize?: Readable | undefined;
  /** Since v4 the error stream carries a Status; before, text or nothing. */
  readonly statusJson: boolean;
  close(): void;
  readonly closed: Promise<void>;
}
export type Target =
  | { readonly kind: 'exec'; readonly containerId: string; readonly cmd: readonly string[] }
  | { readonly kind: 'attach'; readonly containerId: string };

const success = { metadata: {}, status: 'Success' };
const failureOf = (message: string) => ({
  metadata: {},
  status: 'Failure',
  message: `Internal error occurred: ${message}`,
  reason: 'InternalError',
  details: { causes: [{ message }] },
  code: 500,
});

/** Runs until the command has ended or the client has gone. */
export async function joinStreams(
  runtime: ContainerRuntime,
  target: Target,
  o: CommandOptions,
  client: ClientStreams,
): Promise<void> {
  const finish = async (status: { readonly status: string; readonly message?: string | undefined }) => {
    const text = client.statusJson
      ? JSON.stringify(status)
      : status.status === 'Success'
        ? ''
        : (status.message ?? 'the command failed');
    await new Promise<void>((resolve) => {
      if (client.error.destroyed) return resolve();
      client.error.end(text, () => resolve());
      client.error.once('error', () => resolve());
    });
    client.close();
  };
  let url: string;
  let connection: Awaited<ReturnType<typeof connectRuntimeStream>>;
  try {
    const stderr = o.stderr && !o.tty;
    url = await runtime.stream({ ...target, ...o, stderr });
    connection = await connectRuntimeStream(url, 'v4.channel.k8s.io');
  } catch (e) {
    const verb = target.kind === 'exec' ? 'error executing command in container' : 'error attaching to container';
    return finish(failureOf(`${verb}: ${(e as Error).message}`));
  }
  void client.closed.then(() => connection.close());
  try {
    const open = (streamtype: string) => connection.open({ streamtype });
    const error = await open('error');
    const stdin = o.stdin ? await open('stdin') : undefined;
    const stdout = o.stdout ? await open('stdout') : undefined;
    const stderr = o.stderr && !o.tty ? await open('stderr') : undefined;
    const resize = o.tty ? await open('resize') : undefined;
    const all = [error, stdin, stdout, stderr, resize].filter((s) => s !== undefined);
    await Promise.race([Promise.all(all.map((s) => s.replied)), connection.closed]);
    if (stdin && client.stdin) client.stdin.on('error', () => stdin.end()).pipe(stdin);
    if (resize && client.resize) client.resize.on('error', () => undefined).pipe(resize);
    const outputs = [copy(stdout, client.stdout), copy(stderr, client.stderr)];
    const said = collect(error);
    // when the runtime has closed the connection its streams end too, once all that came is read: only the client's going cuts that short
    const text = await Promise.race([said, client.closed.then(() => '')]);
    await Promise.race([Promise.all(outputs), client.closed]);
    const status = parseStatus(text);
    const cut = [stdout, stderr].some((s) => s && !s.complete);
    await finish(cut && status.status === 'Success' ? failureOf('error streaming: the runtime went away') : status);
  } catch (e) {
    await finish(failureOf(`error streaming: ${(e as Error).message}`));
  } finally {
    connection.close();
  }
}

function parseStatus(text: string): { readonly status: string; readonly message?: string } {
  if (text === '') return success;
  try {
    return JSON.parse(text) as { status: string; message?: string };
  } catch {
    return failureOf(text);
  }
}

/** All of `from` into `to`; resolves when it has ended and is written. */
function copy(from: SpdyStream | undefined, to: Writable | undefined): Promise<void> {
  if (!from) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => resolve();
    from.once('close', done);
    from.once('error', done);
    if (!to) {
      from.resume();
      from.once('end', done);
      return;
    }
    to.once('error', done);
    from.on('data', (chunk: Buffer) => {
      if (to.destroyed || to.writableEnded) return;
      if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.once('end', () => {
      if (to.destroyed) done();
      else to.end(done);
    });
  });
}
function collect(from: SpdyStream): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    from.setEncoding('utf8');
    from.on('data', (d: string) => {
      text += d;
    });
    const done = () => resolve(text);
    from.once('end', done);
    from.once('close', done);
    from.once('error', done);
  });
}
