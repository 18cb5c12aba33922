/** nodeSelector and node affinity: required terms filter, preferred terms score. */
import type { NodeSelectorTerm } from '../../api/core/v1/types.ts';
import { preferredNodeAffinity, requiredNodeAffinity } from '../../machinery/index.ts';
import { type FilterPlan, normalizeByMax, type Plugin } from '../framework.ts';
import { unresolvable } from '../status.ts';

const refused = unresolvable('NodeAffinity', "node(s) didn't match Pod's node affinity/selector");

/** Node names that the terms allow, when every term names nodes (upstream: NodeAffinity.PreFilter). */
function namedNodes(terms: readonly NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  const all = new Set<string>();
  for (const t of terms) {
    let names: Set<string> | undefined;
    for (const f of t.matchFields ?? [])
      if (f.key === 'metadata.name' && f.operator === 'In') {
        const own = new Set(f.values ?? []);
        names = names ? names.intersection(own) : own;
      }
    if (!names) return undefined;
    for (const n of names) all.add(n);
  }
  return all;
}

export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  filter({ pod }): FilterPlan | undefined {
    const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (!required && !Object.keys(pod.spec.nodeSelector ?? {}).length) return undefined;
    const matcher = requiredNodeAffinity(pod);
    const check: NonNullable<FilterPlan['check']> = (n) => (matcher.matches(n.node!) ? undefined : refused);
    const names =
      required && required.nodeSelectorTerms.length > 0 ? namedNodes(required.nodeSelectorTerms) : undefined;
    if (!names) return { check };
    if (names.size === 0) return { rejected: unresolvable('NodeAffinity', 'pod affinity terms conflict') };
    return { check, nodeNames: names };
  },
  score({ pod }) {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
    if (!preferred?.length) return undefined;
    const weigh = preferredNodeAffinity(preferred);
    return { score: (n) => weigh(n.node!), normalize: (scores) => normalizeByMax(scores, false) };
  },
  requeue(e, pod) {
    if (e.kind === 'NodeAdd') return requiredNodeAffinity(pod).matches(e.node);
    if (e.kind === 'NodeUpdate') {
      const m = requiredNodeAffinity(pod);
      return !m.matches(e.old) && m.matches(e.node);
    }
    return e.kind === 'PodUpdate';
  },
};
