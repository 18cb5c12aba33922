/** Strategic merge patch: applies a patch whose lists merge by key as the schema's markers say (upstream: apimachinery strategicpatch/patch.go). */
import type { AnyStruct } from '../dsl.ts';
import { equalJson, isObject, type JsonObject, type MutableObject, PatchError, setMember } from './patch-error.ts';
import { lookupPatchMeta, type PatchMeta, type PatchType, patchTypeOf } from './patch-meta.ts';
import {
  asList,
  asMap,
  badOrderFormat,
  badType,
  checkOrder,
  deletePrefix,
  directive,
  directiveField,
  elementKind,
  findByKey,
  goPrint,
  interleave,
  kindOf,
  type List,
  noMergeKey,
  orderPrefix,
  partition,
  retainKeysDirective,
} from './strategic-list.ts';

/**
 * `apply`: the patch meets an object; directives act and nulls delete. `combine`: the patch meets another patch (three-way diff);
 * directives and nulls are carried over.
 */
export type MergeMode = 'apply' | 'combine';

/** Applies a strategic merge patch and returns the new object; the inputs are not changed. Throws `PatchError`. */
export function strategicMergePatch(struct: AnyStruct, original: JsonObject, patch: unknown): JsonObject {
  if (!isObject(patch)) throw new PatchError('badRequest', 'invalid JSON document');
  return mergeMaps(original, patch, patchTypeOf(struct), 'apply');
}

