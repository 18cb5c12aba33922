/** Where proxies lead, and where they must not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Pod, Service } from '../../api/core/v1/types.ts';
import type { EndpointSlice } from '../../api/discovery/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { nodeTarget, podTarget, serviceTarget, splitSchemeNamePort } from './location.ts';
import { isGlobalUnicast } from './reachable.ts';

test('addresses of this host and its link are out of reach', () => {
  const table: readonly (readonly [string, boolean])[] = [
    ['10.1.2.3', true],
    ['192.168.1.1', true],
    ['8.8.8.8', true],
    ['fd00::1', true],
    ['2001:db8::1', true],
    ['127.0.0.1', false],
    ['127.255.0.9', false],
    ['0.0.0.0', false],
    ['255.255.255.255', false],
    ['169.254.169.254', false],
    ['224.0.0.1', false],
    ['::', false],
    ['::1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:169.254.1.1', false],
    ['::ffff:10.0.0.1', true],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['ff02::1', false],
    ['', false],
    ['localhost', false],
    ['0177.0.0.1', false],
  ];
  for (const [address, ok] of table) assert.equal(isGlobalUnicast(address), ok, address);
});

const pod = (ip: string) =>
  ({
    metadata: { name: 'p', namespace: 'n' },
    spec: { containers: [] },
    status: { podIPs: [{ ip }] },
  }) as unknown as Pod & KubeObject;
const node = (address: string) =>
  ({ metadata: { name: 'm' }, status: { addresses: [{ type: 'InternalIP', address }] } }) as unknown as Node &
    KubeObject;
const as = (id: string) => splitSchemeNamePort(id)!;

test('pods and nodes', () => {
  assert.deepEqual(podTarget(pod('10.0.0.1'), as('https:p:8443')), { channel: 'tls', host: '10.0.0.1', port: 8443 });
  assert.throws(() => podTarget(pod('127.0.0.1'), as('p')), /address not allowed/);
  assert.deepEqual(nodeTarget(node('10.0.0.2'), as('m')), { channel: 'kubelet', host: '10.0.0.2', port: 10250 });
  assert.deepEqual(nodeTarget(node('10.0.0.2'), as('m:22')), { channel: 'plain', host: '10.0.0.2', port: 22 });
  assert.throws(() => nodeTarget(node('127.0.0.1'), as('m:2379')), /address not allowed/);
});

test('a service leads to its pods and to nothing that only its endpoints claim', () => {
  const service = {
    metadata: { name: 's', namespace: 'n' },
    spec: { ports: [{ name: 'w', port: 80 }] },
  } as unknown as Service & KubeObject;
  const slice = (address: string, targetRef?: object) =>
    ({
      metadata: { labels: { 'kubernetes.io/service-name': 's' } },
      ports: [{ name: 'w', port: 8080 }],
      endpoints: [{ addresses: [address], conditions: { ready: true }, ...(targetRef && { targetRef }) }],
    }) as unknown as EndpointSlice & KubeObject;
  const podOf = (name: string) => (name === 'p' ? pod('10.0.0.1') : undefined);
  const to = (s: EndpointSlice & KubeObject) => serviceTarget(service, [s], podOf, as('s:80'), 0);
  const p = { kind: 'Pod', name: 'p', namespace: 'n' };
  assert.deepEqual(to(slice('10.0.0.1', p)), { channel: 'plain', host: '10.0.0.1', port: 8080 });
  for (const [address, target] of [
    ['127.0.0.1', undefined],
    ['10.9.9.9', undefined],
    ['10.9.9.9', p],
    ['10.0.0.1', { ...p, namespace: 'other' }],
    ['10.0.0.1', { ...p, name: 'gone' }],
    ['10.0.0.1', { ...p, kind: 'Node' }],
  ] as const)
    assert.throws(() => to(slice(address, target)), /no endpoints available for service "s:w?/, `${address}`);
});
