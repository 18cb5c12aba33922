/** The quality-of-service class of a pod (upstream: pkg/apis/core/helper/qos.ComputePodQOS). */
import { nanos } from '../../../quantity-order.ts';
import type { PodSpec } from '../types.ts';

interface Resources {
  readonly limits?: Readonly<Record<string, string>> | undefined;
  readonly requests?: Readonly<Record<string, string>> | undefined;
}
const compute = ['cpu', 'memory'] as const;

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

/** Ephemeral containers do not count; pod-level resources replace those of the containers. */
export function qosClassOf(spec: PodSpec): QosClass {
  const sums = { requests: { cpu: 0n, memory: 0n }, limits: { cpu: 0n, memory: 0n } };
  let guaranteed = true;
  const add = (r: Resources | undefined, needsLimits: boolean) => {
    for (const name of compute) {
      const request = r?.requests?.[name];
      const limit = r?.limits?.[name];
      const requested = request === undefined ? 0n : nanos(request);
      const limited = limit === undefined ? 0n : nanos(limit);
      if (requested > 0n) sums.requests[name] += requested;
      if (limited > 0n) sums.limits[name] += limited;
      else if (needsLimits) guaranteed = false;
    }
  };
  if (spec.resources) add(spec.resources, Object.keys(spec.resources.limits ?? {}).length > 0);
  else {
    for (const c of spec.containers ?? []) add(c.resources, true);
    for (const c of spec.initContainers ?? []) add(c.resources, true);
  }
  const { requests, limits } = sums;
  if (!requests.cpu && !requests.memory && !limits.cpu && !limits.memory) return 'BestEffort';
  for (const name of compute) if (requests[name] !== limits[name]) guaranteed = false;
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
