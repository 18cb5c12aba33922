/** Makes strategic merge patches: two-way (edit) and three-way (`kubectl apply` on the client), with upstream's directives. */
import type { AnyStruct } from '../dsl.ts';
import { equalJson, isObject, type JsonObject, type MutableObject, PatchError, setMember } from './patch-error.ts';
import { lookupPatchMeta, type PatchMeta, type PatchType, patchTypeOf } from './patch-meta.ts';
import {
  deletePrefix,
  directive,
  elementKind,
  keyOf,
  kindOf,
  type List,
  orderPrefix,
  retainKeysDirective,
  sortByOrder,
} from './strategic-list.ts';
import { mergeMaps } from './strategic-merge-patch.ts';

interface DiffOptions {
  /** Leave out what `modified` changes or adds. */
  readonly noChanges?: boolean;
  /** Leave out what `modified` lacks. */
  readonly noDeletions?: boolean;
  readonly retainKeys?: boolean;
}

/** The patch that makes `modified` of `original`; `{}` when they are equal. Throws `PatchError`. */
export const createTwoWayMergePatch = (struct: AnyStruct, original: JsonObject, modified: JsonObject): JsonObject =>
  diffMaps(original, modified, patchTypeOf(struct), {});

/**
 * The patch of client-side apply: changes from `current` (live) to `modified`, deletions from `original` (last applied) to `modified`;
 * on a conflict the user's value wins (`kubectl apply --overwrite`, the default).
 */
export function createThreeWayMergePatch(
  struct: AnyStruct,
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
): JsonObject {
  const type = patchTypeOf(struct);
  const changes = diffMaps(current, modified, type, { noDeletions: true });
  const deletions = diffMaps(original, modified, type, { noChanges: true });
  return mergeMaps(deletions, changes, type, 'combine');
}

const has = (o: JsonObject, k: string): boolean => Object.hasOwn(o, k) && o[k] !== undefined;

function diffMaps(original: JsonObject, modified: JsonObject, type: PatchType, options: DiffOptions): MutableObject {
  const patch: MutableObject = {};
  const kept: string[] = [];
  for (const [key, value] of Object.entries(modified)) {
    if (value === undefined) continue;
    if (options.retainKeys && value !== null) kept.push(key);
    const was = has(original, key) ? original[key] : undefined;
    if (key === directive && was !== undefined) {
      if (typeof was !== 'string' || typeof value !== 'string') {
        throw new PatchError('internal', `invalid value for special key: ${directive}`);
      }
      if (was !== value) patch[key] = value;
    } else if (was === undefined || kindOf(was) !== kindOf(value)) {
      if (!options.noChanges) setMember(patch, key, value);
    } else if (isObject(was) && isObject(value)) diffMapMember(key, was, value, patch, type, options);
    else if (Array.isArray(was) && Array.isArray(value)) diffListMember(key, was, value, patch, type, options);
    else if (!options.noChanges && was !== value) setMember(patch, key, value);
  }
  let cleared = false;
  for (const [key, value] of Object.entries(original)) {
    if (value === undefined || has(modified, key)) continue;
    if (value !== null) cleared = true;
    if (!options.noDeletions) setMember(patch, key, null);
  }
  if (kept.length > 0 && (cleared || Object.keys(patch).length > 0)) patch[retainKeysDirective] = kept.sort();
  return patch;
}

/** The member's metadata, or undefined when it is unknown and equal on both sides (nothing to send then). */
function metaFor(type: PatchType, key: string, was: unknown, value: unknown): PatchMeta | undefined {
  try {
    return lookupPatchMeta(type, key);
  } catch (e) {
    if (equalJson(was, value)) return undefined;
    throw e;
  }
}

function diffMapMember(
  key: string,
  was: JsonObject,
  value: JsonObject,
  patch: MutableObject,
  type: PatchType,
  options: DiffOptions,
): void {
  const meta = metaFor(type, key, was, value);
  if (!meta) return;
  if (meta.strategy === 'replace') {
    if (!options.noChanges) setMember(patch, key, value);
    return;
  }
  const sub = diffMaps(was, value, meta.type, { ...options, retainKeys: meta.retainKeys });
  if (Object.keys(sub).length > 0) setMember(patch, key, sub);
}

