/** What hangs on what is deleted, as upstream's conformance tests of the garbage collector and of namespaces ask (test/e2e/apimachinery). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ConfigMaps,
  Deployments,
  Namespaces,
  Pods,
  ReplicaSets,
  ReplicationControllers,
  Services,
} from '../../src/api/resources.ts';
import type { AnyRow, KubeObject } from '../../src/api/resource-row.ts';
import type { Pod } from '../../src/api/core/v1/types.ts';
import type { Client } from '../../src/client/index.ts';
import { isNotFound } from '../../src/machinery/status-error.ts';
import { type ControllerLab, startControllerLab } from './controller-lab.ts';

let lab: ControllerLab;
let client: Client;
before(async () => {
  lab = await startControllerLab();
  client = lab.client;
});
after(() => lab.close());

const template = { metadata: { labels: { app: 'gc' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
const controller = (namespace: string, name: string, replicas: number, app = 'gc') => ({
  metadata: { namespace, name },
  spec: { replicas, selector: { app }, template: { ...template, metadata: { labels: { app } } } },
});
const gone = (row: AnyRow, namespace: string | undefined, name: string) =>
  lab.until(`${row.plural} ${name} is gone`, () =>
    client.get(row, { namespace, name }).then(
      () => undefined,
      (e) => isNotFound(e),
    ),
  );
const count = (row: AnyRow, namespace: string, n: number) =>
  lab.until(`${n} ${row.plural} in ${namespace}`, async () => (await lab.items(row, namespace)).length === n);
const owners = (o: KubeObject) => (o.metadata.ownerReferences ?? []).map((r) => r.name);

test('pods go with their replication controller', async () => {
  const namespace = await lab.namespace('gc-background');
  await client.create(ReplicationControllers, controller(namespace, 'rc', 2));
  await count(Pods, namespace, 2);
  await client.delete(ReplicationControllers, { namespace, name: 'rc' }, { propagationPolicy: 'Background' });
  await count(Pods, namespace, 0);
  assert.deepEqual(await lab.items(ReplicationControllers, namespace), []);
});

test('orphaned pods stay, without their owner', async () => {
  const namespace = await lab.namespace('gc-orphan');
  await client.create(ReplicationControllers, controller(namespace, 'rc', 3));
  await count(Pods, namespace, 3);
  await client.delete(ReplicationControllers, { namespace, name: 'rc' }, { propagationPolicy: 'Orphan' });
  await gone(ReplicationControllers, namespace, 'rc');
  const pods = await lab.items<Pod>(Pods, namespace);
  assert.deepEqual(pods.map(owners), [[], [], []]);
  assert.ok(pods.every((p) => !p.metadata.deletionTimestamp));
});

test('a replica set goes with its deployment, or is orphaned', async () => {
  const namespace = await lab.namespace('gc-deployment');
  const deployment = (name: string) => ({
    metadata: { namespace, name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { ...template, metadata: { labels: { app: name } } },
    },
  });
  await client.create(Deployments, deployment('a'));
  await client.create(Deployments, deployment('b'));
  await count(ReplicaSets, namespace, 2);
  await client.delete(Deployments, { namespace, name: 'a' }, { propagationPolicy: 'Background' });
  await count(ReplicaSets, namespace, 1);
  await client.delete(Deployments, { namespace, name: 'b' }, { propagationPolicy: 'Orphan' });
  await gone(Deployments, namespace, 'b');
  const [left] = await lab.items(ReplicaSets, namespace);
  assert.deepEqual(owners(left!), []);
});

test('a foreground delete waits for the pods; those with another owner stay with it', async () => {
  const namespace = await lab.namespace('gc-foreground');
  const first = await client.create(ReplicationControllers, controller(namespace, 'leaves', 4));
  const second = await client.create(ReplicationControllers, controller(namespace, 'stays', 0, 'other'));
  await count(Pods, namespace, 4);
  const pods = await lab.items<Pod>(Pods, namespace);
  for (const p of pods.slice(0, 2))
    await client.patch(Pods, { namespace, name: p.metadata.name! }, 'application/strategic-merge-patch+json', {
      metadata: {
        ownerReferences: [{ apiVersion: 'v1', kind: 'ReplicationController', name: 'stays', uid: second.metadata.uid }],
      },
    });
  await client.delete(
    ReplicationControllers,
    { namespace, name: 'leaves' },
    { propagationPolicy: 'Foreground', preconditions: { uid: first.metadata.uid! } },
  );
  await gone(ReplicationControllers, namespace, 'leaves');
  const left = await lab.items<Pod>(Pods, namespace);
  assert.deepEqual(
    left.map((p) => p.metadata.name).sort(),
    pods
      .slice(0, 2)
      .map((p) => p.metadata.name)
      .sort(),
  );
  assert.deepEqual(left.map(owners), [['stays'], ['stays']]);
  assert.ok(left.every((p) => !p.metadata.deletionTimestamp));
});

test('a circle of owners does not hold its members', async () => {
  const namespace = await lab.namespace('gc-circle');
  const pods: Pod[] = [];
  for (const name of ['p1', 'p2', 'p3'])
    pods.push((await client.create(Pods, { metadata: { namespace, name }, spec: template.spec })) as Pod);
  for (const [i, p] of pods.entries()) {
    const owner = pods[(i + 2) % 3]!.metadata;
    await client.patch(Pods, { namespace, name: p.metadata.name! }, 'application/strategic-merge-patch+json', {
      metadata: {
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'Pod',
            name: owner.name,
            uid: owner.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
    });
  }
  await client.delete(Pods, { namespace, name: 'p1' }, { propagationPolicy: 'Foreground' });
  await count(Pods, namespace, 0);
});

test('all that is in a namespace goes with it, and a new one of the name is empty', async () => {
  const namespace = await lab.namespace('nsdelete');
  await client.create(Pods, { metadata: { namespace, name: 'p' }, spec: template.spec });
  await client.create(Services, { metadata: { namespace, name: 's' }, spec: { ports: [{ port: 80 }] } });
  await client.create(ConfigMaps, { metadata: { namespace, name: 'm' } });
  await client.delete(Namespaces, { name: namespace });
  await gone(Namespaces, undefined, namespace);
  await lab.namespace('nsdelete');
  assert.deepEqual(await lab.items(Pods, namespace), []);
  assert.deepEqual(await lab.items(Services, namespace), []);
});
