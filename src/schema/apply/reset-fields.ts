/** Fields an endpoint does not own: what it resets is left out of what its callers manage (upstream: GetResetFields of a strategy). */
import { emptySet, type FieldSet, fieldSetOf, isMember, leaf, recursiveDifference } from './field-set.ts';

/** Takes from a set what the endpoint resets. */
export type ResetFields = (set: FieldSet) => FieldSet;

/** Everything but these paths and what lies below them: `resetPaths(['status'])`. */
export function resetPaths(...paths: readonly (readonly string[])[]): ResetFields {
  const reset = fieldSetOf(...paths);
  return (set) => recursiveDifference(set, reset);
}

/** Only these paths and what lies below them; `*` is any step: `ownPaths(['spec', 'containers', '*', 'resources'])`. */
export function ownPaths(...patterns: readonly (readonly string[])[]): ResetFields {
  return (set) => include(set, patterns);
}

function include(set: FieldSet, patterns: readonly (readonly string[])[]): FieldSet {
  const out: Record<string, FieldSet> = {};
  for (const k in set) {
    if (k === '.') continue;
    const n = set[k] ?? leaf;
    const rest = patterns.filter(([step]) => step === '*' || `f:${step}` === k).map((p) => p.slice(1));
    if (rest.length === 0) continue;
    if (rest.some((p) => p.length === 0)) {
      out[k] = n;
      continue;
    }
    const below = include(n, rest);
    const self = isMember(n);
    if (below !== emptySet) out[k] = self ? { '.': leaf, ...below } : below;
    else if (self) out[k] = leaf;
  }
  return Object.keys(out).length > 0 ? out : emptySet;
}
