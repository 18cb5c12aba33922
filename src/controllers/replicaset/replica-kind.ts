/**
 * The kinds that keep a number of equal pods. A ReplicationController is worked on as the ReplicaSet it would be (upstream:
 * pkg/controller/replication/conversion.go).
 */
import { ReplicaSets } from '../../api/apps/v1/resources.ts';
import type { ReplicaSet } from '../../api/apps/v1/types.ts';
import { ReplicationControllers } from '../../api/core/v1/resources.ts';
import type { ReplicationController } from '../../api/core/v1/types.ts';
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';
import type { Informer } from '../../client/cache.ts';

export interface ReplicaKind {
  readonly row: AnyRow;
  readonly kind: 'ReplicaSet' | 'ReplicationController';
  /** The source of its events. */
  readonly component: string;
  readonly toSet: (obj: KubeObject) => ReplicaSet;
  /** The object as the API takes it, with what its status can hold. */
  readonly fromSet: (rs: ReplicaSet) => KubeObject;
}

export const replicaSetKind: ReplicaKind = {
  row: ReplicaSets,
  kind: 'ReplicaSet',
  component: 'replicaset-controller',
  toSet: (obj) => obj as ReplicaSet,
  fromSet: (rs) => rs,
};

export const replicationControllerKind: ReplicaKind = {
  row: ReplicationControllers,
  kind: 'ReplicationController',
  component: 'replication-controller',
  toSet(obj) {
    const rc = obj as ReplicationController;
    return { ...rc, spec: { ...rc.spec, selector: { matchLabels: rc.spec.selector ?? {} } } } as ReplicaSet;
  },
  fromSet(rs) {
    const { terminatingReplicas: _, ...status } = rs.status;
    return { ...rs, spec: { ...rs.spec, selector: rs.spec.selector.matchLabels }, status } as KubeObject;
  },
};

export type SetReader = Pick<Informer<ReplicaSet>, 'get' | 'list' | 'byIndex' | 'addHandler'>;

/** The informer of a kind, read as sets. */
export function readAsSets(kind: ReplicaKind, informer: Informer<KubeObject>): SetReader {
  const { toSet } = kind;
  return {
    get(key) {
      const obj = informer.get(key);
      return obj && toSet(obj);
    },
    list: (namespace) => informer.list(namespace).map(toSet),
    byIndex: (index, value) => informer.byIndex(index, value).map(toSet),
    addHandler: (h) =>
      informer.addHandler({
        onAdd: (obj, initial) => h.onAdd?.(toSet(obj), initial),
        onUpdate: (old, obj) => h.onUpdate?.(toSet(old), toSet(obj)),
        onDelete: (obj) => h.onDelete?.(toSet(obj)),
      }),
  };
}
