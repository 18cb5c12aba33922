/** A pod that names its node goes there or nowhere. */
import type { Plugin } from '../framework.ts';
import { unresolvable } from '../status.ts';

const refused = unresolvable('NodeName', "node(s) didn't match the requested node name");

export const nodeName: Plugin = {
  name: 'NodeName',
  weight: 0,
  filter({ pod }) {
    const wanted = pod.spec.nodeName;
    return wanted ? { check: (n) => (n.name === wanted ? undefined : refused) } : undefined;
  },
  requeue: (e) => e.kind === 'NodeAdd',
};
