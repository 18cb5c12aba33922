/** Back-off per key: starts at 10 s, doubles to 300 s, forgets after twice the maximum (client-go flowtrol's Backoff). */

interface Entry {
  wait: number;
  lastUpdate: number;
}

export interface Backoff {
  /** Milliseconds to wait for this key now; 0 = none recorded. */
  get(key: string): number;
  /** Records a start whose predecessor ended at `eventTime`; the wait grows, or starts again after a long calm. */
  next(key: string, eventTime: number): void;
  /** Still waiting, counted from `eventTime` (a container's end). */
  isInBackOffSince(key: string, eventTime: number, now: number): boolean;
  /** Still waiting, counted from the last `next`. */
  isInBackOffSinceUpdate(key: string, now: number): boolean;
  /** When the wait that started at `eventTime` ends. */
  endsAt(key: string, eventTime: number): number;
  lastUpdate(key: string): number;
  reset(prefix: string): void;
}

export function createBackoff(now: () => number, initial = 10_000, max = 300_000): Backoff {
  const entries = new Map<string, Entry>();
  const expired = (eventTime: number, lastUpdate: number) => eventTime - lastUpdate > max * 2;
  return {
    get: (key) => entries.get(key)?.wait ?? 0,
    next(key, eventTime) {
      const entry = entries.get(key);
      if (!entry || expired(eventTime, entry.lastUpdate)) entries.set(key, { wait: initial, lastUpdate: now() });
      else {
        entry.wait = Math.min(entry.wait * 2, max);
        entry.lastUpdate = now();
      }
    },
    isInBackOffSince(key, eventTime, at) {
      const entry = entries.get(key);
      return entry !== undefined && !expired(eventTime, entry.lastUpdate) && at - eventTime < entry.wait;
    },
    isInBackOffSinceUpdate(key, at) {
      const entry = entries.get(key);
      return entry !== undefined && !expired(at, entry.lastUpdate) && at - entry.lastUpdate < entry.wait;
    },
    endsAt: (key, eventTime) => eventTime + (entries.get(key)?.wait ?? 0),
    lastUpdate: (key) => entries.get(key)?.lastUpdate ?? 0,
    reset(prefix) {
      for (const key of entries.keys()) if (key.startsWith(prefix)) entries.delete(key);
    },
  };
}

/** Go's text of whole seconds: 10 s → `10s`, 80 s → `1m20s`, 300 s → `5m0s`. */
export function durationText(ms: number): string {
  const s = Math.round(ms / 1000);
  return s < 60
    ? `${s}s`
    : s < 3600
      ? `${Math.floor(s / 60)}m${s % 60}s`
      : `${Math.floor(s / 3600)}h${Math.floor((s % 3600) / 60)}m${s % 60}s`;
}
