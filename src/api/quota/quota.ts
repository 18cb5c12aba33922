/** What a ResourceQuota counts of each resource: pure, for admission and for the controller alike (upstream: pkg/quota/v1/evaluator). */
import { addResources, type ResourceList } from '../../machinery/resource-lists.ts';
import { cmpQuantity, isZeroQuantity, subQuantity } from '../../machinery/quantity.ts';
import type { ResourceQuota, ScopedResourceSelectorRequirement } from '../core/v1/types.ts';
import type { KubeObject } from '../resource-row.ts';
import type { QuotaEvaluator } from './evaluator.ts';
import { claimEvaluator } from './claims.ts';
import { podEvaluator } from './pods.ts';
import { resourceClaimEvaluator } from './resource-claims.ts';
import { serviceEvaluator } from './services.ts';

/** `count/deployments.apps`, `count/pods`. */
export const countName = (group: string, plural: string): string => `count/${plural}${group ? `.${group}` : ''}`;

const aliased = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets']);

/** Counts objects, whatever they are. */
export function countEvaluator(group: string, plural: string): QuotaEvaluator {
  const names = [countName(group, plural), ...(group === '' && aliased.has(plural) ? [plural] : [])];
  const one: ResourceList = Object.fromEntries(names.map((n) => [n, '1']));
  return {
    handles: (w) => w.subresource === '' && w.operation === 'CREATE',
    matching: (asked) => asked.filter((n) => names.includes(n)),
    usage: () => one,
    matchesScope: () => false,
  };
}

const evaluators = new Map<string, QuotaEvaluator>([
  ['/pods', podEvaluator],
  ['/services', serviceEvaluator],
  ['/persistentvolumeclaims', claimEvaluator],
  ['resource.k8s.io/resourceclaims', resourceClaimEvaluator],
]);

/** The evaluator of a resource. */
export function quotaEvaluatorOf(group: string, plural: string): QuotaEvaluator {
  const id = `${group}/${plural}`;
  let e = evaluators.get(id);
  if (!e) {
    e = countEvaluator(group, plural);
    evaluators.set(id, e);
  }
  return e;
}

/** All scopes of a quota as requirements. */
export const scopesOf = (q: ResourceQuota): readonly ScopedResourceSelectorRequirement[] => [
  ...(q.spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })),
  ...(q.spec.scopeSelector?.matchExpressions ?? []),
];

const inScopes = (e: QuotaEvaluator, q: ResourceQuota, obj: KubeObject): boolean =>
  scopesOf(q).every((s) => e.matchesScope(s, obj));

/** Whether a quota, by its status, has to do with an object. */
export const quotaMatches = (e: QuotaEvaluator, q: ResourceQuota, obj: KubeObject): boolean =>
  e.matching(Object.keys(q.status.hard ?? {})).length > 0 && inScopes(e, q, obj);

/** What is used of those `names` that are this evaluator's, by the objects of the quota's scopes. */
export function quotaUsage(
  e: QuotaEvaluator,
  q: ResourceQuota,
  names: readonly string[],
  objects: Iterable<KubeObject>,
  now: number,
): ResourceList {
  const mine = e.matching(names);
  let used: ResourceList = Object.fromEntries(mine.map((n) => [n, '0']));
  for (const o of objects) if (inScopes(e, q, o)) used = addResources(used, mask(e.usage(o, now), mine));
  return used;
}

/** Those entries of a list that are named. */
export const mask = (list: ResourceList | undefined, names: readonly string[]): ResourceList =>
  Object.fromEntries(Object.entries(list ?? {}).filter(([n]) => names.includes(n)));

export const withoutZeros = (list: ResourceList): ResourceList =>
  Object.fromEntries(Object.entries(list).filter(([, v]) => !isZeroQuantity(v)));

/** `a - b`, nothing below zero. */
export function moreThan(a: ResourceList, b: ResourceList): ResourceList {
  const out: Record<string, string> = {};
  for (const n of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const d = subQuantity(a[n] ?? '0', b[n] ?? '0');
    out[n] = cmpQuantity(d, '0') > 0 ? d : '0';
  }
  return out;
}
