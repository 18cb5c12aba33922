/** pods/eviction: a delete that disruption budgets may refuse (upstream: registry/core/pod/storage/eviction.go). */
import type { Pod, PodCondition } from '../../api/core/v1/types.ts';
import { Eviction, type PodDisruptionBudget } from '../../api/policy/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { rfc3339 } from '../../base/clock.ts';
import { labelSelectorAsSelector } from '../../machinery/label-selector.ts';
import { badRequest, forbidden, notFound, StatusError, tooManyRequests } from '../../machinery/status-error.ts';
import { decodeBody } from '../codec.ts';
import { readCurrent } from '../engine.ts';
import { deleteObject } from '../registry/delete.ts';
import { guaranteedUpdate } from '../registry/storage.ts';
import { admit, admitValidating, type WriteRequest } from '../registry/write-request.ts';
import { deleteOptions, mutationOptions } from '../request-options.ts';
import { success } from './binding.ts';
import { type Handler, respondStatus, writeRequest } from './scope.ts';

type PodObject = Pod & KubeObject;
type Budget = PodDisruptionBudget & KubeObject;

const evictingMessage = "Cannot evict pod as it would violate the pod's disruption budget.";

const refusal = (retryAfter: number, message: string): StatusError => {
  const e = tooManyRequests(evictingMessage, retryAfter);
  return StatusError.fromStatus({
    ...e.status,
    details: { ...e.status.details, causes: [{ reason: 'DisruptionBudget', message }] },
  });
};

const ignoresBudgets = (pod: PodObject): boolean =>
  ['Succeeded', 'Failed', 'Pending'].includes(pod.status.phase ?? '') || !!pod.metadata.deletionTimestamp;

const isReady = (pod: PodObject): boolean =>
  (pod.status.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True');

function selects(b: Budget, pod: PodObject): boolean {
  if (b.metadata.namespace !== pod.metadata.namespace || !b.spec.selector) return false;
  try {
    return labelSelectorAsSelector(b.spec.selector).matches(pod.metadata.labels);
  } catch {
    return false;
  }
}

/** The budget with one disruption taken for a pod. Pure. @throws 429, 403 */
export function takeDisruption(b: Budget, podName: string, now: number): Budget {
  const name = b.metadata.name ?? '';
  const { disruptionsAllowed = 0, currentHealthy = 0, desiredHealthy = 0, ...st } = b.status;
  if ((st.observedGeneration ?? 0) < (b.metadata.generation ?? 0))
    throw refusal(10, `The disruption budget ${name} is still being processed by the server.`);
  const resource = { group: 'policy', resource: 'poddisruptionbudget' };
  if (disruptionsAllowed < 0) throw forbidden(resource, name, 'pdb disruptions allowed is negative');
  if (Object.keys(st.disruptedPods ?? {}).length > 2000)
    throw forbidden(resource, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  if (disruptionsAllowed === 0) {
    const c = (st.conditions ?? []).find((x) => x.type === 'DisruptionAllowed');
    const off = c?.status === 'False' && c.message;
    throw refusal(
      0,
      off && c.reason === 'SyncFailed'
        ? `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${c.message}`
        : currentHealthy <= desiredHealthy
          ? `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
          : off
            ? `The disruption budget ${name} does not allow evicting pods currently (${c.reason}): ${c.message}`
            : `The disruption budget ${name} does not allow evicting pods currently`,
    );
  }
  return {
    ...b,
    status: {
      ...b.status,
      disruptionsAllowed: disruptionsAllowed - 1,
      disruptedPods: { ...st.disruptedPods, [podName]: rfc3339(now) },
    },
  };
}

/** Asks the budgets. Answers the resourceVersion the delete must meet, if any. @throws 429, 500 */
async function askBudgets(w: WriteRequest, pod: PodObject): Promise<string | undefined> {
  const { engine } = w;
  const served = engine.find('policy', 'v1', 'poddisruptionbudgets');
  if (!served) return undefined;
  const budgets = engine.reader.list<Budget>(served.row, w.namespace).filter((b) => selects(b, pod));
  if (budgets.length > 1)
    throw new StatusError(
      500,
      '',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  const b = budgets[0];
  if (!b) return undefined;
  if (!isReady(pod)) {
    const { currentHealthy = 0, desiredHealthy = 0 } = b.status;
    const healthy = currentHealthy >= desiredHealthy && desiredHealthy > 0;
    if (b.spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' || healthy) return pod.metadata.resourceVersion;
  }
  await guaranteedUpdate(engine, served, w.namespace, b.metadata.name!, w, (current) => {
    if (!current) throw notFound(served.resource, b.metadata.name!);
    return { kind: 'put', object: takeDisruption(current.object as Budget, w.name, engine.clock.now()) };
  });
  return undefined;
}

const disruptionTarget = (pod: PodObject, now: number): PodObject => {
  const conditions = pod.status.conditions ?? [];
  if (conditions.some((c) => c.type === 'DisruptionTarget' && c.status === 'True')) return pod;
  const added: PodCondition = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: rfc3339(now),
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  };
  return {
    ...pod,
    status: { ...pod.status, conditions: [...conditions.filter((c) => c.type !== 'DisruptionTarget'), added] },
  };
};

export const evict: Handler = async (s) => {
  const { ctx, engine, served } = s;
  const body = await ctx.request.body(engine.limits.requestBytes);
  const o = mutationOptions(ctx.query, 'CreateOptions');
  const eviction = decodeBody(s, body, o.fieldValidation, Eviction, {
    group: 'policy',
    version: 'v1',
    kind: 'Eviction',
  });
  const w = writeRequest(s, o);
  if ((eviction.metadata.name ?? '') !== w.name) throw badRequest('name in URL does not match name in Eviction object');
  const asked = (eviction as unknown as Eviction).deleteOptions;
  const options = deleteOptions(new URLSearchParams(), asked);
  const dryRun = o.dryRun || options.dryRun;
  const admitted = (await admit(w, 'CREATE', eviction, undefined)) ?? eviction;
  await admitValidating(w, 'CREATE', admitted, undefined);
  const entry = await readCurrent(engine, served, w.namespace, w.name);
  if (!entry) throw notFound(served.resource, w.name);
  const pod = entry.object as PodObject;
  const required = ignoresBudgets(pod) ? undefined : await askBudgets({ ...w, dryRun }, pod);
  let preconditions = options.preconditions;
  if (required && !preconditions?.resourceVersion) preconditions = { ...preconditions, resourceVersion: required };
  // The delete is the eviction's own: DELETE admission has nothing to say (upstream: rest.ValidateAllObjectFunc).
  const deleting: WriteRequest = { ...w, dryRun, subresource: undefined, engine: { ...engine, admission: [] } };
  if (!dryRun) {
    const marked = await guaranteedUpdate(engine, served, w.namespace, w.name, deleting, (current) => {
      if (!current) throw notFound(served.resource, w.name);
      if (preconditions?.resourceVersion && preconditions.resourceVersion !== String(current.revision))
        throw refusal(10, 'The pod has changed since its disruption budget was asked.');
      return { kind: 'put', object: disruptionTarget(current.object as PodObject, engine.clock.now()) };
    });
    if (preconditions?.resourceVersion)
      preconditions = { ...preconditions, resourceVersion: String(marked.entry.revision) };
  }
  await deleteObject(deleting, { ...options, dryRun, preconditions });
  return respondStatus(s.accepted, 201, success(201));
};
