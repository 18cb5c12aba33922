/** What a patch can be refused for; the API server turns the kind into a status code (upstream: apiserver endpoints/handlers/patch.go). */

/**
 * `badRequest` → 400 with the message; `unprocessable` → 422 Invalid (upstream's client sees the generic "the server rejected our
 * request due to an error in our request"); `tooLarge` → 413; `internal` → 500 with the message.
 */
export type PatchErrorKind = 'badRequest' | 'unprocessable' | 'tooLarge' | 'internal';

export class PatchError extends Error {
  readonly kind: PatchErrorKind;
  constructor(kind: PatchErrorKind, message: string) {
    super(message);
    this.name = 'PatchError';
    this.kind = kind;
  }
}

/** What every 422 of a patch says to the client, whatever the detail. */
export const unprocessableMessage = 'the server rejected our request due to an error in our request';

export type JsonObject = Readonly<Record<string, unknown>>;
export type MutableObject = Record<string, unknown>;

export const isObject = (v: unknown): v is JsonObject => typeof v === 'object' && v !== null && !Array.isArray(v);

/** A deep copy of plain JSON; `undefined` members are dropped. */
export function cloneJson<T>(v: T): T;
export function cloneJson(v: unknown): unknown {
  if (typeof v !== 'object' || v === null) return v;
  if (Array.isArray(v)) {
    const out = new Array<unknown>(v.length);
    for (let i = 0; i < v.length; i++) out[i] = cloneJson(v[i]);
    return out;
  }
  const out: MutableObject = {};
  for (const k in v) {
    const x = (v as JsonObject)[k];
    if (x !== undefined) setMember(out, k, cloneJson(x));
  }
  return out;
}

/** Sets a member even when it is called `__proto__`. */
export function setMember(o: MutableObject, k: string, v: unknown): void {
  if (k === '__proto__')
    Object.defineProperty(o, k, { value: v, enumerable: true, writable: true, configurable: true });
  else o[k] = v;
}

/** Equality of JSON values: member order does not matter, an `undefined` member is absent. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!equalJson(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  let n = 0;
  for (const k in a) {
    const x = (a as JsonObject)[k];
    if (x === undefined) continue;
    n++;
    if (!Object.hasOwn(b, k) || !equalJson(x, (b as JsonObject)[k])) return false;
  }
  for (const k in b) if ((b as JsonObject)[k] !== undefined) n--;
  return n === 0;
}
