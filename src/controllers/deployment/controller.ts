/** The Deployment controller: rolls ReplicaSets from one pod template to the next (upstream: pkg/controller/deployment). */
import { Deployments, ReplicaSets } from '../../api/apps/v1/resources.ts';
import type { Deployment, ReplicaSet } from '../../api/apps/v1/types.ts';
import { Pods } from '../../api/core/v1/resources.ts';
import type { Pod } from '../../api/core/v1/types.ts';
import type { Informer } from '../../client/cache.ts';
import { labelSelectorAsSelector } from '../../machinery/label-selector.ts';
import { objectKey } from '../../machinery/object-key.ts';
import { getControllerOf } from '../../machinery/owner-references.ts';
import { isAlreadyExists } from '../../machinery/status-error.ts';
import { keyOf, perform } from '../action.ts';
import type { Controller, ControllerContext, ControllerRow } from '../controller.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import {
  controllerIndex,
  decideClaim,
  indexByController,
  labelsMatch,
  ownedAndOrphans,
  performClaim,
} from '../ownership.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { collided, createFailed, decideDeployment } from './decide.ts';
import { sameTemplate } from './revision.ts';

export const deploymentController: ControllerRow = { name: 'deployment-controller', setup };

function setup(c: ControllerContext): Controller {
  const { queue } = c;
  const { recorder } = c;
  const deployments = c.informer(Deployments) as Informer<Deployment>;
  const sets = c.informer(ReplicaSets) as Informer<ReplicaSet>;
  const pods = c.informer(Pods) as Informer<Pod>;
  indexByController(sets);
  indexByController(pods);

  const ownerOf = (rs: ReplicaSet): Deployment | undefined => {
    const ref = getControllerOf(rs);
    if (ref?.kind !== 'Deployment') return undefined;
    const d = deployments.get(`${rs.metadata.namespace}/${ref.name}`);
    return d?.metadata.uid === ref.uid ? d : undefined;
  };
  const adopters = (rs: ReplicaSet): readonly Deployment[] =>
    deployments
      .list(rs.metadata.namespace)
      .filter((d) => labelSelectorAsSelector(d.spec.selector).matches(rs.metadata.labels));

  /** True when the set is there and the plan may go on. */
  const create = async (d: Deployment, rs: ReplicaSet): Promise<boolean> => {
    try {
      await c.client.create(ReplicaSets, rs);
      return true;
    } catch (e) {
      if (isAlreadyExists(e)) {
        const there = (await c.client.get(ReplicaSets, keyOf(rs))) as ReplicaSet;
        const mine = getControllerOf(there)?.uid === d.metadata.uid;
        // Made by the last attempt, which did not see it yet: the informer will bring it.
        if (mine && sameTemplate(there.spec.template, d.spec.template)) return false;
        await perform(c.client, recorder, [collided(d)]);
      } else if (!isNamespaceTerminating(e))
        await perform(
          c.client,
          recorder,
          createFailed(d, rs, e instanceof Error ? e.message : String(e), c.clock.now()),
        );
      throw e;
    }
  };

  const add = (d: Deployment | undefined) => d && queue.add(objectKey(d));
  deployments.addHandler({ onAdd: add, onUpdate: (_, d) => add(d), onDelete: add });
  sets.addHandler({
    onAdd(rs) {
      if (getControllerOf(rs)) add(ownerOf(rs));
      else adopters(rs).forEach(add);
    },
    onUpdate(old, rs) {
      const [before, after] = [getControllerOf(old), getControllerOf(rs)];
      if (before?.uid !== after?.uid) add(ownerOf(old));
      if (after) add(ownerOf(rs));
      else if (before || !semanticEqual(old.metadata.labels, rs.metadata.labels)) adopters(rs).forEach(add);
    },
    onDelete: (rs) => add(ownerOf(rs)),
  });
  // A Recreate waits for the last old pod.
  pods.addHandler({
    onDelete(pod) {
      const ref = getControllerOf(pod);
      if (ref?.kind !== 'ReplicaSet') return;
      const rs = sets.get(`${pod.metadata.namespace}/${ref.name}`);
      const d = rs && ownerOf(rs);
      if (d?.spec.strategy.type === 'Recreate') add(d);
    },
  });

  return {
    async reconcile(key) {
      const deployment = deployments.get(key);
      if (!deployment) return;
      const matches = labelsMatch(labelSelectorAsSelector(deployment.spec.selector));
      const claim = decideClaim<ReplicaSet>(deployment, matches, ownedAndOrphans(sets, deployment));
      const replicaSets = await performClaim<ReplicaSet>(c.client, Deployments, deployment, ReplicaSets, claim);
      const ofSets: readonly Pod[] = replicaSets.flatMap((rs) => pods.byIndex(controllerIndex, rs.metadata.uid ?? ''));
      const plan = decideDeployment({ deployment, replicaSets, pods: ofSets }, c.clock.now());
      if (plan.create && !(await create(deployment, plan.create))) return;
      await perform(c.client, recorder, plan.actions);
      if (plan.requeueAfterMs !== undefined) queue.addAfter(key, plan.requeueAfterMs);
    },
  };
}
