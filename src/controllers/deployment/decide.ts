/** One step of a Deployment: which sets to make, resize or drop, and the status to write. Pure (upstream: pkg/controller/deployment). */
import { Deployments, ReplicaSets } from '../../api/apps/v1/resources.ts';
import type { Deployment, DeploymentCondition, ReplicaSet } from '../../api/apps/v1/types.ts';
import type { Pod } from '../../api/core/v1/types.ts';
import { findCondition } from '../../machinery/conditions.ts';
import { isPodTerminal } from '../../machinery/pod-conditions.ts';
import { type Action, keyOf } from '../action.ts';
import { semanticEqual, statusEqual } from '../semantic-equal.ts';
import {
  byAge,
  desiredAnnotation,
  findNewSet,
  maxRevision,
  newSet,
  newSetAnnotations,
  resized,
  revisionAnnotation,
  revisionOf,
} from './revision.ts';
import { rollBack, rollbackTo } from './rollback.ts';
import { proportionalSizes } from './scale.ts';
import { countedStatus, deadlineIn, isComplete, rolloutStatus, type Status, withCondition } from './status.ts';
import { hasProgressDeadline, isRolling, maxUnavailable, newSetReplicas, replicasOf, sum } from './surge.ts';

export interface DeploymentView {
  readonly deployment: Deployment;
  /** Those it controls. */
  readonly replicaSets: readonly ReplicaSet[];
  /** Pods of those sets. */
  readonly pods: readonly Pod[];
}

export interface DeploymentPlan {
  /** The set to make first: it may exist, or be another's (createFailed, collision). */
  readonly create?: ReplicaSet;
  /** After that. */
  readonly actions: readonly Action[];
  readonly requeueAfterMs?: number;
}

const unlimitedHistory = 2 ** 31 - 1;

export function decideDeployment(view: DeploymentView, now: number): DeploymentPlan {
  const seen = view.deployment;
  if (!seen.spec.selector.matchLabels && !seen.spec.selector.matchExpressions?.length) return selectsAll(seen);
  const step = stepOf(view, now);
  if (seen.metadata.deletionTimestamp) return step.finish('counted');
  step.markPaused();
  step.adoptNewSet();
  if (seen.spec.paused) {
    step.spread();
    step.cleanUp();
    return step.finish('counted');
  }
  const back = rollbackTo(seen);
  if (back !== undefined) return step.rollBack(back);
  if (step.isScaled()) {
    step.spread();
    return step.finish('counted');
  }
  return isRolling(seen) ? roll(step) : recreate(step, view);
}

type Step = ReturnType<typeof stepOf>;

function roll(step: Step): DeploymentPlan {
  if (step.create()) return step.finish('rollout');
  if (step.growNew() || step.shrinkOld()) return step.finish('rollout');
  if (step.isComplete()) step.cleanUp();
  return step.finish('rollout');
}

function recreate(step: Step, view: DeploymentView): DeploymentPlan {
  let stopped = false;
  for (const rs of step.old()) if (replicasOf(rs) > 0) stopped = step.resize(rs, 0) || stopped;
  const newUid = step.newSet()?.metadata.uid;
  const running =
    sum(step.old(), (rs) => rs.status.replicas) > 0 ||
    view.pods.some((p) => !isPodTerminal(p) && !p.metadata.ownerReferences?.some((r) => r.uid === newUid));
  if (stopped || running) return step.finish('rollout');
  if (step.create()) return step.finish('rollout');
  step.resize(step.newSet()!, replicasOf(view.deployment));
  if (step.isComplete()) step.cleanUp();
  return step.finish('rollout');
}

