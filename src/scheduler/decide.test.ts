import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '../api/core/v1/types.ts';
import type { StorageClass } from '../api/storage/v1/types.ts';
import { ClusterCache } from './cluster-cache.ts';
import { type Decision, decide, feasibleNodesToFind } from './decide.ts';
import type { VolumeView } from './framework.ts';
import { defaultPlugins } from './plugins/table.ts';
import { podInfoOf } from './pod-info.ts';
import { fitErrorMessage } from './status.ts';
import { nodeNamed, podNamed } from './test-cluster.ts';

const noVolumes: VolumeView = {
  claim: () => undefined,
  volume: () => undefined,
  volumesOfClass: () => [],
  storageClass: () => undefined,
  promised: new Map(),
};
function clusterOf(nodes: readonly Node[], pods: readonly Pod[] = [], volumes: VolumeView = noVolumes): ClusterCache {
  const cache = new ClusterCache({ namespaceLabels: () => ({}), defaultSelector: () => undefined, volumes });
  for (const n of nodes) cache.setNode(n);
  for (const p of pods) cache.setPod(p);
  return cache;
}
const decideOn = (cluster: ClusterCache, pod: Pod): Decision =>
  decide({
    pod: podInfoOf(pod),
    cluster,
    plugins: defaultPlugins,
    nominated: () => [],
    startIndex: 0,
    random: () => 0.9,
  });
const answer = (cluster: ClusterCache, pod: Pod): string => {
  const d = decideOn(cluster, pod);
  return d.kind === 'node' ? d.node.name : fitErrorMessage(d.diagnosis!);
};

const term = (app: string, topologyKey = 'zone') => ({ labelSelector: { matchLabels: { app } }, topologyKey });
const near = (app: string) => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(app)] } },
});
const far = (app: string) => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(app)] } },
});
const spread = {
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
    },
  ],
};
const zone = (z: string) => ({ labels: { zone: z } });
const on = (nodeName: string, more: object = {}) => ({ nodeName, ...more });

const cases: readonly [what: string, nodes: readonly Node[], pods: readonly Pod[], pod: Pod, answer: string][] = [
  [
    'cordoned',
    [nodeNamed('a', { spec: { unschedulable: true } })],
    [],
    podNamed('p'),
    '0/1 nodes are available: 1 node(s) were unschedulable.',
  ],
  [
    'tainted',
    [nodeNamed('a', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } as never })],
    [],
    podNamed('p'),
    '0/1 nodes are available: 1 node(s) had untolerated taint(s).',
  ],
  [
    'taint tolerated',
    [nodeNamed('a', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } as never })],
    [],
    podNamed('p', { spec: { tolerations: [{ key: 'k', operator: 'Exists' }] } as never }),
    'a',
  ],
  [
    'soft taint avoided',
    [nodeNamed('a', { spec: { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] } as never }), nodeNamed('b')],
    [],
    podNamed('p'),
    'b',
  ],
  [
    'node selector',
    [nodeNamed('a')],
    [],
    podNamed('p', { spec: { nodeSelector: { disk: 'ssd' } } }),
    "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
  ],
  [
    'host port in use',
    [nodeNamed('a')],
    [podNamed('o', { hostPort: 80, spec: on('a') })],
    podNamed('p', { hostPort: 80 }),
    "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
  ],
  [
    'reasons are counted and sorted',
    [
      nodeNamed('a', { allocatable: { cpu: '1' } }),
      nodeNamed('b', { allocatable: { memory: '1Gi' } }),
      nodeNamed('c', { allocatable: { cpu: '1', memory: '1Gi' } }),
    ],
    [],
    podNamed('p', { requests: { cpu: '2', memory: '2Gi' } }),
    '0/3 nodes are available: 2 Insufficient cpu, 2 Insufficient memory.',
  ],
  [
    'extended resource',
    [nodeNamed('a')],
    [],
    podNamed('p', { requests: { 'example.com/gpu': '1' } }),
    '0/1 nodes are available: 1 Insufficient example.com/gpu.',
  ],
  [
    'too many pods',
    [nodeNamed('a', { allocatable: { pods: '1' } })],
    [podNamed('o', { spec: on('a') })],
    podNamed('p'),
    '0/1 nodes are available: 1 Too many pods.',
  ],
  [
    'the emptier node',
    [nodeNamed('a'), nodeNamed('b')],
    [podNamed('o', { requests: { cpu: '2', memory: '4Gi' }, spec: on('a') })],
    podNamed('p', { requests: { cpu: '1', memory: '2Gi' } }),
    'b',
  ],
  [
    'the node with the image',
    [nodeNamed('a'), nodeNamed('b', { images: [{ names: ['nginx:latest'], sizeBytes: 900 * 2 ** 20 }] })],
    [],
    podNamed('p'),
    'b',
  ],
  [
    'near another pod',
    [nodeNamed('a', zone('x')), nodeNamed('b', zone('y'))],
    [podNamed('db', { labels: { app: 'db' }, spec: on('b') })],
    podNamed('p', { spec: near('db') as never }),
    'b',
  ],
  [
    'nothing to be near to',
    [nodeNamed('a', zone('x'))],
    [],
    podNamed('p', { spec: near('db') as never }),
    "0/1 nodes are available: 1 node(s) didn't match pod affinity rules.",
  ],
  [
    'the first of a group that wants to be together',
    [nodeNamed('a', zone('x'))],
    [],
    podNamed('p', { labels: { app: 'db' }, spec: near('db') as never }),
    'a',
  ],
  [
    'far from another pod',
    [nodeNamed('a', zone('x'))],
    [podNamed('db', { labels: { app: 'db' }, spec: on('a') })],
    podNamed('p', { spec: far('db') as never }),
    "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.",
  ],
  [
    'a pod there keeps others away',
    [nodeNamed('a', zone('x'))],
    [podNamed('db', { spec: on('a', far('web')) as never })],
    podNamed('p', { labels: { app: 'web' } }),
    "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.",
  ],
  [
    'spread over zones',
    [nodeNamed('a', zone('x')), nodeNamed('b', zone('y'))],
    [podNamed('w', { labels: { app: 'web' }, spec: on('a') })],
    podNamed('p', { labels: { app: 'web' }, spec: spread as never }),
    'b',
  ],
  [
    'a zone that is full keeps the skew',
    [nodeNamed('a', zone('x')), nodeNamed('b', { ...zone('y'), allocatable: { cpu: '0' } }), nodeNamed('c')],
    [podNamed('w', { labels: { app: 'web' }, spec: on('a') })],
    podNamed('p', { labels: { app: 'web' }, requests: { cpu: '1' }, spec: spread as never }),
    "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match pod topology spread constraints, 1 node(s) didn't match pod topology spread constraints (missing required label).",
  ],
  [
    'a claim that is not there',
    [nodeNamed('a')],
    [],
    podNamed('p', { spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] } as never }),
    '0/1 nodes are available: persistentvolumeclaim "c" not found.',
  ],
];

