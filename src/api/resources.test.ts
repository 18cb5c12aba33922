/** The list as a whole: keys, storage, discovery facts and that defaults are idempotent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groups, HorizontalPodAutoscalersV1, Pods, resources, Services } from './resources.ts';

test('every row is named once and belongs to a group that is served', () => {
  const seen = new Set<string>();
  for (const r of resources) {
    const id = `${r.group}/${r.version}/${r.plural}`;
    assert.ok(!seen.has(id), id);
    seen.add(id);
    const g = groups.find((x) => x.name === r.group);
    assert.ok(
      g?.versions.some((v) => v.version === r.version),
      id,
    );
    const gvk = r.schema.markers.gvk;
    assert.deepEqual([gvk?.group, gvk?.version, gvk?.kind], [r.group, r.version, r.kind], id);
  }
  assert.equal(resources.length, 68);
});

test('two kinds share a key only when one is stored as the other', () => {
  const byPath = new Map<string, string>();
  for (const r of resources) {
    if (r.virtual) continue;
    const owner = byPath.get(r.registryPath);
    if (owner === undefined) byPath.set(r.registryPath, `${r.group}/${r.version}`);
    else assert.ok(r.storage || resources.some((x) => x.registryPath === r.registryPath && x.storage), r.registryPath);
    if (r.storage) {
      const { group, version, plural } = r.storage;
      const home = resources.find((x) => x.group === group && x.version === version && x.plural === plural);
      assert.equal(home?.registryPath, r.registryPath);
    }
  }
});

test("keys are upstream's", () => {
  const path = (plural: string) => resources.find((r) => r.plural === plural)?.registryPath;
  assert.equal(path('services'), 'services/specs');
  assert.equal(path('endpoints'), 'services/endpoints');
  assert.equal(path('nodes'), 'minions');
  assert.equal(path('replicationcontrollers'), 'controllers');
  assert.equal(path('ingresses'), 'ingress');
  assert.equal(path('apiservices'), 'apiregistration.k8s.io/apiservices');
  assert.equal(path('customresourcedefinitions'), 'apiextensions.k8s.io/customresourcedefinitions');
  assert.equal(path('deployments'), 'deployments');
});

test('subresources say how they are served', () => {
  const sub = (name: string) => Pods.subresources.find((s) => s.name === name);
  assert.equal(sub('exec')?.connect, 'exec');
  assert.equal(sub('eviction')?.action, 'eviction');
  assert.ok(sub('resize')?.strategy?.validateUpdate);
  assert.equal(Services.subresources.find((s) => s.name === 'proxy')?.connect, 'proxy');
});

test('an autoscaler survives the way into its stored form and back', () => {
  const h = {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: {
      name: 'h',
      annotations: {
        keep: 'me',
        'autoscaling.alpha.kubernetes.io/metrics':
          '[{"type":"Pods","pods":{"metricName":"qps","targetAverageValue":"10"}}]',
      },
    },
    spec: {
      scaleTargetRef: { kind: 'Deployment', name: 'd' },
      maxReplicas: 3,
      minReplicas: 1,
      targetCPUUtilizationPercentage: 50,
    },
    status: { currentReplicas: 1, desiredReplicas: 2 },
  };
  const { toStored, fromStored } = HorizontalPodAutoscalersV1.storage!;
  const stored = toStored(h) as { spec?: { metrics?: unknown } };
  assert.deepEqual(stored.spec?.metrics, [
    { type: 'Pods', pods: { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue: '10' } } },
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
  ]);
  assert.deepEqual(fromStored(toStored(h)), h);
});
