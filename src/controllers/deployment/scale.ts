/** Spreads a new size over the sets of a Deployment that is in the middle of a rollout (upstream: deployment/sync.go scale). */
import type { Deployment, ReplicaSet } from '../../api/apps/v1/types.ts';
import { byAge, desiredAnnotation, maxReplicasAnnotation } from './revision.ts';
import { isRolling, maxSurge, replicasOf, sum } from './surge.ts';

export interface Resize {
  readonly set: ReplicaSet;
  readonly replicas: number;
}

const isActive = (rs: ReplicaSet): boolean => replicasOf(rs) > 0;

/** Sizes to set; a set is listed though its size stays when its annotations must follow. */
export function proportionalSizes(
  d: Deployment,
  newSet: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): readonly Resize[] {
  const youngestFirst = old.toSorted((a, b) => byAge(b, a));
  const active = [...youngestFirst, ...(newSet ? [newSet] : [])].filter(isActive);
  if (active.length <= 1) {
    const only = active[0] ?? newSet ?? youngestFirst[0];
    return only && replicasOf(only) !== replicasOf(d) ? [{ set: only, replicas: replicasOf(d) }] : [];
  }
  if (newSet && isSaturated(d, newSet)) return old.filter(isActive).map((set) => ({ set, replicas: 0 }));
  if (!isRolling(d)) return [];

  const allowed = replicasOf(d) > 0 ? replicasOf(d) + maxSurge(d) : 0;
  const toAdd = allowed - sum(active, replicasOf);
  const age = toAdd > 0 ? (a: ReplicaSet, b: ReplicaSet) => byAge(b, a) : byAge;
  const sets = toAdd === 0 ? active : active.toSorted((a, b) => replicasOf(b) - replicasOf(a) || age(a, b));
  let added = 0;
  const sizes = sets.map((set) => {
    const part = toAdd === 0 ? 0 : proportion(d, set, toAdd, added);
    added += part;
    return { set, replicas: replicasOf(set) + part };
  });
  // What rounding left over goes to the largest.
  return sizes.map((s, i) =>
    i === 0 && toAdd !== 0 ? { ...s, replicas: Math.max(0, s.replicas + toAdd - added) } : s,
  );
}

/** The new set alone carries the whole Deployment. */
function isSaturated(d: Deployment, rs: ReplicaSet): boolean {
  return (
    replicasOf(rs) === replicasOf(d) &&
    Number(rs.metadata.annotations?.[desiredAnnotation]) === replicasOf(d) &&
    (rs.status.availableReplicas ?? 0) === replicasOf(d)
  );
}

function proportion(d: Deployment, rs: ReplicaSet, toAdd: number, added: number): number {
  if (replicasOf(rs) === 0 || toAdd === added) return 0;
  const part = fraction(d, rs);
  return toAdd > 0 ? Math.min(part, toAdd - added) : Math.max(part, toAdd - added);
}

function fraction(d: Deployment, rs: ReplicaSet): number {
  if (replicasOf(d) === 0) return -replicasOf(rs);
  const before = Number(rs.metadata.annotations?.[maxReplicasAnnotation]) || (d.status.replicas ?? 0);
  if (!before) return 0;
  return Math.round((replicasOf(rs) * (replicasOf(d) + maxSurge(d))) / before) - replicasOf(rs);
}
