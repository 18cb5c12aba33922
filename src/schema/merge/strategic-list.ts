/** Lists under strategic merge: element kinds, merge keys, and the order that `$setElementOrder` and the live list ask for. */
import { isObject, type JsonObject, PatchError } from './patch-error.ts';

export const directive = '$patch';
export const deletePrefix = '$deleteFromPrimitiveList';
export const orderPrefix = '$setElementOrder';
export const retainKeysDirective = '$retainKeys';

export type List = readonly unknown[];
export type JsonKind = 'null' | 'map' | 'list' | 'string' | 'number' | 'boolean';

export const kindOf = (v: unknown): JsonKind =>
  v === null || v === undefined
    ? 'null'
    : Array.isArray(v)
      ? 'list'
      : typeof v === 'object'
        ? 'map'
        : (typeof v as 'string' | 'number' | 'boolean');

const goTypes: Readonly<Record<JsonKind, string>> = {
  null: '%!s(<nil>)',
  map: 'map[string]interface {}',
  list: '[]interface {}',
  string: 'string',
  number: 'float64',
  boolean: 'bool',
};

/** A value as Go's %v prints it, for upstream's messages. */
export function goPrint(v: unknown): string {
  if (v === null || v === undefined) return '<nil>';
  if (Array.isArray(v)) return `[${v.map(goPrint).join(' ')}]`;
  if (!isObject(v)) return String(v);
  const keys = Object.keys(v).sort();
  return `map[${keys.map((k) => `${k}:${goPrint(v[k])}`).join(' ')}]`;
}

export const badType = (expected: JsonKind, actual: unknown): PatchError =>
  new PatchError('internal', `expected a ${goTypes[expected]}, but received a ${goTypes[kindOf(actual)]}`);
export const noMergeKey = (m: unknown, key: string): PatchError =>
  new PatchError('internal', `map: ${goPrint(m)} does not contain declared merge key: ${key}`);
export const badOrderFormat = (): PatchError =>
  new PatchError('badRequest', 'invalid patch format of setElementOrder list');

export function asMap(v: unknown): JsonObject {
  if (!isObject(v)) throw badType('map', v);
  return v;
}
export function asList(v: unknown): List {
  if (!Array.isArray(v)) throw badType('list', v);
  return v;
}

/** The common kind of the elements; lists of lists and mixed lists are refused. */
export function elementKind(...lists: readonly List[]): JsonKind {
  let kind: JsonKind | undefined;
  for (const l of lists) {
    for (const v of l) {
      const k = kindOf(v);
      if (kind === undefined) {
        if (k === 'list') throw new PatchError('unprocessable', 'lists of lists are not supported');
        kind = k;
      } else if (kind !== k) {
        throw new PatchError('internal', `list element types are not identical: ${goPrint(lists)}`);
      }
    }
  }
  if (kind === undefined) throw new PatchError('internal', 'no elements in any of the given slices');
  return kind;
}

/** The value of an element's merge key; the element itself when there is no key. */
export function keyOf(item: unknown, mergeKey: string): unknown {
  if (mergeKey === '') return item;
  const m = asMap(item);
  if (!Object.hasOwn(m, mergeKey)) throw noMergeKey(m, mergeKey);
  return m[mergeKey];
}

/** The element with this key; throws when an element is no object. */
export function findByKey(l: List, mergeKey: string, value: unknown): number {
  for (let i = 0; i < l.length; i++) {
    const v = l[i];
    if (!isObject(v)) throw new PatchError('internal', `value for key ${i} is not a map`);
    if (Object.hasOwn(v, mergeKey) && v[mergeKey] === value) return i;
  }
  return -1;
}

/** Splits off the elements that say `$patch: delete`. */
export function splitDeletes(l: List): { readonly keep: List; readonly deletes: List } {
  const keep: unknown[] = [];
  const deletes: unknown[] = [];
  for (const v of l) (asMap(v)[directive] === 'delete' ? deletes : keep).push(v);
  return { keep, deletes };
}

