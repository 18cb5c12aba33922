/** Pods near or far from other pods by topology: required terms filter, preferred terms of both sides score. */
import type { Node, Pod } from '../../api/core/v1/types.ts';
import type { ClusterView, Plugin } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import { noLabel } from '../../machinery/index.ts';
import { type AffinityTerm, type PodInfo, podInfoOf, termMatches } from '../pod-info.ts';
import { unresolvable, unschedulable } from '../status.ts';

const name = 'InterPodAffinity';
const affinityRefused = unresolvable(name, "node(s) didn't match pod affinity rules");
const antiRefused = unschedulable(name, "node(s) didn't match pod anti-affinity rules");
const existingRefused = unschedulable(name, "node(s) didn't satisfy existing pods anti-affinity rules");
/** Score of another pod's required affinity to this one (upstream: HardPodAffinityWeight). */
const requiredWeight = 1;

/** Numbers by topology key and value. */
class TopologyCounts {
  readonly byKey = new Map<string, Map<string, number>>();
  add(node: Node, key: string, by: number): void {
    const value = node.metadata.labels?.[key];
    if (value === undefined) return;
    const values = this.byKey.get(key) ?? new Map<string, number>();
    this.byKey.set(key, values);
    const n = (values.get(value) ?? 0) + by;
    if (n !== 0) values.set(value, n);
    else {
      values.delete(value);
      if (values.size === 0) this.byKey.delete(key);
    }
  }
  of(node: Node, key: string): number {
    return this.byKey.get(key)?.get(node.metadata.labels?.[key] ?? '') ?? 0;
  }
}

const matchesAll = (terms: readonly AffinityTerm[], pod: Pod, cluster: ClusterView): boolean =>
  terms.length > 0 && terms.every((t) => termMatches(t, pod, cluster.namespaceLabels(pod.metadata.namespace ?? '')));

