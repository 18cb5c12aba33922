/** A long-lived thing that was started and will stop when its signal aborts. */
export interface Running {
  /** Resolves when everything it opened is closed; rejects if it died of a fault. */
  readonly stopped: Promise<void>;
}
