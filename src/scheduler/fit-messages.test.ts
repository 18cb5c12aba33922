/** What the FailedScheduling event says, plug-in by plug-in and mixed, in upstream's words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Nodes, PersistentVolumeClaims, PersistentVolumes, Pods } from '../api/core/v1/resources.ts';
import type { AnyRow, KubeObject } from '../api/resource-row.ts';
import { StorageClasses } from '../api/storage/v1/resources.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { silent } from '../base/log.ts';
import { startScheduler } from './scheduler.ts';
import { type NodeShape, nodeNamed, type PodShape, podNamed, TestCluster } from './test-cluster.ts';

interface Case {
  readonly nodes?: readonly NodeShape[];
  /** Pods by the index of their node. */
  readonly placed?: readonly (readonly [number, PodShape])[];
  readonly objects?: readonly (readonly [AnyRow, object])[];
  readonly pod: PodShape;
  readonly says: string;
}

const noVictims = 'No preemption victims found for incoming pod';
const noHelp = 'Preemption is not helpful for scheduling';
const spec = (s: object) => ({ spec: s }) as PodShape;
const withClaim = spec({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] });
const claim = (s: object, more: object = {}): readonly [AnyRow, object] => [
  PersistentVolumeClaims,
  {
    metadata: { namespace: 'default', name: 'c', uid: 'c', ...more },
    spec: { resources: { requests: { storage: '1Gi' } }, accessModes: ['ReadWriteOnce'], ...s },
    status: { phase: 'Pending' },
  },
];
const boundTo = (volumeName: string, s: object = {}) =>
  claim({ volumeName, ...s }, { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } });
const volume = (s: object, labels: object = {}): readonly [AnyRow, object] => [
  PersistentVolumes,
  { metadata: { name: 'v1', uid: 'v1', labels }, spec: { capacity: { storage: '1Gi' }, ...s }, status: {} },
];
const onHost = (name: string) => ({
  nodeAffinity: {
    required: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [name] }] }],
    },
  },
});
const storageClass = (volumeBindingMode: string): readonly [AnyRow, object] => [
  StorageClasses,
  { metadata: { name: 'late' }, provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode },
];
const web = { matchLabels: { app: 'web' } };
const hostname = 'kubernetes.io/hostname';
const affinityTo = (kind: string, labelSelector: object = web) =>
  spec({
    affinity: {
      [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: hostname }] },
    },
  });
const named = (names: readonly string[]) =>
  spec({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: names.map((n) => ({
            matchFields: [{ key: 'metadata.name', operator: 'In', values: [n] }],
          })),
        },
      },
    },
  });

