/**
 * What upstream's end-to-end tests ask of the scheduler (test/e2e/scheduling, storage), on a control plane in this process with nodes
 * that the test makes up: predicates, preemption, gates, spreading, volumes that wait for their pod.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Event, Node, PersistentVolumeClaim, Pod } from '../../src/api/core/v1/types.ts';
import {
  Events,
  Nodes,
  PersistentVolumeClaims,
  PersistentVolumes,
  PodDisruptionBudgets,
  Pods,
  PriorityClasses,
  StorageClasses,
} from '../../src/api/resources.ts';
import { addNode, type ControllerLab, startControllerLab } from './controller-lab.ts';

const merge = 'application/merge-patch+json';
let lab: ControllerLab;
before(async () => {
  lab = await startControllerLab({ nodes: 0, stopMs: 100 });
  for (const [name, value] of [
    ['low', 10],
    ['middle', 100],
    ['high', 1000],
  ] as const)
    await lab.client.create(PriorityClasses, { metadata: { name }, value });
});
after(() => lab.close());

/** Nodes of one test: a label keeps its pods on them and those of other tests away. */
async function nodes(test: string, ...shapes: readonly { readonly labels?: object; readonly spec?: object }[]) {
  const names: string[] = [];
  for (const [i, s] of shapes.entries()) {
    const name = `${test}-${i}`;
    await addNode(lab.client, name, {
      metadata: { name, labels: { test, 'kubernetes.io/hostname': name, ...s.labels } },
      ...(s.spec && { spec: s.spec }),
    });
    names.push(name);
  }
  return { namespace: await lab.namespace(test), names };
}
interface PodWish {
  readonly cpu?: string;
  readonly spec?: object;
  readonly labels?: Readonly<Record<string, string>>;
  readonly hostPort?: object;
}
const makePod = (namespace: string, name: string, w: PodWish = {}): Promise<Pod> =>
  lab.client.create(Pods, {
    metadata: { namespace, name, ...(w.labels && { labels: w.labels }) },
    spec: {
      nodeSelector: { test: namespace },
      containers: [
        {
          name: 'c',
          image: 'i',
          ...(w.cpu && { resources: { requests: { cpu: w.cpu } } }),
          ...(w.hostPort && { ports: [{ containerPort: 80, ...w.hostPort }] }),
        },
      ],
      ...w.spec,
    },
  });
const pod = (namespace: string, name: string) => lab.get<Pod>(Pods, namespace, name);
const placed = (namespace: string, name: string): Promise<string> =>
  lab.until(`${name} is placed`, async () => (await pod(namespace, name)).spec.nodeName);
const scheduled = (p: Pod) => p.status.conditions?.find((c) => c.type === 'PodScheduled');
const refused = (namespace: string, name: string): Promise<string> =>
  lab.until(`${name} is refused`, async () => {
    const c = scheduled(await pod(namespace, name));
    return c?.reason === 'Unschedulable' && c.message;
  });

test('what happened to a pod is told in events of the scheduler, and in its condition', async () => {
  const { namespace, names } = await nodes('told', {});
  await makePod(namespace, 'fits', { cpu: '1' });
  await placed(namespace, 'fits');
  await makePod(namespace, 'big', { cpu: '64' });
  const message = await refused(namespace, 'big');
  assert.match(message, /^0\/\d+ nodes are available: .*1 Insufficient cpu.* preemption: 0\/\d+ nodes are available: /);
  const c = scheduled(await pod(namespace, 'big'));
  assert.deepEqual([c?.status, c?.observedGeneration, c?.lastProbeTime ?? null], ['False', 1, null]);
  const told = await lab.until('both events', async () => {
    const { items } = await lab.client.list(Events, { namespace });
    return items.length === 2 && items;
  });
  const shown = (e: Event) => [
    e.involvedObject.name,
    e.type,
    e.reason,
    e.action,
    e.message,
    e.reportingComponent,
    e.reportingInstance,
    e.source?.component ?? '',
    e.count ?? 0,
    e.firstTimestamp ?? null,
  ];
  assert.deepEqual(
    told.map(shown).sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    [
      ['big', 'Warning', 'FailedScheduling', 'Scheduling', message],
      ['fits', 'Normal', 'Scheduled', 'Binding', `Successfully assigned ${namespace}/fits to ${names[0]}`],
    ].map((e) => [...e, 'default-scheduler', 'default-scheduler-lab', '', 0, null]),
  );
  for (const e of told) assert.match(e.eventTime ?? '', /\.\d{6}Z$/);
});

