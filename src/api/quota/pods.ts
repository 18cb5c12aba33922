/** What a pod uses: compute while it lives, a place in storage as long as it is there (upstream: pkg/quota/v1/evaluator/core/pods.go). */
import { newRequirement, type LabelOperator, requirementMatches } from '../../machinery/label-selector.ts';
import { getPodQos } from '../../machinery/pod-qos.ts';
import {
  addResources,
  isPodLevelResourcesSet,
  podLimits,
  podRequests,
  type ResourceList,
} from '../../machinery/resource-lists.ts';
import type { Pod, PodAffinityTerm, ScopedResourceSelectorRequirement } from '../core/v1/types.ts';
import type { KubeObject } from '../resource-row.ts';
import type { QuotaEvaluator } from './evaluator.ts';

const count = 'count/pods';
const basic = ['cpu', 'memory', 'ephemeral-storage'];
const known = new Set([
  count,
  'pods',
  ...basic,
  ...basic.map((n) => `requests.${n}`),
  ...basic.map((n) => `limits.${n}`),
]);
/** A quota on these asks every container to say them. */
const mustBeSaid = ['cpu', 'limits.cpu', 'limits.memory', 'memory', 'requests.cpu', 'requests.memory'];

const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
const isExtended = (name: string): boolean => name.includes('/') && !name.startsWith('requests.');

function compute(requests: ResourceList, limits: ResourceList): ResourceList {
  const out: Record<string, string> = { pods: '1' };
  for (const n of basic) {
    if (requests[n] !== undefined) out[n] = out[`requests.${n}`] = requests[n];
    if (limits[n] !== undefined) out[`limits.${n}`] = limits[n];
  }
  for (const [n, v] of Object.entries(requests)) {
    if (n.startsWith('hugepages-')) out[n] = out[`requests.${n}`] = v;
    else if (isExtended(n)) out[`requests.${n}`] = v;
  }
  return out;
}

/** Whether its compute still counts. */
export function podCounts(pod: Pod, now: number): boolean {
  if (pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return now <= Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

const isTerminating = (pod: Pod): boolean => (pod.spec.activeDeadlineSeconds ?? -1) >= 0;

const crosses = (t: PodAffinityTerm): boolean => (t.namespaces?.length ?? 0) > 0 || t.namespaceSelector !== undefined;

function crossesNamespaces(pod: Pod): boolean {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  return [podAffinity, podAntiAffinity].some(
    (a) =>
      a?.requiredDuringSchedulingIgnoredDuringExecution?.some(crosses) ||
      a?.preferredDuringSchedulingIgnoredDuringExecution?.some((w) => crosses(w.podAffinityTerm)),
  );
}

const operators: Readonly<Record<string, LabelOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

function hasPriorityClass(pod: Pod, s: ScopedResourceSelectorRequirement): boolean {
  const name = pod.spec.priorityClassName ?? '';
  if (s.operator === 'Exists') return name !== '';
  const operator = operators[s.operator];
  if (!operator) return false;
  return requirementMatches(newRequirement(s.scopeName, operator, s.values ?? []), name ? { [s.scopeName]: name } : {});
}

function inScope(s: ScopedResourceSelectorRequirement, pod: Pod): boolean {
  switch (s.scopeName) {
    case 'Terminating':
      return isTerminating(pod);
    case 'NotTerminating':
      return !isTerminating(pod);
    case 'BestEffort':
      return getPodQos(pod) === 'BestEffort';
    case 'NotBestEffort':
      return getPodQos(pod) !== 'BestEffort';
    case 'PriorityClass':
      return hasPriorityClass(pod, s);
    case 'CrossNamespacePodAffinity':
      return crossesNamespaces(pod);
    default:
      return false;
  }
}

function lacking(pod: Pod, names: readonly string[]): string | undefined {
  if (isPodLevelResourcesSet(pod)) return undefined;
  const required = mustBeSaid.filter((n) => names.includes(n));
  const missing = required.flatMap((n) => {
    const without = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
      .filter((c) => compute(c.resources.requests ?? {}, c.resources.limits ?? {})[n] === undefined)
      .map((c) => c.name);
    return without.length ? [`${n} for: ${[...new Set(without)].sort().join(',')}`] : [];
  });
  return missing.length ? `must specify ${missing.join('; ')}` : undefined;
}

const asPod = (obj: KubeObject): Pod => obj as Pod;

export const podEvaluator: QuotaEvaluator = {
  handles({ operation, subresource, object, old }) {
    if (subresource === 'resize') return operation === 'UPDATE';
    if (subresource !== '') return false;
    return operation === 'CREATE' || (old !== undefined && isTerminating(asPod(old)) !== isTerminating(asPod(object)));
  },
  matching: (names) =>
    names.filter(
      (n) =>
        known.has(n) ||
        n.startsWith('hugepages-') ||
        n.startsWith('requests.hugepages-') ||
        (n.startsWith('requests.') && (!isNative(n) || n.startsWith('requests.deviceclass.resource.kubernetes.io/'))),
    ),
  usage(obj, now) {
    const pod = asPod(obj);
    if (!podCounts(pod, now)) return { [count]: '1' };
    const o = { useStatusResources: true };
    return addResources({ [count]: '1' }, compute(podRequests(pod, o), podLimits(pod, o)));
  },
  matchesScope: (s, obj) => inScope(s, asPod(obj)),
  lacks: (names, obj) => lacking(asPod(obj), names),
  frees: (old, obj, now) => podCounts(asPod(old), now) && !podCounts(asPod(obj), now),
};
