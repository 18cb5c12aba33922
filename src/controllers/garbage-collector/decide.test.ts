import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigMaps } from '../../api/core/v1/resources.ts';
import { resources } from '../../api/resources.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { collectedRows } from './controller.ts';
import { decideItem, dropFinalizer, type OwnerState } from './decide.ts';
import { blockingDependents, createGraph, nodeOf } from './graph.ts';
import { metadataOf } from './metadata-informer.ts';

const ref = (uid: string, blockOwnerDeletion = false) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: uid,
  uid,
  blockOwnerDeletion,
});
const obj = (uid: string, owners: readonly string[] = [], extra: object = {}, block = false): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    namespace: 'a',
    name: uid,
    uid,
    resourceVersion: '7',
    ...(owners.length > 0 && { ownerReferences: owners.map((o) => ref(o, block)) }),
    ...extra,
  },
});
const leaving = (finalizer: string) => ({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: [finalizer] });
const decide = (states: readonly OwnerState[], extra: object = {}, dependents: readonly KubeObject[] = []) =>
  decideItem({
    row: ConfigMaps,
    object: obj(
      'x',
      states.map((_, i) => `o${i}`),
      extra,
    ),
    owners: states.map((state, i) => ({ reference: ref(`o${i}`), state })),
    dependents: dependents.map((d) => nodeOf(ConfigMaps, d)),
  });
const told = (actions: ReturnType<typeof decide>) =>
  actions.map((a) =>
    a.do === 'delete' ? `delete ${a.options?.propagationPolicy} ${a.options?.preconditions?.uid}` : a.do,
  );

test('what an object loses when its owners go', () => {
  assert.deepEqual(told(decide([])), []);
  assert.deepEqual(told(decide(['solid'])), []);
  assert.deepEqual(told(decide(['dangling'])), ['delete Background x']);
  assert.deepEqual(told(decide(['dangling'], { finalizers: ['orphan'] })), ['delete Orphan x']);
  assert.deepEqual(told(decide(['dangling'], { finalizers: ['foregroundDeletion'] })), ['delete Foreground x']);
  assert.deepEqual(told(decide(['waiting'], {}, [obj('y')])), ['delete Foreground x']);
  assert.deepEqual(told(decide(['waiting'])), ['delete Background x']);
  const cycle = obj('y', ['x'], leaving('foregroundDeletion'));
  assert.deepEqual(told(decide(['waiting'], {}, [cycle])), ['patch', 'delete Foreground x']);
});

test('with a living owner the references to the others go, the object stays', () => {
  const [action, ...more] = decide(['solid', 'dangling', 'waiting']);
  assert.deepEqual(more, []);
  assert.ok(action?.do === 'patch');
  assert.deepEqual(action.patch, {
    metadata: {
      uid: 'x',
      ownerReferences: [
        { $patch: 'delete', uid: 'o1' },
        { $patch: 'delete', uid: 'o2' },
      ],
    },
  });
});

test('a finalizer is dropped once, guarded by the revision', () => {
  const [action] = dropFinalizer(ConfigMaps, obj('x', [], { finalizers: ['a', 'orphan'] }), 'orphan');
  assert.ok(action?.do === 'patch');
  assert.deepEqual(action.patch, { metadata: { resourceVersion: '7', finalizers: ['a'] } });
  assert.deepEqual(dropFinalizer(ConfigMaps, obj('x', [], { finalizers: ['a'] }), 'orphan'), []);
});

test('the graph knows dependents before and after their owner, and forgets what changed', () => {
  const graph = createGraph();
  graph.put(nodeOf(ConfigMaps, obj('x', ['o'], {}, true)));
  graph.put(nodeOf(ConfigMaps, obj('y', ['o'])));
  const names = (list: readonly { readonly name: string }[]) => list.map((n) => n.name).sort();
  assert.deepEqual(names(graph.dependentsOf('o')), ['x', 'y']);
  assert.deepEqual(names(blockingDependents(graph, 'o')), ['x']);
  graph.put(nodeOf(ConfigMaps, obj('x', ['p'])));
  assert.deepEqual(names(graph.dependentsOf('o')), ['y']);
  graph.remove('y');
  assert.deepEqual(graph.dependentsOf('o'), []);
  assert.deepEqual(names(graph.dependentsOf('p')), ['x']);
});

test('only what the graph needs is kept of an object, and it is enough for the graph', () => {
  const full = { ...obj('x', ['o'], { ...leaving('orphan'), labels: { a: 'b' } }), data: { big: 'x' } } as KubeObject;
  const kept = metadataOf(full);
  assert.ok(!('data' in kept));
  assert.equal(kept.metadata.labels, undefined);
  assert.deepEqual(nodeOf(ConfigMaps, kept), nodeOf(ConfigMaps, full));
});

test('every kind that can be watched and deleted is collected once, events are not', () => {
  const rows = collectedRows(resources).map((r) => `${r.group}/${r.plural}`);
  assert.equal(new Set(rows).size, rows.length);
  for (const kind of ['/pods', 'apps/replicasets', '/services', 'discovery.k8s.io/endpointslices'])
    assert.ok(rows.includes(kind), kind);
  assert.ok(!rows.some((r) => r.endsWith('/events')));
});
