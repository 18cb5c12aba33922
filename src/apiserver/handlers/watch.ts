/**
 * WATCH: initial state where asked for, then events from the cache, with bookmarks; one queue per watcher, cut off when it does not
 * read (upstream: storage/cacher/cacher.go, endpoints/handlers/watch.go).
 */
import { isWebSocket } from '../connect/websocket.ts';
import { StatusError } from '../../machinery/status-error.ts';
import type { CacheEvent, Entry } from '../cache/index.ts';
import { includeObject } from '../forms/table.ts';
import { type Framer, framer } from '../forms/watch-frames.ts';
import type { BodySink } from '../request.ts';
import { type ListOptions, listOptions, parseResourceVersion } from '../request-options.ts';
import { type Selection, selectionOf } from '../selection.ts';
import { tooLargeResourceVersion, waitForRevision } from './list.ts';
import type { Handler, Scope } from './scope.ts';
import { watchSocket } from './watch-socket.ts';

const watchMediaType: Readonly<Record<string, string>> = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf;stream=watch',
};

/** What a timer can wait: almost 25 days. */
const longestTimer = 2 ** 31 - 1;

const chunkBytes = 128 * 1024;

const initialEventsEnd = { 'k8s.io/initial-events-end': 'true' };

export interface WatchPlan {
  readonly options: ListOptions;
  readonly selection: Selection;
  readonly frames: Framer;
  /** The state that is sent first is at least this; undefined = no state is sent. */
  readonly initial: boolean;
  /** Events after this revision, when no state is sent. */
  readonly after: number;
  /** Milliseconds until the server ends it. */
  readonly timeout: number;
}

/** Reads the options and waits until the cache is where they ask for. @throws 400, 410, 422, 504 */
export async function planWatch(s: Scope): Promise<WatchPlan> {
  const { ctx, served, engine, accepted } = s;
  const options = listOptions(ctx.query, true);
  const selection = selectionOf(served.row, options, ctx.info.name);
  const rv = parseResourceVersion(options.resourceVersion, 'watch');
  const asksState = options.sendInitialEvents === true || (options.sendInitialEvents === undefined && !rv);
  if (rv === undefined) await waitForRevision(served, await engine.store.currentRevision(), ctx.signal);
  else if (asksState && rv > 0) await waitForRevision(served, rv, ctx.signal);
  else if (rv > engine.store.revision && options.sendInitialEvents !== undefined)
    throw tooLargeResourceVersion(rv, engine.store.revision);
  const seconds = options.timeoutSeconds || engine.limits.minWatchSeconds * (1 + engine.random.float());
  return {
    options,
    selection,
    frames: framer(
      served,
      accepted,
      accepted.form === 'table' ? includeObject(ctx.query) : 'Metadata',
      engine.clock.now,
    ),
    initial: asksState,
    after: rv && !asksState ? rv : served.cache.revision,
    timeout: Math.min(Math.max(0, seconds * 1000), longestTimer),
  };
}

