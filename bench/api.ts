/**
 * The API server under load, beside the least a Node server can do that answers the same bytes (rig/bare-server.ts). Both are driven in
 * turn, three rounds each, and the best round counts. BENCH_PROFILE=DIR leaves CPU profiles; `node bench/rig/profile-top.ts FILE` reads them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { load, type Measured, type Row, rows } from './rig/api-load.ts';
import {
  type ApiTarget,
  freePort,
  peakMemoryOf,
  startApi,
  startServer,
  stopServer,
  type Target,
} from './rig/api-target.ts';
import { benchmark, main } from './rig/benchmark.ts';
import type { FigureRow } from './rig/figure-line.ts';

const rounds = 3;
const names = Object.keys(rows) as Row[];

async function post(target: Target, path: string, body: string | Buffer): Promise<void> {
  const dispatcher = new Agent({ connect: { ca: target.ca } });
  const headers = { ...target.headers, 'content-type': 'application/json' };
  const r = await request(target.url + path, { method: 'POST', headers, body, dispatcher });
  const text = await r.body.text();
  await dispatcher.destroy();
  if (r.statusCode >= 300) throw new Error(`POST ${path}: ${r.statusCode} ${text}`);
}

async function newNamespace(api: Target, name: string): Promise<void> {
  await post(api, '/api/v1/namespaces', JSON.stringify({ metadata: { name } }));
  await post(api, `/api/v1/namespaces/${name}/serviceaccounts`, JSON.stringify({ metadata: { name: 'default' } }));
}

async function startBare(api: ApiTarget, dir: string): Promise<Target> {
  const port = await freePort();
  const child = await startServer(new URL('./rig/bare-server.ts', import.meta.url), [
    api.pki,
    String(port),
    join(dir, 'log'),
  ]);
  return {
    url: `https://127.0.0.1:${port}`,
    ca: api.ca,
    headers: {},
    peakMemory: () => peakMemoryOf(child.pid),
    close: () => stopServer(child),
  };
}

const better = (a: Measured | undefined, b: Measured): Measured =>
  a ? (Object.fromEntries(names.map((n) => [n, Math.max(a[n], b[n])])) as Record<Row, number>) : b;

const more = (unit: string, bar?: number): FigureRow => ({ unit, better: 'more', ...(bar !== undefined && { bar }) });

type Figure = Row | `${Row}-of-bare` | 'peak-memory';

/** Never under half of what a bare Node server does: DESIGN.md. */
const figures = {
  ...Object.fromEntries(
    names.flatMap((n) => [
      [n, more(rows[n])],
      [`${n}-of-bare`, more('×bare', 0.5)],
    ]),
  ),
  // A third of the 1,076 MB that upstream's API server and etcd have at their peak under this kind of load.
  'peak-memory': { unit: 'MiB', better: 'less', bar: 342 },
} as Record<Figure, FigureRow>;

export const bench = benchmark({
  summary: 'The API server on the disk store over TLS, token and RBAC on, beside a bare Node server.',
  figures,
  async run(say) {
    const dir = mkdtempSync(join(tmpdir(), 'k8ts-bench-'));
    const api = await startApi();
    let bare: Target | undefined;
    try {
      bare = await startBare(api, dir);
      let ours: Measured | undefined;
      let theirs: Measured | undefined;
      for (let round = 0; round < rounds; round++) {
        const namespace = `bench-${round}`;
        await newNamespace(api, namespace);
        const { measured, pod } = await load(api, namespace);
        ours = better(ours, measured);
        await post(bare, '/template', pod);
        theirs = better(theirs, (await load(bare, namespace)).measured);
      }
      for (const n of names) {
        say(n, ours![n]);
        say(`${n}-of-bare`, ours![n] / theirs![n]);
      }
      say('peak-memory', api.peakMemory());
    } finally {
      await bare?.close();
      await api.close();
      rmSync(dir, { recursive: true, force: true });
    }
  },
});

if (import.meta.main) await main(import.meta.filename, bench);
