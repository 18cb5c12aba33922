import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, PodStatus } from '../../api/core/v1/types.ts';
import { FakeClock } from '../../base/fake-clock.ts';
import { silent } from '../../base/log.ts';
import type { Client } from '../../client/client.ts';
import { createStatusReporter } from './status-reporter.ts';

const status = (ready: string): PodStatus =>
  ({ phase: 'Running', conditions: [{ type: 'Ready', status: ready }] }) as unknown as PodStatus;
const pod = (resourceVersion: string, s: PodStatus): Pod =>
  ({ metadata: { namespace: 'a', name: 'p', uid: 'u', resourceVersion }, spec: {}, status: s }) as unknown as Pod;

test('what somebody else wrote over the status is written again, what is old is not', async () => {
  let revision = 10;
  const patches: unknown[] = [];
  const client = {
    patch: async (_r: unknown, _k: unknown, _t: unknown, body: { readonly status: unknown }) => {
      patches.push(body.status);
      return { metadata: { resourceVersion: String(++revision) } };
    },
  } as unknown as Client;
  const stop = new AbortController();
  const reporter = createStatusReporter(client, new FakeClock(), silent, stop.signal);
  const report = async (p: Pod) => {
    reporter.report(p, status('True'), true);
    await reporter.idle();
  };
  await report(pod('9', status('False')));
  assert.equal(patches.length, 1);
  await report(pod('11', status('True')));
  // The informer lags: this is what the pod was before the kubelet wrote.
  await report(pod('9', status('False')));
  assert.equal(patches.length, 1);
  // The node was thought silent, and its pods marked.
  await report(pod('100', status('False')));
  assert.deepEqual(patches[1], {
    '$setElementOrder/conditions': [{ type: 'Ready' }],
    conditions: [{ type: 'Ready', status: 'True' }],
  });
  stop.abort();
});
