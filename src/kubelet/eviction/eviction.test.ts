import assert from 'node:assert/strict';
import { test } from 'node:test';
import { container, podOf } from '../pod/pod-fixture.ts';
import { isLimited, overLimit } from './limits.ts';
import { createPressures, type Observation, pressureMessage, rank, shortages } from './pressure.ts';

const use = (emptyDirs: Record<string, number>, containers: Record<string, number> = {}) => ({
  emptyDirs: new Map(Object.entries(emptyDirs)),
  containers: new Map(Object.entries(containers)),
});
const Mi = 2 ** 20;

test('a pod that uses more local storage than it may has to go', () => {
  const limits = (value: string) => ({ resources: { limits: { 'ephemeral-storage': value } } });
  const volumes = [
    { name: 'v', emptyDir: { sizeLimit: '1Mi' } },
    { name: 'm', emptyDir: { medium: 'Memory' } },
  ];
  const one = podOf({ volumes, containers: [container('c')] });
  assert.equal(overLimit(one, use({ v: Mi })), undefined);
  assert.equal(overLimit(one, use({ v: Mi + 1 })), 'Usage of EmptyDir volume "v" exceeds the limit "1Mi". ');
  const two = podOf({ volumes, containers: [container('c', limits('2Mi')), container('d', limits('3Mi'))] });
  assert.equal(overLimit(two, use({ v: Mi, m: 99 * Mi }, { c: 2 * Mi, d: Mi })), undefined, 'memory is not disk');
  assert.equal(
    overLimit(two, use({ v: Mi }, { c: 2 * Mi, d: 2 * Mi + 1 })),
    'Pod ephemeral local storage usage exceeds the total limit of containers 5Mi. ',
  );
  assert.equal(
    overLimit(two, use({}, { c: 2 * Mi + 1 })),
    'Container c exceeded its local ephemeral storage limit "2Mi". ',
  );
  assert.deepEqual(
    [one, two, podOf({ containers: [container('c')], volumes: [{ name: 'v', emptyDir: {} }] })].map(isLimited),
    [true, true, false],
  );
});

test('who goes first: over its request, low priority, most beyond it', () => {
  const pod = (name: string, request: string, priority = 0) =>
    podOf({ priority, containers: [container('c', { resources: { requests: { memory: request } } })] }, { name });
  const pods = [
    pod('within', '100Mi'),
    pod('dear', '1Mi', 10),
    pod('little', '1Mi'),
    pod('much', '1Mi'),
    pod('unknown', '1Mi', 99),
  ];
  const used: Record<string, number> = { within: 90, dear: 80, little: 5, much: 50 };
  const order = rank(pods, 'memory', (p) => {
    const n = used[p.metadata.name!];
    return n === undefined ? undefined : { total: n * Mi, containers: new Map() };
  });
  assert.deepEqual(
    order.map((p) => p.metadata.name),
    ['unknown', 'much', 'little', 'dear', 'within'],
  );
});

test('memory is reclaimed first, and the pod is told by how much', () => {
  const all: readonly Observation[] = [
    { signal: 'nodefs.available', available: 9, threshold: 10 },
    { signal: 'nodefs.inodesFree', available: 10, threshold: 10 },
    { signal: 'memory.available', available: 50 * Mi, threshold: 100 * Mi },
  ];
  assert.deepEqual(
    shortages(all).map((o) => o.signal),
    ['memory.available', 'nodefs.available'],
  );
  const pod = podOf({
    containers: [container('c', { resources: { requests: { memory: '10Mi' } } }), container('d')],
    initContainers: [container('i')],
  });
  assert.equal(
    pressureMessage(pod, all[2]!, {
      total: 0,
      containers: new Map([
        ['c', 11 * Mi],
        ['d', 0],
      ]),
    }),
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. Container c was using 11Mi, request is 10Mi, has larger consumption of memory. ',
  );
});

test('a pressure is told of for a while after it has gone', () => {
  const p = createPressures(1000);
  const memory: Observation = { signal: 'memory.available', available: 0, threshold: 1 };
  p.see([memory], 0);
  p.see([{ ...memory, signal: 'nodefs.inodesFree' }], 900);
  assert.deepEqual(p.present(), ['MemoryPressure', 'DiskPressure']);
  p.see([], 1001);
  assert.deepEqual(p.present(), ['DiskPressure']);
  p.see([], 1901);
  assert.deepEqual(p.present(), []);
});
