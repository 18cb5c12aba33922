/** What is packed comes out again, with long names too. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pack, unpack } from './tar.ts';

test('files, links, empty directories and names of any length survive an archive', () => {
  const root = mkdtempSync(join(tmpdir(), 'k8ts-tar-'));
  try {
    const long = 'n'.repeat(120);
    mkdirSync(join(root, 'd', 'empty'), { recursive: true });
    writeFileSync(join(root, 'd', 'a.txt'), 'hello');
    writeFileSync(join(root, 'd', long), Buffer.alloc(1000, 7));
    symlinkSync('a.txt', join(root, 'd', 'l'));
    const entries = [...unpack(Buffer.concat([...pack(join(root, 'd'), '/x/d')]))];
    assert.deepEqual(
      entries.map((e) => [e.name, e.kind, e.target, e.data.length]),
      [
        ['x/d/a.txt', 'file', '', 5],
        ['x/d/empty/', 'directory', '', 0],
        ['x/d/l', 'link', 'a.txt', 0],
        [`x/d/${long}`, 'file', '', 1000],
      ],
    );
    assert.equal(entries[0]!.data.toString(), 'hello');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
