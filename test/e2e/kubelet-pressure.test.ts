/** A node that runs out of memory, or says so: who is kept out, who has to go, in which order. And one whose runtime goes away. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { linuxHost } from '../../src/kubelet/host/linux.ts';
import type { Node } from '../../src/api/core/v1/types.ts';
import type { MemoryUse } from '../../src/kubelet/host.ts';
import { type Bench, openBench } from './kubelet-bench.ts';
import { labPossible } from './kubelet-lab.ts';

const skip = labPossible ? false : 'needs root, containerd and busybox';
const Mi = 2 ** 20;
let b: Bench;
/** What the node seems to have left. */
let available = 4096 * Mi;

before(async () => {
  if (skip) return;
  const host = await linuxHost();
  const nodeMemory = async (): Promise<MemoryUse> => ({ ...(await host.nodeMemory()), availableBytes: available });
  b = await openBench(5, {
    host: { ...host, nodeMemory },
    evictionHard: { nodefsAvailablePercent: 0, nodefsInodesFreePercent: 0 },
  });
});
after(async () => {
  if (!skip) await b?.close();
});
const asking = (memory: string) => ({ resources: { requests: { memory } } });
const idle = "trap 'exit 0' TERM; while :; do sleep 0.2; done";

test('under memory pressure pods go one by one, and best-effort pods are not let in', { skip }, async () => {
  b.put('modest', { priority: 0, containers: [b.busybox('c', idle, asking('500Mi'))] });
  b.put('dear', { priority: 100, containers: [b.busybox('c', idle)] });
  b.put('cheap', { priority: 0, containers: [b.busybox('c', idle)] });
  b.put('critical', { priority: 2_000_000_000, containers: [b.busybox('c', idle)] });
  const all = ['modest', 'dear', 'cheap', 'critical'];
  for (const n of all) await b.ready(n);
  available = 50 * Mi;
  const gone = (name: string) =>
    b.until(`${name} is evicted`, () => b.pod(name).status.phase === 'Failed' && b.pod(name), 30_000);
  const first = await gone('cheap');
  assert.equal(b.pod('dear').status.phase, 'Running', 'one at a time');
  assert.equal(first.status.reason, 'Evicted');
  assert.match(
    first.status.message ?? '',
    /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: 50Mi\. Container c was using \S+, request is 0, has larger consumption of memory\. $/,
  );
  const target = first.status.conditions?.find((c) => c.type === 'DisruptionTarget');
  assert.deepEqual(
    [target?.status, target?.reason, target?.message],
    ['True', 'TerminationByKubelet', first.status.message],
  );
  await gone('dear');
  await gone('modest');
  assert.equal(b.pod('critical').status.phase, 'Running');
  assert.ok(b.events('n1').includes('EvictionThresholdMet: Attempting to reclaim memory'));
  await b.until('the node says so', () =>
    b.api
      .get<Node>('nodes', undefined, 'n1')
      ?.status.conditions?.some((c) => c.type === 'MemoryPressure' && c.status === 'True'),
  );
  b.put('late', { containers: [b.busybox('c', idle)] });
  await b.until('it is turned away', () => b.pod('late').status.phase === 'Failed');
  assert.deepEqual(
    [b.pod('late').status.reason, b.pod('late').status.message],
    ['Evicted', 'Pod was rejected: The node had condition: [MemoryPressure]. '],
  );
  available = 4096 * Mi;
  for (const n of [...all, 'late']) await b.remove(n);
});

test('pods that start, and pods that end, wait for a runtime that has gone', { skip }, async () => {
  const host = { containers: [b.busybox('c', idle, asking('1Mi'))] };
  b.put('ending', host);
  await b.ready('ending');
  for (let i = 0; i < 4; i++) b.put(`starting-${i}`, host);
  await b.lab.stopRuntime();
  b.api.remove({ plural: 'pods' }, 'default', 'ending', 1);
  await b.until('the node is not ready', () => {
    const ready = b.api.get<Node>('nodes', undefined, 'n1')?.status.conditions?.find((c) => c.type === 'Ready');
    return ready?.status === 'False' && ready.message?.startsWith('container runtime is down');
  });
  assert.ok(b.pod('ending'), 'nobody knows whether it has ended');
  await b.lab.startRuntime();
  await b.until('it has ended', () => !b.pod('ending'), 40_000);
  for (let i = 0; i < 4; i++) {
    await b.until(
      `starting-${i} runs`,
      () => b.pod(`starting-${i}`).status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'),
      40_000,
    );
    await b.remove(`starting-${i}`);
  }
});
