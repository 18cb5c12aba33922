/** The PodStatus of a pod from what is observed (upstream: kubelet_pods.go generateAPIPodStatus), and the patch that reports a change of it. */
import type { Container, ContainerStatus, Pod, PodCondition, PodStatus, Probe } from '../../api/core/v1/types.ts';
import { rfc3339 } from '../../base/clock.ts';
import type { ResizeCondition } from '../resize/resizes.ts';
import { containersReady, kubeletConditions, podInitialized, podReady, type Verdict } from './conditions.ts';
import { containerStatuses, type Waiting } from './container-statuses.ts';
import { ephemeralOf, initOf, isHostNetwork, isSidecar } from './identity.ts';
import type { ObservedPod, ProbeKind, ProbeResults } from './observed.ts';
import { restartsAll, sandboxChanged } from './observed.ts';
import { isTerminal, type Phase, phaseOf } from './phase.ts';
import { podRequests } from '../../machinery/resource-lists.ts';
import { podResourcesStatus, qosClass } from './resources.ts';

/** Why the kubelet itself ended a pod, or never let it in. */
export interface Ended {
  readonly reason: string;
  readonly message: string;
  /** The pod was turned away: its status says nothing else. */
  readonly refused?: true;
  /** Message of the DisruptionTarget condition: it had to go for the node's or another pod's sake. */
  readonly disruption?: string;
}

