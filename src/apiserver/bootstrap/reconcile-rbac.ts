/**
 * What of a bootstrap role or binding is missing in the one that exists: missing labels, rules and subjects are added, nothing is taken
 * away, and an object whose autoupdate annotation is not `true` is left alone (component-helpers/auth/rbac/reconciliation).
 */
import { isDeepStrictEqual } from 'node:util';
import type { ClusterRole, PolicyRule, Role, RoleBinding, Subject } from '../../api/rbac/v1/types.ts';
import type { ObjectMeta } from '../../api/meta/v1/types.ts';
import { uncovered } from '../auth/rbac-rules.ts';

const autoupdate = 'rbac.authorization.kubernetes.io/autoupdate';

/** Adds what is missing; a value that exists wins. */
function mergedMetadata(existing: ObjectMeta, wanted: ObjectMeta): ObjectMeta | undefined {
  const labels = { ...wanted.labels, ...existing.labels };
  const annotations = { ...wanted.annotations, ...existing.annotations };
  return isDeepStrictEqual(labels, { ...existing.labels }) &&
    isDeepStrictEqual(annotations, { ...existing.annotations })
    ? undefined
    : { ...existing, labels, annotations };
}

const isProtected = (o: { readonly metadata: ObjectMeta }): boolean => o.metadata.annotations?.[autoupdate] !== 'true';

/** The role to write, or undefined when nothing is missing. */
export function reconcileRole<T extends ClusterRole | Role>(existing: T, wanted: T): T | undefined {
  if (isProtected(existing)) return undefined;
  const metadata = mergedMetadata(existing.metadata, wanted.metadata);
  const wantedSelectors = (wanted as ClusterRole).aggregationRule?.clusterRoleSelectors ?? [];
  let changed = metadata !== undefined;
  let result = metadata ? { ...existing, metadata } : existing;
  if (wantedSelectors.length > 0) {
    const selectors = (existing as ClusterRole).aggregationRule?.clusterRoleSelectors ?? [];
    const missing = wantedSelectors.filter(
      (s) => !selectors.some((e) => isDeepStrictEqual(e.matchLabels, s.matchLabels)),
    );
    if (missing.length) {
      changed = true;
      result = { ...result, aggregationRule: { clusterRoleSelectors: [...selectors, ...missing] } };
    }
    // the rules of an aggregated role belong to its controller
    return changed ? result : undefined;
  }
  const rules: readonly PolicyRule[] = existing.rules ?? [];
  const missing = uncovered(rules, wanted.rules ?? []);
  if (missing.length) {
    changed = true;
    result = { ...result, rules: [...rules, ...missing] };
  }
  return changed ? result : undefined;
}

const sameSubject = (a: Subject, b: Subject): boolean =>
  a.kind === b.kind && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '');

export type BindingChange<T> =
  | { readonly action: 'none' }
  | { readonly action: 'update'; readonly binding: T }
  /** A roleRef cannot be changed: delete and create. */
  | { readonly action: 'recreate'; readonly binding: T };

export function reconcileBinding<T extends Pick<RoleBinding, 'metadata' | 'roleRef' | 'subjects'>>(
  existing: T,
  wanted: T,
): BindingChange<T> {
  if (isProtected(existing)) return { action: 'none' };
  const metadata = mergedMetadata(existing.metadata, wanted.metadata);
  const subjects = existing.subjects ?? [];
  const missing = (wanted.subjects ?? []).filter((w) => !subjects.some((s) => sameSubject(s, w)));
  const { kind, name } = existing.roleRef;
  if (kind !== wanted.roleRef.kind || name !== wanted.roleRef.name)
    return { action: 'recreate', binding: { ...wanted, subjects: [...subjects, ...missing] } };
  if (!metadata && missing.length === 0) return { action: 'none' };
  return {
    action: 'update',
    binding: { ...existing, ...(metadata && { metadata }), subjects: [...subjects, ...missing] },
  };
}
