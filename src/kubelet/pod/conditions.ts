/** The conditions of a pod the kubelet owns (upstream: pkg/kubelet/status/generate.go). */
import type { ContainerStatus, Pod } from '../../api/core/v1/types.ts';
import { initOf, isSidecar } from './identity.ts';
import type { Phase } from './phase.ts';

export interface Verdict {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
  /** When it is not the pod's present one. */
  readonly observedGeneration?: number;
}
/** Condition types that are the kubelet's to set. */
export const kubeletConditions: ReadonlySet<string> = new Set([
  'PodScheduled',
  'Ready',
  'Initialized',
  'ContainersReady',
  'PodReadyToStartContainers',
  'PodResizePending',
  'PodResizeInProgress',
  'AllContainersRestarting',
]);
const yes = (type: string): Verdict => ({ type, status: 'True' });
const no = (type: string, reason: string, message?: string): Verdict => ({
  type,
  status: 'False',
  reason,
  ...(message && { message }),
});
const names = (list: readonly string[]): string => `[${list.join(' ')}]`;
const both = (unknown: readonly string[], other: readonly string[], word: string): string =>
  [
    ...(unknown.length ? [`containers with unknown status: ${names(unknown)}`] : []),
    ...(other.length ? [`containers with ${word} status: ${names(other)}`] : []),
  ].join(', ');

export function containersReady(pod: Pod, statuses: readonly ContainerStatus[], phase: Phase): Verdict {
  const type = 'ContainersReady';
  const unknown: string[] = [];
  const unready: string[] = [];
  for (const c of [...initOf(pod).filter(isSidecar), ...pod.spec.containers]) {
    const s = statuses.find((x) => x.name === c.name);
    if (!s) unknown.push(c.name);
    else if (!s.ready) unready.push(c.name);
  }
  if (phase === 'Succeeded' && unknown.length === 0) return no(type, 'PodCompleted');
  if (phase === 'Failed') return no(type, 'PodFailed');
  const message = both(unknown, unready, 'unready');
  return message ? no(type, 'ContainersNotReady', message) : yes(type);
}

export function podReady(
  pod: Pod,
  statuses: readonly ContainerStatus[],
  phase: Phase,
  others: readonly { readonly type: string; readonly status: string }[],
): Verdict {
  const ready = containersReady(pod, statuses, phase);
  if (ready.status !== 'True') return { ...ready, type: 'Ready' };
  const bad = (pod.spec.readinessGates ?? []).flatMap((gate) => {
    const c = others.find((x) => x.type === gate.conditionType);
    if (!c) return [`corresponding condition of pod readiness gate "${gate.conditionType}" does not exist.`];
    return c.status === 'True'
      ? []
      : [`the status of pod readiness gate "${gate.conditionType}" is not "True", but ${c.status}`];
  });
  return bad.length ? no('Ready', 'ReadinessGatesNotReady', bad.join(', ')) : yes('Ready');
}

export function podInitialized(pod: Pod, statuses: readonly ContainerStatus[], phase: Phase): Verdict {
  const type = 'Initialized';
  const unknown: string[] = [];
  const incomplete: string[] = [];
  for (const c of initOf(pod)) {
    const s = statuses.find((x) => x.name === c.name);
    if (!s) unknown.push(c.name);
    else if (isSidecar(c) ? !s.started : !s.ready) incomplete.push(c.name);
  }
  if (phase === 'Succeeded' && unknown.length === 0) return { ...yes(type), reason: 'PodCompleted' };
  const started = pod.spec.containers.some((c) => {
    const state = statuses.find((s) => s.name === c.name)?.state;
    return state?.running || state?.terminated;
  });
  if (started) return yes(type);
  const message = both(unknown, incomplete, 'incomplete');
  return message ? no(type, 'ContainersNotInitialized', message) : yes(type);
}
