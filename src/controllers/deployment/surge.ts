/** How far a rollout may leave the wanted number of pods (upstream: deployment/util ResolveFenceposts and its users). */
import type { Deployment, ReplicaSet } from '../../api/apps/v1/types.ts';
import { getScaledValueFromIntOrPercent } from '../../machinery/int-or-string.ts';

const noDeadline = 2 ** 31 - 1;

export const replicasOf = (x: { readonly spec: { readonly replicas?: number | undefined } }): number =>
  x.spec.replicas ?? 1;
export const isRolling = (d: Deployment): boolean => d.spec.strategy.type === 'RollingUpdate';
export const hasProgressDeadline = (d: Deployment): boolean =>
  d.spec.progressDeadlineSeconds !== undefined && d.spec.progressDeadlineSeconds !== noDeadline;

function fenceposts(d: Deployment): { readonly surge: number; readonly unavailable: number } {
  const rolling = d.spec.strategy.rollingUpdate;
  const surge = getScaledValueFromIntOrPercent(rolling?.maxSurge ?? 0, replicasOf(d), true);
  const unavailable = getScaledValueFromIntOrPercent(rolling?.maxUnavailable ?? 0, replicasOf(d), false);
  // Both 0 (10 % of one pod) would never move.
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

export const maxSurge = (d: Deployment): number => (isRolling(d) ? fenceposts(d).surge : 0);
export const maxUnavailable = (d: Deployment): number =>
  isRolling(d) && replicasOf(d) !== 0 ? Math.min(fenceposts(d).unavailable, replicasOf(d)) : 0;

export const sum = (sets: readonly ReplicaSet[], of: (rs: ReplicaSet) => number | undefined): number =>
  sets.reduce((n, rs) => n + (of(rs) ?? 0), 0);

/** The size of the new set that the surge allows now. */
export function newSetReplicas(d: Deployment, all: readonly ReplicaSet[], current: number): number {
  if (!isRolling(d)) return replicasOf(d);
  const allowed =
    replicasOf(d) + getScaledValueFromIntOrPercent(d.spec.strategy.rollingUpdate?.maxSurge ?? 0, replicasOf(d), true);
  const total = sum(all, replicasOf);
  return total >= allowed ? current : current + Math.min(allowed - total, replicasOf(d) - current);
}
