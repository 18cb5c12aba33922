import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Pod } from '../../api/core/v1/types.ts';
import { createLogger } from '../../base/log.ts';
import { container, podOf } from '../pod/pod-fixture.ts';
import { admit } from './admit.ts';
import { type Applicant, createGate } from './gate.ts';
import { podsToPreempt } from './preemption.ts';
import { sysctlName } from './sysctls.ts';

const node = (more: object = {}, spec: object = {}): Node =>
  ({
    metadata: { name: 'n1', labels: { 'kubernetes.io/os': 'linux', disk: 'ssd' } },
    spec,
    status: {
      allocatable: { cpu: '2', memory: '1Gi', 'ephemeral-storage': '10Gi', pods: '3', 'x.io/gpu': '1', ...more },
    },
  }) as unknown as Node;
const asking = (name: string, requests: object, spec: object = {}, metadata: object = {}): Pod =>
  podOf({ containers: [container('c', { resources: { requests } })], ...spec }, { name, uid: name, ...metadata });
const critical = { priority: 2_000_000_000 };

const ask = (pod: Pod, others: readonly Pod[] = [], n: Node = node(), pressures: readonly string[] = []) =>
  admit({ pod, others, node: n, pressures, apparmor: false });
const refusal = (pod: Pod, others?: readonly Pod[], n?: Node, pressures?: readonly string[]): string => {
  const a = ask(pod, others, n, pressures);
  return a.admit ? 'admitted' : `${a.refusal.reason}: ${a.refusal.message}`;
};
const port = (hostPort: number, hostIP?: string) => ({
  containers: [container('c', { ports: [{ containerPort: 1, hostPort, ...(hostIP && { hostIP }) }] })],
});

test('a pod that does not fit is told what the node lacks', () => {
  const half = asking('half', { cpu: '1500m', memory: '600Mi' });
  const out = (resource: string, requested: number, used: number, capacity: number) =>
    `OutOf${resource}: Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`;
  const predicate = (name: string, why: string) => `${name}: Predicate ${name} failed: ${why}`;
  const affinity = "node(s) didn't match Pod's node affinity/selector";
  const cases: readonly (readonly [string, string])[] = [
    [refusal(asking('a', {})), 'admitted'],
    [refusal(asking('a', { cpu: '500m' }), [half]), 'admitted'],
    [refusal(asking('a', { cpu: '600m' }), [half]), out('cpu', 600, 1500, 2000)],
    [refusal(asking('a', { memory: '1Gi' }), [half]), out('memory', 2 ** 30, 600 * 2 ** 20, 2 ** 30)],
    [refusal(asking('a', { 'ephemeral-storage': '11Gi' })), out('ephemeral-storage', 11 * 2 ** 30, 0, 10 * 2 ** 30)],
    [refusal(asking('a', { 'x.io/gpu': '2' })), out('x.io/gpu', 2, 0, 1)],
    [refusal(asking('a', { 'x.io/unknown': '2' })), 'admitted'],
    [refusal(asking('a', { 'hugepages-2Mi': '2Mi' })), out('hugepages-2Mi', 2 * 2 ** 20, 0, 0)],
    [refusal(asking('a', {}), [half, half, half]), out('pods', 1, 3, 3)],
    [refusal(asking('a', {}, { nodeSelector: { disk: 'hdd' } })), predicate('NodeAffinity', affinity)],
    [refusal(asking('a', { cpu: '3' }, { nodeSelector: { disk: 'hdd' } })), out('cpu', 3000, 0, 2000)],
    [
      refusal(podOf(port(80)), [podOf(port(80, '1.2.3.4'))]),
      predicate('NodePorts', "node(s) didn't have free ports for the requested pod ports"),
    ],
    [refusal(podOf(port(80, '1.2.3.5')), [podOf(port(80, '1.2.3.4'))]), 'admitted'],
    [
      refusal(asking('a', {}), [], node({}, { taints: [{ key: 'k', effect: 'NoExecute' }] })),
      predicate('TaintToleration', "node(s) had taints that the pod didn't tolerate"),
    ],
    [refusal(asking('a', {}), [], node({}, { taints: [{ key: 'k', effect: 'NoSchedule' }] })), 'admitted'],
    [
      refusal(asking('a', {}, { os: { name: 'windows' } })),
      "PodOSNotSupported: Failed to admit pod as the OS field doesn't match node OS",
    ],
    [
      refusal(asking('a', {}, { securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } })),
      'AppArmor: Cannot enforce AppArmor: AppArmor is not enabled on the host',
    ],
    [
      refusal(asking('a', {}, { securityContext: { supplementalGroupsPolicy: 'Strict' } })),
      'SupplementalGroupsPolicyNotSupported: SupplementalGroupsPolicy=Strict is not supported in this node',
    ],
  ];
  for (const [is, should] of cases) assert.equal(is, should);
});

