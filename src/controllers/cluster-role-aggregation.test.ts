import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ClusterRole } from '../api/rbac/v1/types.ts';
import { aggregatedRules } from './cluster-role-aggregation.ts';

const rule = (resource: string) => ({ apiGroups: [''], resources: [resource], verbs: ['get'] });
const role = (name: string, labels: Record<string, string>, ...resources: string[]): ClusterRole =>
  ({ metadata: { name, labels }, rules: resources.map(rule) }) as unknown as ClusterRole;
const gatherer = (name: string, ...labels: Record<string, string>[]): ClusterRole =>
  ({
    metadata: { name, labels: labels[0] },
    aggregationRule: { clusterRoleSelectors: labels.map((matchLabels) => ({ matchLabels })) },
    rules: [],
  }) as unknown as ClusterRole;

test('rules come per selector in order of role names, each once, never its own', () => {
  const edit = gatherer('edit', { to: 'edit' }, { to: 'more' });
  const all = [
    role('b', { to: 'edit' }, 'pods', 'secrets'),
    role('a', { to: 'edit' }, 'pods'),
    role('z', { to: 'more' }, 'nodes', 'secrets'),
    role('other', { to: 'view' }, 'leases'),
    edit,
  ];
  assert.deepEqual(aggregatedRules(edit, all), ['pods', 'secrets', 'nodes'].map(rule));
  assert.deepEqual(aggregatedRules(gatherer('none'), all), []);
});

test('a role that was aggregated is not changed again', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y', 'z')), { maxLength: 12 }),
      (made) => {
        const all = made.map(([label, resource], i) => role(`r${i}`, { to: label }, resource));
        const edit = gatherer('edit', { to: 'a' });
        const once = aggregatedRules(edit, [...all, edit]);
        const done = { ...edit, rules: once };
        assert.deepEqual(aggregatedRules(done, [...all, done]), once);
        assert.equal(new Set(once.map((r) => r.resources?.[0])).size, once.length);
      },
    ),
  );
});
