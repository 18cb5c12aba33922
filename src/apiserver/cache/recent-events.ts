/** The events of the last while, for watches that start in the past; bounded by bytes and number. */
import type { CacheEvent } from './cache.ts';

export class RecentEvents {
  #events: CacheEvent[] = [];
  #head = 0;
  #bytes = 0;
  #floor = 0;
  readonly #maxBytes: number;
  readonly #maxEvents: number;

  constructor(maxBytes: number, maxEvents: number) {
    this.#maxBytes = maxBytes;
    this.#maxEvents = maxEvents;
  }

  /** Every event after this revision is here. */
  get floor(): number {
    return this.#floor;
  }

  /** Forgets everything; events after `floor` will follow. */
  reset(floor: number): void {
    this.#events = [];
    this.#head = 0;
    this.#bytes = 0;
    this.#floor = floor;
  }

  push(event: CacheEvent): void {
    this.#events.push(event);
    this.#bytes += cost(event);
    while (this.#bytes > this.#maxBytes || this.#events.length - this.#head > this.#maxEvents) {
      const oldest = this.#events[this.#head]!;
      this.#events[this.#head++] = undefined as never;
      this.#bytes -= cost(oldest);
      this.#floor = oldest.entry.revision;
    }
    if (this.#head > 1024 && this.#head * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Events after a revision, in order. */
  after(revision: number): CacheEvent[] {
    let low = this.#head;
    let high = this.#events.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.#events[mid]!.entry.revision > revision) high = mid;
      else low = mid + 1;
    }
    return this.#events.slice(low);
  }
}

/** Bytes an event keeps alive, about: the state before it is held by the event alone. */
const cost = (event: CacheEvent): number => (event.prev ?? event.entry).byteLength + 400;
