import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decode } from './decode.ts';
import { applyDefaults } from './defaults.ts';
import {
  type AnyStruct,
  bool,
  bytes,
  field,
  int32,
  int64,
  intOrString,
  list,
  map,
  microTime,
  quantity,
  string,
  struct,
  time,
} from './dsl.ts';
import { canonicalJson, normalise } from './encode.ts';
import { duplicateFields, strictComplaints, strictParse } from './strict-json.ts';

const Port = struct('io.k8s.api.core.v1.ContainerPort', {
  containerPort: field(1, int32, { required: true }),
  protocol: field(2, string, {
    omitempty: true,
    default: 'TCP',
    enum: { name: 'io.k8s.api.core.v1.Protocol', closed: true, values: ['TCP'] },
  }),
  hostPort: field(3, int32, { omitempty: true }),
});
const Ref = struct('io.k8s.api.core.v1.LocalObjectReference', {
  name: field(1, string, { omitempty: true, default: '' }),
});
const Container = struct('io.k8s.api.core.v1.Container', {
  name: field(1, string, { required: true }),
  ports: list(2, Port, { omitempty: true }),
  limits: map(3, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  tty: field(4, bool, { omitempty: true }),
  runAsUser: field(5, int64, { omitempty: true, ptr: true }),
  target: field(6, intOrString, { omitempty: true }),
  ref: field(7, Ref, { inline: true }),
  divisor: field(8, quantity, { omitempty: true }),
});
const Spec = struct('io.k8s.api.core.v1.PodSpec', {
  containers: list(1, Container, { required: true }),
  args: list(2, string, { omitempty: true }),
  labels: map(3, string, { omitempty: true }),
  since: field(4, time, { omitempty: true }),
  renew: field(5, microTime, { omitempty: true, ptr: true }),
  data: map(6, bytes, { omitempty: true }),
  paused: field(7, bool, { required: true }),
  child: field(8, (): AnyStruct => Spec, { omitempty: true, ptr: true }),
});
const Thing = struct(
  'io.k8s.api.core.v1.Thing',
  { spec: field(1, Spec, { omitempty: true }) },
  { gvk: { group: '', version: 'v1', kind: 'Thing' }, typeMeta: true },
);
const spec = (json: unknown): unknown => decode(Spec as AnyStruct, json).value;
const one = (json: unknown): unknown => decode(Container as AnyStruct, json).value;

test('absent values become what Go writes, lists and maps without omitempty empty', () => {
  assert.deepEqual(decode(Thing as AnyStruct, {}).value, {
    apiVersion: 'v1',
    kind: 'Thing',
    spec: { containers: [], paused: false },
  });
  assert.deepEqual(one({ name: 'a' }), { name: 'a', target: 0, divisor: '0' });
});

test('null is absent, zero values with omitempty are dropped unless behind a pointer', () => {
  assert.deepEqual(spec({ containers: null, args: [], labels: {}, since: null, paused: null }), {
    containers: [],
    paused: false,
  });
  assert.deepEqual(one({ name: 'a', tty: false, runAsUser: 0, ports: [null] }), {
    name: 'a',
    ports: [{ containerPort: 0 }],
    runAsUser: 0,
    target: 0,
    divisor: '0',
  });
  assert.deepEqual(spec({ labels: { a: null } }), { containers: [], labels: { a: '' }, paused: false });
});

test('fields come out in canonical order with inlined structs in place', () => {
  const value = decode(Thing as AnyStruct, {
    spec: { paused: true, containers: [{ divisor: '1', ref: 'x', name: 'n' }] },
    kind: 'K',
    apiVersion: 'v2',
  }).value;
  assert.equal(
    JSON.stringify(value),
    '{"apiVersion":"v2","kind":"K","spec":{"containers":[{"name":"n","target":0,"divisor":"1"}],"paused":true}}',
  );
});

test('unknown fields are pruned and named in the order of the input', () => {
  const { value, unknownFields } = decode(Thing as AnyStruct, {
    zzz: 1,
    spec: { foo: { deep: 1 }, containers: [{ name: 'a', Name: 'b', ports: [{}, { x: 1 }] }], child: { nope: 1 } },
  });
  assert.deepEqual(unknownFields, [
    'zzz',
    'spec.foo',
    'spec.containers[0].Name',
    'spec.containers[0].ports[1].x',
    'spec.child.nope',
  ]);
  assert.deepEqual((value as { spec: { child: unknown } }).spec.child, { containers: [], paused: false });
});

const messages: [unknown, string][] = [
  [
    { spec: { containers: 'x' } },
    'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container',
  ],
  [
    { spec: { containers: [1] } },
    'json: cannot unmarshal number into Go struct field PodSpec.spec.containers of type v1.Container',
  ],
  [
    { spec: { containers: [{ ports: [{ containerPort: '80' }] }] } },
    'json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
  ],
  [
    { spec: { containers: [{ ports: [{ containerPort: 1.5 }] }] } },
    'json: cannot unmarshal number 1.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
  ],
  [
    { spec: { containers: [{ ports: [{ containerPort: 2 ** 31 }] }] } },
    'json: cannot unmarshal number 2147483648 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
  ],
  [
    { spec: { containers: [{ ports: [{ protocol: 1 }] }] } },
    'json: cannot unmarshal number into Go struct field ContainerPort.spec.containers.ports.protocol of type v1.Protocol',
  ],
  [
    { spec: { labels: { a: true } } },
    'json: cannot unmarshal bool into Go struct field PodSpec.spec.labels of type string',
  ],
  [
    { spec: { labels: [] } },
    'json: cannot unmarshal array into Go struct field PodSpec.spec.labels of type map[string]string',
  ],
  [{ spec: [] }, 'json: cannot unmarshal array into Go struct field Thing.spec of type v1.PodSpec'],
  [[], 'json: cannot unmarshal array into Go value of type v1.Thing'],
  [{ kind: 1 }, 'json: cannot unmarshal number into Go struct field Thing.kind of type string'],
  [
    { spec: { containers: [{ limits: { cpu: 'x' } }] } },
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [
    { spec: { containers: [{ limits: { cpu: '1x' } }] } },
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [{ spec: { containers: [{ limits: { cpu: '1kk' } }] } }, "unable to parse quantity's suffix"],
  [{ spec: { containers: [{ target: true }] } }, 'json: cannot unmarshal bool into Go value of type int32'],
  [{ spec: { since: 'abc' } }, 'parsing time "abc" as "2006-01-02T15:04:05Z07:00": cannot parse "abc" as "2006"'],
  [
    { spec: { since: '2024-01-01' } },
    'parsing time "2024-01-01" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"',
  ],
  [{ spec: { since: '2024-13-01T00:00:00Z' } }, 'parsing time "2024-13-01T00:00:00Z": month out of range'],
  [{ spec: { since: '2023-02-29T00:00:00Z' } }, 'parsing time "2023-02-29T00:00:00Z": day out of range'],
  [
    { spec: { renew: '2024-01-01T00:00:00Z' } },
    'parsing time "2024-01-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  ],
  [{ spec: { since: 5 } }, 'json: cannot unmarshal number into Go value of type string'],
  [{ spec: { data: { a: '!!!!' } } }, 'illegal base64 data at input byte 0'],
  [{ spec: { data: { a: 'YWJj=' } } }, 'illegal base64 data at input byte 4'],
];
for (const [json, message] of messages)
  test(`refuses ${JSON.stringify(json)} as Go does`, () => {
    assert.throws(() => decode(Thing as AnyStruct, json), { name: 'DecodeError', message });
  });

test('scalars come out in canonical form', () => {
  assert.deepEqual(
    one({ name: 'a', limits: { a: '1000m', b: '0.5', c: '1024Mi', d: 2, e: 0.5 }, target: 'http', divisor: '1e3' }),
    {
      name: 'a',
      limits: { a: '1', b: '500m', c: '1Gi', d: '2', e: '500m' },
      target: 'http',
      divisor: '1e3',
    },
  );
  assert.deepEqual(
    spec({
      since: '2024-01-01T02:00:00.5+01:30',
      renew: '2024-02-29T00:00:00.123456+00:00',
      data: { a: 'YW\nJj', b: '' },
    }),
    {
      containers: [],
      since: '2024-01-01T00:30:00Z',
      renew: '2024-02-29T00:00:00.123456Z',
      data: { a: 'YWJj', b: '' },
      paused: false,
    },
  );
  assert.deepEqual(spec({ since: '0001-01-01T00:00:00Z' }), { containers: [], paused: false });
});

test('a key named __proto__ is data', () => {
  const value = spec(JSON.parse('{"labels":{"__proto__":"x"},"data":{"__proto__":"YQ=="}}')) as {
    labels: object;
    data: object;
  };
  assert.deepEqual(Object.keys(value.labels), ['__proto__']);
  assert.deepEqual(Object.keys(value.data), ['__proto__']);
});

const anySpec = fc.letrec((tie) => ({
  spec: fc.record(
    {
      containers: fc.array(
        fc.record(
          {
            name: fc.option(fc.string()),
            ports: fc.array(
              fc.record({ containerPort: fc.integer({ min: 0, max: 9 }), extra: fc.anything() }, { requiredKeys: [] }),
            ),
            limits: fc.dictionary(fc.string(), fc.constantFrom('1', '1500m', '1Gi', '2048', '0.1')),
            tty: fc.boolean(),
            runAsUser: fc.constantFrom(0, 1000, null),
            target: fc.constantFrom(0, 80, 'http', ''),
          },
          { requiredKeys: [] },
        ),
        { maxLength: 3 },
      ),
      args: fc.option(fc.array(fc.string())),
      labels: fc.dictionary(fc.string(), fc.string()),
      since: fc.option(
        fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((d) => d.toISOString()),
      ),
      paused: fc.boolean(),
      child: fc.option(tie('spec'), { depthSize: 'small' }),
    },
    { requiredKeys: [] },
  ),
}));

test('decode is idempotent and encode after decode is a fixpoint, whatever the order of fields', () => {
  fc.assert(
    fc.property(anySpec.spec, (json) => {
      const once = spec(structuredClone(json)) as Record<string, unknown>;
      const text = JSON.stringify(once);
      assert.equal(JSON.stringify(spec(JSON.parse(text))), text);
      assert.equal(canonicalJson(Spec as AnyStruct, once), text);
      const shuffled = Object.fromEntries(Object.entries(once).reverse());
      assert.equal(JSON.stringify(normalise(Spec as AnyStruct, shuffled)), text);
    }),
  );
});

test('defaults fill what is unset and leave everything else as it is', () => {
  const value = spec({
    containers: [{ name: 'a', ports: [{ containerPort: 1 }, { containerPort: 2, protocol: 'UDP' }] }, { name: 'b' }],
  });
  const filled = applyDefaults(Spec as AnyStruct, value) as { containers: readonly { ports: unknown }[] };
  assert.deepEqual(filled.containers[0]!.ports, [
    { containerPort: 1, protocol: 'TCP' },
    { containerPort: 2, protocol: 'UDP' },
  ]);
  assert.equal(filled.containers[1], (value as typeof filled).containers[1]);
  assert.equal(applyDefaults(Spec as AnyStruct, filled), filled);
});

test('a field said twice is reported by its path', () => {
  const text = '{"a":1,"b":{"c":[{"x":"a:\\"b"},{"y":1,"y" : 2,"z":{},"z":{}}]},"a":{"a":1},"\\u0061":2}';
  assert.deepEqual(strictParse(text).duplicates, ['b.c[1].y', 'b.c[1].z', 'a']);
  assert.deepEqual((strictParse(text).value as { a: unknown }).a, 2);
});

test('what is inside something unknown is passed over, however deep it is', () => {
  const deep = `${'{"a":1,"a":'.repeat(9000)}1${'}'.repeat(9000)}`;
  assert.deepEqual(strictComplaints(`{"x":${deep},"y":{"z":1},"k":1,"k":2}`, ['x', 'y.z']), [
    'unknown field "x"',
    'unknown field "y.z"',
    'duplicate field "k"',
  ]);
  assert.equal(strictComplaints(deep, []).length, 100);
});

test('JSON that JavaScript wrote has no duplicates', () => {
  fc.assert(
    fc.property(
      fc.json(),
      (text) => void assert.deepEqual(duplicateFields(JSON.stringify(JSON.parse(text), null, 1)), []),
    ),
  );
});
