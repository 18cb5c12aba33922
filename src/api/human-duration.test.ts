/** Ages read as kubectl prints them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { humanDuration, since } from './human-duration.ts';

const s = 1000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;

test('durations in two or three significant figures', () => {
  const table: readonly (readonly [number, string])[] = [
    [-2 * s, '<invalid>'],
    [-1 * s, '0s'],
    [0, '0s'],
    [119 * s, '119s'],
    [2 * m, '2m'],
    [3 * m + 10 * s, '3m10s'],
    [10 * m + 59 * s, '10m'],
    [179 * m, '179m'],
    [3 * h, '3h'],
    [7 * h + 59 * m, '7h59m'],
    [8 * h + 59 * m, '8h'],
    [47 * h, '47h'],
    [2 * d, '2d'],
    [2 * d + 4 * h, '2d4h'],
    [8 * d + 4 * h, '8d'],
    [729 * d, '729d'],
    [730 * d, '2y'],
    [731 * d, '2y1d'],
    [8 * 365 * d, '8y'],
  ];
  for (const [ms, text] of table) assert.equal(humanDuration(ms), text, String(ms));
});

test('a time that is not set is unknown', () => {
  assert.equal(since(undefined, 0), '<unknown>');
  assert.equal(since('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:01:30Z')), '90s');
});
