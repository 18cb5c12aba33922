/** Keeps pods from cordoned nodes unless they tolerate the taint of that name. */
import { tolerationsTolerateTaint } from '../../machinery/index.ts';
import type { Plugin } from '../framework.ts';
import { unresolvable } from '../status.ts';

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
const refused = unresolvable('NodeUnschedulable', 'node(s) were unschedulable');

export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  weight: 0,
  filter({ pod }) {
    if (tolerationsTolerateTaint(pod.spec.tolerations, taint)) return undefined;
    return { check: (n) => (n.node!.spec.unschedulable ? refused : undefined) };
  },
  requeue(e) {
    if (e.kind === 'NodeAdd') return !e.node.spec.unschedulable;
    if (e.kind === 'NodeUpdate') return !!e.old.spec.unschedulable && !e.node.spec.unschedulable;
    return e.kind === 'PodUpdate';
  },
};
