/** Who owns which fields after creates, updates and applies, checked against what a v1.36 API server records and says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { field, int32, intOrString, list, map, string, struct } from '../dsl.ts';
import { PatchError } from '../merge/patch-error.ts';
import { keepManagedFieldsTimes, type ManagedFieldsEntry } from './managers.ts';
import { ownPaths, resetPaths } from './reset-fields.ts';
import { type ApplyRequest, serverSideApply } from './server-side-apply.ts';
import { updateManagedFields } from './update-managed-fields.ts';

type Obj = Record<string, unknown>;

const ObjectMeta = struct('test.meta.v1.ObjectMeta', {
  name: field(1, string, { omitempty: true }),
  namespace: field(3, string, { omitempty: true }),
  uid: field(5, string, { omitempty: true }),
  resourceVersion: field(6, string, { omitempty: true }),
  labels: map(11, string, { omitempty: true }),
  annotations: map(12, string, { omitempty: true }),
  finalizers: list(14, string, { omitempty: true, listType: 'set' }),
});
const Port = struct('test.Port', {
  name: field(1, string, { omitempty: true }),
  containerPort: field(3, int32),
  protocol: field(4, string, { omitempty: true, default: 'TCP' }),
});
const Resources = struct('test.Resources', { limits: map(1, string, { omitempty: true }) });
const Container = struct('test.Container', {
  name: field(1, string),
  image: field(2, string, { omitempty: true }),
  args: list(4, string, { omitempty: true, listType: 'atomic' }),
  ports: list(6, Port, { omitempty: true, listType: 'map', listMapKeys: ['containerPort', 'protocol'] }),
  resources: field(8, Resources, { omitempty: true }),
});
const Selector = struct('test.Selector', { matchLabels: map(1, string) }, { structType: 'atomic' });
const Rolling = struct('test.Rolling', { maxSurge: field(1, intOrString, { ptr: true, omitempty: true }) });
const Strategy = struct('test.Strategy', {
  type: field(1, string, { omitempty: true }),
  rollingUpdate: field(2, Rolling, { omitempty: true, ptr: true }),
});
const Spec = struct('test.Spec', {
  replicas: field(1, int32, { omitempty: true, ptr: true }),
  selector: field(2, Selector, { ptr: true }),
  strategy: field(4, Strategy, { omitempty: true }),
  containers: list(5, Container, { listType: 'map', listMapKeys: ['name'] }),
});
const Thing = struct(
  'test.Thing',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, Spec, { omitempty: true }),
    status: field(3, struct('test.Status', { replicas: field(1, int32, { omitempty: true }) }), { omitempty: true }),
  },
  { typeMeta: true },
);

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const later = now + 60_000;
const base = { struct: Thing, apiVersion: 'apps/v1', now };
const container = (name: string, more: Obj = {}): Obj => ({ name, image: 'i', resources: {}, ...more });
const thing = (spec: Obj = {}, metadata: Obj = {}): Obj => ({
  apiVersion: 'apps/v1',
  kind: 'Thing',
  metadata: { name: 't', namespace: 'd', uid: 'u', ...metadata },
  spec: { strategy: {}, containers: [], ...spec },
  status: {},
});
const create = (obj: Obj, manager = 'kubectl-create'): Obj =>
  withFields(obj, updateManagedFields({ ...base, live: undefined, updated: obj, manager }));
const withFields = (obj: Obj, managedFields: unknown): Obj => {
  const { managedFields: _, ...metadata } = obj['metadata'] as Obj;
  return { ...obj, metadata: managedFields ? { ...metadata, managedFields } : metadata };
};
const update = (live: Obj, obj: Obj, manager = 'editor', more: Obj = {}): Obj =>
  withFields(obj, updateManagedFields({ ...base, now: later, live, updated: obj, manager, ...more }));
const fieldsOf = (obj: Obj): readonly ManagedFieldsEntry[] =>
  ((obj['metadata'] as Obj)['managedFields'] ?? []) as readonly ManagedFieldsEntry[];
const owned = (obj: Obj, manager: string): unknown => fieldsOf(obj).find((e) => e.manager === manager)?.fieldsV1;
const apply = (live: Obj | undefined, applied: Obj, more: Partial<ApplyRequest> = {}) =>
  serverSideApply({
    ...base,
    now: later,
    live,
    manager: 'me',
    force: false,
    ...more,
    applied: { apiVersion: 'apps/v1', kind: 'Thing', ...applied },
  });
const applied = (live: Obj | undefined, config: Obj, more: Partial<ApplyRequest> = {}): Obj => {
  const r = apply(live, config, more);
  assert.ok(r.object, r.conflicts?.message ?? '');
  return decode(r.object as Obj);
};
/** What decoding makes of nulls: by-value structs are there and empty, the rest is absent. */
const decode = (obj: Obj): Obj => {
  const spec = { ...((obj['spec'] ?? {}) as Obj) };
  for (const [k, v] of Object.entries(spec)) if (v === null && k !== 'strategy') delete spec[k];
  spec['strategy'] ??= {};
  return { ...obj, spec };
};