test('a cordoned node, a taint and a label decide, and pods go on when they change', async () => {
  const { namespace, names } = await nodes('changes', { spec: { unschedulable: true } });
  const [node = ''] = names;
  await makePod(namespace, 'x', { spec: { nodeSelector: { test: namespace, disk: 'ssd' } } });
  await refused(namespace, 'x');
  const patch = (p: object) => lab.client.patch(Nodes, { name: node }, merge, p);
  await patch({ metadata: { labels: { disk: 'ssd' } } });
  await patch({ spec: { unschedulable: false } });
  assert.equal(await placed(namespace, 'x'), node);
  await lab.until(
    'the taint of the cordon is gone',
    async () => !(await lab.get<Node>(Nodes, undefined, node)).spec.taints,
  );
  await patch({ spec: { taints: [{ key: 'k', value: 'v', effect: 'NoExecute' }] } });
  await lab.until('who does not tolerate it is evicted', () =>
    pod(namespace, 'x').then(
      () => false,
      () => true,
    ),
  );
  await makePod(namespace, 'kept-out');
  await makePod(namespace, 'tolerant', {
    spec: { tolerations: [{ key: 'k', operator: 'Exists', effect: 'NoExecute' }] },
  });
  assert.equal(await placed(namespace, 'tolerant'), node);
  assert.match(await refused(namespace, 'kept-out'), /1 node\(s\) had untolerated taint\(s\)/);
});

test('host ports clash by protocol and address', async () => {
  const { namespace, names } = await nodes('ports', {});
  const port = (hostIP: string, protocol: string) => ({ hostPort: 54321, hostIP, protocol });
  for (const [name, at] of [
    ['one', port('127.0.0.1', 'TCP')],
    ['other-address', port('10.0.0.9', 'TCP')],
    ['other-protocol', port('127.0.0.1', 'UDP')],
  ] as const) {
    await makePod(namespace, name, { hostPort: at });
    assert.equal(await placed(namespace, name), names[0]);
  }
  await makePod(namespace, 'everywhere', { hostPort: port('0.0.0.0', 'TCP') });
  assert.match(await refused(namespace, 'everywhere'), /didn't have free ports for the requested pod ports/);
});

test('a pod of higher priority takes the place of one of lower, which goes gracefully', async () => {
  const { namespace, names } = await nodes('preempt', {}, {});
  for (const [i, priorityClassName] of ['low', 'middle'].entries())
    await makePod(namespace, `old-${i}`, { cpu: '3', spec: { priorityClassName } });
  for (const i of [0, 1]) await placed(namespace, `old-${i}`);
  const lowNode = await placed(namespace, 'old-0');
  const vip = await makePod(namespace, 'vip', { cpu: '3', spec: { priorityClassName: 'high' } });
  const leaving = await lab.until('the victim leaves', async () => {
    const p = await pod(namespace, 'old-0').catch(() => undefined);
    return p?.metadata.deletionTimestamp !== undefined && p;
  });
  const why = leaving.status.conditions?.find((c) => c.type === 'DisruptionTarget');
  assert.deepEqual(
    [why?.status, why?.reason, why?.message],
    ['True', 'PreemptionByScheduler', 'default-scheduler: preempting to accommodate a higher priority pod'],
  );
  assert.equal((await pod(namespace, 'vip')).status.nominatedNodeName ?? lowNode, lowNode);
  assert.equal(await placed(namespace, 'vip'), lowNode);
  assert.equal((await pod(namespace, 'vip')).status.nominatedNodeName, undefined, 'a bound pod is promised nothing');
  assert.ok(names.includes(await placed(namespace, 'old-1')));
  assert.deepEqual(
    (await lab.events(namespace, 'old-0')).filter((e) => e.startsWith('Preempted')),
    [`Preempted: Preempted by pod ${vip.metadata.uid} on node ${lowNode}`],
  );
});

test('preemption spares pods that a disruption budget protects, if others will do', async () => {
  const { namespace } = await nodes('budget', {}, {});
  await lab.client.create(PodDisruptionBudgets, {
    metadata: { namespace, name: 'keep' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'kept' } } },
  });
  await makePod(namespace, 'kept', { cpu: '3', labels: { app: 'kept' }, spec: { priorityClassName: 'low' } });
  // Dearer than the protected one in every other respect.
  await makePod(namespace, 'spare', { cpu: '3', spec: { priorityClassName: 'middle' } });
  await placed(namespace, 'kept');
  const spareNode = await placed(namespace, 'spare');
  await makePod(namespace, 'vip', { cpu: '3', spec: { priorityClassName: 'high' } });
  assert.equal(await placed(namespace, 'vip'), spareNode);
  assert.equal((await pod(namespace, 'kept')).metadata.deletionTimestamp, undefined);
});

