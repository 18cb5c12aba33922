/** Which labels a pod shares with its siblings: by its Services and the controller that owns it (upstream: helper.DefaultSelector). */
import type { ReplicaSet, StatefulSet } from '../api/apps/v1/types.ts';
import type { Pod, ReplicationController, Service } from '../api/core/v1/types.ts';
import type { Informer } from '../client/index.ts';
import {
  getControllerOf,
  labelSelectorAsSelector,
  type LabelSelector,
  type LabelSelectorSpec,
  selectorFromSet,
} from '../machinery/index.ts';

export interface Owners {
  readonly services: Informer<Service>;
  readonly replicationControllers: Informer<ReplicationController>;
  readonly replicaSets: Informer<ReplicaSet>;
  readonly statefulSets: Informer<StatefulSet>;
}

export function defaultSelectorOf(pod: Pod, o: Owners): LabelSelector | undefined {
  const namespace = pod.metadata.namespace ?? '';
  const labels = pod.metadata.labels ?? {};
  const set: Record<string, string> = {};
  for (const s of o.services.list(namespace)) {
    const own = s.spec.selector;
    if (own && Object.keys(own).length > 0 && selectorFromSet(own).matches(labels)) Object.assign(set, own);
  }
  const expressions: NonNullable<LabelSelectorSpec['matchExpressions']>[number][] = [];
  const owner = getControllerOf(pod);
  const key = `${namespace}/${owner?.name}`;
  if (owner?.kind === 'ReplicationController') Object.assign(set, o.replicationControllers.get(key)?.spec.selector);
  else if (owner?.kind === 'ReplicaSet' || owner?.kind === 'StatefulSet') {
    const selector = (owner.kind === 'ReplicaSet' ? o.replicaSets : o.statefulSets).get(key)?.spec.selector;
    Object.assign(set, selector?.matchLabels);
    expressions.push(...(selector?.matchExpressions ?? []));
  }
  if (Object.keys(set).length === 0 && expressions.length === 0) return undefined;
  return labelSelectorAsSelector({ matchLabels: set, matchExpressions: expressions });
}
