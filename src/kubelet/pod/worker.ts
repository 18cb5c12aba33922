/**
 * The life of one pod on this node as an explicit state: admitting → syncing → terminating → terminated. One pass at a time; whatever happens
 * meanwhile asks for another (upstream: pkg/kubelet/pod_workers.go).
 */
import type { Pod, PodStatus } from '../../api/core/v1/types.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import { RuntimeError } from '../cri.ts';
import { type Actuated, resizings } from '../resize/plan.ts';
import type { Resizes } from '../resize/resizes.ts';
import { VolumeError, type MountedVolumes } from '../volumes/pod-volumes.ts';
import type { WaitingReason } from './container-statuses.ts';
import type { Executor, PodEvent } from './executor.ts';
import { podText } from './identity.ts';
import { isLive, nothing, type ObservedPod, type ProbeResults } from './observed.ts';
import { isTerminal } from './phase.ts';
import { type Ended, podStatus, type StatusInput } from './status.ts';
import { syncPod } from './sync-pod.ts';

export type PodState =
  /** The node has not said yet whether it takes the pod. */
  | { readonly phase: 'admitting' }
  | { readonly phase: 'syncing' }
  | {
      readonly phase: 'terminating';
      /** Seconds for every container; undefined = its own. */
      readonly grace: number | undefined;
      /** The kubelet's own reason: deadline, eviction. */
      readonly ended?: Ended | undefined;
    }
  | {
      readonly phase: 'terminated';
      readonly ended?: Ended | undefined;
    };

export interface WorkerContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly executor: Executor;
  readonly probes: ProbeResults & { watch(pod: Pod): void; forget(uid: string): void; stopLiveness(uid: string): void };
  readonly event: PodEvent;
  readonly hostIPs: readonly string[];
  readonly runtimeName: string;
  observe(uid: string): Promise<ObservedPod>;
  setUpVolumes(pod: Pod, podIPs: readonly string[]): Promise<MountedVolumes>;
  tearDownVolumes(uid: string): Promise<void>;
  /** Hands the status on; must not block. `mayRun`: containers may still be running. */
  report(pod: Pod, status: PodStatus, mayRun: boolean): void;
  /** Everything of the pod has ended and its volumes are gone: the API's object may go. */
  finished(pod: Pod, status: PodStatus): void;
  /** Undefined = the network is ready. */
  networkProblem(): string | undefined;
  /** What the pod was given apart from what it asks for. */
  readonly resizes: Pick<Resizes, 'admitted' | 'allocated' | 'conditions' | 'progress'> & {
    readonly actuated: Actuated;
  };
  /** When this pod's volumes want a refresh by themselves (token renewal), in clock time. */
  nextVolumeRefresh(uid: string): number;
}

const retryFirst = 500;
const retryMax = 122_000;
const resync = 60_000;
/** After a start that left something to look at, and after one that waits for people (a missing ConfigMap, no such image). */
const retryStarted = 1000;
const retryConfig = 10_000;

export class PodWorker {
  readonly uid: string;
  #ctx: WorkerContext;
  #pod: Pod;
  #state: PodState = { phase: 'admitting' };
  #status: PodStatus | undefined;
  #observed: ObservedPod = nothing;
  #waiting = new Map<string, WaitingReason>();
  #running: Promise<void> | undefined;
  #again = false;
  #timer: Timer | undefined;
  #pass = new AbortController();
  #retry = 0;
  #closed = false;
  #toldFinished = false;
  #hasEnded = Promise.withResolvers<void>();

  constructor(uid: string, pod: Pod, ctx: WorkerContext) {
    this.uid = uid;
    this.#pod = pod;
    this.#ctx = ctx;
  }
  get pod(): Pod {
    return this.#pod;
  }
  get state(): PodState {
    return this.#state;
  }
  /** Resolves when nothing of the pod runs any more and its volumes are gone. */
  get ended(): Promise<void> {
    return this.#hasEnded.promise;
  }
  /** The status last made. */
  get status(): PodStatus | undefined {
    return this.#status;
  }

  /** A probe of this container would reach it (isLive). */
  reaches(containerId: string): boolean {
    return isLive(this.#observed, containerId);
  }

  /** A new version of the pod, from the API or a file. */
  update(pod: Pod): void {
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp) this.terminate(pod.metadata.deletionGracePeriodSeconds ?? 30);
    this.trigger();
  }

