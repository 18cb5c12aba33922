/**
 * The schema as merging sees it: scalars, maps and lists that are atomic or have owners per member (upstream: the
 * structured-merge-diff schema that kube-openapi derives). Compiled from the struct once and kept.
 */
import { type AnyStruct, type Field, type FieldType, isScalar, type Scalar, structOf } from '../dsl.ts';

export interface MergeField {
  readonly name: string;
  /** Its path element, `f:name`. */
  readonly pe: string;
  readonly type: MergeType;
  /** The value an absent member stands for in Go's JSON (by-value structs, members without omitempty); undefined = really absent. */
  readonly zero: unknown;
}

export interface ListKey {
  readonly name: string;
  readonly default: unknown;
}

export interface MergeType {
  /** `deduced`: the value tells; maps have owners per member, lists are atomic. */
  readonly kind: 'scalar' | 'map' | 'list' | 'deduced';
  readonly atomic: boolean;
  /** Of a scalar. */
  readonly scalar: 'string' | 'numeric' | 'boolean' | 'untyped';
  /** Of a struct, by name; empty for a map with free keys. */
  readonly fields: readonly MergeField[];
  readonly byName: ReadonlyMap<string, MergeField>;
  /** Of map values and list elements. */
  readonly element: MergeType | undefined;
  /** Of an associative list, by name; undefined for a set. */
  readonly keys: readonly ListKey[] | undefined;
}

const noFields: readonly MergeField[] = [];
const noNames: ReadonlyMap<string, MergeField> = new Map();
const plain = {
  atomic: false,
  scalar: 'untyped',
  fields: noFields,
  byName: noNames,
  element: undefined,
  keys: undefined,
} as const;

const scalarType = (scalar: MergeType['scalar']): MergeType => ({ ...plain, kind: 'scalar', scalar });
const stringType = scalarType('string');
const numericType = scalarType('numeric');
const booleanType = scalarType('boolean');
const untypedType = scalarType('untyped');
export const deducedType: MergeType = { ...plain, kind: 'deduced' };
const atomicValueType: MergeType = { ...plain, kind: 'deduced', atomic: true };
const freeMapType: MergeType = { ...plain, kind: 'map', element: deducedType };

function typeOfScalar(s: Scalar): MergeType {
  switch (s.scalar) {
    case 'string':
    case 'bytes':
    case 'duration':
      return stringType;
    case 'bool':
      return booleanType;
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
    case 'float64':
      return numericType;
    case 'time':
    case 'microTime':
    case 'quantity':
    case 'intOrString':
      return untypedType;
    case 'any':
      return deducedType;
    case 'rawExtension':
      return atomicValueType;
    case 'fieldsV1':
      return freeMapType;
    default:
      return s.scalar satisfies never;
  }
}

interface Compiled {
  readonly granular: MergeType;
  readonly atomic: MergeType;
}
const compiled = new WeakMap<AnyStruct, Compiled>();

function compileStruct(s: AnyStruct): Compiled {
  const found = compiled.get(s);
  if (found) return found;
  const fields: MergeField[] = [];
  const byName = new Map<string, MergeField>();
  const base = { ...plain, kind: 'map', fields, byName } as const;
  const out: Compiled = s.markers.jsonForm
    ? { granular: atomicValueType, atomic: atomicValueType }
    : { granular: base, atomic: { ...base, atomic: true } };
  // Before its fields: a struct may contain itself.
  compiled.set(s, out);
  if (s.markers.typeMeta) for (const name of ['apiVersion', 'kind']) fields.push(fieldOf(name, stringType, undefined));
  for (const [name, f] of Object.entries(s.fields as Readonly<Record<string, Field>>)) {
    if (f.markers.noJson) continue;
    const inner = f.markers.inline ? structOf(f.type) : undefined;
    if (inner) fields.push(...compileStruct(inner).granular.fields);
    // The record of owners has no owner.
    else if (!(name === 'managedFields' && s.name.endsWith('.meta.v1.ObjectMeta')))
      fields.push(fieldOf(name, typeOfField(f), zeroOf(f)));
  }
  fields.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const f of fields) byName.set(f.name, f);
  return out;
}

const fieldOf = (name: string, type: MergeType, zero: unknown): MergeField => ({ name, pe: `f:${name}`, type, zero });

function elementType(t: FieldType, structType: string | undefined): MergeType {
  const s = structOf(t);
  if (s) {
    const c = compileStruct(s);
    return (structType ?? s.markers.structType) === 'atomic' ? c.atomic : c.granular;
  }
  return isScalar(t) ? typeOfScalar(t) : untypedType;
}

function typeOfField(f: Field): MergeType {
  const { markers: m } = f;
  if (f.shape === 'one') return elementType(f.type, m.structType);
  const element = elementType(f.type, undefined);
  if (f.shape === 'map') return { ...plain, kind: 'map', element, atomic: m.mapType === 'atomic' };
  if (m.listType === 'set') return { ...plain, kind: 'list', element };
  if (m.listType !== 'map') return { ...plain, kind: 'list', element, atomic: true };
  const struct = structOf(f.type);
  const keys = [...(m.listMapKeys ?? [])].sort().map((name) => {
    const key = struct && memberOf(struct, name);
    return { name, default: key?.markers.default ?? (key && zeroOf(key)) ?? undefined };
  });
  return { ...plain, kind: 'list', element, keys };
}

/** The field behind a JSON member, inlined structs included. */
function memberOf(s: AnyStruct, name: string): Field | undefined {
  const fields = s.fields as Readonly<Record<string, Field>>;
  if (fields[name]) return fields[name];
  for (const f of Object.values(fields)) {
    const inner = f.markers.inline ? structOf(f.type) : undefined;
    const found = inner && memberOf(inner, name);
    if (found) return found;
  }
  return undefined;
}

function zeroOf(f: Field): unknown {
  const { markers: m } = f;
  if (m.omitzero) return undefined;
  if (m.ptr || f.shape !== 'one') return m.omitempty ? undefined : null;
  const s = structOf(f.type);
  if (s) return s.markers.jsonForm ? (m.omitempty ? undefined : null) : {};
  if (!isScalar(f.type)) return undefined;
  // Go never omits these, they are structs there.
  switch (f.type.scalar) {
    case 'time':
    case 'microTime':
      return null;
    case 'quantity':
      return '0';
    case 'intOrString':
      return 0;
    case 'duration':
      return '0s';
    default:
  }
  if (m.omitempty) return undefined;
  switch (typeOfScalar(f.type)) {
    case stringType:
      return '';
    case numericType:
      return 0;
    case booleanType:
      return false;
    default:
      return null;
  }
}

/** The merge type of a kind; undefined = a custom resource without a schema, whose values tell their types. */
export const mergeTypeOf = (s: AnyStruct | undefined): MergeType => (s ? elementType(s, 'granular') : deducedType);
