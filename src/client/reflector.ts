/**
 * Keeps a copy of a collection up to date: list, then watch from there, and again when the watch breaks or is too old.
 * The protocol is a pure step function over an explicit state; run() performs what it says.
 * Source: client-go tools/cache/reflector.go; KEP-365 (paginated lists), KEP-956 (bookmarks).
 */
import type { KubeObject, ResourceRow } from '../api/resource-row.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { isExpired, StatusError } from '../machinery/status-error.ts';
import type { Client, WatchEvent } from './client.ts';

export type ReflectorState =
  /** A full list is needed; `from` is the oldest acceptable revision ('0' = whatever the cache has, '' = the newest). */
  | { readonly state: 'listing'; readonly from: string; readonly failures: number }
  | { readonly state: 'watching'; readonly resourceVersion: string; readonly failures: number };

export type ReflectorInput =
  | { readonly type: 'listed'; readonly resourceVersion: string }
  | { readonly type: 'progressed'; readonly resourceVersion: string }
  /** The server ended the watch as it does now and then. */
  | { readonly type: 'ended' }
  | { readonly type: 'failed'; readonly expired: boolean };

/** The next state, and how many steps of back-off to wait before acting on it. */
export function step(s: ReflectorState, input: ReflectorInput): ReflectorState {
  switch (input.type) {
    case 'listed':
      return { state: 'watching', resourceVersion: input.resourceVersion, failures: 0 };
    case 'progressed':
      return { state: 'watching', resourceVersion: input.resourceVersion, failures: 0 };
    case 'ended':
      return s;
    case 'failed':
      // Too old: the newest state is wanted, not a cached one that may be as old.
      if (input.expired) return { state: 'listing', from: '', failures: s.state === 'listing' ? s.failures + 1 : 0 };
      return { ...s, failures: s.failures + 1 };
    default:
      return input satisfies never;
  }
}

/** 0 for the first failure-free attempt, then 200 ms doubling to 30 s, up to twice that by chance (reflector's backoff manager). */
export const backoffMs = (failures: number, random: number): number =>
  failures === 0 ? 0 : Math.min(30_000, 200 * 2 ** Math.min(failures - 1, 10)) * (1 + random);

export interface ReflectorSink<T> {
  /** The whole collection at a revision. */
  replace(items: readonly T[], resourceVersion: string): void;
  apply(event: { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }): void;
}

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: Client;
  readonly row: ResourceRow<T>;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly sink: ReflectorSink<T>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const pageSize = 500;
const shortWatchMs = 1_000;

/** The server has not come so far, and may never: it lost its data, or was made anew (storage.NewTooLargeResourceVersionError). */
const isFromTheFuture = (e: unknown): boolean =>
  e instanceof StatusError &&
  (/Too large resource version/.test(e.message) ||
    (e.status.details?.causes?.some((c) => c.reason === 'ResourceVersionTooLarge') ?? false));

/** Who set which field is nobody's matter in a cache, and half of its size; an update without it leaves it as it is. */
function withoutManagedFields<T extends KubeObject>(obj: T): T {
  delete (obj.metadata as { managedFields?: unknown }).managedFields;
  return obj;
}

/** Runs until the signal aborts. Never throws: failures are logged and tried again. */
export async function runReflector<T extends KubeObject>(o: ReflectorOptions<T>): Promise<void> {
  let state: ReflectorState = { state: 'listing', from: '0', failures: 0 };
  while (!o.signal.aborted) {
    try {
      if (state.failures) await o.clock.sleep(backoffMs(state.failures, o.random()), o.signal);
      if (state.state === 'listing')
        state = step(state, { type: 'listed', resourceVersion: await listAll(o, state.from) });
      else {
        const began = o.clock.monotonic();
        let events = 0;
        for await (const event of o.client.watch(o.row, watchParams(o, state.resourceVersion))) {
          state = step(state, take(o, event));
          events++;
        }
        // One that ends at once, with nothing in it, would be asked for again and again.
        if (events === 0 && o.clock.monotonic() - began < shortWatchMs) throw new Error('the watch ended at once');
        state = step(state, { type: 'ended' });
      }
    } catch (e) {
      if (o.signal.aborted) return;
      const expired = isExpired(e) || isFromTheFuture(e);
      if (!expired)
        o.log.warn(`${state.state} ${o.row.plural} failed; trying again`, {
          error: e as Error,
          failures: state.failures + 1,
        });
      state = step(state, { type: 'failed', expired });
    }
  }
}

const selection = <T extends KubeObject>(o: ReflectorOptions<T>) => ({
  ...(o.namespace && { namespace: o.namespace }),
  ...(o.labelSelector && { labelSelector: o.labelSelector }),
  ...(o.fieldSelector && { fieldSelector: o.fieldSelector }),
  signal: o.signal,
});

const watchParams = <T extends KubeObject>(o: ReflectorOptions<T>, resourceVersion: string) => ({
  ...selection(o),
  resourceVersion,
  allowWatchBookmarks: true,
  // Servers end watches after a while; different times keep many clients from coming back at once.
  timeoutSeconds: Math.floor(300 * (1 + o.random())),
});

async function listAll<T extends KubeObject>(o: ReflectorOptions<T>, from: string): Promise<string> {
  const items: T[] = [];
  let next = '';
  let resourceVersion = '';
  do {
    // A list from the cache (rv=0) comes whole: pages would go past the cache.
    const page = await o.client.list(o.row, {
      ...selection(o),
      ...(next ? { continue: next, limit: pageSize } : from === '0' ? { resourceVersion: '0' } : { limit: pageSize }),
    });
    for (const item of page.items) items.push(withoutManagedFields(item));
    resourceVersion = page.metadata.resourceVersion;
    next = page.metadata.continue ?? '';
  } while (next);
  o.sink.replace(items, resourceVersion);
  return resourceVersion;
}

function take<T extends KubeObject>(o: ReflectorOptions<T>, event: WatchEvent<T>): ReflectorInput {
  if (event.type === 'ERROR') throw StatusError.fromStatus(event.object as object);
  if (event.type !== 'BOOKMARK') {
    withoutManagedFields(event.object);
    o.sink.apply(event);
  }
  return { type: 'progressed', resourceVersion: event.object.metadata.resourceVersion ?? '' };
}
