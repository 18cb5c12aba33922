/** Time as a passed-in thing: the real clock here, a fake one for tests in fake-clock.ts. */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Wall time in milliseconds since the epoch. */
  now(): number;
  /** Monotonic milliseconds, for measuring. */
  monotonic(): number;
  /** Calls `fn` once after `ms`. An unref'd timer does not keep the process alive. */
  after(ms: number, fn: () => void): Timer;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fn) {
    const t = setTimeout(fn, ms);
    return { cancel: () => clearTimeout(t) };
  },
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(t);
        reject(signal!.reason);
      };
      const t = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  },
};

/** metav1.Time text: RFC 3339, seconds, Z. */
export const rfc3339 = (ms: number): string => new Date(ms).toISOString().slice(0, 19) + 'Z';
/** metav1.MicroTime text: RFC 3339, microseconds, Z. */
export const rfc3339Micro = (ms: number): string => new Date(ms).toISOString().slice(0, 23) + '000Z';
