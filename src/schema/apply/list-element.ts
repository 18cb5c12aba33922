/** How elements of associative lists and sets are told apart: their path element from keys (with defaults) or value. */
import { isObject } from '../merge/patch-error.ts';
import type { MergeType } from './merge-type.ts';
import { goJson } from './path-element.ts';

/** The element's path element; throws `Error` with upstream's wording when it cannot have one. */
export function pathElementOf(t: MergeType, item: unknown): string {
  const { keys } = t;
  if (keys === undefined) {
    if (item === null || item === undefined)
      throw new Error("associative list without keys has an element that's an explicit null");
    if (Array.isArray(item)) throw new Error('not supported: associative list with lists as elements');
    if (typeof item === 'object') throw new Error("associative list without keys has an element that's a map type");
    return `v:${goJson(item)}`;
  }
  if (item === null || item === undefined) throw new Error('associative list with keys may not have a null element');
  if (!isObject(item)) throw new Error('associative list with keys may not have non-map elements');
  let pe = '';
  for (const key of keys) {
    let v = item[key.name];
    if (v === undefined) v = key.default;
    if (v === undefined) continue;
    pe += `${pe === '' ? 'k:{' : ','}"${key.name}":${goJson(v)}`;
  }
  if (pe === '') {
    const names = keys.map((k) => JSON.stringify(k.name)).join(' ');
    throw new Error(
      `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
    );
  }
  return `${pe}}`;
}

/** The path elements of a list, in its order. */
export function pathElementsOf(t: MergeType, list: readonly unknown[]): readonly string[] {
  const out = new Array<string>(list.length);
  for (let i = 0; i < list.length; i++) out[i] = pathElementOf(t, list[i]);
  return out;
}
