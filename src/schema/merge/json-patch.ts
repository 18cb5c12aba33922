/** JSON patch (RFC 6902) with upstream's limit and its deviations: `test` of a missing member against null passes, the root can be replaced. */
import {
  cloneJson,
  equalJson,
  isObject,
  type JsonObject,
  type MutableObject,
  PatchError,
  setMember,
} from './patch-error.ts';

export const maxJsonPatchOperations = 10_000;
/** Bytes that all copies of a patch may add together: a document copied into itself doubles with each. */
const maxCopiedBytes = 3 * 1024 * 1024;

const kinds = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/**
 * Applies the operations in order and returns the new document; the original is not changed.
 * Throws `PatchError`: badRequest (no list of operations), tooLarge (over 10,000), unprocessable (an operation does not apply).
 */
export function jsonPatch(original: JsonObject, patch: unknown): JsonObject {
  if (!Array.isArray(patch)) {
    const kind =
      patch === null ? 'null' : isObject(patch) ? 'object' : typeof patch === 'boolean' ? 'bool' : typeof patch;
    throw new PatchError('badRequest', `json: cannot unmarshal ${kind} into Go value of type jsonpatch.Patch`);
  }
  if (patch.length > maxJsonPatchOperations) {
    throw new PatchError(
      'tooLarge',
      `The allowed maximum operations in a JSON patch is ${maxJsonPatchOperations}, got ${patch.length}`,
    );
  }
  for (const op of patch) {
    if (!isObject(op)) {
      const kind = Array.isArray(op) ? 'array' : op === null ? 'null' : typeof op;
      throw new PatchError('badRequest', `json: cannot unmarshal ${kind} into Go value of type jsonpatch.Operation`);
    }
  }
  let doc: unknown = cloneJson(original);
  let copied = 0;
  for (const op of patch as readonly JsonObject[]) {
    copied += copiedBytes(doc, op);
    if (copied > maxCopiedBytes)
      throw new PatchError(
        'unprocessable',
        `Unable to complete the copy, the accumulated size increase of copy is ${copied}, exceeding the limit ${maxCopiedBytes}`,
      );
    doc = applyOperation(doc, op);
  }
  if (!isObject(doc)) throw new PatchError('unprocessable', 'the patched document is not an object');
  return doc;
}

/** Where a pointer leads. Only members of the document's own count: `/constructor` is no way to what every object inherits. */
interface Place {
  /** undefined = the pointer is the whole document. */
  readonly parent: MutableObject | unknown[] | undefined;
  readonly key: string;
  readonly exists: boolean;
  readonly value: unknown;
}

/** Index in a list; a negative one counts from the end, as upstream's library does. undefined = none. */
function indexOf(list: readonly unknown[], key: string, length = list.length): number | undefined {
  if (!/^-?\d+$/.test(key)) return undefined;
  const i = Number(key) < 0 ? Number(key) + length : Number(key);
  return i >= 0 && i < length ? i : undefined;
}

/** undefined = something on the way there is missing. */
function placeOf(doc: unknown, pointer: string): Place | undefined {
  if (pointer === '') return { parent: undefined, key: '', exists: true, value: doc };
  const [root, ...tokens] = pointer.split('/');
  if (root !== '') return undefined;
  let at: Place = { parent: undefined, key: '', exists: true, value: doc };
  for (const token of tokens) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const parent = at.value;
    if (typeof parent !== 'object' || parent === null) return undefined;
    if (Array.isArray(parent)) {
      const i = indexOf(parent, key);
      at = { parent, key, exists: i !== undefined, value: i === undefined ? undefined : parent[i] };
    } else {
      const exists = Object.hasOwn(parent, key);
      at = { parent: parent as MutableObject, key, exists, value: exists ? (parent as JsonObject)[key] : undefined };
    }
  }
  return at;
}

function copiedBytes(doc: unknown, op: JsonObject): number {
  const { op: kind, from } = op;
  if (kind !== 'copy' || typeof from !== 'string') return 0;
  const place = placeOf(doc, from);
  return place?.exists ? JSON.stringify(place.value).length : 0;
}

function applyOperation(doc: unknown, op: JsonObject): unknown {
  const { op: kind, path, from } = op;
  if (typeof kind !== 'string' || !kinds.has(kind)) {
    throw new PatchError('unprocessable', `Unexpected kind: ${typeof kind === 'string' ? kind : 'unknown'}`);
  }
  if (typeof path !== 'string')
    throw new PatchError('unprocessable', `${kind} operation failed to decode path: missing value`);
  const at = (pointer: unknown, mustExist: boolean): Place => {
    const place = typeof pointer === 'string' ? placeOf(doc, pointer) : undefined;
    if (place && (place.exists || !mustExist)) return place;
    throw new PatchError(
      'unprocessable',
      `${kind} operation does not apply: doc is missing path: ${String(pointer)}: missing value`,
    );
  };
  switch (kind) {
    case 'test':
      if (!equalJson(placeOf(doc, path)?.value ?? null, op['value'] ?? null))
        throw new PatchError('unprocessable', `testing value ${path} failed: test failed`);
      return doc;
    case 'remove':
      remove(at(path, true));
      return doc;
    case 'replace':
      return put(doc, at(path, true), newValue(op), true);
    case 'move': {
      const source = at(from, true);
      remove(source);
      return put(doc, at(path, false), source.value, false);
    }
    case 'copy':
      return put(doc, at(path, false), cloneJson(at(from, true).value), false);
    default:
      return put(doc, at(path, false), newValue(op), false);
  }
}

/** What is not said is null, as upstream has it. */
const newValue = (op: JsonObject): unknown => cloneJson(op['value'] ?? null);

function remove(place: Place): void {
  const { parent, key } = place;
  if (!parent) throw new PatchError('unprocessable', 'remove operation does not apply: the whole document');
  if (Array.isArray(parent)) parent.splice(indexOf(parent, key)!, 1);
  else delete parent[key];
}

/** Answers the document, another one when the place is the whole of it. */
function put(doc: unknown, place: Place, value: unknown, over: boolean): unknown {
  const { parent, key } = place;
  if (!parent) return value;
  if (!Array.isArray(parent)) setMember(parent, key, value);
  else if (over) parent[indexOf(parent, key)!] = value;
  else {
    const i = key === '-' ? parent.length : indexOf(parent, key, parent.length + 1);
    if (i === undefined)
      throw new PatchError('unprocessable', `add operation does not apply: Unable to access invalid index: ${key}`);
    parent.splice(i, 0, value);
  }
  return doc;
}
