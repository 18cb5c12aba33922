/** The decision of the kubelet: what a pod should be and what is there → what to do next (upstream: kuberuntime computePodActions). */
import type { Container, Pod } from '../../api/core/v1/types.ts';
import { type Actuated, resizeOf } from '../resize/plan.ts';
import { ephemeralOf, hashContainer, initOf, isSidecar } from './identity.ts';
import {
  latest,
  type ObservedContainer,
  type ObservedPod,
  type ProbeResults,
  restartsAll,
  sandboxChanged,
  shouldRestartAfterExit,
  shouldStart,
} from './observed.ts';

export type KillReason = 'unknown' | 'startupProbe' | 'livenessProbe' | 'failedPostStartHook' | '';
export type ContainerKind = 'container' | 'init' | 'ephemeral';

export type Op =
  /** Stops every container and every sandbox. */
  | { readonly op: 'killPod' }
  | {
      readonly op: 'kill';
      readonly id: string;
      readonly name: string;
      readonly message: string;
      readonly reason: KillReason;
      /** Seconds, when it is not the container's own. */
      readonly grace?: number;
    }
  /** Removes all containers, so that the pod starts from its beginning. */
  | { readonly op: 'purgeAll' }
  /** Removes init containers of an earlier sandbox, so that they run again. */
  | { readonly op: 'purgeInit' }
  | { readonly op: 'createSandbox'; readonly attempt: number; readonly replaces: boolean }
  /** Gives running containers the resources the pod has been allocated. */
  | { readonly op: 'resize' }
  | { readonly op: 'start'; readonly kind: ContainerKind; readonly name: string };

const start = (kind: ContainerKind, c: Container): Op => ({ op: 'start', kind, name: c.name });
const restartsOnFailure = (pod: Pod): boolean => pod.spec.restartPolicy !== 'Never';
const changed = (c: Container, status: ObservedContainer): boolean =>
  status.hash !== '' && hashContainer(c) !== status.hash;
const resizeRestart = (c: Container): string => `Container ${c.name} resize requires restart`;
const succeeded = (status: ObservedContainer | undefined): boolean =>
  status?.state === 'exited' && status.exitCode === 0;

/** Ops in the order they are to be performed; empty = nothing to do. */
export function syncPod(pod: Pod, observed: ObservedPod, probes: ProbeResults, actuated?: Actuated): readonly Op[] {
  const sandbox = sandboxChanged(pod, observed);
  const inits = initOf(pod);
  if (sandbox.changed) return newSandbox(pod, observed, sandbox);

  if (!pod.metadata.deletionTimestamp && restartsAll(pod, observed)) {
    const running = observed.containers.filter(
      (c) => c.state === 'running' && !ephemeralOf(pod).some((e) => e.name === c.name),
    );
    if (running.length === 0) return [{ op: 'purgeAll' }];
    return running.map((c) => ({ op: 'kill', id: c.id, name: c.name, message: 'killing', reason: '', grace: 0 }));
  }
  const ops: Op[] = [];
  const starts: Op[] = [];
  for (const c of ephemeralOf(pod)) if (!latest(observed, c.name)) starts.push(start('ephemeral', c));

  const init = initActions(pod, observed, probes, actuated);
  ops.push(...init.kills);
  const initStarts = init.start.map((i) => start('init', inits[i]!));
  if (init.killPod) return [{ op: 'killPod' }];
  if (!init.initialized)
    return [...ops, ...(init.resizes ? [{ op: 'resize' } as const] : []), ...starts, ...initStarts];

  let keep = 0;
  let resizes = init.resizes;
  const containerStarts: Op[] = [];
  for (const c of pod.spec.containers) {
    const status = latest(observed, c.name);
    if (status?.state !== 'running') {
      if (!shouldStart(c, pod, observed)) continue;
      if (status?.state === 'unknown')
        ops.push({
          op: 'kill',
          id: status.id,
          name: c.name,
          message: 'Container is in "unknown" state, try killing it before restart',
          reason: 'unknown',
        });
      containerStarts.push(start('container', c));
      continue;
    }
    let restart = c.restartPolicy ? c.restartPolicy !== 'Never' : restartsOnFailure(pod);
    let message = '';
    let reason: KillReason = '';
    if (changed(c, status)) {
      message = `Container ${c.name} definition changed`;
      restart = true;
    } else if (probes.result('liveness', status.id) === 'failure') {
      message = `Container ${c.name} failed liveness probe`;
      reason = 'livenessProbe';
    } else if (probes.result('startup', status.id) === 'failure') {
      message = `Container ${c.name} failed startup probe`;
      reason = 'startupProbe';
    } else {
      const resize = actuated ? resizeOf(c, actuated(status, c)) : 'none';
      if (resize === 'restart') {
        ops.push({ op: 'kill', id: status.id, name: c.name, message: resizeRestart(c), reason: '' });
        containerStarts.push(start('container', c));
      } else keep++;
      if (resize !== 'none') resizes = true;
      continue;
    }
    if (restart) {
      message += ', will be restarted';
      containerStarts.push(start('container', c));
    }
    ops.push({ op: 'kill', id: status.id, name: c.name, message, reason });
  }
  if (keep === 0 && containerStarts.length === 0)
    return observed.sandboxes.some((s) => s.ready) ? [{ op: 'killPod' }] : [];
  const resize: readonly Op[] = resizes ? [{ op: 'resize' }] : [];
  return [...ops, ...resize, ...starts, ...initStarts, ...containerStarts];
}

