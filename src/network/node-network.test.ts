import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../api/core/v1/types.ts';
import { cniConflist, hostPortRules, hostPorts, masqueradeRules, type NodeNetwork } from './node-network.ts';

const network: NodeNetwork = {
  bridge: 'k8ts0',
  podCidr: '10.244.0.0/24',
  clusterCidr: '10.244.0.0/16',
  gateway: '10.244.0.1',
  mtu: 1500,
  ipamDir: '/x',
};
const pod = (name: string, ports: object[], more: object = {}, spec: object = {}): Pod =>
  ({
    metadata: { uid: name, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { containers: [{ name: 'c', ports }], ...spec },
    status: { podIP: '10.244.0.5', phase: 'Running', ...more },
  }) as unknown as Pod;

const cases: readonly [string, Pod[], string[]][] = [
  ['a pod without host ports', [pod('a', [{ containerPort: 80 }])], []],
  ['one port', [pod('a', [{ containerPort: 80, hostPort: 8080 }])], ['tcp * 8080 10.244.0.5:80']],
  [
    'an address of its own',
    [pod('a', [{ containerPort: 53, hostPort: 53, protocol: 'UDP', hostIP: '127.0.0.1' }])],
    ['udp 127.0.0.1 53 10.244.0.5:53'],
  ],
  [
    '0.0.0.0 is every address',
    [pod('a', [{ containerPort: 80, hostPort: 80, hostIP: '0.0.0.0' }])],
    ['tcp * 80 10.244.0.5:80'],
  ],
  ['a finished pod', [pod('a', [{ containerPort: 80, hostPort: 80 }], { phase: 'Succeeded' })], []],
  ['a pod without an address yet', [pod('a', [{ containerPort: 80, hostPort: 80 }], { podIP: undefined })], []],
  ['host network', [pod('a', [{ containerPort: 80, hostPort: 80 }], {}, { hostNetwork: true })], []],
  [
    'two that clash: the first wins',
    [pod('b', [{ containerPort: 81, hostPort: 80 }]), pod('a', [{ containerPort: 80, hostPort: 80 }])],
    ['tcp * 80 10.244.0.5:80'],
  ],
];
for (const [name, pods, wanted] of cases)
  test(`host ports: ${name}`, () =>
    assert.deepEqual(
      hostPorts(pods).map((p) => `${p.protocol} ${p.hostIP ?? '*'} ${p.hostPort} ${p.podIP}:${p.containerPort}`),
      wanted,
    ));

test('the CNI configuration names bridge, range and gateway', () => {
  const [plugin] = JSON.parse(cniConflist(network)).plugins;
  assert.equal(plugin.bridge, 'k8ts0');
  assert.deepEqual(plugin.ipam.ranges, [[{ subnet: '10.244.0.0/24', gateway: '10.244.0.1' }]]);
});

test('rules: golden', () => {
  assert.match(
    masqueradeRules(network),
    /ip saddr 10\.244\.0\.0\/24 ip daddr != 10\.244\.0\.0\/16 .* masquerade fully-random/,
  );
  const text = hostPortRules(network, hostPorts([pod('a', [{ containerPort: 80, hostPort: 8080 }])]));
  assert.match(text, /tcp dport 8080 dnat to 10\.244\.0\.5:80/);
  assert.match(text, /ip saddr 10\.244\.0\.5 tcp dport 8080 meta mark set meta mark \| 0x2000/);
  assert.doesNotMatch(hostPortRules(network, []), /jump/);
});
