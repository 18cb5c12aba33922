/** Arithmetic on ResourceLists, and what a pod asks for as a whole (upstream: k8s.io/component-helpers/resource). */
import { addQuantity, cmpQuantity, isZeroQuantity, subQuantity } from './quantity.ts';

export type ResourceList = Readonly<Record<string, string>>;
type Mutable = Record<string, string>;

interface Resources {
  readonly requests?: ResourceList | undefined;
  readonly limits?: ResourceList | undefined;
}
interface ContainerLike {
  readonly name: string;
  readonly resources: Resources;
  readonly restartPolicy?: string | undefined;
}
interface StatusLike {
  readonly name: string;
  readonly resources?: Resources | undefined;
  readonly allocatedResources?: ResourceList | undefined;
}
/** The parts of a pod that say what it needs. */
export interface PodResourcesLike {
  readonly spec: {
    readonly containers: readonly ContainerLike[];
    readonly initContainers?: readonly ContainerLike[] | undefined;
    readonly overhead?: ResourceList | undefined;
    readonly resources?: Resources | undefined;
  };
  readonly status?:
    | {
        readonly containerStatuses?: readonly StatusLike[] | undefined;
        readonly initContainerStatuses?: readonly StatusLike[] | undefined;
        readonly conditions?: readonly { readonly type: string; readonly reason?: string | undefined }[] | undefined;
      }
    | undefined;
}

export interface PodResourcesOptions {
  /** What the kubelet has actuated counts too (in-place resize): the scheduler and the kubelet ask so. */
  readonly useStatusResources?: boolean;
  readonly excludeOverhead?: boolean;
  readonly skipPodLevelResources?: boolean;
  readonly skipContainerLevelResources?: boolean;
  /** Requests of containers that have none of these (the scheduler's scoring defaults). */
  readonly nonMissingContainerRequests?: ResourceList;
}

function addTo(list: Mutable, more: ResourceList | undefined): void {
  if (more) for (const k in more) list[k] = list[k] === undefined ? more[k]! : addQuantity(list[k], more[k]!);
}
function maxInto(list: Mutable, more: ResourceList | undefined): void {
  if (more) for (const k in more) if (list[k] === undefined || cmpQuantity(more[k]!, list[k]) > 0) list[k] = more[k]!;
}

export function addResources(a: ResourceList | undefined, b: ResourceList | undefined): ResourceList {
  const out = { ...a };
  addTo(out, b);
  return out;
}
/** `a - b`; what only `b` has becomes negative (upstream: quota.Subtract). */
export function subtractResources(a: ResourceList | undefined, b: ResourceList | undefined): ResourceList {
  const out: Mutable = { ...a };
  if (b) for (const k in b) out[k] = subQuantity(out[k] ?? '0', b[k]!);
  return out;
}
export function maxResources(...lists: readonly (ResourceList | undefined)[]): ResourceList {
  const out: Mutable = {};
  for (const l of lists) maxInto(out, l);
  return out;
}
/** Whether every entry of `a` that `b` has too is at most `b`'s, and which are not (upstream: quota.LessThanOrEqual). */
export function lessThanOrEqual(
  a: ResourceList,
  b: ResourceList,
): { readonly ok: boolean; readonly exceeded: string[] } {
  const exceeded = Object.keys(a).filter((k) => b[k] !== undefined && cmpQuantity(a[k]!, b[k]) > 0);
  return { ok: exceeded.length === 0, exceeded };
}
export function equalResources(a: ResourceList | undefined, b: ResourceList | undefined): boolean {
  const x = a ?? {};
  const y = b ?? {};
  const keys = Object.keys(x);
  return (
    keys.length === Object.keys(y).length && keys.every((k) => y[k] !== undefined && cmpQuantity(x[k]!, y[k]) === 0)
  );
}

export const isSupportedPodLevelResource = (name: string): boolean =>
  name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');
const hasPodLevel = (list: ResourceList | undefined): boolean =>
  list !== undefined && Object.keys(list).some(isSupportedPodLevelResource);
