import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeContract } from '../../test/contracts/store.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { silent } from '../base/log.ts';
import { CompactedError, createMemoryStore, startCompaction } from './index.ts';

storeContract('memory', async () => {
  const store = createMemoryStore();
  return { store, close: () => store.close() };
});

test('the buffer that was put is the one that is served', async () => {
  const store = createMemoryStore();
  const value = Buffer.from('1');
  await store.put('/a', value, 0);
  assert.equal((await store.get('/a'))?.value, value);
  await store.close();
});

test('a key with a time to live goes by itself, unless it was written again', async () => {
  const clock = new FakeClock();
  const store = createMemoryStore({ clock });
  const put = async (key: string, expected: number, ttlSeconds?: number) => {
    const result = store.put(key, Buffer.from('1'), expected, ttlSeconds === undefined ? {} : { ttlSeconds });
    await clock.advance(0);
    return (await result).revision;
  };
  await put('/short', 0, 10);
  await put('/long', 0, 60);
  const kept = await put('/kept', 0, 10);
  await put('/kept', kept);
  await put('/later', 0, 20);
  await clock.advance(9_000);
  assert.equal((await store.list('/')).items.length, 4);
  await clock.advance(2_000);
  assert.deepEqual(
    (await store.list('/')).items.map((kv) => kv.key),
    ['/kept', '/later', '/long'],
  );
  await clock.advance(60_000);
  assert.deepEqual(
    (await store.list('/')).items.map((kv) => kv.key),
    ['/kept'],
  );
  await store.close();
  assert.equal(clock.pending, 0);
});

test('history is bounded by bytes even when nobody compacts', async () => {
  const store = createMemoryStore({ maxHistoryBytes: 10_000 });
  let revision = 0;
  const first = (await store.put('/a', Buffer.alloc(1000), 0)).revision;
  revision = first;
  for (let i = 0; i < 50; i++) revision = (await store.put('/a', Buffer.alloc(1000), revision)).revision;
  await assert.rejects(store.list('/', { revision: first }), CompactedError);
  assert.equal((await store.list('/', { revision: revision - 5 })).items.length, 1);
  await store.close();
});

test('compaction keeps what happened since the interval before', async () => {
  const clock = new FakeClock();
  const store = createMemoryStore({ clock });
  const stop = new AbortController();
  const running = startCompaction(store, { clock, signal: stop.signal, log: silent, intervalMs: 300_000 });
  const first = (await store.put('/a', Buffer.from('1'), 0)).revision;
  await clock.advance(300_000); // notes `first`
  const second = (await store.put('/a', Buffer.from('2'), first)).revision;
  await store.put('/a', Buffer.from('3'), second);
  assert.equal((await store.list('/', { revision: first })).items.length, 1);
  await clock.advance(300_000); // compacts to `first`
  assert.equal((await store.list('/', { revision: first })).items.length, 1);
  await clock.advance(300_000);
  await assert.rejects(store.list('/', { revision: first }), CompactedError);
  assert.equal((await store.list('/')).items.length, 1);
  stop.abort();
  await running.stopped;
  await store.close();
});
