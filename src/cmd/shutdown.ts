/** How a component's process ends: TERM and INT abort a signal, everything closes, the process exits; a second one ends it at once. */
import type { Logger } from '../base/log.ts';

const forceMs = 8_000;

/** Aborts on SIGTERM or SIGINT. What is not closed by then is cut off after 8 s. */
export function shutdownSignal(log: Logger): AbortSignal {
  const stop = new AbortController();
  const end = (name: string) => {
    if (stop.signal.aborted) process.exit(1);
    log.info('shutting down', { signal: name });
    stop.abort(new Error(`${name} received`));
    setTimeout(() => {
      log.warn('not everything closed in time');
      process.exit(1);
    }, forceMs).unref();
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
  return stop.signal;
}

/** A fault nobody caught ends the process with a line in the log; the supervisor starts it again. */
export function exitOnFault(log: Logger): void {
  const end = (what: string) => (e: unknown) => {
    log.error(what, { error: e as Error, stack: e instanceof Error ? e.stack : undefined });
    process.exit(2);
  };
  process.on('uncaughtException', end('uncaught exception'));
  process.on('unhandledRejection', end('unhandled rejection'));
}
