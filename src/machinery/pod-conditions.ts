/** What a pod's status says: ready, available, finished (upstream: pkg/api/v1/pod/util.go, pkg/controller/controller_utils.go). */
import { type ConditionLike, findCondition } from './conditions.ts';

export interface PodStatusLike {
  readonly metadata: { readonly deletionTimestamp?: string | undefined };
  readonly status: {
    readonly phase?: string | undefined;
    readonly conditions?: readonly ConditionLike[] | undefined;
  };
}

export const isPodReady = (pod: PodStatusLike): boolean =>
  findCondition(pod.status.conditions, 'Ready')?.status === 'True';

/** Ready for at least `minReadySeconds`; `now` in milliseconds since 1970. */
export function isPodAvailable(pod: PodStatusLike, minReadySeconds: number, now: number): boolean {
  const ready = findCondition(pod.status.conditions, 'Ready');
  if (ready?.status !== 'True') return false;
  if (minReadySeconds === 0) return true;
  const since = ready.lastTransitionTime ? Date.parse(ready.lastTransitionTime) : Number.NaN;
  return since + minReadySeconds * 1000 <= now;
}

/** Failed or Succeeded: it will never run again. */
export const isPodTerminal = (pod: PodStatusLike): boolean =>
  pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded';

/** Neither finished nor being deleted: what a ReplicaSet counts (upstream: IsPodActive). */
export const isPodActive = (pod: PodStatusLike): boolean => !isPodTerminal(pod) && !pod.metadata.deletionTimestamp;