/** Merges `patch` into `original`, both of type `type`. */
export function mergeMaps(original: JsonObject, patch: JsonObject, type: PatchType, mode: MergeMode): JsonObject {
  if (Object.hasOwn(patch, directive)) {
    const said = patch[directive];
    if (said === 'replace') {
      const { [directive]: _, ...rest } = patch;
      return rest;
    }
    if (said === 'delete') return {};
    throw new PatchError('internal', `unknown patch type: ${goPrint(said)} in map: ${goPrint(patch)}`);
  }
  const out: MutableObject = { ...original };
  const rest: MutableObject = { ...patch };
  retainKeys(out, rest, mode);
  mergeOrderedLists(out, rest, type, mode);
  for (const [key, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    const isDeleteList = key.startsWith(deletePrefix);
    if (isDeleteList && mode === 'combine') setMember(out, key, value);
    else mergeMember(out, isDeleteList ? directiveField(key, deletePrefix) : key, value, isDeleteList, type, mode);
  }
  return out;
}

function mergeMember(
  out: MutableObject,
  key: string,
  value: unknown,
  isDeleteList: boolean,
  type: PatchType,
  mode: MergeMode,
): void {
  if (value === null) {
    delete out[key];
    if (mode === 'apply') return;
  }
  const present = Object.hasOwn(out, key) && out[key] !== undefined;
  if (!present || kindOf(out[key]) !== kindOf(value)) {
    if (isDeleteList) return;
    put(out, key, withoutDirectives(mode === 'apply' ? withoutNulls(value) : value, mode));
    return;
  }
  const was = out[key];
  if (isObject(was) && isObject(value)) {
    const meta = lookupPatchMeta(type, key);
    out[key] = meta.strategy === 'replace' ? value : mergeMaps(was, value, meta.type, mode);
  } else if (Array.isArray(was) && Array.isArray(value)) {
    out[key] = mergeListMember(was, value, lookupPatchMeta(type, key), isDeleteList, mode);
  } else {
    put(out, key, withoutDirectives(value, mode));
  }
}

const mergeListMember = (was: List, value: List, meta: PatchMeta, isDeleteList: boolean, mode: MergeMode): List =>
  meta.strategy === 'merge' || isDeleteList ? mergeLists(was, value, meta, isDeleteList, mode) : value;

const put = (out: MutableObject, key: string, v: unknown): void => {
  if (v === dropped) delete out[key];
  else setMember(out, key, v);
};

function mergeLists(original: List, patch: List, meta: PatchMeta, isDeleteList: boolean, mode: MergeMode): List {
  if (original.length === 0 && patch.length === 0) return original;
  if (elementKind(original, patch) !== 'map') {
    if (mode === 'apply' && isDeleteList) {
      const gone = new Set(patch);
      return original.filter((v) => !gone.has(v));
    }
    const { present, absent } = partition([...new Set([...original, ...patch])], patch, '');
    return interleave(present, absent, patch, original, '');
  }
  const { mergeKey } = meta;
  if (mergeKey === '') throw new PatchError('internal', `cannot merge lists without merge key for ${meta.type.kind}`);
  const special = listDirectives(original, patch, mergeKey);
  const merged = [...special.original];
  for (const v of special.patch) {
    const item = asMap(v);
    if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
    const at = findByKey(merged, mergeKey, item[mergeKey]);
    if (at < 0) merged.push(item);
    else merged[at] = mergeMaps(asMap(merged[at]), item, meta.type, mode);
  }
  const { present, absent } = partition(merged, special.patch, mergeKey);
  return interleave(present, absent, special.patch, special.original, mergeKey);
}

/** Acts on `$patch: delete` and `$patch: replace` elements; what is left of both lists is without them. */
function listDirectives(
  original: List,
  patch: List,
  mergeKey: string,
): { readonly original: List; readonly patch: List } {
  let left = original;
  let replace = false;
  const plain: unknown[] = [];
  for (const v of patch) {
    const item = asMap(v);
    if (!Object.hasOwn(item, directive)) {
      plain.push(v);
      continue;
    }
    switch (item[directive]) {
      case 'delete': {
        if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
        const gone = item[mergeKey];
        left = left.filter((x) => !(isObject(x) && x[mergeKey] === gone));
        break;
      }
      case 'replace':
        replace = true;
        break;
      case 'merge':
        throw new PatchError('internal', 'merging lists cannot yet be specified in the patch');
      default:
        throw new PatchError('internal', `unknown patch type: ${goPrint(item[directive])} in map: ${goPrint(item)}`);
    }
  }
  return replace ? { original: plain, patch: [] } : { original: left, patch: plain };
}

/** `$retainKeys`: members of the object that are not listed go; a patch that sets an unlisted one is refused. */
function retainKeys(out: MutableObject, patch: MutableObject, mode: MergeMode): void {
  if (!Object.hasOwn(patch, retainKeysDirective)) return;
  const said = patch[retainKeysDirective];
  delete patch[retainKeysDirective];
  if (mode === 'combine') {
    const was = out[retainKeysDirective];
    if (was !== undefined && !equalJson(was, said)) {
      throw new PatchError(
        'internal',
        `${goPrint(was)} and ${goPrint(said)} are not deep equal: this may happen when calculating the 3-way diff patch`,
      );
    }
    out[retainKeysDirective] = said;
    return;
  }
  if (!Array.isArray(said)) throw new PatchError('badRequest', 'invalid patch format of retainKeys');
  const kept = new Set<unknown>(said);
  for (const [k, v] of Object.entries(patch)) {
    if (v === null || v === undefined || k.startsWith(deletePrefix) || k.startsWith(orderPrefix)) continue;
    if (!kept.has(k)) throw new PatchError('badRequest', 'invalid patch format of retainKeys');
  }
  for (const k of Object.keys(out)) if (!kept.has(k)) delete out[k];
}

/** `$setElementOrder/x`: merges list x and puts it in that order; takes both from the patch. */
function mergeOrderedLists(out: MutableObject, patch: MutableObject, type: PatchType, mode: MergeMode): void {
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(orderPrefix)) continue;
    const said = patch[key];
    if (mode === 'combine') {
      if (Object.hasOwn(out, key) && !equalJson(out[key], said)) throw badOrderFormat();
      out[key] = said;
    }
    delete patch[key];
    const order = asList(said);
    const field = directiveField(key, orderPrefix);
    const live = Object.hasOwn(out, field) ? asList(out[field]) : undefined;
    const wanted = Object.hasOwn(patch, field) ? patch[field] : undefined;
    if (wanted !== undefined && !Array.isArray(wanted)) throw badType('list', wanted);
    const meta = lookupPatchMeta(type, field);
    checkOrder(wanted ?? [], order, meta.mergeKey);
    if (!live && !wanted) continue;
    const merged =
      live && wanted
        ? mergeListMember(live, wanted, meta, false, mode)
        : (live ?? (withoutDirectives(wanted, mode) as List));
    delete patch[field];
    if (merged.length === 0) {
      out[field] = merged;
      continue;
    }
    const { present, absent } = partition(merged, order, meta.mergeKey);
    out[field] = interleave(present, absent, order, live ?? [], meta.mergeKey);
  }
}

const dropped = Symbol('dropped');

/**
 * The value without what carries a `$patch`; the symbol when that is all of it. When it lands in an object (`apply`) the parallel
 * directives go too: upstream loses them when it decodes the result into its types.
 */
function withoutDirectives(v: unknown, mode: MergeMode): unknown {
  if (Array.isArray(v)) {
    const out: unknown[] = [];
    for (const x of v) {
      const kept = withoutDirectives(x, mode);
      if (kept !== dropped) out.push(kept);
    }
    return out;
  }
  if (!isObject(v)) return v;
  if (Object.hasOwn(v, directive)) return dropped;
  const out: MutableObject = {};
  for (const [k, x] of Object.entries(v)) {
    if (mode === 'apply' && isParallelDirective(k)) continue;
    put(out, k, withoutDirectives(x, mode));
  }
  return out;
}

const isParallelDirective = (k: string): boolean =>
  k.startsWith('$') && (k === retainKeysDirective || k.startsWith(deletePrefix) || k.startsWith(orderPrefix));

/** The value without null members, at any depth. */
function withoutNulls(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(withoutNulls);
  if (!isObject(v)) return v;
  const out: MutableObject = {};
  for (const [k, x] of Object.entries(v)) if (x !== null) setMember(out, k, withoutNulls(x));
  return out;
}