describe('managedFields of creates and updates', () => {
  it('records a create as upstream does: dots for what was not there, none for by-value structs', () => {
    const created = create(
      thing(
        {
          replicas: 1,
          selector: { matchLabels: { a: 'b' } },
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
          containers: [
            container('b', { ports: [{ containerPort: 443 }, { containerPort: 80, protocol: 'TCP' }] }),
            container('a', { args: ['x'] }),
          ],
        },
        { labels: { 'x/y': 'z' } },
      ),
    );
    assert.equal(
      JSON.stringify(fieldsOf(created)),
      JSON.stringify([
        {
          manager: 'kubectl-create',
          operation: 'Update',
          apiVersion: 'apps/v1',
          time: '2026-01-02T03:04:05Z',
          fieldsType: 'FieldsV1',
          fieldsV1: {
            'f:metadata': { 'f:labels': { '.': {}, 'f:x/y': {} } },
            'f:spec': {
              'f:containers': {
                'k:{"name":"a"}': { '.': {}, 'f:args': {}, 'f:image': {}, 'f:name': {}, 'f:resources': {} },
                'k:{"name":"b"}': {
                  '.': {},
                  'f:image': {},
                  'f:name': {},
                  'f:ports': {
                    '.': {},
                    'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} },
                    'k:{"containerPort":443,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
                  },
                  'f:resources': {},
                },
              },
              'f:replicas': {},
              'f:selector': {},
              'f:strategy': { 'f:rollingUpdate': { '.': {}, 'f:maxSurge': {} }, 'f:type': {} },
            },
          },
        },
      ]),
    );
  });
  it('moves changed fields to the updater and takes removed ones from all', () => {
    const live = create(thing({ replicas: 1, containers: [container('a')] }, { labels: { a: '1', b: '2' } }));
    const after = update(live, thing({ replicas: 2, containers: [container('a')] }, { labels: { a: '1' } }));
    assert.deepEqual(owned(after, 'editor'), { 'f:spec': { 'f:replicas': {} } });
    assert.deepEqual((owned(after, 'kubectl-create') as Obj)['f:metadata'], { 'f:labels': { '.': {}, 'f:a': {} } });
    assert.equal((owned(after, 'kubectl-create') as { 'f:spec': Obj })['f:spec']['f:replicas'], undefined);
    assert.equal(fieldsOf(after)[0]?.manager, 'kubectl-create');
    assert.equal(fieldsOf(after)[1]?.time, '2026-01-02T03:05:05Z');
  });
  it('returns the same array when nothing changed, and when only the unowned did', () => {
    const live = create(thing({ replicas: 1 }));
    const same = { ...live, metadata: { ...(live['metadata'] as Obj), resourceVersion: '9' } };
    assert.equal(updateManagedFields({ ...base, now: later, live, updated: same, manager: 'x' }), fieldsOf(live));
  });
  it('keeps status and main resource apart by subresource and reset fields', () => {
    const live = create(thing({ replicas: 1 }));
    const after = update(live, { ...thing({ replicas: 5 }), status: { replicas: 3 } }, 'kubelet', {
      subresource: 'status',
      resetFields: resetPaths(['spec']),
    });
    assert.deepEqual(owned(after, 'kubelet'), { 'f:status': { 'f:replicas': {} } });
    assert.equal(fieldsOf(after)[1]?.subresource, 'status');
    const scaled = update(live, thing({ replicas: 5 }, { labels: { a: 'b' } }), 'hpa', {
      resetFields: ownPaths(['spec', '*']),
    });
    assert.deepEqual(owned(scaled, 'hpa'), { 'f:spec': { 'f:replicas': {} } });
  });
  it('clears on [] and [{}], survives null and nonsense, takes valid ones from the client', () => {
    const live = create(thing({ replicas: 1 }));
    const say = (managedFields: unknown, subresource?: string) =>
      updateManagedFields({
        ...base,
        live,
        updated: { ...live, metadata: { ...(live['metadata'] as Obj), managedFields } },
        manager: 'x',
        subresource,
      });
    assert.equal(say([]), undefined);
    assert.equal(say([{}]), undefined);
    assert.deepEqual(say(undefined), fieldsOf(live));
    assert.deepEqual(say([{ manager: 'x', operation: 'Jump' }]), fieldsOf(live));
    assert.deepEqual(say([], 'status'), fieldsOf(live));
    const mine = [
      {
        manager: 'm',
        operation: 'Update',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:b': {}, 'f:a': null },
      },
    ];
    assert.equal(JSON.stringify(say(mine)?.[0]?.fieldsV1), '{"f:a":{},"f:b":{}}');
  });
  it('does not start tracking an untracked stored object on update', () => {
    assert.equal(
      updateManagedFields({ ...base, live: thing(), updated: thing({ replicas: 2 }), manager: 'x' }),
      undefined,
    );
  });
  it('caps updaters at ten, the oldest as ancient-changes', () => {
    let obj = create(thing({}, { labels: { l0: '1' } }), 'm0');
    for (let i = 1; i < 13; i++) {
      const labels = { ...((obj['metadata'] as Obj)['labels'] as Obj), [`l${i}`]: '1' };
      obj = update(obj, thing({}, { labels, managedFields: fieldsOf(obj) }), `m${i}`, { now: now + i * 1000 });
    }
    assert.equal(fieldsOf(obj).length, 10);
    const ancient = (owned(obj, 'ancient-changes') as { 'f:metadata': { 'f:labels': Obj } })['f:metadata']['f:labels'];
    assert.deepEqual(Object.keys(ancient), ['.', 'f:l0', 'f:l1', 'f:l2', 'f:l3']);
  });
  it('keeps old times when nothing else changed', () => {
    const old = create(thing({ replicas: 1 }));
    const touched = withFields(
      old,
      fieldsOf(old).map((e) => ({ ...e, time: '2030-01-01T00:00:00Z' })),
    );
    assert.deepEqual(keepManagedFieldsTimes(old, touched), old);
    const changed = { ...touched, spec: { replicas: 2 } };
    assert.equal(keepManagedFieldsTimes(old, changed), changed);
  });
});

