/** Lists of status conditions: finding, setting and removing, as copies (upstream: apimachinery/pkg/api/meta/conditions.go). */

/** What every condition type of the API has. */
export interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

export const findCondition = <C extends ConditionLike>(
  conditions: readonly C[] | undefined | null,
  type: string,
): C | undefined => conditions?.find((c) => c.type === type);

export const isConditionTrue = (conditions: readonly ConditionLike[] | undefined | null, type: string): boolean =>
  findCondition(conditions, type)?.status === 'True';

/**
 * The list with `condition` in place of the one of its type, or at the end. lastTransitionTime moves to the new one's (or `now`, as
 * metav1.Time text) only when the status changes. The same list is answered when nothing changed.
 */
export function setCondition<C extends ConditionLike>(
  conditions: readonly C[] | undefined | null,
  condition: C,
  now: string,
): readonly C[] {
  const list = conditions ?? [];
  const at = list.findIndex((c) => c.type === condition.type);
  const old = list[at];
  if (!old) return [...list, { ...condition, lastTransitionTime: condition.lastTransitionTime ?? now }];
  const lastTransitionTime =
    old.status === condition.status
      ? (old.lastTransitionTime ?? condition.lastTransitionTime ?? now)
      : (condition.lastTransitionTime ?? now);
  const next: C = { ...old, ...condition, lastTransitionTime };
  const keys = new Set([...Object.keys(old), ...Object.keys(next)]) as Set<keyof C>;
  if ([...keys].every((k) => old[k] === next[k])) return list;
  return list.map((c, i) => (i === at ? next : c));
}

/** The list without the condition of a type; the same list when there is none. */
export function removeCondition<C extends ConditionLike>(
  conditions: readonly C[] | undefined | null,
  type: string,
): readonly C[] {
  const list = conditions ?? [];
  return list.some((c) => c.type === type) ? list.filter((c) => c.type !== type) : list;
}
