/** pods/binding (and bindings): puts a pod on a node (upstream: registry/core/pod/storage/storage.go BindingREST). */
import type { Binding as BindingObject, Pod, PodCondition } from '../../api/core/v1/types.ts';
import { Binding } from '../../api/core/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { rfc3339 } from '../../base/clock.ts';
import { badRequest, conflict, notFound, type Status, StatusError } from '../../machinery/status-error.ts';
import type { Served } from '../engine.ts';
import { validatePodBinding } from '../../api/core/v1/validation/pod-parts.ts';
import { decodeBody } from '../codec.ts';
import { guaranteedUpdate } from '../registry/storage.ts';
import {
  admit,
  admitValidating,
  inRequestNamespace,
  withMetadata,
  type WriteRequest,
} from '../registry/write-request.ts';
import { mutationOptions } from '../request-options.ts';
import { type Handler, respondStatus, type Scope, writeRequest } from './scope.ts';

export const success = (code: number): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  code,
});

/** The pod on its node; the reason why it cannot go there as text. Pure. */
export function bound(pod: Pod & KubeObject, binding: BindingObject, now: number): (Pod & KubeObject) | string {
  const name = pod.metadata.name;
  if (pod.metadata.deletionTimestamp) return `pod ${name} is being deleted, cannot be assigned to a host`;
  if (pod.spec.nodeName) return `pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`;
  if (pod.spec.schedulingGates?.length) return `pod ${name} has non-empty .spec.schedulingGates`;
  const conditions = pod.status.conditions ?? [];
  const old = conditions.find((c) => c.type === 'PodScheduled');
  const scheduled: PodCondition = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: old?.status === 'True' && old.lastTransitionTime ? old.lastTransitionTime : rfc3339(now),
    ...(old?.observedGeneration !== undefined && { observedGeneration: old.observedGeneration }),
  };
  const { nominatedNodeName: _, ...status } = pod.status;
  const labelled = binding.metadata?.labels
    ? withMetadata(pod, { labels: { ...pod.metadata.labels, ...binding.metadata.labels } })
    : pod;
  const annotated = binding.metadata?.annotations
    ? withMetadata(labelled, { annotations: { ...pod.metadata.annotations, ...binding.metadata.annotations } })
    : labelled;
  return {
    ...annotated,
    spec: { ...pod.spec, nodeName: binding.target.name! },
    status: {
      ...status,
      conditions: old ? conditions.map((c) => (c === old ? scheduled : c)) : [...conditions, scheduled],
    },
  };
}

async function bind(s: Scope, pods: Served, subresource: Scope['subresource']): Promise<Status> {
  const { ctx, engine } = s;
  const body = await ctx.request.body(engine.limits.requestBytes);
  const o = mutationOptions(ctx.query, 'CreateOptions');
  let binding = decodeBody(s, body, o.fieldValidation, Binding, { group: '', version: 'v1', kind: 'Binding' });
  const base = writeRequest(s, o);
  const name = ctx.info.name || (binding.metadata.name ?? '');
  const w: WriteRequest = { ...base, served: pods, subresource, name };
  binding = inRequestNamespace(binding, pods.row, w.namespace);
  if ((binding.metadata.name ?? '') !== name) throw badRequest('name in URL does not match name in Binding object');
  binding = (await admit(w, 'CREATE', binding, undefined)) ?? binding;
  const wanted = binding as BindingObject & KubeObject;
  const errors = validatePodBinding(wanted).map((e) => `${e.field}: ${e.message}`);
  if (errors.length) throw new StatusError(500, '', errors.length > 1 ? `[${errors.join(', ')}]` : errors[0]!);
  await admitValidating(w, 'CREATE', binding, undefined);
  const { uid, resourceVersion } = wanted.metadata;
  await guaranteedUpdate(engine, pods, w.namespace, name, w, (current) => {
    if (!current) throw notFound(pods.resource, name);
    const refuse = (why: string) => conflict({ group: '', resource: 'pods/binding' }, name, why);
    const has = current.object.metadata;
    const failed = (what: string, a: string, b: string | undefined) =>
      conflict(
        pods.resource,
        name,
        `StorageError: invalid object, Code: 4, Key: ${current.key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${what} in precondition: ${a}, ${what} in object meta: ${b}`,
      );
    if (uid && uid !== has.uid) throw failed('UID', uid, has.uid);
    if (resourceVersion && resourceVersion !== has.resourceVersion)
      throw failed('ResourceVersion', resourceVersion, has.resourceVersion);
    const next = bound(current.object as Pod & KubeObject, wanted, engine.clock.now());
    if (typeof next === 'string') throw refuse(next);
    return { kind: 'put', object: next };
  });
  return success(201);
}

export const bindPod: Handler = async (s) => respondStatus(s.accepted, 201, await bind(s, s.served, s.subresource));

/** POST bindings: the pod is named by the Binding. */
export const bindByName: Handler = async (s) => {
  const pods = s.engine.find('', 'v1', 'pods');
  if (!pods) throw notFound({ group: '', resource: 'pods' }, '');
  return respondStatus(s.accepted, 201, await bind(s, pods, pods.subresources.get('binding')));
};
