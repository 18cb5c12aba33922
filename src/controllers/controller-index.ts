/** Indexes that several controllers share: by controlling owner, uncontrolled by namespace, pods by node. */
import { Pods } from '../api/core/v1/resources.ts';
import type { Pod } from '../api/core/v1/types.ts';
import type { AnyRow, KubeObject, ObjectOf } from '../api/resource-row.ts';
import type { Informer, InformerFactory } from '../client/cache.ts';
import { getControllerOf } from '../machinery/owner-references.ts';

const controllerUid = 'controllerUid';
const uncontrolled = 'uncontrolledIn';
const nodeName = 'nodeName';

/** The informer of a row with its objects indexed by controller. */
export function controlledInformer<R extends AnyRow>(informers: InformerFactory, row: R): Informer<ObjectOf<R>> {
  const informer = informers.informer(row);
  informer.addIndex(controllerUid, (o: KubeObject) => {
    const ref = getControllerOf(o);
    return ref ? [ref.uid] : [];
  });
  informer.addIndex(uncontrolled, (o: KubeObject) => (getControllerOf(o) ? [] : [o.metadata.namespace ?? '']));
  return informer;
}

/** What the owner controls. */
export const controlledBy = <T extends KubeObject>(informer: Informer<T>, uid: string | undefined): readonly T[] =>
  informer.byIndex(controllerUid, uid ?? '');
/** What nobody controls in a namespace. */
export const uncontrolledIn = <T extends KubeObject>(
  informer: Informer<T>,
  namespace: string | undefined,
): readonly T[] => informer.byIndex(uncontrolled, namespace ?? '');

/** The pods informer, indexed by controller and by spec.nodeName. */
export function indexedPods(informers: InformerFactory): Informer<Pod> {
  const pods = controlledInformer(informers, Pods) as Informer<Pod>;
  pods.addIndex(nodeName, (p) => (p.spec.nodeName ? [p.spec.nodeName] : []));
  return pods;
}
/** Pods that are bound to a node. */
export const podsOnNode = (pods: Informer<Pod>, name: string): readonly Pod[] => pods.byIndex(nodeName, name);
