/**
 * What changed between two objects, and what a configuration mentions, as sets of field paths, in one schema-guided walk each
 * (upstream: structured-merge-diff typed/compare.go and typed/tofieldset.go).
 */
import { equalJson, isObject, type JsonObject } from '../merge/patch-error.ts';
import { asMember, emptySet, type FieldSet, isEmptySet, leaf } from './field-set.ts';
import { pathElementsOf } from './list-element.ts';
import { deducedType, type MergeType } from './merge-type.ts';
import { comparePathElements } from './path-element.ts';

/** `changed`: added or modified. The parts of the walk use undefined for nothing. */
export interface Comparison {
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}
interface Diff {
  readonly changed: FieldSet | undefined;
  readonly removed: FieldSet | undefined;
}
interface Building {
  [pathElement: string]: FieldSet;
}

/** Adds a child, making the parent when it is the first. */
function put(o: Building | undefined, pathElement: string, n: FieldSet): Building {
  if (o === undefined) return { [pathElement]: n };
  o[pathElement] = n;
  return o;
}

const same: Diff = { changed: undefined, removed: undefined };
const modified: Diff = { changed: leaf, removed: undefined };

/** Compares two whole objects of one type. */
export function compare(t: MergeType, from: JsonObject, to: JsonObject): Comparison {
  const d = diff(t, from, to);
  return { changed: d.changed ?? emptySet, removed: d.removed ?? emptySet };
}

const isEmpty = (v: unknown): boolean => {
  if (typeof v !== 'object' || v === null) return true;
  if (Array.isArray(v)) return v.length === 0;
  for (const _ in v) return false;
  return true;
};

/** The kind of a deduced value; null goes with the other side. */
const deduce = (v: unknown): 'scalar' | 'list' | 'map' | 'any' =>
  v === null ? 'any' : Array.isArray(v) ? 'list' : typeof v === 'object' ? 'map' : 'scalar';

/** All of a value that one side has and the other has not, the value itself included. */
function whole(t: MergeType, v: unknown): FieldSet {
  if (t.atomic || t.kind === 'scalar' || isEmptyOf(t, v)) return leaf;
  if (Array.isArray(v)) {
    if (t.kind !== 'list') return leaf;
    const pes = pathElementsOf(t, v);
    const element = t.element ?? deducedType;
    const out: Building = {};
    for (const i of orderOf(pes)) {
      const pe = pes[i] ?? '';
      out[pe] = out[pe] !== undefined ? leaf : whole(element, v[i]);
    }
    return { '.': leaf, ...out };
  }
  if (!isObject(v)) return leaf;
  const out: Building = { '.': leaf };
  if (t.fields.length > 0) {
    for (const f of t.fields) {
      const x = v[f.name] === undefined ? f.zero : v[f.name];
      if (x !== undefined) out[f.pe] = whole(f.type, x);
    }
  } else {
    const element = t.element ?? deducedType;
    for (const k of sortedKeys(v)) out[`f:${k}`] = whole(element, v[k]);
  }
  return out;
}

/** Empty for the purpose of the walk: a struct with members that are always there is not. */
function isEmptyOf(t: MergeType, v: unknown): boolean {
  if (!isEmpty(v)) return false;
  if (v === null || typeof v !== 'object' || Array.isArray(v)) return true;
  for (const f of t.fields) if (f.zero !== undefined) return false;
  return true;
}

function diff(t: MergeType, l: unknown, r: unknown): Diff {
  if (l === r) return same;
  switch (t.kind) {
    case 'scalar':
      return equalJson(l, r) ? same : modified;
    case 'map':
      if (t.atomic) return equalAtomic(l, r) ? same : modified;
      return diffMaps(t, l, r);
    case 'list':
      if (t.atomic) return equalAtomic(l, r) ? same : modified;
      return diffLists(t, l, r);
    case 'deduced':
      return diffDeduced(t, l, r);
    default:
      return t.kind satisfies never;
  }
}

/** Null and empty are one: decoded objects do not keep Go's difference between them. */
const equalAtomic = (l: unknown, r: unknown): boolean =>
  equalJson(l, r) || (isEmpty(l) && isEmpty(r) && typeof l === 'object' && typeof r === 'object');

function diffDeduced(t: MergeType, l: unknown, r: unknown): Diff {
  const a = deduce(l);
  const b = deduce(r);
  if (t.atomic || a === 'scalar' || a === 'list' || b === 'scalar' || b === 'list') {
    if (equalAtomic(l, r)) return same;
    if (t.atomic || a === b) return modified;
    // The form changed: the value is modified, and what a map on either side held came or went.
    const gone = a === 'map' ? diffMaps(t, l, null).removed : undefined;
    const come = b === 'map' ? diffMaps(t, null, r).changed : undefined;
    return { changed: asMember(come), removed: gone };
  }
  return diffMaps(t, l, r);
}

