/** Sends pod statuses to the API: newest wins, one request per pod at a time, retried until it is there (upstream: pkg/kubelet/status). */
import { Pods } from '../../api/core/v1/resources.ts';
import type { Pod, PodStatus } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { Client } from '../../client/client.ts';
import { isConflict, isNotFound } from '../../machinery/status-error.ts';
import { nameOf, namespaceOf, podText, uidOf } from './identity.ts';
import { isTerminal } from './phase.ts';
import { sameStatus, statusPatch } from './status.ts';

interface Slot {
  pod: Pod;
  wanted: PodStatus;
  /** What the API has, as far as we know. */
  sent: PodStatus | undefined;
  /** Of the pod after the last write. */
  revision: string;
  /** To be deleted from the API once its last status is there. */
  deletable: boolean;
  dirty: boolean;
  busy: boolean;
}
export interface StatusReporter {
  /**
   * `pod` carries the API's name and uid (a mirror pod's for a static pod). While containers may run a pod is not said to have ended:
   * others take that as leave to use what it held (upstream: mergePodStatus).
   */
  report(pod: Pod, status: PodStatus, mayRun: boolean): void;
  /** The pod has ended on this node: once its status is sent, deletes the object if it waits for that. */
  finished(pod: Pod, status: PodStatus): void;
  forget(uid: string): void;
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>;
}

/** `status` without the news that the pod has ended. */
function notEnded(status: PodStatus, known: PodStatus): PodStatus {
  const { phase, reason, message, ...rest } = status;
  return {
    ...rest,
    ...(known.phase && { phase: known.phase }),
    ...(known.reason && { reason: known.reason }),
    ...(known.message && { message: known.message }),
    ...(rest.conditions && {
      conditions: rest.conditions.filter(
        (c) =>
          c.type !== 'DisruptionTarget' || known.conditions?.some((k) => k.type === c.type && k.status === c.status),
      ),
    }),
  };
}
/** Parts of the status that are not the kubelet's. */
const foreign = [
  'resourceClaimStatuses',
  'extendedResourceClaimStatus',
  'nodeAllocatableResourceClaimStatuses',
  'nominatedNodeName',
] as const;
function withForeign(status: PodStatus, api: PodStatus): PodStatus {
  const kept = foreign.flatMap((k) => {
    const value = (api as Record<string, unknown>)[k];
    return value === undefined ? [] : [[k, value] as const];
  });
  return kept.length ? { ...status, ...Object.fromEntries(kept) } : status;
}

/** Resource versions are decimal numbers. */
const isLater = (a: string | undefined, b: string): boolean =>
  a !== undefined && b !== '' && (a.length === b.length ? a > b : a.length > b.length);

/** Somebody else wrote what is the kubelet's to say: a node that was silent had its pods marked as not ready. */
const disagree = (api: PodStatus, wanted: PodStatus): boolean =>
  api.phase !== wanted.phase ||
  (wanted.conditions?.some((c) => api.conditions?.find((k) => k.type === c.type)?.status !== c.status) ?? false);

export function createStatusReporter(client: Client, clock: Clock, log: Logger, signal: AbortSignal): StatusReporter {
  const slots = new Map<string, Slot>();
  const work = new Set<Promise<void>>();

  const send = async (uid: string, slot: Slot): Promise<void> => {
    for (let wait = 100; !signal.aborted && slots.get(uid) === slot; ) {
      const { pod, wanted } = slot;
      slot.dirty = false;
      const key = { namespace: namespaceOf(pod), name: nameOf(pod) };
      try {
        const patch = statusPatch(slot.sent ?? pod.status, withForeign(wanted, pod.status));
        if (patch) {
          const body = { metadata: { uid }, status: patch };
          const written = await client.patch(Pods, key, 'application/strategic-merge-patch+json', body, {
            subresource: 'status',
            signal,
          });
          slot.revision = written.metadata.resourceVersion ?? '';
        }
        slot.sent = wanted;
        wait = 100;
        if (slot.dirty) continue;
        if (slot.deletable && slot.pod.metadata.deletionTimestamp) {
          await client.delete(Pods, key, { gracePeriodSeconds: 0, preconditions: { uid }, signal });
          slot.deletable = false;
        }
        if (slot.dirty) continue;
        break;
      } catch (e) {
        if (signal.aborted) break;
        // it is another pod by now, or none
        if (isNotFound(e) || isConflict(e)) break;
        log.warn('the status of a pod could not be reported, will try again', { pod: podText(pod), error: e as Error });
        await clock.sleep(wait, signal).catch(() => undefined);
        wait = Math.min(wait * 2, 10_000);
        // whether the last attempt arrived is unknown: ask
        const seen = await client.get(Pods, key, { signal }).catch(() => undefined);
        if (seen?.metadata.uid === uid) slot.sent = seen.status;
      }
    }
    slot.busy = false;
  };
  const start = (uid: string, slot: Slot) => {
    slot.dirty = true;
    if (slot.busy) return;
    slot.busy = true;
    const job = send(uid, slot).finally(() => work.delete(job));
    work.add(job);
  };
  const put = (pod: Pod, status: PodStatus, deletable: boolean) => {
    const uid = uidOf(pod);
    const slot = slots.get(uid);
    if (!slot) {
      const fresh: Slot = { pod, wanted: status, sent: undefined, revision: '', deletable, dirty: true, busy: false };
      slots.set(uid, fresh);
      start(uid, fresh);
      return;
    }
    // a pod that has ended stays ended, whatever an older look says
    if (isTerminal(slot.wanted.phase) && !isTerminal(status.phase)) return;
    slot.pod = pod;
    slot.deletable ||= deletable;
    const same = sameStatus(slot.wanted, status) && sameStatus(slot.sent, status);
    slot.wanted = status;
    if (!slot.busy && isLater(pod.metadata.resourceVersion, slot.revision) && disagree(pod.status, status)) {
      slot.sent = pod.status;
      start(uid, slot);
      return;
    }
    if (!same || slot.deletable) start(uid, slot);
  };
  return {
    report(pod, status, mayRun) {
      const known = slots.get(uidOf(pod))?.wanted ?? pod.status;
      put(
        pod,
        mayRun && isTerminal(status.phase) && !isTerminal(known.phase) ? notEnded(status, known) : status,
        false,
      );
    },
    finished: (pod, status) => put(pod, status, true),
    forget: (uid) => void slots.delete(uid),
    async idle() {
      while (work.size > 0) await Promise.allSettled([...work]);
    },
  };
}
