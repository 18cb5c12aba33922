/** The parts of the store's benchmark, each run in a process of its own: `node store-parts.ts PART DIR` prints figures as one JSON object. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Pods } from '../../src/api/core/v1/resources.ts';
import type { KubeObject } from '../../src/api/resource-row.ts';
import { createCache, frameOf } from '../../src/apiserver/cache/index.ts';
import { realClock } from '../../src/base/clock.ts';
import { silent } from '../../src/base/log.ts';
import { createMemoryStore, openDiskStore } from '../../src/storage/index.ts';
import type { Store } from '../../src/storage/index.ts';
import { timed } from './benchmark.ts';

type Figures = Record<string, number>;

const seconds = 3;
const writers = 64;
const pods = 100_000;
const watchers = 1000;
const stop = new AbortController();
const openDisk = (dir: string) => openDiskStore({ dir, clock: realClock, log: silent });
const cacheOver = (store: Store) =>
  createCache({ row: Pods, store, prefix: '/registry/', clock: realClock, log: silent, signal: stop.signal });
const pod = (i: number): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${i}`, namespace: `ns-${i % 100}`, labels: { app: `app-${i % 500}` } },
    spec: { padding: 'x'.repeat(1800) },
  }) as KubeObject;

/** 64 writers of 2 KB values, one after the other each. */
async function puts(name: string, store: Store): Promise<Figures> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  let done = 0;
  const elapsed = await timed(async () => {
    const start = performance.now();
    await Promise.all(
      Array.from({ length: writers }, async (_, w) => {
        for (let i = 0; performance.now() - start < seconds * 1000; i++, done++)
          await store.put(`/registry/pods/ns-${w}/pod-${i}`, Buffer.allocUnsafeSlow(2048).fill(65), 0);
      }),
    );
  });
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  return {
    [`${name}-puts`]: done / elapsed,
    [`${name}-cpu-per-put`]: (user + system) / done,
    [`${name}-loop-delay-p99`]: delay.percentile(99) / 1e6,
  };
}

async function fill(disk: Store): Promise<Figures> {
  const cache = cacheOver(disk);
  await cache.ready();
  const elapsed = await timed(() =>
    Promise.all(
      Array.from({ length: pods }, (_, i) =>
        disk.put(`/registry/pods/ns-${i % 100}/pod-${i}`, cache.encode(pod(i)), 0),
      ),
    ),
  );
  return { 'fill-puts': pods / elapsed };
}

async function fanOut(disk: Store, cache: ReturnType<typeof cacheOver>): Promise<number> {
  let frames = 0;
  for (let i = 0; i < watchers; i++)
    cache.watch({
      afterRevision: cache.revision,
      signal: stop.signal,
      onEvents: (events) => {
        for (const e of events) frames += frameOf(e).length > 0 ? 1 : 0;
      },
      onError: (e) => {
        throw e;
      },
    });
  const writes = 1000;
  const elapsed = await timed(async () => {
    await Promise.all(
      Array.from({ length: writes }, (_, i) => disk.put(`/registry/pods/new/p${i}`, cache.encode(pod(i)), 0)),
    );
    while (frames < writes * watchers) await new Promise((resolve) => setImmediate(resolve));
  });
  return (writes * watchers) / elapsed;
}

/** What opening, listing and fan-out cost with 100,000 pods. */
async function read(dir: string): Promise<[Store, Figures]> {
  let disk!: Store;
  const open = await timed(async () => (disk = await openDisk(dir)));
  const cache = cacheOver(disk);
  const ready = await timed(() => cache.ready());
  const select = () => timed(() => [...cache.range()].filter((e) => e.labels['app'] === 'app-7').length);
  const first = await select();
  const second = await select();
  const out = Buffer.allocUnsafe(1 << 20);
  let bytes = 0;
  const copy = await timed(() => {
    for (const e of cache.range()) bytes += e.copyTo(out, 0);
  });
  const delivered = await fanOut(disk, cache);
  const figures = {
    'open-100k': open * 1000,
    'cache-ready-100k': ready * 1000,
    'select-first-100k': first * 1000,
    'select-again-100k': second * 1000,
    'copy-as-served': bytes / 1e6 / copy,
    'fan-out-1000-watchers': delivered,
    'resident-100k': process.memoryUsage().rss / 2 ** 20,
  };
  return [disk, figures];
}

async function part(name: string, dir: string): Promise<[Store, Figures]> {
  if (name === 'read') return read(dir);
  const store = name === 'memory' ? createMemoryStore() : await openDisk(dir);
  return [store, name === 'fill' ? await fill(store) : await puts(name, store)];
}

const [store, figures] = await part(process.argv[2]!, process.argv[3]!);
stop.abort();
await store.close();
process.stdout.write(JSON.stringify(figures));