/** Elements whose key is in `by`, and the others. */
export function partition(l: List, by: List, mergeKey: string): { readonly present: List; readonly absent: List } {
  const keys = new Set<unknown>();
  for (const v of by) {
    if (mergeKey === '') keys.add(v);
    else if (!isObject(v)) throw new PatchError('internal', `value for key ${keys.size} is not a map`);
    else if (Object.hasOwn(v, mergeKey)) keys.add(v[mergeKey]);
  }
  const present: unknown[] = [];
  const absent: unknown[] = [];
  for (const v of l) (keys.has(keyOf(v, mergeKey)) ? present : absent).push(v);
  return { present, absent };
}

function orderIndex(order: List, mergeKey: string): Map<unknown, number> {
  const at = new Map<unknown, number>();
  for (const v of order) {
    const k = isObject(v) ? v[mergeKey] : v;
    if (!at.has(k)) at.set(k, at.size);
  }
  return at;
}

/** Sorts by the place in `order`; what is not there keeps its place, deletes go last. */
export function sortByOrder(l: List, order: List, mergeKey: string): List {
  let keep = l;
  let deletes: List = [];
  if (mergeKey !== '') {
    for (const v of l) keyOf(v, mergeKey);
    for (const v of order) keyOf(v, mergeKey);
    ({ keep, deletes } = splitDeletes(l));
  }
  const at = orderIndex(order, mergeKey);
  const known: unknown[] = [];
  for (const v of keep) if (at.has(keyOf(v, mergeKey))) known.push(v);
  known.sort((a, b) => (at.get(keyOf(a, mergeKey)) ?? 0) - (at.get(keyOf(b, mergeKey)) ?? 0));
  let next = 0;
  const sorted = keep.map((v) => (at.has(keyOf(v, mergeKey)) ? known[next++] : v));
  return [...sorted, ...deletes];
}

/** Interleaves server-only elements with the patch's: both keep their own order, the live order decides between them. */
export function interleave(patch: List, serverOnly: List, patchOrder: List, serverOrder: List, mergeKey: string): List {
  const right = sortByOrder(patch, patchOrder, mergeKey);
  const left = sortByOrder(serverOnly, serverOrder, mergeKey);
  const at = orderIndex(serverOrder, mergeKey);
  const out: unknown[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i >= left.length) out.push(right[j++]);
    else if (j >= right.length) out.push(left[i++]);
    else {
      const l = at.get(keyOf(left[i], mergeKey));
      const r = at.get(keyOf(right[j], mergeKey));
      if (l !== undefined && r !== undefined && l < r) out.push(left[i++]);
      else out.push(right[j++]);
    }
  }
  return out;
}

/** The field a parallel directive (`$setElementOrder/containers`) speaks of. */
export function directiveField(key: string, prefix: typeof deletePrefix | typeof orderPrefix): string {
  const slash = key.indexOf('/');
  if (slash < 0 || key.slice(0, slash) !== prefix) {
    throw prefix === deletePrefix
      ? new PatchError('badRequest', 'invalid patch format of primitive list')
      : badOrderFormat();
  }
  return key.slice(slash + 1);
}

/** Refuses a patch list that has elements out of, or not in, its `$setElementOrder`. */
export function checkOrder(patchList: List, order: List, mergeKey: string): void {
  if (patchList.length === 0 || order.length === 0) return;
  const items = mergeKey === '' ? patchList : splitDeletes(patchList).keep;
  let p = 0;
  let o = 0;
  while (p < items.length && o < order.length) {
    const item = items[p];
    if (isObject(item) && Object.hasOwn(item, directive)) {
      p++;
      continue;
    }
    if (keyOf(item, mergeKey) === keyOf(order[o], mergeKey)) p++;
    o++;
  }
  if (p < items.length && o >= order.length) {
    throw new PatchError(
      'internal',
      `The order in patch list:\n${goPrint(patchList)}\n doesn't match ${orderPrefix} list:\n${goPrint(order)}\n`,
    );
  }
}
