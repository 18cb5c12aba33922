/** What a ReplicaSet needs: pods to make or to delete, and the status that says how it stands. Pure. */
import type { ReplicaSet } from '../../api/apps/v1/types.ts';
import type { Pod } from '../../api/core/v1/types.ts';
import { rfc3339 } from '../../base/clock.ts';
import { findCondition, removeCondition, setCondition } from '../../machinery/conditions.ts';
import { selectorFromSet } from '../../machinery/label-selector.ts';
import { newControllerRef } from '../../machinery/owner-references.ts';
import { isPodActive, isPodAvailable, isPodReady, isPodTerminal } from '../../machinery/pod-conditions.ts';
import { podsToDelete } from './deletion-order.ts';

/** At most so many pods are made or deleted in one go. */
export const burstReplicas = 500;

export interface ReplicaSetView {
  readonly replicaSet: ReplicaSet;
  /** Pods that it controls. */
  readonly pods: readonly Pod[];
  /** Active pods of all ReplicaSets with the same controller. */
  readonly related: readonly Pod[];
}

export interface ReplicaChange {
  readonly create: number;
  readonly delete: readonly Pod[];
}

export function decideReplicas(view: ReplicaSetView, now: number): ReplicaChange {
  const { replicaSet: rs } = view;
  const active = view.pods.filter(isPodActive);
  const missing = (rs.spec.replicas ?? 1) - active.length;
  if (rs.metadata.deletionTimestamp || missing === 0) return { create: 0, delete: [] };
  if (missing > 0) return { create: Math.min(missing, burstReplicas), delete: [] };
  return { create: 0, delete: podsToDelete(active, view.related, Math.min(-missing, burstReplicas), now) };
}

/** The pod that the template makes: its name is the server's to choose. */
export const podOf = (rs: ReplicaSet, owner: { readonly apiVersion: string; readonly kind: string }): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    generateName: `${rs.metadata.name}-`,
    namespace: rs.metadata.namespace,
    labels: rs.spec.template?.metadata?.labels,
    annotations: rs.spec.template?.metadata?.annotations,
    finalizers: rs.spec.template?.metadata?.finalizers,
    ownerReferences: [newControllerRef(rs, owner)],
  },
  spec: rs.spec.template?.spec,
});

/** The status after an attempt that failed with `failure` (undefined: it did not fail). */
export function replicaSetStatus(view: ReplicaSetView, failure: string | undefined, now: number): ReplicaSet['status'] {
  const { replicaSet: rs } = view;
  const active = view.pods.filter(isPodActive);
  const ofTemplate = selectorFromSet(rs.spec.template?.metadata?.labels);
  const known = findCondition(rs.status.conditions, 'ReplicaFailure');
  let conditions = rs.status.conditions ?? [];
  if (failure !== undefined && !known)
    conditions = setCondition(
      conditions,
      {
        type: 'ReplicaFailure',
        status: 'True',
        reason: active.length < (rs.spec.replicas ?? 1) ? 'FailedCreate' : 'FailedDelete',
        message: failure,
      },
      rfc3339(now),
    );
  else if (failure === undefined) conditions = removeCondition(conditions, 'ReplicaFailure');
  return {
    ...rs.status,
    replicas: active.length,
    fullyLabeledReplicas: active.filter((p) => ofTemplate.matches(p.metadata.labels)).length,
    readyReplicas: active.filter(isPodReady).length,
    availableReplicas: active.filter((p) => isPodAvailable(p, rs.spec.minReadySeconds ?? 0, now)).length,
    terminatingReplicas: view.pods.filter((p) => p.metadata.deletionTimestamp && !isPodTerminal(p)).length,
    observedGeneration: rs.metadata.generation,
    ...(conditions.length || rs.status.conditions ? { conditions } : {}),
  };
}

/** Milliseconds until the next ready pod counts as available; undefined = none waits. */
export function nextAvailability(view: ReplicaSetView, now: number): number | undefined {
  const wait = (view.replicaSet.spec.minReadySeconds ?? 0) * 1000;
  if (!wait) return undefined;
  let next: number | undefined;
  for (const p of view.pods) {
    const ready = findCondition(p.status.conditions, 'Ready');
    if (ready?.status !== 'True' || !ready.lastTransitionTime || !isPodActive(p)) continue;
    const left = Date.parse(ready.lastTransitionTime) + wait - now;
    if (left > 0 && (next === undefined || left < next)) next = left;
  }
  return next;
}
