/** Equality as the API means it: an absent list or text is an empty one (upstream: apimachinery/pkg/api/equality). */

/** Same meaning: unset, null, '', {} and [] are one; 0 and false differ from unset (they may be a pointer's value). */
export const semanticEqual = (a: unknown, b: unknown): boolean => textOf(a, false) === textOf(b, false);

/** Same status: counters that are 0 and flags that are false are left out of JSON, so they too equal unset. */
export const statusEqual = (a: unknown, b: unknown): boolean => textOf(a, true) === textOf(b, true);

function textOf(v: unknown, zeroIsUnset: boolean): string {
  if (v === undefined || v === null || v === '') return '';
  if (zeroIsUnset && (v === 0 || v === false)) return '';
  if (typeof v !== 'object') return JSON.stringify(v);
  if (Array.isArray(v)) return v.length ? `[${v.map((x) => textOf(x, zeroIsUnset)).join(',')}]` : '';
  let out = '';
  for (const k of Object.keys(v).sort()) {
    const text = textOf((v as Record<string, unknown>)[k], zeroIsUnset);
    if (text) out += `${JSON.stringify(k)}:${text},`;
  }
  return out && `{${out}}`;
}
