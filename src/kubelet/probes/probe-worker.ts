/** Liveness, readiness and startup probes of every container, one loop each (upstream: pkg/kubelet/prober). */
import type { ContainerStatus, Pod, PodStatus, Probe } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import { type AnyContainer, initOf, isSidecar, uidOf } from '../pod/identity.ts';
import type { ProbeKind, ProbeResults, ProbeVerdict } from '../pod/observed.ts';
import { shouldRestartAfterExit } from '../pod/observed.ts';
import { isTerminal } from '../pod/phase.ts';
import type { Check } from './check.ts';

export interface ProbeHost {
  readonly clock: Clock;
  readonly random: () => number;
  readonly check: Check;
  /** The pod as it is now and the status last made; undefined when it is gone. */
  look(uid: string): Looked | undefined;
  /** A result has changed: the pod needs a look. */
  changed(uid: string): void;
  event(pod: Pod, container: string, reason: 'Unhealthy' | 'ProbeWarning', message: string): void;
}

export interface Looked {
  readonly pod: Pod;
  readonly status: PodStatus;
  /** The container runs in the pod's present sandbox and the pod's address is known. */
  live(containerId: string): boolean;
}

export interface Probes extends ProbeResults {
  /** Starts loops for the pod's probes that have none, and wakes those whose container is new. */
  watch(pod: Pod): void;
  /** Ends all loops of the pod. */
  forget(uid: string): void;
  /** Ends liveness and startup loops: the pod is going down, readiness goes on. */
  stopLiveness(uid: string): void;
  close(): void;
}

const words: Record<ProbeKind, string> = { liveness: 'Liveness', readiness: 'Readiness', startup: 'Startup' };
const initial: Record<ProbeKind, ProbeVerdict> = { liveness: 'success', readiness: 'failure', startup: 'unknown' };
const retries = 3;

