/** How many pods of a disruption budget may go now. Pure (upstream: pkg/controller/disruption/disruption.go). */
import type { Pod } from '../../api/core/v1/types.ts';
import type { PodDisruptionBudget } from '../../api/policy/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { rfc3339 } from '../../base/clock.ts';
import { setCondition } from '../../machinery/conditions.ts';
import { getScaledValueFromIntOrPercent } from '../../machinery/int-or-string.ts';
import { getControllerOf } from '../../machinery/owner-references.ts';
import { isPodReady, isPodTerminal } from '../../machinery/pod-conditions.ts';
import { findCondition } from '../../machinery/conditions.ts';
import type { Action } from '../action.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { PodDisruptionBudgets } from '../../api/policy/v1/resources.ts';

type Status = PodDisruptionBudget['status'];

/** A pod that was to be evicted and still is there after this long counts again. */
export const deletionTimeoutMs = 2 * 60_000;

export interface BudgetView {
  readonly budget: PodDisruptionBudget;
  /** Those it selects. */
  readonly pods: readonly Pod[];
  /** Size of what controls them, by the uid in the pods' controller references; Deployments by the uid of their sets. */
  readonly scales: ReadonlyMap<string, { readonly uid: string; readonly replicas: number }>;
  /** Why a size could not be learnt. */
  readonly fault?: string;
}

export interface BudgetPlan {
  readonly actions: readonly Action[];
  readonly recheckAfterMs?: number;
}

/** Whether the sizes of the controllers are needed: an absolute number of available pods needs none. */
export const needsScales = (b: PodDisruptionBudget): boolean =>
  b.spec.maxUnavailable !== undefined || typeof b.spec.minAvailable === 'string';

interface Expected {
  readonly expected: number;
  readonly desired: number;
  readonly unmanaged: number;
}

/** @throws Error when a pod's controller is not known. */
function expectedPods({ budget, pods, scales, fault }: BudgetView): Expected {
  if (fault !== undefined) throw new Error(fault);
  const { minAvailable, maxUnavailable } = budget.spec;
  if (!needsScales(budget))
    return typeof minAvailable === 'number'
      ? { expected: pods.length, desired: minAvailable, unmanaged: 0 }
      : { expected: 0, desired: 0, unmanaged: 0 };
  const found = new Map<string, number>();
  let unmanaged = 0;
  for (const p of pods) {
    const ref = getControllerOf(p);
    if (!ref) {
      unmanaged++;
      continue;
    }
    const scale = scales.get(ref.uid);
    if (!scale) throw new Error(`found no controllers for pod "${p.metadata.name}"`);
    found.set(scale.uid, scale.replicas);
  }
  const expected = [...found.values()].reduce((a, b) => a + b, 0);
  const desired =
    maxUnavailable !== undefined
      ? Math.max(0, expected - getScaledValueFromIntOrPercent(maxUnavailable, expected, true))
      : getScaledValueFromIntOrPercent(minAvailable, expected, true);
  return { expected, desired, unmanaged };
}

const statusWrite = (b: PodDisruptionBudget, status: Status): Action => ({
  do: 'update',
  row: PodDisruptionBudgets,
  object: { ...b, status } as KubeObject,
  subresource: 'status',
});

