/**
 * Pods that wait for a node: those to be tried now by priority, those backing off, and those that nothing can be done for until
 * the cluster changes (upstream: internal/queue/scheduling_queue.go).
 */
import type { Pod } from '../api/core/v1/types.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { ClusterEvent, Plugin } from './framework.ts';
import { Heap } from './heap.ts';
import { type PodInfo, podInfoOf } from './pod-info.ts';
import type { Status } from './status.ts';

const initialBackoffMs = 1_000;
const maxBackoffMs = 10_000;
/** A pod is tried again after this long even if no event asked for it. */
const maxUnschedulableMs = 300_000;
const flushEveryMs = 30_000;

export interface QueuedPod {
  info: PodInfo;
  attempts: number;
  /** How often no node took it: what its back-off grows with. */
  refusals: number;
  /** Failures that were not the pod's fault in a row; they back off for themselves. */
  errors: number;
  /** When it was put where it is; milliseconds of the clock. */
  since: number;
  /** Plug-ins that refused it last; empty = any event may help. */
  plugins: ReadonlySet<string>;
  where: 'active' | 'backoff' | 'error' | 'unschedulable' | 'gated' | 'out';
  readyAt: number;
  /** Order of arrival, to break ties. */
  seq: number;
}

export interface QueueOptions {
  readonly clock: Clock;
  readonly plugins: readonly Plugin[];
  /** A pod can be popped. */
  readonly onReady: () => void;
  readonly onGated: (pod: Pod, status: Status) => void;
}

