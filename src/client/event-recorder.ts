/**
 * Records what happened to an object as core/v1 Events: equal ones are counted, similar ones are gathered, and a source that repeats
 * itself is slowed down. Source: client-go tools/record (event.go, events_cache.go); its figures are the constants below.
 */
import { Events } from '../api/core/v1/resources.ts';
import type { Event } from '../api/core/v1/types.ts';
import type { KubeObject } from '../api/resource-row.ts';
import { type Clock, rfc3339 } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Input } from '../schema/dsl.ts';
import { isNotFound, StatusError } from '../machinery/status-error.ts';
import type { EventRecorder } from './cache.ts';
import type { Client } from './client.ts';

/** Similar events (all but the message equal) within this time are gathered into one after so many. */
const gatherAfter = 10;
const gatherWithinMs = 600_000;
/** Per source and object: a burst, then one every five minutes. */
const burst = 25;
const refillMs = 300_000;
const cacheSize = 4096;
const queueSize = 1000;
const tries = 12;
const retryMs = 10_000;

export interface EventRecorderOptions {
  readonly client: Client;
  /** `kubelet`, `default-scheduler` */
  readonly component: string;
  /** Node name, for components that run on one. */
  readonly host?: string;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Seen {
  readonly namespace: string;
  readonly name: string;
  readonly firstTimestamp: string;
  count: number;
}
interface Similar {
  readonly messages: Set<string>;
  last: number;
}
interface Bucket {
  tokens: number;
  at: number;
}

type Job =
  | { readonly kind: 'create'; readonly event: Input<Event> & { metadata: { namespace: string; name: string } } }
  | {
      readonly kind: 'count';
      readonly event: Input<Event> & { metadata: { namespace: string; name: string } };
      readonly patch: object;
    };

export function createEventRecorder(o: EventRecorderOptions): EventRecorder & { idle(): Promise<void> } {
  const seen = new Map<string, Seen>();
  const similar = new Map<string, Similar>();
  const buckets = new Map<string, Bucket>();
  const jobs: Job[] = [];
  let working: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    for (let job = jobs.shift(); job; job = jobs.shift()) await perform(o, job);
    working = undefined;
  };
  const record = (
    involved: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    fieldPath?: string,
  ): void => {
    const now = o.clock.now();
    const m = involved.metadata;
    const object = [involved.kind, m.namespace, m.name, m.uid, involved.apiVersion].join('\0');
    if (!allowed(buckets, `${o.component}\0${object}`, now)) return;
    const group = [o.component, object, type, reason, fieldPath].join('\0');
    const gathered = gather(similar, group, message, now);
    const text = gathered ? `(combined from similar events): ${message}` : message;
    const key = gathered ? group : `${group}\0${message}`;
    const stamp = rfc3339(now);
    const known = touch(seen, key);
    const namespace = m.namespace || 'default';
    if (known) known.count++;
    else remember(seen, key, { namespace, name: `${m.name}.${eventSuffix(now)}`, firstTimestamp: stamp, count: 1 });
    const entry = seen.get(key)!;
    const event = {
      metadata: { namespace: entry.namespace, name: entry.name },
      involvedObject: {
        kind: involved.kind,
        namespace: m.namespace,
        name: m.name,
        uid: m.uid,
        apiVersion: involved.apiVersion,
        resourceVersion: m.resourceVersion,
        fieldPath,
      },
      reason,
      message: text,
      source: { component: o.component, host: o.host },
      firstTimestamp: entry.firstTimestamp,
      lastTimestamp: stamp,
      count: entry.count,
      type,
      reportingComponent: o.component,
      reportingInstance: o.host ?? '',
    };
    if (jobs.length >= queueSize) return;
    jobs.push(
      known
        ? { kind: 'count', event, patch: { count: entry.count, lastTimestamp: stamp, message: text } }
        : { kind: 'create', event },
    );
    working ??= drain();
  };
  return {
    event: record,
    /** Resolves when everything recorded so far was sent or given up. */
    async idle() {
      await working;
    },
  };
}

let lastSuffix = 0n;
/** Nanoseconds in hexadecimal, as upstream names events; never twice the same in one process. */
function eventSuffix(now: number): string {
  const ns = BigInt(now) * 1_000_000n;
  lastSuffix = ns > lastSuffix ? ns : lastSuffix + 1n;
  return lastSuffix.toString(16);
}

async function perform(o: EventRecorderOptions, job: Job): Promise<void> {
  for (let i = 0; i < tries; i++) {
    try {
      if (job.kind === 'count')
        try {
          await o.client.patch(Events, job.event.metadata, 'application/strategic-merge-patch+json', job.patch);
          return;
        } catch (e) {
          // It expired meanwhile: a new one with the count so far.
          if (!isNotFound(e)) throw e;
        }
      await o.client.create(Events, job.event);
      return;
    } catch (e) {
      // The server has spoken: trying again would not change its mind.
      if (e instanceof StatusError) {
        if (
          e.reason !== 'AlreadyExists' &&
          !(e.reason === 'Forbidden' && /being terminated/.test(e.message)) &&
          !isNotFound(e)
        )
          o.log.warn('event refused', { reason: job.event.reason, error: e });
        return;
      }
      await o.clock.sleep(retryMs);
    }
  }
  o.log.warn('event given up: the server cannot be reached', { reason: job.event.reason });
}

function allowed(buckets: Map<string, Bucket>, key: string, now: number): boolean {
  const known = touch(buckets, key);
  const b = known ?? { tokens: burst, at: now };
  if (!known) remember(buckets, key, b);
  b.tokens = Math.min(burst, b.tokens + (now - b.at) / refillMs);
  b.at = now;
  if (b.tokens < 1) return false;
  b.tokens--;
  return true;
}

/** True when this message is one of too many similar ones. */
function gather(similar: Map<string, Similar>, key: string, message: string, now: number): boolean {
  const known = touch(similar, key);
  if (!known || now - known.last > gatherWithinMs) {
    remember(similar, key, { messages: new Set([message]), last: now });
    return false;
  }
  known.last = now;
  known.messages.add(message);
  return known.messages.size >= gatherAfter;
}

/** Least recently used goes first. */
function touch<T>(m: Map<string, T>, key: string): T | undefined {
  const found = m.get(key);
  if (found !== undefined) {
    m.delete(key);
    m.set(key, found);
  }
  return found;
}
function remember<T>(m: Map<string, T>, key: string, value: T): void {
  m.set(key, value);
  if (m.size > cacheSize) m.delete(m.keys().next().value!);
}
