/** What every store must do. Each implementation calls storeContract with a way to open one; `reopen` is there when it outlives its process. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CompactedError, FutureRevisionError } from '../../src/storage/index.ts';
import type { KeyValue, Store, StoreEvent, WriteResult } from '../../src/storage/index.ts';

export interface OpenedStore {
  readonly store: Store;
  /** Closes and opens it again, as after a restart. */
  readonly reopen?: () => Promise<OpenedStore>;
  readonly close: () => Promise<void>;
}

const b = (text: string): Buffer => Buffer.from(text);
const show = (kv: KeyValue | undefined) =>
  kv && { key: kv.key, value: kv.value.toString(), created: kv.createRevision, modified: kv.modRevision };
const showEvent = (e: StoreEvent) => ({
  type: e.type,
  key: e.key,
  revision: e.modRevision,
  value: e.value?.toString(),
  prev: e.prev?.value.toString(),
});
const revisionOf = (r: WriteResult): number => {
  assert.ok(r.ok, 'the write was refused');
  return r.revision;
};

/** Collects what a watch is told. */
function watching(store: Store, prefix: string, afterRevision?: number) {
  const stop = new AbortController();
  const events: StoreEvent[] = [];
  const batches: { readonly revisions: readonly number[]; readonly upTo: number }[] = [];
  const errors: Error[] = [];
  let seen = 0;
  let check = () => {};
  store.watch(prefix, {
    ...(afterRevision !== undefined && { afterRevision }),
    signal: stop.signal,
    onEvents: (batch, upTo) => {
      events.push(...batch);
      batches.push({ revisions: batch.map((e) => e.modRevision), upTo });
      seen = upTo;
      check();
    },
    onProgress: (revision) => {
      seen = revision;
      check();
    },
    onError: (e) => {
      errors.push(e);
      check();
    },
  });
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      check = () => condition() && resolve();
      check();
    });
  return {
    events,
    batches,
    errors,
    stop: () => stop.abort(),
    /** The watch has been told of everything up to a revision. */
    reached: (revision: number) => until(() => seen >= revision),
    failed: () => until(() => errors.length > 0),
  };
}

export interface ContractOptions {
  /** Older revisions may be gone after reopening, as after a compaction (default: they are there). */
  readonly mayForgetHistory?: boolean;
}

