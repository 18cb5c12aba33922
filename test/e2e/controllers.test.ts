/**
 * The controllers on a real API server in this process, on the memory store: a Deployment becomes pods, is scaled, rolled and
 * deleted with all that hangs on it; a Service gets its slices; a namespace empties.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AnyRow, KubeObject } from '../../src/api/resource-row.ts';
import {
  ConfigMaps,
  Deployments,
  EndpointSlices,
  Endpoints,
  Namespaces,
  Pods,
  ReplicaSets,
  resources,
  ServiceAccounts,
  Services,
} from '../../src/api/resources.ts';
import type { Deployment, ReplicaSet } from '../../src/api/apps/v1/types.ts';
import type { Pod } from '../../src/api/core/v1/types.ts';
import type { Client } from '../../src/client/index.ts';
import { type ControllerLab, startControllerLab } from './controller-lab.ts';

let lab: ControllerLab;
let client: Client;
before(async () => {
  lab = await startControllerLab();
  client = lab.client;
});
after(() => lab.close());

const until: ControllerLab['until'] = (what, look, ms) => lab.until(what, look, ms);
const items = <T extends KubeObject>(row: AnyRow, namespace: string): Promise<readonly T[]> =>
  lab.items<T>(row, namespace);
const web = (namespace: string, image: string, replicas: number) => ({
  metadata: { namespace, name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image, ports: [{ name: 'http', containerPort: 8080 }] }] },
    },
  },
});
const settled = (namespace: string, replicas: number) =>
  until(`${namespace}/web has ${replicas} updated and available replicas`, async () => {
    const d: Deployment = await client.get(Deployments, { namespace, name: 'web' });
    const s = d.status;
    return (
      s.observedGeneration === d.metadata.generation &&
      (s.replicas ?? 0) === replicas &&
      (s.updatedReplicas ?? 0) === replicas &&
      (s.availableReplicas ?? 0) === replicas &&
      d
    );
  });

test('a namespace gets its service account and the root CA', async () => {
  await until('service account', () =>
    client.get(ServiceAccounts, { namespace: 'default', name: 'default' }).catch(() => undefined),
  );
  const ca = await until('root CA', () =>
    client.get(ConfigMaps, { namespace: 'default', name: 'kube-root-ca.crt' }).catch(() => undefined),
  );
  assert.deepEqual(ca.data, { 'ca.crt': 'the CA' });
});

test('a Deployment becomes a ReplicaSet and pods, is scaled, rolls to a new template and is deleted with them', async () => {
  const namespace = 'default';
  await until('service account', () =>
    client.get(ServiceAccounts, { namespace, name: 'default' }).catch(() => undefined),
  );
  await client.create(Deployments, web(namespace, 'one', 3));
  const first = await settled(namespace, 3);
  assert.equal(first.metadata.annotations?.['deployment.kubernetes.io/revision'], '1');
  const condition = (d: Deployment, type: string) => d.status.conditions?.find((c) => c.type === type);
  assert.equal(condition(first, 'Available')?.reason, 'MinimumReplicasAvailable');
  assert.equal((await items(Pods, namespace)).length, 3);

  const scaled: Deployment = await client.get(Deployments, { namespace, name: 'web' });
  await client.patch(Deployments, { namespace, name: 'web' }, 'application/merge-patch+json', {
    spec: { replicas: 5 },
  });
  await settled(namespace, 5);
  assert.equal((await items(Pods, namespace)).length, 5);
  assert.ok(scaled.metadata.uid);

  await client.update(Deployments, {
    ...(await client.get(Deployments, { namespace, name: 'web' })),
    ...{
      spec: {
        ...(await client.get(Deployments, { namespace, name: 'web' })).spec,
        template: web('', 'two', 0).spec.template as never,
      },
    },
  });
  const second = await settled(namespace, 5);
  assert.equal(second.metadata.annotations?.['deployment.kubernetes.io/revision'], '2');
  await until('the rollout is reported complete', async () => {
    const d: Deployment = await client.get(Deployments, { namespace, name: 'web' });
    return condition(d, 'Progressing')?.reason === 'NewReplicaSetAvailable';
  });
  const sets = await items<ReplicaSet>(ReplicaSets, namespace);
  assert.deepEqual(sets.map((s) => s.spec.replicas).sort(), [0, 5]);
  const images = (await items<Pod>(Pods, namespace)).map((p) => p.spec.containers[0]?.image);
  assert.deepEqual(images, ['two', 'two', 'two', 'two', 'two']);

  await client.delete(Deployments, { namespace, name: 'web' });
  await until(
    'sets and pods are collected',
    async () => (await items(ReplicaSets, namespace)).length + (await items(Pods, namespace)).length === 0,
  );
});

test('a foreground delete keeps the Deployment until its pods are gone; orphaned sets stay', async () => {
  const namespace = 'foreground';
  await client.create(Namespaces, { metadata: { name: namespace } });
  await until('service account', () =>
    client.get(ServiceAccounts, { namespace, name: 'default' }).catch(() => undefined),
  );
  await client.create(Deployments, web(namespace, 'one', 2));
  await settled(namespace, 2);
  await client.delete(Deployments, { namespace, name: 'web' }, { propagationPolicy: 'Foreground' });
  await until('the Deployment is gone', async () => (await items(Deployments, namespace)).length === 0);
  assert.equal((await items(Pods, namespace)).length, 0);
  assert.equal((await items(ReplicaSets, namespace)).length, 0);

  await client.create(Deployments, web(namespace, 'one', 2));
  await settled(namespace, 2);
  await client.delete(Deployments, { namespace, name: 'web' }, { propagationPolicy: 'Orphan' });
  await until('the Deployment is gone', async () => (await items(Deployments, namespace)).length === 0);
  const sets = await items<ReplicaSet>(ReplicaSets, namespace);
  assert.equal(sets.length, 1);
  assert.deepEqual(sets[0]?.metadata.ownerReferences ?? [], []);
  assert.equal((await items(Pods, namespace)).length, 2);
});

test('a service gets a slice and an Endpoints object with the ready pods, and both go with it; the namespace empties', async () => {
  const namespace = 'served';
  await client.create(Namespaces, { metadata: { name: namespace } });
  await until('service account', () =>
    client.get(ServiceAccounts, { namespace, name: 'default' }).catch(() => undefined),
  );
  await client.create(Deployments, web(namespace, 'one', 2));
  await client.create(Services, {
    metadata: { namespace, name: 'web' },
    spec: { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
  });
  const slice = await until('the slice shows both pods as ready', async () => {
    const all = await items<import('../../src/api/discovery/v1/types.ts').EndpointSlice>(EndpointSlices, namespace);
    const full = all.filter(
      (s) => s.addressType === 'IPv4' && s.endpoints?.filter((e) => e.conditions.ready).length === 2,
    );
    return full.length === 1 && full[0];
  });
  assert.equal(slice.ports?.[0]?.port, 8080);
  assert.equal(slice.metadata.labels?.['kubernetes.io/service-name'], 'web');
  await until('Endpoints', async () => {
    const e = await client.get(Endpoints, { namespace, name: 'web' }).catch(() => undefined);
    return e?.subsets?.[0]?.addresses?.length === 2;
  });

  await client.delete(Services, { namespace, name: 'web' });
  await until(
    'slices and Endpoints are gone',
    async () => (await items(EndpointSlices, namespace)).length + (await items(Endpoints, namespace)).length === 0,
  );

  await client.delete(Namespaces, { name: namespace });
  await until('the namespace is gone', () =>
    client.get(Namespaces, { name: namespace }).then(
      () => false,
      () => true,
    ),
  );
  for (const row of resources.filter((r) => r.namespaced && !r.virtual && r.verbs.includes('list')))
    assert.deepEqual(await items(row, namespace), [], row.plural);
});
