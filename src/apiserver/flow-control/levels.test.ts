/** The arithmetic of flow control: hands, shares, borrowing, estimates, Retry-After. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FlowSchema, PriorityLevelConfiguration } from '../../api/flowcontrol/v1/types.ts';
import { priorityLevels } from '../bootstrap/flow-control.ts';
import { parseRequest } from '../request-info.ts';
import { allocate, type Claim } from './allocation.ts';
import { danglingCondition, lend, maxSeatsOf, orderSchemas, readLevel, seatBounds } from './levels.ts';
import { droppedRequests } from './retry-after.ts';
import { DemandMeter, noDemand } from './seat-demand.ts';
import { canDeal, deal, hashFlow } from './shuffle-sharding.ts';
import { watchCount } from './watch-count.ts';
import { estimateWork } from './work-estimate.ts';

const level = (name: string, spec: object): PriorityLevelConfiguration =>
  ({ metadata: { name, uid: `uid-${name}` }, spec }) as unknown as PriorityLevelConfiguration;
const bootstrap = priorityLevels.map((l) => readLevel(level(l.name, l.spec))!);

test('a hand is dealt without repetition, the same for the same flow', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.integer({ min: 1, max: 128 }),
      fc.nat(),
      (hash, deck, n) => {
        const size = 1 + (n % Math.min(deck, 8));
        fc.pre(canDeal(deck, size));
        const hand = deal(hash, deck, size);
        assert.equal(new Set(hand).size, size);
        assert.ok(hand.every((c) => c >= 0 && c < deck));
        assert.deepEqual(deal(hash, deck, size), hand);
      },
    ),
  );
  // 57 = 1 + 8·7, 7 = 0 + 7·1: card 1, then the first of those that are left; 9 = 1 + 8·1, 1: card 1, then the second that is left.
  assert.deepEqual(deal(57n, 8, 2), [1, 0]);
  assert.deepEqual(deal(9n, 8, 2), [1, 2]);
  assert.notEqual(hashFlow('a', 'b'), hashFlow('ab', ''));
  assert.deepEqual([canDeal(128, 6), canDeal(512, 8), canDeal(8, 9), canDeal(0, 1)], [true, false, false, false]);
});

test('seats of the levels every cluster has, of a server with 600', () => {
  const bounds = seatBounds(bootstrap, 600);
  assert.deepEqual(
    bootstrap.map((l, i) => [
      l.name,
      bounds[i]!.nominal,
      bounds[i]!.min,
      bounds[i]!.max,
      maxSeatsOf(l, bounds[i]!.nominal),
    ]),
    [
      ['exempt', 0, 0, 600, undefined],
      ['catch-all', 13, 13, 613, undefined],
      ['system', 74, 50, 674, 12],
      ['node-high', 98, 73, 698, 15],
      ['leader-election', 25, 25, 625, 4],
      ['workload-high', 98, 49, 698, 15],
      ['workload-low', 245, 24, 845, 37],
      ['global-default', 49, 24, 649, 8],
    ],
  );
});

test('objects that contradict themselves count as missing', () => {
  const queue = { type: 'Queue', queuing: { queues: 4, handSize: 2, queueLengthLimit: 5 } };
  const table: readonly (readonly [string, object, boolean])[] = [
    ['a', { type: 'Limited', limited: { nominalConcurrencyShares: 1, limitResponse: queue } }, true],
    ['a', { type: 'Limited' }, false],
    ['a', { type: 'Exempt', exempt: {} }, false],
    ['exempt', { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } }, false],
    ['a', { type: 'Limited', limited: { limitResponse: { type: 'Queue' } } }, false],
    ['a', { type: 'Limited', limited: { limitResponse: { ...queue, type: 'Reject' } } }, false],
    [
      'a',
      {
        type: 'Limited',
        limited: { limitResponse: { type: 'Queue', queuing: { queues: 4, handSize: 5, queueLengthLimit: 1 } } },
      },
      false,
    ],
  ];
  for (const [name, spec, ok] of table)
    assert.equal(readLevel(level(name, spec)) !== undefined, ok, `${name} ${JSON.stringify(spec)}`);
});

const claim: fc.Arbitrary<Claim> = fc
  .tuple(fc.nat(50), fc.nat(50), fc.nat(50))
  .map(([lower, more, room]) => ({ lower, target: lower + more, upper: lower + room }));

test('an allocation adds up, keeps all bounds, and is fair between them', () => {
  fc.assert(
    fc.property(
      fc.array(claim, { minLength: 1, maxLength: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (claims, at) => {
        const least = claims.reduce((n, c) => n + c.lower, 0);
        const most = claims.reduce((n, c) => n + c.upper, 0);
        const total = Math.round(least + (most - least) * at);
        const { seats, fairFraction } = allocate(total, claims);
        assert.ok(Math.abs(seats.reduce((a, b) => a + b, 0) - total) < 1e-6);
        if (total === 0 || total === least || total === most) return;
        seats.forEach((s, i) => {
          const c = claims[i]!;
          const fair = fairFraction * Math.max(c.target, 0.001);
          assert.ok(Math.abs(s - Math.max(c.lower, Math.min(c.upper, fair))) < 1e-6);
        });
      },
    ),
  );
  assert.throws(() => allocate(5, [{ target: 1, lower: 1, upper: 2 }]));
});

test('seats go to who wants them, never below what a level keeps for itself', () => {
  const bounds = seatBounds(bootstrap, 600);
  const total = bounds.reduce((n, b) => n + b.nominal, 0);
  fc.assert(
    fc.property(fc.array(fc.nat(700), { minLength: 8, maxLength: 8 }), (wants) => {
      const lent = lend(
        bootstrap.map((l, i) => ({
          ...bounds[i]!,
          exempt: l.exempt,
          current: bounds[i]!.nominal,
          demand: { highest: wants[i]!, average: wants[i]!, deviation: 0, smoothed: wants[i]! },
        })),
      );
      lent.current.forEach((c, i) => {
        const b = bounds[i]!;
        assert.ok(c >= b.min && (bootstrap[i]!.exempt || c <= b.max), `${bootstrap[i]!.name}: ${c}`);
        if (!bootstrap[i]!.exempt && wants[0]! === 0) assert.ok(c >= Math.min(b.nominal, wants[i]!) - 1);
      });
      const limited = lent.current.slice(1).reduce((a, b) => a + b, 0);
      assert.ok(limited <= total + bootstrap.length, `${limited} of ${total}`);
    }),
  );
});

test('demand over time: average, deviation, highest, smoothed', () => {
  const m = new DemandMeter(0);
  m.set(4, 0);
  m.set(0, 5);
  const first = m.take(noDemand, 10);
  assert.deepEqual(first, { highest: 4, average: 2, deviation: 2, smoothed: 4 });
  const idle = m.take(first, 20);
  assert.deepEqual([idle.highest, idle.average], [0, 0]);
  assert.ok(Math.abs(idle.smoothed - 4 * 0.977) < 1e-9);
});

test('schemas are asked by precedence and name; the mandatory two are always there, those that dangle are not', () => {
  const schema = (name: string, matchingPrecedence: number, to: string) =>
    ({ metadata: { name }, spec: { matchingPrecedence, priorityLevelConfiguration: { name: to } } }) as FlowSchema;
  const levels = new Map([['low', true]]);
  const list = [schema('z', 5, 'low'), schema('b', 5, 'low'), schema('a', 900, 'low'), schema('gone', 1, 'nowhere')];
  assert.deepEqual(
    orderSchemas(list, levels).map((s) => s.metadata.name),
    ['exempt', 'b', 'z', 'a', 'catch-all'],
  );
  assert.deepEqual(danglingCondition(list[3]!, levels), {
    type: 'Dangling',
    status: 'True',
    reason: 'NotFound',
    message:
      'This FlowSchema references the PriorityLevelConfiguration object named "nowhere" but there is no such object',
  });
  const found = danglingCondition(list[0]!, levels)!;
  assert.equal(
    found.message,
    'This FlowSchema references the PriorityLevelConfiguration object named "low" and it exists',
  );
  assert.equal(danglingCondition({ ...list[0]!, status: { conditions: [found] } } as FlowSchema, levels), undefined);
});

test('what requests are expected to cost', () => {
  const stored = { count: 5000, averageBytes: 2000 };
  const table: readonly (readonly [string, string, number, number, number | undefined])[] = [
    // method, url, watchers, initial seats, final seats
    ['GET', '/api/v1/pods', 0, 10, undefined],
    ['GET', '/api/v1/pods?limit=500', 0, 10, undefined],
    ['GET', '/api/v1/pods?limit=100', 0, 2, undefined],
    ['GET', '/api/v1/pods?continue=x', 0, 37, undefined],
    ['GET', '/api/v1/pods?continue=x&limit=100&labelSelector=a', 0, 37, undefined],
    ['GET', '/api/v1/pods?resourceVersionMatch=Exact&resourceVersion=7&limit=50', 0, 1, undefined],
    ['GET', '/api/v1/namespaces/a/pods?fieldSelector=metadata.name=x', 0, 1, undefined],
    ['GET', '/api/v1/pods?watch=1', 0, 10, undefined],
    ['GET', '/api/v1/pods?watch=1&resourceVersion=7', 0, 1, undefined],
    ['GET', '/api/v1/pods?watch=1&resourceVersion=7&sendInitialEvents=true', 0, 10, undefined],
    ['GET', '/api/v1/namespaces/a/pods/x', 0, 1, undefined],
    ['GET', '/metrics', 0, 1, undefined],
    ['POST', '/api/v1/namespaces/a/pods', 9, 1, undefined],
    ['POST', '/api/v1/namespaces/a/pods', 35, 1, 4],
    ['DELETE', '/api/v1/namespaces/a/pods/x', 1000, 1, 10],
    ['DELETE', '/api/v1/namespaces/a/pods', 1000, 1, undefined],
    ['POST', '/api/v1/namespaces/a/serviceaccounts/x/token', 1000, 1, undefined],
  ];
  for (const [method, url, watchers, initial, final] of table) {
    const { info, query } = parseRequest(method, url);
    const w = estimateWork(info, query, { stored: () => stored, watchers: () => watchers, maxSeats: 37 });
    assert.deepEqual([w.initialSeats, w.finalSeats], [initial, final ?? 0], `${method} ${url} ${watchers}`);
    // Fewer seats for longer: the work is the same.
    if (final) assert.ok(Math.abs(w.finalSeats * w.finalSeconds - Math.ceil(watchers / 10) * 0.005) < 1e-9);
  }
});

test('a write concerns the watches of all, of its namespace and of itself', () => {
  const c = watchCount();
  const watch = (url: string) => {
    const { info, query } = parseRequest('GET', url);
    return c.register(info, query);
  };
  const ends = [
    watch('/api/v1/pods?watch=1'),
    watch('/api/v1/pods?watch=1&fieldSelector=spec.nodeName%3D'),
    watch('/api/v1/pods?watch=1&fieldSelector=spec.nodeName%3Dn1'),
    watch('/api/v1/namespaces/a/pods?watch=1'),
    watch('/api/v1/namespaces/b/pods?watch=1'),
    watch('/api/v1/namespaces/a/pods?watch=1&fieldSelector=metadata.name%3Dx'),
  ];
  const interested = (method: string, url: string) => c.interested(parseRequest(method, url).info);
  assert.equal(interested('PUT', '/api/v1/namespaces/a/pods/x'), 4);
  assert.equal(interested('POST', '/api/v1/namespaces/a/pods'), 3);
  assert.equal(interested('POST', '/api/v1/namespaces/a/secrets'), 0);
  for (const end of ends) {
    end();
    end();
  }
  assert.equal(interested('PUT', '/api/v1/namespaces/a/pods/x'), 0);
});

test('Retry-After doubles while many are turned away and comes down again second by second', () => {
  const d = droppedRequests();
  const seconds = (from: number, to: number, each: number) => {
    let last = 0;
    for (let s = from; s < to; s++) for (let i = 0; i < each; i++) last = d.record('low', s * 1000);
    return last;
  };
  assert.equal(seconds(1000, 1001, 2), 1);
  assert.equal(seconds(1001, 1003, 3), 2);
  assert.equal(seconds(1003, 1100, 200), 32);
  assert.equal(d.record('high', 1_100_000), 1);
  assert.equal(seconds(1200, 1211, 1), 21);
});
