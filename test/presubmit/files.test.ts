import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, sourceFiles } from './source-files.ts';

const files = sourceFiles('src', 'test', 'bench', 'scripts');
/** Tables of data may be long. */
const isTable = (path: string) =>
  /^src\/api\/.*\/(types|enums|columns|resources)\.ts$/.test(path) ||
  /\.(test|data)\.ts$/.test(path) ||
  /^src\/apiserver\/bootstrap\/.*(roles|policy)/.test(path);

test('no file is longer than 800 lines, and over 500 its header says why', () => {
  const long = files.filter((f) => !isTable(f.path) && f.lines > 800).map((f) => `${f.path}: ${f.lines} lines`);
  assert.deepEqual(long, []);
});

test('a file opens with a sentence that says what lives there', () => {
  const bare = files.filter((f) => !f.path.endsWith('.test.ts') && !/^(#!.*\n)?\/\*\*/.test(f.text)).map((f) => f.path);
  assert.deepEqual(bare, []);
});

test('names say the idea: kebab-case, no utils, helpers, common or types', () => {
  const bad = files.filter((f) => {
    const name = f.path.split('/').at(-1)!;
    if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.data)?\.ts$/.test(name)) return true;
    return /^(utils?|helpers?|common|misc)\.ts$/.test(name) || (name === 'types.ts' && !f.path.startsWith('src/api/'));
  });
  assert.deepEqual(
    bad.map((f) => f.path),
    [],
  );
});

test('nothing is left to do in the code', () => {
  const bare = files
    .filter((f) => !f.path.startsWith('test/presubmit/') && /\b(TODO|FIXME|XXX)\b/.test(f.text))
    .map((f) => f.path);
  assert.deepEqual(bare, []);
});

test('no name of a registry host appears in the code', () => {
  const hosts = ['registry.k8s' + '.io', 'docker' + '.io/', 'gcr' + '.io', 'quay' + '.io', 'npmjs' + '.org'];
  const found = files.filter((f) => hosts.some((h) => f.text.includes(h))).map((f) => f.path);
  assert.deepEqual(found, []);
});

test('ARCHITECTURE.md names every room and no other', () => {
  const map = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const named = new Set([...map.matchAll(/^\| `src\/(\w+)`/gm)].map((m) => m[1]));
  const there = readdirSync(join(root, 'src'));
  assert.deepEqual([...named].sort(), [...there].sort());
  assert.ok(map.split('\n').length < 200);
  for (const m of map.matchAll(/`((?:src|test|bench|docs|examples)\/[\w./-]+)`/g))
    assert.ok(existsSync(join(root, m[1]!)), `${m[1]} is named but does not exist`);
});
