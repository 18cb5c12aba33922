/**
 * Durable puts per second of each store with 64 writers of 2 KB values, what a put costs in CPU, and how long the event loop is held;
 * then what opening, listing and fan-out cost. `node bench/store.ts [memory|disk|fill|cache]`: each part in a process of its own.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { resource } from '../src/api/resource-row.ts';
import type { KubeObject } from '../src/api/resource-row.ts';
import { Pod } from '../src/api/core/v1/types.ts';
import { createCache, frameOf } from '../src/apiserver/cache/index.ts';
import { realClock } from '../src/base/clock.ts';
import { silent } from '../src/base/log.ts';
import { createMemoryStore, openDiskStore } from '../src/storage/index.ts';
import type { Store } from '../src/storage/index.ts';

const parts = ['memory', 'disk', 'fill', 'cache'] as const;
const seconds = 3;
const writers = 64;
const [part, given] = process.argv.slice(2);
const dir = given ?? fs.mkdtempSync(path.join(os.tmpdir(), 'k8ts-bench-'));
const openDisk = () => openDiskStore({ dir, clock: realClock, log: silent });

async function puts(name: string, store: Store): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  const start = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: writers }, async (_, w) => {
      for (let i = 0; performance.now() - start < seconds * 1000; i++, done++)
        await store.put(`/registry/pods/ns-${w}/pod-${i}`, Buffer.allocUnsafeSlow(2048).fill(65), 0);
    }),
  );
  const elapsed = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  console.log(
    `${name}: ${Math.round(done / elapsed)} puts/s, ${((user + system) / done).toFixed(1)} µs CPU/put, ` +
      `loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, max ${(delay.max / 1e6).toFixed(1)} ms`,
  );
}

const timed = async <T>(name: string, fn: () => Promise<T> | T): Promise<T> => {
  const start = performance.now();
  const result = await fn();
  console.log(`${name}: ${(performance.now() - start).toFixed(1)} ms`);
  return result;
};

const stop = new AbortController();
const row = resource({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, schema: Pod });
const cacheOver = (store: Store) =>
  createCache({ row, store, prefix: '/registry/', clock: realClock, log: silent, signal: stop.signal });
const pod = (i: number): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${i}`, namespace: `ns-${i % 100}`, labels: { app: `app-${i % 500}` } },
    spec: { padding: 'x'.repeat(1800) },
  }) as KubeObject;
const n = 100_000;

async function fill(): Promise<void> {
  const disk = await openDisk();
  const cache = cacheOver(disk);
  await cache.ready();
  await timed(`encode and put ${n} pods, all at once`, () =>
    Promise.all(
      Array.from({ length: n }, (_, i) => disk.put(`/registry/pods/ns-${i % 100}/pod-${i}`, cache.encode(pod(i)), 0)),
    ),
  );
  stop.abort();
  await disk.close();
}

async function read(): Promise<void> {
  const disk = await timed(`open ${n} keys`, openDisk);
  const cache = cacheOver(disk);
  await timed('cache ready', () => cache.ready());
  await timed('range of all', () => [...cache.range()].length);
  await timed('range of one namespace', () => [...cache.range('ns-7')].length);
  for (const pass of ['first', 'second'])
    await timed(`label selector over all, ${pass}`, () => {
      let found = 0;
      for (const e of cache.range()) if (e.labels['app'] === 'app-7') found++;
      return found;
    });
  const out = Buffer.allocUnsafe(1 << 20);
  await timed('copy all as served', () => {
    let bytes = 0;
    for (const e of cache.range()) bytes += e.copyTo(out, 0);
    return bytes;
  });
  let frames = 0;
  for (let i = 0; i < 1000; i++)
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
  await timed('1000 writes to 1000 watchers', async () => {
    await Promise.all(
      Array.from({ length: 1000 }, (_, i) => disk.put(`/registry/pods/new/p${i}`, cache.encode(pod(i)), 0)),
    );
    while (frames < 1_000_000) await new Promise((resolve) => setImmediate(resolve));
  });
  console.log(`resident: ${process.memoryUsage().rss >> 20} MiB`);
  stop.abort();
  await disk.close();
}

async function measure(name: string, store: Store): Promise<void> {
  await puts(name, store);
  await store.close();
}

try {
  if (part === undefined) {
    for (const p of parts) {
      const at = p === 'fill' || p === 'cache' ? `${dir}/filled` : `${dir}/${p}`;
      spawnSync(process.execPath, [import.meta.filename, p, at], { stdio: 'inherit' });
    }
  } else if (part === 'memory') await measure('memory', createMemoryStore());
  else if (part === 'disk') await measure('disk', await openDisk());
  else if (part === 'fill') await fill();
  else if (part === 'cache') await read();
  else throw new Error(`no such part: ${part}; there are ${parts.join(', ')}`);
} finally {
  if (given === undefined) fs.rmSync(dir, { recursive: true, force: true });
}
