/** One decision: which node a pod goes to, or why to none. Pure over the cluster's state (upstream: schedule_one.go). */
import type { ClusterView, FilterPlan, Plugin } from './framework.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';
import type { Diagnosis, Status } from './status.ts';

export interface NamedPlan {
  readonly plugin: string;
  readonly plan: FilterPlan;
}
/** Pods that are to come to a node once others have left it. */
export type NominatedPods = (nodeName: string) => Iterable<PodInfo>;

export interface DecisionInput {
  readonly pod: PodInfo;
  readonly cluster: ClusterView;
  readonly plugins: readonly Plugin[];
  readonly nominated: NominatedPods;
  /** Where the walk over the nodes starts, so that all get their turn. */
  readonly startIndex: number;
  /** 0 ≤ n < 1, to choose among the best. */
  readonly random: () => number;
}

export type Decision =
  | { readonly kind: 'node'; readonly node: NodeInfo; readonly nextStartIndex: number }
  | {
      readonly kind: 'none';
      readonly nextStartIndex: number;
      /** Undefined: there are no nodes at all. */
      readonly diagnosis: Diagnosis | undefined;
      /** Plug-ins that refused; empty = any event may help. */
      readonly plugins: ReadonlySet<string>;
      readonly plans: readonly NamedPlan[];
    };

const minFeasible = 100;
const minFeasiblePercentage = 5;

/** How many nodes are enough: on large clusters not all are looked at (upstream: numFeasibleNodesToFind). */
export function feasibleNodesToFind(all: number): number {
  if (all < minFeasible) return all;
  const percentage = Math.max(50 - Math.trunc(all / 125), minFeasiblePercentage);
  return Math.max(Math.trunc((all * percentage) / 100), minFeasible);
}

export function decide(i: DecisionInput): Decision {
  const { pod, cluster, startIndex } = i;
  const all = cluster.nodes;
  if (all.length === 0) return { kind: 'none', nextStartIndex: 0, diagnosis: undefined, plugins: new Set(), plans: [] };
  const prepared = plansFor(i);
  if ('rejected' in prepared) {
    const { rejected, plans } = prepared;
    const diagnosis = { numAllNodes: all.length, preFilterMessage: rejected.reasons.join(', '), nodeStatus: new Map() };
    return { kind: 'none', nextStartIndex: startIndex, diagnosis, plugins: new Set(rejected.plugin.split(' ')), plans };
  }
  const { plans, nodeNames } = prepared;
  const nodeStatus = new Map<string, Status>();
  const refusers = new Set<string>(nodeNames?.plugins);

  // A nominated node is most likely the only one that fits.
  const nominatedTo = pod.pod.status.nominatedNodeName && cluster.node(pod.pod.status.nominatedNodeName);
  if (nominatedTo && !checkWithNominated(plans, nominatedTo, pod, i.nominated)) {
    if (!nodeNames || nodeNames.names.has(nominatedTo.name))
      return { kind: 'node', node: nominatedTo, nextStartIndex: startIndex };
  }

  const nodes = nodeNames ? [...nodeNames.names].flatMap((n) => cluster.node(n) ?? []) : all;
  const enough = feasibleNodesToFind(nodes.length);
  const feasible: NodeInfo[] = [];
  let seen = 0;
  for (; seen < nodes.length && feasible.length < enough; seen++) {
    const node = nodes[(startIndex + seen) % nodes.length]!;
    const status = checkWithNominated(plans, node, pod, i.nominated);
    if (!status) feasible.push(node);
    else {
      nodeStatus.set(node.name, status);
      refusers.add(status.plugin);
    }
  }
  const nextStartIndex = (startIndex + seen) % all.length;
  const chosen = feasible.length > 0 ? best(i, feasible) : undefined;
  if (chosen) return { kind: 'node', node: chosen, nextStartIndex };
  const diagnosis: Diagnosis = {
    numAllNodes: all.length,
    nodeStatus,
    ...(nodeNames && { absentReason: `node(s) didn't satisfy plugin(s) [${nodeNames.plugins.join(' ')}]` }),
  };
  return { kind: 'none', nextStartIndex, diagnosis, plugins: refusers, plans };
}

type Prepared =
  | { readonly rejected: Status; readonly plans: readonly NamedPlan[] }
  | {
      readonly plans: readonly NamedPlan[];
      readonly nodeNames?: { readonly names: ReadonlySet<string>; readonly plugins: readonly string[] };
    };

function plansFor({ pod, cluster, plugins }: DecisionInput): Prepared {
  const plans: NamedPlan[] = [];
  let names: ReadonlySet<string> | undefined;
  const by: string[] = [];
  for (const p of plugins) {
    const plan = p.filter?.(pod, cluster);
    if (!plan) continue;
    plans.push({ plugin: p.name, plan });
    if (plan.rejected) return { rejected: plan.rejected, plans };
    if (!plan.nodeNames) continue;
    by.push(p.name);
    names = names ? names.intersection(plan.nodeNames) : plan.nodeNames;
    if (names.size === 0) {
      const why = `node(s) didn't satisfy plugin(s) [${by.join(' ')}]${by.length > 1 ? ' simultaneously' : ''}`;
      return { rejected: { code: 'UnschedulableAndUnresolvable', plugin: by.join(' '), reasons: [why] }, plans };
    }
  }
  return names ? { plans, nodeNames: { names, plugins: by } } : { plans };
}

/** The first refusal of a node. */
export function check(plans: readonly NamedPlan[], node: NodeInfo): Status | undefined {
  for (const { plan } of plans) {
    const status = plan.check?.(node);
    if (status) return status;
  }
  return undefined;
}

/**
 * A node must take the pod both with the pods nominated to it (of at least its priority) and without: they may come, or not
 * (upstream: RunFilterPluginsWithNominatedPods).
 */
export function checkWithNominated(
  plans: readonly NamedPlan[],
  node: NodeInfo,
  pod: PodInfo,
  nominated: NominatedPods,
): Status | undefined {
  let full: NodeInfo | undefined;
  const coming: PodInfo[] = [];
  for (const other of nominated(node.name))
    if (other.uid !== pod.uid && other.priority >= pod.priority && !node.pods.has(other.uid)) {
      full ??= node.clone();
      full.add(other);
      coming.push(other);
    }
  if (full) {
    for (const p of coming) for (const { plan } of plans) plan.addPod?.(p, full);
    const status = check(plans, full);
    for (const p of coming) for (const { plan } of plans) plan.removePod?.(p, full);
    if (status) return status;
  }
  return check(plans, node);
}

/** The node with the highest sum of weighted scores; one of them at random when several have it. */
function best({ pod, cluster, plugins, random }: DecisionInput, feasible: readonly NodeInfo[]): NodeInfo {
  if (feasible.length === 1) return feasible[0]!;
  const totals = new Float64Array(feasible.length);
  for (const p of plugins) {
    const plan = p.score?.(pod, cluster, feasible);
    if (!plan) continue;
    if (!plan.normalize) {
      for (let n = 0; n < feasible.length; n++) totals[n]! += p.weight * plan.score(feasible[n]!);
      continue;
    }
    const scores = feasible.map((n) => plan.score(n));
    plan.normalize(scores, feasible);
    for (let n = 0; n < feasible.length; n++) totals[n]! += p.weight * scores[n]!;
  }
  let top = 0;
  let ties = 1;
  for (let n = 1; n < feasible.length; n++) {
    if (totals[n]! > totals[top]!) {
      top = n;
      ties = 1;
    } else if (totals[n] === totals[top] && random() * ++ties < 1) top = n;
  }
  return feasible[top]!;
}
