/** Port forwarding: pairs of a data and an error stream, each joined with a pair at the runtime, which connects inside the pod's network. */
import type { Duplex, Writable } from 'node:stream';
import type { Clock } from '../../base/clock.ts';
import type { ContainerRuntime } from '../cri.ts';
import { connectRuntimeStream } from './runtime-stream.ts';
import { SpdyConnection, type SpdyStream } from './spdy-connection.ts';

export interface Forwarder {
  /** Joins until one side ends; rejects with what the runtime said. */
  forward(port: number, data: Duplex): Promise<void>;
  close(): void;
}

/** One connection to the runtime, made with the first forward. */
export function createForwarder(runtime: ContainerRuntime, sandboxId: string): Forwarder {
  let connection: Promise<SpdyConnection> | undefined;
  let next = 0;
  const connect = () => {
    connection ??= runtime
      .stream({ kind: 'portforward', sandboxId })
      .then((url) => connectRuntimeStream(url, 'portforward.k8s.io'));
    return connection;
  };
  return {
    async forward(port, data) {
      const c = await connect();
      const requestid = String(next++);
      const error = await c.open({ streamtype: 'error', port: String(port), requestid });
      error.end();
      const remote = await c.open({ streamtype: 'data', port: String(port), requestid });
      let said = '';
      error.setEncoding('utf8');
      error.on('data', (d: string) => {
        said += d;
      });
      const errorOver = new Promise<void>((resolve) => {
        error.once('end', resolve);
        error.once('close', resolve);
      });
      const over = (s: Duplex) =>
        new Promise<void>((resolve) => {
          s.once('end', resolve);
          s.once('close', resolve);
          s.once('error', () => resolve());
        });
      data.on('error', () => remote.destroy());
      remote.on('error', () => undefined);
      data.pipe(remote);
      remote.pipe(data);
      // what came from the pod must have gone out before the pair ends
      await Promise.race([Promise.all([over(remote), errorOver]), c.closed, closedOf(data)]);
      if (!remote.destroyed) remote.destroy();
      if (said !== '') throw new Error(said);
    },
    close() {
      connection?.then(
        (c) => c.close(),
        () => undefined,
      );
    },
  };
}
const closedOf = (s: Duplex): Promise<void> => new Promise((resolve) => s.once('close', () => resolve()));

const creationTimeout = 30_000;

/** Serves a client's SPDY connection until it closes. `idleMs` without any stream ends it. */
export async function servePortForward(
  socket: Duplex,
  head: Buffer,
  where: { readonly pod: string; readonly uid: string },
  forwarder: Forwarder,
  clock: Clock,
  idleMs: number,
): Promise<void> {
  interface Pair {
    data?: SpdyStream;
    error?: SpdyStream;
  }
  const pairs = new Map<string, Pair>();
  let active = 0;
  let idle = clock.after(idleMs, () => connection.close());
  const busy = (by: number) => {
    active += by;
    idle.cancel();
    if (active === 0) idle = clock.after(idleMs, () => connection.close());
  };
  const run = async (pair: Required<Pair>, port: number) => {
    busy(1);
    try {
      await forwarder.forward(port, pair.data);
    } catch (e) {
      const text = `error forwarding port ${port} to pod ${where.pod}, uid ${where.uid}: ${(e as Error).message}`;
      pair.error.write(text);
    } finally {
      pair.error.end();
      pair.data.end();
      // the client has what it wanted to know: nothing more is read from it
      pair.data.resume();
      pair.error.resume();
      busy(-1);
    }
  };
  const connection = new SpdyConnection(socket, head, {
    role: 'server',
    onStream(stream) {
      const port = Number(stream.headers['port']);
      const type = stream.headers['streamtype'];
      if (!Number.isInteger(port) || port < 1 || port > 65_535 || (type !== 'data' && type !== 'error')) return false;
      const id = stream.headers['requestid'] ?? String(type === 'error' ? stream.id : stream.id - 2);
      const pair = pairs.get(id) ?? {};
      if (pair[type]) return false;
      pair[type] = stream;
      pairs.set(id, pair);
      const timer = clock.after(creationTimeout, () => {
        if (!pair.data || !pair.error) {
          pairs.delete(id);
          pair.error?.end('timed out waiting for streams');
        }
      });
      if (pair.data && pair.error) {
        timer.cancel();
        pairs.delete(id);
        void run(pair as Required<Pair>, port);
      }
      return true;
    },
  });
  await connection.closed;
  idle.cancel();
  forwarder.close();
}

/** Over websocket channels: two per port, each beginning with the port as two bytes, the low one first. */
export async function forwardChannel(
  port: number,
  data: Duplex,
  error: Writable,
  where: { readonly pod: string; readonly uid: string },
  forwarder: Forwarder,
): Promise<void> {
  const bytes = Buffer.from([port & 255, port >> 8]);
  data.write(bytes);
  error.write(bytes);
  try {
    await forwarder.forward(port, data);
  } catch (e) {
    error.write(`error forwarding port ${port} to pod ${where.pod}, uid ${where.uid}: ${(e as Error).message}`);
  }
}
