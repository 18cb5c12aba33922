import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lease } from '../api/coordination/v1/types.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { silent } from '../base/log.ts';
import { conflict, notFound } from '../machinery/status-error.ts';
import type { Client } from './client.ts';
import { claimLease, createClient, runLeaderElection } from './index.ts';

const resource = { group: 'coordination.k8s.io', resource: 'leases' };
const bytes = async function* (v: unknown) {
  yield Buffer.from(JSON.stringify(v));
};

/** The one Lease of a server, with optimistic locking; `down` refuses writes. */
function leaseServer() {
  let lease: Lease | undefined;
  const state = {
    down: false,
    get lease() {
      return lease;
    },
  };
  const client: Client = createClient(
    {
      async request(r) {
        const fail = (e: { status: { code: number } }) => ({
          status: e.status.code,
          headers: {},
          body: bytes(e.status),
        });
        if (state.down && r.method !== 'GET') return fail(conflict(resource, 'l', 'down'));
        if (r.method === 'GET')
          return lease ? { status: 200, headers: {}, body: bytes(lease) } : fail(notFound(resource, 'l'));
        const sent = JSON.parse(r.body!.toString()) as Lease;
        const known = lease?.metadata.resourceVersion;
        if (r.method === 'PUT' && sent.metadata.resourceVersion !== known)
          return fail(conflict(resource, 'l', 'stale'));
        if (r.method === 'POST' && lease) return fail(conflict(resource, 'l', 'exists'));
        lease = { ...sent, metadata: { ...sent.metadata, resourceVersion: String(Number(known ?? 0) + 1) } };
        return { status: 200, headers: {}, body: bytes(lease) };
      },
      async close() {},
    },
    { userAgent: 'test' },
  );
  return { state, client };
}

const spec = (s: Lease['spec']): Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: {},
  spec: s,
});

test('a lease is taken when nobody holds it or its holder was silent for its duration', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const held = { lease: spec({ holderIdentity: 'b', leaseDurationSeconds: 15, leaseTransitions: 3 }), at: 1_000 };
  assert.equal(claimLease(undefined, 'a', 15_000, now, 0)?.leaseTransitions, 0);
  assert.equal(claimLease(held, 'a', 15_000, now, 15_999), undefined);
  assert.deepEqual(claimLease(held, 'a', 15_000, now, 16_000), {
    holderIdentity: 'a',
    leaseDurationSeconds: 15,
    acquireTime: '2026-01-01T00:00:00.000000Z',
    renewTime: '2026-01-01T00:00:00.000000Z',
    leaseTransitions: 4,
  });
  const mine = { lease: spec({ holderIdentity: 'a', acquireTime: 'then', leaseTransitions: 3 }), at: 0 };
  assert.equal(claimLease(mine, 'a', 15_000, now, 9)?.acquireTime, 'then');
  assert.equal(claimLease(mine, 'a', 15_000, now, 9)?.leaseTransitions, 3);
});

test('one of two leads; when it is stopped the other leads soon', async () => {
  const clock = new FakeClock();
  const { client } = leaseServer();
  const leaders: string[] = [];
  const start = (identity: string, signal: AbortSignal) =>
    runLeaderElection({
      client,
      clock,
      identity,
      signal,
      random: () => 0,
      log: silent,
      lease: { namespace: 'kube-system', name: 'l' },
      lead: (s) => {
        leaders.push(identity);
        return new Promise((resolve) => s.addEventListener('abort', () => resolve(), { once: true }));
      },
    });
  const [a, b] = [new AbortController(), new AbortController()];
  const runs = [start('a', a.signal), start('b', b.signal)];
  await clock.advance(60_000);
  assert.deepEqual(leaders, ['a']);
  a.abort();
  await clock.advance(5_000);
  assert.deepEqual(leaders, ['a', 'b']);
  b.abort();
  await clock.advance(5_000);
  await Promise.all(runs);
});

test('a leader that cannot renew for the deadline stops and says so', async () => {
  const clock = new FakeClock();
  const { client, state } = leaseServer();
  let stopped = false;
  const run = runLeaderElection({
    client,
    clock,
    identity: 'a',
    signal: new AbortController().signal,
    random: () => 0,
    log: silent,
    lease: { namespace: 'kube-system', name: 'l' },
    lead: (s) =>
      new Promise((resolve) =>
        s.addEventListener(
          'abort',
          () => {
            stopped = true;
            resolve();
          },
          { once: true },
        ),
      ),
  });
  const lost = assert.rejects(run, /leader election lost/);
  await clock.advance(5_000);
  state.down = true;
  await clock.advance(8_000);
  assert.equal(stopped, false);
  await clock.advance(6_000);
  assert.equal(stopped, true);
  await lost;
});
