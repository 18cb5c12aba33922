/** Taints and tolerations (upstream: api/core/v1/toleration.go, component-helpers/scheduling/corev1). */

export interface TaintLike {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}
export interface TolerationLike {
  readonly key?: string | undefined;
  readonly operator?: string | undefined;
  readonly value?: string | undefined;
  readonly effect?: string | undefined;
  readonly tolerationSeconds?: number | undefined;
}

/** The operators Lt and Gt belong to an alpha gate that is off: they tolerate nothing. */
export function toleratesTaint(t: TolerationLike, taint: TaintLike): boolean {
  if (t.effect && t.effect !== taint.effect) return false;
  if (t.key && t.key !== taint.key) return false;
  if (t.operator === 'Exists') return true;
  return (!t.operator || t.operator === 'Equal') && (t.value ?? '') === (taint.value ?? '');
}

export const tolerationsTolerateTaint = (
  tolerations: readonly TolerationLike[] | undefined,
  taint: TaintLike,
): boolean => tolerations?.some((t) => toleratesTaint(t, taint)) ?? false;

/** The first taint that counts (by `filter`) and is not tolerated. */
export const findMatchingUntoleratedTaint = <T extends TaintLike>(
  taints: readonly T[] | undefined,
  tolerations: readonly TolerationLike[] | undefined,
  filter: (taint: T) => boolean = () => true,
): T | undefined => taints?.find((t) => filter(t) && !tolerationsTolerateTaint(tolerations, t));

/** Taints that keep a pod from being placed on a node. */
export const keepsFromScheduling = (t: TaintLike): boolean => t.effect === 'NoSchedule' || t.effect === 'NoExecute';

/** Same key and effect: one taint replaces the other. */
export const matchTaint = (a: TaintLike, b: TaintLike): boolean => a.key === b.key && a.effect === b.effect;
