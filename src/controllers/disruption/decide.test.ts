import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Pod } from '../../api/core/v1/types.ts';
import type { PodDisruptionBudget } from '../../api/policy/v1/types.ts';
import { type BudgetPlan, type BudgetView, decideBudget, staleDisruptionIn } from './decide.ts';

const now = Date.parse('2026-01-01T01:00:00Z');
const pod = (name: string, ready = true, owner: string | undefined = 'rs', leaving = false): Pod =>
  ({
    metadata: {
      namespace: 'a',
      name,
      ...(owner && {
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true }],
      }),
      ...(leaving && { deletionTimestamp: '2026-01-01T00:59:00Z' }),
    },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  }) as unknown as Pod;
const budget = (spec: object, status: object = {}): PodDisruptionBudget =>
  ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { namespace: 'a', name: 'b', generation: 1 },
    spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
    status,
  }) as unknown as PodDisruptionBudget;
const scales = new Map([['rs', { uid: 'rs', replicas: 4 }]]);
const decide = (b: PodDisruptionBudget, pods: readonly Pod[], more: Partial<BudgetView> = {}): BudgetPlan =>
  decideBudget({ budget: b, pods, scales, ...more }, now);
const written = (p: BudgetPlan): PodDisruptionBudget['status'] | undefined =>
  p.actions.flatMap((a) => (a.do === 'update' ? [(a.object as PodDisruptionBudget).status] : []))[0];
const events = (p: BudgetPlan) =>
  p.actions.flatMap((a) => (a.do === 'event' ? [`${a.type} ${a.reason}: ${a.message}`] : []));
const four = ['p', 'q', 'r', 's'].map((n) => pod(n));

for (const [spec, want] of [
  [{ minAvailable: 3 }, { currentHealthy: 4, desiredHealthy: 3, expectedPods: 4, disruptionsAllowed: 1 }],
  [{ minAvailable: '60%' }, { currentHealthy: 4, desiredHealthy: 3, expectedPods: 4, disruptionsAllowed: 1 }],
  [{ maxUnavailable: 1 }, { currentHealthy: 4, desiredHealthy: 3, expectedPods: 4, disruptionsAllowed: 1 }],
  [{ maxUnavailable: '30%' }, { currentHealthy: 4, desiredHealthy: 2, expectedPods: 4, disruptionsAllowed: 2 }],
  [{ minAvailable: 9 }, { currentHealthy: 4, desiredHealthy: 9, expectedPods: 4, disruptionsAllowed: 0 }],
] as const)
  test(`four healthy pods of a set of four, ${JSON.stringify(spec)}`, () => {
    const { conditions, ...status } = written(decide(budget(spec), four)) ?? {};
    assert.deepEqual(status, { ...want, observedGeneration: 1 });
    const c = conditions?.[0];
    assert.deepEqual(
      [c?.type, c?.status, c?.reason, c?.message],
      [
        'DisruptionAllowed',
        want.disruptionsAllowed ? 'True' : 'False',
        want.disruptionsAllowed ? 'SufficientPods' : 'InsufficientPods',
        '',
      ],
    );
  });

test('pods that are not ready, leave or are being evicted do not count; an eviction that did not happen is told of', () => {
  const disruptedPods = { r: '2026-01-01T00:59:30Z', s: '2026-01-01T00:50:00Z', gone: '2026-01-01T00:59:30Z' };
  const pods = [pod('p', false), pod('q', true, 'rs', true), pod('r'), pod('s')];
  const plan = decide(budget({ minAvailable: 1 }, { disruptedPods }), pods);
  assert.equal(written(plan)?.currentHealthy, 1);
  assert.deepEqual(written(plan)?.disruptedPods, { r: '2026-01-01T00:59:30Z' });
  assert.equal(plan.recheckAfterMs, 90_000);
  assert.deepEqual(events(plan), ["Warning NotDeleted: Pod was expected by PDB a/a to be deleted but it wasn't"]);
});

test('what cannot be worked out allows nothing and says why', () => {
  const status = { disruptionsAllowed: 2, observedGeneration: 1 };
  const plan = decide(budget({ maxUnavailable: 1 }, status), [pod('p', true, 'lost')]);
  assert.deepEqual(events(plan), [
    'Warning CalculateExpectedPodCountFailed: Failed to calculate the number of expected pods: found no controllers for pod "p"',
  ]);
  assert.equal(written(plan)?.disruptionsAllowed, 0);
  const c = written(plan)?.conditions?.[0];
  assert.deepEqual([c?.status, c?.reason, c?.message], ['False', 'SyncFailed', 'found no controllers for pod "p"']);
  const fault = decide(budget({ minAvailable: '50%' }), four, {
    fault: 'daemonsets.apps does not implement the scale subresource',
  });
  assert.match(events(fault)[0] ?? '', /daemonsets\.apps does not implement the scale subresource$/);
});

test('no pods, and pods of nobody', () => {
  assert.deepEqual(events(decide(budget({ minAvailable: 1 }), [])), ['Normal NoPods: No matching pods found']);
  const [text] = events(decide(budget({ maxUnavailable: 1 }), [pod('p', true, '')]));
  assert.match(
    text ?? '',
    /^Warning UnmanagedPods: Pods selected by this PodDisruptionBudget \(selector: &LabelSelector\{MatchLabels:map\[string\]string\{app: web,\},MatchExpressions:\[\]LabelSelectorRequirement\{\},\}\) were found to be unmanaged\./,
  );
});

test('property: never more than the healthy pods beyond those desired, and then there is nothing left to do', () => {
  const amount = fc.oneof(
    fc.nat(6),
    fc.nat(100).map((n) => `${n}%`),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        amount.map((minAvailable) => ({ minAvailable })),
        amount.map((maxUnavailable) => ({ maxUnavailable })),
      ),
      fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 6 }),
      (spec, shapes) => {
        const pods = shapes.map(([ready, leaving], i) => pod(`p${i}`, ready, 'rs', leaving));
        const b = budget(spec);
        const status = written(decide(b, pods)) ?? b.status;
        const healthy = shapes.filter(([ready, leaving]) => ready && !leaving).length;
        assert.equal(status.currentHealthy, healthy);
        assert.ok((status.disruptionsAllowed ?? 0) <= Math.max(0, healthy - (status.desiredHealthy ?? 0)));
        assert.equal(written(decide({ ...b, status }, pods)), undefined);
      },
    ),
  );
});

test('a pod that was to go and stays is believed after two minutes', () => {
  const p = (c: object, more: object = {}) =>
    ({
      metadata: more,
      status: { phase: 'Running', conditions: [{ type: 'DisruptionTarget', ...c }] },
    }) as unknown as Pod;
  const since = (lastTransitionTime: string) => ({
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    lastTransitionTime,
  });
  assert.equal(staleDisruptionIn(p(since('2026-01-01T00:59:00Z')), now), 60_000);
  assert.equal(staleDisruptionIn(p(since('2026-01-01T00:10:00Z')), now), 0);
  assert.equal(
    staleDisruptionIn(p({ ...since('2026-01-01T00:10:00Z'), reason: 'TerminationByKubelet' }), now),
    undefined,
  );
  assert.equal(staleDisruptionIn(p(since('2026-01-01T00:10:00Z'), { deletionTimestamp: 'x' }), now), undefined);
  assert.equal(staleDisruptionIn(p({ status: 'False' }), now), undefined);
});
