/** How long a client that was turned away is told to stay away: longer while many are, level by level (upstream: util/flowcontrol/dropped_requests_tracker.go). */

const longest = 32;

interface Dropped {
  readonly second: number;
  readonly requests: number;
}

class LevelHistory {
  retryAfter = 1;
  #history: Dropped[] = [];
  #second = 0;
  #count = 0;
  #raisedAt = 0;

  record(second: number): void {
    if (second === this.#second) {
      this.#count++;
      return;
    }
    this.#history.push({ second: this.#second, requests: this.#count });
    const keep = Math.min(2 * this.retryAfter, longest);
    this.#history = this.#history.filter((h) => this.#second - h.second <= keep);
    this.#second = second;
    this.#count = 1;
    this.#adjust(second);
  }

  #adjust(second: number): void {
    const { retryAfter } = this;
    let dropped = 0;
    for (const h of this.#history) if (h.second < second && second - h.second <= retryAfter) dropped += h.requests;
    if (second - this.#raisedAt >= retryAfter && dropped >= 3 * retryAfter) {
      this.retryAfter = Math.min(retryAfter * 2, longest);
      this.#raisedAt = second;
    } else if (dropped < retryAfter && retryAfter > 1) this.retryAfter--;
  }
}

export interface DroppedRequests {
  /** A request of this level was turned away at `now` (ms). Answers the seconds its client is to wait. */
  record(level: string, now: number): number;
}

export function droppedRequests(): DroppedRequests {
  const levels = new Map<string, LevelHistory>();
  return {
    record(level, now) {
      const h = levels.getOrInsertComputed(level, () => new LevelHistory());
      h.record(Math.floor(now / 1000));
      return h.retryAfter;
    },
  };
}