  get isWaiting(): boolean {
    return this.#state.phase === 'admitting' && !this.#closed;
  }
  /** The node takes the pod. */
  admit(): void {
    if (this.#state.phase !== 'admitting') return;
    this.#ctx.resizes.admitted(this.#pod);
    this.#state = { phase: 'syncing' };
    this.trigger();
  }
  /** The node does not take the pod; what runs of it from earlier is ended. */
  refuse({ reason, message }: { readonly reason: string; readonly message: string }): void {
    this.terminate(undefined, { reason, message: `Pod was rejected: ${message}`, refused: true });
  }

  /** Ends the pod. A shorter grace cuts a longer one. */
  terminate(grace: number | undefined, ended?: Ended): void {
    const s = this.#state;
    if (s.phase === 'terminated') {
      this.trigger();
      return;
    }
    if (s.phase === 'terminating') {
      if (grace === undefined || (s.grace !== undefined && s.grace <= grace)) return;
      this.#state = { ...s, grace };
    } else this.#state = { phase: 'terminating', grace, ended };
    // whatever the present pass waits for, it is no longer wanted
    this.#pass.abort(new Error('the pod is terminating'));
    this.#retry = 0;
    this.trigger();
  }

  /** A probe has changed its mind. While the pod ends nothing else would tell. */
  probed(): void {
    if (this.#state.phase !== 'terminating' || !this.#running) this.trigger();
    else if (!this.#closed) this.#report(this.#observed, false);
  }

  /** Asks for a pass; many while one runs make one more. */
  trigger(): void {
    if (this.#closed) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = this.#loop().finally(() => {
      this.#running = undefined;
      if (this.#again) {
        this.#again = false;
        this.trigger();
      }
    });
  }

  /** Ends the worker, not the pod. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    this.#pass.abort(new Error('the kubelet is stopping'));
    this.#ctx.probes.forget(this.uid);
    await this.#running;
  }

  async #loop(): Promise<void> {
    do {
      this.#again = false;
      this.#pass = new AbortController();
      let next: number | undefined;
      try {
        next = await this.#step(this.#pass.signal);
        this.#retry = 0;
      } catch (e) {
        if (this.#closed) return;
        if (this.#pass.signal.aborted) {
          this.#again = true;
          continue;
        }
        const wait = Math.min(retryMax, retryFirst * 2 ** this.#retry++);
        const level = e instanceof RuntimeError || e instanceof VolumeError ? 'info' : 'warn';
        this.#ctx.log[level]('pod could not be synced, will try again', {
          pod: podText(this.#pod),
          wait,
          error: e as Error,
        });
        next = this.#ctx.clock.now() + wait;
      }
      if (!this.#again && !this.#closed) this.#wake(next);
    } while (this.#again && !this.#closed);
  }

  #wake(at: number | undefined): void {
    this.#timer?.cancel();
    if (at === undefined) return;
    this.#timer = this.#ctx.clock.after(Math.max(10, at - this.#ctx.clock.now()), () => {
      this.#timer = undefined;
      this.trigger();
    });
  }

  /** One pass; returns when to look again by itself. */
  async #step(signal: AbortSignal): Promise<number | undefined> {
    switch (this.#state.phase) {
      case 'admitting':
        return undefined;
      case 'syncing':
        return this.#sync(signal);
      case 'terminating':
        return this.#terminate(signal);
      case 'terminated':
        return this.#afterEnd();
    }
  }

  async #sync(signal: AbortSignal): Promise<number | undefined> {
    const { clock, executor, probes, resizes } = this.#ctx;
    const pod = resizes.allocated(this.#pod);
    let observed = await this.#ctx.observe(this.uid);
    let retryAt = clock.now() + resync;
    const problem = this.#pod.spec.hostNetwork ? undefined : this.#ctx.networkProblem();

    const ended = deadline(this.#pod, this.#status, clock.now());
    if (typeof ended === 'number') retryAt = Math.min(retryAt, ended);
    else if (ended) {
      this.#ctx.event(this.#pod, 'Normal', ended.reason, ended.message);
      this.#state = { phase: 'terminating', grace: undefined, ended };
      this.#again = true;
      return undefined;
    }
    for (const name of [...this.#waiting.keys()]) {
      const c = observed.containers.find((o) => o.name === name);
      if (c?.state === 'running') this.#waiting.delete(name);
    }
    const status = this.#report(observed, false);
    if (isTerminal(status.phase)) {
      this.#state = { phase: 'terminating', grace: undefined };
      this.#again = true;
      return undefined;
    }
    if (problem !== undefined && observed.sandboxes.length === 0) {
      this.#ctx.event(this.#pod, 'Warning', 'NetworkNotReady', `network is not ready: ${problem}`);
      throw new Error(`network is not ready: ${problem}`);
    }
    let ops = syncPod(pod, observed, probes, resizes.actuated);
    if (ops.length > 0) await executor.ensureCgroup(pod);
    const volumes = await this.#volumes(observed);
    // containers of a sandbox that is replaced are not asked any more
    if (ops.some((o) => o.op === 'createSandbox')) probes.forget(this.uid);
    else probes.watch(this.#pod);
    for (let round = 0; ops.length > 0 && !signal.aborted; round++) {
      const done = await executor.perform(pod, observed, ops, volumes, signal);
      if (signal.aborted) break;
      for (const name of done.started) this.#waiting.delete(name);
      for (const f of done.failures) {
        this.#waiting.set(f.container, { reason: f.reason, message: f.message });
        retryAt = Math.min(retryAt, f.retryAt ?? clock.now() + (done.changed ? retryStarted : retryConfig));
      }
      observed = await this.#ctx.observe(this.uid);
      resizes.progress(this.#pod, resizings(pod, observed, resizes.actuated).length > 0, done.resizeError);
      if (done.resizeError !== undefined) retryAt = Math.min(retryAt, clock.now() + retryConfig);
      this.#report(observed, false);
      if (!done.sandboxError) probes.watch(this.#pod);
      if (done.sandboxError) throw new RuntimeError(2, done.sandboxError);
      if (!done.changed || done.failures.length > 0 || done.resizeError !== undefined || round >= 8) break;
      ops = syncPod(pod, observed, probes, resizes.actuated);
    }
    if (ops.length === 0 && resizes.conditions(this.uid).some((c) => c.type === 'PodResizeInProgress')) {
      resizes.progress(this.#pod, resizings(pod, observed, resizes.actuated).length > 0, undefined);
      this.#report(observed, false);
    }
    return Math.min(retryAt, this.#ctx.nextVolumeRefresh(this.uid));
  }

  async #volumes(observed: ObservedPod): Promise<MountedVolumes> {
    try {
      return await this.#ctx.setUpVolumes(this.#pod, observed.ips);
    } catch (e) {
      if (e instanceof VolumeError)
        for (const message of e.message.split('\n')) this.#ctx.event(this.#pod, 'Warning', 'FailedMount', message);
      throw e;
    }
  }

  async #terminate(signal: AbortSignal): Promise<undefined> {
    const { executor, probes } = this.#ctx;
    probes.stopLiveness(this.uid);
    let observed = await this.#ctx.observe(this.uid);
    this.#report(observed, false);
    const grace = this.#state.phase === 'terminating' ? this.#state.grace : 0;
    try {
      await executor.killPod(this.#pod, observed, grace, signal);
    } catch (e) {
      if (!signal.aborted)
        this.#ctx.event(this.#pod, 'Warning', 'FailedKillPod', `error killing pod: ${(e as Error).message}`);
      throw e;
    }
    if (signal.aborted) throw signal.reason;
    observed = await this.#ctx.observe(this.uid);
    const running = observed.containers.find((c) => c.state === 'running');
    if (running) throw new Error(`container ${running.name} still runs after it was stopped`);
    probes.forget(this.uid);
    this.#report(observed, true);
    // volumes are looked at by containers until all have ended
    await this.#ctx.tearDownVolumes(this.uid);
    await executor.removeCgroup(this.#pod);
    const ended = this.#state.phase === 'terminating' ? this.#state.ended : undefined;
    this.#state = { phase: 'terminated', ended };
    this.#hasEnded.resolve();
    this.#again = true;
    return undefined;
  }

  #afterEnd(): undefined {
    if (this.#pod.metadata.deletionTimestamp || !this.#toldFinished) {
      this.#toldFinished = true;
      this.#ctx.finished(this.#pod, this.#status ?? this.#pod.status);
    }
    return undefined;
  }

  #report(observed: ObservedPod, final: boolean): PodStatus {
    const state = this.#state;
    const ended = state.phase === 'terminating' || state.phase === 'terminated' ? state.ended : undefined;
    const input: StatusInput = {
      pod: this.#ctx.resizes.allocated(this.#pod),
      resizes: this.#ctx.resizes.conditions(this.uid),
      observed,
      probes: this.#ctx.probes,
      waiting: this.#waiting,
      previous: this.#status ?? this.#pod.status,
      final,
      ended,
      hostIPs: this.#ctx.hostIPs,
      runtimeName: this.#ctx.runtimeName,
      now: this.#ctx.clock.now(),
    };
    this.#observed = observed;
    this.#status = podStatus(input);
    this.#ctx.report(this.#pod, this.#status, !final);
    return this.#status;
  }
}

/** activeDeadlineSeconds: over = how the pod ends; a number = when it will be (upstream: active_deadline.go). */
export function deadline(
  pod: Pod,
  status: PodStatus | undefined,
  now: number,
): { readonly reason: string; readonly message: string } | number | undefined {
  const seconds = pod.spec.activeDeadlineSeconds;
  const start = status?.startTime ?? pod.status.startTime;
  if (seconds === undefined || start === undefined) return undefined;
  const at = Date.parse(start) + seconds * 1000;
  return now >= at
    ? { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' }
    : at;
}
