/** The requests at work: how many, and since when, so that one timer ends those whose time is over. */
import type { Clock, Timer } from '../base/clock.ts';
import { timeoutError } from '../machinery/status-error.ts';

export interface Abortable {
  abort(reason: Error): void;
}

export interface InFlight {
  /** `timeout` in ms when it is less than the usual one. Call the result when the request is answered. */
  enter(request: Abortable, timeout?: number): () => void;
  readonly size: number;
  close(): void;
}

const checkEvery = 1000;
/** `timeout` in ms. One timer looks once a second: a request has its time, and up to a second more. `message` is what a request is told whose time is over. */
export function createInFlight(
  clock: Clock,
  timeout: number,
  message = 'request did not complete within the allotted timeout',
): InFlight {
  const timedOut = () => timeoutError(message);
  const requests = new Map<Abortable, number>();
  let timer: Timer | undefined;
  const check = () => {
    const now = clock.monotonic();
    for (const [r, since] of requests) {
      if (now - since < timeout) break;
      requests.delete(r);
      r.abort(timedOut());
    }
    timer = requests.size > 0 ? clock.after(checkEvery, check) : undefined;
  };
  return {
    get size() {
      return requests.size;
    },
    enter(request, own) {
      timer ??= clock.after(checkEvery, check);
      requests.set(request, clock.monotonic());
      if (own === undefined || own >= timeout) return () => void requests.delete(request);
      const end = clock.after(own, () => {
        requests.delete(request);
        request.abort(timedOut());
      });
      return () => {
        end.cancel();
        requests.delete(request);
      };
    },
    close() {
      timer?.cancel();
      timer = undefined;
      requests.clear();
    },
  };
}