function newSandbox(
  pod: Pod,
  observed: ObservedPod,
  sandbox: { readonly attempt: number; readonly sandboxId: string },
): readonly Op[] {
  const alive = observed.sandboxes.some((s) => s.ready) || observed.containers.some((c) => c.state === 'running');
  const kill: readonly Op[] = alive ? [{ op: 'killPod' }] : [];
  if (!restartsOnFailure(pod) && sandbox.attempt !== 0 && observed.containers.length > 0) return kill;
  const wanted = pod.spec.containers.filter((c) => {
    const once = (c.restartPolicy ?? pod.spec.restartPolicy) === 'OnFailure';
    return !(once && succeeded(latest(observed, c.name)));
  });
  if (wanted.length === 0 && pod.spec.containers.some((c) => latest(observed, c.name))) return kill;
  const inits = initOf(pod);
  return [
    ...kill,
    ...(inits.length > 0 && observed.containers.length > 0 ? [{ op: 'purgeInit' } as const] : []),
    { op: 'createSandbox', attempt: sandbox.attempt, replaces: sandbox.sandboxId !== '' },
    ...(inits[0] ? [start('init', inits[0])] : wanted.map((c) => start('container', c))),
  ];
}

interface InitActions {
  readonly initialized: boolean;
  readonly killPod: boolean;
  /** Some sidecar lacks resources it was allocated. */
  readonly resizes: boolean;
  readonly kills: readonly Op[];
  /** Indexes of init containers, in the order they are to start. */
  readonly start: readonly number[];
}

/** Init containers from the last to the first: the last that is there says how far the pod has come (KEP-753 for sidecars). */
function initActions(
  pod: Pod,
  observed: ObservedPod,
  probes: ProbeResults,
  actuated: Actuated | undefined,
): InitActions {
  const inits = initOf(pod);
  const done: InitActions = { initialized: true, killPod: false, resizes: false, kills: [], start: [] };
  if (inits.length === 0) return done;
  const initializedBefore = pod.spec.containers.some((c) => {
    const state = latest(observed, c.name)?.state;
    return state === 'created' || state === 'running';
  });
  let initialized = initializedBefore;
  const starts: number[] = [];
  const kills: Op[] = [];
  let previously = initializedBefore;
  let resizes = false;
  const last = inits.length - 1;
  for (let i = last; i >= 0; i--) {
    const c = inits[i]!;
    const status = latest(observed, c.name);
    if (!status) {
      if (previously && isSidecar(c)) starts.push(i);
      continue;
    }
    if (previously && !isSidecar(c)) continue;
    const kill = (message: string, reason: KillReason) => {
      kills.push({ op: 'kill', id: status.id, name: c.name, message, reason });
      starts.push(i);
    };
    if (status.state === 'created') starts.push(i);
    else if (status.state === 'running') {
      if (isSidecar(c)) {
        const startup = c.startupProbe ? probes.result('startup', status.id) : 'success';
        if (startup === 'failure') kill(`Init container ${c.name} failed startup probe`, 'startupProbe');
        else if (startup === 'success') {
          if (i === last) initialized = true;
          else if (!previously) starts.push(i + 1);
          if (changed(c, status)) kill(`Init container ${c.name} definition changed`, '');
          else if (c.livenessProbe && probes.result('liveness', status.id) === 'failure')
            kill(`Init container ${c.name} failed liveness probe`, 'livenessProbe');
          else {
            const resize = actuated ? resizeOf(c, actuated(status, c)) : 'none';
            if (resize === 'restart') kill(resizeRestart(c), '');
            if (resize !== 'none') resizes = true;
          }
        }
      }
    } else if (status.state === 'exited') {
      if (isSidecar(c)) starts.push(i);
      else if (status.exitCode !== 0) {
        if (!shouldRestartAfterExit(c, pod, status.exitCode)) return { ...done, initialized: false, killPod: true };
        starts.push(i);
      } else if (i === last) initialized = true;
      else starts.push(i + 1);
    } else if (!isSidecar(c) && !restartsOnFailure(pod)) return { ...done, initialized: false, killPod: true };
    else kill('Init container is in "unknown" state, try killing it before restart', 'unknown');
    if (!previously) {
      // what lies before the newest init container has run: of those only sidecars are looked after
      previously = true;
    }
  }
  if (starts.length === 0 && !initialized && !inits.some((c) => latest(observed, c.name))) starts.push(0);
  const order = [...new Set(starts)].sort((a, b) => a - b);
  return { initialized, killPod: false, resizes, kills, start: order };
}
