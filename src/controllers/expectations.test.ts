import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../base/fake-clock.ts';
import { createExpectations } from './expectations.ts';

test('creations are awaited one by one', () => {
  const e = createExpectations(new FakeClock());
  assert.ok(e.satisfied('a'));
  e.expectCreations('a', 2);
  e.creationObserved('a');
  assert.ok(!e.satisfied('a'));
  assert.ok(e.satisfied('b'));
  e.creationObserved('a');
  assert.ok(e.satisfied('a'));
});

test('a deletion that is seen twice counts once', () => {
  const e = createExpectations(new FakeClock());
  e.expectDeletions('a', ['x', 'y']);
  e.deletionObserved('a', 'x');
  e.deletionObserved('a', 'x');
  assert.ok(!e.satisfied('a'));
  e.deletionObserved('a', 'y');
  assert.ok(e.satisfied('a'));
});

test('what is not seen within five minutes is given up', async () => {
  const clock = new FakeClock();
  const e = createExpectations(clock);
  e.expectCreations('a', 1);
  await clock.advance(300_000);
  assert.ok(!e.satisfied('a'));
  await clock.advance(1);
  assert.ok(e.satisfied('a'));
});
