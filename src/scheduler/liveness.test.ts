/**
 * The whole scheduler under random change: nodes and pods come, change and go, bindings and evictions fail. It never fills a node
 * beyond what it has, and when all is quiet no pod waits that a node could take.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Nodes, Pods } from '../api/core/v1/resources.ts';
import type { Node, Pod } from '../api/core/v1/types.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { silent } from '../base/log.ts';
import { milliValue } from '../machinery/index.ts';
import { ClusterCache } from './cluster-cache.ts';
import { decide } from './decide.ts';
import { podInfoOf } from './pod-info.ts';
import { defaultPlugins } from './plugins/table.ts';
import { startScheduler } from './scheduler.ts';
import { nodeNamed, podNamed, TestCluster } from './test-cluster.ts';

const zones = fc.constantFrom('a', 'b');
const cpus = fc.constantFrom('1', '2', '3');
const apps = fc.constantFrom('web', 'db');
const kinds = fc.constantFrom('plain', 'far', 'near', 'spread', 'selects');
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pod' as const), cpu: cpus, app: apps, kind: kinds, priority: fc.nat(2) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete pod' as const), n: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('node' as const), zone: zones, cpu: cpus }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cordon' as const), n: fc.nat(5), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('label' as const), n: fc.nat(5), zone: zones }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete node' as const), n: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), bindings: fc.nat(2), deletions: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 100, 1_500, 12_000) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const term = (app: string) => [{ labelSelector: { matchLabels: { app } }, topologyKey: 'zone' }];
function specOf(kind: string, app: string, zone: string): Partial<Pod['spec']> {
  const required = { requiredDuringSchedulingIgnoredDuringExecution: term(app) };
  switch (kind) {
    case 'far':
      return { affinity: { podAntiAffinity: required } } as Partial<Pod['spec']>;
    case 'near':
      return { affinity: { podAffinity: required } } as Partial<Pod['spec']>;
    case 'spread':
      return {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'zone',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app } },
          },
        ],
      } as Partial<Pod['spec']>;
    case 'selects':
      return { nodeSelector: { zone } };
    default:
      return {};
  }
}

const pods = (c: TestCluster): readonly Pod[] => c.store(Pods).list() as readonly Pod[];
const nodes = (c: TestCluster): readonly Node[] => c.store(Nodes).list() as readonly Node[];
const cpuOf = (p: Pod): number => milliValue(p.spec.containers[0]?.resources?.requests?.['cpu'] ?? '0');

function fitsEverywhere(c: TestCluster): void {
  for (const n of nodes(c)) {
    const used = pods(c)
      .filter((p) => p.spec.nodeName === n.metadata.name)
      .reduce((sum, p) => sum + cpuOf(p), 0);
    const has = milliValue(n.status.allocatable?.['cpu'] ?? '0');
    assert.ok(used <= has, `${n.metadata.name} has ${has}m and holds ${used}m`);
  }
}

/** Pods that wait though a node could take them. */
function forgotten(c: TestCluster): readonly string[] {
  const cluster = new ClusterCache({
    namespaceLabels: () => ({}),
    defaultSelector: () => undefined,
    volumes: {
      claim: () => undefined,
      volume: () => undefined,
      volumesOfClass: () => [],
      storageClass: () => undefined,
      promised: new Map(),
    },
  });
  for (const n of nodes(c)) cluster.setNode(n);
  for (const p of pods(c)) if (p.spec.nodeName) cluster.setPod(p);
  return pods(c)
    .filter((p) => !p.spec.nodeName)
    .filter((p) => {
      const input = { pod: podInfoOf(p), cluster, plugins: defaultPlugins, startIndex: 0, random: () => 0.5 };
      return decide({ ...input, nominated: () => [] }).kind === 'node';
    })
    .map((p) => p.metadata.name ?? '');
}

function perform(c: TestCluster, s: Step, made: { n: number }): void {
  const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
  switch (s.do) {
    case 'pod':
      c.put(
        Pods,
        podNamed(`p${made.n++}`, {
          labels: { app: s.app },
          requests: { cpu: s.cpu },
          spec: { priority: s.priority, ...specOf(s.kind, s.app, 'a') },
        }),
      );
      break;
    case 'delete pod': {
      const p = pick(pods(c), s.n);
      if (p) c.delete(Pods, p);
      break;
    }
    case 'node':
      c.put(Nodes, nodeNamed(`n${made.n++}`, { labels: { zone: s.zone }, allocatable: { cpu: s.cpu } }));
      break;
    case 'cordon': {
      const n = pick(nodes(c), s.n);
      if (n) c.put(Nodes, { ...n, spec: { ...n.spec, unschedulable: s.on } } as Node);
      break;
    }
    case 'label': {
      const n = pick(nodes(c), s.n);
      if (n)
        c.put(Nodes, { ...n, metadata: { ...n.metadata, labels: { ...n.metadata.labels, zone: s.zone } } } as Node);
      break;
    }
    case 'delete node': {
      const n = pick(nodes(c), s.n);
      if (!n) break;
      c.delete(Nodes, n);
      // As the pod garbage collector does.
      for (const p of pods(c)) if (p.spec.nodeName === n.metadata.name) c.delete(Pods, p);
      break;
    }
    case 'fail':
      c.failBindings = s.bindings;
      c.failDeletions = s.deletions;
      break;
    case 'wait':
      break;
    default:
      s satisfies never;
  }
}

test('property: no node is filled beyond what it has, and no pod waits that a node could take', () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      const cluster = new TestCluster();
      const clock = new FakeClock();
      const stop = new AbortController();
      const { client, informers, recorder } = cluster;
      const s = startScheduler({ client, informers, recorder, clock, log: silent, random: () => 0.5 }, stop.signal);
      try {
        await clock.advance(0);
        const made = { n: 0 };
        for (const one of steps) {
          perform(cluster, one, made);
          if (one.do === 'wait') await clock.advance(one.ms);
          fitsEverywhere(cluster);
        }
        cluster.failBindings = 0;
        cluster.failDeletions = 0;
        // Longer than any back-off, shorter than the flush that looks at every pod again.
        for (let i = 0; i < 40; i++) await clock.advance(1_000);
        fitsEverywhere(cluster);
        assert.deepEqual(forgotten(cluster), []);
      } finally {
        stop.abort();
        await s.stopped;
      }
      assert.equal(clock.pending, 0);
    }),
    { numRuns: 150 },
  ));