test('a gated pod waits and says so, and goes when its last gate is gone', async () => {
  const { namespace, names } = await nodes('gates', {});
  await makePod(namespace, 'x', { spec: { schedulingGates: [{ name: 'example.com/a' }, { name: 'example.com/b' }] } });
  const c = await lab.until('the condition', async () => scheduled(await pod(namespace, 'x')));
  assert.deepEqual(
    [c.status, c.reason, c.message],
    ['False', 'SchedulingGated', 'Scheduling is blocked due to non-empty scheduling gates'],
  );
  const key = { namespace, name: 'x' };
  await lab.client.patch(Pods, key, 'application/json-patch+json', [{ op: 'remove', path: '/spec/schedulingGates/0' }]);
  await new Promise((r) => setTimeout(r, 100));
  assert.equal((await pod(namespace, 'x')).spec.nodeName, undefined);
  await lab.client.patch(Pods, key, 'application/json-patch+json', [{ op: 'remove', path: '/spec/schedulingGates' }]);
  assert.equal(await placed(namespace, 'x'), names[0]);
  assert.equal(scheduled(await pod(namespace, 'x'))?.status, 'True');
});

test('pods are spread over zones, and kept near or far as they ask', async () => {
  const { namespace, names } = await nodes('spread', { labels: { zone: 'a' } }, { labels: { zone: 'b' } });
  const labels = { app: 'web' };
  const spread = {
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: labels } },
    ],
  };
  const where: string[] = [];
  for (let i = 0; i < 4; i++) {
    await makePod(namespace, `s${i}`, { labels, spec: spread });
    where.push(await placed(namespace, `s${i}`));
  }
  for (const n of names) assert.equal(where.filter((w) => w === n).length, 2);
  const term = (app: string) => [{ labelSelector: { matchLabels: { app } }, topologyKey: 'kubernetes.io/hostname' }];
  const anti = (app: string) => ({
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: term(app) } },
  });
  const first = await placed(
    namespace,
    (await makePod(namespace, 'far-1', { labels: { app: 'far' }, spec: anti('far') })).metadata.name ?? '',
  );
  await makePod(namespace, 'far-2', { labels: { app: 'far' }, spec: anti('far') });
  assert.notEqual(await placed(namespace, 'far-2'), first);
  await makePod(namespace, 'far-3', { labels: { app: 'far' }, spec: anti('far') });
  assert.match(await refused(namespace, 'far-3'), /2 node\(s\) didn't match pod anti-affinity rules/);
  await makePod(namespace, 'near', {
    spec: {
      affinity: {
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: term('far') },
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { 'no-such': 'label' } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
    },
  });
  assert.ok(names.includes(await placed(namespace, 'near')));
  await lab.client.delete(Pods, { namespace, name: 'far-1' });
  assert.equal(await placed(namespace, 'far-3'), first);
});

test('a claim that waits for its first consumer is bound to a volume of the node its pod goes to', async () => {
  const { namespace, names } = await nodes('volumes', {}, {});
  const [, second = ''] = names;
  await lab.client.create(StorageClasses, {
    metadata: { name: 'local' },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  await lab.client.create(PersistentVolumeClaims, {
    metadata: { namespace, name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'local', resources: { requests: { storage: '1Gi' } } },
  });
  const claim = () => lab.get<PersistentVolumeClaim>(PersistentVolumeClaims, namespace, 'data');
  const told = await lab.until('the claim waits', async () => (await lab.events(namespace, 'data'))[0]);
  assert.equal(told, 'WaitForFirstConsumer: waiting for first consumer to be created before binding');
  await makePod(namespace, 'user', {
    spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
  });
  assert.match(await refused(namespace, 'user'), /2 node\(s\) didn't find available persistent volumes to bind/);
  assert.equal((await claim()).status.phase, 'Pending');
  await lab.client.create(PersistentVolumes, {
    metadata: { name: 'pv-data' },
    spec: {
      capacity: { storage: '2Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'local',
      persistentVolumeReclaimPolicy: 'Retain',
      local: { path: '/mnt/disk' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [second] }] },
          ],
        },
      },
    },
  });
  assert.equal(await placed(namespace, 'user'), second);
  const bound = await claim();
  assert.deepEqual(
    [bound.status.phase, bound.spec.volumeName, bound.status.capacity],
    ['Bound', 'pv-data', { storage: '2Gi' }],
  );
});

test('a pod that fits nowhere is tried again when a pod leaves or a node comes', async () => {
  const { namespace } = await nodes('again', {});
  await makePod(namespace, 'a', { cpu: '3' });
  await placed(namespace, 'a');
  await makePod(namespace, 'b', { cpu: '3' });
  await makePod(namespace, 'c', { cpu: '3' });
  await refused(namespace, 'b');
  await refused(namespace, 'c');
  await addNode(lab.client, 'again-new', { metadata: { name: 'again-new', labels: { test: namespace } } });
  await lab.until('one of them has a node', async () => {
    const both = [await pod(namespace, 'b'), await pod(namespace, 'c')];
    return both.some((p) => p.spec.nodeName === 'again-new');
  });
  await lab.client.delete(Pods, { namespace, name: 'a' });
  for (const name of ['b', 'c']) await placed(namespace, name);
});
