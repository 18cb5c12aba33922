/** JSON patch (RFC 6902) with upstream's limit and its deviations: `test` of a missing member against null passes, the root can be replaced. */
import { applyPatch, type Operation, Pointer } from 'rfc6902';
import { cloneJson, equalJson, isObject, type JsonObject, PatchError } from './patch-error.ts';

export const maxJsonPatchOperations = 10_000;

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
  for (const op of patch as readonly JsonObject[]) doc = applyOperation(doc, op);
  if (!isObject(doc)) throw new PatchError('unprocessable', 'the patched document is not an object');
  return doc;
}

function applyOperation(doc: unknown, op: JsonObject): unknown {
  const { op: kind, path } = op;
  if (typeof kind !== 'string' || !kinds.has(kind)) {
    throw new PatchError('unprocessable', `Unexpected kind: ${typeof kind === 'string' ? kind : 'unknown'}`);
  }
  if (typeof path !== 'string')
    throw new PatchError('unprocessable', `${kind} operation failed to decode path: missing value`);
  if (kind === 'test') {
    testOperation(doc, path, op['value']);
    return doc;
  }
  if (path === '' && (kind === 'replace' || kind === 'add') && isObject(op['value'])) return cloneJson(op['value']);
  let result: readonly (Error | null)[];
  try {
    result = applyPatch(doc, [op as unknown as Operation]);
  } catch (e) {
    throw new PatchError(
      'unprocessable',
      `${kind} operation does not apply: ${e instanceof Error ? e.message : String(e)}`,
    );
  }
  if (result[0])
    throw new PatchError(
      'unprocessable',
      `${kind} operation does not apply: doc is missing path: ${path}: missing value`,
    );
  return doc;
}

function testOperation(doc: unknown, path: string, expected: unknown): void {
  let actual: unknown;
  try {
    actual = path === '' ? doc : Pointer.fromJSON(path).get(doc);
  } catch (e) {
    throw new PatchError(
      'unprocessable',
      `test operation failed to decode path: ${e instanceof Error ? e.message : String(e)}`,
    );
  }
  if (!equalJson(actual ?? null, expected ?? null)) {
    throw new PatchError('unprocessable', `testing value ${path} failed: test failed`);
  }
}
