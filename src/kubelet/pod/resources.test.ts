/** Quantities, QoS, cgroup numbers, hashes and back-off: the arithmetic of a pod. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBackoff, durationText } from './backoff.ts';
import { hashContainer } from './identity.ts';
import { container, podOf } from './pod-fixture.ts';
import { bytesText, milliText, milliValue, quantityValue, wholeValue } from './quantity.ts';
import { containerResources, podAmounts, podCgroup, qosClass, quotaOf, sharesOf } from './resources.ts';

test('quantities', () => {
  assert.equal(milliValue('100m'), 100);
  assert.equal(milliValue('0.5'), 500);
  assert.equal(milliValue('1.0005'), 1001);
  assert.equal(wholeValue('64Mi'), 67_108_864);
  assert.equal(wholeValue('1e3'), 1000);
  assert.equal(wholeValue('1500m'), 2);
  assert.equal(milliText(1500), '1500m');
  assert.equal(bytesText(67_108_864), '64Mi');
  assert.throws(() => quantityValue('1x'));
});

const sized = (name: string, requests: object | undefined, limits?: object) =>
  container(name, { resources: { ...(requests && { requests }), ...(limits && { limits }) } });
test('QoS', () => {
  const qos = (...containers: object[]) => qosClass(podOf({ containers }));
  assert.equal(qos(container('a')), 'BestEffort');
  assert.equal(qos(sized('a', { cpu: '1' })), 'Burstable');
  const full = { cpu: '1', memory: '1Gi' };
  assert.equal(qos(sized('a', undefined, full)), 'Guaranteed');
  assert.equal(qos(sized('a', full, full), container('b')), 'Burstable');
  assert.equal(podCgroup('/x', podOf({ containers: [sized('a', { cpu: '1' })] })), '/x/kubepods/burstable/podu1');
});

test('what a pod needs counts sidecars beside the rest and the largest init step', () => {
  const pod = podOf({
    initContainers: [
      container('big', { resources: { requests: { cpu: '3' } } }),
      container('side', { restartPolicy: 'Always', resources: { requests: { cpu: '1' } } }),
    ],
    containers: [sized('a', { cpu: '1' }), sized('b', { cpu: '500m' })],
  });
  assert.equal(podAmounts(pod).cpuRequestMilli, 3000);
  assert.equal(
    podAmounts(podOf({ ...pod.spec, initContainers: pod.spec.initContainers!.slice(1) })).cpuRequestMilli,
    2500,
  );
});

test('shares, quota, oom score', () => {
  assert.deepEqual([sharesOf(0), sharesOf(1000), sharesOf(100)], [2, 1024, 102]);
  assert.deepEqual([quotaOf(0), quotaOf(500), quotaOf(5)], [0, 50_000, 1000]);
  const pod = podOf({ containers: [sized('a', { memory: '1Gi' })] });
  assert.equal(containerResources(pod, pod.spec.containers[0]!, 4 * 2 ** 30).oomScoreAdj, 750);
});

test('the hash of a container is upstream’s', () => {
  // known value of pkg/kubelet/container/helpers_test.go
  assert.equal(hashContainer({ name: 'test_container', image: 'foo/image:v1' }), '8e45cbd0');
});

test('back-off doubles to five minutes and forgets after ten', () => {
  let now = 0;
  const b = createBackoff(() => now);
  const waits: number[] = [];
  for (let i = 0; i < 7; i++) {
    b.next('k', now);
    waits.push(b.get('k') / 1000);
    assert.ok(b.isInBackOffSince('k', now, now + b.get('k') - 1));
    assert.ok(!b.isInBackOffSince('k', now, now + b.get('k')));
    now += b.get('k');
  }
  assert.deepEqual(waits, [10, 20, 40, 80, 160, 300, 300]);
  now += 900_000;
  b.next('k', now);
  assert.equal(b.get('k'), 10_000);
  assert.deepEqual([10_000, 80_000, 300_000].map(durationText), ['10s', '1m20s', '5m0s']);
});
