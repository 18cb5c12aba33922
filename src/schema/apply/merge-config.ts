/** Merging an applied configuration into an object, and taking owned fields out of one (upstream: typed/merge.go, typed/remove.go). */
import { isObject, type JsonObject, type MutableObject, setMember } from '../merge/patch-error.ts';
import { type FieldSet, isEmptySet, isMember, leaf } from './field-set.ts';
import { pathElementOf, pathElementsOf } from './list-element.ts';
import { deducedType, type MergeType } from './merge-type.ts';

/** The object with everything the configuration says; nothing is removed. Neither input is changed. */
export function mergeConfig(t: MergeType, live: JsonObject, config: JsonObject): JsonObject {
  const out = merge(t, live, config);
  return isObject(out) ? out : {};
}

const isEmpty = (v: unknown): boolean =>
  typeof v !== 'object' || v === null || (Array.isArray(v) ? v.length === 0 : Object.keys(v).length === 0);

function merge(t: MergeType, l: unknown, r: unknown): unknown {
  if (r === undefined) return l;
  if (l === undefined || t.kind === 'scalar' || t.atomic || (isEmpty(l) && isEmpty(r))) return r;
  if (t.kind === 'list') return mergeLists(t, Array.isArray(l) ? l : [], Array.isArray(r) ? r : []);
  if (t.kind === 'deduced' && (Array.isArray(r) || (r !== null && typeof r !== 'object'))) return r;
  if (!isObject(l)) return r;
  if (!isObject(r)) return l;
  const out: MutableObject = { ...l };
  for (const [k, x] of Object.entries(r)) {
    setMember(
      out,
      k,
      merge(t.byName.get(k)?.type ?? t.element ?? deducedType, Object.hasOwn(l, k) ? l[k] : undefined, x),
    );
  }
  return out;
}

/** Elements in the live order where the configuration does not reorder them, the configuration's order for what it lists. */
function mergeLists(t: MergeType, l: readonly unknown[], r: readonly unknown[]): readonly unknown[] {
  const element = t.element ?? deducedType;
  const lPes = pathElementsOf(t, l);
  const rPes = pathElementsOf(t, r);
  const inL = new Map<string, unknown>();
  // A key that the live list has twice is not merged into: the configuration's element stands for both.
  for (let i = 0; i < l.length; i++) inL.set(lPes[i] ?? '', inL.has(lPes[i] ?? '') ? undefined : l[i]);
  const inR = new Map<string, unknown>();
  for (let i = 0; i < r.length; i++) inR.set(rPes[i] ?? '', r[i]);
  const shared = rPes.filter((pe) => inL.has(pe));
  let nextShared = 0;
  const done = new Set<string>();
  const out: unknown[] = [];
  const take = (pe: string): void => {
    done.add(pe);
    out.push(merge(element, inL.get(pe), inR.get(pe)));
  };
  let i = 0;
  let j = 0;
  while (i < l.length || j < r.length) {
    const lpe = lPes[i];
    const rpe = rPes[j];
    if (lpe !== undefined && rpe !== undefined) {
      if (lpe === rpe) {
        take(lpe);
        i++;
        j++;
        nextShared++;
        continue;
      }
      if (inR.has(lpe) && nextShared < shared.length && shared[nextShared] !== lpe) {
        // In both, but it is another's turn.
        i++;
        continue;
      }
    }
    if (lpe !== undefined) {
      if (!inR.has(lpe)) {
        out.push(l[i]);
        i++;
        continue;
      }
      if (done.has(lpe)) i++;
    }
    if (rpe !== undefined) {
      take(rpe);
      j++;
      if (shared[nextShared] === rpe) nextShared++;
    }
  }
  return out;
}

/** The object without the set's members; a map or list that loses everything is null. */
export function removeFields(t: MergeType, v: JsonObject, set: FieldSet): JsonObject {
  const out = remove(t, v, set);
  return isObject(out) ? out : {};
}

function remove(t: MergeType, v: unknown, set: FieldSet): unknown {
  if (t.kind === 'scalar') return v;
  if (isEmpty(v)) return t.kind === 'deduced' && v !== null && typeof v !== 'object' ? v : null;
  if (t.atomic) return null;
  if (Array.isArray(v)) {
    if (t.kind !== 'list') return null;
    const out: unknown[] = [];
    for (const item of v) {
      const n = set[pathElementOf(t, item)];
      if (isMember(n)) continue;
      out.push(n && !isEmptySet(n) ? remove(t.element ?? deducedType, item, n) : item);
    }
    return out.length > 0 ? out : null;
  }
  if (!isObject(v)) return null;
  const out: MutableObject = {};
  let kept = false;
  for (const [k, x] of Object.entries(v)) {
    const n = set[`f:${k}`];
    if (isMember(n)) continue;
    const type = t.byName.get(k)?.type ?? t.element ?? deducedType;
    setMember(out, k, n && !isEmptySet(n) ? remove(type, x, n) : x);
    kept = true;
  }
  return kept ? out : null;
}

/** The set with named struct fields as members wherever something below them is one, so that removing can remove them whole. */
export function withNamedFields(t: MergeType, set: FieldSet): FieldSet {
  const out: Record<string, FieldSet> = {};
  for (const k in set) {
    if (k === '.') continue;
    const n = set[k] ?? leaf;
    const f = k.startsWith('f:') ? t.byName.get(k.slice(2)) : undefined;
    if (isEmptySet(n)) {
      out[k] = n;
      continue;
    }
    const below = withNamedFields(f?.type ?? t.element ?? deducedType, n);
    out[k] = f || isMember(n) ? { '.': leaf, ...below } : below;
  }
  return out;
}
