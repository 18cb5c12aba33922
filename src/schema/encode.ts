/**
 * Objects of a struct to canonical JSON text: the form decode answers, with fields in canonical order whatever the order in the
 * object (strategies copy with spread). Rebuilding the object and giving it to JSON.stringify measured faster (10 µs for a pod of
 * 1.9 KB) than a compiled serialiser that joins strings (12.5 µs), and is half the code.
 */
import type { AnyStruct } from './dsl.ts';
import { jsonFormOf } from './json-form.ts';
import { dropsZero, isZero } from './omit.ts';
import { type FieldPlan, planOf } from './plan.ts';
import { absentValue } from './zero.ts';

type Obj = Record<string, unknown>;
type Rebuild = (v: unknown) => unknown;

interface Step {
  readonly name: string;
  /** Rebuilds structs below; undefined for scalars. */
  readonly rebuild: Rebuild | undefined;
  readonly dropsZero: boolean;
  readonly absent: unknown;
}

const rebuildList =
  (element: Rebuild): Rebuild =>
  (v) =>
    Array.isArray(v) ? v.map(element) : v;

function rebuildMap(element: Rebuild): Rebuild {
  return (v) => {
    const given = v as Obj;
    const out: Obj = {};
    for (const k in given) {
      const value = element(given[k]);
      if (k === '__proto__') Object.defineProperty(out, k, { value, enumerable: true });
      else out[k] = value;
    }
    return out;
  };
}

function rebuildField(f: FieldPlan): Rebuild | undefined {
  if (!f.inner) return undefined;
  const element = structRebuild(f.inner.struct);
  return f.field.shape === 'list' ? rebuildList(element) : f.field.shape === 'map' ? rebuildMap(element) : element;
}

const rebuilds = new WeakMap<AnyStruct, Rebuild>();

function structRebuild(s: AnyStruct): Rebuild {
  const known = rebuilds.get(s);
  if (known) return known;
  const made = jsonFormRebuild(s) ?? objectRebuild(s);
  rebuilds.set(s, made);
  return made;
}

function objectRebuild(s: AnyStruct): Rebuild {
  const plan = planOf(s);
  let steps: readonly Step[] | undefined;
  const compile = (): readonly Step[] => {
    steps = plan.fields.map((f) => ({
      name: f.name,
      rebuild: rebuildField(f),
      dropsZero: dropsZero(f),
      absent: absentValue(f),
    }));
    return steps;
  };
  return (v) => {
    if (typeof v !== 'object' || v === null) return v;
    const given = v as Obj;
    const out: Obj = {};
    if (plan.typeMeta) {
      if (given['apiVersion']) out['apiVersion'] = given['apiVersion'];
      if (given['kind']) out['kind'] = given['kind'];
    }
    const all = steps ?? compile();
    for (let i = 0; i < all.length; i++) {
      const step = all[i]!;
      const value = given[step.name];
      if (value === undefined || value === null) {
        if (step.absent !== undefined) out[step.name] = step.absent;
      } else if (!step.dropsZero || !isZero(value)) out[step.name] = step.rebuild ? step.rebuild(value) : value;
    }
    return out;
  };
}

function jsonFormRebuild(s: AnyStruct): Rebuild | undefined {
  const form = jsonFormOf(s);
  if (!form) return undefined;
  if (!('schema' in form)) return (v) => v;
  return (v) => {
    const element = structRebuild(form.schema);
    return Array.isArray(v) ? (form.kind === 'orList' ? v.map(element) : v) : element(v);
  };
}

/** The object with its fields in canonical order, zero values as decode leaves them and nothing that is not in the struct. */
export const normalise = <T>(s: AnyStruct, obj: T): T => structRebuild(s)(obj) as T;

/** Canonical JSON text of an object. */
export const canonicalJson = (s: AnyStruct, obj: unknown): string => JSON.stringify(structRebuild(s)(obj));
