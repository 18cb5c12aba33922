import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoints, Pod, Service } from '../../api/core/v1/types.ts';
import { decideEndpoints, overCapacityAnnotation, subsetsOf } from './decide.ts';

const pod = (name: string, ip: string, ready = true, extra: object = {}): Pod =>
  ({
    metadata: { namespace: 'a', name, uid: name, ...extra },
    spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }], nodeName: 'n' },
    status: {
      phase: 'Running',
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  }) as unknown as Pod;
const service = (spec: object = {}): Service =>
  ({
    metadata: { namespace: 'a', name: 'web', labels: { team: 't' } },
    spec: {
      clusterIP: '10.96.0.9',
      ipFamilies: ['IPv4'],
      ports: [{ name: 'w', port: 80, targetPort: 'http', protocol: 'TCP' }],
      ...spec,
    },
    status: {},
  }) as unknown as Service;
const address = (name: string, ip: string) => ({
  ip,
  nodeName: 'n',
  targetRef: { kind: 'Pod', namespace: 'a', name, uid: name },
});

test('ready and other addresses share a subset per set of ports; leaving pods are left out', () => {
  const pods = [
    pod('b', '10.0.0.2'),
    pod('a', '10.0.0.1'),
    pod('c', '10.0.0.3', false),
    pod('d', '10.0.0.4', true, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
  ];
  assert.deepEqual(subsetsOf(service(), pods), [
    {
      addresses: [address('a', '10.0.0.1'), address('b', '10.0.0.2')],
      notReadyAddresses: [address('c', '10.0.0.3')],
      ports: [{ name: 'w', port: 8080, protocol: 'TCP' }],
    },
  ]);
  assert.equal(subsetsOf(service({ publishNotReadyAddresses: true }), pods)[0]?.addresses?.length, 4);
});

test('what was written is right: a second look changes nothing, a changed label does', () => {
  const pods = [pod('a', '10.0.0.1')];
  const wanted = decideEndpoints(service(), pods, undefined, undefined)!;
  assert.deepEqual(wanted.labels, { team: 't', 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });
  const written = {
    metadata: { labels: wanted.labels, annotations: wanted.annotations },
    subsets: wanted.subsets,
  } as unknown as Endpoints;
  assert.equal(decideEndpoints(service(), pods, written, undefined), undefined);
  assert.ok(decideEndpoints(service({ clusterIP: 'None' }), pods, written, undefined));
});

test('more than 1000 addresses are cut, ready ones first, and an annotation says so', () => {
  const pods = Array.from({ length: 1100 }, (_, i) => pod(`p${i}`, `10.0.${i >> 8}.${i & 255}`, i % 2 === 0));
  const wanted = decideEndpoints(service(), pods, undefined, undefined)!;
  assert.equal(wanted.subsets[0]?.addresses?.length, 550);
  assert.equal(wanted.subsets[0]?.notReadyAddresses?.length, 450);
  assert.equal(wanted.annotations[overCapacityAnnotation], 'truncated');
});
