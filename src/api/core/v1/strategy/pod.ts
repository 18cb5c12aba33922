/** How pods are written: defaults, what the server owns, graceful deletion and the endpoints beside the main one (upstream: registry/core/pod/strategy.go). */
import { computePodQos } from '../../../../machinery/pod-qos.ts';
import type { Strategy } from '../../../resource-row.ts';
import { keepsAllButStatus } from '../../../status-part.ts';
import { validatePodBasics, validatePodCreate, validatePodUpdate } from '../validation/pod.ts';
import { validateEphemeralContainersUpdate, validatePodResize } from '../validation/pod-parts.ts';
import { validatePodStatusUpdate } from '../validation/pod-status.ts';
import type { Container, Pod, PodSpec, PodStatus } from '../types.ts';
import { withLabelKeys } from './pod-label-keys.ts';
import { defaultPodLevelResources } from './pod-level-resources.ts';
import { defaultPodSpec } from './pod-spec-defaults.ts';
import { podWarnings } from './pod-warnings.ts';
import { requestsFromLimits } from './resource-list.ts';

const withRequests = (c: Container): Container => {
  const resources = requestsFromLimits(c.resources);
  return resources === c.resources ? c : { ...c, resources };
};
const withHostPorts = (c: Container): Container =>
  c.ports?.some((p) => !p.hostPort)
    ? { ...c, ports: c.ports.map((p) => (p.hostPort ? p : { ...p, hostPort: p.containerPort })) }
    : c;

/** podIP and the first of podIPs are one thing under two names; podIP wins when they differ. */
function withPodIPs(s: PodStatus): PodStatus {
  const first = s.podIPs?.[0]?.ip;
  if (s.podIP ? first === s.podIP : !first) return s;
  return s.podIP ? { ...s, podIPs: [{ ip: s.podIP }] } : { ...s, podIP: first };
}

/** Upstream: SetDefaults_Pod and what it contains. */
export function defaultPod(pod: Pod): Pod {
  let spec = defaultPodSpec(pod.spec);
  const ready = (c: Container) => (spec.hostNetwork ? withHostPorts(withRequests(c)) : withRequests(c));
  spec = {
    ...spec,
    containers: spec.containers.map(ready),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(ready) }),
    enableServiceLinks: spec.enableServiceLinks ?? true,
  };
  const status = withPodIPs(pod.status ?? {});
  return { ...pod, spec: defaultPodLevelResources(spec), status };
}

function prepareForCreate(pod: Pod): Pod {
  const spec = withLabelKeys(withAccountAlias(pod.spec), pod.metadata.labels);
  const gated = spec.schedulingGates?.length;
  return {
    ...pod,
    spec,
    status: {
      phase: 'Pending',
      ...(gated && {
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'SchedulingGated',
            message: 'Scheduling is blocked due to non-empty scheduling gates',
          },
        ],
      }),
      qosClass: computePodQos({ spec }),
    },
  };
}

/** Admission sets serviceAccountName after the defaults: the old name follows it. */
function withAccountAlias(s: PodSpec): PodSpec {
  return s.serviceAccountName && s.serviceAccount !== s.serviceAccountName
    ? { ...s, serviceAccount: s.serviceAccountName }
    : s;
}

function gracePeriod(pod: Pod, asked: number | undefined): number {
  const period = asked ?? pod.spec.terminationGracePeriodSeconds ?? 0;
  if (!pod.spec.nodeName || pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') return 0;
  return period < 0 ? 1 : period;
}

export const podStrategy: Strategy<Pod> = {
  defaults: defaultPod,
  prepareForCreate,
  prepareForUpdate: (pod, old) => ({ ...pod, status: old.status }),
  validate: validatePodBasics,
  validateCreate: validatePodCreate,
  validateUpdate: validatePodUpdate,
  warnings: podWarnings,
  gracePeriod,
};

function keepObservedGenerations(s: PodStatus, old: PodStatus): PodStatus {
  const before = new Map<string, (number | undefined)[]>();
  for (const c of old.conditions ?? []) before.set(c.type, [...(before.get(c.type) ?? []), c.observedGeneration]);
  return {
    ...s,
    ...(!s.observedGeneration && old.observedGeneration && { observedGeneration: old.observedGeneration }),
    ...(s.conditions && {
      conditions: s.conditions.map((c) => {
        const was = before.get(c.type)?.shift();
        return !c.observedGeneration && was ? { ...c, observedGeneration: was } : c;
      }),
    }),
  };
}

/** pods/status: owners and deletion are not its business. */
export const podStatusStrategy: Strategy<Pod> = {
  prepareForUpdate: (pod, old) => {
    const next = keepsAllButStatus(pod, old);
    const { deletionTimestamp: _, ownerReferences: _o, ...metadata } = next.metadata;
    const status = keepObservedGenerations(withPodIPs(next.status), old.status);
    return {
      ...next,
      metadata: {
        ...metadata,
        ...(old.metadata.ownerReferences && { ownerReferences: old.metadata.ownerReferences }),
      },
      status: { ...status, ...(!status.qosClass && old.status.qosClass && { qosClass: old.status.qosClass }) },
    };
  },
  validateUpdate: validatePodStatusUpdate,
};

/** Metadata of a part's endpoint: labels, annotations, owners and finalizers stay (upstream: ResetObjectMetaForStatus). */
const keptMeta = (pod: Pod, old: Pod): Pod['metadata'] => ({
  ...old.metadata,
  ...(pod.metadata.resourceVersion !== undefined && { resourceVersion: pod.metadata.resourceVersion }),
  ...(pod.metadata.managedFields && { managedFields: pod.metadata.managedFields }),
});

export const podEphemeralcontainersStrategy: Strategy<Pod> = {
  prepareForUpdate: (pod, old) => ({
    ...old,
    metadata: keptMeta(pod, old),
    spec: { ...old.spec, ephemeralContainers: pod.spec.ephemeralContainers },
  }),
  validateUpdate: validateEphemeralContainersUpdate,
};

function resized(
  next: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
): readonly Container[] | undefined {
  if (!next?.length || !old || next.some((c, i) => c.name !== old[i]?.name)) return next;
  return old.map((c, i) => ({ ...c, resources: next[i]!.resources, resizePolicy: next[i]!.resizePolicy }));
}

export const podResizeStrategy: Strategy<Pod> = {
  prepareForUpdate: (pod, old) => {
    const same = (a?: readonly unknown[], b?: readonly unknown[]) => (a?.length ?? 0) === (b?.length ?? 0);
    if (!same(pod.spec.containers, old.spec.containers) || !same(pod.spec.initContainers, old.spec.initContainers))
      return pod;
    return {
      ...old,
      metadata: keptMeta(pod, old),
      spec: {
        ...old.spec,
        resources: pod.spec.resources,
        containers: resized(pod.spec.containers, old.spec.containers) ?? [],
        ...(old.spec.initContainers && { initContainers: resized(pod.spec.initContainers, old.spec.initContainers) }),
      },
    };
  },
  validateUpdate: validatePodResize,
};
