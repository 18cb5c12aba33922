/** containerStatuses of a PodStatus from what the runtime shows and what was last reported (upstream: convertToAPIContainerStatuses). */
import type { Container, ContainerState, ContainerStatus, Pod } from '../../api/core/v1/types.ts';
import { rfc3339 } from '../../base/clock.ts';
import type { LinuxContainerResources } from '../cri.ts';
import type { ObservedContainer, ObservedPod } from './observed.ts';
import { shouldStart } from './observed.ts';
import { bytesText, milliText, milliValue, wholeValue } from './quantity.ts';
import { cpuPeriod } from './resources.ts';

/** Why a container could not be started, until it is. */
export interface WaitingReason {
  readonly reason: string;
  readonly message: string;
}
export type Waiting = ReadonlyMap<string, WaitingReason>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<ContainerStatus>;

const time = (ms: number): string => rfc3339(ms);

function stateOf(c: ObservedContainer, id: string, old: ContainerStatus | undefined): ContainerState {
  switch (c.state) {
    case 'running':
      return { running: { startedAt: time(c.startedAt) } };
    case 'created':
      return { waiting: {} };
    case 'exited':
      return {
        terminated: {
          exitCode: c.exitCode,
          ...(c.reason && { reason: c.reason }),
          ...(c.message && { message: c.message }),
          ...(c.startedAt > 0 ? { startedAt: time(c.startedAt) } : {}),
          ...(c.finishedAt > 0 ? { finishedAt: time(c.finishedAt) } : {}),
          containerID: id,
        },
      };
    case 'unknown':
      return old?.state.running
        ? {
            terminated: {
              reason: 'ContainerStatusUnknown',
              message: 'The container could not be located when the pod was terminated',
              exitCode: 137,
            },
          }
        : { waiting: {} };
  }
}

/** What runs, in the words of the spec: the runtime's limits where the spec has some. */
export function resourcesInForce(spec: Container, live: LinuxContainerResources | undefined): Container['resources'] {
  const { limits, requests } = spec.resources ?? {};
  const cpuLimit =
    live?.cpuQuota && live.cpuQuota > 0 ? Math.ceil((live.cpuQuota * 1000) / (live.cpuPeriod || cpuPeriod)) : 0;
  const cpuRequest = live?.cpuShares ? Math.ceil((live.cpuShares * 1000) / 1024) : 0;
  const out: { limits?: Record<string, string>; requests?: Record<string, string> } = {};
  if (limits) {
    out.limits = { ...limits };
    if (limits['cpu'] && cpuLimit > 10 && cpuLimit !== milliValue(limits['cpu']))
      out.limits['cpu'] = milliText(cpuLimit);
    const memory = live?.memoryLimitInBytes ?? 0;
    if (limits['memory'] && memory > 0 && memory !== wholeValue(limits['memory']))
      out.limits['memory'] = bytesText(memory);
  }
  if (requests) {
    out.requests = { ...requests };
    // shares are rounded down: one thousandth off is the same request
    if (requests['cpu'] && cpuRequest > 2 && Math.abs(cpuRequest - milliValue(requests['cpu'])) > 1)
      out.requests['cpu'] = milliText(cpuRequest);
  }
  return out;
}

/**
 * One status per container of `specs`: init containers in the order of the spec, others by name (upstream sorts both ways).
 * `previous` is what was last reported; `waiting` why starts failed.
 */
export function containerStatuses(
  pod: Pod,
  observed: ObservedPod,
  previous: readonly ContainerStatus[],
  specs: readonly Container[],
  waiting: Waiting,
  options: { readonly init: boolean; readonly runtimeName: string },
): readonly ContainerStatus[] {
  const defaultReason = (pod.spec.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating';
  const out: Draft[] = specs.map((spec) => {
    const old = previous.find((s) => s.name === spec.name);
    const history = observed.containers.filter((c) => c.name === spec.name);
    const status: Draft = {
      name: spec.name,
      image: spec.image ?? '',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: defaultReason } },
      lastState: {},
      ...(spec.volumeMounts?.length && {
        volumeMounts: spec.volumeMounts.map((m) => ({
          name: m.name,
          mountPath: m.mountPath,
          ...(m.readOnly && {
            readOnly: true,
            recursiveReadOnly: m.recursiveReadOnly === 'Enabled' ? 'Enabled' : 'Disabled',
          }),
        })),
      }),
    };
    if (old?.state.terminated && history.length === 0) return { ...old };
    if (old && history.length === 0) {
      status.restartCount = old.restartCount;
      status.lastState = old.lastState;
      // it ran when last seen and is gone: report how it must have ended
      if (old.state.running && !old.lastState.terminated) {
        status.lastState = {
          terminated: {
            reason: 'ContainerStatusUnknown',
            message: 'The container could not be located when the pod was deleted.  The container used to be Running',
            exitCode: 137,
          },
        };
        if (!pod.metadata.deletionTimestamp) status.restartCount++;
      }
    }
    const [now, before] = history;
    if (now) {
      const id = `${options.runtimeName}://${now.id}`;
      status.restartCount = now.state === 'unknown' && old?.state.running ? old.restartCount + 1 : now.restartCount;
      status.image = now.image || status.image;
      status.imageID = now.imageRef;
      status.containerID = id;
      status.state = stateOf(now, id, old);
      if (now.state === 'created') status.state = { waiting: { reason: defaultReason } };
      status.resources = (now.state === 'running' ? resourcesInForce(spec, now.resources) : spec.resources) ?? {};
      if (spec.resources?.requests) status.allocatedResources = spec.resources.requests;
      if (now.user) {
        const groups = now.user.supplementalGroups;
        status.user = {
          linux: { uid: now.user.uid, gid: now.user.gid, ...(groups.length > 0 && { supplementalGroups: groups }) },
        };
      }
      if (before) status.lastState = stateOf(before, `${options.runtimeName}://${before.id}`, undefined);
      else if (old && old.containerID !== id && old.state.terminated)
        status.lastState = { terminated: old.state.terminated };
      else if (old?.lastState.terminated) status.lastState = old.lastState;
    }
    const why = waiting.get(spec.name);
    if (why && shouldStart(spec, pod, observed)) {
      if (status.state.terminated) status.lastState = { terminated: status.state.terminated };
      status.state = { waiting: { reason: why.reason, ...(why.message && { message: why.message }) } };
    }
    return status;
  });
  if (!options.init) out.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return out;
}
