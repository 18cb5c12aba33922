/** The index of pods by the node they are bound to, shared by the controllers of nodes. */
import type { Pod } from '../../api/core/v1/types.ts';
import type { Informer } from '../../client/cache.ts';

const nodeName = 'spec.nodeName';

export const indexByNode = (pods: Informer<Pod>): void =>
  pods.addIndex(nodeName, (p) => (p.spec.nodeName ? [p.spec.nodeName] : []));

export const podsOnNode = (pods: Informer<Pod>, name: string): readonly Pod[] => pods.byIndex(nodeName, name);
