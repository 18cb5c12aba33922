import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Lease } from '../../api/coordination/v1/types.ts';
import type { Node, Pod, Taint, Toleration } from '../../api/core/v1/types.ts';
import { rfc3339 } from '../../base/clock.ts';
import { cidrText, nextFreePart, parseCidr, partAt, partCount } from './cidr.ts';
import { type NodeHealth, observeNode, silentNode } from './health.ts';
import { decideEviction } from './taint-eviction.ts';
import { hasNoExecute, missingLabels, wantedNoExecute, withNoExecute, withNoSchedule } from './taints.ts';
import { judgeZones, ratePerSecond, zoneState } from './zones.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const grace = { monitorMs: 50_000, startupMs: 60_000 };
interface NodeOptions {
  readonly heartbeat?: number;
  readonly zone?: string;
  readonly taints?: readonly Taint[];
  readonly unschedulable?: boolean;
}
const node = (name: string, ready: string | undefined, o: NodeOptions = {}): Node =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      creationTimestamp: rfc3339(start),
      labels: o.zone ? { 'topology.kubernetes.io/zone': o.zone } : {},
    },
    spec: { taints: o.taints, unschedulable: o.unschedulable },
    status: {
      conditions: ready
        ? [
            {
              type: 'Ready',
              status: ready,
              lastHeartbeatTime: rfc3339(o.heartbeat ?? start),
              lastTransitionTime: rfc3339(start),
            },
          ]
        : [],
    },
  }) as unknown as Node;
const lease = (renewedAt: number): Lease =>
  ({ metadata: {}, spec: { renewTime: new Date(renewedAt).toISOString().slice(0, 23) + '000Z' } }) as unknown as Lease;
const conditions = (n: Node | undefined): readonly string[] =>
  (n?.status.conditions ?? []).map((c) => `${c.type}=${c.status} ${c.reason}`);

test('a node lives by its lease alone, and is unknown once both fell silent for the grace period', () => {
  const n = node('n', 'True');
  let h: NodeHealth = observeNode(undefined, n, lease(start), start);
  for (let t = start; t <= start + 300_000; t += 10_000) {
    h = observeNode(h, n, lease(t), t);
    assert.equal(silentNode(n, h, grace, t), undefined);
  }
  const last = start + 300_000;
  h = observeNode(h, n, lease(last), last + 50_000);
  assert.equal(silentNode(n, h, grace, last + 50_000), undefined);
  assert.deepEqual(conditions(silentNode(n, h, grace, last + 50_001)), [
    'Ready=Unknown NodeStatusUnknown',
    'MemoryPressure=Unknown NodeStatusNeverUpdated',
    'DiskPressure=Unknown NodeStatusNeverUpdated',
    'PIDPressure=Unknown NodeStatusNeverUpdated',
  ]);
});

test('a heartbeat of the status is a sign of life though the clock of the node is wrong', () => {
  const h = observeNode(undefined, node('n', 'True', { heartbeat: 0 }), undefined, start);
  assert.equal(
    observeNode(h, node('n', 'True', { heartbeat: 1_000 }), undefined, start + 9_000).probeAt,
    start + 9_000,
  );
  assert.equal(observeNode(h, node('n', 'True', { heartbeat: 0 }), undefined, start + 9_000).probeAt, start);
});

test('a node that never posted a status has the startup grace; judged once, it is not judged again', () => {
  const n = node('n', undefined);
  const h = observeNode(undefined, n, undefined, start);
  assert.equal(silentNode(n, h, grace, start + 60_000), undefined);
  const silent = silentNode(n, h, grace, start + 60_001)!;
  assert.equal(conditions(silent)[0], 'Ready=Unknown NodeStatusNeverUpdated');
  assert.equal(silentNode(silent, { ...h, probeAt: start }, grace, start + 200_000), undefined);
});

test('taints follow conditions; what others put there stays; applied, nothing is left to do', () => {
  const foreign: Taint = { key: 'dedicated', value: 'x', effect: 'NoSchedule' };
  fc.assert(
    fc.property(
      fc.constantFrom('True', 'False', 'Unknown'),
      fc.boolean(),
      fc.constantFrom<readonly Taint[]>(
        [foreign],
        [foreign, { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }],
        [foreign, { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }],
      ),
      (ready, unschedulable, taints) => {
        const n = node('n', ready, { unschedulable, taints });
        const scheduled = withNoSchedule(n, start) ?? taints;
        const executed =
          withNoExecute({ ...n, spec: { ...n.spec, taints: scheduled } }, wantedNoExecute(n), start) ?? scheduled;
        const after = { ...n, spec: { ...n.spec, taints: executed } };
        assert.ok(executed.includes(foreign));
        assert.equal(withNoSchedule(after, start), undefined);
        assert.equal(withNoExecute(after, wantedNoExecute(after), start), undefined);
        assert.equal(hasNoExecute(after, 'node.kubernetes.io/not-ready'), ready === 'False');
        assert.equal(hasNoExecute(after, 'node.kubernetes.io/unreachable'), ready === 'Unknown');
        assert.equal(
          executed.some((t) => t.key === 'node.kubernetes.io/unschedulable'),
          unschedulable,
        );
      },
    ),
  );
});

