import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigMaps, Pods } from '../api/core/v1/resources.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { silent } from '../base/log.ts';
import { StatusError } from '../machinery/status-error.ts';
import type { Transport, TransportRequest } from './client.ts';
import {
  createEventRecorder,
  createClient,
  createInformerFactory,
  createWorkQueue,
  lines,
  step,
  backoffMs,
} from './index.ts';

/** A transport that answers from a script and remembers what was asked. */
function scripted(
  answer: (
    req: TransportRequest,
    n: number,
  ) => { status?: number; headers?: Record<string, string>; body: unknown } | { stream: AsyncIterable<Buffer> },
): Transport & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async request(req) {
      asked.push(`${req.method} ${req.path}`);
      const a = answer(req, asked.length);
      if ('stream' in a) return { status: 200, headers: {}, body: a.stream };
      return { status: a.status ?? 200, headers: a.headers ?? {}, body: one(Buffer.from(JSON.stringify(a.body))) };
    },
    async close() {},
  };
}
async function* one(b: Buffer): AsyncIterable<Buffer> {
  yield b;
}
const turn = async (n = 10) => {
  for (let i = 0; i < n; i++) await new Promise((r) => setImmediate(r));
};

test('paths are made from rows', async () => {
  const t = scripted(() => ({ body: { items: [] } }));
  const c = createClient(t, { userAgent: 'test' });
  await c.get(Pods, { namespace: 'a', name: 'b' });
  await c.list(Pods, { labelSelector: 'x=y', limit: 5 });
  await c.patch(
    Pods,
    { namespace: 'a', name: 'b' },
    'application/merge-patch+json',
    {},
    { subresource: 'status', fieldManager: 'me', dryRun: true },
  );
  await assert.rejects(async () => c.get(Pods, { name: 'b' }), /needs a namespace/);
  assert.deepEqual(t.asked, [
    'GET /api/v1/namespaces/a/pods/b',
    'GET /api/v1/pods?labelSelector=x%3Dy&limit=5',
    'PATCH /api/v1/namespaces/a/pods/b/status?fieldManager=me&dryRun=All',
  ]);
});

test('a failure is the StatusError the server sent', async () => {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason: 'NotFound',
    message: 'pods "b" not found',
    code: 404,
  };
  const c = createClient(
    scripted(() => ({ status: 404, body: status })),
    { userAgent: 'test' },
  );
  await assert.rejects(
    c.get(Pods, { namespace: 'a', name: 'b' }),
    (e) => e instanceof StatusError && e.reason === 'NotFound' && e.message === status.message,
  );
});

test('a server that asks to wait is asked again after that time', async () => {
  const clock = new FakeClock();
  const t = scripted((_, n) =>
    n === 1 ? { status: 429, headers: { 'retry-after': '2' }, body: {} } : { body: { metadata: { name: 'b' } } },
  );
  const got = createClient(t, { userAgent: 'test', clock }).get(Pods, { namespace: 'a', name: 'b' });
  await clock.advance(1_999);
  assert.equal(t.asked.length, 1);
  await clock.advance(1);
  assert.equal((await got).metadata.name, 'b');
});

test('lines come out whole however the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ minLength: 1 }).filter((s) => !s.includes('\n') && s.trim() !== '')),
      fc.array(fc.nat(20), { minLength: 1 }),
      async (texts, cuts) => {
        const whole = Buffer.from(texts.map((t) => `${t}\n`).join(''));
        async function* cut() {
          for (let at = 0, i = 0; at < whole.length; i++) {
            const n = Math.max(1, cuts[i % cuts.length]!);
            yield whole.subarray(at, at + n);
            at += n;
          }
        }
        const got: string[] = [];
        for await (const l of lines(cut())) got.push(l);
        assert.deepEqual(got, texts);
      },
    ),
  );
});

test('the reflector: what follows what', () => {
  const listing = { state: 'listing', from: '0', failures: 0 } as const;
  const watching = { state: 'watching', resourceVersion: '5', failures: 0 } as const;
  assert.deepEqual(step(listing, { type: 'listed', resourceVersion: '5' }), watching);
  assert.deepEqual(step(watching, { type: 'ended' }), watching);
  assert.deepEqual(step(watching, { type: 'failed', expired: false }), { ...watching, failures: 1 });
  assert.deepEqual(step({ ...watching, failures: 3 }, { type: 'progressed', resourceVersion: '9' }), {
    ...watching,
    resourceVersion: '9',
  });
  assert.deepEqual(step(watching, { type: 'failed', expired: true }), { state: 'listing', from: '', failures: 0 });
  assert.deepEqual(step(listing, { type: 'failed', expired: true }), { state: 'listing', from: '', failures: 1 });
  assert.deepEqual(
    [0, 1, 2, 20].map((n) => backoffMs(n, 0)),
    [0, 200, 400, 30_000],
  );
});

