/** The status of a Deployment: counts over its sets, availability and progress (upstream: deployment/sync.go, progress.go). */
import type { Deployment, DeploymentCondition, ReplicaSet } from '../../api/apps/v1/types.ts';
import { rfc3339 } from '../../base/clock.ts';
import { findCondition, removeCondition } from '../../machinery/conditions.ts';
import { hasProgressDeadline, maxUnavailable, replicasOf, sum } from './surge.ts';

export type Status = Deployment['status'];
type Conditions = readonly DeploymentCondition[];

/** In place of the one of its type, at the end; unchanged when status and reason stay. */
export function withCondition(
  conditions: Conditions | undefined,
  c: Pick<DeploymentCondition, 'type' | 'status' | 'reason' | 'message'>,
  now: number,
): Conditions {
  const old = findCondition(conditions, c.type);
  if (old && old.status === c.status && old.reason === c.reason) return conditions ?? [];
  const text = rfc3339(now);
  const lastTransitionTime = old?.status === c.status ? old.lastTransitionTime : text;
  return [...removeCondition(conditions, c.type), { ...c, lastUpdateTime: text, lastTransitionTime }];
}

export function countedStatus(
  d: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  now: number,
): Status {
  const available = sum(all, (rs) => rs.status.availableReplicas);
  const enough = available >= replicasOf(d) - maxUnavailable(d);
  const terminating = terminatingOf(all);
  return {
    ...d.status,
    observedGeneration: d.metadata.generation,
    replicas: sum(all, (rs) => rs.status.replicas),
    updatedReplicas: newSet?.status.replicas ?? 0,
    readyReplicas: sum(all, (rs) => rs.status.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(all, replicasOf) - available),
    terminatingReplicas: terminating,
    conditions: withCondition(
      d.status.conditions,
      enough
        ? {
            type: 'Available',
            status: 'True',
            reason: 'MinimumReplicasAvailable',
            message: 'Deployment has minimum availability.',
          }
        : {
            type: 'Available',
            status: 'False',
            reason: 'MinimumReplicasUnavailable',
            message: 'Deployment does not have minimum availability.',
          },
      now,
    ),
  };
}

/** Unknown when one of the sets does not tell; one that was never looked at has none. */
function terminatingOf(all: readonly ReplicaSet[]): number | undefined {
  let n = 0;
  for (const { status } of all) {
    if (status.terminatingReplicas === undefined && status.observedGeneration) return undefined;
    n += status.terminatingReplicas ?? 0;
  }
  return n;
}

/** Everything runs the new template. */
export const isComplete = (d: Deployment, s: Status): boolean =>
  (s.updatedReplicas ?? 0) === replicasOf(d) &&
  (s.replicas ?? 0) === replicasOf(d) &&
  (s.availableReplicas ?? 0) === replicasOf(d) &&
  (s.observedGeneration ?? 0) >= (d.metadata.generation ?? 0);

function isProgressing(old: Status, s: Status): boolean {
  const [updated, oldUpdated] = [s.updatedReplicas ?? 0, old.updatedReplicas ?? 0];
  return (
    updated > oldUpdated ||
    (s.replicas ?? 0) - updated < (old.replicas ?? 0) - oldUpdated ||
    (s.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (s.availableReplicas ?? 0) > (old.availableReplicas ?? 0)
  );
}

function hasTimedOut(d: Deployment, s: Status, now: number): boolean {
  const c = findCondition(s.conditions, 'Progressing');
  if (!c || c.reason === 'NewReplicaSetAvailable') return false;
  if (c.reason === 'ProgressDeadlineExceeded') return true;
  return Date.parse(c.lastUpdateTime ?? '') + (d.spec.progressDeadlineSeconds ?? 0) * 1000 < now;
}

/** The status of a rollout: counts, progress, and failures of its sets. */
export function rolloutStatus(
  d: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  now: number,
): Status {
  const s = countedStatus(d, all, newSet, now);
  let conditions: Conditions = s.conditions ?? [];
  if (!hasProgressDeadline(d)) conditions = removeCondition(conditions, 'Progressing');
  const current = findCondition(d.status.conditions, 'Progressing');
  const done = s.replicas === s.updatedReplicas && current?.reason === 'NewReplicaSetAvailable';
  if (hasProgressDeadline(d) && !done) {
    const subject = newSet ? `ReplicaSet "${newSet.metadata.name}"` : `Deployment "${d.metadata.name}"`;
    if (isComplete(d, s))
      conditions = withCondition(
        conditions,
        {
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicaSetAvailable',
          message: `${subject} has successfully progressed.`,
        },
        now,
      );
    else if (isProgressing(d.status, s))
      // Written anew even if it stands: lastUpdateTime is where the deadline counts from.
      conditions = [
        ...removeCondition(conditions, 'Progressing'),
        {
          type: 'Progressing',
          status: 'True',
          lastUpdateTime: rfc3339(now),
          lastTransitionTime: current?.status === 'True' ? current.lastTransitionTime : rfc3339(now),
          reason: 'ReplicaSetUpdated',
          message: `${subject} is progressing.`,
        },
      ];
    else if (hasTimedOut(d, s, now))
      conditions = withCondition(
        conditions,
        {
          type: 'Progressing',
          status: 'False',
          reason: 'ProgressDeadlineExceeded',
          message: `${subject} has timed out progressing.`,
        },
        now,
      );
  }
  const failure =
    findCondition(newSet?.status.conditions, 'ReplicaFailure') ??
    all.map((rs) => findCondition(rs.status.conditions, 'ReplicaFailure')).find(Boolean);
  conditions = failure ? withFailure(conditions, failure) : removeCondition(conditions, 'ReplicaFailure');
  return { ...s, conditions };
}

function withFailure(conditions: Conditions, f: Omit<DeploymentCondition, 'lastUpdateTime'>): Conditions {
  const old = findCondition(conditions, f.type);
  if (old && old.status === f.status && old.reason === f.reason) return conditions;
  return [...removeCondition(conditions, f.type), { ...f, lastUpdateTime: f.lastTransitionTime }];
}

/** Milliseconds until the progress deadline may have passed; undefined = it does not count now. */
export function deadlineIn(d: Deployment, s: Status, now: number): number | undefined {
  const c = findCondition(s.conditions, 'Progressing');
  if (!hasProgressDeadline(d) || !c || isComplete(d, s) || c.reason === 'ProgressDeadlineExceeded') return undefined;
  const left = Date.parse(c.lastUpdateTime ?? '') + (d.spec.progressDeadlineSeconds ?? 0) * 1000 - now;
  return Math.max(left, 0) + 1000;
}
