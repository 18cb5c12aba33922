/** The conditions of a namespace that is being emptied (upstream: pkg/controller/namespace/deletion/status_condition_utils.go). */
import type { NamespaceCondition, NamespaceStatus } from '../../api/core/v1/types.ts';
import { findCondition } from '../../machinery/index.ts';

/** What deleting the content of one resource left. */
export interface Remaining {
  readonly group: string;
  readonly plural: string;
  readonly count: number;
  /** How many objects each finalizer holds. */
  readonly finalizers: Readonly<Record<string, number>>;
}

const fine = [
  ['NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'],
  ['NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
  [
    'NamespaceDeletionContentFailure',
    'ContentDeleted',
    'All content successfully deleted, may be waiting on finalization',
  ],
  ['NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'],
  ['NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
] as const;

/** The status with the five conditions; the same status when nothing changed. `now` as metav1.Time text. */
export function withDeletionConditions(
  status: NamespaceStatus,
  remaining: readonly Remaining[],
  errors: readonly string[],
  now: string,
): NamespaceStatus {
  const bad = new Map<string, { readonly reason: string; readonly message: string }>();
  const left = remaining.filter((r) => r.count > 0);
  if (errors.length > 0)
    bad.set('NamespaceDeletionContentFailure', {
      reason: 'ContentDeletionFailed',
      message: `Failed to delete all resource types, ${errors.length} remaining: ${[...errors].sort().join(', ')}`,
    });
  if (left.length > 0)
    bad.set('NamespaceContentRemaining', {
      reason: 'SomeResourcesRemain',
      message: `Some resources are remaining: ${left
        .map((r) => `${r.plural}.${r.group} has ${r.count} resource instances`)
        .sort()
        .join(', ')}`,
    });
  const held = new Map<string, number>();
  for (const r of left) for (const [f, n] of Object.entries(r.finalizers)) held.set(f, (held.get(f) ?? 0) + n);
  if (held.size > 0)
    bad.set('NamespaceFinalizersRemaining', {
      reason: 'SomeFinalizersRemain',
      message: `Some content in the namespace has finalizers remaining: ${[...held]
        .map(([f, n]) => `${f} in ${n} resource instances`)
        .sort()
        .join(', ')}`,
    });

  let conditions: readonly NamespaceCondition[] = status.conditions ?? [];
  let changed = false;
  for (const [type, reason, message] of fine) {
    const wanted = { ...(bad.get(type) ?? { reason, message }), status: bad.has(type) ? 'True' : 'False' };
    const old = findCondition(conditions, type);
    if (old && old.status === wanted.status && old.reason === wanted.reason && old.message === wanted.message) continue;
    changed = true;
    const since = old && old.status === wanted.status ? (old.lastTransitionTime ?? now) : now;
    const next: NamespaceCondition = { type, lastTransitionTime: since, ...wanted };
    conditions = old ? conditions.map((c) => (c === old ? next : c)) : [...conditions, next];
  }
  return changed ? { ...status, conditions } : status;
}
