/** The controller of ReplicaSets and ReplicationControllers: keeps as many pods as they say (upstream: pkg/controller/replicaset, replication). */
import type { ReplicaSet } from '../../api/apps/v1/types.ts';
import { Pods } from '../../api/core/v1/resources.ts';
import type { Pod } from '../../api/core/v1/types.ts';
import { apiVersionOf, type KubeObject } from '../../api/resource-row.ts';
import type { Informer } from '../../client/cache.ts';
import { labelSelectorAsSelector } from '../../machinery/label-selector.ts';
import { objectKey } from '../../machinery/object-key.ts';
import { getControllerOf } from '../../machinery/owner-references.ts';
import { isPodActive, isPodReady } from '../../machinery/pod-conditions.ts';
import { isNotFound } from '../../machinery/status-error.ts';
import { keyOf } from '../action.ts';
import type { Controller, ControllerContext, ControllerRow } from '../controller.ts';
import { createExpectations } from '../expectations.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import {
  controllerIndex,
  decideClaim,
  indexByController,
  labelsMatch,
  ownedAndOrphans,
  performClaim,
} from '../ownership.ts';
import { semanticEqual, statusEqual } from '../semantic-equal.ts';
import { readAsSets, type ReplicaKind, replicaSetKind, replicationControllerKind } from './replica-kind.ts';
import { decideReplicas, nextAvailability, podOf, type ReplicaSetView, replicaSetStatus } from './decide.ts';

const rowFor = (name: string, kind: ReplicaKind): ControllerRow => ({
  name,
  account: kind.component,
  component: kind.component,
  setup: (c) => setup(c, kind),
});
export const replicaSetController = rowFor('replicaset-controller', replicaSetKind);
export const replicationController = rowFor('replicationcontroller-controller', replicationControllerKind);

