import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeCondition, setCondition } from './conditions.ts';
import { getScaledValueFromIntOrPercent, IntOrStringError } from './int-or-string.ts';
import { nodeSelectorMatcher, preferredNodeAffinity, requiredNodeAffinity } from './node-affinity.ts';
import { isPodAvailable } from './pod-conditions.ts';
import { computePodQos } from './pod-qos.ts';
import { podLimits, podRequests } from './resource-lists.ts';
import { findMatchingUntoleratedTaint, toleratesTaint } from './taints.ts';

const container = (
  name: string,
  requests?: Record<string, string>,
  limits?: Record<string, string>,
  restartPolicy?: string,
) => ({
  name,
  resources: { requests, limits },
  restartPolicy,
});

test('init containers count by their peak, sidecars with everything after them', () => {
  const pod = {
    spec: {
      containers: [container('a', { cpu: '1', memory: '1Gi' }), container('b', { cpu: '500m' })],
      initContainers: [
        container('i1', { cpu: '3' }),
        container('s', { cpu: '200m' }, undefined, 'Always'),
        container('i2', { cpu: '1', memory: '2Gi' }),
      ],
      overhead: { cpu: '10m' },
    },
  };
  assert.deepEqual(podRequests(pod), { cpu: '3010m', memory: '2Gi' });
  assert.deepEqual(podRequests(pod, { excludeOverhead: true }), { cpu: '3', memory: '2Gi' });
});

test('pod-level requests replace the sum, overhead is added, limits only grow where they exist', () => {
  const pod = {
    spec: {
      containers: [container('a', { cpu: '1', 'example.com/gpu': '1' }, { cpu: '2' })],
      resources: { requests: { cpu: '4' }, limits: { memory: '1Gi' } },
      overhead: { cpu: '1', memory: '1Mi', x: '1' },
    },
  };
  assert.deepEqual(podRequests(pod), { cpu: '5', 'example.com/gpu': '1', memory: '1Mi', x: '1' });
  assert.deepEqual(podLimits(pod), { cpu: '3', memory: '1025Mi' });
});

test('actuated resources count while a resize is under way, the wish only if it is feasible', () => {
  const pod = (reason?: string) => ({
    spec: { containers: [container('a', { cpu: '4' })] },
    status: {
      containerStatuses: [{ name: 'a', resources: { requests: { cpu: '1' } }, allocatedResources: { cpu: '2' } }],
      conditions: reason ? [{ type: 'PodResizePending', reason }] : [],
    },
  });
  assert.deepEqual(podRequests(pod(), { useStatusResources: true }), { cpu: '4' });
  assert.deepEqual(podRequests(pod('Infeasible'), { useStatusResources: true }), { cpu: '2' });
  assert.deepEqual(podRequests(pod('Infeasible')), { cpu: '4' });
});

test('defaults for scoring fill only what a container does not ask for', () => {
  const pod = { spec: { containers: [container('a', { cpu: '1' }), container('b')] } };
  assert.deepEqual(podRequests(pod, { nonMissingContainerRequests: { cpu: '100m', memory: '200Mi' } }), {
    cpu: '1100m',
    memory: '400Mi',
  });
});

test('quality of service follows requests and limits of every container', () => {
  const both = { cpu: '1', memory: '1Gi' };
  const qos = (...containers: ReturnType<typeof container>[]) => computePodQos({ spec: { containers } });
  assert.equal(qos(container('a')), 'BestEffort');
  assert.equal(qos(container('a', { 'example.com/gpu': '1' })), 'BestEffort');
  assert.equal(qos(container('a', { cpu: '0' })), 'BestEffort');
  assert.equal(qos(container('a', both, { cpu: '1000m', memory: '1024Mi' })), 'Guaranteed');
  assert.equal(qos(container('a', both, both), container('b')), 'Burstable');
  assert.equal(qos(container('a', { cpu: '1' }, both)), 'Burstable');
  assert.equal(
    computePodQos({ spec: { containers: [container('a')], resources: { requests: both, limits: both } } }),
    'Guaranteed',
  );
});

