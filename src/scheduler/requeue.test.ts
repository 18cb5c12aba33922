/** Which events wake a pod that a plug-in refused. A hint may err by waking in vain, never by letting a pod sleep that fits now. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Node, Pod } from '../api/core/v1/types.ts';
import { ClusterCache } from './cluster-cache.ts';
import { decide } from './decide.ts';
import type { ClusterEvent } from './framework.ts';
import { podInfoOf } from './pod-info.ts';
import { interPodAffinity } from './plugins/inter-pod-affinity.ts';
import { podTopologySpread } from './plugins/pod-topology-spread.ts';
import { defaultPlugins } from './plugins/table.ts';
import { nodeNamed, type PodShape, podNamed } from './test-cluster.ts';

const web = { app: 'web' };
const term = (namespaces?: readonly string[]) => [
  { labelSelector: { matchLabels: web }, topologyKey: 'zone', ...(namespaces && { namespaces }) },
];
const near = (ns?: readonly string[]): PodShape =>
  ({ spec: { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: term(ns) } } } }) as PodShape;
const far: PodShape = {
  spec: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: term() } } },
} as PodShape;
const spread: PodShape = {
  spec: {
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: web } },
    ],
  },
} as PodShape;
const on = (node: string, s: PodShape = {}): Pod => podNamed('other', { ...s, spec: { ...s.spec, nodeName: node } });
const zone = (z?: string): Node => nodeNamed('n', z === undefined ? {} : { labels: { zone: z } });

test('a pod that wants to be near wakes for pods it means and for nodes', () => {
  const pod = podNamed('x', near());
  const wakes = (e: ClusterEvent) => interPodAffinity.requeue!(e, pod);
  assert.ok(wakes({ kind: 'AssignedPodAdd', pod: on('n', { labels: web }) }));
  assert.ok(!wakes({ kind: 'AssignedPodAdd', pod: on('n', { labels: { app: 'db' } }) }));
  assert.ok(!wakes({ kind: 'AssignedPodAdd', pod: on('n', { labels: web, namespace: 'elsewhere' }) }));
  assert.ok(!wakes({ kind: 'AssignedPodDelete', pod: on('n', { labels: web }) }));
  assert.ok(wakes({ kind: 'NodeAdd', node: zone('a') }));
  assert.ok(wakes({ kind: 'NodeUpdate', old: zone('a'), node: zone('b') }));
  assert.ok(!wakes({ kind: 'NodeUpdate', old: zone('a'), node: zone('a') }));
});

test('a pod that wants to be near its own kind may be the first when the last has gone', () => {
  const first = podNamed('x', { ...near(), labels: web });
  const wakes = (e: ClusterEvent) => interPodAffinity.requeue!(e, first);
  assert.ok(wakes({ kind: 'AssignedPodDelete', pod: on('n', { labels: web }) }));
  assert.ok(wakes({ kind: 'AssignedPodUpdate', old: on('n', { labels: web }), pod: on('n') }));
  assert.ok(!wakes({ kind: 'AssignedPodDelete', pod: on('n', { labels: { app: 'db' } }) }));
});

test('a pod that is kept off wakes when who keeps it off goes', () => {
  const wakes = (e: ClusterEvent, pod: Pod) => interPodAffinity.requeue!(e, pod);
  const own = podNamed('x', far);
  assert.ok(wakes({ kind: 'AssignedPodDelete', pod: on('n', { labels: web }) }, own));
  assert.ok(!wakes({ kind: 'AssignedPodDelete', pod: on('n') }, own));
  assert.ok(wakes({ kind: 'AssignedPodUpdate', old: on('n', { labels: web }), pod: on('n') }, own));
  const shunned = podNamed('x', { labels: web });
  assert.ok(wakes({ kind: 'AssignedPodDelete', pod: on('n', far) }, shunned));
  assert.ok(!wakes({ kind: 'AssignedPodAdd', pod: on('n', far) }, shunned));
});

test('a pod that is spread wakes for pods that count and for nodes with the key', () => {
  const pod = podNamed('x', { ...spread, labels: web });
  const wakes = (e: ClusterEvent) => podTopologySpread.requeue!(e, pod);
  for (const kind of ['AssignedPodAdd', 'AssignedPodDelete'] as const) {
    assert.ok(wakes({ kind, pod: on('n', { labels: web }) }));
    assert.ok(!wakes({ kind, pod: on('n', { labels: { app: 'db' } }) }));
    assert.ok(!wakes({ kind, pod: on('n', { labels: web, namespace: 'elsewhere' }) }));
  }
  for (const kind of ['NodeAdd', 'NodeDelete'] as const) {
    assert.ok(wakes({ kind, node: zone('a') }));
    assert.ok(!wakes({ kind, node: zone() }));
  }
  assert.ok(wakes({ kind: 'NodeUpdate', old: zone(), node: zone('a') }));
  assert.ok(!wakes({ kind: 'NodeUpdate', old: zone('a'), node: zone('a') }));
});

const labels = fc.constantFrom<Readonly<Record<string, string>>>({ app: 'web' }, { app: 'db' }, {});
const shape = fc
  .tuple(labels, fc.constantFrom(near(), far, spread, {}), fc.constantFrom('500m', '1', '2', undefined), fc.boolean())
  .map(
    ([l, s, cpu, port]): PodShape => ({
      ...s,
      labels: l,
      ...(cpu && { requests: { cpu } }),
      ...(port && { hostPort: 80 }),
    }),
  );
const nodeShape = fc.record({
  zone: fc.constantFrom('a', 'b', undefined),
  cpu: fc.constantFrom('1', '2'),
  unschedulable: fc.boolean(),
  tainted: fc.boolean(),
});
const nodeOf = (
  name: string,
  s: { zone: string | undefined; cpu: string; unschedulable: boolean; tainted: boolean },
): Node =>
  nodeNamed(name, {
    allocatable: { cpu: s.cpu },
    ...(s.zone && { labels: { zone: s.zone } }),
    spec: {
      ...(s.unschedulable && { unschedulable: true }),
      ...(s.tainted && { taints: [{ key: 'k', effect: 'NoSchedule' }] }),
    },
  });

test('property: no event that makes a refused pod fit leaves it asleep', () => {
  fc.assert(
    fc.property(
      fc.array(nodeShape, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(2), shape), { maxLength: 4 }),
      shape,
      fc.oneof(
        fc.record({ what: fc.constant('add pod' as const), at: fc.nat(2), shape }),
        fc.record({ what: fc.constant('delete pod' as const), at: fc.nat(3) }),
        fc.record({ what: fc.constant('label pod' as const), at: fc.nat(3), labels }),
        fc.record({ what: fc.constant('add node' as const), node: nodeShape }),
        fc.record({ what: fc.constant('change node' as const), at: fc.nat(2), node: nodeShape }),
        fc.record({ what: fc.constant('delete node' as const), at: fc.nat(2) }),
      ),
      (nodes, placed, wanted, change) => {
        const cache = new ClusterCache({
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
        const made = nodes.map((s, i) => nodeOf(`n${i}`, s));
        for (const n of made) cache.setNode(n);
        const pods = placed.flatMap(([at, s], i) =>
          made[at] ? [podNamed(`p${i}`, { ...s, spec: { ...s.spec, nodeName: `n${at}` } })] : [],
        );
        for (const p of pods) cache.setPod(p);
        const pod = podInfoOf(podNamed('x', wanted));
        const attempt = () =>
          decide({
            pod,
            cluster: cache,
            plugins: defaultPlugins,
            nominated: () => [],
            startIndex: 0,
            random: () => 0.5,
          });
        const before = attempt();
        if (before.kind === 'node') return;
        let event: ClusterEvent;
        const victim = 'at' in change ? pods[change.at] : undefined;
        const node = 'at' in change ? made[change.at] : undefined;
        switch (change.what) {
          case 'add pod': {
            if (!node) return;
            const p = podNamed('new', {
              ...change.shape,
              spec: { ...change.shape.spec, nodeName: node.metadata.name ?? '' },
            });
            cache.setPod(p);
            event = { kind: 'AssignedPodAdd', pod: p };
            break;
          }
          case 'delete pod':
            if (!victim) return;
            cache.removePod(victim.metadata.uid ?? '');
            event = { kind: 'AssignedPodDelete', pod: victim };
            break;
          case 'label pod': {
            if (!victim) return;
            const p = { ...victim, metadata: { ...victim.metadata, labels: change.labels } } as Pod;
            cache.setPod(p);
            event = { kind: 'AssignedPodUpdate', old: victim, pod: p };
            break;
          }
          case 'add node': {
            const n = nodeOf('new', change.node);
            cache.setNode(n);
            event = { kind: 'NodeAdd', node: n };
            break;
          }
          case 'change node': {
            if (!node) return;
            const n = nodeOf(node.metadata.name ?? '', change.node);
            cache.setNode(n);
            event = { kind: 'NodeUpdate', old: node, node: n };
            break;
          }
          case 'delete node':
            if (!node) return;
            cache.removeNode(node.metadata.name ?? '');
            event = { kind: 'NodeDelete', node };
            break;
          default:
            return change satisfies never;
        }
        if (attempt().kind === 'none') return;
        const woken =
          before.plugins.size === 0 ||
          defaultPlugins.some((p) => before.plugins.has(p.name) && (p.requeue?.(event, pod.pod) ?? false));
        assert.ok(woken, `${[...before.plugins].join()} sleeps through ${change.what}`);
      },
    ),
    { numRuns: 3000 },
  );
});