export function storeContract(name: string, open: () => Promise<OpenedStore>, options: ContractOptions = {}): void {
  const withStore = (title: string, body: (store: Store, opened: OpenedStore) => Promise<void>) =>
    test(title, async () => {
      const opened = await open();
      try {
        await body(opened.store, opened);
      } finally {
        await opened.close();
      }
    });

  describe(`store contract: ${name}`, () => {
    withStore('a key is created, changed and deleted under compare on its mod revision', async (s) => {
      assert.equal(await s.get('/a'), undefined);
      const created = revisionOf(await s.put('/a', b('1'), 0));
      assert.deepEqual(show(await s.get('/a')), { key: '/a', value: '1', created, modified: created });
      const changed = revisionOf(await s.put('/a', b('2'), created));
      assert.equal(changed, created + 1);
      assert.deepEqual(show(await s.get('/a')), { key: '/a', value: '2', created, modified: changed });
      const deleted = revisionOf(await s.delete('/a', changed));
      assert.equal(await s.get('/a'), undefined);
      const again = revisionOf(await s.put('/a', b('3'), 0));
      assert.deepEqual(show(await s.get('/a')), { key: '/a', value: '3', created: again, modified: again });
      assert.ok(deleted < again);
      assert.equal(s.revision, again);
      assert.equal(await s.currentRevision(), again);
    });

    withStore('a write whose expectation fails changes nothing and shows what is there', async (s) => {
      const one = revisionOf(await s.put('/a', b('1'), 0));
      for (const write of [s.put('/a', b('x'), 0), s.put('/a', b('x'), one + 7), s.delete('/a', one + 7)]) {
        const r = await write;
        assert.ok(!r.ok);
        assert.deepEqual(show(r.current), { key: '/a', value: '1', created: one, modified: one });
      }
      for (const write of [s.put('/none', b('x'), one), s.delete('/none', one), s.delete('/none', 0)]) {
        const r = await write;
        assert.ok(!r.ok);
        assert.equal(r.current, undefined);
      }
      assert.equal(await s.currentRevision(), one);
    });

    withStore('writes of one tick are decided in the order they were asked for', async (s) => {
      const first = s.revision + 1;
      const results = await Promise.all([
        s.put('/a', b('1'), 0),
        s.put('/a', b('lost'), 0),
        s.put('/a', b('2'), first),
        s.delete('/a', first + 1),
        s.put('/a', b('3'), 0),
        s.put('/b', b('1'), 0),
      ]);
      assert.deepEqual(
        results.map((r) => r.ok && r.revision),
        [first, false, first + 1, first + 2, first + 3, first + 4],
      );
      assert.equal((await s.get('/a'))?.value.toString(), '3');
    });

    withStore('of many writers of one key exactly one wins', async (s) => {
      const results = await Promise.all(Array.from({ length: 50 }, (_, i) => s.put('/a', b(String(i)), 0)));
      assert.equal(results.filter((r) => r.ok).length, 1);
    });

    withStore('list gives a prefix in byte order, in pages, with what remains', async (s) => {
      // U+FF5E sorts before U+1F600 in UTF-8 and after it in UTF-16.
      const keys = ['/p/a', '/p/a-b', '/p/a/x', '/p/b', '/p/é', '/p/～', '/p/😀'];
      for (const k of ['/q/1', ...keys.toReversed(), '/o', '/p', '/p0']) await s.put(k, b(k), 0);
      const all = await s.list('/p/');
      assert.deepEqual(
        all.items.map((kv) => kv.key),
        keys.toSorted((x, y) => Buffer.compare(b(x), b(y))),
      );
      assert.deepEqual([all.more, all.remaining, all.revision], [false, 0, s.revision]);
      const paged: string[] = [];
      let from: string | undefined;
      for (let left = keys.length; ; ) {
        const page = await s.list('/p/', { limit: 2, revision: all.revision, ...(from !== undefined && { from }) });
        paged.push(...page.items.map((kv) => kv.key));
        left -= page.items.length;
        assert.equal(page.remaining, left);
        assert.equal(page.more, left > 0);
        if (!page.more) break;
        from = `${page.items.at(-1)!.key}\0`;
        await s.put(`/p/new-${left}`, b('later'), 0); // does not show at the revision of the list
      }
      assert.deepEqual(
        paged,
        all.items.map((kv) => kv.key),
      );
    });

    withStore('list at an older revision shows what was there', async (s) => {
      const one = revisionOf(await s.put('/a', b('1'), 0));
      const two = revisionOf(await s.put('/b', b('1'), 0));
      const three = revisionOf(await s.delete('/a', one));
      const four = revisionOf(await s.put('/a', b('2'), 0));
      const at = async (revision: number) =>
        (await s.list('/', { revision })).items.map((kv) => `${kv.key}=${kv.value}@${kv.modRevision}`);
      assert.deepEqual(await at(one), [`/a=1@${one}`]);
      assert.deepEqual(await at(two), [`/a=1@${one}`, `/b=1@${two}`]);
      assert.deepEqual(await at(three), [`/b=1@${two}`]);
      assert.deepEqual(await at(four), [`/a=2@${four}`, `/b=1@${two}`]);
      assert.equal((await s.list('/', { revision: one })).revision, one);
    });

    withStore('a read or watch in the future is refused', async (s) => {
      await assert.rejects(s.list('/', { revision: s.revision + 1 }), FutureRevisionError);
      const w = watching(s, '/', s.revision + 1);
      await w.failed();
      assert.ok(w.errors[0] instanceof FutureRevisionError);
      await assert.rejects(s.compact(s.revision + 1), FutureRevisionError);
    });

    withStore('compaction forgets the past and nothing else', async (s) => {
      const one = revisionOf(await s.put('/a', b('1'), 0));
      const two = revisionOf(await s.put('/a', b('2'), one));
      const three = revisionOf(await s.delete('/a', two));
      const four = revisionOf(await s.put('/b', b('1'), 0));
      await s.compact(two);
      await assert.rejects(s.list('/', { revision: one }), CompactedError);
      assert.equal((await s.list('/', { revision: two })).items[0]?.value.toString(), '2');
      const late = watching(s, '/', one);
      await late.failed();
      assert.ok(late.errors[0] instanceof CompactedError);
      assert.equal(late.errors[0].compactRevision, two);
      const w = watching(s, '/', two);
      await w.reached(four);
      assert.deepEqual(w.events.map(showEvent), [
        { type: 'delete', key: '/a', revision: three, value: undefined, prev: '2' },
        { type: 'put', key: '/b', revision: four, value: '1', prev: undefined },
      ]);
      await s.compact(one); // is so already
      await s.compact(four);
      assert.deepEqual(
        (await s.list('/')).items.map((kv) => kv.key),
        ['/b'],
      );
      w.stop();
    });

    withStore('a watch from a revision gets every later event once, in order, then what comes', async (s) => {
      const one = revisionOf(await s.put('/p/a', b('1'), 0));
      const two = revisionOf(await s.put('/p/a', b('2'), one));
      await s.put('/q', b('other'), 0);
      const w = watching(s, '/p/', one);
      const three = revisionOf(await s.put('/p/b', b('1'), 0));
      const four = revisionOf(await s.delete('/p/a', two));
      await w.reached(four);
      assert.deepEqual(w.events.map(showEvent), [
        { type: 'put', key: '/p/a', revision: two, value: '2', prev: '1' },
        { type: 'put', key: '/p/b', revision: three, value: '1', prev: undefined },
        { type: 'delete', key: '/p/a', revision: four, value: undefined, prev: '2' },
      ]);
      w.stop();
      await s.put('/p/c', b('unseen'), 0);
      assert.equal(w.events.length, 3);
      assert.deepEqual(w.errors, []);
    });

    withStore('a watch without a revision starts now, and hears of progress elsewhere', async (s) => {
      await s.put('/p/a', b('1'), 0);
      const w = watching(s, '/p/');
      const elsewhere = revisionOf(await s.put('/q/a', b('1'), 0));
      await w.reached(elsewhere);
      assert.equal(w.events.length, 0);
      const here = revisionOf(await s.put('/p/b', b('1'), 0));
      await w.reached(here);
      assert.deepEqual(
        w.events.map((e) => e.key),
        ['/p/b'],
      );
      w.stop();
    });

    withStore('watchers hear of a commit before its writers do, with the very buffer that was put', async (s) => {
      const heard = new Map<string, Buffer | undefined>();
      const stop = new AbortController();
      s.watch('/', {
        signal: stop.signal,
        onEvents: (events) => {
          for (const e of events) heard.set(e.key, e.value);
        },
        onError: (e) => assert.fail(e),
      });
      const value = b('1');
      await s.put('/a', value, 0);
      assert.equal(heard.get('/a')?.toString(), '1');
      assert.deepEqual((await s.get('/a'))?.value, value);
      stop.abort();
    });

    withStore('a watcher that throws loses its watch; commit and other watchers go on', async (s) => {
      const errors: string[] = [];
      s.watch('/', {
        signal: new AbortController().signal,
        onEvents: () => {
          throw new Error('mine');
        },
        onError: (e) => errors.push(e.message),
      });
      const w = watching(s, '/');
      await w.reached(revisionOf(await s.put('/a', b('1'), 0)));
      await w.reached(revisionOf(await s.put('/b', b('1'), 0)));
      assert.deepEqual(errors, ['mine']);
      assert.equal(w.events.length, 2);
      w.stop();
    });

    withStore('after close nothing is accepted and watches end', async (s, opened) => {
      const w = watching(s, '/');
      const last = s.put('/a', b('1'), 0);
      await opened.close();
      assert.ok((await last).ok, 'what was asked for before close is committed');
      await w.failed();
      await assert.rejects(s.put('/b', b('1'), 0), /closed/);
    });

    test('what was acknowledged, its revisions and its history are there after reopening', async (t) => {
      let opened = await open();
      try {
        if (!opened.reopen) {
          t.skip('does not outlive its process');
          return;
        }
        const s = opened.store;
        const one = revisionOf(await s.put('/a', b('1'), 0));
        const two = revisionOf(await s.put('/a', b('2'), one));
        const big = Buffer.alloc(3 << 20, 'x');
        await Promise.all([s.put('/big', big, 0), s.put('/empty', b(''), 0), s.put('/gone', b('1'), 0)]);
        await s.delete('/gone', (await s.get('/gone'))!.modRevision);
        const before = (await s.list('/')).items.map(show);
        const revision = s.revision;
        opened = await opened.reopen();
        const r = opened.store;
        assert.equal(r.revision, revision);
        assert.deepEqual((await r.list('/')).items.map(show), before);
        if (!options.mayForgetHistory) {
          assert.equal(show((await r.list('/a', { revision: one })).items[0])?.value, '1');
          const w = watching(r, '/a', one);
          await w.reached(revision);
          assert.deepEqual(w.events.map(showEvent), [{ type: 'put', key: '/a', revision: two, value: '2', prev: '1' }]);
          w.stop();
        }
        assert.equal(revisionOf(await r.put('/b', b('1'), 0)), revision + 1);
        await r.compact(two);
        opened = await opened.reopen!();
        await assert.rejects(opened.store.list('/', { revision: one }), CompactedError);
      } finally {
        await opened.close();
      }
    });

    test('any sequence of operations gives what a simple model gives', async () => {
      const key = fc.constantFrom('/a', '/a/b', '/a/c', '/b', '/b/a');
      const operation = fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({
            op: fc.constant('put' as const),
            key,
            expect: fc.constantFrom('right', 'none', 'wrong'),
          }),
        },
        {
          weight: 3,
          arbitrary: fc.record({ op: fc.constant('delete' as const), key, expect: fc.constantFrom('right', 'wrong') }),
        },
        { weight: 1, arbitrary: fc.record({ op: fc.constant('compact' as const), back: fc.nat(5) }) },
        { weight: 2, arbitrary: fc.record({ op: fc.constant('settle' as const) }) },
        { weight: 1, arbitrary: fc.record({ op: fc.constant('reopen' as const) }) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { maxLength: 40, size: 'max' }), async (operations) => {
          let opened = await open();
          try {
            const start = opened.store.revision;
            const model = new Map<string, { value: string; created: number; modified: number }>();
            /** The state after each revision. */
            const states = [[...model]];
            const expected: { key: string; type: string; revision: number }[] = [];
            let revision = start;
            let compacted = start;
            let w = watching(opened.store, '/', revision);
            const seen: StoreEvent[] = [];
            let pending: Promise<void>[] = [];
            const settle = async () => {
              await Promise.all(pending);
              pending = [];
              await w.reached(revision);
            };
            let n = 0;
            for (const o of operations) {
              if (o.op === 'settle') await settle();
              else if (o.op === 'compact') {
                await settle();
                compacted = Math.max(compacted, revision - o.back);
                await opened.store.compact(Math.max(start, revision - o.back));
              } else if (o.op === 'reopen') {
                if (!opened.reopen) continue;
                await settle();
                w.stop();
                seen.push(...w.events);
                opened = await opened.reopen();
                assert.equal(opened.store.revision, revision);
                if (options.mayForgetHistory)
                  await opened.store.list('/', { revision: compacted }).catch((e: unknown) => {
                    assert.ok(e instanceof CompactedError && e.compactRevision <= revision);
                    compacted = e.compactRevision;
                  });
                w = watching(opened.store, '/', revision);
              } else {
                const has = model.get(o.key);
                const want = o.expect === 'right' ? (has?.modified ?? 0) : o.expect === 'none' ? 0 : revision + 100;
                const ok = want === (has?.modified ?? 0) && (o.op === 'put' || has !== undefined);
                const value = `v${n++}`;
                const write =
                  o.op === 'put' ? opened.store.put(o.key, b(value), want) : opened.store.delete(o.key, want);
                const current = has && { key: o.key, ...has };
                const at = revision + 1;
                pending.push(
                  write.then((r) => {
                    if (ok) assert.deepEqual(r, { ok: true, revision: at });
                    else {
                      assert.ok(!r.ok);
                      assert.deepEqual(show(r.current), current);
                    }
                  }),
                );
                if (!ok) continue;
                revision++;
                expected.push({ key: o.key, type: o.op, revision });
                if (o.op === 'put') model.set(o.key, { value, created: has?.created ?? revision, modified: revision });
                else model.delete(o.key);
                states.push([...model]);
              }
            }
            await settle();
            seen.push(...w.events);
            assert.deepEqual(
              seen.map((e) => ({ key: e.key, type: e.type, revision: e.modRevision })),
              expected,
            );
            for (let r = compacted; r <= revision; r++)
              for (const prefix of ['/', '/a', '/a/'])
                assert.deepEqual(
                  (await opened.store.list(prefix, { revision: r })).items.map(show),
                  states[r - start]!.filter(([k]) => k.startsWith(prefix))
                    .toSorted(([x], [y]) => (x < y ? -1 : 1))
                    .map(([k, v]) => ({ key: k, ...v })),
                );
            const replay = watching(opened.store, '/', compacted);
            await replay.reached(revision);
            assert.deepEqual(
              replay.events.map((e) => e.modRevision),
              expected.map((e) => e.revision).filter((r) => r > compacted),
            );
            replay.stop();
            w.stop();
          } finally {
            await opened.close();
          }
        }),
        { numRuns: 40 },
      );
    });
  });
}
