import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareKeys } from './key-order.ts';
import { SortedMap } from './sorted-map.ts';

test('keys compare as their UTF-8 bytes', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, (a, b) => {
      assert.equal(Math.sign(compareKeys(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test('a sorted map holds what a map holds, in order', () => {
  const key = fc.oneof(fc.nat(3000).map(String), fc.constantFrom('～', '😀', 'é'));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), key), { maxLength: 3000, size: 'max' }), key, (operations, from) => {
      const map = new SortedMap<number>();
      const model = new Map<string, number>();
      operations.forEach(([put, k], i) => {
        assert.equal(put ? map.set(k, i) : map.delete(k), model.get(k));
        if (put) model.set(k, i);
        else model.delete(k);
      });
      assert.equal(map.size, model.size);
      const ordered = [...model].toSorted(([a], [b]) => compareKeys(a, b));
      assert.deepEqual(
        [...map.values()],
        ordered.map(([, v]) => v),
      );
      assert.deepEqual(
        [...map.values(from)],
        ordered.filter(([k]) => compareKeys(k, from) > 0).map(([, v]) => v),
      );
      const scanned: string[] = [];
      map.scan(from, (k) => scanned.push(k) < 5);
      assert.deepEqual(
        scanned,
        ordered
          .filter(([k]) => compareKeys(k, from) >= 0)
          .slice(0, 5)
          .map(([k]) => k),
      );
      for (const [k, v] of model) assert.equal(map.get(k), v);
    }),
    { numRuns: 30 },
  );
});

test('a scan goes on at its place when the map changes under it', () => {
  const map = new SortedMap<number>();
  for (let i = 0; i < 2000; i++) map.set(String(i).padStart(5, '0'), i);
  const seen: number[] = [];
  for (const v of map.values()) {
    seen.push(v);
    if (v % 3 === 0) map.delete(String(v).padStart(5, '0'));
    if (v % 5 === 0) map.set(`${String(v).padStart(5, '0')}-more`, -1);
  }
  assert.deepEqual(
    seen.filter((v) => v >= 0),
    Array.from({ length: 2000 }, (_, i) => i),
  );
});
