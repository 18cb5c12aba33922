/** Waiting for something to become true of an object: one read, then the events of a watch on it. */
import { StatusError } from '../machinery/status-error.ts';
import { type Mapping, pathOf } from './mapper.ts';
import type { Session } from './session.ts';
import type { Thing, ThingList } from './thing.ts';

/** `undefined` = the object is gone. Answers something when the wait is over. */
export type Until<R> = (object: Thing | undefined) => R | undefined;

export class TimedOut extends Error {
  constructor() {
    super('timed out waiting for the condition');
    this.name = 'TimedOut';
  }
}

/** Watches one object until `until` answers. @throws TimedOut after `timeoutMs` (absent = never) */
export async function watchUntil<R>(
  s: Session,
  mapping: Mapping,
  namespace: string | undefined,
  name: string,
  until: Until<R>,
  timeoutMs?: number,
): Promise<R> {
  const stop = new AbortController();
  const timer = timeoutMs === undefined ? undefined : s.io.clock.after(timeoutMs, () => stop.abort(new TimedOut()));
  const signal = AbortSignal.any([stop.signal, s.io.signal]);
  const path = pathOf(mapping, namespace);
  const query = { fieldSelector: `metadata.name=${name}` };
  const typed = (o: Thing): Thing => ({ ...o, kind: mapping.kind });
  try {
    for (;;) {
      const list = await s.api.json<ThingList>('GET', path, { query, signal });
      const first = list.items?.[0];
      const now = until(first && typed(first));
      if (now !== undefined) return now;
      for await (const e of s.api.watch(path, {
        query: { ...query, resourceVersion: list.metadata.resourceVersion },
        signal,
      })) {
        if (e.type === 'ERROR') break;
        if (e.type === 'BOOKMARK') continue;
        const done = until(e.type === 'DELETED' ? undefined : typed(e.object as Thing));
        if (done !== undefined) return done;
      }
      signal.throwIfAborted();
    }
  } catch (e) {
    if (stop.signal.aborted) throw new TimedOut();
    throw e instanceof StatusError || e instanceof Error ? e : new Error(String(e));
  } finally {
    timer?.cancel();
    stop.abort(new TimedOut());
  }
}
