/** Spreads matching pods over zones, hosts or any topology: hard constraints filter, soft ones and the default ones score. */
import type { Node, Pod, TopologySpreadConstraint } from '../../api/core/v1/types.ts';
import {
  findMatchingUntoleratedTaint,
  keepsFromScheduling,
  labelSelectorAsSelector,
  type LabelSelector,
  type NodeMatcher,
  requiredNodeAffinity,
} from '../../machinery/index.ts';
import type { ClusterView, Plugin } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import { unresolvable, unschedulable } from '../status.ts';

const name = 'PodTopologySpread';
const notMatched = unschedulable(name, "node(s) didn't match pod topology spread constraints");
const noLabel = unresolvable(name, "node(s) didn't match pod topology spread constraints (missing required label)");
const hostname = 'kubernetes.io/hostname';

interface Constraint {
  readonly maxSkew: number;
  readonly key: string;
  readonly selector: LabelSelector;
  readonly minDomains: number;
  readonly honorAffinity: boolean;
  readonly honorTaints: boolean;
}

function constraintsOf(pod: Pod, action: string): readonly Constraint[] {
  return (pod.spec.topologySpreadConstraints ?? [])
    .filter((c) => c.whenUnsatisfiable === action)
    .map((c) => constraintOf(pod, c));
}
function constraintOf(pod: Pod, c: TopologySpreadConstraint): Constraint {
  const extra = (c.matchLabelKeys ?? []).flatMap((key) => {
    const v = pod.metadata.labels?.[key];
    return v === undefined ? [] : [{ key, operator: 'In', values: [v] }];
  });
  const selector = c.labelSelector && {
    ...c.labelSelector,
    matchExpressions: [...(c.labelSelector.matchExpressions ?? []), ...extra],
  };
  return {
    maxSkew: c.maxSkew,
    key: c.topologyKey,
    selector: labelSelectorAsSelector(selector),
    minDomains: c.minDomains ?? 1,
    honorAffinity: c.nodeAffinityPolicy !== 'Ignore',
    honorTaints: c.nodeTaintsPolicy === 'Honor',
  };
}

/** Upstream's defaults for pods without constraints of their own, by what Services and controllers select. */
function defaultConstraints(pod: Pod, cluster: ClusterView): readonly Constraint[] {
  const selector = cluster.defaultSelector(pod);
  if (!selector) return [];
  const common = { selector, minDomains: 1, honorAffinity: true, honorTaints: false };
  return [
    { ...common, key: hostname, maxSkew: 3 },
    { ...common, key: 'topology.kubernetes.io/zone', maxSkew: 5 },
  ];
}

const counts = (c: Constraint, pod: Pod, node: Node, affinity: NodeMatcher): boolean =>
  (!c.honorAffinity || affinity.matches(node)) &&
  !(c.honorTaints && findMatchingUntoleratedTaint(node.spec.taints, pod.spec.tolerations, keepsFromScheduling));

const isSibling = (other: Pod, selector: LabelSelector, namespace: string | undefined): boolean =>
  !other.metadata.deletionTimestamp &&
  other.metadata.namespace === namespace &&
  selector.matches(other.metadata.labels ?? {});

/** An empty selector counts nothing. */
function countSiblings(n: NodeInfo, selector: LabelSelector, namespace: string | undefined): number {
  if (selector.requirements.length === 0) return 0;
  let count = 0;
  for (const p of n.pods.values()) if (isSibling(p.pod, selector, namespace)) count++;
  return count;
}

const hasAllKeys = (node: Node, constraints: readonly Constraint[]): boolean =>
  constraints.every((c) => node.metadata.labels?.[c.key] !== undefined);