function diffMaps(t: MergeType, l: unknown, r: unknown): Diff {
  const a = isObject(l) ? l : undefined;
  const b = isObject(r) ? r : undefined;
  let changed: Building | undefined;
  let removed: Building | undefined;
  if (t.fields.length > 0) {
    for (const f of t.fields) {
      let x = a?.[f.name];
      let y = b?.[f.name];
      if (x === y) continue;
      if (x === undefined && a) x = f.zero;
      if (y === undefined && b) y = f.zero;
      if (x === y) continue;
      if (x === undefined) changed = put(changed, f.pe, whole(f.type, y));
      else if (y === undefined) removed = put(removed, f.pe, whole(f.type, x));
      else {
        const d = diff(f.type, x, y);
        if (d.changed) changed = put(changed, f.pe, d.changed);
        if (d.removed) removed = put(removed, f.pe, d.removed);
      }
    }
  } else {
    const element = t.element ?? deducedType;
    const keys = a && b ? sortedKeys({ ...a, ...b }) : sortedKeys(a ?? b ?? {});
    for (const k of keys) {
      const x = a?.[k];
      const y = b?.[k];
      if (x === y) continue;
      const pe = `f:${k}`;
      if (x === undefined) changed = put(changed, pe, whole(element, y));
      else if (y === undefined) removed = put(removed, pe, whole(element, x));
      else {
        const d = diff(element, x, y);
        if (d.changed) changed = put(changed, pe, d.changed);
        if (d.removed) removed = put(removed, pe, d.removed);
      }
    }
  }
  return changed || removed ? { changed, removed } : same;
}

function diffLists(t: MergeType, l: unknown, r: unknown): Diff {
  const a = Array.isArray(l) ? (l as readonly unknown[]) : [];
  const b = Array.isArray(r) ? (r as readonly unknown[]) : [];
  if (a.length === 0 && b.length === 0) return same;
  const from = groupByElement(t, a);
  const to = groupByElement(t, b);
  const element = t.element ?? deducedType;
  const pes = [...from.keys()];
  for (const pe of to.keys()) if (!from.has(pe)) pes.push(pe);
  let changed: Building | undefined;
  let removed: Building | undefined;
  for (const i of orderOf(pes)) {
    const pe = pes[i] ?? '';
    const d = diffElements(element, from.get(pe) ?? [], to.get(pe) ?? []);
    if (d.changed) changed = put(changed, pe, d.changed);
    if (d.removed) removed = put(removed, pe, d.removed);
  }
  return changed || removed ? { changed, removed } : same;
}

/** Elements with one path element; more than one on a side are treated as one atomic value. */
function diffElements(t: MergeType, from: readonly unknown[], to: readonly unknown[]): Diff {
  if (from.length > 1 && to.length > 1) return equalJson(from, to) ? same : modified;
  if (from.length > 1) return { changed: to.length === 1 ? whole(t, to[0]) : undefined, removed: leaf };
  if (to.length > 1) return { changed: leaf, removed: from.length === 1 ? whole(t, from[0]) : undefined };
  if (from.length === 0) return { changed: whole(t, to[0]), removed: undefined };
  if (to.length === 0) return { changed: undefined, removed: whole(t, from[0]) };
  return diff(t, from[0], to[0]);
}

function groupByElement(t: MergeType, list: readonly unknown[]): ReadonlyMap<string, readonly unknown[]> {
  const out = new Map<string, unknown[]>();
  const pes = pathElementsOf(t, list);
  for (let i = 0; i < list.length; i++) {
    const pe = pes[i] ?? '';
    const group = out.get(pe);
    if (group) group.push(list[i]);
    else out.set(pe, [list[i]]);
  }
  return out;
}

/** Indexes into `pes` in the order of path elements. */
function orderOf(pes: readonly string[]): readonly number[] {
  const at = pes.map((_, i) => i);
  return pes.length < 2 ? at : at.sort((i, j) => comparePathElements(pes[i] ?? '', pes[j] ?? ''));
}

function sortedKeys(o: JsonObject): readonly string[] {
  const keys = Object.keys(o);
  return keys.length < 2 ? keys : keys.sort();
}

/** Every leaf and list element that a configuration mentions; an absent member is absent here. */
export const fieldSetOfConfig = (t: MergeType, config: JsonObject): FieldSet => mentioned(t, config) ?? emptySet;

function mentioned(t: MergeType, v: unknown): FieldSet | undefined {
  if (t.kind === 'scalar' || t.atomic) return leaf;
  if (t.kind === 'list') return Array.isArray(v) ? mentionedElements(t, v) : undefined;
  if (t.kind === 'deduced' && (Array.isArray(v) || (v !== null && typeof v !== 'object'))) return leaf;
  if (!isObject(v)) return undefined;
  const out: Building = {};
  for (const k of sortedKeys(v)) {
    const x = v[k];
    const f = t.byName.get(k);
    if (x === undefined || (!f && t.fields.length > 0)) continue;
    const n = mentioned(f?.type ?? t.element ?? deducedType, x);
    const self = !f || x === null || (isObject(x) && isEmpty(x));
    if (self) out[`f:${k}`] = asMember(n);
    else if (n !== undefined) out[`f:${k}`] = n;
  }
  return isEmptySet(out) ? undefined : out;
}

function mentionedElements(t: MergeType, list: readonly unknown[]): FieldSet | undefined {
  const pes = pathElementsOf(t, list);
  const element = t.element ?? deducedType;
  const out: Building = {};
  for (const i of orderOf(pes)) {
    const pe = pes[i] ?? '';
    out[pe] = out[pe] !== undefined ? leaf : asMember(mentioned(element, list[i]));
  }
  return isEmptySet(out) ? undefined : out;
}
