/** Environments: expansion, downward API, service links, references that are missing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container, Service } from '../../api/core/v1/types.ts';
import { notFound } from '../../machinery/status-error.ts';
import { containerEnv, expand, fieldValue, resourceValue, serviceEnv } from './env.ts';
import { podOf } from './pod-fixture.ts';

const facts = {
  nodeName: 'n',
  hostIPs: ['1.1.1.1'],
  podIPs: ['2.2.2.2', 'fd00::2'],
  allocatable: { cpu: '4', memory: '8Gi' },
};

test('expansion follows upstream’s cases', () => {
  const vars: Record<string, string> = { A: 'a', B: 'b' };
  const cases: Record<string, string> = {
    'x$(A)y': 'xay',
    '$$(A)': '$(A)',
    '$(MISSING)': '$(MISSING)',
    '$(A)$(B)': 'ab',
    $A: '$A',
    '$(A': '$(A',
    end$: 'end$',
    '$$$(A)': '$a',
    '$()': '$()',
  };
  for (const [given, wanted] of Object.entries(cases))
    assert.equal(
      expand(given, (n) => vars[n]),
      wanted,
      given,
    );
});

test('fields of the pod', () => {
  const pod = podOf({ serviceAccountName: 'sa' }, { labels: { b: '2', a: 'x"y' }, annotations: { k: 'v' } });
  assert.equal(fieldValue(pod, 'metadata.name', facts), 'p');
  assert.equal(fieldValue(pod, "metadata.labels['b']", facts), '2');
  assert.equal(fieldValue(pod, 'metadata.labels', facts), 'a="x\\"y"\nb="2"');
  assert.equal(fieldValue(pod, 'status.podIPs', facts), '2.2.2.2,fd00::2');
  assert.throws(() => fieldValue(pod, 'spec.nope', facts), /unsupported fieldPath: spec.nope/);
});

test('resources are rounded up in units of the divisor', () => {
  const c = {
    name: 'c',
    resources: { limits: { cpu: '1500m' }, requests: { memory: '100Mi' } },
  } as unknown as Container;
  assert.equal(resourceValue(c, 'limits.cpu', undefined, facts), '2');
  assert.equal(resourceValue(c, 'limits.cpu', '1m', facts), '1500');
  assert.equal(resourceValue(c, 'limits.memory', '1Gi', facts), '8');
  assert.equal(resourceValue(c, 'requests.memory', '1Mi', facts), '100');
});

const service = (name: string, namespace: string, spec: object): Service =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec, status: {} }) as unknown as Service;
const services = [
  service('kubernetes', 'default', { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, protocol: 'TCP' }] }),
  service('my-db', 'ns', { clusterIP: '10.96.0.7', ports: [{ port: 5432, protocol: 'TCP' }] }),
  service('headless', 'ns', { clusterIP: 'None', ports: [{ port: 1 }] }),
  service('other', 'elsewhere', { clusterIP: '10.96.0.9', ports: [{ port: 1 }] }),
];
test('service links', () => {
  const env = serviceEnv(services, 'ns', true);
  assert.equal(env['KUBERNETES_SERVICE_HOST'], '10.96.0.1');
  assert.equal(env['KUBERNETES_SERVICE_PORT_HTTPS'], '443');
  assert.equal(env['MY_DB_SERVICE_PORT'], '5432');
  assert.equal(env['MY_DB_PORT_5432_TCP_ADDR'], '10.96.0.7');
  assert.deepEqual(
    Object.keys(env).filter((k) => /HEADLESS|OTHER/.test(k)),
    [],
  );
  assert.deepEqual(
    Object.keys(serviceEnv(services, 'ns', false)).filter((k) => k.startsWith('MY_DB')),
    [],
  );
});

test('references: found, optional, missing', async () => {
  const maps: Record<string, Record<string, string>> = { cm: { k: 'v' } };
  const sources = {
    services: [],
    configMap: async (_ns: string, name: string) => {
      if (!maps[name]) throw notFound({ group: '', resource: 'configmap' }, name);
      return { data: maps[name] } as never;
    },
    secret: async () => ({ data: { p: Buffer.from('s3').toString('base64') } }) as never,
    file: async () => ({ text: "F='from a file'", path: '/v/f' }),
  };
  const env = (c: object) => containerEnv(podOf({}), c as Container, facts, sources);
  assert.deepEqual(
    await env({
      envFrom: [{ prefix: 'X_', configMapRef: { name: 'cm' } }, { configMapRef: { name: 'none', optional: true } }],
      env: [
        { name: 'P', valueFrom: { secretKeyRef: { name: 's', key: 'p' } } },
        { name: 'Q', value: '$(P)-$(X_k)' },
        { name: 'R', valueFrom: { configMapKeyRef: { name: 'cm', key: 'zz', optional: true } } },
      ],
    }),
    { X_k: 'v', P: 's3', Q: 's3-v' },
  );
  await assert.rejects(
    env({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'none', key: 'k' } } }] }),
    /configmap "none" not found/,
  );
  await assert.rejects(
    env({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'zz' } } }] }),
    /couldn't find key zz in ConfigMap ns\/cm/,
  );
});
