/** Deletes pods from nodes with NoExecute taints, at once or when their toleration runs out (upstream: pkg/controller/tainteviction). */
import { Nodes, Pods } from '../../api/core/v1/resources.ts';
import type { Pod, Taint } from '../../api/core/v1/types.ts';
import { rfc3339 } from '../../base/clock.ts';
import { objectKey } from '../../machinery/object-key.ts';
import { isNotFound } from '../../machinery/status-error.ts';
import { toleratesTaint } from '../../machinery/taints.ts';
import { type Action, keyOf, perform } from '../action.ts';
import type { Controller, ControllerContext, ControllerRow } from '../controller.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { indexByNode, podsOnNode } from './pods-by-node.ts';

/** Ms since 1970. */
export interface Eviction {
  readonly since: number;
  readonly at: number;
}

const noExecute = (taints: readonly Taint[] | undefined): readonly Taint[] =>
  taints?.filter((t) => t.effect === 'NoExecute') ?? [];

/** When a pod must go from a node with these taints; undefined = it may stay. `planned` is what was decided before. Pure. */
export function decideEviction(
  pod: Pod,
  taints: readonly Taint[],
  planned: Eviction | undefined,
  now: number,
): Eviction | undefined {
  const harmful = noExecute(taints);
  if (harmful.length === 0 || pod.metadata.deletionTimestamp) return undefined;
  const used = harmful.map((taint) => pod.spec.tolerations?.find((t) => toleratesTaint(t, taint)));
  if (used.includes(undefined)) return { since: now, at: now };
  const seconds = used.flatMap((t) => t?.tolerationSeconds ?? []);
  if (seconds.length === 0) return undefined;
  const tolerated = Math.max(0, Math.min(...seconds)) * 1000;
  const since = planned?.since ?? now;
  // A later taint never puts off what an earlier one has set.
  if (planned && since + tolerated < now + tolerated)
    return planned.at <= since + tolerated ? planned : { since, at: since + tolerated };
  return { since, at: since + tolerated };
}

/** The writes of an eviction. Pure. */
export const evictionActions = (pod: Pod, now: number): readonly Action[] => [
  {
    do: 'event',
    about: pod,
    type: 'Normal',
    reason: 'TaintManagerEviction',
    message: `Marking for deletion Pod ${objectKey(pod)}`,
  },
  {
    do: 'patch',
    row: Pods,
    key: keyOf(pod),
    type: 'application/strategic-merge-patch+json',
    subresource: 'status',
    patch: {
      metadata: { uid: pod.metadata.uid },
      status: {
        conditions: [
          {
            type: 'DisruptionTarget',
            status: 'True',
            reason: 'DeletionByTaintManager',
            message: 'Taint manager: deleting due to NoExecute taint',
            lastTransitionTime: rfc3339(now),
          },
        ],
      },
    },
  },
  { do: 'delete', row: Pods, key: keyOf(pod) },
];

export const taintEvictionController: ControllerRow = {
  name: 'taint-eviction-controller',
  account: 'node-controller',
  workers: 8,
  setup,
};

function setup(c: ControllerContext): Controller {
  const { client, clock, queue } = c;
  const { recorder } = c;
  const nodes = c.informer(Nodes);
  const pods = c.informer(Pods);
  indexByNode(pods);
  const planned = new Map<string, Eviction & { readonly uid: string | undefined }>();

  const isTainted = (name: string | undefined): boolean =>
    name !== undefined && noExecute(nodes.get(name)?.spec.taints).length > 0;
  const addPodsOf = (name: string): void => {
    for (const p of podsOnNode(pods, name)) queue.add(objectKey(p));
  };
  nodes.addHandler({
    onAdd(n) {
      if (noExecute(n.spec.taints).length) addPodsOf(n.metadata.name ?? '');
    },
    onUpdate(old, n) {
      if (!semanticEqual(noExecute(old.spec.taints), noExecute(n.spec.taints))) addPodsOf(n.metadata.name ?? '');
    },
  });
  pods.addHandler({
    onAdd(p) {
      if (isTainted(p.spec.nodeName)) queue.add(objectKey(p));
    },
    onUpdate(old, p) {
      if (old.spec.nodeName === p.spec.nodeName && semanticEqual(old.spec.tolerations, p.spec.tolerations)) return;
      if (isTainted(p.spec.nodeName) || planned.has(objectKey(p))) queue.add(objectKey(p));
    },
    onDelete: (p) => void planned.delete(objectKey(p)),
  });

  return {
    async reconcile(key) {
      const pod = pods.get(key);
      const before = planned.get(key);
      if (!pod?.spec.nodeName || (before && before.uid !== pod.metadata.uid)) planned.delete(key);
      if (!pod?.spec.nodeName) return;
      const plan = decideEviction(
        pod,
        nodes.get(pod.spec.nodeName)?.spec.taints ?? [],
        before?.uid === pod.metadata.uid ? before : undefined,
        clock.now(),
      );
      if (!plan) {
        if (planned.delete(key) && !pod.metadata.deletionTimestamp)
          recorder.event(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
        return;
      }
      planned.set(key, { ...plan, uid: pod.metadata.uid });
      const wait = plan.at - clock.now();
      if (wait > 0) return queue.addAfter(key, wait);
      try {
        await perform(client, recorder, evictionActions(pod, clock.now()));
      } catch (e) {
        if (!isNotFound(e)) throw e;
      }
      planned.delete(key);
    },
  };
}
