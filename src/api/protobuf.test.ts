/** Every kind survives the way into protobuf and back: values made from the schemas, for what clients that speak protobuf send and get. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decode } from '../schema/decode.ts';
import { type AnyStruct, type Field, isScalar, type ScalarName, structOf } from '../schema/dsl.ts';
import { jsonFormOf } from '../schema/json-form.ts';
import { decodeProtobuf, encodeProtobuf } from '../schema/protobuf.ts';
import { DeleteOptions, Status, WatchEvent } from './meta/v1/types.ts';
import { resources } from './resources.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 6 });
const json = fc.dictionary(
  fc.constantFrom('a', 'b'),
  fc.oneof(fc.integer(), fc.string({ maxLength: 3 }), fc.boolean()),
  {
    maxKeys: 2,
  },
);
const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 });
const rfc3339 = (s: number, fraction = ''): string => `${new Date(s * 1000).toISOString().slice(0, 19)}${fraction}Z`;
const scalars: Readonly<Record<ScalarName, fc.Arbitrary<unknown>>> = {
  string: text,
  bool: fc.boolean(),
  int32: fc.integer(),
  int64: fc.maxSafeInteger(),
  uint32: fc.nat(),
  uint64: fc.maxSafeNat(),
  float64: fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x || 0),
  bytes: fc.uint8Array({ maxLength: 8 }).map((b) => Buffer.from(b).toString('base64')),
  any: json,
  rawExtension: json,
  time: seconds.filter((s) => s >= 0).map((s) => rfc3339(s)),
  microTime: fc
    .tuple(
      seconds.filter((s) => s >= 0),
      fc.nat(999_999),
    )
    .map(([s, us]) => rfc3339(s, `.${String(us).padStart(6, '0')}`)),
  duration: fc.constantFrom('1h0m0s', '1.5s', '250ms'),
  quantity: fc.constantFrom('1', '100m', '1Gi', '1500m', '3k'),
  intOrString: fc.oneof(fc.integer(), fc.constantFrom('25%', 'http')),
  fieldsV1: fc.constantFrom({ 'f:a': {} }, { 'f:spec': { 'f:b': {} } }),
};

/** A JSON value of a field, of a struct; what is deep is left out. */
function jsonOf(f: Field, depth: number): fc.Arbitrary<unknown> {
  const one = isScalar(f.type) ? scalars[f.type.scalar] : objectOf(structOf(f.type)!, depth - 1);
  if (f.shape === 'list') return fc.array(one, { maxLength: 2 });
  if (f.shape === 'map') return fc.dictionary(fc.constantFrom('k', 'l.m/n'), one, { maxKeys: 2 });
  return one;
}

function objectOf(s: AnyStruct, depth: number): fc.Arbitrary<unknown> {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, f] of Object.entries(s.fields as Readonly<Record<string, Field>>)) {
    if (f.markers.noJson) continue;
    const inner = isScalar(f.type) ? undefined : structOf(f.type)!;
    if (inner && (depth <= 0 || jsonFormOf(inner))) continue;
    if (f.markers.inline) Object.assign(fields, inlineOf(inner!, depth));
    else fields[name] = jsonOf(f, depth);
  }
  return fc.record(fields, { requiredKeys: [] });
}

const inlineOf = (s: AnyStruct, depth: number): Record<string, fc.Arbitrary<unknown>> =>
  Object.fromEntries(
    Object.entries(s.fields as Readonly<Record<string, Field>>).flatMap(([name, f]) =>
      !isScalar(f.type) && jsonFormOf(structOf(f.type)!) ? [] : [[name, jsonOf(f, depth)]],
    ),
  );

const zeros: readonly unknown[] = ['', 0, false];

/** Without what protobuf does not tell from absent: empty lists, maps and structs, zeros that are no pointers. */
function told(s: AnyStruct, v: unknown): unknown {
  if (typeof v !== 'object' || v === null) return v;
  const fields = new Map<string, Field>();
  const collect = (t: AnyStruct): void => {
    for (const [name, f] of Object.entries(t.fields as Readonly<Record<string, Field>>))
      if (f.markers.inline) collect(structOf(f.type)!);
      else fields.set(name, f);
  };
  collect(s);
  const out: Record<string, unknown> = {};
  for (const [name, x] of Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const f = fields.get(name);
    if (!f || x === undefined) continue;
    const one = (y: unknown): unknown => (isScalar(f.type) ? y : told(structOf(f.type)!, y));
    let y: unknown;
    if (f.shape === 'list') y = (x as readonly unknown[]).map(one);
    else if (f.shape === 'map')
      y = Object.fromEntries(
        Object.entries(x as object)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([k, e]) => [k, one(e)]),
      );
    else y = one(x);
    const plain = f.shape === 'one' && isScalar(f.type);
    if (plain ? !f.markers.ptr && zeros.includes(y) : Object.keys(y as object).length === 0) continue;
    out[name] = y;
  }
  return out;
}

const roots = new Set<AnyStruct>([DeleteOptions, Status, WatchEvent]);
for (const r of resources) {
  roots.add(r.schema);
  for (const s of r.subresources) if (s.schema) roots.add(s.schema);
}

test('every kind comes back from protobuf as it went in', () => {
  for (const s of roots) {
    if (s.markers.noProto) continue;
    fc.assert(
      fc.property(objectOf(s, 5), (input) => {
        const value = decode(s, JSON.parse(JSON.stringify(input))).value;
        const back = decodeProtobuf(s, encodeProtobuf(s, value as object));
        assert.deepEqual(told(s, back), told(s, value), s.name);
      }),
      { numRuns: 15 },
    );
  }
});
