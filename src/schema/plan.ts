/**
 * A struct laid out for its interpreters: inlined structs flattened, fields in JSON order, made once per struct. decode, encode,
 * defaults and OpenAPI walk this instead of looking at markers again.
 */
import { type AnyStruct, type Field, isScalar, type ScalarName, structOf } from './dsl.ts';

export interface FieldPlan {
  readonly name: string;
  readonly field: Field;
  /** The scalar behind the field, or undefined for a struct. */
  readonly scalar: ScalarName | undefined;
  /** The plan of the struct behind the field, made on first use (structs may be cyclic). */
  readonly inner: StructPlan | undefined;
  /** A Go value that differs from nil: zero is written unless `omitempty` (a struct always). */
  readonly byValue: boolean;
}

export interface StructPlan {
  readonly struct: AnyStruct;
  readonly fields: readonly FieldPlan[];
  readonly byName: ReadonlyMap<string, FieldPlan>;
  /** apiVersion and kind lie in its JSON. */
  readonly typeMeta: boolean;
}

const plans = new WeakMap<AnyStruct, StructPlan>();

class Planned implements FieldPlan {
  readonly name: string;
  readonly field: Field;
  readonly scalar: ScalarName | undefined;
  readonly byValue: boolean;
  #inner: StructPlan | undefined;
  constructor(name: string, f: Field) {
    this.name = name;
    this.field = f;
    this.scalar = isScalar(f.type) ? f.type.scalar : undefined;
    this.byValue = f.shape === 'one' && !f.markers.ptr && !f.markers.omitzero;
  }
  get inner(): StructPlan | undefined {
    if (this.scalar) return undefined;
    this.#inner ??= planOf(structOf(this.field.type)!);
    return this.#inner;
  }
}

function flatten(s: AnyStruct, out: Map<string, FieldPlan>): void {
  for (const [name, f] of Object.entries(s.fields as Record<string, Field>)) {
    if (f.markers.noJson) continue;
    const inner = f.markers.inline ? structOf(f.type) : undefined;
    if (inner) flatten(inner, out);
    else if (!out.has(name)) out.set(name, new Planned(name, f));
  }
}

/** The plan of a struct, cached for the life of the struct. */
export function planOf(s: AnyStruct): StructPlan {
  const known = plans.get(s);
  if (known) return known;
  const byName = new Map<string, FieldPlan>();
  flatten(s, byName);
  const plan: StructPlan = {
    struct: s,
    fields: [...byName.values()],
    byName,
    typeMeta: s.markers.typeMeta === true || s.markers.gvk !== undefined,
  };
  plans.set(s, plan);
  return plan;
}
