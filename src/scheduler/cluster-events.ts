/** Informers → cache and queue: what the scheduler knows, and which changes wake waiting pods (upstream: eventhandlers.go). */
import {
  Namespaces,
  Nodes,
  PersistentVolumeClaims,
  PersistentVolumes,
  Pods,
  ReplicationControllers,
  Services,
} from '../api/core/v1/resources.ts';
import { ReplicaSets, StatefulSets } from '../api/apps/v1/resources.ts';
import type { Node, PersistentVolume, Pod } from '../api/core/v1/types.ts';
import { PodDisruptionBudgets } from '../api/policy/v1/resources.ts';
import { StorageClasses } from '../api/storage/v1/resources.ts';
import type { EventHandler, Informer, InformerFactory } from '../client/index.ts';
import { isPodTerminal, type LabelSelector } from '../machinery/index.ts';
import { ClusterCache } from './cluster-cache.ts';
import { defaultSelectorOf } from './default-selector.ts';
import type { ClusterEvent } from './framework.ts';
import type { Nominator } from './nominator.ts';
import { podInfoOf } from './pod-info.ts';
import type { SchedulingQueue } from './queue.ts';

const byClass = 'scheduler/class';

/** Everything the scheduler reads; asked for before the informers start. */
export function informersOf(f: InformerFactory) {
  const volumes = f.informer(PersistentVolumes);
  volumes.addIndex(byClass, (v) => [v.spec.storageClassName ?? '']);
  return {
    pods: f.informer(Pods),
    nodes: f.informer(Nodes),
    namespaces: f.informer(Namespaces),
    claims: f.informer(PersistentVolumeClaims),
    volumes,
    storageClasses: f.informer(StorageClasses),
    budgets: f.informer(PodDisruptionBudgets),
    services: f.informer(Services),
    replicationControllers: f.informer(ReplicationControllers),
    replicaSets: f.informer(ReplicaSets),
    statefulSets: f.informer(StatefulSets),
  };
}
export type Informers = ReturnType<typeof informersOf>;

export function createCache(i: Informers): ClusterCache {
  const volumesOfClass = (name: string): readonly PersistentVolume[] => i.volumes.byIndex(byClass, name);
  return new ClusterCache({
    namespaceLabels: (name) => i.namespaces.get(name)?.metadata.labels ?? {},
    defaultSelector: (pod): LabelSelector | undefined => defaultSelectorOf(pod, i),
    volumes: {
      claim: (namespace, name) => i.claims.get(`${namespace}/${name}`),
      volume: (name) => i.volumes.get(name),
      volumesOfClass,
      storageClass: (name) => i.storageClasses.get(name),
      promised: new Map(),
    },
  });
}

export interface Wiring {
  readonly informers: Informers;
  readonly cache: ClusterCache;
  readonly queue: SchedulingQueue;
  readonly nominator: Nominator;
  readonly schedulerName: string;
}

/** Answers the removal of the handlers. */
export function wire({ informers: i, cache, queue, nominator, schedulerName }: Wiring): () => void {
  const ours = (p: Pod): boolean => (p.spec.schedulerName || 'default-scheduler') === schedulerName;
  const assigned = (p: Pod): boolean => !!p.spec.nodeName && !isPodTerminal(p);
  const waiting = (p: Pod): boolean =>
    !p.spec.nodeName && !isPodTerminal(p) && !p.metadata.deletionTimestamp && ours(p);
  const leave = (p: Pod): void => {
    queue.delete(p.metadata.uid ?? '');
    nominator.delete(p.metadata.uid ?? '');
  };
  const unassign = (p: Pod): void => {
    if (!cache.has(p.metadata.uid ?? '')) return;
    cache.removePod(p.metadata.uid ?? '');
    queue.moveOn({ kind: 'AssignedPodDelete', pod: p });
  };
  const see = (p: Pod, old: Pod | undefined): void => {
    const uid = p.metadata.uid ?? '';
    if (assigned(p)) {
      leave(p);
      const known = cache.has(uid) && !cache.isAssumed(uid);
      cache.setPod(p);
      if (!known) queue.moveOn({ kind: 'AssignedPodAdd', pod: p });
      else if (old && !sameForScheduling(old, p)) queue.moveOn({ kind: 'AssignedPodUpdate', old, pod: p });
    } else if (waiting(p)) {
      if (cache.isAssumed(uid)) return;
      if (p.status.nominatedNodeName) nominator.set(podInfoOf(p), p.status.nominatedNodeName);
      else if (old?.status.nominatedNodeName) nominator.delete(uid);
      queue.update(p, old && !sameForScheduling(old, p) ? { kind: 'PodUpdate', old, pod: p } : undefined);
      const promised = old?.status.nominatedNodeName;
      if (old && promised && promised !== p.status.nominatedNodeName)
        queue.moveOn({ kind: 'AssignedPodDelete', pod: old });
    } else {
      leave(p);
      unassign(p);
    }
  };
  const gone = (p: Pod): void => {
    // The room that was promised to it is free again.
    const promised = nominator.nodeOf(p.metadata.uid ?? '') !== undefined;
    leave(p);
    unassign(p);
    if (promised) queue.moveOn({ kind: 'AssignedPodDelete', pod: p });
  };
  const wake = (kind: 'VolumeChange' | 'NamespaceChange') => {
    const move = (): void => queue.moveOn({ kind });
    return { onAdd: move, onUpdate: move, onDelete: move };
  };
  const node: EventHandler<Node> = {
    onAdd(n) {
      cache.setNode(n);
      queue.moveOn({ kind: 'NodeAdd', node: n });
    },
    onUpdate(old, n) {
      cache.setNode(n);
      if (nodeMatters(old, n)) queue.moveOn({ kind: 'NodeUpdate', old, node: n } satisfies ClusterEvent);
    },
    onDelete(n) {
      cache.removeNode(n.metadata.name ?? '');
      queue.moveOn({ kind: 'NodeDelete', node: n });
    },
  };
  const stops = [
    i.nodes.addHandler(node),
    i.pods.addHandler({ onAdd: (p) => see(p, undefined), onUpdate: (old, p) => see(p, old), onDelete: gone }),
    on(i.claims, wake('VolumeChange')),
    on(i.volumes, wake('VolumeChange')),
    on(i.storageClasses, wake('VolumeChange')),
    on(i.namespaces, wake('NamespaceChange')),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

const on = (informer: Pick<Informer, 'addHandler'>, handler: EventHandler<never>): (() => void) =>
  informer.addHandler(handler);

/** Spec, labels and deletion are what filters read of a pod; its status and annotations are not. */
function sameForScheduling(a: Pod, b: Pod): boolean {
  if (a === b) return true;
  return (
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    sameJson(a.metadata.labels, b.metadata.labels) &&
    sameJson(a.spec, b.spec)
  );
}
/** Heartbeats change neither. */
const nodeMatters = (a: Node, b: Node): boolean =>
  !sameJson(a.spec, b.spec) ||
  !sameJson(a.metadata.labels, b.metadata.labels) ||
  !sameJson(a.status.allocatable, b.status.allocatable);

const sameJson = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