test('under pressure only some come in', () => {
  const best = asking('best', {});
  const memory = ['MemoryPressure'];
  assert.equal(refusal(best, [], node(), memory), 'Evicted: The node had condition: [MemoryPressure]. ');
  assert.equal(refusal(asking('b', { cpu: '1m' }), [], node(), memory), 'admitted');
  assert.equal(refusal(asking('b', {}, critical), [], node(), [...memory, 'DiskPressure']), 'admitted');
  assert.equal(
    refusal(asking('b', { cpu: '1m' }), [], node(), [...memory, 'DiskPressure']),
    'Evicted: The node had condition: [MemoryPressure DiskPressure]. ',
  );
  const tolerations = [{ key: 'node.kubernetes.io/memory-pressure', operator: 'Exists' }];
  assert.equal(refusal(asking('b', {}, { tolerations }), [], node(), memory), 'admitted');
});

test('sysctls that reach beyond the pod are forbidden', () => {
  const wanting = (name: string, more: object = {}) =>
    refusal(asking('a', {}, { securityContext: { sysctls: [{ name, value: '1' }] }, ...more }));
  assert.equal(wanting('kernel.shm_rmid_forced'), 'admitted');
  assert.equal(wanting('net/ipv4/tcp_rmem'), 'admitted');
  assert.equal(wanting('kernel.msgmax'), 'SysctlForbidden: forbidden sysctl: "kernel.msgmax" not allowlisted');
  assert.equal(
    wanting('net.ipv4.tcp_syncookies', { hostNetwork: true }),
    'SysctlForbidden: forbidden sysctl: "net.ipv4.tcp_syncookies" not allowed with host Net enabled',
  );
  assert.equal(
    wanting('kernel.shm_rmid_forced', { hostIPC: true }),
    'SysctlForbidden: forbidden sysctl: "kernel.shm_rmid_forced" not allowed with host IPC enabled',
  );
  assert.equal(sysctlName('net/ipv4/conf/eth0.1/x'), 'net.ipv4.conf.eth0/1.x');
  assert.equal(sysctlName('net.ipv4.conf.eth0/1.x'), 'net.ipv4.conf.eth0/1.x');
});

test('a critical pod makes room: best effort first, as few as will do', () => {
  const others = [
    asking('small', { cpu: '100m' }),
    asking('large', { cpu: '900m' }),
    asking('sure', { cpu: '1', memory: '1Mi' }, critical),
  ];
  const a = ask(asking('new', { cpu: '800m' }, critical), others, node({ pods: '9' }));
  assert.deepEqual(a.admit && a.preempt.map((p) => p.metadata.name), ['large']);
  const none = refusal(asking('new', { cpu: '1500m' }, critical), others, node({ pods: '9' }));
  assert.match(
    none,
    /^UnexpectedAdmissionError: .*preemption: error finding a set of pods to preempt: no set of running pods found to reclaim resources: \[\(res: cpu, q: 500\), \]$/,
  );
  const best = asking('best', {});
  const chosen = podsToPreempt(asking('new', {}, critical), [...others, best], new Map([['pods', 1]]));
  assert.deepEqual(
    chosen.map((p) => p.metadata.name),
    ['best'],
  );
});

test('those that come together come in by age, and labels are looked at again before they keep a pod out', async () => {
  const order: string[] = [];
  const applicant = (name: string, age: string, spec: object = {}): Applicant => ({
    uid: name,
    pod: asking(name, { cpu: '1500m' }, spec, { creationTimestamp: age }),
    isWaiting: true,
    admit: () => order.push(`+${name}`),
    refuse: (r) => order.push(`-${name} ${r.reason}`),
  });
  let fresh = 0;
  const inside: Pod[] = [];
  const gate = createGate({
    async judge(pod, again) {
      if (again) fresh++;
      const n = node();
      const seen = again ? { ...n, metadata: { ...n.metadata, labels: { late: 'yes' } } } : n;
      return ask(pod, inside, seen);
    },
    preempt: async () => undefined,
    event: () => undefined,
    log: createLogger({ write: () => undefined }),
  });
  const first = applicant('young', '2026-01-02T00:00:00Z');
  gate.enter(first);
  gate.enter({
    ...applicant('old', '2026-01-01T00:00:00Z'),
    admit() {
      order.push('+old');
      inside.push(first.pod);
    },
  });
  gate.enter({
    ...applicant('picky', '2026-01-03T00:00:00Z', { nodeSelector: { late: 'yes' } }),
    pod: asking('picky', {}, { nodeSelector: { late: 'yes' } }, { creationTimestamp: '2026-01-03T00:00:00Z' }),
  });
  for (let i = 0; i < 20; i++) await Promise.resolve();
  assert.deepEqual(order, ['+old', '-young OutOfcpu', '+picky']);
  assert.equal(fresh, 1);
});
