/** What the scheduler writes to the API: bindings, conditions of pods, evictions of victims. */
import { Pods } from '../api/core/v1/resources.ts';
import type { Pod, PodCondition } from '../api/core/v1/types.ts';
import { rfc3339 } from '../base/clock.ts';
import type { Client } from '../client/index.ts';
import { findCondition, isNotFound } from '../machinery/index.ts';

const keyOf = (pod: Pod) => ({ namespace: pod.metadata.namespace, name: pod.metadata.name ?? '' });

export async function bind(client: Client, pod: Pod, nodeName: string, signal: AbortSignal): Promise<void> {
  const { namespace, name, uid } = pod.metadata;
  const body = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { namespace, name, uid },
    target: { kind: 'Node', name: nodeName },
  };
  await client.createSubresource(Pods, keyOf(pod), 'binding', body, { signal });
}

export type ConditionText = Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>;

/**
 * The strategic merge patch of pod.status for a condition (undefined = none) and a nominated node (undefined = leave as it is,
 * '' = clear); undefined when the pod says so already. `now` in milliseconds.
 */
export function statusPatch(
  pod: Pod,
  condition: ConditionText | undefined,
  nominatedNodeName: string | undefined,
  now: number,
): unknown {
  const old = condition && findCondition(pod.status.conditions, condition.type);
  const sameCondition =
    !condition ||
    (old?.status === condition.status && old.reason === condition.reason && old.message === condition.message);
  const sameNode = nominatedNodeName === undefined || nominatedNodeName === (pod.status.nominatedNodeName ?? '');
  if (sameCondition && sameNode) return undefined;
  const lastTransitionTime =
    old?.status === condition?.status && old?.lastTransitionTime ? old.lastTransitionTime : rfc3339(now);
  const { generation } = pod.metadata;
  const full = {
    ...condition,
    lastProbeTime: null,
    lastTransitionTime,
    ...(generation && { observedGeneration: generation }),
  };
  return {
    metadata: { uid: pod.metadata.uid },
    status: {
      ...(!sameCondition && { conditions: [full] }),
      ...(!sameNode && { nominatedNodeName: nominatedNodeName || null }),
    },
  };
}

export async function patchStatus(
  client: Client,
  pod: Pod,
  condition: ConditionText | undefined,
  nominatedNodeName: string | undefined,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const patch = statusPatch(pod, condition, nominatedNodeName, now);
  if (patch)
    await client.patch(Pods, keyOf(pod), 'application/strategic-merge-patch+json', patch, {
      subresource: 'status',
      signal,
    });
}

/** Says on the victim why, then deletes it. Answers false when it was gone already. */
export async function evict(
  client: Client,
  victim: Pod,
  schedulerName: string,
  now: number,
  signal: AbortSignal,
): Promise<boolean> {
  const condition: ConditionText = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'PreemptionByScheduler',
    message: `${schedulerName}: preempting to accommodate a higher priority pod`,
  };
  try {
    await patchStatus(client, victim, condition, undefined, now, signal);
    await client.delete(Pods, keyOf(victim), { signal });
    return true;
  } catch (e) {
    if (isNotFound(e)) return false;
    throw e;
  }
}
