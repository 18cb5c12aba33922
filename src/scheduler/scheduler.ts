/** The scheduler's loop: takes a pod from the queue, decides, binds in the background, and says why when no node fits. */
import type { Pod } from '../api/core/v1/types.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Running } from '../base/running.ts';
import type { Client, EventSeriesRecorder, InformerFactory } from '../client/index.ts';
import { createCache, informersOf, wire } from './cluster-events.ts';
import { type Decision, decide } from './decide.ts';
import type { Plugin, Reservation } from './framework.ts';
import { Nominator } from './nominator.ts';
import { defaultPlugins } from './plugins/table.ts';
import { bind, evict, patchStatus } from './pod-writes.ts';
import { type Candidate, preempt } from './preemption.ts';
import { type QueuedPod, SchedulingQueue } from './queue.ts';
import { fitErrorMessage, noNodesMessage, truncateNote } from './status.ts';

export interface SchedulerOptions {
  readonly client: Client;
  /** The scheduler adds the informers it needs; the caller starts them after. */
  readonly informers: InformerFactory;
  readonly recorder: EventSeriesRecorder;
  readonly clock: Clock;
  readonly log: Logger;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
  /** Pods with this spec.schedulerName are scheduled; default `default-scheduler`. */
  readonly schedulerName?: string;
  readonly plugins?: readonly Plugin[];
}

type Held = Reservation & { readonly plugin: string };

/** Decisions are made this long before other work gets its turn. */
const sliceMs = 20;

