/** Protobuf: objects come back as they went, bytes are those of gogo's generated code, foreign input is survived. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decode } from './decode.ts';
import {
  type AnyStruct,
  bool,
  bytes,
  duration,
  field,
  fieldsV1,
  float64,
  int32,
  int64,
  intOrString,
  list,
  map,
  microTime,
  quantity,
  rawExtension,
  string,
  struct,
  time,
  uint32,
} from './dsl.ts';
import { decodeProtobuf, encodeProtobuf, ProtobufError } from './protobuf.ts';
import { isProtobuf, readWatchEvent, unwrapProtobuf, watchFrame, wrapProtobuf } from './protobuf-envelope.ts';

const Inner = struct('t.v1.Inner', {
  name: field(1, string, { omitempty: true }),
  count: field(2, int32, { omitempty: true, ptr: true }),
});
const Inlined = struct('t.v1.Inlined', {
  hostPath: field(1, Inner, { omitempty: true, ptr: true }),
  emptyDir: field(2, string, { omitempty: true }),
});
const Extra = struct('t.v1.Extra', { items: list(1, string) }, { jsonForm: true });
const Schema: AnyStruct = struct('t.v1.Schema', {
  type: field(1, string, { omitempty: true }),
  items: field(2, (): AnyStruct => OrList, { omitempty: true, ptr: true }),
  more: field(3, (): AnyStruct => OrBool, { omitempty: true, ptr: true }),
  needs: map(4, (): AnyStruct => OrStrings, { omitempty: true }),
});
const OrList = struct(
  't.v1.OrList',
  { schema: field(1, () => Schema, { ptr: true }), many: list(2, () => Schema) },
  { jsonForm: true },
);
const OrBool = struct(
  't.v1.OrBool',
  { allows: field(1, bool), schema: field(2, () => Schema, { ptr: true }) },
  { jsonForm: true },
);
const OrStrings = struct(
  't.v1.OrStrings',
  { schema: field(1, () => Schema, { ptr: true }), property: list(2, string) },
  { jsonForm: true },
);
const All = struct(
  't.v1.All',
  {
    text: field(1, string),
    maybe: field(2, string, { omitempty: true }),
    flag: field(3, bool, { omitempty: true }),
    pointer: field(4, bool, { omitempty: true, ptr: true }),
    i32: field(5, int32, { omitempty: true }),
    i64: field(6, int64, { omitempty: true, ptr: true }),
    u32: field(7, uint32, { omitempty: true }),
    f64: field(8, float64, { omitempty: true }),
    blob: field(9, bytes, { omitempty: true }),
    at: field(10, time, { omitempty: true }),
    exact: field(11, microTime, { omitempty: true, ptr: true }),
    span: field(12, duration, { omitempty: true, ptr: true }),
    size: field(13, quantity, { omitempty: true, ptr: true }),
    port: field(14, intOrString, { omitempty: true, ptr: true }),
    owned: field(15, fieldsV1, { omitempty: true, ptr: true }),
    raw: field(16, rawExtension, { omitempty: true }),
    inner: field(17, Inner, { omitempty: true }),
    inners: list(18, Inner, { omitempty: true }),
    texts: list(19, string),
    numbers: list(20, int32, { omitempty: true }),
    labels: map(21, string, { omitempty: true }),
    limits: map(22, quantity, { omitempty: true }),
    source: field(23, Inlined, { inline: true }),
    extra: map(24, Extra, { omitempty: true }),
    schema: field(25, () => Schema, { omitempty: true, ptr: true }),
  },
  { gvk: { group: 't', version: 'v1', kind: 'All' }, typeMeta: true },
);

const text = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('', 'ünïcode', '💥', '__proto__'));
const seconds = fc.integer({ min: -1_000_000_000, max: 4_000_000_000 });
const inner = fc.record({ name: text, count: fc.integer({ min: -5, max: 300 }) }, { requiredKeys: [] });
const schema = fc.letrec<{ s: unknown }>((tie) => ({
  s: fc.record(
    {
      type: text,
      items: fc.oneof({ maxDepth: 3 }, fc.constant([{ type: 'a' }]), tie('s')),
      more: fc.oneof({ maxDepth: 3 }, fc.boolean(), tie('s')),
      needs: fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof({ maxDepth: 3 }, fc.constant(['x', 'y']), tie('s'))),
    },
    { requiredKeys: [] },
  ),
})).s;
const all = fc.record(
  {
    text,
    maybe: text,
    flag: fc.boolean(),
    pointer: fc.boolean(),
    i32: fc.integer(),
    i64: fc.maxSafeInteger(),
    u32: fc.nat(),
    f64: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
    blob: fc.uint8Array({ maxLength: 9 }).map((b) => Buffer.from(b).toString('base64')),
    at: seconds.map((s) => `${new Date(s * 1000).toISOString().slice(0, 19)}Z`),
    exact: fc
      .tuple(seconds, fc.nat(999_999))
      .map(([s, us]) => `${new Date(s * 1000).toISOString().slice(0, 19)}.${String(us).padStart(6, '0')}Z`),
    span: fc.constantFrom('0s', '1h30m0s', '250ms', '-5s', '1ns'),
    size: fc.constantFrom('0', '100m', '1Gi', '12e6'),
    port: fc.oneof(fc.integer(), text),
    owned: fc.constantFrom({ 'f:a': {} }, {}),
    raw: fc.constantFrom({ kind: 'X', n: [1, null] }, {}),
    inner,
    inners: fc.array(inner, { maxLength: 3 }),
    texts: fc.array(text, { maxLength: 3 }),
    numbers: fc.array(fc.integer(), { maxLength: 3 }),
    labels: fc.dictionary(text, text, { maxKeys: 3 }),
    limits: fc.dictionary(fc.constantFrom('cpu', 'memory'), fc.constantFrom('1', '500m')),
    hostPath: inner,
    emptyDir: text,
    extra: fc.dictionary(fc.constantFrom('a', 'b'), fc.array(text, { maxLength: 2 })),
    schema,
  },
  { requiredKeys: [] },
);

describe('protobuf', () => {
  it('property: an object comes back as it went', () => {
    fc.assert(
      fc.property(all, (json) => {
        const x = decode(All, JSON.parse(JSON.stringify(json))).value;
        assert.deepEqual(
          JSON.parse(JSON.stringify(decodeProtobuf(All, encodeProtobuf(All, x)))),
          JSON.parse(JSON.stringify(x)),
        );
      }),
    );
  });
  it('writes by-value scalars and structs though zero, and nothing for what is unset', () => {
    const Small = struct('t.v1.Small', {
      name: field(1, string, { omitempty: true }),
      replicas: field(2, int32, { omitempty: true, ptr: true }),
      ready: field(3, bool, { omitempty: true }),
      at: field(4, time, { omitempty: true }),
      data: field(5, bytes, { omitempty: true }),
      items: list(6, string, { omitempty: true }),
      inner: field(7, struct('t.v1.One', { n: field(1, int64, { omitempty: true }) }), { omitempty: true }),
    });
    assert.equal(encodeProtobuf(Small, {}).toString('hex'), '0a00' + '1800' + '2200' + '3a020800');
    const full = { name: 'a', replicas: -1, at: '1970-01-01T00:02:08Z', data: 'AQ==', items: ['x', ''] };
    assert.equal(
      encodeProtobuf(Small, full).toString('hex'),
      '0a0161' + '10ffffffffffffffffff01' + '1800' + '220508800110' + '00' + '2a0101' + '320178' + '3200' + '3a020800',
    );
  });
  it('writes map entries by key', () => {
    const M = struct('t.v1.M', { labels: map(11, string, { omitempty: true }) });
    assert.equal(encodeProtobuf(M, { labels: { b: '2', a: '1' } }).toString('hex'), '5a060a01611201315a060a0162120132');
  });
  it('skips unknown fields of every wire type and accepts packed numbers', () => {
    const unknown = Buffer.from(
      'a006' + '05' + 'a106' + '0000000000000000' + 'a206' + '0161' + 'a506' + '00000000',
      'hex',
    );
    const packed = Buffer.from('a20102' + '0102', 'hex');
    assert.deepEqual(decodeProtobuf(All, Buffer.concat([unknown, packed])).numbers, [1, 2]);
  });
  it('property: damaged input is refused or read, never anything else', () => {
    const good = encodeProtobuf(All, {
      text: 'hello',
      inners: [{ name: 'x' }],
      labels: { a: 'b' },
      at: '2024-01-01T00:00:00Z',
    });
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, cut) => {
        const bad = Buffer.from(good.subarray(0, cut));
        if (at < bad.length) bad[at] = byte;
        try {
          decodeProtobuf(All, bad);
        } catch (e) {
          assert.ok(e instanceof ProtobufError, String(e));
        }
      }),
    );
  });
  it('refuses structs without a protobuf form', () => {
    assert.throws(() => encodeProtobuf(struct('t.v1.No', {}, { noProto: true }), {}), ProtobufError);
  });
});

describe('protobuf envelope', () => {
  it('names the kind and carries the object', () => {
    const data = wrapProtobuf('apps/v1', 'Deployment', Buffer.from('raw'));
    assert.equal(data.toString('latin1'), 'k8s\0\n\x15\n\x07apps/v1\x12\nDeployment\x12\x03raw\x1a\0"\0');
    assert.ok(isProtobuf(data));
    const { apiVersion, kind, raw } = unwrapProtobuf(data);
    assert.deepEqual([apiVersion, kind, raw.toString()], ['apps/v1', 'Deployment', 'raw']);
  });
  it('says what is wrong as upstream does', () => {
    assert.throws(() => unwrapProtobuf(Buffer.alloc(0)), /^ProtobufError: empty data$/);
    assert.throws(
      () => unwrapProtobuf(Buffer.from('{}')),
      /does not appear to be a protobuf message, expected prefix \[107 56 115 0\]/,
    );
    assert.throws(() => unwrapProtobuf(Buffer.from('k8s\0')), /empty body/);
  });
  it('frames watch events', () => {
    const frame = watchFrame('ADDED', Buffer.from('object'));
    assert.equal(frame.readUInt32BE(0), frame.length - 4);
    const { type, envelope } = readWatchEvent(frame.subarray(4));
    assert.deepEqual([type, envelope.toString()], ['ADDED', 'object']);
  });
});
