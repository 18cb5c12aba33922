/**
 * Parsed JSON to a normalised object of a struct: unknown fields pruned and reported, JSON types checked with Go's messages, scalars
 * in canonical form, fields in canonical order, zero values as Go writes them. A decoder is compiled once per struct.
 *
 * Two departures from what a Go server writes, so that the inferred types hold: a list or map without `omitempty` that is absent
 * becomes `[]` or `{}` (Go: null), and an absent pointer or time is left out even without `omitempty` (Go: null).
 * Sub-objects of the input are reused where they need no change; callers give the input away.
 */
import type { AnyStruct, Infer } from './dsl.ts';
import { DecodeError, jsonKind, TypeMismatch } from './decode-error.ts';
import { goElementType, goFieldType, goStructName, goTypeName } from './go-name.ts';
import { jsonFormOf } from './json-form.ts';
import { dropsZero, isZero } from './omit.ts';
import { type FieldPlan, planOf } from './plan.ts';
import { decodeScalar, type ScalarDecoder } from './decode-scalar.ts';
import { absentValue, zeroElement, zeroStruct } from './zero.ts';

export { DecodeError } from './decode-error.ts';

export interface Decoded<T> {
  readonly value: T;
  /** Paths such as `spec.containers[0].foo`, at most 100, in the order of the input. */
  readonly unknownFields: readonly string[];
}

const maxUnknown = 100;

/** What is known of the place under work: field names for errors, unknown fields relative to the value being decoded. */
class Place {
  readonly fields: string[] = [];
  readonly structs: string[] = [];
  unknown: string[] = [];
}
type Decode = (v: unknown, at: Place) => unknown;
type Obj = Record<string, unknown>;

const isObject = (v: unknown): v is Obj => typeof v === 'object' && v !== null && !Array.isArray(v);

/** Prefixes the unknown fields that were found since there were `from` of them. */
function prefix(at: Place, from: number, key: string): void {
  for (let i = from; i < at.unknown.length; i++) {
    const u = at.unknown[i]!;
    at.unknown[i] = u.charCodeAt(0) === 0x5b /* [ */ ? key + u : `${key}.${u}`;
  }
}

function setOwn(o: Obj, key: string, v: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(o, key, { value: v, enumerable: true, configurable: true, writable: true });
  else o[key] = v;
}

/** A decoder of one element; null is its zero value. */
function elementDecoder(f: FieldPlan): Decode {
  const decode: Decode = f.scalar ? scalarDecoder(f) : structDecoder(f.inner!.struct);
  return (v, at) => (v === null ? zeroElement(f) : decode(v, at));
}

function scalarDecoder(f: FieldPlan): ScalarDecoder {
  return decodeScalar(f.scalar!, goElementType(f.field));
}

function listDecoder(f: FieldPlan): Decode {
  const goType = goFieldType(f.field);
  const element = elementDecoder(f);
  const plain = f.scalar === 'string';
  return (v, at) => {
    if (!Array.isArray(v)) throw new TypeMismatch(jsonKind(v), goType);
    if (plain && v.every((e) => typeof e === 'string')) return v;
    const out = new Array<unknown>(v.length);
    for (let i = 0; i < v.length; i++) {
      const before = at.unknown.length;
      out[i] = element(v[i], at);
      if (at.unknown.length > before) prefix(at, before, `[${i}]`);
    }
    return out;
  };
}

function mapDecoder(f: FieldPlan): Decode {
  const goType = goFieldType(f.field);
  const element = elementDecoder(f);
  const plain = f.scalar === 'string';
  return (v, at) => {
    if (!isObject(v)) throw new TypeMismatch(jsonKind(v), goType);
    if (plain) {
      let ok = true;
      for (const k in v) if (typeof v[k] !== 'string') ok = false;
      if (ok) return v;
    }
    const out: Obj = {};
    for (const k of Object.keys(v)) {
      const before = at.unknown.length;
      setOwn(out, k, element(v[k], at));
      if (at.unknown.length > before) prefix(at, before, k);
    }
    return out;
  };
}

function fieldDecoder(f: FieldPlan): Decode {
  if (f.field.shape === 'list') return listDecoder(f);
  if (f.field.shape === 'map') return mapDecoder(f);
  return f.scalar ? scalarDecoder(f) : structDecoder(f.inner!.struct);
}

interface Step {
  readonly name: string;
  readonly decode: Decode;
  readonly deep: boolean;
  readonly dropsZero: boolean;
  readonly absent: unknown;
}

const decoders = new WeakMap<AnyStruct, Decode>();

/** The decoder of a struct; made once, its fields on first use (structs may be cyclic). */
function structDecoder(s: AnyStruct): Decode {
  const known = decoders.get(s);
  if (known) return known;
  const made = jsonFormDecoder(s) ?? objectDecoder(s);
  decoders.set(s, made);
  return made;
}

