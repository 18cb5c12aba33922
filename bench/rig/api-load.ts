/** One fixed workload over HTTPS against any server that speaks enough of the pods API: what it did a second, row by row. */
import { Agent, type Dispatcher, request } from 'undici';
import type { Target } from './api-target.ts';
import { samplePod } from './sample-pod.ts';
import { timed } from './benchmark.ts';

export const rows = {
  create: '/s',
  get: '/s',
  list: 'MB/s',
  'list-by-label': '/s',
  'merge-patch': '/s',
  'status-patch': '/s',
  watch: 'events/s',
  delete: '/s',
} as const;
export type Row = keyof typeof rows;
export type Measured = Readonly<Record<Row, number>>;

const pods = 2000;
const atOnce = 32;
const lists = 64;
const labelLists = 300;
const watchers = 50;
const watchedWrites = 1000;

type Call = (method: Dispatcher.HttpMethod, path: string, body?: unknown, type?: string) => Promise<Buffer>;

function caller(target: Target, dispatcher: Agent): Call {
  return async (method, path, body, type = 'application/json') => {
    const r = await request(target.url + path, {
      method,
      headers: {
        ...target.headers,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      dispatcher,
    });
    const bytes = Buffer.from(await r.body.arrayBuffer());
    if (r.statusCode >= 300) throw new Error(`${method} ${path}: ${r.statusCode} ${bytes.toString().slice(0, 300)}`);
    return bytes;
  };
}

/** Bytes of an answer, read and let go. */
async function sizeOf(target: Target, dispatcher: Agent, path: string): Promise<number> {
  const r = await request(target.url + path, { headers: target.headers, dispatcher });
  if (r.statusCode !== 200) throw new Error(`GET ${path}: ${r.statusCode}`);
  let bytes = 0;
  for await (const d of r.body) bytes += (d as Buffer).length;
  return bytes;
}

/** Calls a second, so many at once. */
async function rate(calls: number, call: (i: number) => Promise<unknown>): Promise<number> {
  let i = 0;
  const seconds = await timed(() =>
    Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (i < calls) await call(i++);
      }),
    ),
  );
  return calls / seconds;
}

const newlines = (d: Buffer): number => {
  let n = 0;
  for (let i = d.indexOf(10); i >= 0; i = d.indexOf(10, i + 1)) n++;
  return n;
};

/** Events a second that all watchers together were given while pods were patched. */
async function fanOut(
  target: Target,
  collection: string,
  revision: string,
  write: (i: number) => Promise<unknown>,
): Promise<number> {
  const dispatcher = new Agent({ connections: watchers, connect: { ca: target.ca }, bodyTimeout: 0 });
  const stop = new AbortController();
  const expected = watchers * watchedWrites;
  let got = 0;
  const all = Promise.withResolvers<void>();
  try {
    await Promise.all(
      Array.from({ length: watchers }, async () => {
        const r = await request(`${target.url}${collection}?watch=1&resourceVersion=${revision}`, {
          headers: target.headers,
          dispatcher,
          signal: stop.signal,
        });
        if (r.statusCode !== 200) throw new Error(`watch: ${r.statusCode}`);
        r.body.on('error', () => {});
        r.body.on('data', (d: Buffer) => {
          got += newlines(d);
          if (got >= expected) all.resolve();
        });
      }),
    );
    const late = setTimeout(() => all.reject(new Error(`watchers got ${got} of ${expected} events`)), 60_000);
    const seconds = await timed(async () => {
      await rate(watchedWrites, write);
      await all.promise;
    });
    clearTimeout(late);
    if (got !== expected) throw new Error(`watchers got ${got} events, not ${expected}`);
    return expected / seconds;
  } finally {
    stop.abort();
    await dispatcher.destroy();
  }
}

/** Runs the workload in a namespace that exists. `pod` is the first pod as it was answered. */
export async function load(
  target: Target,
  namespace: string,
): Promise<{ readonly measured: Measured; readonly pod: Buffer }> {
  const dispatcher = new Agent({ connections: atOnce, connect: { ca: target.ca } });
  const call = caller(target, dispatcher);
  const collection = `/api/v1/namespaces/${namespace}/pods`;
  const merge = 'application/merge-patch+json';
  const patch = (i: number, value: unknown, sub = '') =>
    call('PATCH', `${collection}/p${i % pods}${sub}`, value, merge);
  try {
    const create = await rate(pods, (i) => call('POST', collection, samplePod(`p${i}`, namespace, i % 10)));
    const pod = await call('GET', `${collection}/p0`);
    const get = await rate(pods * 2, (i) => call('GET', `${collection}/p${i % pods}`));
    let bytes = 0;
    const listed = await rate(lists, async () => {
      const size = await sizeOf(target, dispatcher, `${collection}?resourceVersion=0`);
      bytes += size;
    });
    // Items of a list leave out apiVersion and kind.
    if (bytes < lists * pods * (pod.length - 40)) throw new Error(`a list of ${pods} pods has ${bytes / lists} bytes`);
    const byLabel = await rate(labelLists, (i) =>
      sizeOf(target, dispatcher, `${collection}?resourceVersion=0&labelSelector=shard%3Ds${i % 10}`),
    );
    const page = JSON.parse((await call('GET', `${collection}?limit=1`)).toString()) as {
      readonly metadata: { readonly resourceVersion: string };
    };
    const watch = await fanOut(target, collection, page.metadata.resourceVersion, (i) =>
      patch(i, { metadata: { annotations: { w: `v${i}` } } }),
    );
    const mergePatch = await rate(pods, (i) => patch(i, { metadata: { annotations: { k: `v${i}` } } }));
    const status = { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Bench' }] } };
    const statusPatch = await rate(pods, (i) => patch(i, status, '/status'));
    const removed = await rate(pods, (i) => call('DELETE', `${collection}/p${i}?gracePeriodSeconds=0`));
    return {
      measured: {
        create,
        get,
        list: (bytes / lists / 1e6) * listed,
        'list-by-label': byLabel,
        'merge-patch': mergePatch,
        'status-patch': statusPatch,
        watch,
        delete: removed,
      },
      pod,
    };
  } finally {
    await dispatcher.destroy();
  }
}
