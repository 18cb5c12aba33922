import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Nodes, Pods } from '../api/core/v1/resources.ts';
import type { Pod } from '../api/core/v1/types.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { silent } from '../base/log.ts';
import { startScheduler } from './scheduler.ts';
import { nodeNamed, podNamed, TestCluster } from './test-cluster.ts';

async function withScheduler(run: (c: TestCluster, clock: FakeClock) => Promise<void>): Promise<void> {
  const cluster = new TestCluster();
  const clock = new FakeClock();
  const stop = new AbortController();
  const { client, informers, recorder } = cluster;
  const s = startScheduler({ client, informers, recorder, clock, log: silent, random: () => 0.5 }, stop.signal);
  try {
    await clock.advance(0);
    await run(cluster, clock);
  } finally {
    stop.abort();
    await s.stopped;
  }
  assert.equal(clock.pending, 0, 'no timer is left');
}

test('a pod is bound to the node that has room, and says so', () =>
  withScheduler(async (c, clock) => {
    c.put(Nodes, nodeNamed('full', { allocatable: { cpu: '1' } }));
    c.put(Nodes, nodeNamed('node1'));
    c.put(Pods, podNamed('x', { requests: { cpu: '2' } }));
    await clock.advance(0);
    assert.deepEqual(c.writes, ['bind x node1', 'event x Normal Scheduled: Successfully assigned default/x to node1']);
  }));

test('a pod that fits nowhere says why and is tried again when a pod leaves', () =>
  withScheduler(async (c, clock) => {
    c.put(Nodes, nodeNamed('node1', { allocatable: { cpu: '1' } }));
    const old = podNamed('old', { requests: { cpu: '800m' }, spec: { nodeName: 'node1' } });
    c.put(Pods, old);
    c.put(Pods, podNamed('x', { requests: { cpu: '500m' } }));
    await clock.advance(0);
    const why =
      '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';
    assert.deepEqual(c.writes.splice(0), [
      `event x Warning FailedScheduling: ${why}`,
      `patch x PodScheduled=False Unschedulable: ${why}`,
    ]);
    await clock.advance(60_000);
    assert.deepEqual(c.writes, []);
    c.delete(Pods, old);
    await clock.advance(0);
    assert.equal(c.writes[0], 'bind x node1');
  }));

test('a cluster without nodes', () =>
  withScheduler(async (c, clock) => {
    c.put(Pods, podNamed('x'));
    await clock.advance(0);
    assert.equal(c.writes[0], 'event x Warning FailedScheduling: no nodes available to schedule pods');
    c.put(Nodes, nodeNamed('n'));
    await clock.advance(0);
    assert.ok(c.writes.includes('bind x n'));
  }));

test('pods of another scheduler, gated pods and pods being deleted are left alone', () =>
  withScheduler(async (c, clock) => {
    c.put(Nodes, nodeNamed('n'));
    c.put(Pods, podNamed('other', { spec: { schedulerName: 'mine' } }));
    const leaving = podNamed('leaving');
    c.put(Pods, { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });
    const gated = podNamed('gated', { spec: { schedulingGates: [{ name: 'example.com/a' }] } });
    c.put(Pods, gated);
    await clock.advance(0);
    assert.deepEqual(c.writes.splice(0), [
      'patch gated PodScheduled=False SchedulingGated: Scheduling is blocked due to non-empty scheduling gates',
    ]);
    c.put(Pods, { ...gated, spec: { ...gated.spec, schedulingGates: [] } } as Pod);
    await clock.advance(0);
    assert.equal(c.writes[0], 'bind gated n');
  }));

test('a pod of higher priority evicts the cheapest pods and gets their node', () =>
  withScheduler(async (c, clock) => {
    for (const [node, priority] of [
      ['n1', 5],
      ['n2', 3],
    ] as const) {
      c.put(Nodes, nodeNamed(node, { allocatable: { cpu: '1' } }));
      c.put(Pods, podNamed(`low-${node}`, { requests: { cpu: '900m' }, spec: { nodeName: node, priority } }));
    }
    const vip = podNamed('vip', { requests: { cpu: '500m' }, spec: { priority: 100 } });
    c.put(Pods, vip);
    await clock.advance(0);
    assert.ok(
      c.writes.includes(
        'patch low-n2 DisruptionTarget=True PreemptionByScheduler: default-scheduler: preempting to accommodate a higher priority pod',
      ),
    );
    assert.ok(c.writes.includes(`event low-n2 Normal Preempted: Preempted by pod ${vip.metadata.uid} on node n2`));
    assert.ok(!c.writes.some((w) => w.includes('low-n1')));
    await clock.advance(1_000);
    assert.ok(c.writes.includes('bind vip n2'));
  }));

