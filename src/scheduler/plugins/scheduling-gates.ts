/** Pods with scheduling gates stay out of the queue until their owner removes the gates. */
import type { Plugin } from '../framework.ts';
import { unresolvable } from '../status.ts';

export const schedulingGates: Plugin = {
  name: 'SchedulingGates',
  weight: 0,
  preEnqueue(pod) {
    const gates = pod.spec.schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    return unresolvable('SchedulingGates', `waiting for scheduling gates: [${gates.map((g) => g.name).join(' ')}]`);
  },
  requeue: (e) => e.kind === 'PodUpdate',
};
