/**
 * One of several instances leads: it holds a Lease and renews it, the others wait until it is let go or runs out.
 * Source: client-go tools/leaderelection; the decision is a pure function over what was last observed.
 */
import { Leases } from '../api/coordination/v1/resources.ts';
import type { Lease } from '../api/coordination/v1/types.ts';
import { type Clock, rfc3339Micro } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { isNotFound } from '../machinery/status-error.ts';
import type { EventRecorder } from './cache.ts';
import type { Client, Key } from './client.ts';

export interface LeaderElectionOptions {
  readonly client: Client;
  /** The Lease: namespace and name. */
  readonly lease: Key;
  /** Unique to this instance: `host_uuid`. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly recorder?: EventRecorder;
  /** Aborting lets the Lease go, so that another leads at once. */
  readonly signal: AbortSignal;
  /** Runs while this instance leads; its signal aborts when that ends. */
  readonly lead: (signal: AbortSignal) => Promise<void>;
  /** Told of every change of leader, its own included. */
  readonly onLeader?: (identity: string) => void;
  /** Others wait for so long after the last renewal they saw. */
  readonly leaseDurationMs?: number;
  /** The leader gives up when it could not renew for so long. */
  readonly renewDeadlineMs?: number;
  readonly retryPeriodMs?: number;
}

/** The Lease as last read, and when (own monotonic clock: other clocks may be wrong). */
export interface ObservedLease {
  readonly lease: Lease;
  readonly at: number;
}

/** What to write to hold the lease; undefined: another holds it. `now` is wall time, `mono` monotonic, both in ms. Pure. */
export function claimLease(
  observed: ObservedLease | undefined,
  identity: string,
  durationMs: number,
  now: number,
  mono: number,
): Lease['spec'] | undefined {
  const stamp = rfc3339Micro(now);
  const fresh = {
    holderIdentity: identity,
    leaseDurationSeconds: Math.round(durationMs / 1000),
    acquireTime: stamp,
    renewTime: stamp,
    leaseTransitions: 0,
  };
  if (!observed) return fresh;
  const { spec } = observed.lease;
  const held = spec.holderIdentity ?? '';
  if (held === identity)
    return { ...spec, ...fresh, acquireTime: spec.acquireTime ?? stamp, leaseTransitions: spec.leaseTransitions ?? 0 };
  const lasts = (spec.leaseDurationSeconds ?? 0) * 1000;
  if (held && observed.at + lasts > mono) return undefined;
  return { ...spec, ...fresh, leaseTransitions: (spec.leaseTransitions ?? 0) + 1 };
}

/** A let-go lease: anyone may take it after a second. Pure. */
export const releasedSpec = (spec: Lease['spec'], now: number): Lease['spec'] => ({
  ...spec,
  holderIdentity: '',
  leaseDurationSeconds: 1,
  renewTime: rfc3339Micro(now),
  acquireTime: rfc3339Micro(now),
});

/** Runs until the signal aborts (resolves) or leadership was lost (rejects: the process should end, as upstream's do). */
export async function runLeaderElection(o: LeaderElectionOptions): Promise<void> {
  const { client, clock, lease: key, signal, log } = o;
  const duration = o.leaseDurationMs ?? 15_000;
  const deadline = o.renewDeadlineMs ?? 10_000;
  const period = o.retryPeriodMs ?? 2_000;
  let observed: ObservedLease | undefined;
  /** What is known may not be the newest. */
  let stale = true;
  let leader = '';
  const isMine = (): boolean => observed?.lease.spec.holderIdentity === o.identity;

  const observe = (lease: Lease): void => {
    const same = observed?.lease.metadata.resourceVersion === lease.metadata.resourceVersion;
    observed = { lease, at: same ? observed!.at : clock.monotonic() };
    const holder = lease.spec.holderIdentity ?? '';
    if (holder && holder !== leader) {
      leader = holder;
      o.onLeader?.(holder);
    }
  };
  const read = async (): Promise<void> => {
    try {
      observe(await client.get(Leases, key));
    } catch (e) {
      if (!isNotFound(e)) throw e;
      observed = undefined;
    }
  };
  /** True when this instance holds the lease for another term. */
  const attempt = async (): Promise<boolean> => {
    // A holder writes on from what it wrote; the server refuses if someone else wrote meanwhile.
    if (stale || !isMine()) await read();
    const spec = claimLease(observed, o.identity, duration, clock.now(), clock.monotonic());
    if (!spec) return false;
    const metadata = { namespace: key.namespace, name: key.name };
    observe(
      observed
        ? await client.update(Leases, { ...observed.lease, spec })
        : await client.create(Leases, { metadata, spec }),
    );
    stale = false;
    return true;
  };
  const tryOnce = async (): Promise<boolean> => {
    try {
      return await attempt();
    } catch (e) {
      log.debug('lease not taken', { lease: `${key.namespace}/${key.name}`, error: e as Error });
      stale = true;
      await read().catch(() => undefined);
      return false;
    }
  };
  const tell = (what: string): void => {
    if (observed) o.recorder?.event(observed.lease, 'Normal', 'LeaderElection', `${o.identity} ${what}`);
  };

  while (!signal.aborted && !(await tryOnce()))
    await clock.sleep(period * (1 + 1.2 * o.random()), signal).catch(() => undefined);
  if (signal.aborted) return release();
  tell('became leader');
  const leading = new AbortController();
  const end = () => leading.abort(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  const work = o.lead(leading.signal);
  let failure: Error | undefined;
  let renewedAt = clock.monotonic();
  const renewals = (async () => {
    while (!leading.signal.aborted) {
      await clock.sleep(period, leading.signal).catch(() => undefined);
      if (leading.signal.aborted) return;
      if (await tryOnce()) renewedAt = clock.monotonic();
      else if (clock.monotonic() - renewedAt >= deadline || !isMine()) {
        tell('stopped leading');
        failure = new Error(`leader election lost: the lease ${key.namespace}/${key.name} could not be renewed`);
        leading.abort(failure);
      }
    }
  })();
  try {
    await work;
  } finally {
    leading.abort();
    signal.removeEventListener('abort', end);
    await renewals;
    await release();
  }
  if (failure) throw failure;

  async function release(): Promise<void> {
    if (!observed || !isMine()) return;
    const spec = releasedSpec(observed.lease.spec, clock.now());
    await client.update(Leases, { ...observed.lease, spec }).catch((e: unknown) => {
      log.warn('the lease could not be let go; it runs out by itself', { error: e as Error });
    });
    observed = undefined;
  }
}