export const isPodLevelRequestsSet = (pod: PodResourcesLike): boolean => hasPodLevel(pod.spec.resources?.requests);
export const isPodLevelLimitsSet = (pod: PodResourcesLike): boolean => hasPodLevel(pod.spec.resources?.limits);
export const isPodLevelResourcesSet = (pod: PodResourcesLike): boolean =>
  isPodLevelRequestsSet(pod) || isPodLevelLimitsSet(pod);

/** An init container that keeps running beside the containers: a sidecar. */
export const isRestartableInitContainer = (c: { readonly restartPolicy?: string | undefined }): boolean =>
  c.restartPolicy === 'Always';

type Pick = (c: ContainerLike) => ResourceList | undefined;

/** Containers and sidecars run together; init containers run one after another beside the sidecars started before them. */
function aggregate(pod: PodResourcesLike, ofContainer: Pick, ofInit: Pick): Mutable {
  const total: Mutable = {};
  for (const c of pod.spec.containers) addTo(total, ofContainer(c));
  const sidecars: Mutable = {};
  const peak: Mutable = {};
  for (const c of pod.spec.initContainers ?? []) {
    const own = ofInit(c);
    if (isRestartableInitContainer(c)) {
      addTo(total, own);
      addTo(sidecars, own);
      maxInto(peak, sidecars);
    } else maxInto(peak, addResources(own, sidecars));
  }
  maxInto(total, peak);
  return total;
}

const isResizeInfeasible = (pod: PodResourcesLike): boolean =>
  pod.status?.conditions?.find((c) => c.type === 'PodResizePending')?.reason === 'Infeasible';

function statusesOf(pod: PodResourcesLike): ReadonlyMap<string, StatusLike> {
  const all = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  return new Map(all.map((s) => [s.name, s]));
}

/** What the pod's containers ask for together, without pod-level resources and overhead. */
export function aggregateContainerRequests(pod: PodResourcesLike, opts: PodResourcesOptions = {}): ResourceList {
  const statuses = opts.useStatusResources ? statusesOf(pod) : undefined;
  const infeasible = statuses !== undefined && isResizeInfeasible(pod);
  const fill = opts.nonMissingContainerRequests;
  const filled = (own: ResourceList | undefined): ResourceList | undefined => (fill ? { ...fill, ...own } : own);
  const effective: Pick = (c) => {
    const s = statuses?.get(c.name);
    if (!s?.resources) return filled(c.resources.requests);
    return filled(
      maxResources(infeasible ? undefined : c.resources.requests, s.resources.requests, s.allocatedResources),
    );
  };
  return aggregate(pod, effective, (c) =>
    isRestartableInitContainer(c) ? effective(c) : filled(c.resources.requests),
  );
}

/** What the pod asks for: the amount the scheduler reserves and a quota counts. */
export function podRequests(pod: PodResourcesLike, opts: PodResourcesOptions = {}): ResourceList {
  const out: Mutable = opts.skipContainerLevelResources ? {} : { ...aggregateContainerRequests(pod, opts) };
  const own = pod.spec.resources?.requests;
  if (!opts.skipPodLevelResources && own) for (const k in own) if (isSupportedPodLevelResource(k)) out[k] = own[k]!;
  if (!opts.excludeOverhead) addTo(out, pod.spec.overhead);
  return out;
}

/** The limits of the pod; a resource that no container limits is absent. */
export function podLimits(pod: PodResourcesLike, opts: PodResourcesOptions = {}): ResourceList {
  const statuses = opts.useStatusResources ? statusesOf(pod) : undefined;
  const infeasible = statuses !== undefined && isResizeInfeasible(pod);
  const effective: Pick = (c) => {
    const s = statuses?.get(c.name);
    if (!s?.resources) return c.resources.limits;
    return infeasible ? s.resources.limits : maxResources(c.resources.limits, s.resources.limits);
  };
  const out = aggregate(pod, effective, (c) => (isRestartableInitContainer(c) ? effective(c) : c.resources.limits));
  const own = pod.spec.resources?.limits;
  if (!opts.skipPodLevelResources && own) for (const k in own) if (isSupportedPodLevelResource(k)) out[k] = own[k]!;
  const { overhead } = pod.spec;
  if (!opts.excludeOverhead && overhead)
    for (const k in overhead)
      if (out[k] !== undefined && !isZeroQuantity(out[k])) out[k] = addQuantity(out[k], overhead[k]!);
  return out;
}
