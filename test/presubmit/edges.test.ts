import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFiles } from './source-files.ts';

/**
 * Where a file may touch the world: base (the edges themselves) and cmd (the composition root) anywhere; a component only in the files
 * listed here. Everything else gets clock, randomness and I/O passed in.
 */
const world: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'the wall clock', pattern: /\bDate\.now\(\)|\bnew Date\(\)/ },
  { what: 'timers', pattern: /(?<![\w.])set(?:Timeout|Interval)\(/ },
  { what: 'randomness', pattern: /\bMath\.random\(\)/ },
  { what: 'the console', pattern: /\bconsole\.\w+\(/ },
  { what: 'the environment', pattern: /\bprocess\.env\b/ },
];
const edges = [
  /^src\/(base|cmd)\//,
  /\.test\.ts$/,
  /^src\/kubelet\/(cri|host)/,
  /^src\/client\/kubeconfig/,
  /^src\/kubectl\//,
];

test('clock, randomness, timers, console and environment are used at the edges only', () => {
  const found = sourceFiles('src')
    .filter((f) => !edges.some((e) => e.test(f.path)))
    .flatMap((f) =>
      world
        .filter((w) => w.pattern.test(f.text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))
        .map((w) => `${f.path} uses ${w.what}`),
    );
  assert.deepEqual(found, []);
});
