/** The one runner of all controllers: a queue and workers for each row, retries with growing pauses, a clean stop. */
import type { AnyRow, ObjectOf } from '../api/resource-row.ts';
import type { Logger } from '../base/log.ts';
import type { Running } from '../base/running.ts';
import type { Informer, WorkQueue } from '../client/cache.ts';
import { createWorkQueue } from '../client/work-queue.ts';
import { isConflict, isNotFound } from '../machinery/index.ts';
import { isNamespaceTerminating } from './namespace-terminating.ts';
import type { Controller, ControllerOptions, ControllerRow } from './controller.ts';

const defaultWorkers = 5;

/** Sets up every row (informers and indexes are asked for now), then works until the signal aborts. Returns at once. */
export function runControllers(rows: readonly ControllerRow[], o: ControllerOptions, signal: AbortSignal): Running {
  const chosen = o.only ? rows.filter((r) => o.only!.includes(r.name)) : rows;
  const shared = new Set<AnyRow>();
  const running = chosen.map((row) => prepare(row, o, shared, signal));
  return { stopped: Promise.all(running.map((run) => run())).then(() => {}) };
}

function prepare(
  row: ControllerRow,
  o: ControllerOptions,
  shared: Set<AnyRow>,
  signal: AbortSignal,
): () => Promise<void> {
  const log = o.log.child(row.name);
  const queue = createWorkQueue({ clock: o.clock });
  const waits: Informer[] = [];
  const { clientFor = () => o.client, recorderFor, ...options } = o;
  const client = row.account === null ? o.client : clientFor(row.account ?? row.name);
  const controller = row.setup({
    ...options,
    client,
    recorder: recorderFor(row.component ?? row.name, client),
    log,
    queue,
    signal,
    isShared: (r) => shared.has(r),
    informer<R extends AnyRow>(r: R) {
      const informer = o.informers.informer(r);
      shared.add(r);
      waits.push(informer as unknown as Informer);
      return informer as Informer<ObjectOf<R>>;
    },
  });
  return async () => {
    const stop = () => queue.shutDown();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      await Promise.all([...waits.map((i) => i.synced(signal)), controller.synced?.(signal)]);
    } catch (e) {
      if (signal.aborted) return;
      throw e;
    }
    const workers = Array.from({ length: row.workers ?? defaultWorkers }, () => work(queue, controller, log, signal));
    await Promise.all([...workers, beside(controller, log, signal)]);
  };
}

async function beside(controller: Controller, log: Logger, signal: AbortSignal): Promise<void> {
  try {
    await controller.background?.(signal);
  } catch (e) {
    if (!signal.aborted) log.error('the background task ended', { error: e as Error });
  }
}

async function work(queue: WorkQueue, controller: Controller, log: Logger, signal: AbortSignal): Promise<void> {
  for (;;) {
    const key = await queue.get();
    if (key === undefined) return;
    try {
      await controller.reconcile(key);
      queue.forget(key);
    } catch (e) {
      if (signal.aborted) return;
      // Nothing can be made in a namespace that goes: what is left of the object goes with it.
      if (isNamespaceTerminating(e)) {
        queue.forget(key);
        continue;
      }
      // The cache was behind: the next try sees what changed.
      if (!isConflict(e) && !isNotFound(e)) log.error('could not reconcile, will retry', { key, error: e as Error });
      queue.addRateLimited(key);
    } finally {
      queue.done(key);
    }
  }
}
