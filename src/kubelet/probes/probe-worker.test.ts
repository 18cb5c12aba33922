/** Probe loops on a fake clock: thresholds, initial values, startup before the others, events. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PodStatus } from '../../api/core/v1/types.ts';
import { rfc3339 } from '../../base/clock.ts';
import { FakeClock } from '../../base/fake-clock.ts';
import { container, podOf } from '../pod/pod-fixture.ts';
import type { CheckResult } from './check.ts';
import { createProbes } from './probe-worker.ts';

function lab(probes: object, answers: (n: number) => CheckResult) {
  const clock = new FakeClock();
  const pod = podOf({ containers: [container('c', probes)] });
  const status = (id: string): PodStatus =>
    ({
      phase: 'Running',
      podIP: '1.2.3.4',
      containerStatuses: [
        {
          name: 'c',
          containerID: `containerd://${id}`,
          state: { running: { startedAt: rfc3339(clock.now()) } },
          lastState: {},
          ready: false,
          restartCount: 0,
          image: '',
          imageID: '',
        },
      ],
    }) as unknown as PodStatus;
  let now = status('id1');
  const events: string[] = [];
  let calls = 0;
  let live = true;
  let hold: Promise<unknown> | undefined;
  const all = createProbes({
    clock,
    random: () => 0,
    check: async () => {
      const n = calls++;
      await hold;
      return answers(n);
    },
    look: () => ({ pod, status: now, live: () => live }),
    changed: () => undefined,
    event: (_pod, name, reason, message) => void events.push(`${name} ${reason}: ${message}`),
  });
  all.watch(pod);
  return {
    all,
    pod,
    clock,
    events,
    live: (is: boolean) => {
      live = is;
    },
    hold: (until: Promise<unknown> | undefined) => {
      hold = until;
    },
    calls: () => calls,
    replace: (id: string) => {
      now = status(id);
    },
  };
}
const exec = {
  exec: { command: ['x'] },
  periodSeconds: 10,
  failureThreshold: 3,
  successThreshold: 1,
  timeoutSeconds: 1,
};
const ok = (): CheckResult => ({ verdict: 'success', output: '' });
const bad = (): CheckResult => ({ verdict: 'failure', output: 'no' });

test('liveness is assumed, and fails at the threshold', async () => {
  const l = lab({ livenessProbe: exec }, bad);
  await l.clock.advance(0);
  assert.equal(l.all.result('liveness', 'id1'), 'success');
  await l.clock.advance(10_000);
  assert.equal(l.all.result('liveness', 'id1'), 'success');
  await l.clock.advance(10_000);
  assert.equal(l.all.result('liveness', 'id1'), 'failure');
  assert.equal(l.events[0], 'c Unhealthy: Liveness probe failed: no');
  const before = l.calls();
  await l.clock.advance(60_000);
  assert.equal(l.calls(), before, 'a container that is to be restarted is left alone');
  l.replace('id2');
  await l.clock.advance(10_000);
  assert.equal(l.all.result('liveness', 'id2'), 'success');
  assert.ok(l.calls() > before);
  l.all.close();
});

test('readiness is denied until the first success', async () => {
  const l = lab({ readinessProbe: exec }, (n) => (n < 1 ? bad() : ok()));
  await l.clock.advance(0);
  assert.equal(l.all.result('readiness', 'id1'), 'failure');
  await l.clock.advance(10_000);
  assert.equal(l.all.result('readiness', 'id1'), 'success');
  l.all.close();
});

test('the others wait for the startup probe', async () => {
  const l = lab({ startupProbe: { ...exec, periodSeconds: 1 }, livenessProbe: exec }, (n) => (n < 2 ? bad() : ok()));
  await l.clock.advance(1000);
  assert.equal(l.all.result('startup', 'id1'), 'unknown');
  assert.equal(l.calls(), 2);
  await l.clock.advance(1000);
  assert.equal(l.all.result('startup', 'id1'), 'success');
  await l.clock.advance(0);
  assert.equal(l.calls(), 4, 'liveness looks as soon as startup is done');
  l.all.close();
});

test('an initial delay is kept, forget ends the loops', async () => {
  const l = lab({ livenessProbe: { ...exec, initialDelaySeconds: 3 } }, ok);
  await l.clock.advance(2900);
  assert.equal(l.calls(), 0);
  await l.clock.advance(200);
  assert.equal(l.calls(), 1);
  l.all.forget('u1');
  await l.clock.advance(60_000);
  assert.equal(l.calls(), 1);
  assert.equal(l.clock.pending, 0);
});

test('a container whose sandbox is gone, or whose pod has no address, is not probed and not blamed', async () => {
  const l = lab({ readinessProbe: exec }, bad);
  l.live(false);
  await l.clock.advance(30_000);
  assert.equal(l.calls(), 0);
  const { promise, resolve } = Promise.withResolvers<void>();
  l.hold(promise);
  l.live(true);
  await l.clock.advance(10_000);
  assert.equal(l.calls(), 1);
  l.live(false);
  resolve();
  await l.clock.advance(0);
  assert.deepEqual(l.events, [], 'the sandbox went while the probe ran: its answer says nothing');
  l.all.close();
});

test('loops ended for a new sandbox start again, and the ends of the old ones do not stop them', async () => {
  const l = lab({ readinessProbe: exec }, ok);
  const { promise, resolve } = Promise.withResolvers<void>();
  l.hold(promise);
  await l.clock.advance(0);
  l.all.forget('u1');
  l.hold(undefined);
  l.replace('id2');
  l.all.watch(l.pod);
  resolve();
  await l.clock.advance(0);
  await l.clock.advance(10_000);
  assert.equal(l.all.result('readiness', 'id2'), 'success');
  l.all.close();
});

test('a new container is probed at once, not at the next period', async () => {
  const l = lab({ readinessProbe: exec }, ok);
  await l.clock.advance(0);
  l.replace('id2');
  l.all.watch(l.pod);
  await l.clock.advance(0);
  assert.equal(l.all.result('readiness', 'id2'), 'success');
  l.all.close();
});