test('tolerations match key, value and effect; empty ones match all', () => {
  const taint = { key: 'k', value: 'v', effect: 'NoSchedule' };
  assert.equal(toleratesTaint({ operator: 'Exists' }, taint), true);
  assert.equal(toleratesTaint({ key: 'k', value: 'v' }, taint), true);
  assert.equal(toleratesTaint({ key: 'k', operator: 'Equal', value: 'w' }, taint), false);
  assert.equal(toleratesTaint({ key: 'k', operator: 'Exists', effect: 'NoExecute' }, taint), false);
  assert.equal(toleratesTaint({ key: 'k', operator: 'Gt', value: 'v' }, taint), false);
  assert.equal(
    findMatchingUntoleratedTaint([taint, { key: 'x', effect: 'NoExecute' }], [{ key: 'k', operator: 'Exists' }])?.key,
    'x',
  );
});

test('node selector terms are alternatives, their parts must all hold, empty terms match nothing', () => {
  const node = { metadata: { name: 'n1', labels: { zone: 'a', n: '5' } } };
  const m = (...nodeSelectorTerms: Parameters<typeof nodeSelectorMatcher>[0]['nodeSelectorTerms']) =>
    nodeSelectorMatcher({ nodeSelectorTerms }).matches(node);
  assert.equal(m(), false);
  assert.equal(m({}), false);
  assert.equal(
    m(
      { matchExpressions: [{ key: 'zone', operator: 'In', values: ['b'] }] },
      { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] },
    ),
    true,
  );
  assert.equal(
    m({
      matchExpressions: [{ key: 'n', operator: 'Gt', values: ['4'] }],
      matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['n1'] }],
    }),
    false,
  );
  assert.equal(
    nodeSelectorMatcher({ nodeSelectorTerms: [{ matchExpressions: [{ key: 'n', operator: 'Gt', values: ['x'] }] }] })
      .errors.length,
    1,
  );
  assert.equal(requiredNodeAffinity({ spec: { nodeSelector: { zone: 'a' } } }).matches(node), true);
  assert.equal(requiredNodeAffinity({ spec: { nodeSelector: { zone: 'b' } } }).matches(node), false);
  const score = preferredNodeAffinity([
    { weight: 5, preference: { matchExpressions: [{ key: 'zone', operator: 'Exists' }] } },
    { weight: 7, preference: {} },
  ]);
  assert.equal(score(node), 5);
});

test('percentages scale, plain numbers stay, other texts are refused', () => {
  assert.equal(getScaledValueFromIntOrPercent('25%', 10, true), 3);
  assert.equal(getScaledValueFromIntOrPercent('25%', 10, false), 2);
  assert.equal(getScaledValueFromIntOrPercent(7, 10, false), 7);
  assert.throws(
    () => getScaledValueFromIntOrPercent('7', 10, true),
    new IntOrStringError('invalid value for IntOrString: invalid type: string is not a percentage'),
  );
  assert.throws(
    () => getScaledValueFromIntOrPercent('a%', 10, true),
    new IntOrStringError(
      'invalid value for IntOrString: invalid value "a%": strconv.Atoi: parsing "a": invalid syntax',
    ),
  );
});

test('a condition moves its transition time only when its status changes', () => {
  const c = (status: string, message: string) => ({ type: 'Ready', status, message, lastTransitionTime: undefined });
  const first = setCondition([], c('True', 'a'), 't1');
  assert.equal(first[0]!.lastTransitionTime, 't1');
  const second = setCondition(first, c('True', 'b'), 't2');
  assert.deepEqual(second[0], { type: 'Ready', status: 'True', message: 'b', lastTransitionTime: 't1' });
  assert.equal(setCondition(second, c('True', 'b'), 't3'), second);
  assert.equal(setCondition(second, c('False', 'b'), 't4')[0]!.lastTransitionTime, 't4');
  assert.deepEqual(removeCondition(second, 'Ready'), []);
  assert.equal(removeCondition(second, 'Other'), second);
});

test('a pod is available once it has been ready long enough', () => {
  const pod = {
    metadata: {},
    status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2024-01-01T00:00:00Z' }] },
  };
  const t0 = Date.parse('2024-01-01T00:00:00Z');
  assert.equal(isPodAvailable(pod, 0, t0), true);
  assert.equal(isPodAvailable(pod, 10, t0 + 9999), false);
  assert.equal(isPodAvailable(pod, 10, t0 + 10000), true);
});