test('an informer lists, watches, goes on after a break and lists anew when too old', async () => {
  const clock = new FakeClock();
  const cm = (name: string, rv: string, extra = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'd', name, uid: name, resourceVersion: rv, labels: { app: name }, ...extra },
  });
  const frames = (...events: object[]) => ({
    stream: one(Buffer.from(events.map((e) => `${JSON.stringify(e)}\n`).join(''))),
  });
  const forever = {
    stream: (async function* () {
      await new Promise(() => {});
    })() as AsyncIterable<Buffer>,
  };
  const script = [
    { body: { metadata: { resourceVersion: '10' }, items: [cm('a', '1'), cm('b', '2')] } },
    frames(
      { type: 'MODIFIED', object: cm('a', '11') },
      { type: 'DELETED', object: cm('b', '12') },
      { type: 'BOOKMARK', object: { metadata: { resourceVersion: '20' } } },
    ),
    frames({
      type: 'ERROR',
      object: { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', message: 'too old' },
    }),
    { body: { metadata: { resourceVersion: '30' }, items: [cm('a', '11'), cm('c', '25')] } },
    forever,
  ];
  const t = scripted((_, n) => script[n - 1]!);
  const ac = new AbortController();
  const f = createInformerFactory({
    client: createClient(t, { userAgent: 'test', clock }),
    clock,
    random: () => 0,
    log: silent,
  });
  const informer = f.informer(ConfigMaps);
  informer.addIndex('app', (o) => [o.metadata.labels?.['app'] ?? '']);
  const seen: string[] = [];
  informer.addHandler({
    onAdd: (o, first) => seen.push(`add ${o.metadata.name}${first ? ' first' : ''}`),
    onUpdate: (a, b) =>
      seen.push(`update ${b.metadata.name} ${a.metadata.resourceVersion}→${b.metadata.resourceVersion}`),
    onDelete: (o) => seen.push(`delete ${o.metadata.name}`),
  });
  f.start(ac.signal);
  await informer.synced();
  await turn(30);
  await clock.advance(1_000);
  await turn(30);
  assert.deepEqual(seen, ['add a first', 'add b first', 'update a 1→11', 'delete b', 'add c']);
  assert.deepEqual(
    informer.list('d').map((o) => o.metadata.name),
    ['a', 'c'],
  );
  assert.deepEqual(informer.byIndex('app', 'b'), []);
  assert.deepEqual(
    t.asked.map((a) => a.replace(/&allow.*/, '')),
    [
      'GET /api/v1/configmaps?resourceVersion=0',
      'GET /api/v1/configmaps?resourceVersion=10&watch=true',
      'GET /api/v1/configmaps?resourceVersion=20&watch=true',
      'GET /api/v1/configmaps?limit=500',
      'GET /api/v1/configmaps?resourceVersion=30&watch=true',
    ],
  );
  ac.abort();
});

test('a work queue gives each key once and never to two workers', async () => {
  const clock = new FakeClock();
  const q = createWorkQueue({ clock });
  q.add('a');
  q.add('a');
  q.add('b');
  assert.deepEqual([await q.get(), await q.get()], ['a', 'b']);
  q.add('a');
  assert.equal(q.length, 0);
  q.done('a');
  assert.equal(await q.get(), 'a');
  q.done('a');
  q.done('b');
  q.addRateLimited('c');
  q.addRateLimited('c');
  await clock.advance(4);
  assert.equal(q.length, 0);
  await clock.advance(1);
  assert.equal(await q.get(), 'c');
  assert.equal(q.numRequeues('c'), 2);
  const waiting = q.get();
  q.shutDown();
  assert.equal(await waiting, undefined);
});

test('events: equal ones are counted, many similar ones are gathered, a flood is cut', async () => {
  const clock = new FakeClock();
  const sent: { method: string; body: { message?: string; count?: number } }[] = [];
  const t: Transport = {
    async request(req) {
      sent.push({ method: req.method, body: JSON.parse(req.body!.toString()) });
      return { status: 200, headers: {}, body: one(Buffer.from('{}')) };
    },
    async close() {},
  };
  const r = createEventRecorder({
    client: createClient(t, { userAgent: 'test', clock }),
    component: 'test',
    clock,
    log: silent,
  });
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'd', name: 'p', uid: 'u' } };
  r.event(pod, 'Normal', 'Started', 'again');
  r.event(pod, 'Normal', 'Started', 'again');
  await r.idle();
  assert.deepEqual(
    sent.map((s) => [s.method, s.body.count]),
    [
      ['POST', 1],
      ['PATCH', 2],
    ],
  );
  for (let i = 0; i < 12; i++) r.event(pod, 'Warning', 'Failed', `number ${i}`);
  await r.idle();
  assert.match(sent.at(-1)!.body.message!, /^\(combined from similar events\): number 11$/);
  for (let i = 0; i < 100; i++) r.event(pod, 'Warning', 'Other', 'x');
  await r.idle();
  assert.equal(sent.length, 25);
});
