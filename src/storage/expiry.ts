/** Which keys the store has to remove by itself, and when next: a heap by time. Entries may be stale; the store checks the revision. */

export interface Expiry {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly key: string;
  readonly modRevision: number;
}

export class ExpiryHeap {
  #heap: Expiry[] = [];

  get next(): number | undefined {
    return this.#heap[0]?.at;
  }

  push(e: Expiry): void {
    const h = this.#heap;
    let i = h.length;
    h.push(e);
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (h[up]!.at <= e.at) break;
      h[i] = h[up]!;
      i = up;
    }
    h[i] = e;
  }

  /** Takes one entry that is due at `now` (seconds); undefined when none is. */
  popDue(now: number): Expiry | undefined {
    const h = this.#heap;
    const top = h[0];
    if (!top || top.at > now) return undefined;
    const last = h.pop()!;
    if (h.length === 0) return top;
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= h.length) break;
      if (down + 1 < h.length && h[down + 1]!.at < h[down]!.at) down++;
      if (h[down]!.at >= last.at) break;
      h[i] = h[down]!;
      i = down;
    }
    h[i] = last;
    return top;
  }
}
