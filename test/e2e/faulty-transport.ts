/** A transport on which things go wrong: conflicts, server errors, requests and answers that get lost, watches that are cut. */
import type { Transport, TransportRequest, TransportResponse } from '../../src/client/index.ts';

export interface Faults {
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  /** Share of the writes that meet each fault while `on` holds. */
  readonly rate: number;
  readonly on: () => boolean;
  /** Counts what was done to the client, by kind. */
  readonly seen: Record<string, number>;
}

const answer = (code: number, reason: string, message: string): TransportResponse => ({
  status: code,
  headers: { 'content-type': 'application/json' },
  body: (async function* () {
    yield Buffer.from(
      JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message }),
    );
  })(),
});

export function faultyTransport(inner: Transport, f: Faults): Transport {
  const hit = (kind: string): boolean => {
    if (!f.on() || f.random() >= f.rate) return false;
    f.seen[kind] = (f.seen[kind] ?? 0) + 1;
    return true;
  };
  return {
    async request(req: TransportRequest): Promise<TransportResponse> {
      if (/[?&]watch=/.test(req.path)) {
        const watch = await inner.request(req);
        return { ...watch, body: cutAtRandom(watch.body, () => hit('watch cut')) };
      }
      if (req.method !== 'GET' && !/\/events(\/|$|\?)/.test(req.path)) {
        if (req.method !== 'POST' && hit('conflict'))
          return answer(
            409,
            'Conflict',
            'the object has been modified; please apply your changes to the latest version',
          );
        if (hit('server error')) return answer(500, 'InternalError', 'Internal error occurred: it does not work today');
        if (hit('request lost')) throw new Error('connection refused');
        if (hit('answer lost')) {
          const done = await inner.request(req);
          for await (const _ of done.body);
          throw new Error('connection reset while waiting for the answer');
        }
      }
      return inner.request(req);
    },
    close: () => inner.close(),
  };
}

async function* cutAtRandom(body: AsyncIterable<Buffer>, cut: () => boolean): AsyncIterable<Buffer> {
  for await (const chunk of body) {
    // In the middle of a line: what came before it must not be lost, nor half of it be believed.
    if (cut()) {
      yield chunk.subarray(0, chunk.length >> 1);
      throw new Error('the watch was cut');
    }
    yield chunk;
  }
}
