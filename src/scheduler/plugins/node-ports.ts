/** Host ports are free on the node. */
import type { Plugin } from '../framework.ts';
import { type PodInfo, podInfoOf, portsClash } from '../pod-info.ts';
import { unschedulable } from '../status.ts';

const refused = unschedulable('NodePorts', "node(s) didn't have free ports for the requested pod ports");

const clash = (a: PodInfo, b: PodInfo): boolean => a.hostPorts.some((x) => b.hostPorts.some((y) => portsClash(x, y)));

export const nodePorts: Plugin = {
  name: 'NodePorts',
  weight: 0,
  filter(pod) {
    if (pod.hostPorts.length === 0) return undefined;
    return {
      check(n) {
        for (const other of n.podsWithHostPorts.values()) if (clash(pod, other)) return refused;
        return undefined;
      },
    };
  },
  requeue(e, pod) {
    if (e.kind === 'AssignedPodDelete') return clash(podInfoOf(pod), podInfoOf(e.pod));
    return e.kind === 'NodeAdd';
  },
};
