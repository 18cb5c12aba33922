import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceQuota } from '../../api/core/v1/types.ts';
import { resources } from '../../api/resources.ts';
import { countedRows, decideStatus } from './controller.ts';

const quota = (hard: object, status: object): ResourceQuota => ({ spec: { hard }, status }) as unknown as ResourceQuota;

test('the status says the limits in force and what is counted; what cannot be counted stays as it was', () => {
  const q = quota({ pods: '2', 'x/y': '1' }, { hard: { pods: '1' }, used: { pods: '9', 'x/y': '1', old: '3' } });
  const next = decideStatus(q, { pods: '0', services: '4' });
  assert.deepEqual(next.status, { hard: { pods: '2', 'x/y': '1' }, used: { pods: '0', 'x/y': '1' } });
  assert.equal(decideStatus(next, { pods: '0' }), next);
  assert.notEqual(decideStatus(quota({}, {}), {}).status.hard, undefined);
});

test('every kind in namespaces is counted once, but events', () => {
  const names = countedRows(resources).map((r) => `${r.group}/${r.plural}`);
  assert.equal(new Set(names).size, names.length);
  for (const n of ['/pods', '/configmaps', 'apps/deployments', '/resourcequotas']) assert.ok(names.includes(n), n);
  for (const n of ['/events', 'events.k8s.io/events', '/nodes', '/bindings']) assert.ok(!names.includes(n), n);
});
