/** What the patch formats do to documents; schema types are the real ones in shape, declared here because schema is below api. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { field, int32, list, map, string, struct } from '../dsl.ts';
import { createJsonMergePatch, createThreeWayJsonMergePatch, jsonMergePatch } from './json-merge-patch.ts';
import { jsonPatch } from './json-patch.ts';
import { PatchError } from './patch-error.ts';
import { createThreeWayMergePatch, createTwoWayMergePatch } from './strategic-diff.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

const Port = struct('t.Port', { name: field(1, string), containerPort: field(2, int32), protocol: field(3, string) });
const Strategy = struct('t.Strategy', {
  type: field(1, string),
  rollingUpdate: map(2, string),
  other: field(3, string),
});
const Container = struct('t.Container', {
  name: field(1, string),
  image: field(2, string),
  args: list(3, string),
  ports: list(4, Port, { patchStrategy: 'merge', patchMergeKey: 'containerPort' }),
});
const Thing = struct('t.Thing', {
  name: field(1, string),
  labels: map(2, string),
  containers: list(3, Container, { patchStrategy: 'merge', patchMergeKey: 'name' }),
  finalizers: list(4, string, { patchStrategy: 'merge' }),
  strategy: field(5, Strategy, { patchStrategy: 'retainKeys' }),
});
const kindOfError = (kind: string) => (e: unknown) => e instanceof PatchError && e.kind === kind;

describe('json merge patch', () => {
  it('sets, replaces and deletes members, and drops nulls of new objects', () => {
    const doc = { a: 1, b: { c: 1, d: 2 }, l: [1] };
    const got = jsonMergePatch(doc, { a: null, b: { c: null, e: 3 }, n: { x: null, y: [{ z: null }] }, l: [2] });
    assert.deepEqual(got, { b: { d: 2, e: 3 }, n: { y: [{}] }, l: [2] });
    assert.deepEqual(doc, { a: 1, b: { c: 1, d: 2 }, l: [1] });
  });
  it('refuses a patch that is no object', () => {
    assert.throws(() => jsonMergePatch({}, []), kindOfError('badRequest'));
  });
  it('property: the made patch makes the modified document', () => {
    const value = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.string(), tie('object'), fc.array(fc.integer())),
      object: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('node')),
    })).object as fc.Arbitrary<Record<string, unknown>>;
    fc.assert(
      fc.property(value, value, (a, b) => {
        assert.equal(sorted(jsonMergePatch(a, createJsonMergePatch(a, b))), sorted(b));
      }),
    );
  });
  it('three-way keeps what others added and removes what was applied before', () => {
    const patch = createThreeWayJsonMergePatch({ a: 1, b: 1 }, { a: 2 }, { a: 1, b: 1, c: 3 });
    assert.deepEqual(patch, { a: 2, b: null });
  });
});

const sorted = (v: unknown): string =>
  JSON.stringify(v, (_k, x) =>
    x && typeof x === 'object' && !Array.isArray(x) ? Object.entries(x).sort(([p], [q]) => (p < q ? -1 : 1)) : x,
  );

describe('json patch', () => {
  it('applies the operations to a copy', () => {
    const doc = { a: [1, 2], b: { 'x/y': 1 } };
    const got = jsonPatch(doc, [
      { op: 'test', path: '/a/0', value: 1 },
      { op: 'add', path: '/a/-', value: 3 },
      { op: 'remove', path: '/b/x~1y' },
      { op: 'move', from: '/a/0', path: '/c' },
      { op: 'copy', from: '/c', path: '/d' },
      { op: 'replace', path: '/a/0', value: 9 },
    ]);
    assert.deepEqual(got, { a: [9, 3], b: {}, c: 1, d: 1 });
    assert.deepEqual(doc, { a: [1, 2], b: { 'x/y': 1 } });
  });
  it('says which of its faults it is', () => {
    assert.throws(() => jsonPatch({}, {}), kindOfError('badRequest'));
    assert.throws(() => jsonPatch({}, [1]), kindOfError('badRequest'));
    assert.throws(() => jsonPatch({}, new Array(10_001).fill({})), kindOfError('tooLarge'));
    assert.throws(() => jsonPatch({ a: 1 }, [{ op: 'test', path: '/a', value: 2 }]), kindOfError('unprocessable'));
    assert.throws(() => jsonPatch({}, [{ op: 'remove', path: '/a' }]), kindOfError('unprocessable'));
    assert.throws(() => jsonPatch({}, [{ op: 'jump', path: '/a' }]), kindOfError('unprocessable'));
  });
  it('lets a test for null pass where nothing is', () => {
    assert.deepEqual(jsonPatch({}, [{ op: 'test', path: '/a', value: null }]), {});
  });

  it('only what is the document’s own can be reached', () => {
    const doc = () => ({ data: { a: 'b' }, list: [1, 2] });
    const paths = [
      '__proto__',
      'constructor',
      'constructor/prototype',
      'toString',
      'data/__proto__',
      'data/constructor',
    ];
    for (const path of paths) {
      assert.throws(
        () => jsonPatch(doc(), [{ op: 'add', path: `/${path}/keys`, value: 1 }]),
        kindOfError('unprocessable'),
      );
      assert.throws(
        () => jsonPatch(doc(), [{ op: 'replace', path: `/${path}`, value: 1 }]),
        kindOfError('unprocessable'),
      );
      assert.throws(
        () => jsonPatch(doc(), [{ op: 'copy', from: `/${path}`, path: '/x' }]),
        kindOfError('unprocessable'),
      );
      assert.throws(() => jsonPatch(doc(), [{ op: 'remove', path: `/${path}` }]), kindOfError('unprocessable'));
    }
    const got = jsonPatch(doc(), [
      { op: 'add', path: '/data/__proto__', value: 'p' },
      { op: 'add', path: '/data/constructor', value: 'c' },
    ]);
    assert.equal(JSON.stringify(got['data']), '{"a":"b","__proto__":"p","constructor":"c"}');
    assert.equal(typeof Object.keys, 'function');
  });

  it('lists: at an index, at the end, from the end; not past it', () => {
    const list = (...ops: object[]) => jsonPatch({ l: [1, 2, 3] }, ops)['l'];
    assert.deepEqual(list({ op: 'add', path: '/l/0', value: 0 }), [0, 1, 2, 3]);
    assert.deepEqual(list({ op: 'add', path: '/l/-', value: 4 }), [1, 2, 3, 4]);
    assert.deepEqual(list({ op: 'add', path: '/l/3', value: 4 }), [1, 2, 3, 4]);
    assert.deepEqual(list({ op: 'remove', path: '/l/-1' }), [1, 2]);
    assert.deepEqual(list({ op: 'replace', path: '/l/1', value: 9 }), [1, 9, 3]);
    assert.deepEqual(list({ op: 'move', from: '/l/0', path: '/l/2' }), [2, 3, 1]);
    for (const path of ['/l/4', '/l/x', '/l/-5', '/l/1.5', 'l/0', '/m/0'])
      assert.throws(() => list({ op: 'add', path, value: 0 }), kindOfError('unprocessable'), path);
    assert.throws(() => list({ op: 'remove', path: '/l/3' }), kindOfError('unprocessable'));
    assert.deepEqual(list({ op: 'add', path: '/l/0' }), [null, 1, 2, 3]);
  });

  it('a document that is copied into itself again and again does not grow for ever', () => {
    const ops = Array.from({ length: 40 }, (_, i) => ({ op: 'copy', from: '/data', path: `/data/y${i}` }));
    assert.throws(() => jsonPatch({ data: { x: 'x'.repeat(100) } }, ops), kindOfError('unprocessable'));
    assert.equal(Object.keys(jsonPatch({ data: { x: 1 } }, ops.slice(0, 5))['data'] as object).length, 6);
  });
});

describe('strategic merge patch', () => {
  const live = {
    name: 'x',
    labels: { a: '1' },
    containers: [
      { name: 'a', image: 'a:1', ports: [{ containerPort: 80 }] },
      { name: 'b', image: 'b:1' },
    ],
    finalizers: ['f1', 'f2'],
  };
  const apply = (patch: unknown, to: Record<string, unknown> = live) => strategicMergePatch(Thing, to, patch);

  it('merges lists by key and leaves other elements alone', () => {
    const got = apply({ containers: [{ name: 'b', image: 'b:2' }] });
    assert.deepEqual(got['containers'], [live.containers[0], { name: 'b', image: 'b:2' }]);
    assert.equal(live.containers[1]?.image, 'b:1');
  });
  it('deletes an element, replaces a list, replaces a map', () => {
    assert.deepEqual(apply({ containers: [{ $patch: 'delete', name: 'a' }] })['containers'], [live.containers[1]]);
    assert.deepEqual(apply({ containers: [{ $patch: 'replace' }, { name: 'z' }] })['containers'], [{ name: 'z' }]);
    assert.deepEqual(apply({ labels: { $patch: 'replace', b: '2' } })['labels'], { b: '2' });
  });
  it('joins and deletes in lists of primitives', () => {
    assert.deepEqual(apply({ finalizers: ['f3', 'f1'] })['finalizers'], ['f3', 'f1', 'f2']);
    assert.deepEqual(apply({ '$deleteFromPrimitiveList/finalizers': ['f1'] })['finalizers'], ['f2']);
  });
  it('replaces lists without a strategy and removes null members', () => {
    const got = apply(
      { containers: [{ name: 'a', args: ['x'], image: null }] },
      { containers: [{ name: 'a', image: 'i', args: ['y'] }] },
    );
    assert.deepEqual(got, { containers: [{ name: 'a', args: ['x'] }] });
  });
  it('orders by $setElementOrder, server-only elements between', () => {
    const got = apply(
      { '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }], containers: [{ name: 'c', image: 'c' }] },
      { containers: [{ name: 'a' }, { name: 's' }] },
    );
    assert.deepEqual(
      (got['containers'] as { name: string }[]).map((c) => c.name),
      ['c', 'a', 's'],
    );
  });
  it('keeps only what $retainKeys lists', () => {
    const got = apply(
      { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '1' } } },
    );
    assert.deepEqual(got, { strategy: { type: 'Recreate' } });
    assert.throws(
      () => apply({ strategy: { $retainKeys: ['a'], type: 'R' } }, { strategy: {} }),
      kindOfError('badRequest'),
    );
  });
  it('says upstream words for a missing key and an unknown directive', () => {
    assert.throws(
      () => apply({ containers: [{ image: 'x' }] }),
      /map: map\[image:x\] does not contain declared merge key: name/,
    );
    assert.throws(() => apply({ labels: { $patch: 'jump' } }), /unknown patch type: jump in map: map\[\$patch:jump\]/);
    assert.throws(
      () => apply({ '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'q' }] }),
      /doesn't match/,
    );
  });
});

describe('strategic diff', () => {
  it('makes element order, deletions and retain keys', () => {
    assert.deepEqual(
      createTwoWayMergePatch(
        Thing,
        {
          finalizers: ['a', 'b'],
          containers: [{ name: 'x', image: '1' }, { name: 'y' }],
          strategy: { type: 'A', other: 'o' },
        },
        { finalizers: ['b', 'c'], containers: [{ name: 'x', image: '2' }], strategy: { type: 'B' } },
      ),
      {
        finalizers: ['c'],
        '$deleteFromPrimitiveList/finalizers': ['a'],
        '$setElementOrder/finalizers': ['b', 'c'],
        containers: [
          { name: 'x', image: '2' },
          { name: 'y', $patch: 'delete' },
        ],
        '$setElementOrder/containers': [{ name: 'x' }],
        strategy: { type: 'B', other: null, $retainKeys: ['type'] },
      },
    );
  });
  it('three-way: changes against live, deletions against last applied, others untouched', () => {
    const last = { labels: { a: '1', gone: 'x' }, containers: [{ name: 'x', image: '1' }, { name: 'old' }] };
    const wanted = { labels: { a: '2' }, containers: [{ name: 'x', image: '2' }] };
    const live = {
      labels: { a: '1', gone: 'x', other: 'o' },
      containers: [{ name: 'side' }, { name: 'x', image: '1', args: ['kept'] }, { name: 'old' }],
    };
    const patch = createThreeWayMergePatch(Thing, last, wanted, live);
    assert.deepEqual(patch, {
      labels: { gone: null, a: '2' },
      '$setElementOrder/containers': [{ name: 'x' }],
      containers: [
        { image: '2', name: 'x' },
        { name: 'old', $patch: 'delete' },
      ],
    });
    assert.deepEqual(strategicMergePatch(Thing, live, patch), {
      labels: { a: '2', other: 'o' },
      containers: [{ name: 'side' }, { name: 'x', image: '2', args: ['kept'] }],
    });
  });
  const thing = fc.record(
    {
      name: fc.constantFrom('a', 'b'),
      labels: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2')),
      finalizers: fc.uniqueArray(fc.constantFrom('p', 'q', 'r')),
      containers: fc.uniqueArray(
        fc.record(
          {
            name: fc.constantFrom('x', 'y', 'z'),
            image: fc.constantFrom('1', '2'),
            args: fc.array(fc.constantFrom('k', 'l'), { maxLength: 2 }),
            ports: fc.uniqueArray(
              fc.record({ containerPort: fc.constantFrom(1, 2, 3), name: fc.constantFrom('m', 'n') }),
              {
                selector: (p) => p.containerPort,
              },
            ),
          },
          { requiredKeys: ['name'] },
        ),
        { selector: (c) => c.name },
      ),
      strategy: fc.record({ type: fc.constantFrom('A', 'B'), other: fc.constant('o') }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );
  it('property: a two-way patch makes the modified object, order included', () => {
    fc.assert(
      fc.property(thing, thing, (a, b) => {
        const got = strategicMergePatch(Thing, a, createTwoWayMergePatch(Thing, a, b));
        assert.deepEqual(prune(got), prune(b));
      }),
    );
  });
  it("property: applying one's own configuration again changes nothing", () => {
    fc.assert(
      fc.property(thing, thing, thing, (last, wanted, live) => {
        const after = strategicMergePatch(Thing, live, createThreeWayMergePatch(Thing, last, wanted, live));
        const again = strategicMergePatch(Thing, after, createThreeWayMergePatch(Thing, wanted, wanted, after));
        assert.deepEqual(prune(again), prune(after));
      }),
    );
  });
});

/** Empty lists and maps count as absent. */
function prune(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(prune);
  if (typeof v !== 'object' || v === null) return v;
  return Object.fromEntries(
    Object.entries(v)
      .map(([k, x]) => [k, prune(x)] as const)
      .filter(([, x]) => !(typeof x === 'object' && x !== null && Object.keys(x).length === 0)),
  );
}
