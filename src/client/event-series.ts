/**
 * Records what happened to an object as events.k8s.io/v1 Events: what repeats itself becomes a series of one Event. The scheduler's
 * way; the other components use event-recorder.ts. Source: client-go tools/events (event_broadcaster.go), KEP-383.
 */
import { EventsV1 } from '../api/events/v1/resources.ts';
import type { Event } from '../api/events/v1/types.ts';
import type { KubeObject } from '../api/resource-row.ts';
import { type Clock, rfc3339Micro, type Timer } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { isAlreadyExists, isNotFound, StatusError } from '../machinery/status-error.ts';
import type { Input } from '../schema/dsl.ts';
import type { Client } from './client.ts';

/** A series that stood still for so long is over. */
const finishMs = 6 * 60_000;
/** A series that goes on is written this often. */
const refreshMs = 30 * 60_000;
const tries = 12;
const retryMs = 10_000;
const queueSize = 1000;

export interface SeriesEvent {
  readonly regarding: KubeObject;
  readonly related?: KubeObject;
  readonly type: 'Normal' | 'Warning';
  /** `FailedScheduling` */
  readonly reason: string;
  /** `Scheduling` */
  readonly action: string;
  /** At most 1024 bytes. */
  readonly note: string;
}

/** Never throws, never waits. */
export interface EventSeriesRecorder {
  event(e: SeriesEvent): void;
}

export interface EventSeriesOptions {
  readonly client: Client;
  /** `default-scheduler` */
  readonly controller: string;
  /** Name of the machine. */
  readonly host: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

type NewEvent = Input<Event> & { readonly metadata: { readonly namespace: string; readonly name: string } };
interface Entry {
  readonly event: NewEvent;
  readonly at: number;
  count: number;
  last: number;
  written: number;
}

const referenceTo = (o: KubeObject) => ({
  kind: o.kind,
  namespace: o.metadata.namespace,
  name: o.metadata.name,
  uid: o.metadata.uid,
  apiVersion: o.apiVersion,
  resourceVersion: o.metadata.resourceVersion,
});

export function createEventSeriesRecorder(o: EventSeriesOptions): EventSeriesRecorder & { idle(): Promise<void> } {
  const { clock, signal } = o;
  const known = new Map<string, Entry>();
  const jobs: (() => Promise<void>)[] = [];
  let working: Promise<void> | undefined;
  let timer: Timer | undefined;
  let lastName = 0n;

  const seriesOf = (e: Entry) => ({ series: { count: e.count, lastObservedTime: rfc3339Micro(e.last) } });
  const write = async (e: Entry): Promise<void> => {
    if (e.count > 1)
      try {
        await o.client.patch(EventsV1, e.event.metadata, 'application/strategic-merge-patch+json', seriesOf(e), {
          signal,
        });
        return;
      } catch (error) {
        // It expired meanwhile: a new one with the count so far.
        if (!isNotFound(error)) throw error;
      }
    await o.client.create(EventsV1, e.count > 1 ? { ...e.event, ...seriesOf(e) } : e.event, { signal });
  };
  const attempt = async (e: Entry): Promise<void> => {
    for (let i = 0; i < tries && !signal.aborted; i++) {
      try {
        return await write(e);
      } catch (error) {
        // The server has spoken: trying again would not change its mind.
        if (error instanceof StatusError) {
          const gone = isNotFound(error) || isAlreadyExists(error) || /being terminated/.test(error.message);
          if (!gone) o.log.warn('event refused', { reason: e.event.reason ?? '', error });
          return;
        }
        await clock.sleep(retryMs, signal).catch(() => {});
      }
    }
  };
  const drain = async (): Promise<void> => {
    for (let job = jobs.shift(); job; job = jobs.shift()) await job();
    working = undefined;
  };
  const enqueue = (e: Entry): void => {
    if (jobs.length >= queueSize || signal.aborted) return;
    e.written = clock.now();
    jobs.push(() => attempt(e));
    working ??= drain();
  };
  const sweep = (): void => {
    const now = clock.now();
    for (const [key, e] of known) {
      const over = now - (e.count > 1 ? e.last : e.at) >= finishMs;
      if (over) known.delete(key);
      if (e.count > 1 && (over || now - e.written >= refreshMs) && e.last > e.written) enqueue(e);
    }
    timer = known.size > 0 ? clock.after(finishMs, sweep) : undefined;
  };
  signal.addEventListener('abort', () => timer?.cancel(), { once: true });

  return {
    event({ regarding, related, type, reason, action, note }) {
      if (signal.aborted) return;
      const now = clock.now();
      const refs = { regarding: referenceTo(regarding), ...(related && { related: referenceTo(related) }) };
      const key = JSON.stringify([type, action, reason, refs]);
      const entry = known.get(key);
      if (entry) {
        entry.last = now;
        entry.count++;
        if (entry.count === 2) enqueue(entry);
        return;
      }
      const ns = BigInt(now) * 1_000_000n;
      lastName = ns > lastName ? ns : lastName + 1n;
      const first: Entry = {
        at: now,
        last: now,
        count: 1,
        written: now,
        event: {
          metadata: {
            namespace: regarding.metadata.namespace || 'default',
            name: `${regarding.metadata.name}.${lastName.toString(16)}`,
          },
          eventTime: rfc3339Micro(now),
          reportingController: o.controller,
          reportingInstance: `${o.controller}-${o.host}`,
          action,
          reason,
          ...refs,
          note,
          type,
        },
      };
      known.set(key, first);
      timer ??= clock.after(finishMs, sweep);
      enqueue(first);
    },
    async idle() {
      await working;
    },
  };
}
