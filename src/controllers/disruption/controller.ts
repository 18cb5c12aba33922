/** Keeps the status of disruption budgets, which evictions and preemption ask (upstream: pkg/controller/disruption). */
import { Deployments, ReplicaSets } from '../../api/apps/v1/resources.ts';
import { Pods, ReplicationControllers } from '../../api/core/v1/resources.ts';
import type { Pod } from '../../api/core/v1/types.ts';
import type { OwnerReference } from '../../api/meta/v1/types.ts';
import { PodDisruptionBudgets } from '../../api/policy/v1/resources.ts';
import type { PodDisruptionBudget } from '../../api/policy/v1/types.ts';
import { resources } from '../../api/resources.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { rfc3339 } from '../../base/clock.ts';
import {
  getControllerOf,
  isNotFound,
  labelSelectorAsSelector,
  objectKey,
  parseGroupVersion,
} from '../../machinery/index.ts';
import { keyOf, perform } from '../action.ts';
import type { Controller, ControllerContext, ControllerRow } from '../controller.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { decideBudget, needsScales, staleDisruptionIn } from './decide.ts';

export const disruptionController: ControllerRow = {
  name: 'disruption-controller',
  component: 'controllermanager',
  setup,
};

const budgetPrefix = 'budget ';
const podPrefix = 'pod ';
type Scale = { readonly uid: string; readonly replicas: number };

function setup(c: ControllerContext): Controller {
  const { client, clock, queue } = c;
  const { recorder } = c;
  const budgets = c.informer(PodDisruptionBudgets);
  const pods = c.informer(Pods);
  const sets = c.informer(ReplicaSets);
  const deployments = c.informer(Deployments);
  const replicationControllers = c.informer(ReplicationControllers);

  const wake = (b: PodDisruptionBudget) => queue.add(budgetPrefix + objectKey(b));
  const wakeFor = (...of: readonly Pod[]) => {
    for (const b of budgets.list(of[0]?.metadata.namespace)) {
      const selector = labelSelectorAsSelector(b.spec.selector);
      if (of.some((p) => selector.matches(p.metadata.labels ?? {}))) wake(b);
    }
  };
  const watchStale = (p: Pod) => {
    const left = staleDisruptionIn(p, clock.now());
    if (left !== undefined) queue.addAfter(podPrefix + objectKey(p), left);
  };
  const relevant = (p: Pod) => [
    p.metadata.labels,
    p.metadata.deletionTimestamp !== undefined,
    p.metadata.ownerReferences,
    p.status.conditions?.find((x) => x.type === 'Ready')?.status,
  ];
  budgets.addHandler({ onAdd: wake, onUpdate: (_, b) => wake(b) });
  pods.addHandler({
    onAdd(p) {
      wakeFor(p);
      watchStale(p);
    },
    onUpdate(old, p) {
      if (!semanticEqual(relevant(old), relevant(p))) wakeFor(old, p);
      watchStale(p);
    },
    onDelete: (p) => wakeFor(p),
  });

  /** The size of what controls a pod; undefined when it is gone. @throws Error when it has no size. */
  const scaleOf = async (ref: OwnerReference, namespace: string | undefined): Promise<Scale | undefined> => {
    const { group, version } = parseGroupVersion(ref.apiVersion);
    const known = (obj: KubeObject | undefined, uid: string): Scale | undefined =>
      obj?.metadata.uid === uid
        ? { uid, replicas: (obj as { spec?: { replicas?: number } }).spec?.replicas ?? 1 }
        : undefined;
    const key = `${namespace}/${ref.name}`;
    if (ref.kind === 'ReplicaSet' && group === 'apps') {
      const rs = sets.get(key);
      if (rs?.metadata.uid !== ref.uid) return undefined;
      const owner = getControllerOf(rs);
      if (owner?.kind !== 'Deployment') return known(rs, ref.uid);
      return known(deployments.get(`${namespace}/${owner.name}`), owner.uid);
    }
    if (ref.kind === 'ReplicationController' && group === '') return known(replicationControllers.get(key), ref.uid);
    const row = resources.find((r) => r.group === group && r.kind === ref.kind && !r.virtual);
    if (!row)
      throw new Error(`no matches for kind "${ref.kind}" in version "${group ? `${group}/${version}` : version}"`);
    if (!row.subresources.includes('scale' as never))
      throw new Error(`${row.plural}${group && `.${group}`} does not implement the scale subresource`);
    try {
      const scale: KubeObject = await client.get(row, { namespace, name: ref.name }, { subresource: 'scale' });
      return known({ ...scale, spec: { replicas: 0, ...(scale as { spec?: object }).spec } } as KubeObject, ref.uid);
    } catch (e) {
      if (isNotFound(e)) return undefined;
      throw e;
    }
  };

  const syncBudget = async (key: string): Promise<void> => {
    const budget = budgets.get(key);
    if (!budget) return;
    const { namespace } = budget.metadata;
    const selector = labelSelectorAsSelector(budget.spec.selector);
    const selected = pods.list(namespace).filter((p) => selector.matches(p.metadata.labels ?? {}));
    const scales = new Map<string, Scale>();
    let fault: string | undefined;
    if (needsScales(budget))
      for (const p of selected) {
        const ref = getControllerOf(p);
        if (!ref || scales.has(ref.uid)) continue;
        try {
          const scale = await scaleOf(ref, namespace);
          if (scale) scales.set(ref.uid, scale);
        } catch (e) {
          fault = e instanceof Error ? e.message : String(e);
          break;
        }
      }
    const view = { budget, pods: selected, scales, ...(fault !== undefined && { fault }) };
    const plan = decideBudget(view, clock.now());
    await perform(client, recorder, plan.actions);
    if (plan.recheckAfterMs !== undefined) queue.addAfter(budgetPrefix + key, plan.recheckAfterMs);
  };
  const syncPod = async (key: string): Promise<void> => {
    const pod = pods.get(key);
    const left = pod && staleDisruptionIn(pod, clock.now());
    if (!pod || left === undefined) return;
    if (left > 0) return queue.addAfter(podPrefix + key, left);
    const condition = { type: 'DisruptionTarget', status: 'False', reason: '', message: '' };
    await client.patch(
      Pods,
      keyOf(pod),
      'application/strategic-merge-patch+json',
      {
        metadata: { uid: pod.metadata.uid },
        status: { conditions: [{ ...condition, lastTransitionTime: rfc3339(clock.now()) }] },
      },
      { subresource: 'status' },
    );
  };
  return {
    reconcile: (key) =>
      key.startsWith(podPrefix) ? syncPod(key.slice(podPrefix.length)) : syncBudget(key.slice(budgetPrefix.length)),
  };
}
