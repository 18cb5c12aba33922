import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  canonicaliseMicroTime,
  canonicaliseTime,
  formatDuration,
  microTimeText,
  parseDuration,
  timeText,
} from './go-time.ts';

test('durations are written as Go writes them', () => {
  const vectors: [bigint, string][] = [
    [0n, '0s'],
    [1n, '1ns'],
    [1100n, '1.1µs'],
    [2_200_000n, '2.2ms'],
    [3_300_000_000n, '3.3s'],
    [245_000_000_000n, '4m5s'],
    [245_001_000_000n, '4m5.001s'],
    [18_367_001_000_000n, '5h6m7.001s'],
    [3_600_000_000_000n, '1h0m0s'],
    [-90_000_000_000n, '-1m30s'],
  ];
  for (const [ns, text] of vectors) assert.equal(formatDuration(ns), text);
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 62n), 2n ** 62n), (ns) => void assert.equal(parseDuration(formatDuration(ns)), ns)),
  );
});

test('durations are read as Go reads them', () => {
  assert.equal(parseDuration('1h15m30.918s'), 4_530_918_000_000n);
  assert.equal(parseDuration('-.5s'), -500_000_000n);
  assert.equal(parseDuration('+5us'), 5000n);
  assert.equal(parseDuration('0'), 0n);
  for (const [text, message] of [
    ['', 'time: invalid duration ""'],
    ['3', 'time: missing unit in duration "3"'],
    ['3x', 'time: unknown unit "x" in duration "3x"'],
    ['.s', 'time: invalid duration ".s"'],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
  ] as const)
    assert.throws(() => parseDuration(text), { message });
});

test('times come out in UTC and keep their instant', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (d) => {
      const seconds = Math.floor(d.getTime() / 1000) * 1000;
      assert.equal(canonicaliseTime(d.toISOString()), timeText(seconds));
      assert.equal(canonicaliseTime(timeText(seconds)), timeText(seconds));
      assert.equal(canonicaliseMicroTime(microTimeText(d.getTime())), microTimeText(d.getTime()));
    }),
  );
  assert.equal(canonicaliseTime('2024-01-01T00:00:00-07:00'), '2024-01-01T07:00:00Z');
  assert.equal(canonicaliseMicroTime('0001-01-01T00:00:00.000000Z'), undefined);
});
