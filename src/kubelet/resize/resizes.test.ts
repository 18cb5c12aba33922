import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../../api/core/v1/types.ts';
import type { Refusal } from '../admission/admit.ts';
import { container, observedOf, podOf, probesOf } from '../pod/pod-fixture.ts';
import { syncPod } from '../pod/sync-pod.ts';
import { resizeOf, type Resources } from './plan.ts';
import { createResizes } from './resizes.ts';

const asking = (cpu: string, generation = 1, more: object = {}): Pod =>
  podOf({ containers: [container('web', { resources: { requests: { cpu } }, ...more })] }, { generation });
const cpuOf = (pod: Pod) => pod.spec.containers[0]!.resources?.requests?.['cpu'];

function lab(saved = '') {
  const said: string[] = [];
  const files: string[] = [];
  let refusal: Refusal | undefined;
  const resizes = createResizes(
    {
      judge: async () => refusal,
      event: (_, type, reason, message) => said.push(`${type} ${reason}: ${message}`),
      changed: () => undefined,
      save: async (text) => void files.push(text),
    },
    saved,
  );
  return {
    resizes,
    said,
    files,
    refuse: (r: Refusal | undefined) => {
      refusal = r;
    },
  };
}

test('a resize that fits is allocated, given and told of', async () => {
  const { resizes, said } = lab();
  resizes.admitted(asking('100m'));
  const bigger = asking('200m', 2);
  assert.equal(cpuOf(resizes.allocated(bigger)), '100m', 'until it is looked at');
  await resizes.consider(bigger);
  assert.equal(resizes.allocated(bigger), bigger);
  assert.deepEqual(resizes.conditions('u1'), [{ type: 'PodResizeInProgress', status: 'True', observedGeneration: 2 }]);
  resizes.progress(bigger, true, 'no');
  assert.equal(resizes.conditions('u1')[0]?.reason, 'Error');
  resizes.progress(bigger, false, undefined);
  assert.deepEqual(resizes.conditions('u1'), []);
  const json = '{"containers":[{"name":"web","resources":{"requests":{"cpu":"200m"}}}],"generation":2';
  assert.deepEqual(said, [
    `Normal ResizeStarted: Pod resize started: ${json}}`,
    `Warning ResizeError: Pod resize error: ${json},"error":"no"}`,
    `Normal ResizeCompleted: Pod resize completed: ${json}}`,
  ]);
});

test('one that does not fit waits, outlives the kubelet, and can be taken back', async () => {
  const { resizes, said, files, refuse } = lab();
  refuse({ reason: 'OutOfcpu', message: 'no room' });
  resizes.admitted(asking('100m'));
  const bigger = asking('9', 2);
  await resizes.consider(bigger);
  await resizes.retry([bigger]);
  assert.deepEqual(
    resizes.conditions('u1').map((c) => [c.type, c.reason, c.message]),
    [['PodResizePending', 'Deferred', 'no room']],
  );
  assert.equal(said.length, 1, 'said once');
  assert.match(said[0]!, /^Warning ResizeDeferred: Pod resize OutOfcpu: .*"error":"no room"\}$/);
  await resizes.idle();

  const after = lab(files.at(-1));
  after.refuse({ reason: 'OutOfcpu', message: 'no room' });
  after.resizes.admitted(bigger);
  assert.equal(cpuOf(after.resizes.allocated(bigger)), '100m');

  const back = asking('100m', 3);
  await resizes.consider(back);
  assert.deepEqual(resizes.conditions('u1'), []);
  await resizes.idle();
  assert.equal(files.at(-1), '{}');
});

test('what changes says whether the container is updated or started anew', () => {
  const has: Resources = { requests: { cpu: '100m', memory: '10Mi' } };
  const policy = [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }];
  const plan = (requests: object) =>
    resizeOf(
      podOf({ containers: [container('c', { resources: { requests }, resizePolicy: policy })] }).spec.containers[0]!,
      has,
    );
  assert.equal(plan({ cpu: '0.1', memory: '10Mi' }), 'none');
  assert.equal(plan({ cpu: '200m', memory: '10Mi' }), 'update');
  assert.equal(plan({ cpu: '200m', memory: '11Mi' }), 'restart');

  const pod = asking('200m', 1, { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] });
  const actuated = () => ({ requests: { cpu: '100m' } });
  const ops = (p: Pod) => syncPod(p, observedOf('web=running'), probesOf(), actuated).map((o) => o.op);
  assert.deepEqual(ops(asking('200m')), ['resize']);
  assert.deepEqual(ops(pod), ['kill', 'resize', 'start']);
  assert.deepEqual(ops(asking('100m')), []);
});

test('an exit that restarts all: the others are ended, then everything is removed', () => {
  const rules = [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [88] } }];
  const pod = podOf({
    restartPolicy: 'Never',
    containers: [container('web', { restartPolicyRules: rules }), container('other')],
  });
  const ops = (words: string) => syncPod(pod, observedOf(words), probesOf()).map((o) => o.op);
  assert.deepEqual(ops('web=exited:88 other=running'), ['kill']);
  assert.deepEqual(ops('web=exited:88 other=exited:137'), ['purgeAll']);
  assert.deepEqual(ops('web=exited:1 other=running'), []);
});