describe('server-side apply', () => {
  const config = (spec: Obj, metadata: Obj = {}): Obj => ({
    metadata: { name: 't', namespace: 'd', ...metadata },
    spec,
  });

  it('creates, and owns exactly what it said', () => {
    const obj = applied(
      undefined,
      config(
        { replicas: 3, containers: [{ name: 'a', image: 'x', ports: [{ containerPort: 80 }] }] },
        { labels: { a: '1' } },
      ),
    );
    assert.deepEqual(fieldsOf(obj), [
      {
        manager: 'me',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        time: '2026-01-02T03:05:05Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { 'f:a': {} } },
          'f:spec': {
            'f:containers': {
              'k:{"name":"a"}': {
                '.': {},
                'f:image': {},
                'f:name': {},
                'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
              },
            },
            'f:replicas': {},
          },
        },
      },
    ]);
  });
  it('says the conflict as upstream does', () => {
    const live = create(thing({ replicas: 1 }), 'kubectl-client-side-apply');
    const r = apply(live, config({ replicas: 2 }));
    assert.deepEqual(r.conflicts, {
      message: 'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas',
      causes: [
        {
          type: 'FieldManagerConflict',
          message: 'conflict with "kubectl-client-side-apply" using apps/v1',
          field: '.spec.replicas',
        },
      ],
    });
    const two = apply(
      applied(live, config({ containers: [{ name: 'a', image: '1' }] }), { manager: 'other' }),
      config({ replicas: 2, containers: [{ name: 'a', image: '2' }] }),
    );
    assert.equal(
      two.conflicts?.message,
      'Apply failed with 2 conflicts: conflicts with "kubectl-client-side-apply" using apps/v1:\n- .spec.replicas\n' +
        'conflicts with "other":\n- .spec.containers[name="a"].image',
    );
  });
  it('force takes the field over; the same value is shared without conflict', () => {
    const live = create(thing({ replicas: 1 }));
    const forced = applied(live, config({ replicas: 2 }), { force: true });
    assert.equal((forced['spec'] as Obj)['replicas'], 2);
    assert.equal((owned(forced, 'kubectl-create') as Obj | undefined)?.['f:spec'], undefined);
    const shared = applied(live, config({ replicas: 1 }));
    assert.ok((owned(shared, 'kubectl-create') as { 'f:spec': Obj })['f:spec']['f:replicas']);
    assert.deepEqual(owned(shared, 'me'), { 'f:spec': { 'f:replicas': {} } });
  });
  it('removes what it no longer applies, unless somebody else owns it', () => {
    const first = applied(
      undefined,
      config(
        {
          replicas: 3,
          containers: [
            { name: 'a', image: 'x' },
            { name: 'b', image: 'y' },
          ],
        },
        { labels: { a: '1', b: '2' } },
      ),
    );
    const shared = applied(first, config({ replicas: 3 }, { labels: { b: '2' } }), { manager: 'other' });
    const after = applied(shared, config({ containers: [{ name: 'b', image: 'y' }] }, { labels: {} }));
    assert.deepEqual((after['spec'] as Obj)['containers'], [{ name: 'b', image: 'y' }]);
    assert.equal((after['spec'] as Obj)['replicas'], 3);
    assert.deepEqual((after['metadata'] as Obj)['labels'], { b: '2' });
  });
  it('keeps an element that another manager added members to', () => {
    const first = applied(undefined, config({ containers: [{ name: 'a', image: 'x' }] }));
    const others = applied(first, config({ containers: [{ name: 'a', args: ['k'] }] }), { manager: 'other' });
    const after = applied(others, config({ containers: [] }));
    assert.deepEqual((after['spec'] as Obj)['containers'], [{ name: 'a', args: ['k'] }]);
  });
  it('applying the same again changes nothing, times included', () => {
    const first = applied(undefined, config({ replicas: 3 }, { finalizers: ['x/f'] }), { now });
    assert.deepEqual(applied(first, config({ replicas: 3 }, { finalizers: ['x/f'] }), { now: later }), first);
  });
  it('merges sets and keeps the live order of elements it does not move', () => {
    const live = applied(
      undefined,
      config({ containers: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }, { finalizers: ['x/a'] }),
      { manager: 'x' },
    );
    const after = applied(live, config({ containers: [{ name: 'd' }, { name: 'b' }] }, { finalizers: ['x/b'] }));
    assert.deepEqual(
      ((after['spec'] as Obj)['containers'] as Obj[]).map((c) => c['name']),
      ['a', 'd', 'b', 'c'],
    );
    assert.deepEqual((after['metadata'] as Obj)['finalizers'], ['x/a', 'x/b']);
  });
  it('names what was there before the first apply', () => {
    const live = thing({ replicas: 1 });
    assert.match(
      apply(live, config({ replicas: 2 })).conflicts?.message ?? '',
      /conflict with "before-first-apply" using apps\/v1: \.spec\.replicas/,
    );
  });
  it('lets kubectl take over its own client-side apply and keeps the annotation', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const last = JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Thing',
      metadata: { name: 't' },
      spec: { replicas: 1 },
    });
    const live = create(thing({ replicas: 1 }, { annotations: { [annotation]: last } }), 'kubectl-client-side-apply');
    const after = applied(live, config({ replicas: 2 }), { manager: 'kubectl' });
    assert.equal(
      ((after['metadata'] as Obj)['annotations'] as Obj)[annotation],
      '{"apiVersion":"apps/v1","kind":"Thing","metadata":{"name":"t","namespace":"d"},"spec":{"replicas":2}}\n',
    );
    assert.ok(apply(live, config({ replicas: 2 }), { manager: 'somebody' }).conflicts);
  });
  it('refuses what does not fit', () => {
    const fails = (c: Obj, kind: string, message: RegExp) =>
      assert.throws(
        () => apply(undefined, c),
        (e: unknown) => e instanceof PatchError && e.kind === kind && message.test(e.message),
      );
    fails(
      { apiVersion: 'v9' },
      'badRequest',
      /Incorrect version specified in apply patch. Specified patch version: v9, expected: apps\/v1/,
    );
    fails(config({}, { managedFields: [] }), 'badRequest', /metadata.managedFields must be nil/);
    fails(
      config({ foo: 1 }),
      'internal',
      /failed to create typed patch object \(d\/t; apps\/v1, Kind=Thing\): \.spec\.foo: field not declared in schema$/,
    );
    fails(config({ replicas: 'x' }), 'internal', /\.spec\.replicas: expected numeric \(int or float\), got string$/);
    fails(
      config({ containers: [{ name: 'a' }, { name: 'a' }] }),
      'internal',
      /\.spec\.containers: duplicate entries for key \[name="a"\]$/,
    );
  });

  const spec = fc.record(
    {
      replicas: fc.constantFrom(1, 2),
      strategy: fc.record({ type: fc.constantFrom('A', 'B') }, { requiredKeys: [], noNullPrototype: true }),
      containers: fc.uniqueArray(
        fc.record(
          {
            name: fc.constantFrom('x', 'y', 'z'),
            image: fc.constantFrom('1', '2'),
            args: fc.array(fc.constantFrom('k', 'l'), { minLength: 1, maxLength: 2 }),
            ports: fc.uniqueArray(
              fc.record(
                { containerPort: fc.constantFrom(1, 2), name: fc.constantFrom('m', 'n') },
                { noNullPrototype: true },
              ),
              { selector: (p) => p.containerPort, minLength: 1 },
            ),
          },
          { requiredKeys: ['name'], noNullPrototype: true },
        ),
        // An empty list of this kind has no owner.
        { selector: (c) => c.name, minLength: 1 },
      ),
    },
    { requiredKeys: [], noNullPrototype: true },
  ) as fc.Arbitrary<Obj>;

  it('property: a forced apply is idempotent, and its fields are in the object', () => {
    fc.assert(
      fc.property(spec, spec, spec, (a, b, c) => {
        const one = applied(undefined, config(a), { manager: 'one' });
        const two = applied(one, config(b), { manager: 'two', force: true });
        const three = applied(two, config(c), { manager: 'one', force: true });
        assert.deepEqual(applied(three, config(c), { manager: 'one', now: later + 1e6 }), three);
        if (c['replicas'] !== undefined) assert.equal((three['spec'] as Obj)['replicas'], c['replicas']);
        const names = new Set(
          ((three['spec'] as Obj)['containers'] as Obj[] | null | undefined)?.map((x) => x['name']),
        );
        for (const x of (c['containers'] ?? []) as Obj[]) assert.ok(names.has(x['name']));
      }),
    );
  });
  it('property: an apply of nothing leaves only what others own', () => {
    fc.assert(
      fc.property(spec, (a) => {
        const one = applied(undefined, config(a));
        const none = applied(one, { metadata: { name: 't', namespace: 'd' } });
        assert.deepEqual(
          Object.keys(none['spec'] as Obj).filter((k) => k !== 'strategy'),
          [],
        );
        assert.deepEqual(fieldsOf(none), []);
      }),
    );
  });
});
