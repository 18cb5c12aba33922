/** The handlers called in this process, as a client transport: same filters, no sockets, no TLS. */
import type { Transport, TransportRequest, TransportResponse } from '../../client/client.ts';
import { requestEntityTooLarge } from '../../machinery/status-error.ts';
import type { UserInfo } from '../attributes.ts';
import { type ApiRequest, type ApiResponse, type BodySink, emptyBody } from '../request.ts';

/** Who calls: a known user, or headers to be authenticated as over the network. */
export type MemoryIdentity = { readonly user: UserInfo } | { readonly authorization: string };

/** Bytes that may wait for the reader before the writer is told to pause. */
const highWater = 1024 * 1024;

export function memoryTransport(
  handle: (req: ApiRequest) => Promise<ApiResponse>,
  identity: MemoryIdentity,
): Transport {
  const closed = new AbortController();
  return {
    async request(req: TransportRequest): Promise<TransportResponse> {
      const done = new AbortController();
      const signals = [closed.signal, done.signal];
      if (req.signal) signals.push(req.signal);
      const signal = AbortSignal.any(signals);
      signal.throwIfAborted();
      const body = req.body ?? emptyBody;
      const headers: Record<string, string> = {};
      for (const k in req.headers) headers[k.toLowerCase()] = req.headers[k]!;
      if ('authorization' in identity) headers['authorization'] = identity.authorization;
      const res = await handle({
        method: req.method,
        url: req.path,
        headers,
        body: async (limit) => {
          if (body.length > limit) throw requestEntityTooLarge(`Request entity too large: limit is ${limit}`);
          return body;
        },
        bodyStream: async function* () {
          yield body;
        },
        signal,
        abort: (reason) => done.abort(reason),
        user: 'user' in identity ? identity.user : undefined,
      });
      return { status: res.status, headers: res.headers, body: bodyOf(res, signal, () => done.abort()) };
    },
    async close() {
      closed.abort(new Error('transport closed'));
    },
  };
}

function bodyOf(res: ApiResponse, signal: AbortSignal, stop: () => void): AsyncIterable<Buffer> {
  const { body } = res;
  if (typeof body !== 'function')
    return (async function* () {
      if (body.length) yield body;
    })();
  return {
    [Symbol.asyncIterator]() {
      let queue: Buffer[] = [];
      let queued = 0;
      let ended = false;
      let failure: unknown;
      let wakeReader: () => void = () => {};
      let wakeWriter: (() => void)[] = [];
      const sink: BodySink = {
        signal,
        write(chunk) {
          queue.push(chunk);
          queued += chunk.length;
          wakeReader();
          return queued < highWater;
        },
        drained: () =>
          queued < highWater || signal.aborted ? Promise.resolve() : new Promise((r) => wakeWriter.push(r)),
      };
      const release = () => {
        const writers = wakeWriter;
        wakeWriter = [];
        for (const w of writers) w();
      };
      const onAbort = () => {
        release();
        wakeReader();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      body(sink).then(
        () => {
          ended = true;
          wakeReader();
        },
        (e: unknown) => {
          ended = true;
          failure = e;
          wakeReader();
        },
      );
      return {
        async next() {
          for (;;) {
            const chunk = queue.shift();
            if (chunk) {
              queued -= chunk.length;
              if (queued < highWater) release();
              return { value: chunk, done: false as const };
            }
            if (signal.aborted) throw signal.reason;
            if (ended) {
              signal.removeEventListener('abort', onAbort);
              if (failure) throw failure;
              return { value: undefined, done: true as const };
            }
            await new Promise<void>((r) => {
              wakeReader = r;
            });
          }
        },
        async return() {
          queue = [];
          stop();
          return { value: undefined, done: true as const };
        },
      };
    },
  };
}
