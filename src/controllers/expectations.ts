/**
 * What a controller has asked for and its cache has not shown yet, so that a lagging cache never makes it ask twice
 * (upstream: pkg/controller/controller_utils.go ControllerExpectations, UIDTrackingControllerExpectations).
 */
import type { Clock } from '../base/clock.ts';

/** After this long an expectation is given up: the event was missed. */
const timeoutMs = 5 * 60_000;

export interface Expectations {
  expectCreations(key: string, count: number): void;
  /** `ids` name what is being deleted, so that it is counted once. */
  expectDeletions(key: string, ids: readonly string[]): void;
  creationObserved(key: string): void;
  deletionObserved(key: string, id: string): void;
  /** Nothing is outstanding, or it is too old to wait for. */
  satisfied(key: string): boolean;
  forget(key: string): void;
}

export function createExpectations(clock: Clock): Expectations {
  const known = new Map<string, { creations: number; readonly deletions: Set<string>; readonly since: number }>();
  const set = (key: string, creations: number, ids: readonly string[]) =>
    known.set(key, { creations, deletions: new Set(ids), since: clock.monotonic() });
  return {
    expectCreations: (key, count) => void set(key, count, []),
    expectDeletions: (key, ids) => void set(key, 0, ids),
    creationObserved(key) {
      const e = known.get(key);
      if (e) e.creations--;
    },
    deletionObserved: (key, id) => void known.get(key)?.deletions.delete(id),
    satisfied(key) {
      const e = known.get(key);
      if (!e) return true;
      return (e.creations <= 0 && e.deletions.size === 0) || clock.monotonic() - e.since > timeoutMs;
    },
    forget: (key) => void known.delete(key),
  };
}
