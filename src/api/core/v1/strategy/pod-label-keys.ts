/** matchLabelKeys and mismatchLabelKeys are merged into the label selectors when a pod is made (upstream: registry/core/pod mutatePodAffinity). */
import type { LabelSelector } from '../../../meta/v1/types.ts';
import type { Affinity, PodAffinityTerm, PodSpec } from '../types.ts';

type Labels = Readonly<Record<string, string>>;

function merged(
  selector: LabelSelector,
  keys: readonly string[] | undefined,
  operator: 'In' | 'NotIn',
  labels: Labels,
): LabelSelector {
  const added = (keys ?? []).filter((k) => labels[k] !== undefined);
  if (added.length === 0) return selector;
  return {
    ...selector,
    matchExpressions: [
      ...(selector.matchExpressions ?? []),
      ...added.map((key) => ({ key, operator, values: [labels[key]!] })),
    ],
  };
}

function term(t: PodAffinityTerm, labels: Labels): PodAffinityTerm {
  if (!t.labelSelector || (!t.matchLabelKeys?.length && !t.mismatchLabelKeys?.length)) return t;
  const matched = merged(t.labelSelector, t.matchLabelKeys, 'In', labels);
  return { ...t, labelSelector: merged(matched, t.mismatchLabelKeys, 'NotIn', labels) };
}

function terms<A extends Affinity['podAffinity'] | Affinity['podAntiAffinity']>(a: A, labels: Labels): A {
  if (!a) return a;
  const {
    requiredDuringSchedulingIgnoredDuringExecution: required,
    preferredDuringSchedulingIgnoredDuringExecution: preferred,
  } = a;
  return {
    ...a,
    ...(required && { requiredDuringSchedulingIgnoredDuringExecution: required.map((t) => term(t, labels)) }),
    ...(preferred && {
      preferredDuringSchedulingIgnoredDuringExecution: preferred.map((w) => ({
        ...w,
        podAffinityTerm: term(w.podAffinityTerm, labels),
      })),
    }),
  };
}

/** The spec with the keys written into its selectors; the same object when it names none. */
export function withLabelKeys(spec: PodSpec, labels: Labels | undefined): PodSpec {
  const { affinity, topologySpreadConstraints: spread } = spec;
  if (!labels || (!affinity?.podAffinity && !affinity?.podAntiAffinity && !spread?.length)) return spec;
  return {
    ...spec,
    ...(affinity && {
      affinity: {
        ...affinity,
        ...(affinity.podAffinity && { podAffinity: terms(affinity.podAffinity, labels) }),
        ...(affinity.podAntiAffinity && { podAntiAffinity: terms(affinity.podAntiAffinity, labels) }),
      },
    }),
    ...(spread && {
      topologySpreadConstraints: spread.map((c) =>
        c.labelSelector && c.matchLabelKeys?.length
          ? { ...c, labelSelector: merged(c.labelSelector, c.matchLabelKeys, 'In', labels) }
          : c,
      ),
    }),
  };
}
