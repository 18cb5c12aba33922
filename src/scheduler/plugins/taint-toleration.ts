/** Keeps pods from nodes with taints they do not tolerate, and prefers nodes with fewer such soft taints. */
import type { NodeSpec } from '../../api/core/v1/types.ts';
import { findMatchingUntoleratedTaint, keepsFromScheduling, tolerationsTolerateTaint } from '../../machinery/index.ts';
import { normalizeByMax, type Plugin } from '../framework.ts';
import { unresolvable } from '../status.ts';

const refused = unresolvable('TaintToleration', 'node(s) had untolerated taint(s)');

export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  filter: ({ pod }) => ({
    check(n) {
      const { taints } = n.node!.spec;
      if (!taints?.length) return undefined;
      return findMatchingUntoleratedTaint(taints, pod.spec.tolerations, keepsFromScheduling) ? refused : undefined;
    },
  }),
  score({ pod }, _cluster, nodes) {
    if (!nodes.some((n) => n.node!.spec.taints?.some((t) => t.effect === 'PreferNoSchedule'))) return undefined;
    const tolerations = (pod.spec.tolerations ?? []).filter((t) => !t.effect || t.effect === 'PreferNoSchedule');
    return {
      score: (n) =>
        (n.node!.spec.taints ?? []).filter(
          (t) => t.effect === 'PreferNoSchedule' && !tolerationsTolerateTaint(tolerations, t),
        ).length,
      normalize: (scores) => normalizeByMax(scores, true),
    };
  },
  requeue(e, pod) {
    const open = (n: NodeSpec): boolean =>
      !findMatchingUntoleratedTaint(n.taints, pod.spec.tolerations, keepsFromScheduling);
    if (e.kind === 'NodeAdd') return open(e.node.spec);
    if (e.kind === 'NodeUpdate') return !open(e.old.spec) && open(e.node.spec);
    return e.kind === 'PodUpdate';
  },
};