test('old label names follow the new ones', () => {
  const n = node('n', 'True');
  const labels = { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'beta.kubernetes.io/arch': 'arm' };
  assert.deepEqual(missingLabels({ ...n, metadata: { ...n.metadata, labels } }), {
    'beta.kubernetes.io/os': 'linux',
    'beta.kubernetes.io/arch': 'amd64',
  });
});

test('a zone is disrupted in part from 55 % on, and the fewer nodes the less is evicted', () => {
  const of = (ready: number, silent: number) => [
    ...Array.from({ length: ready }, (_, i) => node(`r${i}`, 'True')),
    ...Array.from({ length: silent }, (_, i) => node(`s${i}`, 'Unknown')),
  ];
  assert.equal(zoneState(of(1, 2)), 'Normal');
  assert.equal(zoneState(of(2, 3)), 'PartialDisruption');
  assert.equal(zoneState(of(3, 3)), 'Normal');
  assert.equal(zoneState(of(0, 1)), 'FullDisruption');
  assert.equal(ratePerSecond('PartialDisruption', 50), 0);
  assert.equal(ratePerSecond('PartialDisruption', 51), 0.01);
  assert.equal(ratePerSecond('FullDisruption', 3), 0.1);
  assert.equal(judgeZones([node('a', 'Unknown', { zone: 'x' }), node('b', 'True', { zone: 'y' })]).allDark, false);
  assert.equal(judgeZones([node('a', 'Unknown', { zone: 'x' }), node('b', 'False', { zone: 'y' })]).allDark, true);
});

const notReady: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' };
const pod = (...tolerations: Toleration[]): Pod =>
  ({ metadata: { name: 'p', namespace: 'd' }, spec: { containers: [], tolerations }, status: {} }) as unknown as Pod;
const tolerates = (tolerationSeconds?: number): Toleration =>
  ({ key: notReady.key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds }) as Toleration;

test('a pod goes at once, after its toleration, or never', () => {
  const at = (p: Pod, taints: readonly Taint[]) => decideEviction(p, taints, undefined, start)?.at;
  assert.equal(at(pod(), []), undefined);
  assert.equal(at(pod(), [{ ...notReady, effect: 'NoSchedule' }]), undefined);
  assert.equal(at(pod(), [notReady]), start);
  assert.equal(at(pod(tolerates(300)), [notReady]), start + 300_000);
  assert.equal(at(pod(tolerates(-5)), [notReady]), start);
  assert.equal(at(pod(tolerates()), [notReady]), undefined);
  assert.equal(at(pod(tolerates(300)), [notReady, { key: 'other', effect: 'NoExecute' }]), start);
});

test('time that passes or a change of taint never puts an eviction off', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 600 }),
      fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 8 }),
      (seconds, steps) => {
        let now = start;
        let plan = decideEviction(pod(tolerates(seconds)), [notReady], undefined, now);
        for (const step of steps) {
          now += step;
          const next = decideEviction(pod(tolerates(seconds)), [notReady], plan, now);
          assert.ok(next && plan && next.at <= plan.at);
          plan = next;
        }
        assert.equal(plan?.at, start + seconds * 1000);
      },
    ),
  );
});

test('prefixes are read and written in canonical form', () => {
  const cases = [
    ['10.244.3.7/16', '10.244.0.0/16'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['fd00:10:244::/48', 'fd00:10:244::/48'],
    ['2001:db8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1/128'],
    ['::/0', '::/0'],
  ] as const;
  for (const [text, canonical] of cases) assert.equal(cidrText(parseCidr(text)), canonical);
  for (const bad of ['10.0.0.0', '10.0.0/8', '10.0.0.0/33', '1:2/64', '256.0.0.0/8', ':::/3'])
    assert.throws(() => parseCidr(bad), /invalid CIDR address/);
});

test('nodes get different parts of the network until none is left', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 }), fc.nat(40), (bits, from) => {
      const whole = parseCidr(`10.0.0.0/${24 - bits}`);
      const used = new Set<string>();
      const n = partCount(whole, 24);
      assert.equal(n, 2 ** bits);
      for (let i = 0; i < n; i++) {
        const part = nextFreePart(whole, 24, (t) => used.has(t), from);
        assert.equal(part?.text, cidrText(partAt(whole, 24, (from + i) % n)));
        used.add(part!.text);
      }
      assert.equal(
        nextFreePart(whole, 24, (t) => used.has(t), from),
        undefined,
      );
    }),
  );
});
