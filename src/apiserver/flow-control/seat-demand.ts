/** How many seats a level has wanted over a period: highest, average, deviation, smoothed (upstream: fairqueuing/integrator.go, seatDemandStats). */

/** Half of an old demand is forgotten in five minutes, at an adjustment every ten seconds. */
const smoothing = 0.977;

export interface SeatDemand {
  readonly highest: number;
  readonly average: number;
  readonly deviation: number;
  readonly smoothed: number;
}

export const noDemand: SeatDemand = { highest: 0, average: 0, deviation: 0, smoothed: 0 };

/** Integrates a level's demand over time, in seconds of the caller's clock. */
export class DemandMeter {
  #since: number;
  #at: number;
  #demand = 0;
  #highest = 0;
  #sum = 0;
  #squares = 0;

  constructor(now: number) {
    this.#since = now;
    this.#at = now;
  }

  set(demand: number, now: number): void {
    this.#advance(now);
    this.#demand = demand;
    if (demand > this.#highest) this.#highest = demand;
  }

  /** The demand of the period that ends now, after that of the one before; the next begins. */
  take(before: SeatDemand, now: number): SeatDemand {
    this.#advance(now);
    const seconds = now - this.#since;
    const highest = Math.round(this.#highest);
    const average = this.#sum / seconds;
    const deviation = Math.sqrt(Math.max(0, this.#squares / seconds - average * average));
    this.#since = now;
    this.#sum = 0;
    this.#squares = 0;
    this.#highest = this.#demand;
    if (seconds <= 0) return { ...before, highest };
    const envelope = average + deviation;
    const smoothed = Math.max(envelope, smoothing * before.smoothed + (1 - smoothing) * envelope);
    return { highest, average, deviation, smoothed };
  }

  #advance(now: number): void {
    const seconds = now - this.#at;
    this.#at = now;
    this.#sum += this.#demand * seconds;
    this.#squares += this.#demand * this.#demand * seconds;
  }
}