export const podTopologySpread: Plugin = {
  name,
  weight: 2,
  filter({ pod }, cluster) {
    const constraints = constraintsOf(pod, 'DoNotSchedule');
    if (constraints.length === 0) return undefined;
    const { namespace } = pod.metadata;
    const affinity = requiredNodeAffinity(pod);
    const domains = constraints.map(() => new Map<string, number>());
    for (const n of cluster.nodes) {
      const node = n.node!;
      if (!hasAllKeys(node, constraints)) continue;
      constraints.forEach((c, i) => {
        if (!counts(c, pod, node, affinity)) return;
        const value = node.metadata.labels![c.key]!;
        domains[i]!.set(value, (domains[i]!.get(value) ?? 0) + countSiblings(n, c.selector, namespace));
      });
    }
    const self = constraints.map((c) => (c.selector.matches(pod.metadata.labels ?? {}) ? 1 : 0));
    const leastOf = (d: ReadonlyMap<string, number>): number => {
      let min = Number.POSITIVE_INFINITY;
      for (const n of d.values()) if (n < min) min = n;
      return min;
    };
    let least: number[] | undefined;
    const change = (other: Pod, n: NodeInfo, by: 1 | -1): void => {
      if (!hasAllKeys(n.node!, constraints)) return;
      constraints.forEach((c, i) => {
        if (!isSibling(other, c.selector, namespace) || !counts(c, pod, n.node!, affinity)) return;
        const value = n.node!.metadata.labels![c.key]!;
        domains[i]!.set(value, (domains[i]!.get(value) ?? 0) + by);
        least = undefined;
      });
    };
    return {
      check(n) {
        least ??= domains.map(leastOf);
        for (let i = 0; i < constraints.length; i++) {
          const c = constraints[i]!;
          const value = n.node!.metadata.labels?.[c.key];
          if (value === undefined) return noLabel;
          const min = domains[i]!.size < c.minDomains ? 0 : least[i]!;
          if ((domains[i]!.get(value) ?? 0) + self[i]! - min > c.maxSkew) return notMatched;
        }
        return undefined;
      },
      addPod: (p, n) => change(p.pod, n, 1),
      removePod: (p, n) => change(p.pod, n, -1),
    };
  },
  score({ pod }, cluster, feasible) {
    const own = (pod.spec.topologySpreadConstraints?.length ?? 0) > 0;
    const constraints = own ? constraintsOf(pod, 'ScheduleAnyway') : defaultConstraints(pod, cluster);
    if (constraints.length === 0) return undefined;
    const { namespace } = pod.metadata;
    const ignored = new Set(own ? feasible.filter((n) => !hasAllKeys(n.node!, constraints)) : []);
    const domains = constraints.map(() => new Map<string, number>());
    for (const n of feasible)
      if (!ignored.has(n))
        constraints.forEach((c, i) => {
          if (c.key !== hostname) domains[i]!.set(n.node!.metadata.labels?.[c.key] ?? '', 0);
        });
    const weights = constraints.map((c, i) =>
      Math.log((c.key === hostname ? feasible.length - ignored.size : domains[i]!.size) + 2),
    );
    // Without zones only the host counts, which is read from the node itself.
    const walked = constraints.some((c, i) => c.key !== hostname && [...domains[i]!.keys()].some((v) => v !== ''));
    const affinity = requiredNodeAffinity(pod);
    if (walked)
      for (const n of cluster.nodes) {
        if (own && !hasAllKeys(n.node!, constraints)) continue;
        constraints.forEach((c, i) => {
          const value = n.node!.metadata.labels?.[c.key] ?? '';
          const known = c.key === hostname ? undefined : domains[i]!.get(value);
          if (known === undefined || !counts(c, pod, n.node!, affinity)) return;
          domains[i]!.set(value, known + countSiblings(n, c.selector, namespace));
        });
      }
    return {
      score(n) {
        if (ignored.has(n)) return 0;
        let score = 0;
        constraints.forEach((c, i) => {
          const value = n.node!.metadata.labels?.[c.key];
          if (value === undefined) return;
          const count = c.key === hostname ? countSiblings(n, c.selector, namespace) : domains[i]!.get(value)!;
          score += count * weights[i]! + (c.maxSkew - 1);
        });
        return Math.round(score);
      },
      normalize(scores, nodes) {
        let min = Number.POSITIVE_INFINITY;
        let max = 0;
        scores.forEach((s, k) => {
          if (ignored.has(nodes[k]!)) return;
          min = Math.min(min, s);
          max = Math.max(max, s);
        });
        for (let k = 0; k < scores.length; k++)
          scores[k] = ignored.has(nodes[k]!) ? 0 : max === 0 ? 100 : Math.trunc((100 * (max + min - scores[k]!)) / max);
      },
    };
  },
  requeue(e, pod) {
    const constraints = hardConstraints(pod);
    const counted = (p: Pod): boolean =>
      p.metadata.namespace === pod.metadata.namespace &&
      constraints.some((c) => c.selector.matches(p.metadata.labels ?? {}));
    const value = (n: Node, key: string): string | undefined => n.metadata.labels?.[key];
    switch (e.kind) {
      case 'PodUpdate':
        return true;
      case 'AssignedPodAdd':
      case 'AssignedPodDelete':
        return counted(e.pod);
      case 'AssignedPodUpdate': {
        const leaves = !e.old.metadata.deletionTimestamp && e.pod.metadata.deletionTimestamp !== undefined;
        const matches = (c: Constraint, p: Pod) => c.selector.matches(p.metadata.labels ?? {});
        const own = e.pod.metadata.namespace === pod.metadata.namespace;
        return own && ((leaves && counted(e.pod)) || constraints.some((c) => matches(c, e.old) !== matches(c, e.pod)));
      }
      case 'NodeAdd':
      case 'NodeDelete':
        return hasAllKeys(e.node, constraints);
      case 'NodeUpdate':
        return (
          hasAllKeys(e.old, constraints) !== hasAllKeys(e.node, constraints) ||
          (hasAllKeys(e.node, constraints) &&
            (constraints.some((c) => value(e.old, c.key) !== value(e.node, c.key)) ||
              JSON.stringify(e.old.spec.taints ?? []) !== JSON.stringify(e.node.spec.taints ?? [])))
        );
      default:
        return false;
    }
  },
};

const hard = new WeakMap<Pod, readonly Constraint[]>();
/** Waiting pods are asked about every event: their constraints are parsed once. */
function hardConstraints(pod: Pod): readonly Constraint[] {
  const known = hard.get(pod);
  if (known) return known;
  const found = constraintsOf(pod, 'DoNotSchedule');
  hard.set(pod, found);
  return found;
}
