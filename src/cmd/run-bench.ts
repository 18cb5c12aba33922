/** `k8ts bench`: runs the files of bench/ and shows their figures beside the baseline. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('../..', import.meta.url).pathname;

/** A benchmark prints, beside what it likes, lines `figure NAME VALUE UNIT`. */
interface Baseline {
  readonly machine: string;
  readonly date: string;
  readonly figures: Readonly<Record<string, { readonly value: number; readonly unit: string }>>;
}

/** Returns the exit code: 0 when every benchmark ran. */
export async function runBench(name: string | undefined): Promise<number> {
  const known = readdirSync(join(root, 'bench'))
    .filter((f) => f.endsWith('.ts'))
    .map((f) => f.slice(0, -3));
  if (name && !known.includes(name)) throw new Error(`there is no benchmark ${name}; there are: ${known.join(', ')}`);
  const baseline = JSON.parse(readFileSync(join(root, 'bench/baseline.json'), 'utf8')) as Baseline;
  process.stdout.write(
    `baseline of ${baseline.date} on ${baseline.machine}; only ratios within one sitting mean anything\n`,
  );
  let failed = 0;
  for (const bench of name ? [name] : known) {
    process.stdout.write(`\n== ${bench}\n`);
    const { code, out } = await run(bench);
    if (code) failed = 1;
    for (const m of out.matchAll(/^figure (\S+) (\S+) ?(.*)$/gm)) {
      const [, figure, value, unit] = m as unknown as [string, string, string, string];
      const known = baseline.figures[`${bench}/${figure}`];
      const ratio = known
        ? `${(Number(value) / known.value).toFixed(2)} × the baseline's ${known.value}`
        : 'not in the baseline';
      process.stdout.write(`  ${figure.padEnd(34)} ${value.padStart(10)} ${unit.padEnd(10)} ${ratio}\n`);
    }
  }
  return failed;
}

function run(bench: string): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'bench', `${bench}.ts`)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (d: string) => (out += d));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, out }));
  });
}
