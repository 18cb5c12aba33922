import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../base/fake-clock.ts';
import { defaultPlugins } from './plugins/table.ts';
import { backoffMs, SchedulingQueue } from './queue.ts';
import { nodeNamed, podNamed } from './test-cluster.ts';

function queueOf(clock: FakeClock): SchedulingQueue {
  return new SchedulingQueue({ clock, plugins: defaultPlugins, onReady() {}, onGated() {} });
}

test('pods come by priority, then in the order they arrived', async () => {
  const clock = new FakeClock();
  const queue = queueOf(clock);
  queue.add(podNamed('first'));
  queue.add(podNamed('second'));
  queue.add(podNamed('urgent', { spec: { priority: 10 } }));
  const names = [queue.pop(), queue.pop(), queue.pop()].map((q) => q?.info.pod.metadata.name);
  assert.deepEqual(names, ['urgent', 'first', 'second']);
  assert.equal(queue.pop(), undefined);
  queue.close();
  assert.equal(clock.pending, 0);
});

test('a refused pod waits for an event that its refuser cares for, at most about five minutes', async () => {
  const clock = new FakeClock();
  const queue = queueOf(clock);
  queue.add(podNamed('p', { requests: { cpu: '2' } }));
  const refuse = () => queue.addUnschedulable(queue.pop()!, new Set(['NodeResourcesFit']));
  refuse();
  queue.moveOn({ kind: 'VolumeChange' });
  queue.moveOn({ kind: 'NodeAdd', node: nodeNamed('small', { allocatable: { cpu: '1' } }) });
  assert.equal(queue.pop(), undefined);
  queue.moveOn({ kind: 'NodeAdd', node: nodeNamed('large') });
  refuse();
  await clock.advance(299_000);
  assert.equal(queue.pop(), undefined);
  await clock.advance(31_000);
  assert.equal(queue.pop()?.attempts, 3);
  queue.close();
});

test('a pod that met an error waits longer each time', async () => {
  assert.deepEqual([1, 2, 3, 4, 5, 9].map(backoffMs), [1000, 2000, 4000, 8000, 10_000, 10_000]);
  const clock = new FakeClock();
  const queue = queueOf(clock);
  queue.add(podNamed('p'));
  for (const wait of [1000, 2000]) {
    queue.addError(queue.pop()!);
    await clock.advance(wait - 1);
    assert.equal(queue.pop(), undefined);
    await clock.advance(1);
    assert.equal(queue.size, 1);
  }
  assert.ok(queue.pop());
  queue.close();
  assert.equal(clock.pending, 0);
});