const statusOf = (status: PodStatus, name: string): ContainerStatus | undefined =>
  [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find(
    (s) => s.name === name && s.containerID,
  );
const idOf = (s: ContainerStatus): string => s.containerID!.replace(/^.*:\/\//, '');

export function createProbes(host: ProbeHost): Probes {
  const results: Record<ProbeKind, Map<string, ProbeVerdict>> = {
    liveness: new Map(),
    readiness: new Map(),
    startup: new Map(),
  };
  interface Loop {
    readonly kind: ProbeKind;
    readonly abort: AbortController;
    containerId: string;
    nudge: () => void;
  }
  const loops = new Map<string, Loop>();
  const began = host.clock.now();
  const key = (uid: string, container: string, kind: ProbeKind) => `${uid}/${container}/${kind}`;

  const set = (uid: string, kind: ProbeKind, id: string, verdict: ProbeVerdict) => {
    if (results[kind].get(id) === verdict) return;
    results[kind].set(id, verdict);
    host.changed(uid);
    // the others wait for the startup probe: let them look at once
    if (kind === 'startup' && verdict === 'success')
      for (const [k, l] of loops) if (k.startsWith(`${uid}/`) && l.kind !== 'startup') l.nudge();
  };

  const run = async (uid: string, container: AnyContainer, kind: ProbeKind, probe: Probe, loop: Loop) => {
    const { signal } = loop.abort;
    const name = key(uid, container.name, kind);
    const period = (probe.periodSeconds ?? 10) * 1000;
    let last: ProbeVerdict | undefined;
    let count = 0;
    let onHold = false;
    /** False ends the loop. */
    const step = async (): Promise<boolean> => {
      const seen = host.look(uid);
      if (!seen) return true;
      const { pod, status } = seen;
      const live = (x: string) => !signal.aborted && host.look(uid)?.live(x) === true;
      if (isTerminal(status.phase)) return false;
      const c = statusOf(status, container.name);
      if (!c) return true;
      const id = idOf(c);
      if (loop.containerId !== id) {
        if (loop.containerId) results[kind].delete(loop.containerId);
        loop.containerId = id;
        onHold = false;
        last = undefined;
        count = 0;
        const startedAt = Date.parse(c.state.running?.startedAt ?? '');
        // a kubelet that starts anew does not turn ready containers unready
        if (startedAt && startedAt < began - 10_000 && c.ready && kind !== 'liveness') results[kind].set(id, 'success');
        else set(uid, kind, id, initial[kind]);
      }
      if (onHold) return true;
      if (!c.state.running) {
        set(uid, kind, id, 'failure');
        const ended = c.state.terminated;
        return !ended || shouldRestartAfterExit(container, pod, ended.exitCode);
      }
      if (pod.metadata.deletionTimestamp && kind !== 'readiness') {
        set(uid, kind, id, 'success');
        return false;
      }
      const age = host.clock.now() - Date.parse(c.state.running.startedAt ?? '');
      if (age < (probe.initialDelaySeconds ?? 0) * 1000) return true;
      const started = results.startup.get(id) === 'success' || !container.startupProbe;
      if (started === (kind === 'startup')) return true;

      // a sandbox that is going takes its containers with it: what a probe found there says nothing of the pod
      if (!live(id)) return true;
      const verdict = await attempt(pod, status, container, kind, probe, id, live);
      if (signal.aborted || verdict === undefined) return !signal.aborted;
      if (last === verdict) count++;
      else {
        last = verdict;
        count = 1;
      }
      if (verdict === 'failure' && count < (probe.failureThreshold ?? 3)) return true;
      if (verdict === 'success' && count < (probe.successThreshold ?? 1)) return true;
      set(uid, kind, id, verdict);
      if ((kind === 'liveness' && verdict === 'failure') || kind === 'startup') {
        onHold = true;
        count = 0;
      }
      return true;
    };
    // after a restart of the kubelet probes would all fire at once
    const uptime = host.clock.now() - began;
    const sinceStart = host.look(uid)?.status.containerStatuses?.some((s) => s.state.running);
    if (uptime < period && sinceStart) await host.clock.sleep(host.random() * period, signal).catch(() => undefined);
    while (!signal.aborted && (await step())) {
      const id = loop.containerId;
      // a container that is not there yet is looked for more often than it is probed
      const wait = id === '' ? Math.min(period, 1000) : firstWait(uid, container.name, probe, period);
      await new Promise<void>((resolve) => {
        const timer = host.clock.after(wait, done);
        function done() {
          timer.cancel();
          signal.removeEventListener('abort', done);
          resolve();
        }
        loop.nudge = done;
        signal.addEventListener('abort', done, { once: true });
      });
    }
    if (loop.containerId) results[kind].delete(loop.containerId);
    if (loops.get(name) === loop) loops.delete(name);
  };

  /** A period, or less when the initial delay ends before it. */
  const firstWait = (uid: string, name: string, probe: Probe, period: number): number => {
    const status = host.look(uid)?.status;
    const c = status && statusOf(status, name);
    const startedAt = Date.parse(c?.state.running?.startedAt ?? '');
    const due = startedAt + (probe.initialDelaySeconds ?? 0) * 1000 - host.clock.now();
    return due > 0 ? Math.min(period, due) : period;
  };

  /** Undefined: the probe itself went wrong, or its container went meanwhile, and it says nothing. */
  const attempt = async (
    pod: Pod,
    status: PodStatus,
    container: AnyContainer,
    kind: ProbeKind,
    probe: Probe,
    id: string,
    live: (id: string) => boolean,
  ): Promise<ProbeVerdict | undefined> => {
    let fault: unknown;
    for (let i = 0; i < retries; i++)
      try {
        const r = await host.check(probe, { container, containerId: id, podIP: status.podIP ?? '' });
        if (!live(id)) return undefined;
        if (r.verdict === 'failure') {
          host.event(pod, container.name, 'Unhealthy', `${words[kind]} probe failed: ${r.output}`);
          return 'failure';
        }
        if (r.verdict === 'warning')
          host.event(pod, container.name, 'ProbeWarning', `${words[kind]} probe warning: ${r.output}`);
        return r.verdict === 'unknown' ? 'failure' : 'success';
      } catch (e) {
        fault = e;
      }
    if (!live(id)) return undefined;
    host.event(
      pod,
      container.name,
      'Unhealthy',
      `${words[kind]} probe errored and resulted in unknown state: ${(fault as Error).message}`,
    );
    return undefined;
  };

  return {
    result: (kind, id) => results[kind].get(id),
    watch(pod) {
      const uid = uidOf(pod);
      for (const c of [...pod.spec.containers, ...initOf(pod).filter(isSidecar)] as AnyContainer[])
        for (const kind of ['startup', 'readiness', 'liveness'] as const) {
          const probe = { startup: c.startupProbe, readiness: c.readinessProbe, liveness: c.livenessProbe }[kind];
          const k = key(uid, c.name, kind);
          if (!probe) continue;
          const present = loops.get(k);
          if (present) {
            const status = host.look(uid)?.status;
            const s = status && statusOf(status, c.name);
            if (s?.state.running && idOf(s) !== present.containerId) present.nudge();
            continue;
          }
          const loop: Loop = { kind, abort: new AbortController(), containerId: '', nudge: () => undefined };
          loops.set(k, loop);
          void run(uid, c, kind, probe, loop);
        }
    },
    forget(uid) {
      for (const [k, loop] of loops)
        if (k.startsWith(`${uid}/`)) {
          loop.abort.abort();
          loops.delete(k);
        }
    },
    stopLiveness(uid) {
      for (const [k, loop] of loops)
        if (k.startsWith(`${uid}/`) && loop.kind !== 'readiness') {
          loop.abort.abort();
          loops.delete(k);
        }
    },
    close() {
      for (const loop of loops.values()) loop.abort.abort();
      loops.clear();
    },
  };
}
