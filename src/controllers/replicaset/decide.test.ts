import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ReplicaSet } from '../../api/apps/v1/types.ts';
import type { Pod } from '../../api/core/v1/types.ts';
import { statusEqual } from '../semantic-equal.ts';
import { burstReplicas, decideReplicas, nextAvailability, replicaSetStatus } from './decide.ts';
import { podsToDelete } from './deletion-order.ts';

const now = Date.parse('2026-01-01T01:00:00Z');
interface Shape {
  readonly name: string;
  readonly node?: string;
  readonly phase?: string;
  readonly ready?: boolean;
  readonly since?: string;
  readonly cost?: string;
  readonly leaving?: boolean;
  readonly restarts?: number;
}
const pod = (p: Shape): Pod =>
  ({
    metadata: {
      namespace: 'a',
      name: p.name,
      uid: p.name,
      labels: { app: 'web' },
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(p.cost !== undefined && { annotations: { 'controller.kubernetes.io/pod-deletion-cost': p.cost } }),
      ...(p.leaving && { deletionTimestamp: '2026-01-01T00:30:00Z' }),
    },
    spec: { nodeName: p.node ?? 'n1', containers: [] },
    status: {
      phase: p.phase ?? 'Running',
      conditions: [
        {
          type: 'Ready',
          status: p.ready === false ? 'False' : 'True',
          lastTransitionTime: p.since ?? '2026-01-01T00:10:00Z',
        },
      ],
      ...(p.restarts && { containerStatuses: [{ restartCount: p.restarts }] }),
    },
  }) as unknown as Pod;
const set = (replicas: number, extra: object = {}): ReplicaSet =>
  ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { namespace: 'a', name: 'web', uid: 'web', generation: 2 },
    spec: { replicas, selector: {}, template: { metadata: { labels: { app: 'web' } } }, ...extra },
    status: { replicas: 0 },
  }) as unknown as ReplicaSet;
const view = (replicaSet: ReplicaSet, pods: readonly Pod[]) => ({ replicaSet, pods, related: pods });

test('what goes first: not placed, pending, not ready, cheap, crowded nodes, young, restarted', () => {
  const first = (...shapes: readonly Shape[]) =>
    podsToDelete(shapes.map(pod), shapes.map(pod), 1, now)[0]?.metadata.name;
  assert.equal(first({ name: 'a' }, { name: 'b', node: '', phase: 'Pending' }), 'b');
  assert.equal(first({ name: 'a' }, { name: 'b', phase: 'Pending' }), 'b');
  assert.equal(first({ name: 'a' }, { name: 'b', ready: false }), 'b');
  assert.equal(first({ name: 'a', cost: '5' }, { name: 'b', cost: '-1' }), 'b');
  assert.equal(first({ name: 'a', cost: '+5' }, { name: 'b', cost: '1' }), 'a');
  assert.equal(first({ name: 'a', node: 'n2' }, { name: 'b' }, { name: 'c' }), 'b');
  assert.equal(first({ name: 'a' }, { name: 'b', since: '2026-01-01T00:59:00Z' }), 'b');
  assert.equal(first({ name: 'a' }, { name: 'b', restarts: 3 }), 'b');
});

test('finished and leaving pods do not count; at most a burst is made at once; a set that goes does nothing', () => {
  const pods = [pod({ name: 'a' }), pod({ name: 'b', phase: 'Failed' }), pod({ name: 'c', leaving: true })];
  assert.deepEqual(decideReplicas(view(set(3), pods), now), { create: 2, delete: [] });
  assert.equal(decideReplicas(view(set(10_000), []), now).create, burstReplicas);
  const going = { ...set(3), metadata: { ...set(3).metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
  assert.deepEqual(decideReplicas(view(going, []), now), { create: 0, delete: [] });
});

test('the status counts, and tells of a failure until it is over', () => {
  const pods = [pod({ name: 'a' }), pod({ name: 'b', ready: false }), pod({ name: 'c', leaving: true })];
  const failed = replicaSetStatus(view(set(3), pods), 'quota', now);
  assert.deepEqual(
    [
      failed.replicas,
      failed.fullyLabeledReplicas,
      failed.readyReplicas,
      failed.availableReplicas,
      failed.terminatingReplicas,
    ],
    [2, 2, 1, 1, 1],
  );
  assert.equal(failed.observedGeneration, 2);
  assert.deepEqual(failed.conditions, [
    {
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: 'quota',
      lastTransitionTime: '2026-01-01T01:00:00Z',
    },
  ]);
  const next = replicaSetStatus(view({ ...set(3), status: failed }, pods), undefined, now);
  assert.deepEqual(next.conditions, []);
});

test('a pod becomes available minReadySeconds after it became ready', () => {
  const pods = [pod({ name: 'a', since: '2026-01-01T00:59:50Z' })];
  const slow = view(set(1, { minReadySeconds: 30 }), pods);
  assert.equal(replicaSetStatus(slow, undefined, now).availableReplicas, 0);
  assert.equal(nextAvailability(slow, now), 20_000);
  assert.equal(replicaSetStatus(slow, undefined, now + 20_000).availableReplicas, 1);
  assert.equal(nextAvailability(slow, now + 20_000), undefined);
});

test('from any pods: after the change the number is right, and status and change have nothing left to do', () => {
  const shapes = fc.array(
    fc.record({
      phase: fc.constantFrom('Pending', 'Running', 'Failed', 'Succeeded'),
      ready: fc.boolean(),
      leaving: fc.boolean(),
      node: fc.constantFrom('', 'n1', 'n2'),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(shapes, fc.integer({ min: 0, max: 20 }), (list, replicas) => {
      const pods = list.map((s, i) => pod({ ...s, name: `p${i}` }));
      const change = decideReplicas(view(set(replicas), pods), now);
      assert.equal(new Set(change.delete).size, change.delete.length);
      const after = [
        ...pods.filter((p) => !change.delete.includes(p)),
        ...Array.from({ length: change.create }, (_, i) => pod({ name: `new${i}` })),
      ];
      assert.deepEqual(decideReplicas(view(set(replicas), after), now), { create: 0, delete: [] });
      const status = replicaSetStatus(view(set(replicas), after), undefined, now);
      assert.equal(status.replicas, replicas);
      assert.ok(statusEqual(replicaSetStatus(view({ ...set(replicas), status }, after), undefined, now), status));
    }),
  );
});