export interface StatusInput {
  readonly pod: Pod;
  readonly observed: ObservedPod;
  readonly probes: ProbeResults;
  readonly waiting: Waiting;
  /** The status last reported; the API's when there is none of ours. */
  readonly previous: PodStatus;
  /** No container will be started again. */
  readonly final: boolean;
  /** The kubelet ended the pod: deadline, eviction. */
  readonly ended?: Ended | undefined;
  /** Conditions of a resize under way. */
  readonly resizes?: readonly ResizeCondition[];
  readonly hostIPs: readonly string[];
  readonly runtimeName: string;
  readonly now: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Sets started and ready from the probes (upstream: prober UpdatePodStatus). A probe that has not spoken of a container yet leaves it as it
 * was: a new one is unready, one that outlived the kubelet stays ready.
 */
function probed(
  input: StatusInput,
  statuses: readonly ContainerStatus[],
  before: readonly ContainerStatus[] | undefined,
  init: boolean,
): readonly ContainerStatus[] {
  const specs: readonly Container[] = init ? initOf(input.pod) : input.pod.spec.containers;
  return statuses.map((s) => {
    const spec = specs.find((c) => c.name === s.name);
    const old = before?.find((c) => c.containerID === s.containerID);
    const says = (kind: ProbeKind, probe: Probe | undefined, otherwise: boolean | undefined): boolean => {
      if (!probe) return true;
      const result = input.probes.result(kind, (s.containerID ?? '').replace(/^.*:\/\//, ''));
      return result !== undefined ? result === 'success' : otherwise === true;
    };
    const started = !!s.state.running && says('startup', spec?.startupProbe, old?.started);
    if (init && spec && !isSidecar(spec)) return { ...s, started, ready: s.state.terminated?.exitCode === 0 };
    return { ...s, started, ready: started && says('readiness', spec?.readinessProbe, old?.ready) };
  });
}

function refusedStatus({ pod, previous, now }: StatusInput, ended: Ended): PodStatus {
  const others = (pod.status.conditions ?? []).filter((c) => !kubeletConditions.has(c.type));
  return {
    observedGeneration: pod.metadata.generation ?? 0,
    phase: 'Failed',
    reason: ended.reason,
    message: ended.message,
    startTime: previous.startTime ?? pod.status.startTime ?? rfc3339(now),
    qosClass: previous.qosClass ?? qosClass(pod),
    ...(others.length > 0 && { conditions: others }),
  };
}

/** Only of pods that have a rule for it. */
function allRestarting(pod: Pod, observed: ObservedPod, phase: Phase): readonly Verdict[] {
  const type = 'AllContainersRestarting';
  const rules = [...initOf(pod), ...pod.spec.containers].flatMap((c) => c.restartPolicyRules ?? []);
  if (!rules.some((r) => r.action === 'RestartAllContainers')) return [];
  if (isTerminal(phase)) return [{ type, status: 'False', reason: phase === 'Failed' ? 'PodFailed' : 'PodCompleted' }];
  if (!restartsAll(pod, observed)) return [{ type, status: 'False' }];
  const message = 'container exited with restart policy rule';
  return [{ type, status: 'True', reason: 'RestartAllContainersStarted', message }];
}

export function podStatus(input: StatusInput): PodStatus {
  const { pod, observed, previous, now } = input;
  if (input.ended?.refused) return refusedStatus(input, input.ended);
  const convert = (specs: readonly Container[], old: readonly ContainerStatus[] | undefined, init: boolean) =>
    containerStatuses(pod, observed, old ?? [], specs, input.waiting, { init, runtimeName: input.runtimeName });
  const main = probed(
    input,
    convert(pod.spec.containers, previous.containerStatuses, false),
    previous.containerStatuses,
    false,
  );
  const init = probed(
    input,
    convert(initOf(pod), previous.initContainerStatuses, true),
    previous.initContainerStatuses,
    true,
  );
  const ephemeral = convert(ephemeralOf(pod) as readonly Container[], previous.ephemeralContainerStatuses, false);
  const all = [...init, ...main];
  const sandbox = observed.sandboxes[0];
  const startedBefore = pod.spec.containers.some((c) =>
    observed.containers.some((o) => o.name === c.name && sandbox && o.createdAt >= sandbox.createdAt),
  );
  let phase: Phase = phaseOf(pod, all, input.final, startedBefore);
  for (const was of [previous.phase, pod.status.phase]) if (!isTerminal(phase) && isTerminal(was)) phase = was as Phase;
  if (input.ended) phase = 'Failed';
  if (isTerminal(pod.status.phase)) phase = pod.status.phase as Phase;

  const status: Mutable<PodStatus> = {
    observedGeneration: pod.metadata.generation ?? 0,
    phase,
    qosClass: previous.qosClass ?? qosClass(pod),
  };
  if (input.ended) {
    status.reason = input.ended.reason;
    status.message = input.ended.message;
  } else if (phase === previous.phase) {
    const reason = previous.reason || pod.status.reason;
    const message = previous.message || pod.status.message;
    if (reason) status.reason = reason;
    if (message) status.message = message;
  }
  status.startTime = previous.startTime ?? pod.status.startTime ?? rfc3339(now);
  if (main.length) status.containerStatuses = main;
  if (init.length) status.initContainerStatuses = init;
  if (ephemeral.length) status.ephemeralContainerStatuses = ephemeral;
  status.resources = podResourcesStatus(pod, pod.status.phase === 'Running');
  const allocated = podRequests(pod);
  if (Object.keys(allocated).length > 0) status.allocatedResources = allocated;

  const disruption = input.ended?.disruption;
  const others = (pod.status.conditions ?? []).filter(
    (c) => !kubeletConditions.has(c.type) && !(disruption !== undefined && c.type === 'DisruptionTarget'),
  );
  const verdicts: Verdict[] = [
    { type: 'PodReadyToStartContainers', status: sandboxChanged(pod, observed).changed ? 'False' : 'True' },
    podInitialized(pod, all, phase),
    podReady(pod, all, phase, others),
    containersReady(pod, all, phase),
    { type: 'PodScheduled', status: 'True' },
    ...(input.resizes ?? []),
    ...allRestarting(pod, observed, phase),
    ...(disruption === undefined
      ? []
      : [{ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message: disruption } as const]),
  ];
  const generation = pod.metadata.generation;
  status.conditions = [
    ...others,
    ...verdicts.map((v): PodCondition => {
      const old = (previous.conditions ?? []).find((c) => c.type === v.type);
      const same = old?.status === v.status && old.lastTransitionTime;
      return {
        ...(generation && { observedGeneration: generation }),
        ...v,
        lastTransitionTime: same ? old.lastTransitionTime! : rfc3339(now),
      };
    }),
  ];

  if (input.hostIPs.length) {
    status.hostIP = input.hostIPs[0]!;
    status.hostIPs = input.hostIPs.map((ip) => ({ ip }));
  }
  // a pod that ends keeps the address it had
  const ips = observed.ips.length ? observed.ips : isHostNetwork(pod) ? input.hostIPs : [];
  const kept = ips.length === 0 && isTerminal(phase) ? (previous.podIPs ?? []) : ips.map((ip) => ({ ip }));
  if (kept.length) {
    status.podIP = kept[0]!.ip;
    status.podIPs = kept;
  }
  return status;
}

const equal = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const ka = Object.keys(a).filter((k) => (a as Record<string, unknown>)[k] !== undefined);
  const kb = Object.keys(b).filter((k) => (b as Record<string, unknown>)[k] !== undefined);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    ka.length === kb.length &&
    ka.every((k) => equal((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k]))
  );
};
export const sameStatus = (a: PodStatus | undefined, b: PodStatus): boolean => equal(a, b);

const mergeKeys: Readonly<Record<string, string>> = { conditions: 'type', podIPs: 'ip', hostIPs: 'ip' };

/** Strategic merge patch from one status to the other; undefined when nothing differs. Lists without a merge key go whole. */
export function statusPatch(from: PodStatus, to: PodStatus): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {};
  const a = from as Record<string, unknown>;
  const b = to as Record<string, unknown>;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (equal(a[key], b[key])) continue;
    const mergeKey = mergeKeys[key];
    if (b[key] === undefined) patch[key] = null;
    else if (mergeKey === undefined) patch[key] = b[key];
    else {
      type Item = Record<string, unknown>;
      const old = (a[key] ?? []) as Item[];
      const next = b[key] as Item[];
      const removed = old.filter((o) => !next.some((n) => n[mergeKey] === o[mergeKey]));
      const changed = next.flatMap((n) => {
        const was = old.find((o) => o[mergeKey] === n[mergeKey]);
        if (equal(was, n)) return [];
        const cleared = Object.keys(was ?? {}).filter((k) => n[k] === undefined && was![k] !== undefined);
        return [{ ...n, ...Object.fromEntries(cleared.map((k) => [k, null])) }];
      });
      patch[`$setElementOrder/${key}`] = next.map((n) => ({ [mergeKey]: n[mergeKey] }));
      patch[key] = [...changed, ...removed.map((r) => ({ [mergeKey]: r[mergeKey], $patch: 'delete' }))];
    }
  }
  return Object.keys(patch).length ? patch : undefined;
}