/** The view as it will be when the actions gathered so far are done. */
function stepOf(view: DeploymentView, now: number) {
  let d = view.deployment;
  let sets = view.replicaSets.toSorted(byAge);
  const newName = findNewSet(d, sets)?.metadata.name;
  let created: ReplicaSet | undefined;
  const actions: Action[] = [];
  const current = (): ReplicaSet | undefined => created ?? sets.find((rs) => rs.metadata.name === newName);
  const old = (): readonly ReplicaSet[] => sets.filter((rs) => rs.metadata.name !== newName);
  const all = (): readonly ReplicaSet[] => (created ? [...sets, created] : sets);
  const replace = (rs: ReplicaSet): void => {
    sets = sets.map((x) => (x.metadata.name === rs.metadata.name ? rs : x));
  };
  const condition = (status: string, reason: string, message: string): void => {
    const c = { type: 'Progressing', status, reason, message } as DeploymentCondition;
    d = { ...d, status: { ...d.status, conditions: withCondition(d.status.conditions, c, now) } };
  };
  const setRevision = (revision: string): void => {
    if (d.metadata.annotations?.[revisionAnnotation] === revision) return;
    d = {
      ...d,
      metadata: { ...d.metadata, annotations: { ...d.metadata.annotations, [revisionAnnotation]: revision } },
    };
  };
  const resize = (rs: ReplicaSet, replicas: number, evenIfEqual = false): boolean => {
    const before = replicasOf(rs);
    if (before === replicas && !evenIfEqual) return false;
    const next = resized(d, rs, replicas);
    if (before === replicas && semanticEqual(next.metadata.annotations, rs.metadata.annotations)) return false;
    replace(next);
    actions.push({ do: 'update', row: ReplicaSets, object: next });
    if (before === replicas) return false;
    actions.push({
      do: 'event',
      about: d,
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled ${before < replicas ? 'up' : 'down'} replica set ${rs.metadata.name} from ${before} to ${replicas}`,
    });
    return true;
  };

  return {
    newSet: current,
    old,
    resize,
    isComplete: () => isComplete(d, d.status),
    markPaused(): void {
      const c = findCondition(d.status.conditions, 'Progressing');
      if (!hasProgressDeadline(d) || c?.reason === 'ProgressDeadlineExceeded') return;
      const marked = c?.reason === 'DeploymentPaused';
      if (d.spec.paused && !marked) condition('Unknown', 'DeploymentPaused', 'Deployment is paused');
      else if (!d.spec.paused && marked) condition('Unknown', 'DeploymentResumed', 'Deployment is resumed');
    },
    /** The new set that exists follows the Deployment's annotations and minReadySeconds, the Deployment its revision. */
    adoptNewSet(): void {
      const rs = current();
      if (!rs) return;
      const annotations = newSetAnnotations(d, rs.metadata.annotations, maxRevision(old()) + 1, true);
      const minReadySeconds = d.spec.minReadySeconds ?? 0;
      if (!semanticEqual(annotations, rs.metadata.annotations) || (rs.spec.minReadySeconds ?? 0) !== minReadySeconds) {
        const next = { ...rs, metadata: { ...rs.metadata, annotations }, spec: { ...rs.spec, minReadySeconds } };
        replace(next);
        actions.push({ do: 'update', row: ReplicaSets, object: next });
      }
      setRevision(annotations[revisionAnnotation] ?? '');
      if (hasProgressDeadline(d) && !findCondition(d.status.conditions, 'Progressing'))
        condition('True', 'FoundNewReplicaSet', `Found new replica set "${rs.metadata.name}"`);
    },
    /** The Deployment's size changed since its sets were sized. */
    isScaled: (): boolean =>
      all().some((rs) => {
        const text = rs.metadata.annotations?.[desiredAnnotation];
        return replicasOf(rs) > 0 && text !== undefined && Number(text) !== replicasOf(d);
      }),
    spread(): void {
      const sizes = proportionalSizes(d, current(), old());
      for (const { set, replicas } of sizes) resize(set, replicas, sizes.length > 1);
    },
    create(): boolean {
      if (current()) return false;
      created = newSet(d, sets);
      setRevision(created.metadata.annotations?.[revisionAnnotation] ?? '');
      if (hasProgressDeadline(d))
        condition('True', 'NewReplicaSetCreated', `Created new replica set "${created.metadata.name}"`);
      if (replicasOf(created) > 0)
        actions.push({
          do: 'event',
          about: d,
          type: 'Normal',
          reason: 'ScalingReplicaSet',
          message: `Scaled up replica set ${created.metadata.name} from 0 to ${replicasOf(created)}`,
        });
      return true;
    },
    growNew(): boolean {
      const rs = current()!;
      const size = replicasOf(rs);
      if (size === replicasOf(d)) return false;
      return resize(rs, size > replicasOf(d) ? replicasOf(d) : newSetReplicas(d, all(), size));
    },
    /** First pods that are not available anyway, then as many as availability allows. */
    shrinkOld(): boolean {
      const rs = current()!;
      const minAvailable = replicasOf(d) - maxUnavailable(d);
      const newUnavailable = replicasOf(rs) - (rs.status.availableReplicas ?? 0);
      const room = sum(all(), replicasOf) - minAvailable - newUnavailable;
      if (sum(old(), replicasOf) === 0 || room <= 0) return false;
      let cleaned = 0;
      for (const o of old()) {
        const unhealthy = replicasOf(o) - (o.status.availableReplicas ?? 0);
        if (cleaned >= room || replicasOf(o) === 0 || unhealthy <= 0) continue;
        const n = Math.min(room - cleaned, unhealthy);
        resize(o, replicasOf(o) - n);
        cleaned += n;
      }
      const spare = sum(all(), (x) => x.status.availableReplicas) - minAvailable;
      let shrunk = 0;
      for (const o of old()) {
        if (shrunk >= spare || replicasOf(o) === 0) continue;
        const n = Math.min(replicasOf(o), spare - shrunk);
        resize(o, replicasOf(o) - n);
        shrunk += n;
      }
      return cleaned + shrunk > 0;
    },
    /** The write of the template is all that is done now: it starts a rollout of its own. */
    rollBack(revision: number): DeploymentPlan {
      return { actions: rollBack(view.deployment, sets, revision) };
    },
    /** Drops the oldest revisions beyond the limit that hold nothing. */
    cleanUp(): void {
      const limit = d.spec.revisionHistoryLimit;
      if (limit === undefined || limit === unlimitedHistory) return;
      const kept = old().filter((rs) => !rs.metadata.deletionTimestamp);
      const oldestFirst = kept.toSorted((a, b) => revisionOf(a) - revisionOf(b) || byAge(a, b));
      for (const rs of oldestFirst.slice(0, Math.max(0, kept.length - limit))) {
        const seen = (rs.metadata.generation ?? 0) <= (rs.status.observedGeneration ?? 0);
        if (rs.status.replicas === 0 && replicasOf(rs) === 0 && seen)
          actions.push({ do: 'delete', row: ReplicaSets, key: keyOf(rs) });
      }
    },
    finish(kind: 'counted' | 'rollout'): DeploymentPlan {
      const status = (kind === 'rollout' ? rolloutStatus : countedStatus)(d, all(), current(), now);
      if (
        !statusEqual(status, view.deployment.status) ||
        !semanticEqual(d.metadata.annotations, view.deployment.metadata.annotations)
      )
        actions.push(writeStatus(d, status));
      const wait = kind === 'rollout' ? deadlineIn(d, status, now) : undefined;
      return { ...(created && { create: created }), actions, ...(wait !== undefined && { requeueAfterMs: wait }) };
    },
  };
}

const writeStatus = (d: Deployment, status: Status): Action => ({
  do: 'update',
  row: Deployments,
  object: { ...d, status } as Deployment,
  subresource: 'status',
});

function selectsAll(d: Deployment): DeploymentPlan {
  const observed = (d.status.observedGeneration ?? 0) >= (d.metadata.generation ?? 0);
  return {
    actions: [
      {
        do: 'event',
        about: d,
        type: 'Warning',
        reason: 'SelectingAll',
        message: 'This deployment is selecting all pods. A non-empty selector is required.',
      },
      ...(observed ? [] : [writeStatus(d, { ...d.status, observedGeneration: d.metadata.generation })]),
    ],
  };
}

/** What follows when the set could not be made: the condition and the event tell why. */
export function createFailed(d: Deployment, rs: ReplicaSet, why: string, now: number): readonly Action[] {
  const message = `Failed to create new replica set "${rs.metadata.name}": ${why}`;
  const reason = 'ReplicaSetCreateError';
  const conditions = withCondition(
    d.status.conditions,
    { type: 'Progressing', status: 'False', reason, message } as DeploymentCondition,
    now,
  );
  return [
    { do: 'event', about: d, type: 'Warning', reason, message },
    ...(hasProgressDeadline(d) ? [writeStatus(d, { ...d.status, conditions })] : []),
  ];
}

/** Another template has the same hash: the next one counts the collision in. */
export const collided = (d: Deployment): Action =>
  writeStatus(d, { ...d.status, collisionCount: (d.status.collisionCount ?? 0) + 1 });
