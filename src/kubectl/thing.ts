/** Objects of any kind, as they come from the server and from files: JSON with apiVersion, kind and metadata. */

export interface OwnerRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}
export interface Metadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string | null;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerRef[];
  readonly managedFields?: unknown;
  readonly [key: string]: unknown;
}
export interface Thing {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly [key: string]: unknown;
}
export interface ThingList {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: readonly Thing[];
}

export type Json = Readonly<Record<string, unknown>>;
export const isMap = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);

/** The value at a path of keys, undefined where a step is missing. */
export function at(v: unknown, ...path: readonly string[]): unknown {
  let now = v;
  for (const k of path) {
    if (!isMap(now)) return undefined;
    now = now[k];
  }
  return now;
}
export const textAt = (v: unknown, ...path: readonly string[]): string => {
  const x = at(v, ...path);
  return x === undefined || x === null ? '' : String(x);
};
export const numberAt = (v: unknown, ...path: readonly string[]): number => Number(at(v, ...path) ?? 0);
export const listAt = (v: unknown, ...path: readonly string[]): readonly unknown[] => {
  const x = at(v, ...path);
  return Array.isArray(x) ? x : [];
};

/** A copy with the value at the path; maps are made where there are none. */
export function put<T>(v: T, path: readonly string[], value: unknown): T {
  const [head, ...tail] = path;
  if (head === undefined) return value as T;
  const map: Json = isMap(v) ? v : {};
  return { ...map, [head]: put(map[head], tail, value) } as T;
}
/** A copy without the value at the path. */
export function drop<T>(v: T, path: readonly string[]): T {
  const [head, ...tail] = path;
  if (head === undefined || !isMap(v) || !(head in v)) return v;
  if (tail.length > 0) return { ...v, [head]: drop(v[head], tail) } as T;
  const { [head]: _, ...others } = v;
  return others as T;
}

/** JSON with sorted keys, as Go writes maps; HTML characters are escaped as Go's encoder does. */
export function sortedJson(v: unknown, indent?: number): string {
  const sort = (x: unknown): unknown =>
    Array.isArray(x)
      ? x.map(sort)
      : isMap(x)
        ? Object.fromEntries(
            Object.entries(x)
              .filter(([, e]) => e !== undefined)
              .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
              .map(([k, e]) => [k, sort(e)]),
          )
        : x;
  return JSON.stringify(sort(v), null, indent).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value as Go's `%v` prints it: `map[a:1]`, `[x y]`, `<nil>`. */
export function goPrint(v: unknown): string {
  if (v === null || v === undefined) return '<nil>';
  if (Array.isArray(v)) return `[${v.map(goPrint).join(' ')}]`;
  if (isMap(v))
    return `map[${Object.keys(v)
      .sort()
      .map((k) => `${k}:${goPrint(v[k])}`)
      .join(' ')}]`;
  return String(v);
}

/** A value as Go's `%#v` prints it: `map[string]interface {}{"a":1}`. */
export function goSyntax(v: unknown): string {
  if (v === null || v === undefined) return 'interface {}(nil)';
  if (Array.isArray(v)) return `[]interface {}{${v.map(goSyntax).join(', ')}}`;
  if (isMap(v))
    return `map[string]interface {}{${Object.keys(v)
      .sort()
      .map((k) => `${goQuote(k)}:${goSyntax(v[k])}`)
      .join(', ')}}`;
  return typeof v === 'string' ? goQuote(v) : String(v);
}
/** Go's `%q`. */
export const goQuote = (s: string): string =>
  JSON.stringify(s).replace(/\\u00([01][0-9a-f])/g, (_, h: string) =>
    h === '07' ? '\\a' : h === '0b' ? '\\v' : `\\x${h}`,
  );
