/**
 * Which pods must go for a pod to fit: tried out on copies of nodes, the mildest choice wins. Pure; the scheduler evicts.
 * Source: framework/preemption and plugins/defaultpreemption.
 */
import type { Pod } from '../api/core/v1/types.ts';
import type { PodDisruptionBudget } from '../api/policy/v1/types.ts';
import { findCondition, labelSelectorAsSelector } from '../machinery/index.ts';
import { checkWithNominated, type NamedPlan, type NominatedPods } from './decide.ts';
import type { ClusterView } from './framework.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';
import { type Diagnosis, fitErrorMessage, type Status, unresolvable } from './status.ts';

export interface PreemptionInput {
  readonly pod: PodInfo;
  readonly cluster: ClusterView;
  readonly plans: readonly NamedPlan[];
  readonly diagnosis: Diagnosis;
  readonly nominated: NominatedPods;
  readonly budgets: readonly PodDisruptionBudget[];
  readonly random: () => number;
}

export interface Candidate {
  readonly nodeName: string;
  /** Most important first. */
  readonly victims: readonly PodInfo[];
  readonly budgetViolations: number;
}

export type Preemption =
  | { readonly kind: 'candidate'; readonly candidate: Candidate }
  /** `clear`: a node the pod was promised earlier is promised no more. */
  | { readonly kind: 'none'; readonly message: string; readonly clear: boolean };

const minCandidatePercentage = 10;
const minCandidates = 100;
const noVictims = unresolvable('DefaultPreemption', 'No preemption victims found for incoming pod');
const notHelpful = 'Preemption is not helpful for scheduling';

export function preempt(i: PreemptionInput): Preemption {
  const { cluster, diagnosis } = i;
  const none = (message: string, clear = false): Preemption => ({
    kind: 'none',
    message: `preemption: ${message}`,
    clear,
  });
  const why = notEligible(i);
  if (why) return none(why);
  // A refusal before any node was looked at counts for all of them; it is never one that evictions cure.
  const potential = diagnosis.preFilterMessage
    ? []
    : cluster.nodes.filter((n) => diagnosis.nodeStatus.get(n.name)?.code === 'Unschedulable');
  const nodeStatus = new Map<string, Status>();
  const candidates: Candidate[] = [];
  const wanted = Math.min(
    potential.length,
    Math.max(minCandidates, Math.trunc((potential.length * minCandidatePercentage) / 100)),
  );
  const offset = Math.floor(i.random() * potential.length);
  for (let k = 0; k < potential.length; k++) {
    const found = selectVictims(i, potential[(offset + k) % potential.length]!);
    if ('code' in found) nodeStatus.set(potential[(offset + k) % potential.length]!.name, found);
    else candidates.push(found);
    if (candidates.length >= wanted && candidates.some((c) => c.budgetViolations === 0)) break;
  }
  if (candidates.length === 0)
    return none(fitErrorMessage({ numAllNodes: cluster.nodes.length, nodeStatus, absentReason: notHelpful }), true);
  return { kind: 'candidate', candidate: pickCandidate(candidates) };
}

function notEligible({ pod, cluster, diagnosis }: PreemptionInput): string | undefined {
  if (pod.pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = pod.pod.status.nominatedNodeName;
  if (!nominated || diagnosis.nodeStatus.get(nominated)?.code === 'UnschedulableAndUnresolvable') return undefined;
  for (const p of cluster.node(nominated)?.pods.values() ?? [])
    if (p.priority < pod.priority && isLeavingForPreemption(p.pod))
      return 'not eligible due to a terminating pod on the nominated node.';
  return undefined;
}

function isLeavingForPreemption(pod: Pod): boolean {
  if (!pod.metadata.deletionTimestamp) return false;
  const c = findCondition(pod.status.conditions, 'DisruptionTarget');
  return c?.status === 'True' && c.reason === 'PreemptionByScheduler';
}

/** All pods of lower priority leave; then as many as possible come back, the most important first. */
export function selectVictims(i: PreemptionInput, original: NodeInfo): Candidate | Status {
  const { pod, plans, nominated } = i;
  const potential = [...original.pods.values()].filter((p) => p.priority < pod.priority);
  if (potential.length === 0) return noVictims;
  const node = original.clone();
  const remove = (p: PodInfo): void => {
    node.remove(p.uid);
    for (const { plan } of plans) plan.removePod?.(p, node);
  };
  const add = (p: PodInfo): void => {
    node.add(p);
    for (const { plan } of plans) plan.addPod?.(p, node);
  };
  for (const p of potential) remove(p);
  const status = checkWithNominated(plans, node, pod, nominated);
  if (status) {
    for (const p of potential) add(p);
    return status;
  }
  potential.sort(moreImportantFirst);
  const { violating, others } = splitByBudgets(potential, i.budgets);
  const victims: PodInfo[] = [];
  const keep = (p: PodInfo): boolean => {
    add(p);
    if (!checkWithNominated(plans, node, pod, nominated)) return true;
    remove(p);
    victims.push(p);
    return false;
  };
  let budgetViolations = 0;
  for (const p of violating) if (!keep(p)) budgetViolations++;
  for (const p of others) keep(p);
  // The plans are shared between nodes: leave them as they were.
  for (const p of victims) add(p);
  return { nodeName: original.name, victims: victims.sort(moreImportantFirst), budgetViolations };
}

const startOf = (p: Pod): number => (p.status.startTime ? Date.parse(p.status.startTime) : Number.POSITIVE_INFINITY);

/** Higher priority, then longer running. */
const moreImportantFirst = (a: PodInfo, b: PodInfo): number =>
  b.priority - a.priority || compare(startOf(a.pod), startOf(b.pod));
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Which evictions would go below a budget, taking each pod in turn off what the budgets still allow. */
function splitByBudgets(pods: readonly PodInfo[], budgets: readonly PodDisruptionBudget[]) {
  const allowed = budgets.map((b) => b.status.disruptionsAllowed ?? 0);
  const selectors = budgets.map((b) => labelSelectorAsSelector(b.spec.selector));
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const p of pods) {
    const { labels, namespace, name } = p.pod.metadata;
    let violates = false;
    if (labels && Object.keys(labels).length > 0)
      budgets.forEach((b, k) => {
        if (b.metadata.namespace !== namespace || !b.spec.selector || selectors[k]!.requirements.length === 0) return;
        if (!selectors[k]!.matches(labels) || b.status.disruptedPods?.[name ?? '']) return;
        if (--allowed[k]! < 0) violates = true;
      });
    (violates ? violating : others).push(p);
  }
  return { violating, others };
}

/** Fewest violated budgets, lowest top priority, lowest sum of priorities, fewest pods, latest start of the most important. */
export function pickCandidate(candidates: readonly Candidate[]): Candidate {
  const rules: readonly ((c: Candidate) => number)[] = [
    (c) => -c.budgetViolations,
    (c) => -(c.victims[0]?.priority ?? 0),
    (c) => -c.victims.reduce((sum, v) => sum + v.priority + 2 ** 31, 0),
    (c) => -c.victims.length,
    (c) => Math.min(...c.victims.filter((v) => v.priority === c.victims[0]!.priority).map((v) => startOf(v.pod))),
  ];
  let left = candidates;
  for (const rule of rules) {
    const scores = left.map(rule);
    const max = scores.reduce((a, b) => Math.max(a, b));
    left = left.filter((_, k) => scores[k] === max);
    if (left.length === 1) break;
  }
  return left[0]!;
}
