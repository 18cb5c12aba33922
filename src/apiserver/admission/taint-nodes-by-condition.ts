/** TaintNodesByCondition: a new node takes no pods before it is known to be ready. */
import type { Node } from '../../api/core/v1/types.ts';
import type { AdmissionPlugin } from '../attributes.ts';
import { isFor } from './refusal.ts';

const key = 'node.kubernetes.io/not-ready';
const effect = 'NoSchedule';

export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  handles: ['CREATE'],
  admit(a) {
    if (!isFor(a, 'nodes')) return a.object;
    const node = a.object as Node;
    const taints = node.spec?.taints ?? [];
    if (taints.some((t) => t.key === key && t.effect === effect)) return node;
    return { ...node, spec: { ...node.spec, taints: [...taints, { key, effect }] } };
  },
};
