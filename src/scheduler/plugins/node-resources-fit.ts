/** The node has what the pod asks for; emptier nodes score higher (LeastAllocated over CPU and memory, weight 1 each). */
import { value } from '../../machinery/index.ts';
import type { Plugin } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import { amountsOf, podAmounts } from '../resources.ts';
import type { Status } from '../status.ts';

const name = 'NodeResourcesFit';

/** What is short on the node; nothing when the pod fits. */
export function fits({ requests: r }: PodInfo, n: NodeInfo): Status | undefined {
  let reasons: string[] | undefined;
  let beyondNode = false;
  const short = (reason: string, beyond: boolean): void => {
    reasons ??= [];
    reasons.push(reason);
    beyondNode ||= beyond;
  };
  const { allocatable: have, requested: used } = n;
  if (n.pods.size + 1 > n.allowedPods) short('Too many pods', false);
  if (r.milliCPU > 0 && r.milliCPU > have.milliCPU - used.milliCPU)
    short('Insufficient cpu', r.milliCPU > have.milliCPU);
  if (r.memory > 0 && r.memory > have.memory - used.memory) short('Insufficient memory', r.memory > have.memory);
  if (r.ephemeralStorage > 0 && r.ephemeralStorage > have.ephemeralStorage - used.ephemeralStorage)
    short('Insufficient ephemeral-storage', r.ephemeralStorage > have.ephemeralStorage);
  if (r.scalar.size > 0)
    for (const [resource, wanted] of r.scalar) {
      const all = have.scalar.get(resource) ?? 0;
      if (wanted > 0 && wanted > all - (used.scalar.get(resource) ?? 0))
        short(`Insufficient ${resource}`, wanted > all);
    }
  return reasons && { code: beyondNode ? 'UnschedulableAndUnresolvable' : 'Unschedulable', plugin: name, reasons };
}

/** 0..100: the free share after placing the pod, averaged over CPU and memory. */
export function leastAllocatedScore({ nonZero }: PodInfo, n: NodeInfo): number {
  let sum = 0;
  let weights = 0;
  const count = (capacity: number, wanted: number): void => {
    if (capacity === 0) return;
    weights++;
    if (wanted <= capacity) sum += Math.trunc(((capacity - wanted) * 100) / capacity);
  };
  count(n.allocatable.milliCPU, n.nonZero.milliCPU + nonZero.milliCPU);
  count(n.allocatable.memory, n.nonZero.memory + nonZero.memory);
  return weights === 0 ? 0 : Math.trunc(sum / weights);
}

export const nodeResourcesFit: Plugin = {
  name,
  weight: 1,
  filter: (pod) => ({ check: (n) => fits(pod, n) }),
  score: (pod) => ({ score: (n) => leastAllocatedScore(pod, n) }),
  requeue(e, pod) {
    switch (e.kind) {
      case 'AssignedPodDelete':
        return true;
      case 'AssignedPodUpdate':
        return (
          podAmounts(e.pod).milliCPU < podAmounts(e.old).milliCPU || podAmounts(e.pod).memory < podAmounts(e.old).memory
        );
      case 'PodUpdate':
        return true;
      case 'NodeAdd':
      case 'NodeUpdate': {
        const want = podAmounts(pod);
        const have = amountsOf(e.node.status.allocatable);
        if (value(e.node.status.allocatable?.['pods'] ?? '0') < 1) return false;
        const enough =
          want.milliCPU <= have.milliCPU &&
          want.memory <= have.memory &&
          want.ephemeralStorage <= have.ephemeralStorage &&
          [...want.scalar].every(([k, v]) => v <= (have.scalar.get(k) ?? 0));
        if (!enough || e.kind === 'NodeAdd') return enough;
        const old = e.old.status.allocatable ?? {};
        const now = e.node.status.allocatable ?? {};
        return Object.keys(now).some(
          (k) => value(now[k]!) > value(old[k] ?? '0') || (k === 'cpu' && now[k] !== old[k]),
        );
      }
      default:
        return false;
    }
  },
};