export const interPodAffinity: Plugin = {
  name,
  weight: 2,
  filter(info, cluster) {
    const { requiredAffinity: near, requiredAntiAffinity: far, pod } = info;
    const ownNamespace = cluster.namespaceLabels(pod.metadata.namespace ?? '');
    const existing = new TopologyCounts();
    const nearCounts = new TopologyCounts();
    const farCounts = new TopologyCounts();
    const countExisting = (other: PodInfo, node: Node, by: 1 | -1): void => {
      for (const t of other.requiredAntiAffinity)
        if (termMatches(t, pod, ownNamespace)) existing.add(node, t.topologyKey, by);
    };
    const countOwn = (other: PodInfo, node: Node, by: 1 | -1): void => {
      if (matchesAll(near, other.pod, cluster)) for (const t of near) nearCounts.add(node, t.topologyKey, by);
      const labels = cluster.namespaceLabels(other.pod.metadata.namespace ?? '');
      for (const t of far) if (termMatches(t, other.pod, labels)) farCounts.add(node, t.topologyKey, by);
    };
    for (const n of cluster.nodesWithRequiredAntiAffinity)
      if (n.node) for (const p of n.podsWithRequiredAntiAffinity.values()) countExisting(p, n.node, 1);
    if (near.length + far.length > 0)
      for (const n of cluster.nodes) for (const p of n.pods.values()) countOwn(p, n.node!, 1);
    else if (existing.byKey.size === 0) return undefined;
    const change = (p: PodInfo, n: NodeInfo, by: 1 | -1): void => {
      countExisting(p, n.node!, by);
      countOwn(p, n.node!, by);
    };
    return {
      check({ node }) {
        let found = true;
        for (const t of near) {
          if (node!.metadata.labels?.[t.topologyKey] === undefined) return affinityRefused;
          if (nearCounts.of(node!, t.topologyKey) <= 0) found = false;
        }
        // The first pod of a group that wants to be together may go anywhere.
        if (!found && !(nearCounts.byKey.size === 0 && matchesAll(near, pod, cluster))) return affinityRefused;
        for (const t of far) if (farCounts.of(node!, t.topologyKey) > 0) return antiRefused;
        for (const key of existing.byKey.keys()) if (existing.of(node!, key) > 0) return existingRefused;
        return undefined;
      },
      addPod: (p, n) => change(p, n, 1),
      removePod: (p, n) => change(p, n, -1),
    };
  },
  score(info, cluster, feasible) {
    const { preferredAffinity: near, preferredAntiAffinity: far, pod } = info;
    const wants = near.length + far.length > 0;
    if (!wants && !cluster.anyAffinity) return undefined;
    const ownNamespace = cluster.namespaceLabels(pod.metadata.namespace ?? '');
    const sums = new TopologyCounts();
    const count = (
      terms: readonly AffinityTerm[],
      of: Pod,
      labels: Readonly<Record<string, string>>,
      node: Node,
      sign: 1 | -1,
    ): void => {
      for (const t of terms)
        if (termMatches(t, of, labels)) sums.add(node, t.topologyKey, sign * (t.weight || requiredWeight));
    };
    for (const n of wants ? cluster.nodes : cluster.nodesWithAffinity) {
      const { node } = n;
      if (!node) continue;
      for (const p of (wants ? n.pods : n.podsWithAffinity).values()) {
        if (wants) {
          const labels = cluster.namespaceLabels(p.pod.metadata.namespace ?? '');
          count(near, p.pod, labels, node, 1);
          count(far, p.pod, labels, node, -1);
        }
        count(p.requiredAffinity, pod, ownNamespace, node, 1);
        count(p.preferredAffinity, pod, ownNamespace, node, 1);
        count(p.preferredAntiAffinity, pod, ownNamespace, node, -1);
      }
    }
    if (sums.byKey.size === 0 || feasible.length === 0) return undefined;
    return {
      score(n) {
        let score = 0;
        for (const key of sums.byKey.keys()) score += sums.of(n.node!, key);
        return score;
      },
      normalize(scores) {
        const max = scores.reduce((a, b) => Math.max(a, b));
        const min = scores.reduce((a, b) => Math.min(a, b));
        for (let i = 0; i < scores.length; i++)
          scores[i] = max > min ? Math.trunc((100 * (scores[i]! - min)) / (max - min)) : 0;
      },
    };
  },
  requeue(e, pod) {
    const { requiredAffinity: near, requiredAntiAffinity: far } = infoOf(pod);
    const meansAll = (p: Pod): boolean => near.length > 0 && near.every((t) => mayMean(t, p));
    const keptOffBy = (p: Pod): boolean => far.some((t) => mayMean(t, p));
    // Without the last pod it wants to be near, one that means itself may be the first anywhere.
    const firstWithout = (p: Pod): boolean => meansAll(p) && meansAll(pod);
    switch (e.kind) {
      case 'NodeAdd':
      // The pods on it count no more.
      case 'NodeDelete':
      case 'NamespaceChange':
      case 'PodUpdate':
        return true;
      case 'NodeUpdate': {
        const [was, is] = [e.old.metadata.labels ?? {}, e.node.metadata.labels ?? {}];
        const keys = [...near, ...far].map((t) => t.topologyKey);
        // Kept off by other pods alone: their keys may be any.
        return (keys.length > 0 ? keys : Object.keys({ ...was, ...is })).some((k) => was[k] !== is[k]);
      }
      case 'AssignedPodAdd':
        return meansAll(e.pod);
      case 'AssignedPodUpdate':
        return meansAll(e.old) !== meansAll(e.pod)
          ? meansAll(e.pod) || firstWithout(e.old)
          : keptOffBy(e.old) && !keptOffBy(e.pod);
      case 'AssignedPodDelete':
        return (
          keptOffBy(e.pod) || firstWithout(e.pod) || infoOf(e.pod).requiredAntiAffinity.some((t) => mayMean(t, pod))
        );
      default:
        return false;
    }
  },
};

const infos = new WeakMap<Pod, PodInfo>();
/** Waiting pods are asked about every event: their terms are parsed once. */
function infoOf(pod: Pod): PodInfo {
  const known = infos.get(pod);
  if (known) return known;
  const info = podInfoOf(pod);
  infos.set(pod, info);
  return info;
}

/** As termMatches, but without the labels of namespaces: a term that selects by them may mean any. */
const mayMean = (t: AffinityTerm, pod: Pod): boolean =>
  (t.namespaces.has(pod.metadata.namespace ?? '') || t.namespaceSelector !== noLabel) &&
  t.selector.matches(pod.metadata.labels ?? {});
