/** What is there of a pod on this node: sandboxes and containers as the runtime tells, newest first. */
import type { Container, Pod } from '../../api/core/v1/types.ts';
import type { ContainerStatus, SandboxStatus } from '../cri.ts';

export interface ObservedContainer extends ContainerStatus {
  readonly sandboxId: string;
  readonly restartCount: number;
  readonly hash: string;
}
export interface ObservedPod {
  readonly sandboxes: readonly SandboxStatus[];
  readonly containers: readonly ObservedContainer[];
  /** Of the newest sandbox, while it is ready. */
  readonly ips: readonly string[];
}

export const nothing: ObservedPod = { sandboxes: [], containers: [], ips: [] };

/** The newest container of that name. */
export const latest = (observed: ObservedPod, name: string): ObservedContainer | undefined =>
  observed.containers.find((c) => c.name === name);

/** Running in the newest sandbox while that is ready and, unless it is on the node's network, has an address. */
export function isLive(observed: ObservedPod, containerId: string): boolean {
  const [sandbox] = observed.sandboxes;
  if (!sandbox?.ready || (sandbox.network !== 'NODE' && observed.ips.length === 0)) return false;
  return observed.containers.some((c) => c.id === containerId && c.state === 'running' && c.sandboxId === sandbox.id);
}

export type ProbeKind = 'liveness' | 'readiness' | 'startup';
export type ProbeVerdict = 'success' | 'failure' | 'unknown';
/** What the probes say, by container id; undefined = no probe, or it has not spoken. */
export interface ProbeResults {
  result(kind: ProbeKind, containerId: string): ProbeVerdict | undefined;
}
export const noProbes: ProbeResults = { result: () => undefined };

/** The action of the container's first rule for that exit code (KEP-5307, KEP-5532). */
const ruleFor = (c: Container, exitCode: number): string | undefined =>
  c.restartPolicyRules?.find(({ exitCodes: codes }) => {
    if (!codes) return false;
    const listed = (codes.values ?? []).includes(exitCode);
    return codes.operator === 'In' ? listed : !listed;
  })?.action;

/** Some container ended in a way after which the whole pod starts anew in its sandbox. */
export const restartsAll = (pod: Pod, observed: ObservedPod): boolean =>
  [...(pod.spec.initContainers ?? []), ...pod.spec.containers].some((c) => {
    const status = latest(observed, c.name);
    return status?.state === 'exited' && ruleFor(c, status.exitCode) === 'RestartAllContainers';
  });

/** The container's own policy and rules come before the pod's. */
export function shouldRestartAfterExit(c: Container, pod: Pod, exitCode: number): boolean {
  if (ruleFor(c, exitCode) !== undefined) return true;
  const policy = c.restartPolicy ?? pod.spec.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

/** Whether a container that is not running is to be started (upstream: ShouldContainerBeRestarted). */
export function shouldStart(c: Container, pod: Pod, observed: ObservedPod): boolean {
  if (pod.metadata.deletionTimestamp) return false;
  const status = latest(observed, c.name);
  if (!status) return true;
  if (status.state === 'running') return false;
  if (status.state !== 'exited') return true;
  return shouldRestartAfterExit(c, pod, status.exitCode);
}

/** Whether the newest sandbox cannot be used, and the attempt a new one would have (upstream: PodSandboxChanged). */
export function sandboxChanged(
  pod: Pod,
  observed: ObservedPod,
): { readonly changed: boolean; readonly attempt: number; readonly sandboxId: string } {
  const [newest] = observed.sandboxes;
  if (!newest) return { changed: true, attempt: 0, sandboxId: '' };
  const attempt = newest.metadata.attempt;
  const ready = observed.sandboxes.filter((s) => s.ready).length;
  if (ready > 1 || !newest.ready) return { changed: true, attempt: attempt + 1, sandboxId: newest.id };
  if ((newest.network === 'NODE') !== (pod.spec.hostNetwork === true))
    return { changed: true, attempt: attempt + 1, sandboxId: '' };
  if (!pod.spec.hostNetwork && newest.ips.length === 0)
    return { changed: true, attempt: attempt + 1, sandboxId: newest.id };
  return { changed: false, attempt, sandboxId: newest.id };
}