const cases: Readonly<Record<string, Case>> = {
  'room that others take, and room that no node has': {
    nodes: [{ allocatable: { cpu: '2', memory: '1Gi' } }, { allocatable: { cpu: '8' } }],
    placed: [[1, { requests: { cpu: '7' } }]],
    pod: { requests: { cpu: '4', memory: '2Gi' } },
    says: `0/2 nodes are available: 1 Insufficient memory, 2 Insufficient cpu. preemption: 0/2 nodes are available: 1 ${noVictims}, 1 ${noHelp}.`,
  },
  'too many pods, storage, extended resources': {
    nodes: [{ allocatable: { pods: '0', 'example.com/gpu': '1' } }],
    pod: { requests: { 'example.com/gpu': '2', 'ephemeral-storage': '500Gi' } },
    says: `0/1 nodes are available: 1 Insufficient ephemeral-storage, 1 Insufficient example.com/gpu, 1 Too many pods. preemption: 0/1 nodes are available: 1 ${noHelp}.`,
  },
  'every node for its own reason': {
    nodes: [
      { spec: { unschedulable: true } },
      { spec: { taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] } },
      { labels: { disk: 'hdd' } },
      { labels: { disk: 'ssd' }, allocatable: { cpu: '1' } },
      { labels: { disk: 'ssd' } },
    ],
    placed: [[4, { hostPort: 80 }]],
    pod: { requests: { cpu: '2' }, hostPort: 80, ...spec({ nodeSelector: { disk: 'ssd' } }) },
    says: `0/5 nodes are available: 1 Insufficient cpu, 1 node(s) didn't have free ports for the requested pod ports, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. preemption: 0/5 nodes are available: 1 ${noVictims}, 4 ${noHelp}.`,
  },
  'named nodes that are not there, one that is full': {
    nodes: [{ allocatable: { cpu: '1' } }, {}, {}],
    pod: { requests: { cpu: '2' }, ...named(['n0', 'nowhere']) },
    says: `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. preemption: 0/3 nodes are available: 3 ${noHelp}.`,
  },
  'terms that name no common node': {
    pod: spec({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              {
                matchFields: [
                  { key: 'metadata.name', operator: 'In', values: ['a'] },
                  { key: 'metadata.name', operator: 'In', values: ['b'] },
                ],
              },
            ],
          },
        },
      },
    }),
    says: `0/1 nodes are available: pod affinity terms conflict. preemption: 0/1 nodes are available: 1 ${noHelp}.`,
  },
  'near nobody': {
    pod: affinityTo('podAffinity'),
    says: `0/1 nodes are available: 1 node(s) didn't match pod affinity rules. preemption: 0/1 nodes are available: 1 ${noHelp}.`,
  },
  'far from those that are everywhere': {
    placed: [[0, { labels: { app: 'web' } }]],
    pod: affinityTo('podAntiAffinity'),
    says: `0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules. preemption: 0/1 nodes are available: 1 ${noVictims}.`,
  },
  'others keep it away': {
    placed: [[0, affinityTo('podAntiAffinity')]],
    pod: { labels: { app: 'web' } },
    says: `0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules. preemption: 0/1 nodes are available: 1 ${noVictims}.`,
  },
  'spread over zones, and a node without one': {
    nodes: [{ labels: { zone: 'a' } }, { labels: { zone: 'b' }, allocatable: { cpu: '0' } }, {}],
    placed: [[0, { labels: { app: 'web' } }]],
    pod: {
      labels: { app: 'web' },
      requests: { cpu: '1' },
      ...spec({
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: web },
        ],
      }),
    },
    says: `0/3 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match pod topology spread constraints, 1 node(s) didn't match pod topology spread constraints (missing required label). preemption: 0/3 nodes are available: 1 ${noVictims}, 2 ${noHelp}.`,
  },
  'a claim that is not there': {
    pod: withClaim,
    says: `0/1 nodes are available: persistentvolumeclaim "c" not found. preemption: 0/1 nodes are available: 1 ${noHelp}.`,
  },
  'a claim that should be bound by now': {
    objects: [claim({})],
    pod: withClaim,
    says: `0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/1 nodes are available: 1 ${noHelp}.`,
  },
  'a claim that waits for its pod, and no volume': {
    objects: [storageClass('WaitForFirstConsumer'), claim({ storageClassName: 'late' })],
    pod: withClaim,
    says: `0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind. preemption: 0/1 nodes are available: 1 ${noHelp}.`,
  },
  'a volume of another node': {
    objects: [boundTo('v1'), volume(onHost('other'))],
    pod: withClaim,
    says: `0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity. preemption: 0/1 nodes are available: 1 ${noHelp}.`,
  },
  'a volume of another zone, and a volume that is gone': {
    nodes: [{ labels: { 'topology.kubernetes.io/zone': 'b' } }],
    objects: [boundTo('v1'), volume({}, { 'failure-domain.beta.kubernetes.io/zone': 'a__c' })],
    pod: withClaim,
    says: `0/1 nodes are available: 1 node(s) had no available volume zone. preemption: 0/1 nodes are available: 1 ${noHelp}.`,
  },
  'a volume that is gone': {
    objects: [boundTo('v1')],
    pod: withClaim,
    says: `0/1 nodes are available: persistentvolume "v1" not found. preemption: 0/1 nodes are available: 1 ${noHelp}.`,
  },
  'a claim for one pod alone that another has': {
    objects: [boundTo('v1', { accessModes: ['ReadWriteOncePod'] }), volume({})],
    placed: [[0, withClaim]],
    pod: withClaim,
    says: `0/1 nodes are available: 1 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod. preemption: 0/1 nodes are available: 1 ${noVictims}.`,
  },
  'a disk that is mounted': {
    placed: [[0, spec({ volumes: [{ name: 'v', gcePersistentDisk: { pdName: 'd', readOnly: true } }] })]],
    pod: spec({ volumes: [{ name: 'v', gcePersistentDisk: { pdName: 'd' } }] }),
    says: `0/1 nodes are available: 1 node(s) had no available disk. preemption: 0/1 nodes are available: 1 ${noVictims}.`,
  },
  'a pod that must not preempt': {
    nodes: [{ allocatable: { cpu: '1' } }],
    placed: [[0, { requests: { cpu: '1' } }]],
    pod: { requests: { cpu: '1' }, ...spec({ priority: 10, preemptionPolicy: 'Never' }) },
    says: '0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.',
  },
  'victims that do not help': {
    nodes: [{ allocatable: { cpu: '2' } }],
    placed: [
      [0, { requests: { cpu: '1' } }],
      [0, { requests: { cpu: '1' }, ...spec({ priority: 100 }) }],
    ],
    pod: { requests: { cpu: '2' }, ...spec({ priority: 10 }) },
    says: '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 Insufficient cpu.',
  },
  'victims that do': {
    nodes: [{ allocatable: { cpu: '2' } }],
    placed: [[0, { requests: { cpu: '1' } }]],
    pod: { requests: { cpu: '2' }, ...spec({ priority: 10 }) },
    says: '0/1 nodes are available: 1 Insufficient cpu.',
  },
};

for (const [name, c] of Object.entries(cases))
  test(`FailedScheduling: ${name}`, async () => {
    const cluster = new TestCluster();
    const clock = new FakeClock();
    const stop = new AbortController();
    const { client, informers, recorder } = cluster;
    const s = startScheduler({ client, informers, recorder, clock, log: silent, random: () => 0.5 }, stop.signal);
    try {
      await clock.advance(0);
      for (const [i, shape] of (c.nodes ?? [{}]).entries()) cluster.put(Nodes, nodeNamed(`n${i}`, shape));
      for (const [row, object] of c.objects ?? []) cluster.put(row, object as KubeObject);
      for (const [i, [n, shape]] of (c.placed ?? []).entries())
        cluster.put(Pods, podNamed(`placed-${i}`, { ...shape, spec: { ...shape.spec, nodeName: `n${n}` } }));
      cluster.put(Pods, podNamed('x', c.pod));
      await clock.advance(0);
      const event = cluster.writes.find((w) => w.startsWith('event x '));
      assert.equal(event, `event x Warning FailedScheduling: ${c.says}`);
      assert.ok(cluster.writes.includes(`patch x PodScheduled=False Unschedulable: ${c.says}`));
    } finally {
      stop.abort();
      await s.stopped;
    }
  });
