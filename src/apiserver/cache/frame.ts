/** The line of a watch stream for an event, encoded once and shared by all watchers. */
import type { CacheEvent, Entry } from './cache.ts';

type Type = CacheEvent['type'];
const opening: Readonly<Record<Type, Buffer>> = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
};

const frames = new WeakMap<CacheEvent, Partial<Record<Type, Buffer>>>();

/**
 * `{"type":"ADDED","object":…}\n`. `as` is for a watcher whose selector starts or stops matching: ADDED shows the entry, DELETED the
 * state before with the event's revision (upstream: cacher/cache_watcher.go, convertToWatchEvent).
 */
export function frameOf(event: CacheEvent, as: Type = event.type): Buffer {
  const made = frames.get(event) ?? {};
  const known = made[as];
  if (known) return known;
  const line = frame(as, as === event.type ? event.entry : shownAs(event, as));
  made[as] = line;
  frames.set(event, made);
  return line;
}

/** The entry that a watcher sees when the event is of another type for it. */
export function shownAs(event: CacheEvent, as: Type): Entry {
  return as === 'DELETED' && event.type !== 'DELETED' && event.prev ? event.prev.at(event.entry.revision) : event.entry;
}

/** The line for any entry, as for the synthetic ADDED events at the start of a watch. */
export function frame(type: Type, entry: Entry): Buffer {
  const head = opening[type];
  const out = Buffer.allocUnsafe(head.length + entry.byteLength + 2);
  head.copy(out);
  const end = head.length + entry.copyTo(out, head.length);
  out[end] = 0x7d;
  out[end + 1] = 0x0a;
  return out;
}

/** Lets go of an event's frames once all watchers have had it (replays encode again). */
export function dropFrames(event: CacheEvent): void {
  frames.delete(event);
}