function objectDecoder(s: AnyStruct): Decode {
  const plan = planOf(s);
  const goName = goStructName(s);
  const goType = goTypeName(s.name);
  let steps: readonly Step[] | undefined;
  const compile = (): readonly Step[] => {
    steps = plan.fields.map((f) => ({
      name: f.name,
      decode: fieldDecoder(f),
      deep: !f.scalar || f.field.shape !== 'one',
      dropsZero: dropsZero(f),
      absent: absentValue(f),
    }));
    return steps;
  };
  return (v, at) => {
    if (!isObject(v)) throw new TypeMismatch(jsonKind(v), goType);
    const out: Obj = {};
    let seen = 0;
    if (plan.typeMeta) {
      for (const name of typeMetaFields) {
        const t = v[name];
        if (t === undefined) continue;
        seen++;
        if (typeof t === 'string') {
          if (t !== '') out[name] = t;
        } else if (t !== null) {
          at.fields.push(name);
          at.structs.push(goName);
          throw new TypeMismatch(jsonKind(t), 'string');
        }
      }
    }
    const all = steps ?? compile();
    for (let i = 0; i < all.length; i++) {
      const step = all[i]!;
      const { name } = step;
      const given = v[name];
      if (given === undefined) {
        if (step.absent !== undefined) out[name] = step.absent;
        continue;
      }
      seen++;
      if (given === null) {
        if (step.absent !== undefined) out[name] = step.absent;
        continue;
      }
      at.fields.push(name);
      at.structs.push(goName);
      const before = at.unknown.length;
      const value = step.decode(given, at);
      if (step.deep && at.unknown.length > before) prefix(at, before, name);
      at.fields.pop();
      at.structs.pop();
      if (value === undefined || (step.dropsZero && isZero(value))) continue;
      out[name] = value;
    }
    let keys = 0;
    for (const _ in v) keys++;
    if (keys !== seen) unknownKeys(v, at, plan);
    return out;
  };
}

const typeMetaFields = ['apiVersion', 'kind'] as const;

function unknownKeys(v: Obj, at: Place, plan: ReturnType<typeof planOf>): void {
  for (const k of Object.keys(v)) {
    if (plan.byName.has(k) || (plan.typeMeta && (k === 'apiVersion' || k === 'kind'))) continue;
    if (at.unknown.length < maxUnknown) at.unknown.push(k);
  }
}

const stringList = (v: unknown, goType: string): readonly string[] => {
  if (!Array.isArray(v)) throw new TypeMismatch(jsonKind(v), goType);
  return v.map((e) => {
    if (e === null) return '';
    if (typeof e !== 'string') throw new TypeMismatch(jsonKind(e), 'string');
    return e;
  });
};

function jsonFormDecoder(s: AnyStruct): Decode | undefined {
  const form = jsonFormOf(s);
  if (!form) return undefined;
  const goType = goTypeName(s.name);
  switch (form.kind) {
    case 'any':
      return (v) => v;
    case 'strings':
      return (v) => stringList(v, goType);
    case 'time':
      return decodeScalar('time', goType);
    case 'orBool':
      return (v, at) => (typeof v === 'boolean' ? v : structDecoder(form.schema)(v, at));
    case 'orStrings':
      return (v, at) => (Array.isArray(v) ? stringList(v, '[]string') : structDecoder(form.schema)(v, at));
    case 'orList':
      return (v, at) => {
        const one = structDecoder(form.schema);
        return Array.isArray(v) ? v.map((e) => (e === null ? zeroStruct(form.schema) : one(e, at))) : one(v, at);
      };
    default: {
      const never: never = form;
      return never;
    }
  }
}

/**
 * Decodes parsed JSON as a struct; a top-level kind gets its apiVersion and kind when they are missing. `json` is given away.
 * @throws DecodeError when a JSON type does not fit, with Go's message
 */
export function decode<S extends AnyStruct>(s: S, json: unknown): Decoded<Infer<S>>;
export function decode(s: AnyStruct, json: unknown): Decoded<unknown> {
  const at = new Place();
  try {
    const value = structDecoder(s)(json, at) as Obj;
    return { value: withTypeMeta(s, value), unknownFields: inInputOrder(json, at.unknown) };
  } catch (e) {
    if (e instanceof TypeMismatch) throw e.in(at.structs.at(-1) ?? '', at.fields);
    if (e instanceof RangeError) throw new DecodeError('json: exceeded max depth');
    throw e;
  }
}

/** Fields are visited in canonical order, but clients see warnings in the order of their input. */
function inInputOrder(json: unknown, paths: readonly string[]): readonly string[] {
  if (paths.length < 2) return paths;
  const left = new Set(paths);
  const out: string[] = [];
  const walk = (v: unknown, path: string): void => {
    if (left.size === 0) return;
    if (left.delete(path)) out.push(path);
    else if (Array.isArray(v)) for (const [i, e] of v.entries()) walk(e, `${path}[${i}]`);
    else if (isObject(v)) for (const [k, e] of Object.entries(v)) walk(e, path ? `${path}.${k}` : k);
  };
  walk(json, '');
  return out;
}

function withTypeMeta(s: AnyStruct, value: Obj): Obj {
  const { gvk } = s.markers;
  if (!gvk || (value['apiVersion'] && value['kind'])) return value;
  const apiVersion = gvk.group ? `${gvk.group}/${gvk.version}` : gvk.version;
  return { apiVersion, kind: gvk.kind, ...value };
}
