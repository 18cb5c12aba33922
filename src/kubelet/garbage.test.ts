/** What is garbage and what is not, and how logs rotate. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FakeClock } from '../base/fake-clock.ts';
import { silent } from '../base/log.ts';
import type { ContainerRuntime, ContainerSummary, RuntimeImage, SandboxSummary } from './cri.ts';
import { collectImages, deadOf, rotateLog } from './garbage.ts';
import type { Host } from './host.ts';
import { labelContainerName } from './pod/identity.ts';

const dead = (id: string, name: string, createdAt: number, sandboxId = 's1', state = 'exited'): ContainerSummary =>
  ({
    id,
    name,
    createdAt,
    sandboxId,
    state,
    labels: { [labelContainerName]: name },
    annotations: {},
  }) as unknown as ContainerSummary;
const sandbox = (id: string, createdAt: number, ready = false): SandboxSummary =>
  ({ id, createdAt, ready }) as SandboxSummary;

test('the newest dead container of a name is kept while the pod is there', () => {
  const entry = {
    sandboxes: [sandbox('s2', 2, true), sandbox('s1', 1)],
    containers: [
      dead('a1', 'a', 1),
      dead('a2', 'a', 2, 's2'),
      dead('a3', 'a', 3, 's2', 'running'),
      dead('b1', 'b', 1, 's2'),
    ],
  };
  assert.deepEqual(deadOf(entry, false), { containers: ['a1'], sandboxes: ['s1'] });
  assert.deepEqual(deadOf({ ...entry, sandboxes: [sandbox('s2', 2), sandbox('s1', 1)] }, true), {
    containers: ['a2', 'a1', 'b1'],
    sandboxes: ['s1'],
  });
});

test('unused images go when the disk is full, those made here stay', async () => {
  const image = (id: string, tag: string): RuntimeImage => ({
    id,
    repoTags: [tag],
    repoDigests: [],
    size: 30,
    username: '',
    pinned: false,
  });
  const removed: string[] = [];
  const runtime = {
    list: async () => ({ sandboxes: [], containers: [{ ...dead('x', 'x', 1), imageRef: 'used' }] }),
    images: {
      list: async () => [
        image('used', 'r/used:1'),
        image('home', 'localhost/pause:1'),
        image('old', 'r/old:1'),
        image('new', 'r/new:1'),
      ],
      fsInfo: async () => ({ mountpoint: '/', usedBytes: 0 }),
      remove: async (id: string) => void removed.push(id),
    },
  } as unknown as ContainerRuntime;
  const host = (availableBytes: number) =>
    ({ diskUsage: async () => ({ totalBytes: 200, availableBytes, inodes: 0, inodesFree: 0 }) }) as unknown as Host;
  const lastUsed = new Map([
    ['old', 0],
    ['new', 500_000],
  ]);
  await collectImages(runtime, host(100), silent, lastUsed, 1_000_000);
  assert.deepEqual(removed, []);
  await collectImages(runtime, host(20), silent, lastUsed, 1_000_000);
  assert.deepEqual(removed, ['old']);
});

test('a log that has grown is rotated, older ones are compressed, the oldest go', async () => {
  const dir = await fs.mkdtemp(join(tmpdir(), 'rotate-'));
  try {
    const clock = new FakeClock();
    const path = join(dir, '0.log');
    const reopened: string[] = [];
    const runtime = { reopenLog: async (id: string) => void reopened.push(id) } as unknown as ContainerRuntime;
    const rotate = () => rotateLog({ fs } as unknown as Host, runtime, clock, 'id', path, { maxBytes: 5, maxFiles: 3 });
    await fs.writeFile(path, 'four');
    assert.equal(await rotate(), false);
    for (let i = 0; i < 4; i++) {
      await fs.writeFile(path, `round ${i}`);
      assert.equal(await rotate(), true);
      await clock.advance(1000);
    }
    assert.equal(reopened.length, 4);
    const left = (await fs.readdir(dir)).sort();
    assert.equal(left.length, 2);
    assert.deepEqual(
      left.map((n) => n.endsWith('.gz')),
      [true, false],
    );
    assert.equal(await fs.readFile(join(dir, left[1]!), 'utf8'), 'round 3');
  } finally {
    await fs.rm(dir, { recursive: true, force: true });
  }
});