export function startScheduler(o: SchedulerOptions, signal: AbortSignal): Running {
  const schedulerName = o.schedulerName ?? 'default-scheduler';
  const plugins = o.plugins ?? defaultPlugins;
  const informers = informersOf(o.informers);
  const cache = createCache(informers);
  const nominator = new Nominator();
  const background = new Set<Promise<void>>();
  const run = (what: string, pod: Pod, work: () => Promise<void>): void => {
    const p = work()
      .catch((error) => {
        if (!signal.aborted)
          o.log.error(what, { pod: `${pod.metadata.namespace}/${pod.metadata.name}`, error: error as Error });
      })
      .finally(() => background.delete(p));
    background.add(p);
  };

  let running = false;
  let planned = false;
  const queue = new SchedulingQueue({
    clock: o.clock,
    plugins,
    onReady: () => {
      if (!running || planned) return;
      planned = true;
      setImmediate(turn);
    },
    onGated: (pod, _status) =>
      run('could not tell that the pod is gated', pod, () =>
        patchStatus(
          o.client,
          pod,
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'SchedulingGated',
            message: 'Scheduling is blocked due to non-empty scheduling gates',
          },
          undefined,
          o.clock.now(),
          signal,
        ),
      ),
  });
  const unwire = wire({ informers, cache, queue, nominator, schedulerName });

  const told = (
    regarding: Pod,
    type: 'Normal' | 'Warning',
    reason: string,
    action: string,
    note: string,
    related?: Pod,
  ): void => o.recorder.event({ regarding, type, reason, action, note, ...(related && { related }) });

  let startIndex = 0;
  const turn = (): void => {
    planned = false;
    const until = o.clock.monotonic() + sliceMs;
    while (!signal.aborted) {
      const q = queue.pop();
      if (!q) return;
      scheduleOne(q);
      if (o.clock.monotonic() >= until) {
        planned = true;
        setImmediate(turn);
        return;
      }
    }
  };

  const scheduleOne = (q: QueuedPod): void => {
    const { pod } = q.info;
    if (pod.metadata.deletionTimestamp) {
      told(pod, 'Warning', 'FailedScheduling', 'Scheduling', `skip schedule deleting pod: ${q.info.key}`);
      return;
    }
    let decision: Decision;
    try {
      decision = decide({
        pod: q.info,
        cluster: cache,
        plugins,
        nominated: nominator.on,
        startIndex,
        random: o.random,
      });
      startIndex = decision.nextStartIndex;
    } catch (error) {
      o.log.error('deciding failed', { pod: q.info.key, error: error as Error });
      fail(q, 'SchedulerError', (error as Error).message);
      return;
    }
    if (decision.kind === 'none') {
      refuse(q, decision);
      return;
    }
    const { node } = decision;
    const held: Held[] = [];
    for (const p of plugins) {
      const r = p.reserve?.(q.info, node, cache);
      if (typeof r === 'string') {
        for (const h of held) h.release();
        fail(q, 'SchedulerError', `running Reserve plugin "${p.name}": ${r}`);
        return;
      }
      if (r) held.push({ ...r, plugin: p.name });
    }
    cache.assume(q.info, node.name);
    nominator.delete(q.info.uid);
    run('binding failed', pod, () => place(q, node.name, held));
  };

  const place = async (q: QueuedPod, nodeName: string, held: readonly Held[]): Promise<void> => {
    const { pod } = q.info;
    let step = 'Bind plugin "DefaultBinder"';
    try {
      // What takes time shows where the pod is going meanwhile (NominatedNodeNameForExpectation).
      if (held.length > 0) await patchStatus(o.client, pod, undefined, nodeName, o.clock.now(), signal).catch(() => {});
      for (const h of held) {
        step = `PreBind plugin "${h.plugin}"`;
        await h.preBind({ client: o.client, clock: o.clock, signal });
      }
      step = 'Bind plugin "DefaultBinder"';
      await bind(o.client, pod, nodeName, signal);
    } catch (e) {
      cache.forget(q.info.uid);
      for (const h of held) h.release();
      if (signal.aborted) return;
      queue.moveOn({ kind: 'AssignedPodDelete', pod });
      const text = e instanceof Error ? e.message : String(e);
      fail(q, 'SchedulerError', `running ${step}: ${text}`);
      return;
    }
    for (const h of held) h.release();
    told(pod, 'Normal', 'Scheduled', 'Binding', `Successfully assigned ${q.info.key} to ${nodeName}`);
  };

  /** The pod as it is now; undefined when it is gone, another one, or has its node. */
  const latest = (q: QueuedPod): Pod | undefined => {
    const now = informers.pods.get(q.info.key);
    return now && now.metadata.uid === q.info.uid && !now.spec.nodeName ? now : undefined;
  };
  const report = (
    pod: Pod,
    reason: 'Unschedulable' | 'SchedulerError',
    message: string,
    nominatedNodeName: string | undefined,
  ): void => {
    told(pod, 'Warning', 'FailedScheduling', 'Scheduling', truncateNote(message));
    run('could not write the pod status', pod, () =>
      patchStatus(
        o.client,
        pod,
        { type: 'PodScheduled', status: 'False', reason, message },
        nominatedNodeName,
        o.clock.now(),
        signal,
      ),
    );
  };
  const fail = (q: QueuedPod, reason: 'SchedulerError', message: string): void => {
    const pod = latest(q);
    if (!pod) return;
    q.info = { ...q.info, pod };
    queue.addError(q);
    report(pod, reason, message, '');
  };

  const refuse = (q: QueuedPod, d: Decision & { kind: 'none' }): void => {
    const pod = latest(q);
    if (!pod) return;
    q.info = { ...q.info, pod };
    let message = noNodesMessage;
    let nominate: string | undefined;
    if (d.diagnosis) {
      const found = preempt({
        pod: q.info,
        cluster: cache,
        plans: d.plans,
        diagnosis: d.diagnosis,
        nominated: nominator.on,
        budgets: informers.budgets.list(),
        random: o.random,
      });
      if (found.kind === 'candidate') {
        nominate = found.candidate.nodeName;
        makeRoom(q, found.candidate);
      } else if (found.clear) nominate = '';
      message = fitErrorMessage({ ...d.diagnosis, ...(found.kind === 'none' && { postFilterMessage: found.message }) });
    }
    queue.addUnschedulable(q, d.plugins);
    if (nominate) nominator.set(q.info, nominate);
    else if (nominate === '') nominator.delete(q.info.uid);
    report(pod, 'Unschedulable', message, nominate);
  };

  const makeRoom = (q: QueuedPod, c: Candidate): void => {
    // Pods of lower priority that were promised this node have to look again.
    for (const p of [...nominator.on(c.nodeName)]) {
      if (p.priority >= q.info.priority) continue;
      nominator.delete(p.uid);
      run('could not take back the promise of a node', p.pod, () =>
        patchStatus(o.client, p.pod, undefined, '', o.clock.now(), signal),
      );
    }
    for (const { pod: victim } of c.victims)
      run('could not preempt a pod', victim, async () => {
        if (victim.metadata.deletionTimestamp) return;
        try {
          if (!(await evict(o.client, victim, schedulerName, o.clock.now(), signal))) return;
        } catch (e) {
          // No deletion will wake the pod that waits for it.
          queue.retry(q.info.uid);
          throw e;
        }
        const note = `Preempted by pod ${q.info.uid} on node ${c.nodeName}`;
        told(victim, 'Normal', 'Preempted', 'Preempting', note, q.info.pod);
      });
  };

  const stopped = (async () => {
    try {
      await Promise.all(Object.values(informers).map((i) => i.synced(signal)));
      running = true;
      planned = true;
      turn();
      o.log.info('scheduling', { scheduler: schedulerName });
      if (!signal.aborted) await new Promise<void>((r) => signal.addEventListener('abort', () => r(), { once: true }));
    } catch (e) {
      if (!signal.aborted) throw e;
    } finally {
      running = false;
      unwire();
      queue.close();
      await Promise.allSettled([...background]);
    }
  })();
  return { stopped };
}