for (const [what, nodes, pods, pod, expected] of cases)
  test(`decision: ${what}`, () => {
    assert.equal(answer(clusterOf(nodes, pods), pod), expected);
  });

test('an unbound claim goes with a local volume, or makes the pod wait', () => {
  const cls = {
    metadata: { name: 'local' },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  } as unknown as StorageClass;
  const claim = {
    metadata: { name: 'c', namespace: 'default', uid: 'u' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'local' },
    status: { phase: 'Pending' },
  } as unknown as PersistentVolumeClaim;
  const local = {
    metadata: { name: 'v' },
    spec: {
      capacity: { storage: '2Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'local',
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['b'] }] }],
        },
      },
    },
    status: { phase: 'Available' },
  } as unknown as PersistentVolume;
  const pod = podNamed('p', { spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] } as never });
  const nodes = [nodeNamed('a'), nodeNamed('b')];
  const view = {
    ...noVolumes,
    claim: () => claim,
    volumesOfClass: () => [local],
    storageClass: () => cls,
    promised: new Map<string, string>(),
  };
  assert.equal(answer(clusterOf(nodes, [], view), pod), 'b');
  view.promised.set('v', 'default/another');
  assert.equal(
    answer(clusterOf(nodes, [], view), pod),
    "0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind.",
  );
  const immediate = { ...view, storageClass: () => ({ ...cls, volumeBindingMode: 'Immediate' }) as StorageClass };
  assert.equal(
    answer(clusterOf(nodes, [], immediate), pod),
    '0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
  );
});

test('large clusters are sampled as upstream samples them', () => {
  assert.deepEqual([50, 100, 1000, 5000, 10_000].map(feasibleNodesToFind), [50, 100, 420, 500, 500]);
});

test('no node is ever over-committed, and a pod is refused only when it fits nowhere', () => {
  const cpu = fc.integer({ min: 0, max: 8 });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 16 }), { minLength: 1, maxLength: 6 }),
      fc.array(cpu, { maxLength: 30 }),
      (capacities, wishes) => {
        const cluster = clusterOf(
          capacities.map((c, i) => nodeNamed(`n${i}`, { allocatable: { cpu: String(c), pods: '8' } })),
        );
        for (const [i, wish] of wishes.entries()) {
          const pod = podNamed(`p${i}`, wish > 0 ? { requests: { cpu: String(wish) } } : {});
          const d = decideOn(cluster, pod);
          const fits = cluster.nodes.some(
            (n) => n.pods.size < 8 && n.allocatable.milliCPU - n.requested.milliCPU >= wish * 1000,
          );
          assert.equal(d.kind === 'node', fits);
          if (d.kind === 'node') cluster.assume(podInfoOf(pod), d.node.name);
        }
        for (const n of cluster.nodes) {
          assert.ok(n.requested.milliCPU <= n.allocatable.milliCPU);
          assert.ok(n.pods.size <= n.allowedPods);
        }
      },
    ),
    { numRuns: 60 },
  );
});
