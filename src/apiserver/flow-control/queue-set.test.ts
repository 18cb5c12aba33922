/** Fair queuing: seats are never exceeded, nothing is lost, the progress meter is what its definition says, a flood starves nobody. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newFlowStats } from './flow-metrics.ts';
import { type Flight, newFlight, QueueSet, type Work } from './queue-set.ts';
import { oneSeat } from './work-estimate.ts';

const counts = () => newFlowStats('level', 'schema');
const flight = (work: Work = oneSeat): Flight => newFlight(counts(), work);
const all = [0, 1, 2, 3, 4, 5, 6, 7];

type Step =
  | { readonly do: 'start'; readonly hand: readonly number[]; readonly work: Work; readonly after: number }
  | { readonly do: 'finish' | 'release' | 'cancel'; readonly which: number; readonly after: number }
  | { readonly do: 'configure'; readonly queues: number; readonly limit: number; readonly after: number };

const after = fc.integer({ min: 0, max: 20 }).map((ms) => ms / 1000);
const work: fc.Arbitrary<Work> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 6 }))
  .map(([initialSeats, finalSeats]) => ({ initialSeats, finalSeats, finalSeconds: finalSeats ? 0.005 : 0 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('start' as const),
      hand: fc.shuffledSubarray(all.slice(0, 4), { minLength: 2, maxLength: 2 }),
      work,
      after,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('finish' as const, 'release' as const, 'cancel' as const),
      which: fc.nat(),
      after,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('configure' as const),
      queues: fc.constantFrom(4, 8, 0),
      limit: fc.integer({ min: 0, max: 8 }),
      after,
    }),
  },
);

/** How fast the progress meter runs, counted anew from the queues. */
function rate(set: QueueSet): number {
  const busy = set.queues.filter((q) => q.waiting.length > 0 || q.executing > 0);
  const seats = set.queues.reduce((n, q) => n + q.seatsInUse + q.waiting.reduce((m, f) => m + f.seats, 0), 0);
  return busy.length === 0 ? 0 : Math.min(seats, set.limit) / busy.length;
}

test('whatever comes, seats are not exceeded, sums are right and every request is somewhere', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 8 }), (steps, limit) => {
      let now = 0;
      const set = new QueueSet({ queues: 4, queueLengthLimit: 5 }, limit, now);
      const flights: Flight[] = [];
      const of = (state: Flight['state']) => flights.filter((f) => f.state === state);
      const granted = (going: readonly Flight[]) => {
        for (const g of going) assert.equal(g.state, 'executing');
      };
      for (const s of steps) {
        const r = set.r + rate(set) * s.after;
        now += s.after;
        const before = new Set(set.executing);
        if (s.do === 'start') {
          const f = newFlight(counts(), s.work);
          flights.push(f);
          granted(set.start(f, s.hand, now));
        } else if (s.do === 'configure')
          granted(set.reconfigure({ queues: s.queues, queueLengthLimit: 5 }, s.limit, now));
        else {
          const from = of(s.do === 'finish' ? 'executing' : s.do === 'release' ? 'finishing' : 'waiting');
          const f = from[s.which % Math.max(1, from.length)];
          if (!f) {
            now -= s.after;
            continue;
          }
          granted(set[s.do](f, now));
        }
        assert.ok(Math.abs(set.r - r) < 1e-6, `progress meter ${set.r}, should be ${r}`);
        const began = [...set.executing].filter((f) => !before.has(f));
        if (began.length > 0) assert.ok(set.seatsInUse <= set.limit || set.executing.size === 1);
        assert.equal(set.waiting, of('waiting').length);
        assert.equal(set.executing.size, of('executing').length);
        const seats = (list: readonly Flight[]) => list.reduce((n, f) => n + f.seats, 0);
        assert.equal(set.seatsInUse, seats([...of('executing'), ...of('finishing')]));
        assert.equal(set.waitingSeats, seats(of('waiting')));
        assert.equal(
          of('waiting').length,
          set.queues.reduce((n, q) => n + q.waiting.length, 0),
        );
        for (const [i, q] of set.queues.entries()) assert.equal(q.index, i);
        for (const f of flights) {
          assert.equal(f.counts.waiting, f.state === 'waiting' ? 1 : 0);
          assert.equal(f.counts.executingSeats, f.state === 'executing' || f.state === 'finishing' ? f.seats : 0);
        }
      }
      // Let everything end: nobody waits for ever.
      granted(set.reconfigure({ queues: 4, queueLengthLimit: 5 }, Math.max(1, set.limit), now));
      for (let turns = 0; !set.isIdle || of('finishing').length > 0; turns++) {
        assert.ok(turns < 1000);
        for (const f of of('executing')) set.finish(f, now);
        for (const f of of('finishing')) set.release(f, now);
      }
      assert.ok(flights.every((f) => f.state === 'done'));
      assert.equal(set.dispatched + set.rejected, flights.length);
    }),
    { numRuns: 300 },
  );
});

