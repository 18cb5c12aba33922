/**
 * What upstream's end-to-end tests ask of ReplicaSets, ReplicationControllers, Deployments, Endpoints, the garbage collector and
 * namespaces (test/e2e/apps, apimachinery, network), on a control plane in this process.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ConfigMaps,
  Deployments,
  Endpoints,
  EndpointSlices,
  Namespaces,
  PodDisruptionBudgets,
  Pods,
  ReplicaSets,
  ReplicationControllers,
  ServiceAccounts,
  Services,
} from '../../src/api/resources.ts';
import type { Deployment, ReplicaSet } from '../../src/api/apps/v1/types.ts';
import type {
  ConfigMap,
  Endpoints as EndpointsObject,
  Namespace,
  Pod,
  ReplicationController,
} from '../../src/api/core/v1/types.ts';
import type { EndpointSlice } from '../../src/api/discovery/v1/types.ts';
import type { PodDisruptionBudget } from '../../src/api/policy/v1/types.ts';
import type { KubeObject } from '../../src/api/resource-row.ts';
import { isNotFound } from '../../src/machinery/index.ts';
import { type ControllerLab, startControllerLab } from './controller-lab.ts';

const merge = 'application/merge-patch+json';
let lab: ControllerLab;
before(async () => {
  lab = await startControllerLab({ becomesReady: (p) => p.spec.containers[0]?.image !== 'broken' });
});
after(() => lab.close());

const container = (image: string) => ({ containers: [{ name: 'c', image }] });
const template = (app: string, image = 'one') => ({ metadata: { labels: { app } }, spec: container(image) });
const pods = (namespace: string) => lab.items<Pod>(Pods, namespace);
const sets = (namespace: string) => lab.items<ReplicaSet>(ReplicaSets, namespace);
const refs = (obj: KubeObject): readonly (string | undefined)[] =>
  (obj.metadata.ownerReferences ?? []).map((o) => o.uid);
const gone = (row: Parameters<ControllerLab['get']>[0], namespace: string | undefined, name: string) =>
  lab.until(`${row.kind} ${name} is gone`, () =>
    lab.get(row, namespace, name).then(
      () => false,
      (e: unknown) => isNotFound(e),
    ),
  );

const deployment = (namespace: string, replicas: number, more: object = {}, image = 'one') => ({
  metadata: { namespace, name: 'web' },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template('web', image), ...more },
});
const patchDeployment = (namespace: string, patch: object) =>
  lab.client.patch(Deployments, { namespace, name: 'web' }, merge, patch);
const roll = (namespace: string, image: string) =>
  patchDeployment(namespace, { spec: { template: { spec: container(image) } } });
const complete = (namespace: string, replicas: number) =>
  lab.until(`${namespace}/web is complete`, async () => {
    const d = await lab.get<Deployment>(Deployments, namespace, 'web');
    const s = d.status;
    return (
      s.observedGeneration === d.metadata.generation &&
      [s.replicas, s.updatedReplicas, s.availableReplicas].every((n) => (n ?? 0) === replicas) &&
      s.conditions?.find((c) => c.type === 'Progressing')?.reason === 'NewReplicaSetAvailable' &&
      d
    );
  });
const imageOf = (rs: ReplicaSet): string => rs.spec.template?.spec?.containers[0]?.image ?? '';
const revision = (o: KubeObject): string | undefined => o.metadata.annotations?.['deployment.kubernetes.io/revision'];

for (const [row, spec] of [
  [ReplicaSets, (labels: object) => ({ selector: { matchLabels: labels } })],
  [ReplicationControllers, (labels: object) => ({ selector: labels })],
] as const)
  test(`a ${row.kind} adopts a pod that matches, lets go of one that does not any more, and is collected with its pods`, async () => {
    const namespace = await lab.namespace(`adopt-${row.plural}`);
    const labels = { app: 'web' };
    await lab.client.create(Pods, { metadata: { namespace, name: 'lonely', labels }, spec: container('one') });
    const owner = (await lab.client.create(row as typeof ReplicaSets, {
      metadata: { namespace, name: 'web' },
      spec: { replicas: 2, ...spec(labels), template: template('web') } as never,
    })) as KubeObject;
    const adopted = await lab.until('adopted', async () => {
      const p = await lab.get<Pod>(Pods, namespace, 'lonely');
      return refs(p).length > 0 && p;
    });
    assert.deepEqual(adopted.metadata.ownerReferences, [
      {
        apiVersion: row.group ? `${row.group}/${row.version}` : row.version,
        kind: row.kind,
        name: 'web',
        uid: owner.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ]);
    const full = () =>
      lab.until('two pods are available', async () => {
        const s = (await lab.get<ReplicaSet>(row, namespace, 'web')).status;
        return s.availableReplicas === 2 && s.observedGeneration === 1 && s;
      });
    const status = await full();
    assert.deepEqual(
      { ...status },
      {
        replicas: 2,
        fullyLabeledReplicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
        observedGeneration: 1,
        ...(row === ReplicaSets && { terminatingReplicas: 0 }),
      },
    );
    assert.equal((await pods(namespace)).length, 2);

    await lab.client.patch(Pods, { namespace, name: 'lonely' }, merge, { metadata: { labels: { app: 'other' } } });
    await lab.until('let go', async () => refs(await lab.get<Pod>(Pods, namespace, 'lonely')).length === 0);
    await lab.until('made up for', async () => (await pods(namespace)).length === 3);
    const made = (await pods(namespace)).filter((p) => p.metadata.name !== 'lonely').map((p) => p.metadata.name);
    for (const name of made) assert.match(name ?? '', /^web-[a-z0-9]{5}$/);
    const told = await lab.until('events', async () => {
      const all = await lab.events(namespace, 'web');
      return all.length === 2 && all;
    });
    assert.deepEqual([...told].sort(), made.map((name) => `SuccessfulCreate: Created pod: ${name}`).sort());

    // A ReplicationController leaves its pods where they are unless asked otherwise.
    await lab.client.delete(row as typeof ReplicaSets, { namespace, name: 'web' }, { propagationPolicy: 'Background' });
    await lab.until('its pods are collected, the other stays', async () => {
      const left = await pods(namespace);
      return left.length === 1 && left[0]?.metadata.name === 'lonely';
    });
  });

test('a ReplicationController is scaled through its subresource, and its pods outlive it when they are orphaned', async () => {
  const namespace = await lab.namespace('rc-scale');
  const key = { namespace, name: 'web' };
  await lab.client.create(ReplicationControllers, { metadata: key, spec: { replicas: 1, template: template('web') } });
  await lab.until('one pod', async () => (await pods(namespace)).length === 1);
  await lab.client.patch(ReplicationControllers, key, merge, { spec: { replicas: 3 } }, { subresource: 'scale' });
  const rc = await lab.until('three pods', async () => {
    const r = await lab.get<ReplicationController>(ReplicationControllers, namespace, 'web');
    return r.status.availableReplicas === 3 && r;
  });
  assert.deepEqual(rc.spec.selector, { app: 'web' });
  await lab.client.delete(ReplicationControllers, key);
  await gone(ReplicationControllers, namespace, 'web');
  const left = await pods(namespace);
  assert.equal(left.length, 3);
  assert.ok(left.every((p) => refs(p).length === 0 && !p.metadata.deletionTimestamp));
});

test('a failure to make pods shows in the status and in an event until it is over', async () => {
  const namespace = await lab.namespace('failure');
  const key = { namespace, name: 'web' };
  await lab.client.create(ReplicaSets, {
    metadata: key,
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: { ...template('web'), spec: { ...container('one'), priorityClassName: 'unheard-of' } },
    },
  });
  const why = /^pods "web-" is forbidden: no PriorityClass with name unheard-of was found$/;
  const failed = await lab.until('the condition', async () =>
    (await lab.get<ReplicaSet>(ReplicaSets, namespace, 'web')).status.conditions?.find(
      (c) => c.type === 'ReplicaFailure',
    ),
  );
  assert.deepEqual([failed.status, failed.reason], ['True', 'FailedCreate']);
  assert.match(failed.message ?? '', why);
  assert.equal((await lab.events(namespace, 'web'))[0], `FailedCreate: Error creating: ${failed.message}`);
  await lab.client.patch(ReplicaSets, key, merge, { spec: { replicas: 0 } });
  await lab.until('no condition any more', async () => {
    const { status } = await lab.get<ReplicaSet>(ReplicaSets, namespace, 'web');
    return !status.conditions?.length;
  });
});

test('a Deployment takes over the ReplicaSet it finds, rolls to a new one, and keeps no more revisions than asked for', async () => {
  const namespace = await lab.namespace('takeover');
  await lab.client.create(ReplicaSets, {
    metadata: { namespace, name: 'old', labels: { app: 'web' } },
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template('web', 'zero') },
  });
  await lab.until('the set has its pods', async () => {
    const [rs] = await sets(namespace);
    return rs?.status.availableReplicas === 2;
  });
  await lab.client.create(Deployments, deployment(namespace, 2, { revisionHistoryLimit: 0 }));
  const d = await complete(namespace, 2);
  await lab.until('the old set is cleaned up', async () => (await sets(namespace)).length === 1);
  const [rs] = await sets(namespace);
  assert.equal(imageOf(rs!), 'one');
  assert.equal(revision(d), revision(rs!));
  const hash = rs?.metadata.labels?.['pod-template-hash'] ?? '';
  assert.match(hash, /^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
  assert.ok((await pods(namespace)).every((p) => p.metadata.labels?.['pod-template-hash'] === hash));
});

test('revisions, their history and change causes follow rollouts and rollbacks', async () => {
  const namespace = await lab.namespace('revisions');
  const cause = 'kubernetes.io/change-cause';
  await lab.client.create(Deployments, {
    ...deployment(namespace, 2),
    metadata: { namespace, name: 'web', annotations: { [cause]: 'first' } },
  });
  assert.equal(revision(await complete(namespace, 2)), '1');
  await patchDeployment(namespace, {
    metadata: { annotations: { [cause]: 'second' } },
    spec: { template: { spec: container('two') } },
  });
  assert.equal(revision(await complete(namespace, 2)), '2');
  await patchDeployment(namespace, { metadata: { annotations: { 'deprecated.deployment.rollback.to': '1' } } });
  const back = await lab.until('rolled back', async () => {
    const d = await complete(namespace, 2);
    return revision(d) === '3' && d;
  });
  assert.equal(back.spec.template.spec?.containers[0]?.image, 'one');
  assert.equal(back.metadata.annotations?.[cause], 'first');
  const first = (await sets(namespace)).find((rs) => imageOf(rs) === 'one');
  assert.equal(first?.metadata.annotations?.['deployment.kubernetes.io/revision-history'], '1');
  assert.equal(first?.metadata.annotations?.[cause], 'first');
  assert.equal(first?.metadata.annotations?.['deployment.kubernetes.io/max-replicas'], '3');
  const told = await lab.events(namespace, 'web');
  assert.ok(told.includes('DeploymentRollback: Rolled back deployment "web" to revision 1'), told.join('\n'));
});

test('a rollout that is overtaken by another leaves only the last one', async () => {
  const namespace = await lab.namespace('rollover');
  await lab.client.create(Deployments, deployment(namespace, 3));
  await complete(namespace, 3);
  await roll(namespace, 'broken');
  await lab.until('the second rollout has begun', async () => (await sets(namespace)).length === 2);
  await roll(namespace, 'three');
  await complete(namespace, 3);
  for (const rs of await sets(namespace)) assert.equal(rs.spec.replicas, imageOf(rs) === 'three' ? 3 : 0);
});

test('Recreate never lets pods of two templates be there together', async () => {
  const namespace = await lab.namespace('recreate');
  await lab.client.create(Deployments, deployment(namespace, 3, { strategy: { type: 'Recreate' } }));
  await complete(namespace, 3);
  await roll(namespace, 'two');
  await lab.until('rolled', async () => {
    const images = new Set((await pods(namespace)).map((p) => p.spec.containers[0]?.image));
    assert.ok(images.size <= 1, [...images].join());
    return images.has('two');
  });
  await complete(namespace, 3);
});

test('sizes are spread in proportion in the middle of a rollout', async () => {
  const namespace = await lab.namespace('proportion');
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } };
  await lab.client.create(Deployments, deployment(namespace, 10, { strategy }));
  await complete(namespace, 10);
  await roll(namespace, 'broken');
  const sizes = (one: number, broken: number) =>
    lab.until(`${one} and ${broken}`, async () => {
      const all = await sets(namespace);
      const size = (image: string) => all.find((rs) => imageOf(rs) === image)?.spec.replicas;
      return size('one') === one && size('broken') === broken;
    });
  await sizes(8, 5);
  await lab.until('five broken pods', async () => {
    const rs = (await sets(namespace)).find((s) => imageOf(s) === 'broken');
    return rs?.status.replicas === 5;
  });
  await lab.client.patch(
    Deployments,
    { namespace, name: 'web' },
    merge,
    { spec: { replicas: 30 } },
    { subresource: 'scale' },
  );
  await sizes(20, 13);
});

test('a rollout that gets nowhere exceeds its deadline, and one that is paused does not', async () => {
  const namespace = await lab.namespace('deadline');
  await lab.client.create(Deployments, deployment(namespace, 1, { progressDeadlineSeconds: 1 }, 'broken'));
  const progressing = async () =>
    (await lab.get<Deployment>(Deployments, namespace, 'web')).status.conditions?.find((c) => c.type === 'Progressing');
  const late = await lab.until('late', async () => {
    const c = await progressing();
    return c?.status === 'False' && c;
  });
  const [rs] = await sets(namespace);
  assert.equal(late.reason, 'ProgressDeadlineExceeded');
  assert.equal(late.message, `ReplicaSet "${rs?.metadata.name}" has timed out progressing.`);
  await roll(namespace, 'one');
  await complete(namespace, 1);
  await patchDeployment(namespace, { spec: { paused: true } });
  const paused = await lab.until('paused', async () => {
    const c = await progressing();
    return c?.reason === 'DeploymentPaused' && c;
  });
  assert.deepEqual([paused.status, paused.message], ['Unknown', 'Deployment is paused']);
});

test('a disruption budget follows its pods, and evictions keep to it', async () => {
  const namespace = await lab.namespace('budget');
  await lab.client.create(Deployments, deployment(namespace, 3));
  await complete(namespace, 3);
  await lab.client.create(PodDisruptionBudgets, {
    metadata: { namespace, name: 'web' },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
  });
  const allowed = (n: number) =>
    lab.until(`${n} disruptions are allowed`, async () => {
      const b = await lab.get<PodDisruptionBudget>(PodDisruptionBudgets, namespace, 'web');
      return b.status.observedGeneration === 1 && (b.status.disruptionsAllowed ?? 0) === n && b;
    });
  const { status } = await allowed(1);
  assert.deepEqual([status.expectedPods, status.desiredHealthy, status.currentHealthy], [3, 2, 3]);
  const [first, second] = await pods(namespace);
  const evict = (p: Pod | undefined) => {
    const metadata = { namespace, name: p?.metadata.name ?? '' };
    return lab.client.createSubresource(Pods, metadata, 'eviction', {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata,
    });
  };
  await evict(first);
  await assert.rejects(evict(second), /Cannot evict pod as it would violate the pod's disruption budget/);
  await lab.until('the pod is made up for', async () =>
    (await pods(namespace)).every((p) => p.metadata.name !== first?.metadata.name),
  );
  await allowed(1);
  await evict(second);
});

test('Endpoints written by hand are mirrored, those without a service are left alone', async () => {
  const namespace = await lab.namespace('mirror');
  const subset = (ip: string, port = 80) => [{ addresses: [{ ip }], ports: [{ name: 'http', port, protocol: 'TCP' }] }];
  await lab.client.create(Endpoints, { metadata: { namespace, name: 'alone' }, subsets: subset('10.9.9.9') });
  await lab.client.create(Services, {
    metadata: { namespace, name: 'example' },
    spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
  });
  await lab.client.create(Endpoints, { metadata: { namespace, name: 'example' }, subsets: subset('10.1.2.3') });
  const mirrored = (ip: string, port: number) =>
    lab.until(`${ip}:${port} is mirrored`, async () => {
      const slices = await lab.items<EndpointSlice>(EndpointSlices, namespace);
      const [s] = slices;
      return slices.length === 1 && s?.endpoints?.[0]?.addresses[0] === ip && s.ports?.[0]?.port === port && s;
    });
  const slice = await mirrored('10.1.2.3', 80);
  assert.match(slice.metadata.name ?? '', /^example-[a-z0-9]{5}$/);
  assert.equal(
    slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'],
    'endpointslicemirroring-controller.k8s.io',
  );
  const e = await lab.get<EndpointsObject>(Endpoints, namespace, 'example');
  await lab.client.update(Endpoints, { ...e, subsets: subset('10.2.3.4', 9090) as never });
  assert.equal((await mirrored('10.2.3.4', 9090)).metadata.name, slice.metadata.name);
  await lab.client.patch(Endpoints, { namespace, name: 'alone' }, merge, { metadata: { labels: { touched: 'yes' } } });
  await lab.client.delete(Endpoints, { namespace, name: 'example' });
  await lab.until('the mirror is gone', async () => (await lab.items(EndpointSlices, namespace)).length === 0);
  assert.equal((await lab.get<EndpointsObject>(Endpoints, namespace, 'alone')).metadata.labels?.['touched'], 'yes');
});

test('slices and Endpoints tell ports, readiness and terminating pods as upstream does', async () => {
  const namespace = await lab.namespace('slices');
  await lab.client.create(Services, {
    metadata: { namespace, name: 'web', labels: { team: 't' } },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  });
  const placeholder = await lab.until('an empty slice', async () => {
    const [s] = await lab.items<EndpointSlice>(EndpointSlices, namespace);
    return s;
  });
  assert.deepEqual([placeholder.endpoints ?? [], placeholder.ports ?? []], [[], []]);
  for (const [name, image] of [
    ['good', 'one'],
    ['bad', 'broken'],
  ] as const)
    await lab.client.create(Pods, {
      metadata: { namespace, name, labels: { app: 'web' } },
      spec: { ...container(image), terminationGracePeriodSeconds: 30 },
    });
  const slice = await lab.until('both are listed', async () => {
    const [s] = await lab.items<EndpointSlice>(EndpointSlices, namespace);
    return s?.endpoints?.length === 2 && s;
  });
  assert.equal(slice.metadata.name, placeholder.metadata.name);
  assert.deepEqual(slice.metadata.labels, {
    team: 't',
    'kubernetes.io/service-name': 'web',
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
  });
  assert.deepEqual(slice.ports, [{ name: 'http', protocol: 'TCP', port: 8080 }]);
  const good = await lab.get<Pod>(Pods, namespace, 'good');
  const listed = (name: string) => slice.endpoints?.find((e) => e.targetRef?.name === name);
  assert.deepEqual(listed('good'), {
    addresses: [good.status.podIP],
    conditions: { ready: true, serving: true, terminating: false },
    targetRef: { kind: 'Pod', namespace, name: 'good', uid: good.metadata.uid },
    nodeName: good.spec.nodeName,
  });
  assert.deepEqual(listed('bad')?.conditions, { ready: false, serving: false, terminating: false });
  const e = await lab.until('Endpoints', async () => {
    const o = await lab.get<EndpointsObject>(Endpoints, namespace, 'web');
    return o.subsets?.[0]?.addresses && o.subsets[0].notReadyAddresses && o;
  });
  assert.equal(e.subsets?.length, 1);
  assert.deepEqual(e.subsets?.[0]?.ports, [{ name: 'http', port: 8080, protocol: 'TCP' }]);
  assert.match(e.metadata.annotations?.['endpoints.kubernetes.io/last-change-trigger-time'] ?? '', /Z$/);
});

test('objects that own each other in a circle are collected, foreground or not', async () => {
  for (const propagationPolicy of ['Background', 'Foreground'] as const) {
    const namespace = await lab.namespace(`circle-${propagationPolicy.toLowerCase()}`);
    const made: ConfigMap[] = [];
    for (const name of ['a', 'b', 'c'])
      made.push(await lab.client.create(ConfigMaps, { metadata: { namespace, name } }));
    for (const [i, m] of made.entries()) {
      const { name, uid } = made[(i + 2) % 3]!.metadata;
      await lab.client.patch(ConfigMaps, { namespace, name: m.metadata.name ?? '' }, merge, {
        metadata: {
          ownerReferences: [
            { apiVersion: 'v1', kind: 'ConfigMap', name, uid, controller: true, blockOwnerDeletion: true },
          ],
        },
      });
    }
    await lab.client.delete(ConfigMaps, { namespace, name: 'a' }, { propagationPolicy });
    for (const name of ['a', 'b', 'c']) await gone(ConfigMaps, namespace, name);
  }
});

test('what has a living owner beside one that waits for it stays, and loses the other', async () => {
  const namespace = await lab.namespace('two-owners');
  const owners: ConfigMap[] = [];
  for (const name of ['going', 'staying'])
    owners.push(await lab.client.create(ConfigMaps, { metadata: { namespace, name } }));
  const ref = (o: ConfigMap) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: o.metadata.name ?? '',
    uid: o.metadata.uid ?? '',
    blockOwnerDeletion: true,
  });
  await lab.client.create(ConfigMaps, { metadata: { namespace, name: 'child', ownerReferences: owners.map(ref) } });
  await lab.client.delete(ConfigMaps, { namespace, name: 'going' }, { propagationPolicy: 'Foreground' });
  await gone(ConfigMaps, namespace, 'going');
  const child = await lab.get<ConfigMap>(ConfigMaps, namespace, 'child');
  assert.deepEqual(refs(child), [owners[1]?.metadata.uid]);
  assert.equal(child.metadata.deletionTimestamp, undefined);
});

test('an owner in another namespace owns nothing: the child goes and an event tells why', async () => {
  const [here, there] = [await lab.namespace('here'), await lab.namespace('there')];
  const owner = await lab.client.create(ConfigMaps, { metadata: { namespace: there, name: 'owner' } });
  const { uid = '' } = owner.metadata;
  await lab.client.create(ConfigMaps, {
    metadata: {
      namespace: here,
      name: 'child',
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }],
    },
  });
  await gone(ConfigMaps, here, 'child');
  const told = await lab.until('the event', async () => {
    const [first] = await lab.events(here, 'child');
    return first;
  });
  assert.equal(
    told,
    `OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap, namespace: ${here}, name: owner, uid: ${uid}] does not exist in namespace "${here}"`,
  );
});

test('a reference that gives an owner the wrong kind harms nobody who has it right', async () => {
  const namespace = await lab.namespace('wrong-kind');
  const owner = await lab.client.create(ConfigMaps, { metadata: { namespace, name: 'owner' } });
  const { uid = '' } = owner.metadata;
  const child = (name: string, kind: string) =>
    lab.client.create(ConfigMaps, {
      metadata: { namespace, name, ownerReferences: [{ apiVersion: 'v1', kind, name: 'owner', uid }] },
    });
  await child('wrong', 'Secret');
  await gone(ConfigMaps, namespace, 'wrong');
  await child('right', 'ConfigMap');
  await child('wrong-again', 'Secret');
  await gone(ConfigMaps, namespace, 'wrong-again');
  await lab.client.patch(ConfigMaps, { namespace, name: 'right' }, merge, {
    metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid, controller: true }] },
  });
  await child('last', 'Secret');
  await gone(ConfigMaps, namespace, 'last');
  assert.equal((await lab.get<ConfigMap>(ConfigMaps, namespace, 'right')).metadata.deletionTimestamp, undefined);
});

test('a namespace that cannot be emptied says what is left, and goes when it can', async () => {
  const namespace = await lab.namespace('held');
  await lab.client.create(ConfigMaps, { metadata: { namespace, name: 'held', finalizers: ['example.com/hold'] } });
  await lab.client.delete(Namespaces, { name: namespace });
  const conditions = await lab.until('the conditions', async () => {
    const n = await lab.get<Namespace>(Namespaces, undefined, namespace);
    assert.equal(n.status.phase, 'Terminating');
    const c = Object.fromEntries(
      (n.status.conditions ?? []).map((x) => [x.type, `${x.status} ${x.reason}: ${x.message}`]),
    );
    return c['NamespaceFinalizersRemaining']?.startsWith('True') && c;
  });
  assert.deepEqual(conditions, {
    NamespaceDeletionDiscoveryFailure: 'False ResourcesDiscovered: All resources successfully discovered',
    NamespaceDeletionGroupVersionParsingFailure: 'False ParsedGroupVersions: All legacy kube types successfully parsed',
    NamespaceDeletionContentFailure:
      'False ContentDeleted: All content successfully deleted, may be waiting on finalization',
    NamespaceContentRemaining:
      'True SomeResourcesRemain: Some resources are remaining: configmaps. has 1 resource instances',
    NamespaceFinalizersRemaining:
      'True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  });
  await assert.rejects(
    lab.client.create(ConfigMaps, { metadata: { namespace, name: 'late' } }),
    /because it is being terminated/,
  );
  await lab.client.patch(ConfigMaps, { namespace, name: 'held' }, merge, { metadata: { finalizers: null } });
  await gone(Namespaces, undefined, namespace);
});

test('the default account and the CA bundle come back when they are deleted or changed', async () => {
  const namespace = await lab.namespace('repaired');
  await lab.client.delete(ServiceAccounts, { namespace, name: 'default' });
  await lab.until('the account is back', () => lab.get(ServiceAccounts, namespace, 'default').catch(() => undefined));
  const bundle = () => lab.get<ConfigMap>(ConfigMaps, namespace, 'kube-root-ca.crt').catch(() => undefined);
  await lab.until('the bundle', bundle);
  await lab.client.patch(ConfigMaps, { namespace, name: 'kube-root-ca.crt' }, merge, {
    data: { 'ca.crt': 'x', more: 'y' },
  });
  await lab.until('repaired', async () => {
    const data = (await bundle())?.data;
    return data?.['ca.crt'] === 'the CA' && data['more'] === undefined;
  });
  await lab.client.delete(ConfigMaps, { namespace, name: 'kube-root-ca.crt' });
  await lab.until('made again', bundle);
});