test('a binding that fails is tried again after a second', () =>
  withScheduler(async (c, clock) => {
    c.failBindings = 1;
    c.put(Nodes, nodeNamed('n'));
    c.put(Pods, podNamed('x'));
    await clock.advance(0);
    assert.equal(
      c.writes[0],
      'event x Warning FailedScheduling: running Bind plugin "DefaultBinder": the server is away',
    );
    assert.ok(!c.writes.includes('bind x n'));
    await clock.advance(1_000);
    assert.ok(c.writes.includes('bind x n'));
  }));

const low = (name: string) => podNamed(name, { requests: { cpu: '900m' }, spec: { nodeName: 'n', priority: 1 } });
const nominated = (c: TestCluster, name: string): string | undefined =>
  (c.store(Pods).get(`default/${name}`) as Pod | undefined)?.status.nominatedNodeName;

test('a node promised to a pod is taken back when a more important one needs it', () =>
  withScheduler(async (c, clock) => {
    c.put(Nodes, nodeNamed('n', { allocatable: { cpu: '1' } }));
    const old = low('old');
    c.put(Pods, { ...old, metadata: { ...old.metadata, finalizers: ['stay'] } } as Pod);
    c.keeps.add('old');
    c.put(Pods, podNamed('mid', { requests: { cpu: '900m' }, spec: { priority: 5 } }));
    await clock.advance(0);
    assert.equal(nominated(c, 'mid'), 'n');
    c.put(Pods, podNamed('vip', { requests: { cpu: '900m' }, spec: { priority: 9 } }));
    await clock.advance(0);
    assert.equal(nominated(c, 'vip'), 'n');
    assert.equal(nominated(c, 'mid') ?? '', '');
    c.keeps.delete('old');
    c.delete(Pods, c.store(Pods).get('default/old')!);
    await clock.advance(2_000);
    assert.ok(c.writes.includes('bind vip n'));
    assert.ok(!c.writes.includes('bind mid n'));
  }));

test('an eviction that fails is tried again with the pod it was for', () =>
  withScheduler(async (c, clock) => {
    c.put(Nodes, nodeNamed('n', { allocatable: { cpu: '1' } }));
    c.put(Pods, low('old'));
    c.failDeletions = 1;
    c.put(Pods, podNamed('vip', { requests: { cpu: '900m' }, spec: { priority: 9 } }));
    await clock.advance(0);
    assert.ok(!c.writes.includes('delete old'));
    await clock.advance(1_000);
    assert.ok(c.writes.includes('delete old'));
    await clock.advance(2_000);
    assert.ok(c.writes.includes('bind vip n'));
  }));

test('a pod that is deleted while it waits is not bound', () =>
  withScheduler(async (c, clock) => {
    c.put(Pods, podNamed('x'));
    const x = c.store(Pods).get('default/x') as Pod;
    await clock.advance(0);
    c.writes.length = 0;
    c.put(Nodes, nodeNamed('n'));
    c.put(Pods, { ...x, metadata: { ...x.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } } as Pod);
    await clock.advance(5_000);
    assert.ok(!c.writes.some((w) => w.startsWith('bind')));
  }));

test('a node that goes lets a pod be placed that was to be spread over it', () =>
  withScheduler(async (c, clock) => {
    const labels = { app: 'web' };
    const zone = (name: string, more: object = {}) => nodeNamed(name, { labels: { zone: name }, ...more });
    c.put(Nodes, zone('a'));
    c.put(Nodes, zone('b', { spec: { unschedulable: true } }));
    c.put(Pods, podNamed('one', { labels, spec: { nodeName: 'a' } }));
    const topologySpreadConstraints = [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: labels } },
    ];
    c.put(Pods, podNamed('two', { labels, spec: { topologySpreadConstraints } as never }));
    await clock.advance(20_000);
    assert.ok(!c.writes.some((w) => w.startsWith('bind')));
    c.delete(Nodes, c.store(Nodes).get('b')!);
    await clock.advance(0);
    assert.ok(c.writes.includes('bind two a'));
  }));

test('the room promised to a pod that is deleted is free at once', () =>
  withScheduler(async (c, clock) => {
    c.put(Nodes, nodeNamed('n', { allocatable: { cpu: '2' } }));
    c.put(Pods, { ...low('old') });
    c.keeps.add('old');
    c.put(Pods, podNamed('vip', { requests: { cpu: '1900m' }, spec: { priority: 9 } }));
    await clock.advance(0);
    c.put(Pods, podNamed('small', { requests: { cpu: '500m' }, spec: { preemptionPolicy: 'Never' } }));
    await clock.advance(20_000);
    assert.ok(!c.writes.includes('bind small n'));
    c.delete(Pods, c.store(Pods).get('default/vip')!);
    await clock.advance(0);
    assert.ok(c.writes.includes('bind small n'));
  }));
