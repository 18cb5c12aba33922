import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resource } from '../../api/resource-row.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { Namespace, Pod } from '../../api/core/v1/types.ts';
import { realClock } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { FakeClock } from '../../base/fake-clock.ts';
import { silent } from '../../base/log.ts';
import { StatusError } from '../../machinery/status-error.ts';
import { createMemoryStore } from '../../storage/index.ts';
import type { Store, WatchOptions } from '../../storage/index.ts';
import { createCache, frameOf } from './index.ts';
import type { Cache, CacheEvent, CacheOptions, CacheWatch } from './index.ts';

const pods = resource({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  schema: Pod,
  selectableFields: { 'spec.nodeName': (o) => o.spec?.nodeName ?? '' },
});
const namespaces = resource({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
  schema: Namespace,
});

interface Rig {
  readonly store: Store;
  readonly cache: Cache;
  readonly stop: AbortController;
}

async function withCache(body: (rig: Rig) => Promise<void>, options: Partial<CacheOptions> = {}): Promise<void> {
  const stop = new AbortController();
  const store = options.store ?? createMemoryStore();
  const base = { row: pods, prefix: '/registry/', clock: realClock, log: silent, signal: stop.signal };
  const cache = createCache({ ...base, store, ...options });
  try {
    await cache.ready();
    await body({ store, cache, stop });
  } finally {
    stop.abort();
    await store.close();
  }
}

const pod = (namespace: string, name: string, more: { labels?: Record<string, string>; node?: string } = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...(more.labels && { labels: more.labels }) },
    spec: { nodeName: more.node ?? '' },
  }) as KubeObject;
const keyOf = (namespace: string, name: string) => `/registry/pods/${namespace}/${name}`;

/** Writes whatever is there. */
async function put({ store, cache }: Rig, obj: KubeObject): Promise<number> {
  const key = keyOf(obj.metadata.namespace!, obj.metadata.name!);
  const r = await store.put(key, cache.encode(obj), (await store.get(key))?.modRevision ?? 0);
  assert.ok(r.ok);
  return r.revision;
}
async function remove({ store }: Rig, namespace: string, name: string): Promise<number> {
  const key = keyOf(namespace, name);
  const r = await store.delete(key, (await store.get(key))?.modRevision ?? 0);
  assert.ok(r.ok);
  return r.revision;
}

