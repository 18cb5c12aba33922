/** Logs as clients see them: tails, times, streams, partial lines, limits, and following through a rotation. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FakeClock } from '../../base/fake-clock.ts';
import type { Host } from '../host.ts';
import { podOf } from '../pod/pod-fixture.ts';
import { createLineFilter, fixedNano, type LogOptions, readLog } from './log-reader.ts';
import { logContainer, logOptionsOf } from './log-request.ts';

const all: LogOptions = { follow: false, timestamps: false, stream: 'All' };
const lines = [
  '2026-01-01T00:00:01.5Z stdout F one',
  '2026-01-01T00:00:02Z stderr F two',
  '2026-01-01T00:00:03Z stdout P par',
  '2026-01-01T00:00:03Z stdout F tial',
];
async function withLog(work: (path: string) => Promise<void>): Promise<void> {
  const dir = await fs.mkdtemp(join(tmpdir(), 'log-'));
  try {
    const path = join(dir, '0.log');
    await fs.writeFile(path, `${lines.join('\n')}\n`);
    await work(path);
  } finally {
    await fs.rm(dir, { recursive: true, force: true });
  }
}
const source = (path: string, clock = new FakeClock(), running = async () => false) => ({
  host: { fs } as unknown as Host,
  clock,
  path,
  running,
});
async function read(path: string, o: Partial<LogOptions>): Promise<string> {
  let out = '';
  for await (const d of readLog(source(path), { ...all, ...o }, new AbortController().signal)) out += d.toString();
  return out;
}

test('what is asked for comes', () =>
  withLog(async (path) => {
    assert.equal(await read(path, {}), 'one\ntwo\npartial\n');
    assert.equal(await read(path, { tailLines: 2 }), 'partial\n');
    assert.equal(await read(path, { tailLines: 0 }), '');
    assert.equal(await read(path, { tailLines: 100 }), 'one\ntwo\npartial\n');
    assert.equal(await read(path, { stream: 'Stderr' }), 'two\n');
    assert.equal(await read(path, { limitBytes: 5 }), 'one\nt');
    assert.equal(await read(path, { since: Date.parse('2026-01-01T00:00:02Z') }), 'two\npartial\n');
    assert.equal(
      await read(path, { timestamps: true, tailLines: 4, limitBytes: 35 }),
      '2026-01-01T00:00:01.500000000Z one\n',
    );
  }));

test('times have nine digits', () => {
  assert.equal(fixedNano('2026-01-01T00:00:01.074Z'), '2026-01-01T00:00:01.074000000Z');
  assert.equal(fixedNano('2026-01-01T00:00:01+02:00'), '2026-01-01T00:00:01.000000000+02:00');
  assert.equal(createLineFilter(all)('garbage'), undefined);
});

test('following goes on in the new file after a rotation and ends with the container', () =>
  withLog(async (path) => {
    const clock = new FakeClock();
    let alive = true;
    let out = '';
    const done = (async () => {
      for await (const d of readLog(
        source(path, clock, async () => alive),
        { ...all, follow: true, tailLines: 1 },
        new AbortController().signal,
      ))
        out += d.toString();
    })();
    const waitFor = async (wanted: string) => {
      // files take real time
      for (const end = Date.now() + 5000; out !== wanted && Date.now() < end; ) {
        await clock.advance(500);
        await new Promise((r) => setImmediate(r));
      }
      assert.equal(out, wanted);
    };
    await waitFor('tial\n');
    await fs.rename(path, `${path}.20260101-000000`);
    await fs.writeFile(path, '2026-01-01T00:00:09Z stdout F fresh\n');
    await waitFor('tial\nfresh\n');
    alive = false;
    for (let i = 0; i < 20; i++) await clock.advance(500);
    await done;
  }));

test('which container’s log, and why there is none', () => {
  const status = (s: object) =>
    podOf(
      { containers: [] },
      {},
      { containerStatuses: [{ name: 'c', lastState: {}, containerID: 'containerd://now', ...s }] },
    );
  assert.deepEqual(logContainer(status({ state: { running: {} } }), 'c', false), { containerId: 'now' });
  assert.deepEqual(logContainer(status({ state: { running: {} } }), 'c', true), {
    error: 'previous terminated container "c" in pod "p" not found',
  });
  assert.deepEqual(logContainer(status({ state: { waiting: { reason: 'ImagePullBackOff' } } }), 'c', false), {
    error: 'container "c" in pod "p" is waiting to start: trying and failing to pull image',
  });
  assert.deepEqual(
    logContainer(
      status({ state: { waiting: {} }, lastState: { terminated: { containerID: 'containerd://old' } } }),
      'c',
      false,
    ),
    { containerId: 'old' },
  );
  assert.equal(logOptionsOf(new URLSearchParams('tailLines=-1'), 0), 'Invalid request.');
  assert.deepEqual(logOptionsOf(new URLSearchParams('follow=true&sinceSeconds=5&tailLines=3'), 10_000), {
    follow: true,
    previous: false,
    timestamps: false,
    tailLines: 3,
    limitBytes: undefined,
    since: 5000,
    stream: 'All',
  });
});