export class SchedulingQueue {
  readonly #o: QueueOptions;
  readonly #pods = new Map<string, QueuedPod>();
  readonly #active = new Heap<{ q: QueuedPod; seq: number }>((a, b) => earlier(a.q, b.q));
  /** Entries whose pod has moved on are skipped when they surface. */
  readonly #backoff = new Heap<{ q: QueuedPod; seq: number; at: number }>(
    (a, b) => a.at < b.at || (a.at === b.at && a.seq < b.seq),
  );
  readonly #waiting = new Map<string, QueuedPod>();
  /** Refused pods that back off, and some that did. */
  readonly #resting = new Set<QueuedPod>();
  #seq = 0;
  #timer: Timer | undefined;
  #flush: Timer | undefined;
  #closed = false;

  constructor(o: QueueOptions) {
    this.#o = o;
    this.#armFlush();
  }

  /** Pods in the queue, wherever they wait. */
  get size(): number {
    return this.#pods.size;
  }
  where(uid: string): QueuedPod['where'] | undefined {
    return this.#pods.get(uid)?.where;
  }

  add(pod: Pod): void {
    const info = podInfoOf(pod);
    if (this.#pods.has(info.uid)) return;
    const q: QueuedPod = {
      info,
      attempts: 0,
      refusals: 0,
      errors: 0,
      since: this.#o.clock.now(),
      plugins: new Set(),
      where: 'out',
      readyAt: 0,
      seq: 0,
    };
    this.#activate(q);
  }
  /** A waiting pod changed; `event` is set when more than its status did. */
  update(pod: Pod, event: ClusterEvent | undefined): void {
    const q = this.#pods.get(pod.metadata.uid ?? '');
    if (!q) {
      this.add(pod);
      return;
    }
    const { priority } = q.info;
    q.info = podInfoOf(pod);
    if (q.where === 'active' && q.info.priority !== priority) this.#activate(q);
    if (!event) return;
    if (q.where === 'gated') this.#activate(q);
    else if (q.where === 'unschedulable' && this.#helps(event, q)) this.#release(q);
  }
  delete(uid: string): void {
    const q = this.#pods.get(uid);
    if (q) q.where = 'out';
    this.#pods.delete(uid);
    this.#waiting.delete(uid);
  }

  /** The pod to try next. It is out of the queue until it is handed back. */
  pop(): QueuedPod | undefined {
    for (let e = this.#active.pop(); e; e = this.#active.pop())
      if (e.q.where === 'active' && e.seq === e.q.seq) return this.#out(e.q);
    // Nothing else to do: no reason to let a refused pod wait. Pods that met an error do wait (SchedulerPopFromBackoffQ).
    let earliest: QueuedPod | undefined;
    for (const q of this.#resting)
      if (q.where !== 'backoff') this.#resting.delete(q);
      else if (!earliest || earlier(q, earliest)) earliest = q;
    return earliest && this.#out(earliest);
  }
  /** No node took it: waits for an event that may change the mind of one of the plug-ins. */
  addUnschedulable(q: QueuedPod, plugins: ReadonlySet<string>): void {
    if (this.#closed || this.#pods.has(q.info.uid)) return;
    q.plugins = plugins;
    q.refusals++;
    q.errors = 0;
    q.since = this.#o.clock.now();
    q.where = 'unschedulable';
    this.#pods.set(q.info.uid, q);
    this.#waiting.set(q.info.uid, q);
  }
  /** Something failed on the way: tried again after its back-off. */
  addError(q: QueuedPod): void {
    if (this.#closed || this.#pods.has(q.info.uid)) return;
    q.errors++;
    q.since = this.#o.clock.now();
    this.#pods.set(q.info.uid, q);
    this.#backOff(q, 'error', backoffMs(q.errors));
  }
  /** What a refused pod waits for will not happen by itself: it is tried again after its back-off. */
  retry(uid: string): void {
    const q = this.#waiting.get(uid);
    if (q?.where !== 'unschedulable') return;
    this.#waiting.delete(uid);
    this.#backOff(q, 'error', backoffMs(q.refusals));
  }
  /** Wakes the waiting pods that an event may help. */
  moveOn(event: ClusterEvent): void {
    for (const q of [...this.#waiting.values()])
      if (q.where === 'unschedulable' && this.#helps(event, q)) this.#release(q);
  }
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#flush?.cancel();
    this.#pods.clear();
    this.#waiting.clear();
    this.#resting.clear();
  }

  #helps(event: ClusterEvent, q: QueuedPod): boolean {
    if (q.plugins.size === 0) return true;
    return this.#o.plugins.some((p) => q.plugins.has(p.name) && (p.requeue?.(event, q.info.pod) ?? false));
  }
  #release(q: QueuedPod): void {
    this.#waiting.delete(q.info.uid);
    const left = q.since + backoffMs(q.refusals) - this.#o.clock.now();
    if (left > 0 && q.refusals > 0) this.#backOff(q, 'backoff', left);
    else this.#activate(q);
  }
  #activate(q: QueuedPod): void {
    if (this.#closed) return;
    const { uid } = q.info;
    this.#pods.set(uid, q);
    for (const p of this.#o.plugins) {
      const status = p.preEnqueue?.(q.info.pod);
      if (!status) continue;
      const told = q.where === 'gated';
      q.where = 'gated';
      q.plugins = new Set([p.name]);
      this.#waiting.set(uid, q);
      if (!told) this.#o.onGated(q.info.pod, status);
      return;
    }
    this.#waiting.delete(uid);
    q.where = 'active';
    q.seq = this.#seq++;
    this.#active.push({ q, seq: q.seq });
    this.#o.onReady();
  }
  #backOff(q: QueuedPod, where: 'backoff' | 'error', ms: number): void {
    q.where = where;
    q.seq = this.#seq++;
    q.readyAt = this.#o.clock.now() + ms;
    this.#backoff.push({ q, seq: q.seq, at: q.readyAt });
    this.#arm();
    if (where !== 'backoff') return;
    this.#resting.add(q);
    this.#o.onReady();
  }
  #out(q: QueuedPod): QueuedPod {
    q.where = 'out';
    q.attempts++;
    this.#pods.delete(q.info.uid);
    return q;
  }
  #arm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const now = this.#o.clock.now();
    for (let e = this.#backoff.peek(); e; e = this.#backoff.peek()) {
      const stale = e.seq !== e.q.seq || (e.q.where !== 'backoff' && e.q.where !== 'error');
      if (!stale && e.at > now) {
        this.#timer = this.#o.clock.after(e.at - now, () => this.#arm());
        return;
      }
      this.#backoff.pop();
      if (!stale) this.#activate(e.q);
    }
  }
  #armFlush(): void {
    this.#flush = this.#o.clock.after(flushEveryMs, () => {
      const limit = this.#o.clock.now() - maxUnschedulableMs;
      for (const q of [...this.#waiting.values()])
        if (q.where === 'unschedulable' && q.since <= limit) this.#release(q);
      if (!this.#closed) this.#armFlush();
    });
  }
}

/** 1 s after the first failure, doubling to 10 s. */
export const backoffMs = (failures: number): number =>
  Math.min(maxBackoffMs, initialBackoffMs * 2 ** Math.min(Math.max(failures - 1, 0), 10));

const earlier = (a: QueuedPod, b: QueuedPod): boolean =>
  a.info.priority !== b.info.priority
    ? a.info.priority > b.info.priority
    : a.since !== b.since
      ? a.since < b.since
      : a.seq < b.seq;
