import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../api/resource-row.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { silent } from '../base/log.ts';
import { StatusError } from '../machinery/status-error.ts';
import type { Client } from './client.ts';
import { createEventSeriesRecorder } from './event-series.ts';

const pod = (name: string): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'a', name, uid: `uid-${name}`, resourceVersion: '7' },
  }) as KubeObject;

function lab() {
  const clock = new FakeClock();
  const writes: [string, Record<string, unknown>][] = [];
  const stop = new AbortController();
  let patchFails = false;
  const client = {
    create: async (_: unknown, e: Record<string, unknown>) => void writes.push(['create', e]),
    patch: async (_: unknown, key: { name: string }, _t: string, patch: Record<string, unknown>) => {
      if (patchFails) throw new StatusError(404, 'NotFound', 'gone');
      writes.push([`patch ${key.name}`, patch]);
    },
  } as unknown as Client;
  const recorder = createEventSeriesRecorder({
    client,
    controller: 'default-scheduler',
    host: 'h',
    clock,
    log: silent,
    signal: stop.signal,
  });
  const failed = (name: string, note = 'no room') =>
    recorder.event({ regarding: pod(name), type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', note });
  return { clock, writes, stop, recorder, failed, lose: () => (patchFails = true) };
}

test('an event names object, reporter and action; what is related too', async () => {
  const { clock, writes, stop, recorder } = lab();
  recorder.event({
    regarding: pod('victim'),
    related: pod('vip'),
    type: 'Normal',
    reason: 'Preempted',
    action: 'Preempting',
    note: 'n',
  });
  await recorder.idle();
  const [[verb, e]] = writes as [[string, Record<string, unknown>]];
  assert.equal(verb, 'create');
  const { metadata, eventTime, ...rest } = e;
  assert.match((metadata as { name: string }).name, /^victim\.[0-9a-f]+$/);
  assert.match(eventTime as string, /\.\d{6}Z$/);
  const ref = (name: string) => ({
    kind: 'Pod',
    namespace: 'a',
    name,
    uid: `uid-${name}`,
    apiVersion: 'v1',
    resourceVersion: '7',
  });
  assert.deepEqual(rest, {
    reportingController: 'default-scheduler',
    reportingInstance: 'default-scheduler-h',
    action: 'Preempting',
    reason: 'Preempted',
    regarding: ref('victim'),
    related: ref('vip'),
    note: 'n',
    type: 'Normal',
  });
  stop.abort();
  assert.equal(clock.pending, 0);
});

test('repetitions are one series: written when it begins and when it is over', async () => {
  const { clock, writes, stop, recorder, failed } = lab();
  for (let i = 0; i < 5; i++) {
    failed('p', `note ${i}`);
    await clock.advance(1_000);
  }
  failed('other');
  await recorder.idle();
  assert.deepEqual(
    writes.map(([verb, e]) => [verb.split(' ')[0], e['note'] ?? (e['series'] as { count: number }).count]),
    [
      ['create', 'note 0'],
      ['patch', 2],
      ['create', 'no room'],
    ],
  );
  await clock.advance(13 * 60_000);
  await recorder.idle();
  assert.deepEqual(Object.keys(writes.at(-1)![1]), ['series']);
  assert.equal((writes.at(-1)![1]['series'] as { count: number }).count, 5);
  assert.equal(writes.length, 4);
  assert.equal(clock.pending, 0, 'nothing is remembered, no timer runs');
  failed('p');
  await recorder.idle();
  assert.equal(writes.at(-1)?.[0], 'create');
  stop.abort();
});

test('a series whose event has expired is made anew with its count', async () => {
  const { writes, stop, recorder, failed, lose } = lab();
  failed('p');
  lose();
  failed('p');
  await recorder.idle();
  assert.deepEqual(
    writes.map(([verb, e]) => [verb, (e['series'] as { count: number } | undefined)?.count]),
    [
      ['create', undefined],
      ['create', 2],
    ],
  );
  stop.abort();
});
