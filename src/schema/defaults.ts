/** Static defaults (`+default` markers), put in where a field is unset. Conditional defaults live in the row's strategy. */
import type { AnyStruct } from './dsl.ts';
import { jsonFormOf } from './json-form.ts';
import { type FieldPlan, planOf } from './plan.ts';

type Obj = Readonly<Record<string, unknown>>;
/** Answers its argument itself when nothing changed. */
type Fill = (v: unknown) => unknown;

const unset = (f: FieldPlan, v: unknown): boolean =>
  v === undefined || v === null || (!f.field.markers.ptr && (v === '' || v === 0 || v === false));

function mapValues(fill: Fill): Fill {
  return (v) => {
    const given = v as Obj;
    let out: Record<string, unknown> | undefined;
    for (const k in given) {
      const filled = fill(given[k]);
      if (filled !== given[k]) {
        out ??= { ...given };
        out[k] = filled;
      }
    }
    return out ?? v;
  };
}

function mapItems(fill: Fill): Fill {
  return (v) => {
    const given = v as readonly unknown[];
    let out: unknown[] | undefined;
    for (let i = 0; i < given.length; i++) {
      const filled = fill(given[i]);
      if (filled !== given[i]) {
        out ??= given.slice();
        out[i] = filled;
      }
    }
    return out ?? v;
  };
}

interface Step {
  readonly name: string;
  readonly field: FieldPlan;
  readonly value: unknown;
  readonly fill: Fill | undefined;
}

/** Structs that hold a default somewhere below; a cycle counts as holding none of its own. */
const holds = new WeakMap<AnyStruct, boolean>();
function holdsDefault(s: AnyStruct): boolean {
  const known = holds.get(s);
  if (known !== undefined) return known;
  holds.set(s, false);
  const found =
    !jsonFormOf(s) &&
    planOf(s).fields.some((f) => f.field.markers.default !== undefined || (f.inner && holdsDefault(f.inner.struct)));
  holds.set(s, found);
  return found;
}

const fills = new WeakMap<AnyStruct, Fill>();

function fillerOf(s: AnyStruct): Fill {
  const known = fills.get(s);
  if (known) return known;
  const steps: Step[] = [];
  const fill: Fill = (v) => {
    if (typeof v !== 'object' || v === null) return v;
    const given = v as Obj;
    let out: Record<string, unknown> | undefined;
    for (const step of steps) {
      const old = given[step.name];
      let now = old;
      if (step.value !== undefined && unset(step.field, old)) now = step.value;
      if (step.fill && now !== undefined && now !== null) now = step.fill(now);
      if (now !== old) {
        out ??= { ...given };
        out[step.name] = now;
      }
    }
    return out ?? v;
  };
  fills.set(s, fill);
  for (const f of planOf(s).fields) {
    const inner = f.inner && holdsDefault(f.inner.struct) ? fillerOf(f.inner.struct) : undefined;
    const { shape, markers } = f.field;
    const below = inner && (shape === 'list' ? mapItems(inner) : shape === 'map' ? mapValues(inner) : inner);
    // A zero default of a plain Go value changes nothing.
    const value = unset(f, markers.default) ? undefined : markers.default;
    if (value !== undefined || below) steps.push({ name: f.name, field: f, value, fill: below });
  }
  return fill;
}

/** The object with unset fields filled from `+default` markers, at any depth; the same object when nothing was unset. */
export function applyDefaults<T>(s: AnyStruct, obj: T): T {
  return holdsDefault(s) ? (fillerOf(s)(obj) as T) : obj;
}
