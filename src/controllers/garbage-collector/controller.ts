/** The garbage collector: deletes what has lost its owners, foreground deletes and orphans (upstream: pkg/controller/garbagecollector). */
import { LRUCache } from 'lru-cache';
import type { OwnerReference } from '../../api/meta/v1/types.ts';
import { resources } from '../../api/resources.ts';
import { type AnyRow, apiVersionOf, type KubeObject } from '../../api/resource-row.ts';
import type { Informer } from '../../client/cache.ts';
import { parseGroupVersion } from '../../machinery/object-key.ts';
import { isNotFound } from '../../machinery/status-error.ts';
import { perform } from '../action.ts';
import type { Controller, ControllerContext, ControllerRow } from '../controller.ts';
import { decideItem, dropFinalizer, dropOwners, type OwnerState } from './decide.ts';
import {
  blockingDependents,
  createGraph,
  foregroundFinalizer,
  type GraphNode,
  nodeOf,
  orphanFinalizer,
} from './graph.ts';

import { createMetadataInformer, type MetadataInformer } from './metadata-informer.ts';

export const garbageCollectorController: ControllerRow = {
  name: 'garbage-collector-controller',
  account: 'generic-garbage-collector',
  workers: 20,
  setup,
};

/** One row per stored kind that can be watched and deleted; events have no dependents and would flood the graph. */
export function collectedRows(rows: readonly AnyRow[]): readonly AnyRow[] {
  const byKind = new Map<string, AnyRow>();
  for (const r of rows) {
    if (r.virtual || r.plural === 'events' || byKind.has(`${r.group}/${r.plural}`)) continue;
    if (['list', 'watch', 'delete'].every((v) => r.verbs.includes(v as 'list')))
      byKind.set(`${r.group}/${r.plural}`, r);
  }
  return [...byKind.values()];
}

/** Keys: `item <uid>` to see whether its owners live, `orphan <uid>` to set its dependents free. */
const itemKey = (uid: string): string => `item ${uid}`;
const orphanKey = (uid: string): string => `orphan ${uid}`;