function watching(cache: Cache, options: Partial<CacheWatch> = {}) {
  const stop = new AbortController();
  const events: CacheEvent[] = [];
  const errors: Error[] = [];
  const progress: number[] = [];
  cache.watch({
    afterRevision: cache.revision,
    signal: stop.signal,
    onEvents: (batch) => void events.push(...batch),
    onProgress: (revision) => void progress.push(revision),
    onError: (e) => void errors.push(e),
    ...options,
  });
  return { events, errors, progress, stop: () => stop.abort() };
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const shown = (e: CacheEvent) => `${e.type} ${e.entry.name}@${e.entry.revision}`;

test('an entry serves the stored bytes with resourceVersion, and its attributes without a parse by the caller', () =>
  withCache(async (rig) => {
    const given = pod('a', 'web', { labels: { app: 'é"x' }, node: 'n1' });
    const revision = await put(rig, { ...given, metadata: { ...given.metadata, resourceVersion: '7' } });
    const entry = rig.cache.get('a', 'web')!;
    const served = { ...given, metadata: { ...given.metadata, resourceVersion: String(revision) } };
    assert.deepEqual(JSON.parse(entry.bytes.toString()), served);
    assert.match(
      entry.bytes.toString(),
      new RegExp(`^{"apiVersion":"v1","kind":"Pod","metadata":{"resourceVersion":"${revision}",`),
    );
    assert.equal(entry.byteLength, entry.bytes.length);
    assert.deepEqual(entry.object, served);
    assert.deepEqual(entry.labels, { app: 'é"x' });
    assert.deepEqual(
      ['metadata.name', 'metadata.namespace', 'spec.nodeName', 'spec.other'].map((f) => entry.field(f)),
      ['web', 'a', 'n1', undefined],
    );
    const stored = (await rig.store.get(entry.key))!.value;
    assert.ok(!stored.includes('resourceVersion'));
    assert.equal(rig.cache.entryOf(entry.key, stored, revision, revision), entry);
    // The same from bytes alone, as after a restart.
    const fresh = rig.cache.entryOf(entry.key, Buffer.from(stored), revision + 1, revision);
    assert.deepEqual(fresh.labels, { app: 'é"x' });
    assert.equal(fresh.field('spec.nodeName'), 'n1');
    assert.equal(fresh.object.metadata.resourceVersion, String(revision + 1));
    const target = Buffer.alloc(fresh.byteLength + 3);
    assert.equal(fresh.copyTo(target, 3), fresh.byteLength);
    assert.deepEqual(target.subarray(3), fresh.bytes);
  }));

test('labels from bytes are the labels of the parsed object, whatever the metadata', () =>
  withCache(async ({ cache }) => {
    const text = fc.string({ unit: 'grapheme' });
    const metadata = fc.record(
      {
        name: text,
        annotations: fc.dictionary(text, text),
        labels: fc.dictionary(text, text),
        generation: fc.nat(),
        finalizers: fc.array(text),
        managedFields: fc.array(fc.record({ manager: text, fieldsV1: fc.dictionary(text, fc.jsonValue()) })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(metadata, fc.boolean(), fc.integer({ min: 1 }), (m, ordered, revision) => {
        const obj = ordered
          ? { apiVersion: 'v1', kind: 'Pod', metadata: m }
          : { metadata: m, kind: 'Pod', apiVersion: 'v1' };
        const entry = cache.entryOf('/registry/pods/a/b', Buffer.from(JSON.stringify(obj)), revision, 1);
        const parsed = JSON.parse(JSON.stringify(obj)) as KubeObject;
        assert.deepEqual({ ...entry.labels }, { ...parsed.metadata.labels });
        assert.deepEqual(JSON.parse(entry.bytes.toString()), {
          ...parsed,
          metadata: { ...parsed.metadata, resourceVersion: String(revision) },
        });
      }),
    );
  }));

test('lists go in store key order, one namespace or all, from any key', () =>
  withCache(async (rig) => {
    // `a-b/` sorts before `a/` in keys, after it in names.
    for (const [ns, name] of [
      ['a', 'z'],
      ['a-b', 'x'],
      ['a', 'b'],
      ['b', 'a'],
      ['a0', 'a'],
    ] as const)
      await put(rig, pod(ns, name));
    const keys = (await rig.store.list('/registry/pods/')).items.map((kv) => kv.key);
    assert.deepEqual(
      [...rig.cache.range()].map((e) => e.key),
      keys,
    );
    assert.deepEqual(
      [...rig.cache.range('a')].map((e) => e.name),
      ['b', 'z'],
    );
    assert.deepEqual(
      [...rig.cache.range('a', keyOf('a', 'b'))].map((e) => e.name),
      ['z'],
    );
    for (const [i, key] of keys.entries())
      assert.deepEqual(
        [...rig.cache.range(undefined, key)].map((e) => e.key),
        keys.slice(i + 1),
      );
    assert.deepEqual([rig.cache.count(), rig.cache.count('a'), rig.cache.count('none')], [5, 2, 0]);
    await remove(rig, 'b', 'a');
    assert.deepEqual([...rig.cache.range('b')], []);
  }));

test('cluster-scoped kinds have no namespace', () =>
  withCache(
    async ({ store, cache }) => {
      await store.put('/registry/namespaces/default', cache.encode({ metadata: { name: 'default' } } as KubeObject), 0);
      const entry = cache.get('', 'default')!;
      assert.deepEqual([entry.namespace, entry.name, entry.object.kind], ['', 'default', 'Namespace']);
      assert.equal(entry.field('metadata.namespace'), undefined);
      assert.deepEqual([...cache.range()], [entry]);
    },
    { row: namespaces },
  ));

test('a watch starts in the past, goes on live, and sees only what it asked for', () =>
  withCache(async (rig) => {
    const from = rig.cache.revision;
    const r1 = await put(rig, pod('a', 'x'));
    const r2 = await put(rig, pod('b', 'x'));
    const all = watching(rig.cache, { afterRevision: from });
    const inA = watching(rig.cache, { afterRevision: from, namespace: 'a' });
    const named = watching(rig.cache, { afterRevision: from, namespace: 'a', name: 'y' });
    const anyX = watching(rig.cache, { afterRevision: r1, name: 'x' });
    const r3 = await put(rig, pod('a', 'x', { node: 'n1' }));
    const r4 = await put(rig, pod('a', 'y'));
    const r5 = await remove(rig, 'a', 'x');
    await turn();
    const list = [`ADDED x@${r1}`, `ADDED x@${r2}`, `MODIFIED x@${r3}`, `ADDED y@${r4}`, `DELETED x@${r5}`];
    assert.deepEqual(all.events.map(shown), list);
    assert.deepEqual(inA.events.map(shown), [list[0], list[2], list[3], list[4]]);
    assert.deepEqual(named.events.map(shown), [list[3]]);
    assert.deepEqual(anyX.events.map(shown), [list[1], list[2], list[4]]);
    const deleted = all.events.at(-1)!;
    assert.equal(deleted.entry.field('spec.nodeName'), 'n1');
    assert.equal(deleted.entry.object.metadata.resourceVersion, String(r5));
    assert.equal(deleted.prev?.revision, r3);
  }));

test('the frame of an event is made once and shared; a selector may see it as another type', () =>
  withCache(async (rig) => {
    const w = watching(rig.cache);
    const other: Buffer[] = [];
    const frames: Buffer[] = [];
    for (const into of [frames, other])
      watching(rig.cache, { onEvents: (events) => void into.push(...events.map((e) => frameOf(e))) });
    await put(rig, pod('a', 'x', { node: 'n1' }));
    const second = await put(rig, pod('a', 'x', { node: 'n2' }));
    assert.equal(frames.length, 2);
    assert.ok(frames.every((f, i) => f === other[i]));
    const change = w.events[1]!;
    const parse = (f: Buffer) => {
      assert.equal(f.at(-1), 0x0a);
      const { type, object } = JSON.parse(f.toString());
      return [type, object.spec.nodeName, object.metadata.resourceVersion];
    };
    assert.deepEqual(parse(frames[1]!), ['MODIFIED', 'n2', String(second)]);
    assert.deepEqual(parse(frameOf(change, 'ADDED')), ['ADDED', 'n2', String(second)]);
    assert.deepEqual(parse(frameOf(change, 'DELETED')), ['DELETED', 'n1', String(second)]);
  }));

test('a watch that starts too far back is told so', () =>
  withCache(
    async (rig) => {
      const from = rig.cache.revision;
      for (let i = 0; i < 10; i++) await put(rig, pod('a', `p${i}`));
      const floor = rig.cache.revision - 3;
      const w = watching(rig.cache, { afterRevision: from });
      const ok = watching(rig.cache, { afterRevision: floor });
      await turn();
      assert.equal(ok.events.length, 3);
      const [error] = w.errors;
      assert.ok(error instanceof StatusError);
      assert.deepEqual(
        [error.code, error.reason, error.message],
        [410, 'Expired', `too old resource version: ${from} (${floor})`],
      );
    },
    { maxRecentEvents: 3 },
  ));

test('waiting for a revision needs no event of the resource, and ends in time', async () => {
  const clock = new FakeClock();
  await withCache(
    async ({ store, cache }) => {
      const write = store.put('/registry/secrets/a/x', Buffer.from('{}'), 0);
      await clock.advance(0);
      const { revision } = await write;
      await cache.waitUntil(revision);
      const tooFar = cache.waitUntil(revision + 5);
      const refused = assert.rejects(tooFar, (e) => {
        assert.ok(e instanceof StatusError);
        assert.equal(e.code, 504);
        assert.equal(e.message, `Timeout: Too large resource version: ${revision + 5}, current: ${revision}`);
        assert.equal(e.status.details?.causes?.[0]?.reason, 'ResourceVersionTooLarge');
        return true;
      });
      await clock.advance(3000);
      await refused;
      const given = new AbortController();
      const aborted = assert.rejects(cache.waitUntil(revision + 5, given.signal), /enough/);
      given.abort(new Error('enough'));
      await aborted;
    },
    { clock, store: createMemoryStore({ clock }) },
  );
  assert.equal(clock.pending, 0);
});

test('watchers hear of progress made elsewhere', async () => {
  const clock = new FakeClock();
  await withCache(
    async ({ store, cache }) => {
      const w = watching(cache);
      const write = store.put('/registry/secrets/a/x', Buffer.from('{}'), 0);
      await clock.advance(0);
      const { revision } = await write;
      await clock.advance(1000);
      assert.deepEqual(w.progress, [revision]);
    },
    { clock, store: createMemoryStore({ clock }) },
  );
});

test('thousands of watchers are served in slices, each with everything in order', async () => {
  // A clock on which each look costs a millisecond: a slice ends after a few watchers.
  let now = 0;
  const slow: Clock = { ...realClock, monotonic: () => now++ };
  await withCache(
    async (rig) => {
      const watchers = Array.from({ length: 100 }, () => watching(rig.cache));
      const revisions: number[] = [];
      for (let i = 0; i < 5; i++) revisions.push(await put(rig, pod('a', `p${i}`)));
      const early = watchers.filter((w) => w.events.length === 5).length;
      assert.ok(early < 100, 'all were served at once');
      for (let i = 0; i < 100; i++) await turn();
      for (const w of watchers)
        assert.deepEqual(
          w.events.map((e) => e.entry.revision),
          revisions,
        );
    },
    { clock: slow },
  );
});

test('a watch of the store that breaks is taken up again where it was; after a compaction watchers list again', async () => {
  const clock = new FakeClock();
  const inner = createMemoryStore({ clock });
  let current: WatchOptions | undefined;
  const broken: AbortController[] = [];
  const store: Store = Object.create(inner, {
    revision: { get: () => inner.revision },
    ...Object.fromEntries(
      (['get', 'list', 'put', 'delete', 'compact', 'currentRevision', 'close'] as const).map((m) => [
        m,
        { value: (inner[m] as (...a: unknown[]) => unknown).bind(inner) },
      ]),
    ),
    watch: {
      value: (prefix: string, options: WatchOptions) => {
        current = options;
        const cut = new AbortController();
        broken.push(cut);
        inner.watch(prefix, { ...options, signal: AbortSignal.any([options.signal, cut.signal]) });
      },
    },
  });
  const lose = () => {
    broken.at(-1)!.abort();
    current!.onError(new Error('connection lost'));
  };
  await withCache(
    async (rig) => {
      const settle = async <T>(p: Promise<T>): Promise<T> => {
        await clock.advance(0);
        return p;
      };
      const w = watching(rig.cache);
      const one = await settle(put(rig, pod('a', 'x')));
      lose();
      const two = await settle(put(rig, pod('a', 'y')));
      assert.deepEqual(w.events.map(shown), [`ADDED x@${one}`]);
      await clock.advance(100);
      assert.deepEqual(w.events.map(shown), [`ADDED x@${one}`, `ADDED y@${two}`]);
      lose();
      await settle(remove(rig, 'a', 'x'));
      const last = await settle(put(rig, pod('a', 'z')));
      await settle(inner.compact(last));
      await clock.advance(1000);
      assert.deepEqual(
        [...rig.cache.range()].map((e) => e.name),
        ['y', 'z'],
      );
      assert.equal(w.events.length, 2);
      assert.ok(w.errors[0] instanceof StatusError && w.errors[0].reason === 'Expired');
      const again = watching(rig.cache);
      await settle(put(rig, pod('a', 'again')));
      assert.equal(again.events.length, 1);
    },
    { clock, store },
  );
});

test('with freezing on, a write to a shared object throws', () =>
  withCache(
    async (rig) => {
      await put(rig, pod('a', 'x', { labels: { app: 'x' } }));
      const labels = rig.cache.get('a', 'x')!.object.metadata.labels as Record<string, string>;
      assert.throws(() => {
        labels['app'] = 'y';
      }, TypeError);
    },
    { freeze: true },
  ));

test('after any operations the cache holds what the store lists, and every watcher saw each event once, in order', async () => {
  const operation = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        op: fc.constantFrom('put', 'delete'),
        ns: fc.constantFrom('a', 'a-b', 'b'),
        name: fc.constantFrom('x', 'y', 'z'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ op: fc.constant('watch'), back: fc.nat(8), ns: fc.constantFrom('a', 'b', undefined) }),
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('other') }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('settle') }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 40, size: 'max' }), async (operations) => {
      await withCache(async (rig) => {
        const { store, cache } = rig;
        const start = cache.revision;
        /** What happened, told from the outcome of the writes. */
        const happened: { readonly ns: string; readonly text: string; readonly revision: number }[] = [];
        const watchers: {
          readonly after: number;
          readonly ns: string | undefined;
          readonly w: ReturnType<typeof watching>;
        }[] = [];
        let pending: Promise<unknown>[] = [];
        const alive = new Map<string, number>();
        let revision = start;
        for (const o of operations) {
          if (o.op === 'settle') {
            await Promise.all(pending);
            pending = [];
          } else if (o.op === 'watch' && 'back' in o) {
            const after = Math.max(start, cache.revision - o.back);
            const w = watching(cache, { afterRevision: after, ...(o.ns !== undefined && { namespace: o.ns }) });
            watchers.push({ after, ns: o.ns, w });
          } else if (o.op === 'other') {
            revision++;
            pending.push(store.put(`/registry/podtemplates/${revision}`, Buffer.from('{}'), 0));
          } else if ('name' in o) {
            const key = keyOf(o.ns, o.name);
            const expected = alive.get(key) ?? 0;
            if (o.op === 'delete' && expected === 0) continue;
            revision++;
            const type = o.op === 'delete' ? 'DELETED' : expected === 0 ? 'ADDED' : 'MODIFIED';
            happened.push({ ns: o.ns, text: `${type} ${o.name}@${revision}`, revision });
            if (o.op === 'delete') {
              alive.delete(key);
              pending.push(store.delete(key, expected));
            } else {
              alive.set(key, revision);
              pending.push(store.put(key, cache.encode(pod(o.ns, o.name, { node: `n${revision}` })), expected));
            }
          }
        }
        await Promise.all(pending);
        await cache.waitUntil(revision);
        await turn();
        const stored = (await store.list('/registry/pods/')).items;
        assert.deepEqual(
          [...cache.range()].map((e) => [e.key, e.revision, e.createRevision, e.field('spec.nodeName')]),
          stored.map((kv) => [
            kv.key,
            kv.modRevision,
            kv.createRevision,
            JSON.parse(kv.value.toString()).spec.nodeName,
          ]),
        );
        assert.equal(cache.count(), stored.length);
        for (const { after, ns, w } of watchers)
          assert.deepEqual(
            w.events.map(shown),
            happened.filter((h) => h.revision > after && (ns === undefined || h.ns === ns)).map((h) => h.text),
          );
      });
    }),
    { numRuns: 40 },
  );
});
