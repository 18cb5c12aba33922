/**
 * Who depends on whom, over every kind: the nodes are what the informers show, the edges are owner references. An owner that nobody
 * has seen has dependents all the same (upstream: garbagecollector/graph.go).
 */
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';
import type { OwnerReference } from '../../api/meta/v1/types.ts';

export const foregroundFinalizer = 'foregroundDeletion';
export const orphanFinalizer = 'orphan';

export interface GraphNode {
  readonly row: AnyRow;
  readonly uid: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly owners: readonly OwnerReference[];
  readonly beingDeleted: boolean;
  /** Being deleted in the foreground: it waits for its dependents. */
  readonly deletingDependents: boolean;
  /** Being deleted, and its dependents are to live on. */
  readonly orphaning: boolean;
}

export const nodeOf = (row: AnyRow, obj: KubeObject): GraphNode => {
  const { uid = '', name = '', namespace, ownerReferences = [], deletionTimestamp, finalizers = [] } = obj.metadata;
  const beingDeleted = deletionTimestamp !== undefined;
  return {
    row,
    uid,
    name,
    namespace,
    owners: ownerReferences,
    beingDeleted,
    deletingDependents: beingDeleted && finalizers.includes(foregroundFinalizer),
    orphaning: beingDeleted && finalizers.includes(orphanFinalizer),
  };
};

export interface Graph {
  get(uid: string): GraphNode | undefined;
  /** Answers what was known before. */
  put(node: GraphNode): GraphNode | undefined;
  remove(uid: string): GraphNode | undefined;
  dependentsOf(uid: string): readonly GraphNode[];
}

export function createGraph(): Graph {
  const nodes = new Map<string, GraphNode>();
  const dependents = new Map<string, Set<string>>();
  const unlink = (node: GraphNode): void => {
    for (const { uid } of node.owners) {
      const set = dependents.get(uid);
      set?.delete(node.uid);
      if (set?.size === 0) dependents.delete(uid);
    }
  };
  return {
    get: (uid) => nodes.get(uid),
    put(node) {
      const old = nodes.get(node.uid);
      if (old) unlink(old);
      nodes.set(node.uid, node);
      for (const { uid } of node.owners) {
        const set = dependents.get(uid);
        if (set) set.add(node.uid);
        else dependents.set(uid, new Set([node.uid]));
      }
      return old;
    },
    remove(uid) {
      const old = nodes.get(uid);
      if (!old) return undefined;
      unlink(old);
      nodes.delete(uid);
      return old;
    },
    dependentsOf: (uid) => [...(dependents.get(uid) ?? [])].flatMap((d) => nodes.get(d) ?? []),
  };
}

/** Dependents that keep a foreground delete of their owner waiting. */
export const blockingDependents = (graph: Graph, uid: string): readonly GraphNode[] =>
  graph.dependentsOf(uid).filter((d) => d.owners.some((o) => o.uid === uid && o.blockOwnerDeletion === true));
