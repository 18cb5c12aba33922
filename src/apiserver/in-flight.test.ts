/** Requests at work: each ends in its time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../base/fake-clock.ts';
import { createInFlight } from './in-flight.ts';

test('what is at work is counted, and ends with its own time or the usual one', async () => {
  const clock = new FakeClock();
  const flight = createInFlight(clock, 60_000, 'too slow');
  const ended: string[] = [];
  const enter = (name: string, timeout?: number) =>
    flight.enter({ abort: (e) => ended.push(`${name}: ${e.message}`) }, timeout);
  const leave = enter('a');
  enter('b', 500);
  enter('c');
  assert.equal(flight.size, 3);
  leave();
  assert.equal(flight.size, 2);
  await clock.advance(600);
  assert.deepEqual(ended, ['b: Timeout: too slow']);
  for (let s = 0; s < 62; s++) await clock.advance(1000);
  assert.deepEqual(ended, ['b: Timeout: too slow', 'c: Timeout: too slow']);
  assert.equal(flight.size, 0);
  flight.close();
});