function diffListMember(
  key: string,
  was: List,
  value: List,
  patch: MutableObject,
  type: PatchType,
  options: DiffOptions,
): void {
  const meta = metaFor(type, key, was, value);
  if (!meta) return;
  if (meta.strategy !== 'merge') {
    if (!options.noChanges && !equalJson(was, value)) setMember(patch, key, value);
    return;
  }
  const d = diffLists(was, value, meta, { ...options, retainKeys: meta.retainKeys });
  if (d.items.length > 0) setMember(patch, key, d.items);
  if (d.deletions.length > 0) patch[`${deletePrefix}/${key}`] = d.deletions;
  if (d.order.length > 0) patch[`${orderPrefix}/${key}`] = d.order;
}

interface ListDiff {
  readonly items: List;
  readonly deletions: List;
  readonly order: List;
}

function diffLists(original: List, modified: List, meta: PatchMeta, options: DiffOptions): ListDiff {
  if (original.length === 0) return { items: options.noChanges ? [] : modified, deletions: [], order: [] };
  if (elementKind(original, modified) !== 'map') return diffScalars(original, modified, options);
  const { mergeKey } = meta;
  const { changed, deleted } = diffListsOfMaps(original, modified, meta, options);
  const items = [...sortByOrder(changed, modified, mergeKey), ...deleted];
  const sameOrder =
    original.length === modified.length &&
    modified.every((v, i) => keyOf(v, mergeKey) === keyOf(original[i], mergeKey));
  const ordered =
    (!options.noChanges && (items.length > 0 || !sameOrder)) || (!options.noDeletions && items.length > 0);
  return {
    items,
    deletions: [],
    order: ordered ? modified.map((v) => ({ [mergeKey]: keyOf(v, mergeKey) })) : [],
  };
}

function diffScalars(original: List, modified: List, options: DiffOptions): ListDiff {
  // Compared as text and as multisets, as upstream does.
  const left = new Map<string, number>();
  for (const v of original) left.set(String(v), (left.get(String(v)) ?? 0) + 1);
  const added: unknown[] = [];
  for (const v of modified) {
    const n = left.get(String(v)) ?? 0;
    if (n > 0) left.set(String(v), n - 1);
    else added.push(v);
  }
  const gone = new Set<unknown>();
  for (const v of original) if ((left.get(String(v)) ?? 0) > 0) gone.add(v);
  const items = options.noChanges ? [] : sortByOrder(added, modified, '');
  const deletions = options.noDeletions ? [] : [...gone].sort((a, b) => (String(a) < String(b) ? -1 : 1));
  const ordered = deletions.length > 0 || (!options.noChanges && !equalJson(original, modified));
  return { items, deletions, order: ordered ? modified : [] };
}

function diffListsOfMaps(
  original: List,
  modified: List,
  meta: PatchMeta,
  options: DiffOptions,
): { readonly changed: List; readonly deleted: List } {
  const { mergeKey } = meta;
  const byText = (a: unknown, b: unknown): number => {
    const x = String(keyOf(a, mergeKey));
    const y = String(keyOf(b, mergeKey));
    return x < y ? -1 : x > y ? 1 : 0;
  };
  const from = [...original].sort(byText) as readonly JsonObject[];
  const to = [...modified].sort(byText) as readonly JsonObject[];
  for (const v of [...from, ...to]) keyOf(v, mergeKey);
  const changed: unknown[] = [];
  const deleted: unknown[] = [];
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    const was = from[i];
    const now = to[j];
    const order = was && now ? byText(was, now) : was ? -1 : 1;
    if (was && now && order === 0) {
      const sub = diffMaps(was, now, meta.type, options);
      if (Object.keys(sub).length > 0) changed.push({ ...sub, [mergeKey]: now[mergeKey] });
      i++;
      j++;
    } else if (order > 0) {
      if (!options.noChanges) changed.push(now);
      j++;
    } else {
      if (!options.noDeletions) deleted.push({ [mergeKey]: was?.[mergeKey], [directive]: 'delete' });
      i++;
    }
  }
  return { changed, deleted };
}
