/** A pod's quality-of-service class (upstream: pkg/apis/core/v1/helper/qos). */
import { cmpQuantity, signOfQuantity } from './quantity.ts';
import { addResources, type PodResourcesLike, type ResourceList } from './resource-lists.ts';

export type PodQosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

/** CPU and memory that are more than zero. */
function counted(list: ResourceList | undefined): ResourceList {
  const out: Record<string, string> = {};
  for (const k of ['cpu', 'memory']) {
    const v = list?.[k];
    if (v !== undefined && signOfQuantity(v) > 0) out[k] = v;
  }
  return out;
}
const both = (list: ResourceList): boolean => list['cpu'] !== undefined && list['memory'] !== undefined;

/** The class that follows from the spec. */
export function computePodQos(pod: PodResourcesLike): PodQosClass {
  let requests: ResourceList = {};
  let limits: ResourceList = {};
  let guaranteed = true;
  const own = pod.spec.resources;
  if (own) {
    requests = counted(own.requests);
    limits = counted(own.limits);
    if (own.limits && Object.keys(own.limits).length > 0 && !both(limits)) guaranteed = false;
  } else {
    for (const c of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
      requests = addResources(requests, counted(c.resources.requests));
      const l = counted(c.resources.limits);
      limits = addResources(limits, l);
      if (!both(l)) guaranteed = false;
    }
  }
  const asked = Object.keys(requests);
  const limited = Object.keys(limits);
  if (asked.length === 0 && limited.length === 0) return 'BestEffort';
  const equal = asked.every((k) => limits[k] !== undefined && cmpQuantity(limits[k], requests[k]!) === 0);
  return guaranteed && equal && asked.length === limited.length ? 'Guaranteed' : 'Burstable';
}

/** The class in the status if it is set, else the one that follows from the spec. */
export const getPodQos = (
  pod: PodResourcesLike & { readonly status?: { readonly qosClass?: string | undefined } | undefined },
): string => pod.status?.qosClass || computePodQos(pod);
