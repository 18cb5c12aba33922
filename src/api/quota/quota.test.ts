/** What quotas count, by tables. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceQuota } from '../core/v1/types.ts';
import type { KubeObject } from '../resource-row.ts';
import { countEvaluator, mask, moreThan, quotaEvaluatorOf, quotaMatches, quotaUsage, withoutZeros } from './quota.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const pods = quotaEvaluatorOf('', 'pods');
const pod = (spec: object = {}, status: object = {}, metadata: object = {}): KubeObject =>
  ({
    metadata: { name: 'p', ...metadata },
    spec: {
      containers: [
        { name: 'c', resources: { requests: { cpu: '500m', memory: '1Gi', 'a.b/gpu': '2' }, limits: { cpu: '1' } } },
      ],
      ...spec,
    },
    status,
  }) as unknown as KubeObject;
const quota = (spec: object, hard: object = { pods: '5' }): ResourceQuota =>
  ({ metadata: { name: 'q' }, spec, status: { hard } }) as unknown as ResourceQuota;

test('a pod uses its requests and limits while it lives, and its place as long as it is there', () => {
  assert.deepEqual(pods.usage(pod(), now), {
    'count/pods': '1',
    pods: '1',
    cpu: '500m',
    'requests.cpu': '500m',
    'limits.cpu': '1',
    memory: '1Gi',
    'requests.memory': '1Gi',
    'requests.a.b/gpu': '2',
  });
  for (const phase of ['Failed', 'Succeeded'])
    assert.deepEqual(pods.usage(pod({}, { phase }), now), { 'count/pods': '1' });
  const deleted = (deletionTimestamp: string) => pod({}, {}, { deletionTimestamp, deletionGracePeriodSeconds: 30 });
  assert.deepEqual(pods.usage(deleted('2025-12-31T23:59:29Z'), now), { 'count/pods': '1' });
  assert.equal(pods.usage(deleted('2025-12-31T23:59:31Z'), now)['pods'], '1');
  assert.equal(pods.frees?.(pod(), pod({}, { phase: 'Failed' }), now), true);
  assert.equal(pods.frees?.(pod(), pod({}, { phase: 'Running' }), now), false);
});

test('names belong to the resource that uses them', () => {
  const names = [
    'pods',
    'count/pods',
    'limits.memory',
    'hugepages-2Mi',
    'requests.a.b/gpu',
    'services',
    'requests.storage',
    'secrets',
  ];
  assert.deepEqual(pods.matching(names), names.slice(0, 5));
  assert.deepEqual(quotaEvaluatorOf('', 'services').matching(names), ['services']);
  assert.deepEqual(
    quotaEvaluatorOf('', 'persistentvolumeclaims').matching([
      ...names,
      'fast.storageclass.storage.k8s.io/requests.storage',
    ]),
    ['requests.storage', 'fast.storageclass.storage.k8s.io/requests.storage'],
  );
  assert.deepEqual(countEvaluator('', 'secrets').usage(pod(), now), { 'count/secrets': '1', secrets: '1' });
  assert.deepEqual(countEvaluator('apps', 'deployments').usage(pod(), now), { 'count/deployments.apps': '1' });
});

test('scopes choose pods', () => {
  const bestEffort = pod({ containers: [{ name: 'c', resources: {} }] });
  const table: readonly (readonly [object, KubeObject, boolean])[] = [
    [{ scopes: ['Terminating'] }, pod(), false],
    [{ scopes: ['Terminating'] }, pod({ activeDeadlineSeconds: 0 }), true],
    [{ scopes: ['NotTerminating'] }, pod(), true],
    [{ scopes: ['BestEffort'] }, bestEffort, true],
    [{ scopes: ['BestEffort'] }, pod(), false],
    [{ scopes: ['NotBestEffort', 'NotTerminating'] }, pod(), true],
    [{ scopes: ['NotBestEffort', 'Terminating'] }, pod(), false],
    [{ scopes: ['PriorityClass'] }, pod({ priorityClassName: 'high' }), true],
    [{ scopes: ['CrossNamespacePodAffinity'] }, pod(), false],
    [
      { scopes: ['CrossNamespacePodAffinity'] },
      pod({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ namespaces: ['x'] }] } } }),
      true,
    ],
  ];
  for (const [spec, p, expected] of table)
    assert.equal(quotaMatches(pods, quota(spec), p), expected, JSON.stringify(spec));
  const named = (operator: string, values: string[]) =>
    quota({ scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator, values }] } });
  const high = pod({ priorityClassName: 'high' });
  assert.equal(quotaMatches(pods, named('In', ['high']), high), true);
  assert.equal(quotaMatches(pods, named('NotIn', ['high']), high), false);
  assert.equal(quotaMatches(pods, named('NotIn', ['high']), pod()), true);
  assert.equal(quotaMatches(pods, quota({}, { services: '1' }), pod()), false);
});

test('a quota on cpu or memory asks every container to say them', () => {
  const p = pod({
    containers: [
      { name: 'b', resources: {} },
      { name: 'a', resources: { requests: { cpu: '1' } } },
    ],
  });
  assert.equal(
    pods.lacks?.(['cpu', 'requests.memory', 'pods'], p),
    'must specify cpu for: b; requests.memory for: a,b',
  );
  assert.equal(pods.lacks?.(['pods', 'requests.ephemeral-storage'], p), undefined);
  assert.equal(
    pods.lacks?.(
      ['cpu'],
      pod({ ...(p as unknown as { spec: object }).spec, resources: { requests: { cpu: '2' } } } as object),
    ),
    undefined,
  );
});

test('services count their node ports by intent, claims their storage by class', () => {
  const service = (spec: object) =>
    quotaEvaluatorOf('', 'services').usage({ metadata: {}, spec } as unknown as KubeObject, now);
  const ports = [{ port: 1, nodePort: 30_001 }, { port: 2 }];
  const used = (nodeports: string, loadbalancers: string) => ({
    'count/services': '1',
    services: '1',
    'services.nodeports': nodeports,
    'services.loadbalancers': loadbalancers,
  });
  assert.deepEqual(service({ type: 'ClusterIP', ports }), used('0', '0'));
  assert.deepEqual(service({ type: 'NodePort', ports }), used('2', '0'));
  assert.deepEqual(service({ type: 'LoadBalancer', ports }), used('2', '1'));
  assert.deepEqual(service({ type: 'LoadBalancer', ports, allocateLoadBalancerNodePorts: false }), used('1', '1'));
  const claim = {
    metadata: {},
    spec: { storageClassName: 'gold', resources: { requests: { storage: '1500m' } } },
    status: {},
  } as unknown as KubeObject;
  assert.deepEqual(quotaEvaluatorOf('', 'persistentvolumeclaims').usage(claim, now), {
    'count/persistentvolumeclaims': '1',
    persistentvolumeclaims: '1',
    'requests.storage': '2',
    'gold.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
    'gold.storageclass.storage.k8s.io/requests.storage': '2',
  });
});

test('claims of devices count the worst case of each class', () => {
  const claims = quotaEvaluatorOf('resource.k8s.io', 'resourceclaims');
  const claim = {
    metadata: {},
    spec: {
      devices: {
        requests: [
          { name: 'a', exactly: { deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 2 } },
          { name: 'b', exactly: { deviceClassName: 'nic', allocationMode: 'All' } },
          {
            name: 'c',
            firstAvailable: [
              { name: 'x', deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 1 },
              { name: 'y', deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 3 },
              { name: 'z', deviceClassName: 'tpu', allocationMode: 'ExactCount', count: 1 },
            ],
          },
        ],
      },
    },
  } as unknown as KubeObject;
  assert.deepEqual(claims.usage(claim, now), {
    'count/resourceclaims.resource.k8s.io': '1',
    'gpu.deviceclass.resource.k8s.io/devices': '5',
    'nic.deviceclass.resource.k8s.io/devices': '32',
    'tpu.deviceclass.resource.k8s.io/devices': '1',
  });
  const names = ['gpu.deviceclass.resource.k8s.io/devices', 'count/resourceclaims.resource.k8s.io', 'pods'];
  assert.deepEqual(claims.matching(names), names.slice(0, 2));
});

test('usage is summed over what the scopes let in; lists are compared by what they name', () => {
  const q = quota({ scopes: ['NotTerminating'] });
  const all = [pod(), pod(), pod({ activeDeadlineSeconds: 5 })];
  assert.deepEqual(quotaUsage(pods, q, ['pods', 'requests.cpu', 'limits.memory', 'services'], all, now), {
    pods: '2',
    'requests.cpu': '1',
    'limits.memory': '0',
  });
  assert.deepEqual(moreThan({ a: '3', b: '1' }, { a: '1', b: '2', c: '1' }), { a: '2', b: '0', c: '0' });
  assert.deepEqual(withoutZeros({ a: '0', b: '1', c: '0Mi' }), { b: '1' });
  assert.deepEqual(mask({ a: '1', b: '2' }, ['b', 'c']), { b: '2' });
});
