/**
 * The resources pods are given, apart from those they ask for: what was allocated at admission holds until a resize fits
 * (KEP-1287; upstream: pkg/kubelet/allocation and the resize conditions of pkg/kubelet/status).
 */
import type { Container, Pod } from '../../api/core/v1/types.ts';
import { equalResources } from '../../machinery/resource-lists.ts';
import type { Refusal } from '../admission/admit.ts';
import { amount } from '../admission/fit.ts';
import { initOf, isSidecar, uidOf } from '../pod/identity.ts';
import type { ObservedContainer } from '../pod/observed.ts';
import { qosClass } from '../pod/resources.ts';
import type { Actuated, Resources } from './plan.ts';

export interface ResizeCondition {
  readonly type: 'PodResizePending' | 'PodResizeInProgress';
  readonly status: 'True';
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration: number;
}
interface Allocation {
  readonly pod: Resources | undefined;
  readonly containers: Readonly<Record<string, Resources>>;
}
interface Entry {
  allocation: Allocation;
  pending: ResizeCondition | undefined;
  inProgress: ResizeCondition | undefined;
}
export interface ResizesContext {
  /** Whether the pod with its new resources has room beside the others; undefined = it has. */
  judge(pod: Pod): Promise<Refusal | undefined>;
  event(pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** Something to be done for, or told of, this pod. */
  changed(uid: string): void;
  /** Allocations that differ from what their pods ask for have to outlive the kubelet. */
  save(text: string): Promise<void>;
}

const isResizable = (c: Container, isInit: boolean): boolean => !isInit || isSidecar(c);
const allocationOf = (pod: Pod): Allocation => ({
  pod: pod.spec.resources,
  containers: Object.fromEntries(
    [
      ...initOf(pod).filter((c) => isResizable(c, true)),
      ...pod.spec.containers.filter((c) => isResizable(c, false)),
    ].map((c) => [c.name, c.resources ?? {}]),
  ),
});
const same = (a: Resources | undefined, b: Resources | undefined): boolean =>
  equalResources(a?.limits, b?.limits) && equalResources(a?.requests, b?.requests);

function withAllocation(pod: Pod, a: Allocation): Pod {
  let changed = false;
  const given = <C extends Container>(c: C): C => {
    const has = a.containers[c.name];
    if (!has || same(c.resources, has)) return c;
    changed = true;
    return { ...c, resources: { ...c.resources, ...has } };
  };
  const containers = pod.spec.containers.map(given);
  const initContainers = pod.spec.initContainers?.map(given);
  const isPodLevel = !same(pod.spec.resources, a.pod);
  if (!changed && !isPodLevel) return pod;
  const { resources: _, ...spec } = pod.spec;
  const resources = isPodLevel ? a.pod : pod.spec.resources;
  return {
    ...pod,
    spec: { ...spec, containers, ...(initContainers && { initContainers }), ...(resources && { resources }) },
  };
}

/** As events of resizes tell: what the pod asks for, as JSON. */
export function resizeMessage(prefix: string, pod: Pod, generation: number, error = ''): string {
  const list = (cs: readonly Container[]) =>
    cs.map((c) => {
      const { limits, requests, claims } = c.resources ?? {};
      const sorted = (l: Readonly<Record<string, string>> | undefined) =>
        l && Object.fromEntries(Object.entries(l).sort(([a], [b]) => (a < b ? -1 : 1)));
      return {
        name: c.name,
        resources: { limits: sorted(limits), requests: sorted(requests), ...(claims?.length && { claims }) },
      };
    });
  const inits = list(initOf(pod));
  const text = JSON.stringify({
    ...(inits.length > 0 && { initContainers: inits }),
    containers: list(pod.spec.containers),
    generation,
    ...(error && { error }),
  });
  return `${prefix}: ${text}`;
}

export type Resizes = ReturnType<typeof createResizes>;

/** `saved`: what save() was last given, '' when never. */
export function createResizes(ctx: ResizesContext, saved: string) {
  const entries = new Map<string, Entry>();
  const actuated = new Map<string, Resources>();
  const kept = new Map<string, Allocation>(
    Object.entries(saved ? (JSON.parse(saved) as Record<string, Allocation>) : {}),
  );
  let saving: Promise<void> = Promise.resolve();
  const generationOf = (pod: Pod) => pod.metadata.generation ?? 0;

  /** Only what the spec does not say has to be kept. */
  const keep = (uid: string, a: Allocation | undefined): void => {
    if (a) kept.set(uid, a);
    else if (!kept.delete(uid)) return;
    const text = JSON.stringify(Object.fromEntries(kept));
    saving = saving.then(() => ctx.save(text)).catch(() => undefined);
  };
  const isPending = (pod: Pod): boolean => {
    const e = entries.get(uidOf(pod));
    return e !== undefined && withAllocation(pod, e.allocation) !== pod;
  };
  const decide = async (pod: Pod): Promise<void> => {
    const uid = uidOf(pod);
    const entry = entries.get(uid);
    if (!entry) return;
    if (!isPending(pod)) {
      // taken back before there was room for it
      if (!entry.pending) return;
      entry.pending = undefined;
      keep(uid, undefined);
      ctx.changed(uid);
      return;
    }
    const refusal = await ctx.judge(pod);
    if (entries.get(uid) !== entry) return;
    const generation = generationOf(pod);
    if (!refusal) {
      entry.allocation = allocationOf(pod);
      entry.pending = undefined;
      entry.inProgress = { type: 'PodResizeInProgress', status: 'True', observedGeneration: generation };
      keep(uid, undefined);
      ctx.event(pod, 'Normal', 'ResizeStarted', resizeMessage('Pod resize started', pod, generation));
      ctx.changed(uid);
      return;
    }
    const isInfeasible = refusal.reason === 'Infeasible';
    const reason = isInfeasible ? 'Infeasible' : 'Deferred';
    const before = entry.pending;
    entry.pending = {
      type: 'PodResizePending',
      status: 'True',
      reason,
      message: refusal.message,
      observedGeneration: generation,
    };
    keep(uid, entry.allocation);
    if (before?.reason !== reason || before.observedGeneration !== generation)
      ctx.event(
        pod,
        'Warning',
        `Resize${reason}`,
        resizeMessage(`Pod resize ${refusal.reason}`, pod, generation, refusal.message),
      );
    if (before?.message !== refusal.message || before.observedGeneration !== generation) ctx.changed(uid);
  };

  /** Those that need no more come first, then by priority, then guaranteed before burstable. */
  const order = (pod: Pod): readonly number[] => {
    const now = withAllocation(pod, entries.get(uidOf(pod))!.allocation);
    const grows = [...initOf(pod), ...pod.spec.containers].some((c) => {
      const has = [...initOf(now), ...now.spec.containers].find((x) => x.name === c.name)?.resources?.requests;
      return (['cpu', 'memory'] as const).some((r) => amount(r, c.resources?.requests?.[r]) > amount(r, has?.[r]));
    });
    return [grows ? 1 : 0, -(pod.spec.priority ?? 0), qosClass(pod) === 'Guaranteed' ? 0 : 1];
  };

  return {
    /** The pod is taken in: it gets what it asks for, or what it had before the kubelet started anew. */
    admitted(pod: Pod): void {
      const uid = uidOf(pod);
      const had = kept.get(uid);
      entries.set(uid, { allocation: had ?? allocationOf(pod), pending: undefined, inProgress: undefined });
      if (had) void decide(pod);
    },
    /** The pod with the resources it has been given; the same object when those are the ones it asks for. */
    allocated(pod: Pod): Pod {
      const a = entries.get(uidOf(pod))?.allocation ?? kept.get(uidOf(pod));
      return a ? withAllocation(pod, a) : pod;
    },
    /** The pod's spec has changed. */
    consider: decide,
    /** There may be room now. */
    async retry(pods: readonly Pod[]): Promise<void> {
      const waiting = pods.filter((p) => entries.get(uidOf(p))?.pending && isPending(p));
      const rank = new Map(waiting.map((p) => [p, order(p)]));
      waiting.sort((a, b) => {
        const [x, y] = [rank.get(a)!, rank.get(b)!];
        return x.map((v, i) => v - y[i]!).find((d) => d !== 0) ?? 0;
      });
      for (const pod of waiting) await decide(pod);
    },
    hasPending: (): boolean => [...entries.values()].some((e) => e.pending),
    conditions(uid: string): readonly ResizeCondition[] {
      const e = entries.get(uid);
      return [e?.pending, e?.inProgress].filter((c) => c !== undefined);
    },
    /** A container was made, or updated, with these. */
    gave(containerId: string, resources: Resources | undefined): void {
      actuated.set(containerId, resources ?? {});
    },
    /** `live` answers for containers that were started before the kubelet. */
    actuated:
      (live: (c: ObservedContainer, spec: Container) => Resources): Actuated =>
      (c, spec) =>
        actuated.get(c.id) ?? live(c, spec),
    /** Said after every pass: whether containers still lack what was allocated, and what went wrong with giving it. */
    progress(pod: Pod, lacking: boolean, error: string | undefined): void {
      const entry = entries.get(uidOf(pod));
      if (!entry) return;
      const before = entry.inProgress;
      if (!lacking && error === undefined) {
        if (!before) return;
        entry.inProgress = undefined;
        const { observedGeneration } = before;
        ctx.event(pod, 'Normal', 'ResizeCompleted', resizeMessage('Pod resize completed', pod, observedGeneration));
        return;
      }
      const observedGeneration = before?.observedGeneration ?? generationOf(pod);
      entry.inProgress = {
        ...(before ?? { type: 'PodResizeInProgress', status: 'True', observedGeneration }),
        ...(error !== undefined && { reason: 'Error', message: error }),
      };
      if (error !== undefined && before?.message !== error)
        ctx.event(pod, 'Warning', 'ResizeError', resizeMessage('Pod resize error', pod, observedGeneration, error));
    },
    forget(uid: string, containerIds: readonly string[]): void {
      entries.delete(uid);
      keep(uid, undefined);
      for (const id of containerIds) actuated.delete(id);
    },
    /** Resolves when what was to be saved is. */
    idle: (): Promise<void> => saving,
  };
}
