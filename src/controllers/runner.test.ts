import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigMaps, Pods } from '../api/core/v1/resources.ts';
import type { AnyRow, KubeObject } from '../api/resource-row.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { createLogger } from '../base/log.ts';
import { type Client, createInformer, type InformerFactory } from '../client/index.ts';
import { conflict } from '../machinery/index.ts';
import type { ControllerRow } from './controller.ts';
import { runControllers } from './runner.ts';

const pod = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'a', name, uid: name },
});

function lab() {
  const clock = new FakeClock();
  const stores = new Map<AnyRow, ReturnType<typeof createInformer<KubeObject>>>();
  const store = (row: AnyRow) => {
    const found = stores.get(row) ?? createInformer<KubeObject>(row, (e) => assert.fail(String(e)));
    stores.set(row, found);
    return found;
  };
  const lines: string[] = [];
  const stop = new AbortController();
  const options = {
    client: {} as Client,
    informers: { informer: store, start() {}, synced: async () => {} } as unknown as InformerFactory,
    recorderFor: () => ({ event() {} }),
    clock,
    log: createLogger({ write: (l) => void lines.push(l) }),
    random: () => 0,
    rootCa: '',
  };
  return { clock, store, lines, stop, options };
}

const row = (reconcile: (key: string) => Promise<void>, name = 'test-controller'): ControllerRow => ({
  name,
  workers: 2,
  setup(c) {
    c.informer(Pods).addHandler({ onAdd: (p) => c.queue.add(p.metadata.name ?? '') });
    return { reconcile };
  },
});

test('workers begin when the informers have synced, and end with the signal', async () => {
  const l = lab();
  const seen: string[] = [];
  const running = runControllers([row(async (k) => void seen.push(k))], l.options, l.stop.signal);
  await l.clock.advance(1000);
  assert.deepEqual(seen, []);
  l.store(Pods).replace([pod('x'), pod('y')], '1');
  await l.clock.advance(0);
  assert.deepEqual(seen.sort(), ['x', 'y']);
  l.stop.abort();
  await running.stopped;
  assert.equal(l.clock.pending, 0);
});

test('a controller whose informers never sync stops all the same', async () => {
  const l = lab();
  const running = runControllers([row(async () => {})], l.options, l.stop.signal);
  l.stop.abort();
  await running.stopped;
});

test('a key that fails comes again, later each time; conflicts are not logged, other errors are', async () => {
  const l = lab();
  const at: number[] = [];
  const errors = [conflict({ group: '', resource: 'pods' }, 'x', 'late'), new Error('broken'), undefined];
  const running = runControllers(
    [
      row(async () => {
        at.push(l.clock.now());
        const e = errors.shift();
        if (e) throw e;
      }),
    ],
    l.options,
    l.stop.signal,
  );
  l.store(Pods).replace([pod('x')], '1');
  await l.clock.advance(10_000);
  assert.equal(at.length, 3);
  assert.ok(at[2]! - at[1]! > at[1]! - at[0]!);
  assert.equal(l.lines.filter((x) => x.includes('broken')).length, 1);
  assert.equal(l.lines.filter((x) => x.includes('late')).length, 0);
  l.stop.abort();
  await running.stopped;
});

test('only the named controllers run, and each knows what others read', async () => {
  const l = lab();
  const shared: boolean[] = [];
  const asks = (name: string): ControllerRow => ({
    name,
    setup(c) {
      shared.push(c.isShared(Pods), c.isShared(ConfigMaps));
      return { reconcile: async () => {} };
    },
  });
  const rows = [row(async () => {}, 'first'), row(async () => assert.fail('not asked for'), 'second'), asks('third')];
  const running = runControllers(rows, { ...l.options, only: ['first', 'third'] }, l.stop.signal);
  assert.deepEqual(shared, [true, false]);
  l.store(Pods).replace([pod('x')], '1');
  await l.clock.advance(0);
  l.stop.abort();
  await running.stopped;
});
