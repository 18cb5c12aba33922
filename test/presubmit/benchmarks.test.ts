import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { benchmarks } from '../../bench/rig/all.ts';
import { type Benchmark, runBenchmark } from '../../bench/rig/benchmark.ts';
import { figureLine, figuresIn, readBaseline } from '../../bench/rig/figure-line.ts';
import { root } from './source-files.ts';

test('every file of bench/ is a benchmark of the table', () => {
  const files = readdirSync(join(root, 'bench')).filter((f) => f.endsWith('.ts'));
  assert.deepEqual(files.map((f) => f.slice(0, -3)).sort(), Object.keys(benchmarks).sort());
});

test('the baseline names exactly the figures that the benchmarks print, in their units', () => {
  const declared = Object.entries(benchmarks).flatMap(([name, b]) =>
    Object.entries(b.figures).map(([figure, row]) => [`${name}/${figure}`, row.unit]),
  );
  const kept = Object.entries(readBaseline().figures).map(([name, f]) => [name, f.unit]);
  assert.deepEqual(kept.sort(), declared.sort());
});

test('a benchmark prints what it declares and nothing else', async () => {
  const figures = { a: { unit: '/s', better: 'more' }, b: { unit: 'ms', better: 'less' } } as const;
  const run = async (said: readonly (readonly [string, number])[]) => {
    const lines: string[] = [];
    const b: Benchmark = {
      summary: '',
      figures,
      run: async (say) => {
        for (const [figure, value] of said) say(figure, value);
      },
    };
    await runBenchmark('x', b, (l) => lines.push(l));
    return figuresIn(lines.join(''));
  };
  assert.deepEqual(
    await run([
      ['a', 1234.5],
      ['b', 0.01234],
    ]),
    [
      { name: 'x/a', value: 1235, unit: '/s', judged: 'new' },
      { name: 'x/b', value: 0.0123, unit: 'ms', judged: 'new' },
    ],
  );
  await assert.rejects(run([['a', 1]]), /x did not measure b/);
  await assert.rejects(run([['c', 1]]), /c, which it does not declare/);
  await assert.rejects(run([['a', Number.NaN]]), /a is NaN/);
  await assert.rejects(
    run([
      ['a', 1],
      ['a', 1],
    ]),
    /x says a twice/,
  );
});

test('the ratio says how many times as good as the baseline', () => {
  const judged = (value: number, better: 'more' | 'less', baseline?: number, bar?: number) => {
    const line = figureLine('x/a', value, { unit: 'u', better, ...(bar !== undefined && { bar }) }, baseline);
    return `${/ratio +(\S+)/.exec(line)?.[1]} ${figuresIn(line)[0]?.judged}`;
  };
  assert.equal(judged(300, 'more', 200), '1.50 ok');
  assert.equal(judged(300, 'less', 200), '0.67 ok');
  assert.equal(judged(90, 'more', 200), '0.45 slower');
  assert.equal(judged(500, 'less', 200), '0.40 slower');
  assert.equal(judged(200, 'more', 200, 201), '1.00 slower');
  assert.equal(judged(200, 'less', undefined, 199), '- slower');
  assert.equal(judged(200, 'less', undefined, 200), '- new');
});
