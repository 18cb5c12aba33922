/** The zero value of a struct as Go writes it in JSON: what a status is after the server cleared it. */
import { type AnyStruct, type Field, isScalar, structOf } from '../schema/dsl.ts';

const cache = new WeakMap<AnyStruct, object>();
const zeroScalars: Readonly<Record<string, unknown>> = {
  string: '',
  bool: false,
  int32: 0,
  int64: 0,
  uint32: 0,
  uint64: 0,
  float64: 0,
  quantity: '0',
  intOrString: 0,
  duration: '0s',
};

/** Shared and frozen: fields without `omitempty` with their zero value, by-value structs inside. */
export function zeroValue<T extends object>(struct: AnyStruct): T {
  const known = cache.get(struct);
  if (known) return known as T;
  const out: Record<string, unknown> = {};
  for (const [name, f] of Object.entries(struct.fields as Record<string, Field>)) {
    const m = f.markers;
    if (m.noJson || m.ptr || m.omitzero) continue;
    const inner = structOf(f.type);
    if (m.inline) {
      if (inner) Object.assign(out, zeroValue(inner));
    } else if (f.shape === 'one' && inner && !inner.markers.jsonForm) out[name] = zeroValue(inner);
    else if (!m.omitempty) {
      if (f.shape !== 'one') out[name] = null;
      else out[name] = isScalar(f.type) ? (zeroScalars[f.type.scalar] ?? null) : null;
    }
  }
  const frozen = Object.freeze(out);
  cache.set(struct, frozen);
  return frozen as T;
}
