/** Pod statuses from observations, and the patches between them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PodStatus } from '../../api/core/v1/types.ts';
import { container, observedOf, podOf, probesOf } from './pod-fixture.ts';
import { podStatus, statusPatch } from './status.ts';

const make = (
  spec: object,
  there: string,
  more: {
    sandbox?: 'ready' | 'notready' | 'none';
    probes?: string;
    waiting?: [string, string];
    previous?: PodStatus;
    final?: boolean;
    metadata?: object;
  } = {},
) => {
  const pod = podOf(spec, more.metadata);
  return podStatus({
    pod,
    observed: observedOf(there, more.sandbox),
    probes: probesOf(more.probes),
    waiting: new Map(more.waiting ? [[more.waiting[0], { reason: more.waiting[1], message: 'why' }]] : []),
    previous: more.previous ?? pod.status,
    final: more.final ?? false,
    hostIPs: ['192.168.0.1'],
    runtimeName: 'containerd',
    now: Date.parse('2026-01-01T00:00:10Z'),
  });
};
const condition = (s: PodStatus, type: string) => {
  const c = s.conditions?.find((x) => x.type === type);
  return c && [c.status, c.reason, c.message].filter(Boolean).join('|');
};
const web = { containers: [container('web')] };

test('a pod that is not there yet waits in ContainerCreating', () => {
  const s = make(web, '', { sandbox: 'none' });
  assert.equal(s.phase, 'Pending');
  assert.deepEqual(s.containerStatuses?.[0]?.state, { waiting: { reason: 'ContainerCreating' } });
  assert.equal(condition(s, 'PodReadyToStartContainers'), 'False');
  assert.equal(condition(s, 'Initialized'), 'True');
  assert.equal(condition(s, 'Ready'), 'False|ContainersNotReady|containers with unready status: [web]');
  assert.equal(s.podIP, undefined);
  assert.equal(s.hostIP, '192.168.0.1');
});

test('a running pod is ready, with addresses and container ids', () => {
  const s = make(web, 'web=running');
  assert.equal(s.phase, 'Running');
  assert.equal(s.podIP, '10.0.0.5');
  const c = s.containerStatuses![0]!;
  assert.equal(c.containerID, 'containerd://web-0');
  assert.deepEqual([c.ready, c.started, c.restartCount], [true, true, 0]);
  assert.equal(condition(s, 'Ready'), 'True');
  assert.equal(s.qosClass, 'BestEffort');
  assert.equal(s.observedGeneration, 1);
});

test('readiness decides ready, startup decides started', () => {
  const probe = { httpGet: { port: 80 } };
  const first = (spec: object, probes: string, previous?: PodStatus) => {
    const s = make({ containers: [{ ...container('web'), ...spec }] }, 'web=running', {
      probes,
      ...(previous && { previous }),
    });
    const c = s.containerStatuses![0]!;
    return { status: s, says: [c.started, c.ready, condition(s, 'Ready')!.slice(0, 5)] };
  };
  const ready = { readinessProbe: probe };
  assert.deepEqual(first(ready, '').says, [true, false, 'False'], 'a probe that has not spoken');
  assert.deepEqual(first(ready, 'readiness/web-0=failure').says, [true, false, 'False']);
  const good = first(ready, 'readiness/web-0=success');
  assert.deepEqual(good.says, [true, true, 'True']);
  assert.deepEqual(first(ready, '', good.status).says, [true, true, 'True'], 'the kubelet has started anew');
  const other = {
    ...good.status,
    containerStatuses: good.status.containerStatuses!.map((c) => ({ ...c, containerID: 'containerd://old' })),
  };
  assert.deepEqual(first(ready, '', other).says, [true, false, 'False'], 'another container was ready');
  const slow = { startupProbe: probe };
  assert.deepEqual(first(slow, '').says, [false, false, 'False']);
  assert.deepEqual(first(slow, 'startup/web-0=unknown').says, [false, false, 'False']);
  assert.deepEqual(first(slow, 'startup/web-0=success').says, [true, true, 'True']);
});

test('init containers: PodInitializing until they are done', () => {
  const spec = { initContainers: [container('a')], containers: [container('web')] };
  const s = make(spec, 'a=running');
  assert.deepEqual(s.containerStatuses?.[0]?.state.waiting, { reason: 'PodInitializing' });
  assert.equal(condition(s, 'Initialized'), 'False|ContainersNotInitialized|containers with incomplete status: [a]');
  assert.equal(s.phase, 'Pending');
  assert.equal(condition(make(spec, 'a=exited:0 web=running'), 'Initialized'), 'True');
});

test('a crash loop shows the wait, the last end and the count', () => {
  const s = make(web, 'web=exited:1#2 web=exited:3#3', { waiting: ['web', 'CrashLoopBackOff'] });
  const c = s.containerStatuses![0]!;
  assert.deepEqual(c.state, { waiting: { reason: 'CrashLoopBackOff', message: 'why' } });
  assert.equal(c.lastState.terminated?.exitCode, 3);
  assert.equal(c.restartCount, 3);
  assert.equal(s.phase, 'Running');
});

test('phases of pods that end', () => {
  const phase = (restartPolicy: string, there: string, final = false) =>
    make({ ...web, restartPolicy }, there, { final }).phase;
  assert.equal(phase('Never', 'web=exited:0'), 'Succeeded');
  assert.equal(phase('Never', 'web=exited:1'), 'Failed');
  assert.equal(phase('OnFailure', 'web=exited:1'), 'Running');
  assert.equal(phase('Always', 'web=exited:0'), 'Running');
  assert.equal(phase('Always', 'web=exited:137', true), 'Failed');
  const done = make({ ...web, restartPolicy: 'Never' }, 'web=exited:0');
  assert.equal(condition(done, 'Ready'), 'False|PodCompleted');
  assert.equal(condition(done, 'Initialized'), 'True|PodCompleted');
});

test('a readiness gate holds the pod unready', () => {
  const spec = { ...web, readinessGates: [{ conditionType: 'example.com/x' }] };
  assert.equal(
    condition(make(spec, 'web=running'), 'Ready'),
    'False|ReadinessGatesNotReady|corresponding condition of pod readiness gate "example.com/x" does not exist.',
  );
});

test('transition times stay while a condition stays', () => {
  const probedWeb = { containers: [{ ...container('web'), readinessProbe: { httpGet: { port: 80 } } }] };
  const first = make(probedWeb, 'web=running', { probes: 'readiness/web-0=success' });
  const old = {
    ...first,
    conditions: first.conditions!.map((c) => ({ ...c, lastTransitionTime: '2025-01-01T00:00:00Z' })),
  };
  const next = make(probedWeb, 'web=running', { previous: old });
  assert.ok(next.conditions!.every((c) => c.lastTransitionTime === '2025-01-01T00:00:00Z'));
  const worse = make(probedWeb, 'web=running', { previous: old, probes: 'readiness/web-0=failure' });
  assert.equal(worse.conditions!.find((c) => c.type === 'Ready')!.lastTransitionTime, '2026-01-01T00:00:10Z');
});

test('patches carry what changed and take out what went', () => {
  const a = make(web, '', { sandbox: 'none' });
  assert.equal(statusPatch(a, a), undefined);
  const b = make(web, 'web=running', { previous: a });
  const patch = statusPatch(a, b)!;
  assert.equal(patch['phase'], 'Running');
  assert.deepEqual(
    (patch['conditions'] as { type: string }[]).map((c) => c.type),
    ['PodReadyToStartContainers', 'Ready', 'ContainersReady'],
  );
  const ready = (patch['conditions'] as Record<string, unknown>[]).find((c) => c['type'] === 'Ready')!;
  assert.deepEqual([ready['status'], ready['reason'], ready['message']], ['True', null, null]);
  assert.deepEqual(patch['podIPs'], [{ ip: '10.0.0.5' }]);
  assert.deepEqual(statusPatch(b, a)!['podIPs'], null);
  assert.equal('hostIPs' in patch, false);
});
