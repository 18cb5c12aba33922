/** Which pods go first when there are too many (upstream: controller_utils.go ActivePodsWithRanks, replica_set.go getPodsToDelete). */
import type { Pod } from '../../api/core/v1/types.ts';
import { findCondition } from '../../machinery/conditions.ts';
import { isPodActive, isPodReady } from '../../machinery/pod-conditions.ts';

const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * The `count` of `pods` to delete. `related` are the pods of all ReplicaSets of the same controller: a node that has many of them loses
 * one first. `now` in ms since 1970.
 */
export function podsToDelete(
  pods: readonly Pod[],
  related: readonly Pod[],
  count: number,
  now: number,
): readonly Pod[] {
  if (count >= pods.length) return pods;
  const perNode = new Map<string, number>();
  for (const p of related) {
    const node = p.spec.nodeName ?? '';
    if (isPodActive(p)) perNode.set(node, (perNode.get(node) ?? 0) + 1);
  }
  const rank = (p: Pod): number => perNode.get(p.spec.nodeName ?? '') ?? 0;
  return pods.toSorted((a, b) => compare(a, b, rank(a), rank(b), now)).slice(0, count);
}

/** Negative: `a` goes before `b`. */
function compare(a: Pod, b: Pod, rankA: number, rankB: number, now: number): number {
  const [nodeA, nodeB] = [Boolean(a.spec.nodeName), Boolean(b.spec.nodeName)];
  if (nodeA !== nodeB) return nodeA ? 1 : -1;
  const phase = (phaseOrder[a.status.phase ?? ''] ?? 0) - (phaseOrder[b.status.phase ?? ''] ?? 0);
  if (phase) return phase;
  const [readyA, readyB] = [isPodReady(a), isPodReady(b)];
  if (readyA !== readyB) return readyA ? 1 : -1;
  const cost = deletionCost(a) - deletionCost(b);
  if (cost) return cost;
  if (rankA !== rankB) return rankB - rankA;
  if (readyA) {
    const [sinceA, sinceB] = [readySince(a), readySince(b)];
    if (sinceA !== sinceB) return younger(sinceA, sinceB, a, b, now);
  }
  const restarts = restartsOf(b, false) - restartsOf(a, false) || restartsOf(b, true) - restartsOf(a, true);
  if (restarts) return restarts;
  const [madeA, madeB] = [timeOf(a.metadata.creationTimestamp), timeOf(b.metadata.creationTimestamp)];
  return madeA === madeB ? 0 : younger(madeA, madeB, a, b, now);
}

/** The younger goes first, by orders of magnitude (base 2) of age: within one, chance (the uid) decides. 0 = unknown, goes first. */
function younger(timeA: number, timeB: number, a: Pod, b: Pod, now: number): number {
  if (!timeA || !timeB) return timeA ? 1 : -1;
  const magnitude = (t: number) => (now > t ? Math.trunc(Math.log2((now - t) * 1e6)) : -1);
  const diff = magnitude(timeA) - magnitude(timeB);
  if (diff) return diff;
  return (a.metadata.uid ?? '') < (b.metadata.uid ?? '') ? -1 : 1;
}

const timeOf = (text: string | undefined): number => (text ? Date.parse(text) : 0);
const readySince = (p: Pod): number => timeOf(findCondition(p.status.conditions, 'Ready')?.lastTransitionTime);

function deletionCost(p: Pod): number {
  const text = p.metadata.annotations?.[costAnnotation];
  if (!text || !/^(0|-?[1-9]\d*)$/.test(text)) return 0;
  const cost = Number(text);
  return cost >= -(2 ** 31) && cost < 2 ** 31 ? cost : 0;
}

/** Most restarts of one container; of the sidecars or of the others. */
function restartsOf(p: Pod, sidecars: boolean): number {
  const names = new Set(p.spec.initContainers?.filter((c) => c.restartPolicy === 'Always').map((c) => c.name));
  const statuses = sidecars
    ? p.status.initContainerStatuses?.filter((c) => names.has(c.name))
    : p.status.containerStatuses;
  return Math.max(0, ...(statuses ?? []).map((c) => c.restartCount));
}
