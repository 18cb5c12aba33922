/** The zero value of a field or struct as a decoded object holds it: what Go would write for it, with lists and maps empty, never null. */
import type { AnyStruct } from './dsl.ts';
import { jsonFormOf } from './json-form.ts';
import { type FieldPlan, planOf } from './plan.ts';

const emptyList: readonly never[] = Object.freeze([]);
const emptyObject: Readonly<Record<string, never>> = Object.freeze({});
const zeroScalars: Readonly<Record<string, unknown>> = {
  string: '',
  bool: false,
  int32: 0,
  int64: 0,
  uint32: 0,
  uint64: 0,
  float64: 0,
  bytes: '',
  quantity: '0',
  intOrString: 0,
  duration: '0s',
};
/** Go structs, which `omitempty` never drops. */
const alwaysWritten = new Set(['quantity', 'intOrString', 'duration']);

/** The zero value of one element of a field (of a list, of a map, or the field itself). */
export function zeroElement(f: FieldPlan): unknown {
  return f.scalar ? zeroScalars[f.scalar] : zeroStruct(f.inner!.struct);
}

/** What decode puts where a field is absent; undefined = the field stays absent. */
export function absentValue(f: FieldPlan): unknown {
  const m = f.field.markers;
  const written = !m.omitempty || m.required === true;
  if (f.field.shape === 'list') return written ? emptyList : undefined;
  if (f.field.shape === 'map') return written ? emptyObject : undefined;
  if (!f.byValue) return undefined;
  if (f.scalar) return written || alwaysWritten.has(f.scalar) ? zeroScalars[f.scalar] : undefined;
  return zeroStruct(f.inner!.struct);
}

const zeros = new WeakMap<AnyStruct, object | undefined>();

/** The zero value of a struct, shared and frozen; undefined for a free-form one. */
export function zeroStruct(s: AnyStruct): object | undefined {
  const known = zeros.get(s);
  if (known) return known;
  const form = jsonFormOf(s);
  if (form) return form.kind === 'strings' ? emptyList : undefined;
  const out: Record<string, unknown> = {};
  for (const f of planOf(s).fields) {
    const v = absentValue(f);
    if (v !== undefined) out[f.name] = v;
  }
  const frozen = Object.freeze(out);
  zeros.set(s, frozen);
  return frozen;
}
