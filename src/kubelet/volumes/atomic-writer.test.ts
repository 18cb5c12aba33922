/** The atomic writer on a real directory: symlinks, modes, updates, removals, refusals. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeAtomically } from './atomic-writer.ts';

const payload = (files: Record<string, string>, mode = 0o644) =>
  new Map(Object.entries(files).map(([k, v]) => [k, { data: Buffer.from(v), mode }]));
async function within(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await fs.mkdtemp(join(tmpdir(), 'atomic-'));
  try {
    await work(dir);
  } finally {
    await fs.rm(dir, { recursive: true, force: true });
  }
}

test('files appear behind ..data, with their modes', () =>
  within(async (dir) => {
    assert.equal(await writeAtomically(fs, dir, payload({ a: '1', 'sub/b': '2' }, 0o400), 0), true);
    assert.equal(await fs.readFile(join(dir, 'a'), 'utf8'), '1');
    assert.equal(await fs.readFile(join(dir, 'sub/b'), 'utf8'), '2');
    assert.equal(await fs.readlink(join(dir, 'a')), '..data/a');
    assert.equal(await fs.readlink(join(dir, 'sub')), '..data/sub');
    assert.match(await fs.readlink(join(dir, '..data')), /^\.\.1970_01_01_00_00_00\.\d+$/);
    assert.equal((await fs.stat(join(dir, 'a'))).mode & 0o777, 0o400);
  }));

test('an update switches at once and leaves one version; no change writes nothing', () =>
  within(async (dir) => {
    await writeAtomically(fs, dir, payload({ a: '1', b: '2' }), 0);
    const before = await fs.readlink(join(dir, '..data'));
    assert.equal(await writeAtomically(fs, dir, payload({ a: '1', b: '2' }), 1000), false);
    assert.equal(await fs.readlink(join(dir, '..data')), before);
    const open = await fs.open(join(dir, 'a'));
    assert.equal(await writeAtomically(fs, dir, payload({ a: 'new', c: '3' }), 2000), true);
    assert.equal(await fs.readFile(join(dir, 'a'), 'utf8'), 'new');
    assert.equal(await open.readFile('utf8'), '1');
    await open.close();
    assert.deepEqual((await fs.readdir(dir)).filter((n) => !n.startsWith('..')).sort(), ['a', 'c']);
    assert.equal((await fs.readdir(dir)).filter((n) => /^\.\.\d/.test(n)).length, 1);
  }));

test('paths that lead out are refused', () =>
  within(async (dir) => {
    for (const bad of ['/abs', '../up', 'a/../../b', '..data', ''])
      await assert.rejects(writeAtomically(fs, dir, payload({ [bad]: 'x' }), 0), /invalid path/);
    assert.deepEqual(await fs.readdir(dir), []);
  }));
