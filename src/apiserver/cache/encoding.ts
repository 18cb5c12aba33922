/**
 * The stored form of an object: canonical JSON (apiVersion, kind, metadata first, no resourceVersion), so that the served form is the
 * stored bytes with `"resourceVersion":"N"` put in right after `"metadata":{`.
 */
import { apiVersionOf } from '../../api/resource-row.ts';
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';

const openBrace = 0x7b;
const closeBrace = 0x7d;
const quote = 0x22;
const backslash = 0x5c;

/** Where objects are turned into bytes before they get a buffer of their exact size; grows to the largest object seen. */
let scratch = Buffer.allocUnsafeSlow(64 << 10);

/** The JSON of a canonical object in a buffer of its own (no slab of Node's pool is kept alive by a stored object). */
export function encodeCanonical(obj: KubeObject): Buffer {
  const text = JSON.stringify(obj);
  if (text.length * 3 > scratch.length) scratch = Buffer.allocUnsafeSlow(text.length * 3);
  const n = scratch.write(text, 0, 'utf8');
  const out = Buffer.allocUnsafeSlow(n);
  scratch.copy(out, 0, 0, n);
  return out;
}

/** The object with its keys in canonical order and without resourceVersion; itself when it is so already. */
export function canonical(row: AnyRow, obj: KubeObject): KubeObject {
  const keys = Object.keys(obj);
  const { metadata } = obj;
  const clean = metadata !== undefined && !('resourceVersion' in metadata);
  if (clean && keys[0] === 'apiVersion' && keys[1] === 'kind' && keys[2] === 'metadata' && obj.apiVersion && obj.kind)
    return obj;
  const { apiVersion, kind, metadata: _metadata, ...rest } = obj;
  const { resourceVersion: _resourceVersion, ...meta } = metadata ?? {};
  return { apiVersion: apiVersion || apiVersionOf(row), kind: kind || row.kind, metadata: meta, ...rest };
}

/** How stored bytes of a row begin when this program wrote them. */
export const canonicalHead = (row: AnyRow): Buffer =>
  Buffer.from(`{"apiVersion":${JSON.stringify(apiVersionOf(row))},"kind":${JSON.stringify(row.kind)},"metadata":{`);

const anyHead = /^\{"apiVersion":"[^"\\]*","kind":"[^"\\]*","metadata":\{/;

/** Offset after `"metadata":{` where resourceVersion goes; -1 when the value is not in canonical order. */
export function splicePoint(stored: Buffer, head: Buffer): number {
  if (stored.length > head.length && head.compare(stored, 0, head.length) === 0) return head.length;
  const match = anyHead.exec(stored.toString('latin1', 0, 512));
  return match ? match[0].length : -1;
}

/** What is put in at the splice point. An object at revision 0 was never stored: it has no resourceVersion. */
export function resourceVersionText(stored: Buffer, at: number, revision: number): string {
  if (revision === 0) return '';
  return stored[at] === closeBrace ? `"resourceVersion":"${revision}"` : `"resourceVersion":"${revision}",`;
}

/**
 * Byte range of a member's value in a JSON object, without parsing the rest. `at` is the offset after the object's `{`.
 * Undefined = no such member; 'unclear' = not compact JSON, parse it.
 */
export function memberRange(json: Buffer, at: number, name: string): readonly [number, number] | undefined | 'unclear' {
  let i = at;
  if (json[i] === closeBrace) return undefined;
  for (;;) {
    if (json[i] !== quote) return 'unclear';
    const keyStart = i + 1;
    i = skipString(json, i);
    const keyEnd = i - 1;
    if (json[i] !== 0x3a) return 'unclear';
    const start = ++i;
    i = skipValue(json, i);
    if (keyEnd - keyStart === name.length && json.toString('latin1', keyStart, keyEnd) === name) return [start, i];
    if (json[i] === closeBrace) return undefined;
    if (json[i] !== 0x2c) return 'unclear';
    i++;
  }
}

/** Offset after the string that starts at `i`. */
function skipString(json: Buffer, i: number): number {
  const n = json.length;
  let j = i + 1;
  while (j < n) {
    const c = json[j]!;
    if (c === quote) return j + 1;
    j += c === backslash ? 2 : 1;
  }
  return n;
}

/** Offset after the value that starts at `i`. */
function skipValue(json: Buffer, i: number): number {
  const first = json[i];
  if (first === quote) return skipString(json, i);
  const n = json.length;
  let depth = 0;
  let j = i;
  while (j < n) {
    const c = json[j]!;
    if (c === quote) {
      j = skipString(json, j);
      continue;
    }
    if (c === openBrace || c === 0x5b) depth++;
    else if (c === closeBrace || c === 0x5d) {
      if (depth === 0) return j; // the end of a number, true, false or null
      if (--depth === 0) return j + 1;
    } else if (c === 0x2c && depth === 0) return j;
    j++;
  }
  return n;
}
