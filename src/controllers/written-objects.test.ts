import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigMaps } from '../api/core/v1/resources.ts';
import type { KubeObject } from '../api/resource-row.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { createInformer } from '../client/index.ts';
import { createWrittenObjects, isOlder } from './written-objects.ts';

const obj = (name: string, resourceVersion: string, uid = name): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'a', name, uid, resourceVersion },
});

function lab() {
  const clock = new FakeClock();
  const informer = createInformer<KubeObject>(ConfigMaps, (e) => assert.fail(String(e)));
  informer.replace([obj('x', '5')], '5');
  const written = createWrittenObjects(informer, clock);
  const view = () =>
    written
      .overlay(informer.list(), () => true)
      .map((o) => `${o.metadata.name}@${o.metadata.resourceVersion}`)
      .sort();
  return { clock, informer, written, view };
}

test('revisions are compared as numbers', () => {
  assert.ok(isOlder('9', '10'));
  assert.ok(!isOlder('10', '10'));
  assert.ok(!isOlder('11', '10'));
});

test('own writes show before the informer brings them, and yield to what is newer', () => {
  const { informer, written, view } = lab();
  written.wrote(obj('x', '7'));
  written.wrote(obj('y', '8'));
  assert.deepEqual(view(), ['x@7', 'y@8']);
  informer.apply({ type: 'MODIFIED', object: obj('x', '6') });
  assert.deepEqual(view(), ['x@7', 'y@8']);
  informer.apply({ type: 'MODIFIED', object: obj('x', '9') });
  informer.apply({ type: 'ADDED', object: obj('y', '8') });
  assert.deepEqual(view(), ['x@9', 'y@8']);
});

test('an own delete hides the object until one of the same name is made anew', () => {
  const { informer, written, view } = lab();
  written.deleted(obj('x', '5'));
  assert.deepEqual(view(), []);
  informer.apply({ type: 'DELETED', object: obj('x', '6') });
  informer.apply({ type: 'ADDED', object: obj('x', '7', 'another') });
  assert.deepEqual(view(), ['x@7']);
});

test('an answer that comes after the event changes nothing; a write never seen is forgotten', async () => {
  const { clock, informer, written, view } = lab();
  informer.apply({ type: 'MODIFIED', object: obj('x', '9') });
  written.wrote(obj('x', '7'));
  assert.deepEqual(view(), ['x@9']);
  written.wrote(obj('z', '10'));
  await clock.advance(60_001);
  assert.deepEqual(view(), ['x@9']);
});