function setup(c: ControllerContext): Controller {
  const { queue, client } = c;
  const { recorder } = c;
  const rows = collectedRows(resources);
  const graph = createGraph();
  /** Owners that are known not to be, by all that a reference says of them: a wrong reference must not harm those that have it right. */
  const absent = new LRUCache<string, true>({ max: 500 });
  const rowOf = (o: OwnerReference): AnyRow | undefined => {
    const { group } = parseGroupVersion(o.apiVersion);
    return rows.find((r) => r.group === group && r.kind === o.kind);
  };
  const get = async (row: AnyRow, namespace: string | undefined, name: string): Promise<KubeObject | undefined> => {
    try {
      return (await client.get(row, { namespace, name })) as KubeObject;
    } catch (e) {
      if (isNotFound(e)) return undefined;
      throw e;
    }
  };

  const onChange = (row: AnyRow, obj: KubeObject): void => {
    const node = nodeOf(row, obj);
    const old = graph.put(node);
    if (node.orphaning && !old?.orphaning) queue.add(orphanKey(node.uid));
    if (node.deletingDependents && !old?.deletingDependents) {
      for (const d of graph.dependentsOf(node.uid)) queue.add(itemKey(d.uid));
      queue.add(itemKey(node.uid));
    }
    if (!old) {
      if (node.owners.length) queue.add(itemKey(node.uid));
      return;
    }
    // An owner that waited for this object to go, or to stop blocking it, waits no longer.
    for (const o of old.owners) {
      const now = node.owners.find((x) => x.uid === o.uid);
      if (o.blockOwnerDeletion && !now?.blockOwnerDeletion) queue.add(itemKey(o.uid));
    }
    if (node.owners.some((o) => !old.owners.some((x) => x.uid === o.uid))) queue.add(itemKey(node.uid));
  };
  const onGone = (uid: string): void => {
    const old = graph.remove(uid);
    if (old) absent.set(identityOf(old.row, old.namespace, old.name, uid), true);
    for (const d of graph.dependentsOf(uid)) queue.add(itemKey(d.uid));
    for (const o of old?.owners ?? []) if (graph.get(o.uid)?.deletingDependents) queue.add(itemKey(o.uid));
  };
  const own = new Map(
    rows.flatMap((row): [AnyRow, MetadataInformer][] =>
      c.isShared(row) ? [] : [[row, createMetadataInformer(row, c)]],
    ),
  );
  for (const row of rows) {
    const informer = own.get(row)?.informer ?? (c.informer(row) as unknown as Informer);
    informer.addHandler({
      onAdd: (obj) => onChange(row, obj),
      onUpdate(old, obj) {
        if (old.metadata.uid !== obj.metadata.uid) onGone(old.metadata.uid ?? '');
        onChange(row, obj);
      },
      onDelete: (obj) => onGone(obj.metadata.uid ?? ''),
    });
  }

  /** From the graph alone; undefined when only the server can tell. */
  const knownState = (item: GraphNode, o: OwnerReference): OwnerState | undefined => {
    const row = rowOf(o);
    if (row && absent.has(identityOf(row, item.namespace, o.name, o.uid))) return 'dangling';
    const owner = graph.get(o.uid);
    if (!owner) return undefined;
    const sameIdentity =
      owner.name === o.name &&
      owner.row.kind === o.kind &&
      owner.row.group === parseGroupVersion(o.apiVersion).group &&
      (!owner.row.namespaced || owner.namespace === item.namespace);
    if (!sameIdentity) return undefined;
    return owner.deletingDependents ? 'waiting' : 'solid';
  };
  const stateOf = async (item: GraphNode, object: KubeObject, o: OwnerReference): Promise<OwnerState> => {
    const known = knownState(item, o);
    if (known) return known;
    const row = rowOf(o);
    // A kind that nobody serves, or a namespaced owner of a cluster-wide object, cannot be judged: nothing is deleted for it.
    if (!row) return 'solid';
    const wrongNamespace = (): void =>
      recorder.event(
        object,
        'Warning',
        'OwnerRefInvalidNamespace',
        `ownerRef ${referenceText(o, item.namespace)} does not exist in namespace "${item.namespace ?? ''}"`,
      );
    if (row.namespaced && !item.namespace) {
      wrongNamespace();
      return 'solid';
    }
    const live = await get(row, row.namespaced ? item.namespace : undefined, o.name);
    if (!live || live.metadata.uid !== o.uid) {
      const elsewhere = graph.get(o.uid);
      if (elsewhere && row.namespaced && elsewhere.namespace !== item.namespace) wrongNamespace();
      absent.set(identityOf(row, item.namespace, o.name, o.uid), true);
      return 'dangling';
    }
    return nodeOf(row, live).deletingDependents ? 'waiting' : 'solid';
  };

  const examine = async (uid: string): Promise<void> => {
    const item = graph.get(uid);
    if (!item || (item.beingDeleted && !item.deletingDependents)) return;
    if (item.deletingDependents) {
      const blocking = blockingDependents(graph, uid);
      for (const d of blocking) if (!d.deletingDependents) queue.add(itemKey(d.uid));
      if (blocking.length) return;
    } else if (item.owners.every((o) => knownState(item, o) === 'solid')) return;
    const object = await get(item.row, item.namespace, item.name);
    if (object?.metadata.uid !== uid) return onGone(uid);
    if (item.deletingDependents) return perform(client, recorder, dropFinalizer(item.row, object, foregroundFinalizer));
    const owners = [];
    for (const reference of object.metadata.ownerReferences ?? [])
      owners.push({ reference, state: await stateOf(item, object, reference) });
    await perform(client, recorder, decideItem({ row: item.row, object, owners, dependents: graph.dependentsOf(uid) }));
  };
  const orphan = async (uid: string): Promise<void> => {
    const item = graph.get(uid);
    if (!item?.orphaning) return;
    await Promise.all(
      graph.dependentsOf(uid).map(async (d) => {
        const gvk = { apiVersion: apiVersionOf(d.row), kind: d.row.kind };
        const object = { ...gvk, metadata: { name: d.name, namespace: d.namespace, uid: d.uid } };
        try {
          await perform(client, recorder, [dropOwners(d.row, object, [{ uid }])]);
        } catch (e) {
          if (!isNotFound(e)) throw e;
        }
      }),
    );
    const object = await get(item.row, item.namespace, item.name);
    if (object?.metadata.uid === uid) await perform(client, recorder, dropFinalizer(item.row, object, orphanFinalizer));
  };

  return {
    async synced(signal) {
      for (const i of own.values()) i.start(signal);
      await Promise.all([...own.values()].map((i) => i.informer.synced(signal)));
    },
    reconcile(key) {
      const [kind, uid = ''] = key.split(' ');
      return kind === 'orphan' ? orphan(uid) : examine(uid);
    },
  };
}

const identityOf = (row: AnyRow, namespace: string | undefined, name: string, uid: string): string =>
  [row.group, row.kind, row.namespaced ? namespace : '', name, uid].join('/');

/** As upstream prints a reference in the event. */
const referenceText = (o: OwnerReference, namespace = ''): string =>
  `[${o.apiVersion}/${o.kind}, namespace: ${namespace}, name: ${o.name}, uid: ${o.uid}]`;