test('a flood starves no other flow: who sends little waits for a turn or two', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 20, max: 200 }), (limit, flood) => {
      const set = new QueueSet({ queues: 8, queueLengthLimit: 500 }, limit, 0);
      const many = Array.from({ length: flood }, () => flight());
      for (const f of many) set.start(f, [0, 1], 0);
      const one = flight();
      set.start(one, [2, 3], 0.001);
      let now = 0.001;
      let others = 0;
      while (one.state === 'waiting') {
        now += 0.01;
        const next = [...set.executing][0]!;
        others += set.finish(next, now).filter((f) => f !== one).length;
      }
      assert.ok(others <= 2 * limit + 2, `${others} of the flood went first`);
    }),
  );
});

test('two flows that always have work get the same number of seats', () => {
  const set = new QueueSet({ queues: 2, queueLengthLimit: 1000 }, 4, 0);
  const served = [0, 0];
  const whose = new Map<Flight, number>();
  const add = (flow: number, now: number) => {
    const f = flight();
    whose.set(f, flow);
    set.start(f, [flow], now);
  };
  // The first sends ten times as much.
  for (let i = 0; i < 400; i++) add(0, 0);
  for (let i = 0; i < 40; i++) add(1, 0);
  for (let now = 0.01; served[1]! < 40 && now < 10; now += 0.01)
    for (const f of [...set.executing]) {
      served[whose.get(f)!]!++;
      set.finish(f, now);
    }
  assert.equal(served[1], 40);
  assert.ok(served[0]! >= 36 && served[0]! <= 48, `${served[0]} against 40`);
});

test('who finds no seat: a queue that is full, a level without queues, a level that is exempt, a request wider than the level', () => {
  const full = new QueueSet({ queues: 1, queueLengthLimit: 1 }, 1, 0);
  const states = [flight(), flight(), flight()].map((f) => {
    full.start(f, [0], 0);
    return f.state;
  });
  assert.deepEqual(states, ['executing', 'waiting', 'done']);
  const sans = new QueueSet({ queues: 0, queueLengthLimit: 0 }, 1, 0);
  const [a, b] = [flight(), flight()];
  sans.start(a, [], 0);
  sans.start(b, [], 0);
  assert.deepEqual([a.state, b.state, sans.rejected], ['executing', 'done', 1]);
  const exempt = new QueueSet({ queues: -1, queueLengthLimit: 0 }, 0, 0);
  for (let i = 0; i < 50; i++) exempt.start(flight({ initialSeats: 10, finalSeats: 0, finalSeconds: 0 }), [0], 0);
  assert.deepEqual([exempt.executing.size, exempt.seatsInUse], [50, 500]);
  const narrow = new QueueSet({ queues: 1, queueLengthLimit: 9 }, 2, 0);
  const small = flight();
  const wide = flight({ initialSeats: 5, finalSeats: 0, finalSeconds: 0 });
  narrow.start(small, [0], 0);
  narrow.start(wide, [0], 0);
  assert.equal(wide.state, 'waiting');
  assert.deepEqual(narrow.finish(small, 1), [wide]);
});

test('final seats stay taken until they are released, on no more seats than the level has', () => {
  const set = new QueueSet({ queues: 1, queueLengthLimit: 9 }, 4, 0);
  const write = flight({ initialSeats: 1, finalSeats: 8, finalSeconds: 0.005 });
  set.start(write, [0], 0);
  assert.deepEqual(write.work, { initialSeats: 1, finalSeats: 4, finalSeconds: 0.01 });
  const next = flight();
  set.start(next, [0], 0);
  assert.deepEqual(set.finish(write, 0.1), []);
  assert.deepEqual([write.state, next.state], ['finishing', 'waiting']);
  assert.deepEqual(set.release(write, 0.11), [next]);
});
