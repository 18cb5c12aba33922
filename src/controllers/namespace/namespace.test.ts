import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resources } from '../../api/resources.ts';
import type { Pod } from '../../api/core/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { withDeletionConditions } from './conditions.ts';
import { graceEstimate, judgeRemaining, namespacedRows } from './index.ts';

const now = '2026-01-01T00:00:00Z';
const later = '2026-01-01T01:00:00Z';
const condition = (s: ReturnType<typeof withDeletionConditions>, type: string) =>
  s.conditions?.find((c) => c.type === type);

test('an empty namespace has five conditions that say so, written once', () => {
  const status = withDeletionConditions({ phase: 'Terminating' }, [], [], now);
  assert.deepEqual(
    status.conditions?.map((c) => `${c.type} ${c.status} ${c.reason}`),
    [
      'NamespaceDeletionDiscoveryFailure False ResourcesDiscovered',
      'NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions',
      'NamespaceDeletionContentFailure False ContentDeleted',
      'NamespaceContentRemaining False ContentRemoved',
      'NamespaceFinalizersRemaining False ContentHasNoFinalizers',
    ],
  );
  assert.equal(withDeletionConditions(status, [], [], later), status);
});

test('what remains and who holds it is told in upstream’s words; the time moves only with the status', () => {
  const remaining = [
    { group: '', plural: 'pods', count: 2, finalizers: { 'a/b': 1 } },
    { group: 'apps', plural: 'deployments', count: 1, finalizers: { 'a/b': 1 } },
  ];
  const status = withDeletionConditions({}, remaining, ['no'], now);
  assert.equal(
    condition(status, 'NamespaceContentRemaining')?.message,
    'Some resources are remaining: deployments.apps has 1 resource instances, pods. has 2 resource instances',
  );
  assert.equal(
    condition(status, 'NamespaceFinalizersRemaining')?.message,
    'Some content in the namespace has finalizers remaining: a/b in 2 resource instances',
  );
  assert.equal(
    condition(status, 'NamespaceDeletionContentFailure')?.message,
    'Failed to delete all resource types, 1 remaining: no',
  );
  const next = withDeletionConditions(status, remaining.slice(1), [], later);
  assert.equal(condition(next, 'NamespaceContentRemaining')?.lastTransitionTime, now);
  assert.equal(condition(next, 'NamespaceDeletionContentFailure')?.lastTransitionTime, later);
});

test('the estimate is the longest grace of a running pod, until that time has passed', () => {
  const pod = (grace: number, phase: string) =>
    ({ metadata: {}, spec: { terminationGracePeriodSeconds: grace }, status: { phase } }) as unknown as Pod;
  const pods = [pod(30, 'Running'), pod(600, 'Succeeded'), pod(10, 'Pending')];
  assert.equal(graceEstimate(pods, 0, 29_999), 30);
  assert.equal(graceEstimate(pods, 0, 30_000), 0);
  assert.equal(graceEstimate([], 0, 0), 0);
});

test('what stays without a reason is a fault', () => {
  const row = { group: 'apps', version: 'v1', plural: 'deployments' };
  const held = { metadata: { finalizers: ['f'] } } as unknown as KubeObject;
  const free = { metadata: {} } as unknown as KubeObject;
  assert.equal(judgeRemaining(row, 'a', [held], 0).estimateSeconds, 15);
  assert.equal(judgeRemaining(row, 'a', [held, free], 30).estimateSeconds, 30);
  assert.match(
    judgeRemaining(row, 'a', [free], 0).error ?? '',
    /unexpected items still remain in namespace: a for gvr/,
  );
  assert.equal(judgeRemaining(row, 'a', [], 30).estimateSeconds, 0);
});

test('every namespaced kind of the table is emptied once', () => {
  const paths = namespacedRows(resources).map((r) => r.registryPath);
  assert.equal(new Set(paths).size, paths.length);
  for (const p of ['pods', 'services/specs', 'secrets', 'deployments', 'replicasets', 'configmaps', 'serviceaccounts'])
    assert.ok(paths.includes(p), p);
});