/** Runs a planned watch into a sink until it ends. @throws Error when the client does not read */
export async function runWatch(s: Scope, plan: WatchPlan, sink: BodySink): Promise<void> {
  const { served, engine, ctx } = s;
  const { frames, selection, options } = plan;
  const ended = new AbortController();
  const signal = AbortSignal.any([sink.signal, engine.signal, ended.signal]);
  const namespace = served.row.namespaced ? ctx.info.namespace : '';
  let queue: Buffer[] = [];
  let queued = 0;
  let blocked = false;
  let isTooSlow = false;
  let finish: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const end = () => {
    ended.abort();
    finish();
  };
  // Frames are shared by all watchers, chunks are not: a watcher that is behind holds no more than one chunk of its own.
  const flush = () => {
    while (!blocked && queue.length > 0) {
      let n = 0;
      let size = 0;
      while (n < queue.length && (n === 0 || size < chunkBytes)) size += queue[n++]!.length;
      const chunk = n === 1 ? queue[0]! : Buffer.concat(queue.slice(0, n));
      queue = n === queue.length ? [] : queue.slice(n);
      queued -= size;
      if (sink.write(chunk)) continue;
      blocked = true;
      sink.drained().then(() => {
        blocked = false;
        flush();
      }, end);
    }
  };
  const send = (frame: Buffer) => {
    queue.push(frame);
    queued += frame.length;
    if (queued > engine.limits.watchBacklogBytes) {
      if (!isTooSlow) engine.log.warn('watcher is too slow, closing it', { path: ctx.info.path, user: ctx.user.name });
      isTooSlow = true;
      end();
    }
  };
  let seen = plan.after;
  const onEvents = (events: readonly CacheEvent[], revision: number) => {
    for (const e of events) {
      const as = seenAs(selection, e);
      if (as) send(frames.event(e, as));
    }
    seen = Math.max(seen, revision);
    flush();
  };
  signal.addEventListener('abort', finish, { once: true });
  const timer = engine.clock.after(plan.timeout, end);
  let bookmarks = engine.clock.after(0, () => {});
  let bookmarked = 0;
  const bookmark = () => {
    if (seen > bookmarked) {
      bookmarked = seen;
      send(frames.bookmark(seen));
      flush();
    }
    bookmarks = engine.clock.after(engine.limits.bookmarkInterval, bookmark);
  };
  try {
    // Nothing waits between reading the state and subscribing, so no event is lost or sent twice.
    const after = plan.initial ? served.cache.revision : plan.after;
    const state = plan.initial ? matching(served.cache.range(namespace || undefined), selection) : undefined;
    if (state) {
      seen = bookmarked = after;
      blocked = true;
    }
    served.cache.watch({
      afterRevision: after,
      ...(namespace && { namespace }),
      ...(selection.name !== undefined && { name: selection.name }),
      signal,
      onEvents,
      onProgress: (revision) => {
        seen = Math.max(seen, revision);
      },
      onError: (error) => {
        send(frames.error(StatusError.from(error).status));
        flush();
        end();
      },
    });
    if (state) {
      await sendState(frames, state, sink, signal);
      if (options.sendInitialEvents) sink.write(frames.bookmark(after, initialEventsEnd));
      blocked = false;
    }
    flush();
    ctx.begun?.();
    if (options.allowWatchBookmarks) bookmarks = engine.clock.after(engine.limits.bookmarkInterval, bookmark);
    await done;
    // An orderly end would wait for the very client that does not read.
    if (isTooSlow) throw new Error('the watcher is too slow');
  } finally {
    timer.cancel();
    bookmarks.cancel();
    ended.abort();
  }
}

function matching(range: Iterable<Entry>, selection: Selection): Entry[] {
  const out: Entry[] = [];
  for (const e of range) if (selection.all || selection.matches(e)) out.push(e);
  return out;
}

/** The state as ADDED events, in chunks, as fast as the peer reads; the turn is given up between chunks. */
async function sendState(
  frames: Framer,
  entries: readonly Entry[],
  sink: BodySink,
  signal: AbortSignal,
): Promise<void> {
  let chunk: Buffer[] = [];
  let size = 0;
  const write = async () => {
    const full = !sink.write(chunk.length === 1 ? chunk[0]! : Buffer.concat(chunk));
    chunk = [];
    size = 0;
    if (full) await sink.drained();
    else await new Promise<void>((r) => setImmediate(r));
  };
  for (const e of entries) {
    const f = frames.state(e);
    chunk.push(f);
    size += f.length;
    if (size < chunkBytes) continue;
    await write();
    if (signal.aborted) return;
  }
  if (chunk.length && !sink.write(chunk.length === 1 ? chunk[0]! : Buffer.concat(chunk))) await sink.drained();
}

/** What a cache event is for a selection; undefined = it does not concern it. */
export function seenAs(selection: Selection, e: CacheEvent): CacheEvent['type'] | undefined {
  if (selection.all) return e.type;
  const was = e.prev !== undefined && selection.matches(e.prev);
  if (e.type === 'DELETED') return was || (!e.prev && selection.matches(e.entry)) ? 'DELETED' : undefined;
  if (selection.matches(e.entry)) return was ? 'MODIFIED' : 'ADDED';
  return was ? 'DELETED' : undefined;
}

export const watch: Handler = async (s) => {
  const plan = await planWatch(s);
  const { accepted, ctx } = s;
  if (ctx.request.upgrade && isWebSocket(ctx.request.headers))
    return watchSocket(s, plan.frames, (frames, sink) => runWatch(s, { ...plan, frames }, sink));
  return {
    status: 200,
    headers: { 'content-type': watchMediaType[accepted.type] ?? 'application/json' },
    body: (sink) => runWatch(s, plan, sink),
  };
};
