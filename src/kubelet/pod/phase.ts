/** The phase of a pod from the states of its containers (upstream: kubelet_pods.go getPhase). */
import type { Container, ContainerStatus, Pod } from '../../api/core/v1/types.ts';
import { initOf, isSidecar, isStatic } from './identity.ts';
import { shouldRestartAfterExit } from './observed.ts';

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';
export const isTerminal = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed';

/** `final`: no container will be started again. `startedBefore`: a regular container of the present sandbox has started. */
export function phaseOf(pod: Pod, statuses: readonly ContainerStatus[], final: boolean, startedBefore: boolean): Phase {
  const find = (c: Container) => statuses.find((s) => s.name === c.name);
  let pendingInit = 0;
  let pendingSidecars = 0;
  let initFailed = 0;
  let unknown = 0;
  let running = 0;
  let waiting = 0;
  let stopped = 0;
  let stoppedForGood = 0;
  let succeeded = 0;
  for (const c of initOf(pod)) {
    const s = find(c);
    if (isSidecar(c)) {
      if (!s) unknown++;
      else if (s.state.running) {
        if (!s.started) pendingSidecars++;
        running++;
      } else if (s.state.waiting && !s.lastState.terminated) {
        pendingSidecars++;
        waiting++;
      } else if (!s.state.terminated && !s.state.waiting) {
        pendingSidecars++;
        unknown++;
      }
      continue;
    }
    const ended = s?.state.terminated ?? (s?.state.waiting ? s.lastState.terminated : undefined);
    if (!ended) pendingInit++;
    else if (ended.exitCode !== 0 && !shouldRestartAfterExit(c, pod, ended.exitCode)) initFailed++;
  }
  for (const c of pod.spec.containers) {
    const s = find(c);
    if (!s) unknown++;
    else if (s.state.running) running++;
    else if (s.state.terminated) {
      stopped++;
      if (!shouldRestartAfterExit(c, pod, s.state.terminated.exitCode)) stoppedForGood++;
      if (s.state.terminated.exitCode === 0) succeeded++;
    } else if (s.state.waiting) {
      const before = s.lastState.terminated;
      if (!before) waiting++;
      else {
        stopped++;
        if (!shouldRestartAfterExit(c, pod, before.exitCode)) stoppedForGood++;
      }
    } else unknown++;
  }
  if (initFailed > 0) return 'Failed';
  if (pendingInit > 0 || (pendingSidecars > 0 && !startedBefore) || waiting > 0) return 'Pending';
  if (running > 0 && unknown === 0) return 'Running';
  if (running === 0 && stopped > 0 && unknown === 0) {
    if (final && !isStatic(pod)) return stopped === succeeded ? 'Succeeded' : 'Failed';
    if (stopped !== stoppedForGood) return 'Running';
    return stopped === succeeded ? 'Succeeded' : 'Failed';
  }
  return 'Pending';
}
