/** Which nodes a node selector matches (upstream: component-helpers/scheduling/corev1/nodeaffinity). */
import {
  type LabelOperator,
  type LabelRequirement,
  type Labels,
  newRequirement,
  requirementMatches,
  SelectorError,
} from './label-selector.ts';

export interface NodeSelectorRequirementLike {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}
export interface NodeSelectorTermLike {
  readonly matchExpressions?: readonly NodeSelectorRequirementLike[] | undefined;
  readonly matchFields?: readonly NodeSelectorRequirementLike[] | undefined;
}
export interface NodeLike {
  readonly metadata: { readonly name?: string | undefined; readonly labels?: Labels | undefined };
}

const operators: Readonly<Record<string, LabelOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: 'gt',
  Lt: 'lt',
};

interface FieldTerm {
  readonly field: string;
  readonly value: string;
  readonly equal: boolean;
}
type Term = { readonly labels: readonly LabelRequirement[]; readonly fields: readonly FieldTerm[] } | SelectorError;

function parseTerm(term: NodeSelectorTermLike): Term {
  try {
    return {
      labels: (term.matchExpressions ?? []).map((e) => {
        const op = Object.hasOwn(operators, e.operator) ? operators[e.operator] : undefined;
        if (!op) throw new SelectorError(`operator: Unsupported value: ${JSON.stringify(e.operator)}`);
        return newRequirement(e.key, op, e.values ?? []);
      }),
      fields: (term.matchFields ?? []).map((e) => {
        if (e.operator !== 'In' && e.operator !== 'NotIn')
          throw new SelectorError(`operator: Unsupported value: ${JSON.stringify(e.operator)}`);
        if (e.values?.length !== 1)
          throw new SelectorError(`values: Invalid value: ${JSON.stringify(e.values ?? [])}: must have one element`);
        return { field: e.key, value: e.values[0]!, equal: e.operator === 'In' };
      }),
    };
  } catch (e) {
    if (e instanceof SelectorError) return e;
    throw e;
  }
}

/** A null or empty term matches nothing, so it is left out; a term that cannot be parsed matches nothing either. */
const isEmpty = (t: NodeSelectorTermLike): boolean => !t.matchExpressions?.length && !t.matchFields?.length;

function termMatches(t: Term, node: NodeLike): boolean {
  if (t instanceof SelectorError) return false;
  const labels = node.metadata.labels ?? {};
  if (!t.labels.every((r) => requirementMatches(r, labels))) return false;
  const { name } = node.metadata;
  if (!name) return true;
  return t.fields.every((f) => ((f.field === 'metadata.name' ? name : '') === f.value) === f.equal);
}

export interface NodeMatcher {
  matches(node: NodeLike): boolean;
  /** Why some terms could not be parsed. */
  readonly errors: readonly string[];
}

/** A v1.NodeSelector: one term must match. */
export function nodeSelectorMatcher(selector: {
  readonly nodeSelectorTerms: readonly NodeSelectorTermLike[];
}): NodeMatcher {
  const terms = selector.nodeSelectorTerms.filter((t) => !isEmpty(t)).map(parseTerm);
  return {
    matches: (node) => terms.some((t) => termMatches(t, node)),
    errors: terms.flatMap((t) => (t instanceof SelectorError ? [t.message] : [])),
  };
}

export interface PodPlacement {
  readonly spec: {
    readonly nodeSelector?: Labels | undefined;
    readonly affinity?:
      | {
          readonly nodeAffinity?:
            | {
                readonly requiredDuringSchedulingIgnoredDuringExecution?:
                  | { readonly nodeSelectorTerms: readonly NodeSelectorTermLike[] }
                  | undefined;
              }
            | undefined;
        }
      | undefined;
  };
}

/** spec.nodeSelector and the required node affinity of a pod (upstream: GetRequiredNodeAffinity). */
export function requiredNodeAffinity(pod: PodPlacement): NodeMatcher {
  const wanted = Object.entries(pod.spec.nodeSelector ?? {});
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const affinity = required && nodeSelectorMatcher(required);
  return {
    matches: (node) => wanted.every(([k, v]) => node.metadata.labels?.[k] === v) && (affinity?.matches(node) ?? true),
    errors: affinity?.errors ?? [],
  };
}

/** The sum of the weights of the preferred terms that match. */
export function preferredNodeAffinity(
  terms: readonly { readonly weight: number; readonly preference: NodeSelectorTermLike }[] | undefined,
): (node: NodeLike) => number {
  const parsed = (terms ?? [])
    .filter((t) => t.weight !== 0 && !isEmpty(t.preference))
    .map((t) => ({ weight: t.weight, term: parseTerm(t.preference) }));
  return (node) => parsed.reduce((sum, t) => sum + (termMatches(t.term, node) ? t.weight : 0), 0);
}
