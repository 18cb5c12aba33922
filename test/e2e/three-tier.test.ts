import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, must, newCluster, root, run, skip } from './cluster.ts';

const example = join(root, 'examples/three-tier');
const ns = ['-n', 'three-tier'];
const c = newCluster();

before(async () => {
  if (skip) return;
  await c.up();
  await must(
    'images.sh',
    run('/bin/sh', [join(example, 'images.sh'), process.env['K8TS_IMAGE_CACHE'] ?? join(example, 'images')], {
      env: { K8TS_DATA_DIR: c.dataDir },
      timeoutMs: 400_000,
    }),
  );
});
after(async () => {
  if (skip) return;
  await c.destroy();
  await run('rm', ['-rf', '/var/lib/k8ts-three-tier']);
});

interface Answer {
  readonly version: string;
  readonly pod: string;
  readonly items?: readonly { readonly id: number; readonly name: string }[];
}
let front = '';
async function ask(path: string, init?: RequestInit): Promise<Answer> {
  const r = await fetch(`${front}${path}`, { ...init, signal: AbortSignal.timeout(10_000) });
  if (!r.ok) throw new Error(`${path} answered ${r.status}: ${await r.text()}`);
  return (await r.json()) as Answer;
}
const names = (a: Answer) => a.items?.map((i) => i.name) ?? [];

test('three tiers, with upstream kubectl', { skip, timeout: 500_000 }, async (t) => {
  await t.test('comes up: the front answers with rows of the database', async () => {
    await c.kubectl('apply', '-f', join(example, 'application.yaml'));
    for (const d of ['db', 'app', 'front'])
      await c.kubectl('rollout', 'status', `deployment/${d}`, ...ns, '--timeout=120s');
    const address = await c.kubectl(
      'get',
      'nodes',
      '-o',
      'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}',
    );
    front = `http://${address}:30080`;
    assert.deepEqual(names(await eventually('rows through the NodePort', 20, () => ask('/items'))), ['first']);
    assert.equal((await c.kubectl('get', 'pvc', 'db', ...ns, '-o', 'jsonpath={.status.phase}')).trim(), 'Bound');
  });

  await t.test('scales, and the pods share the work', async () => {
    await c.kubectl('scale', 'deployment/app', '--replicas=4', ...ns);
    await c.kubectl('rollout', 'status', 'deployment/app', ...ns, '--timeout=60s');
    const seen = new Set<string>();
    await eventually('answers from four pods', 20, async () => {
      seen.add((await ask('/')).pod);
      return seen.size === 4;
    });
  });

  await t.test('rolls to a new version and back without a failed request', async () => {
    const versions = new Set<string>();
    const failures: string[] = [];
    let asked = 0;
    let stop = false;
    const load = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!stop) {
          asked++;
          await ask('/items').then(
            (a) => versions.add(a.version),
            (e: Error) => failures.push(e.message),
          );
        }
      }),
    );
    await c.kubectl('set', 'env', 'deployment/app', 'APP_VERSION=2', ...ns);
    await c.kubectl('rollout', 'status', 'deployment/app', ...ns, '--timeout=120s');
    await eventually('only version 2 answers', 20, async () => (await ask('/')).version === '2');
    assert.match(await c.kubectl('rollout', 'history', 'deployment/app', ...ns), /^1\s[\s\S]*^2\s/m);
    await c.kubectl('rollout', 'undo', 'deployment/app', ...ns);
    await c.kubectl('rollout', 'status', 'deployment/app', ...ns, '--timeout=120s');
    await eventually('version 1 is back', 20, async () => (await ask('/')).version === '1');
    stop = true;
    await load;
    assert.equal(failures.length, 0, `${failures.length} of ${asked} requests failed: ${failures[0]}`);
    assert.ok(asked > 100 && versions.size === 2);
  });

  await t.test('a database pod that is killed finds its data again', async () => {
    await ask('/items', { method: 'POST', body: 'second' });
    const old = await c.kubectl('get', 'pods', ...ns, '-l', 'tier=db', '-o', 'jsonpath={.items[0].metadata.name}');
    await c.kubectl('delete', 'pod', old, ...ns, '--grace-period=0', '--force');
    await eventually('another database pod', 60, async () => {
      const now = await c.kubectl(
        'get',
        'pods',
        ...ns,
        '-l',
        'tier=db',
        '-o',
        'jsonpath={.items[0].metadata.name} {.items[0].status.containerStatuses[0].ready}',
      );
      return !now.startsWith(old) && now.endsWith('true');
    });
    assert.deepEqual(names(await eventually('both rows', 30, () => ask('/items'))), ['first', 'second']);
  });

  await t.test('logs, exec and events tell what happened', async () => {
    assert.equal((await c.kubectl('exec', 'deployment/db', ...ns, '--', 'hostname')).trim().startsWith('db-'), true);
    assert.match(await c.kubectl('logs', 'deployment/db', ...ns), /ready for connections/);
    assert.match(
      await c.kubectl('get', 'events', ...ns),
      /ScalingReplicaSet[\s\S]*SuccessfulCreate|SuccessfulCreate[\s\S]*ScalingReplicaSet/,
    );
  });

  await t.test('the namespace goes, and everything in it', async () => {
    await c.kubectl('delete', 'namespace', 'three-tier', '--timeout=90s');
    assert.match((await c.tryKubectl(['get', 'all', ...ns])).stderr, /No resources found/);
    await eventually(
      'no container is left',
      20,
      async () => !(await c.kubectl('get', 'pods', '-A')).includes('three-tier'),
    );
    await c.kubectl('delete', 'pv', 'three-tier-db');
  });
});
