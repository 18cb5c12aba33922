/** JSON merge patch (RFC 7386) and the two- and three-way patches of it that `kubectl apply` makes for custom resources. */
import { equalJson, isObject, type JsonObject, type MutableObject, PatchError, setMember } from './patch-error.ts';

/**
 * Applies a merge patch and returns the new document; neither input is changed. Inside lists nulls of objects are dropped and null
 * elements stay, as evanphx/json-patch v4 does. Throws `PatchError` (badRequest) when the patch is no object.
 */
export function jsonMergePatch(original: JsonObject, patch: unknown): JsonObject {
  if (!isObject(patch)) throw new PatchError('badRequest', 'Invalid JSON Patch');
  return mergeObject(original, patch);
}

function mergeObject(original: JsonObject, patch: JsonObject): JsonObject {
  const out: MutableObject = { ...original };
  for (const k of Object.keys(patch)) {
    const v = patch[k];
    if (v === undefined) continue;
    if (v === null) {
      delete out[k];
      continue;
    }
    const current = Object.hasOwn(out, k) ? out[k] : undefined;
    setMember(
      out,
      k,
      isObject(current) && isObject(v) ? mergeObject(current, v) : isObject(current) ? v : withoutNulls(v),
    );
  }
  return out;
}

function withoutNulls(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(withoutNulls);
  if (!isObject(v)) return v;
  const out: MutableObject = {};
  for (const [k, x] of Object.entries(v)) if (x !== null && x !== undefined) setMember(out, k, withoutNulls(x));
  return out;
}

/** The merge patch that makes `modified` of `original`: changed and new members with their value, missing ones null. */
export function createJsonMergePatch(original: JsonObject, modified: JsonObject): JsonObject {
  const out: MutableObject = {};
  for (const [k, v] of Object.entries(modified)) {
    if (v === undefined) continue;
    const was = Object.hasOwn(original, k) ? original[k] : undefined;
    if (isObject(was) && isObject(v)) {
      const sub = createJsonMergePatch(was, v);
      if (Object.keys(sub).length > 0) setMember(out, k, sub);
    } else if (was === undefined || !equalJson(was, v)) setMember(out, k, v);
  }
  for (const [k, v] of Object.entries(original)) {
    if (v !== undefined && (!Object.hasOwn(modified, k) || modified[k] === undefined)) setMember(out, k, null);
  }
  return out;
}

/**
 * What `kubectl apply` sends for a kind without strategic merge (upstream: apimachinery util/jsonmergepatch): additions and changes from
 * `current` to `modified`, deletions from `original` (last applied) to `modified`.
 */
export function createThreeWayJsonMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
): JsonObject {
  const changes = keepNulls(createJsonMergePatch(current, modified), false) ?? {};
  const deletions = keepNulls(createJsonMergePatch(original, modified), true) ?? {};
  return combine(deletions, changes);
}

/** Only the deletions of a patch (`nulls`), or everything but them; undefined when nothing is left. */
function keepNulls(patch: JsonObject, nulls: boolean): JsonObject | undefined {
  const out: MutableObject = {};
  let kept = false;
  for (const [k, v] of Object.entries(patch)) {
    if (v === null) {
      if (!nulls) continue;
      setMember(out, k, null);
    } else if (isObject(v)) {
      const sub = keepNulls(v, nulls);
      if (sub === undefined && (nulls || Object.keys(v).length > 0)) continue;
      setMember(out, k, sub ?? {});
    } else {
      if (nulls) continue;
      setMember(out, k, v);
    }
    kept = true;
  }
  return kept ? out : undefined;
}

/** Two patches as one; nulls are kept. */
function combine(a: JsonObject, b: JsonObject): JsonObject {
  const out: MutableObject = { ...a };
  for (const [k, v] of Object.entries(b)) {
    const was = Object.hasOwn(out, k) ? out[k] : undefined;
    setMember(out, k, isObject(was) && isObject(v) ? combine(was, v) : v);
  }
  return out;
}
