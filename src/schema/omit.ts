/** Go's `omitempty`: which fields are left out of JSON when they hold their zero value, and what a zero value is. */
import type { ScalarName } from './dsl.ts';
import type { FieldPlan } from './plan.ts';

/** Go structs, and values whose zero value is not ours to judge: `omitempty` never drops them. */
const neverDropped = new Set<ScalarName>(['quantity', 'intOrString', 'duration', 'any', 'rawExtension', 'fieldsV1']);

/** Left out when zero. A pointer is written even when it points to zero, a required field because its type promises it. */
export function dropsZero(f: FieldPlan): boolean {
  const m = f.field.markers;
  if (!m.omitempty || m.required || m.ptr) return false;
  if (f.field.shape !== 'one') return true;
  return f.scalar !== undefined && !neverDropped.has(f.scalar);
}

/** '', 0, false, null, an empty list or an empty object. */
export function isZero(v: unknown): boolean {
  if (typeof v !== 'object') return v === '' || v === 0 || v === false;
  if (v === null) return true;
  if (Array.isArray(v)) return v.length === 0;
  for (const _ in v) return false;
  return true;
}