export function decideBudget(view: BudgetView, now: number): BudgetPlan {
  const { budget, pods } = view;
  const actions: Action[] = [];
  const tell = (about: Pod | PodDisruptionBudget, type: 'Normal' | 'Warning', reason: string, message: string): void =>
    void actions.push({ do: 'event', about, type, reason, message });
  if (pods.length === 0) tell(budget, 'Normal', 'NoPods', 'No matching pods found');
  let e: Expected;
  try {
    e = expectedPods(view);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    tell(
      budget,
      'Warning',
      'CalculateExpectedPodCountFailed',
      `Failed to calculate the number of expected pods: ${why}`,
    );
    return { actions: [...actions, ...failSafe(budget, why, now)] };
  }
  if (e.unmanaged > 0)
    tell(
      budget,
      'Warning',
      'UnmanagedPods',
      `Pods selected by this PodDisruptionBudget (selector: ${selectorText(budget.spec.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`,
    );

  const disruptedPods: Record<string, string> = {};
  let recheckAfterMs: number | undefined;
  for (const p of pods) {
    const at = budget.status.disruptedPods?.[p.metadata.name ?? ''];
    if (at === undefined || p.metadata.deletionTimestamp) continue;
    const left = Date.parse(at) + deletionTimeoutMs - now;
    if (left < 0) {
      const { namespace } = budget.metadata;
      tell(p, 'Warning', 'NotDeleted', `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`);
      continue;
    }
    disruptedPods[p.metadata.name ?? ''] = at;
    if (recheckAfterMs === undefined || left < recheckAfterMs) recheckAfterMs = left;
  }
  const healthy = pods.filter(
    (p) => !p.metadata.deletionTimestamp && disruptedPods[p.metadata.name ?? ''] === undefined && isPodReady(p),
  ).length;
  const allowed = e.expected <= 0 ? 0 : Math.max(0, healthy - e.desired);
  const status = statusOf(budget, { healthy, ...e, allowed, disruptedPods }, now);
  if (!semanticEqual(status, budget.status)) actions.push(statusWrite(budget, status));
  return { actions, ...(recheckAfterMs !== undefined && { recheckAfterMs }) };
}

function statusOf(
  b: PodDisruptionBudget,
  n: Expected & {
    readonly healthy: number;
    readonly allowed: number;
    readonly disruptedPods: Readonly<Record<string, string>>;
  },
  now: number,
): Status {
  const condition = {
    type: 'DisruptionAllowed',
    status: n.allowed > 0 ? 'True' : 'False',
    reason: n.allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    message: '',
    observedGeneration: b.metadata.generation,
    lastTransitionTime: rfc3339(now),
  };
  return {
    currentHealthy: n.healthy,
    desiredHealthy: n.desired,
    expectedPods: n.expected,
    disruptionsAllowed: n.allowed,
    ...(Object.keys(n.disruptedPods).length > 0 && { disruptedPods: n.disruptedPods }),
    observedGeneration: b.metadata.generation,
    conditions: setCondition(b.status.conditions, condition, rfc3339(now)),
  } as Status;
}

/** Nothing may go while it is not known what there should be. */
function failSafe(b: PodDisruptionBudget, message: string, now: number): readonly Action[] {
  const condition = {
    type: 'DisruptionAllowed',
    status: 'False',
    reason: 'SyncFailed',
    message,
    observedGeneration: b.status.observedGeneration,
    lastTransitionTime: rfc3339(now),
  };
  const conditions = setCondition(b.status.conditions, condition as never, rfc3339(now));
  const status = { ...b.status, disruptionsAllowed: 0, conditions } as Status;
  return semanticEqual(status, b.status) ? [] : [statusWrite(b, status)];
}

/** As Go prints a *metav1.LabelSelector. */
function selectorText(s: PodDisruptionBudget['spec']['selector']): string {
  if (!s) return 'nil';
  const labels = Object.entries(s.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${k}: ${v},`);
  const expressions = (s.matchExpressions ?? []).map(
    (e) => `LabelSelectorRequirement{Key:${e.key},Operator:${e.operator},Values:[${(e.values ?? []).join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}

/** Milliseconds until a pod that was to go, and did not, is no longer said to go; undefined = it is not said so. */
export function staleDisruptionIn(pod: Pod, now: number): number | undefined {
  const c = findCondition(pod.status.conditions, 'DisruptionTarget');
  if (pod.metadata.deletionTimestamp || isPodTerminal(pod)) return undefined;
  if (c?.status !== 'True' || c.reason === 'TerminationByKubelet') return undefined;
  return Math.max(0, Date.parse(c.lastTransitionTime ?? '') + deletionTimeoutMs - now);
}
