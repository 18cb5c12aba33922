/** What the garbage collector does about one object, given how its owners stand. Pure (upstream: garbagecollector.go). */
import type { OwnerReference } from '../../api/meta/v1/types.ts';
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';
import type { Action } from '../action.ts';
import { keyOf } from '../action.ts';
import { foregroundFinalizer, type GraphNode, orphanFinalizer } from './graph.ts';

/** `solid`: it lives. `dangling`: it is gone. `waiting`: it is being deleted in the foreground and waits for its dependents. */
export type OwnerState = 'solid' | 'dangling' | 'waiting';

export interface ItemView {
  readonly row: AnyRow;
  /** Read live. */
  readonly object: KubeObject;
  readonly owners: readonly { readonly reference: OwnerReference; readonly state: OwnerState }[];
  readonly dependents: readonly GraphNode[];
}

const strategic = 'application/strategic-merge-patch+json' as const;
const merge = 'application/merge-patch+json' as const;

export function decideItem(view: ItemView): readonly Action[] {
  const { row, object, owners } = view;
  if (owners.length === 0) return [];
  const of = (state: OwnerState) => owners.filter((o) => o.state === state).map((o) => o.reference);
  const [solid, waiting] = [of('solid'), of('waiting')];
  if (solid.length) {
    const lost = [...of('dangling'), ...waiting];
    return lost.length ? [dropOwners(row, object, lost)] : [];
  }
  if (waiting.length && view.dependents.length) {
    // A cycle would wait for itself: this object blocks nobody any more.
    const blocked = view.dependents.some((d) => d.deletingDependents);
    return [...(blocked ? [unblock(row, object)] : []), remove(row, object, 'Foreground')];
  }
  const finalizers = object.metadata.finalizers ?? [];
  return [
    remove(
      row,
      object,
      finalizers.includes(orphanFinalizer)
        ? 'Orphan'
        : finalizers.includes(foregroundFinalizer)
          ? 'Foreground'
          : 'Background',
    ),
  ];
}

const remove = (row: AnyRow, obj: KubeObject, propagationPolicy: 'Orphan' | 'Foreground' | 'Background'): Action => {
  const { uid = '', resourceVersion = '' } = obj.metadata;
  return {
    do: 'delete',
    row,
    key: keyOf(obj),
    options: { propagationPolicy, preconditions: { uid, resourceVersion } },
  };
};

/** The object without references to the owners. */
export const dropOwners = (row: AnyRow, obj: KubeObject, lost: readonly { readonly uid: string }[]): Action => ({
  do: 'patch',
  row,
  key: keyOf(obj),
  type: strategic,
  patch: {
    metadata: { ownerReferences: lost.map(({ uid }) => ({ $patch: 'delete', uid })), uid: obj.metadata.uid },
  },
});

const unblock = (row: AnyRow, obj: KubeObject): Action => ({
  do: 'patch',
  row,
  key: keyOf(obj),
  type: strategic,
  patch: {
    metadata: {
      ownerReferences: (obj.metadata.ownerReferences ?? [])
        .filter((o) => o.blockOwnerDeletion)
        .map((o) => ({ ...o, blockOwnerDeletion: false })),
      uid: obj.metadata.uid,
    },
  },
});

/** The object without a finalizer; nothing when it has none. */
export function dropFinalizer(row: AnyRow, obj: KubeObject, finalizer: string): readonly Action[] {
  const left = obj.metadata.finalizers?.filter((f) => f !== finalizer);
  if (!left || left.length === obj.metadata.finalizers?.length) return [];
  const { resourceVersion } = obj.metadata;
  return [
    {
      do: 'patch',
      row,
      key: keyOf(obj),
      type: merge,
      patch: { metadata: { resourceVersion, finalizers: left.length ? left : null } },
    },
  ];
}