function setup(c: ControllerContext, kind: ReplicaKind): Controller {
  const { queue } = c;
  const gvk = { apiVersion: apiVersionOf(kind.row), kind: kind.kind };
  const { recorder } = c;
  const informer = c.informer(kind.row) as unknown as Informer<KubeObject>;
  const pods = c.informer(Pods) as Informer<Pod>;
  indexByController(informer);
  const sets = readAsSets(kind, informer);
  indexByController(pods);
  const controlledBy = <T extends KubeObject>(
    of: Pick<Informer<T>, 'byIndex'>,
    uid: string | undefined,
  ): readonly T[] => of.byIndex(controllerIndex, uid ?? '');
  const expectations = createExpectations(c.clock);

  const ownerOf = (pod: Pod): ReplicaSet | undefined => {
    const ref = getControllerOf(pod);
    if (ref?.kind !== kind.kind) return undefined;
    const rs = sets.get(`${pod.metadata.namespace}/${ref.name}`);
    return rs?.metadata.uid === ref.uid ? rs : undefined;
  };
  /** Sets that could adopt a pod of nobody. */
  const adopters = (pod: Pod): readonly ReplicaSet[] =>
    getControllerOf(pod)
      ? []
      : sets
          .list(pod.metadata.namespace)
          .filter((rs) => labelSelectorAsSelector(rs.spec.selector).matches(pod.metadata.labels));
  const related = (rs: ReplicaSet): readonly Pod[] => {
    const controller = getControllerOf(rs);
    const siblings = controller ? controlledBy(sets, controller.uid) : [];
    return siblings.flatMap((s) => controlledBy(pods, s.metadata.uid)).filter(isPodActive);
  };

  /** Makes `n` pods in batches of 1, 2, 4, …: a quota or a bad template costs few requests. Throws the first failure. */
  const create = async (rs: ReplicaSet, n: number): Promise<void> => {
    const key = objectKey(rs);
    let left = n;
    for (let batch = 1; left > 0; batch *= 2) {
      const size = Math.min(batch, left);
      const results = await Promise.allSettled(
        Array.from({ length: size }, () => c.client.create(Pods, podOf(rs, gvk) as Pod)),
      );
      left -= size;
      const failures: unknown[] = [];
      for (const r of results) {
        if (r.status === 'fulfilled')
          recorder.event(rs, 'Normal', 'SuccessfulCreate', `Created pod: ${r.value.metadata.name}`);
        else {
          expectations.creationObserved(key);
          // The whole namespace is going: no failure of this set.
          if (isNamespaceTerminating(r.reason)) continue;
          failures.push(r.reason);
          recorder.event(rs, 'Warning', 'FailedCreate', `Error creating: ${messageOf(r.reason)}`);
        }
      }
      if (failures.length) {
        for (let i = 0; i < left; i++) expectations.creationObserved(key);
        throw failures[0];
      }
    }
  };
  const remove = async (rs: ReplicaSet, doomed: readonly Pod[]): Promise<void> => {
    const key = objectKey(rs);
    const results = await Promise.allSettled(
      doomed.map(async (pod) => {
        try {
          await c.client.delete(Pods, keyOf(pod));
          recorder.event(rs, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
        } catch (e) {
          expectations.deletionObserved(key, pod.metadata.uid ?? '');
          if (isNotFound(e)) return;
          recorder.event(rs, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(e)}`);
          throw e;
        }
      }),
    );
    const failed = results.find((r) => r.status === 'rejected');
    if (failed) throw failed.reason;
  };
  const writeStatus = async (rs: ReplicaSet, status: ReplicaSet['status']): Promise<void> => {
    if (statusEqual(rs.status, status)) return;
    const write = (on: ReplicaSet) =>
      c.client.update(kind.row, kind.fromSet({ ...on, status }), { subresource: 'status' });
    try {
      await write(rs);
    } catch (e) {
      if (isNotFound(e)) return;
      await write(kind.toSet((await c.client.get(kind.row, keyOf(rs))) as KubeObject));
    }
  };

  const add = (rs: ReplicaSet | undefined) => rs && queue.add(objectKey(rs));
  const podGone = (pod: Pod) => {
    const rs = ownerOf(pod);
    if (!rs) return;
    expectations.deletionObserved(objectKey(rs), pod.metadata.uid ?? '');
    add(rs);
  };
  sets.addHandler({
    onAdd: add,
    onUpdate(old, rs) {
      if (old.metadata.uid !== rs.metadata.uid) expectations.forget(objectKey(rs));
      add(rs);
    },
    onDelete(rs) {
      expectations.forget(objectKey(rs));
      add(rs);
    },
  });
  pods.addHandler({
    onAdd(pod) {
      if (pod.metadata.deletionTimestamp) return podGone(pod);
      const rs = ownerOf(pod);
      if (!rs) return adopters(pod).forEach(add);
      expectations.creationObserved(objectKey(rs));
      add(rs);
    },
    onUpdate(old, pod) {
      const [before, after] = [getControllerOf(old), getControllerOf(pod)];
      if (pod.metadata.deletionTimestamp) {
        podGone(pod);
        if (!semanticEqual(old.metadata.labels, pod.metadata.labels)) podGone(old);
        return;
      }
      if (before?.uid !== after?.uid) add(ownerOf(old));
      const rs = ownerOf(pod);
      if (after) {
        add(rs);
        if (rs && !isPodReady(old) && isPodReady(pod) && rs.spec.minReadySeconds)
          queue.addAfter(objectKey(rs), rs.spec.minReadySeconds * 1000);
      } else if (before || !semanticEqual(old.metadata.labels, pod.metadata.labels)) adopters(pod).forEach(add);
    },
    onDelete: podGone,
  });

  return {
    async reconcile(key) {
      const rs = sets.get(key);
      if (!rs) return expectations.forget(key);
      const settled = expectations.satisfied(key);
      const own = controlledBy(pods, rs.metadata.uid);
      const matches = labelsMatch(labelSelectorAsSelector(rs.spec.selector));
      const claim = decideClaim<Pod>(rs, matches, ownedAndOrphans(pods, rs).filter(isPodActive));
      const claimed = await performClaim<Pod>(c.client, kind.row, rs, Pods, claim);
      const view: ReplicaSetView = {
        replicaSet: rs,
        pods: [...claimed, ...own.filter((p) => !isPodActive(p) && matches(p))],
        related: related(rs),
      };
      let failure: unknown;
      if (settled) {
        const change = decideReplicas(view, c.clock.now());
        try {
          if (change.create) {
            expectations.expectCreations(key, change.create);
            await create(rs, change.create);
          } else if (change.delete.length) {
            expectations.expectDeletions(
              key,
              change.delete.map((p) => p.metadata.uid ?? ''),
            );
            await remove(rs, change.delete);
          }
        } catch (e) {
          failure = e;
        }
      }
      const now = c.clock.now();
      await writeStatus(rs, replicaSetStatus(view, failure === undefined ? undefined : messageOf(failure), now));
      if (failure !== undefined) throw failure;
      const wait = nextAvailability(view, now);
      if (wait !== undefined) queue.addAfter(key, wait);
    },
  };
}

const messageOf = (e: unknown): string => (e instanceof Error ? e.message : String(e));
