/** Durable puts a second of each store, and what opening, listing and fan-out cost with 100,000 pods. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { benchmark, main } from './rig/benchmark.ts';

const program = new URL('./rig/store-parts.ts', import.meta.url).pathname;

export const bench = benchmark({
  summary: 'The stores: 64 writers of 2 KB; 100,000 pods opened, cached, selected, copied, and 1,000 watchers.',
  figures: {
    'memory-puts': { unit: '/s', better: 'more' },
    'memory-cpu-per-put': { unit: 'µs', better: 'less' },
    'memory-loop-delay-p99': { unit: 'ms', better: 'less' },
    'disk-puts': { unit: '/s', better: 'more' },
    'disk-cpu-per-put': { unit: 'µs', better: 'less' },
    'disk-loop-delay-p99': { unit: 'ms', better: 'less' },
    'fill-puts': { unit: '/s', better: 'more' },
    'open-100k': { unit: 'ms', better: 'less' },
    'cache-ready-100k': { unit: 'ms', better: 'less' },
    'select-first-100k': { unit: 'ms', better: 'less' },
    'select-again-100k': { unit: 'ms', better: 'less' },
    'copy-as-served': { unit: 'MB/s', better: 'more' },
    'fan-out-1000-watchers': { unit: 'events/s', better: 'more' },
    'resident-100k': { unit: 'MiB', better: 'less' },
  },
  async run(say) {
    const dir = mkdtempSync(join(tmpdir(), 'k8ts-bench-'));
    try {
      for (const [part, at] of [
        ['memory', 'memory'],
        ['disk', 'disk'],
        ['fill', 'filled'],
        ['read', 'filled'],
      ] as const) {
        const { stdout } = await promisify(execFile)(process.execPath, [program, part, join(dir, at)]);
        for (const [figure, value] of Object.entries(JSON.parse(stdout) as Record<string, number>))
          say(figure as keyof typeof bench.figures, value);
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
});

if (import.meta.main) await main(import.meta.filename, bench);
