/** What a benchmark is: figures declared with unit and direction, and a run that says each of them once. A benchmark's file is a program. */
import { basename } from 'node:path';
import { type FigureRow, figureLine, readBaseline } from './figure-line.ts';

export type Say<F extends string> = (figure: F, value: number) => void;

export interface Benchmark<F extends string = string> {
  /** One sentence. */
  readonly summary: string;
  readonly needsRoot?: boolean;
  readonly figures: Readonly<Record<F, FigureRow>>;
  readonly run: (say: Say<F>) => Promise<void>;
}

/** The figures' names are checked against what `run` says by the compiler. */
export const benchmark = <const F extends string>(b: Benchmark<F>): Benchmark<F> => b;

/** Runs a benchmark and prints a line for each figure. @throws when a figure is said twice or not at all */
export async function runBenchmark<F extends string>(
  name: string,
  b: Benchmark<F>,
  write: (line: string) => void,
): Promise<void> {
  if (b.needsRoot && process.getuid?.() !== 0) throw new Error(`the benchmark ${name} needs root`);
  const { figures } = readBaseline();
  const said = new Set<string>();
  await b.run((figure, value) => {
    if (!Object.hasOwn(b.figures, figure)) throw new Error(`${name} says ${figure}, which it does not declare`);
    if (said.has(figure)) throw new Error(`${name} says ${figure} twice`);
    if (!Number.isFinite(value)) throw new Error(`${name} says ${figure} is ${value}`);
    said.add(figure);
    const full = `${name}/${figure}`;
    write(`${figureLine(full, value, b.figures[figure], figures[full]?.value)}\n`);
  });
  const missing = Object.keys(b.figures).filter((f) => !said.has(f));
  if (missing.length) throw new Error(`${name} did not measure ${missing.join(', ')}`);
}

/** The last line of a benchmark's file: runs it when the file is the program. */
export async function main<F extends string>(file: string, b: Benchmark<F>): Promise<void> {
  await runBenchmark(basename(file, '.ts'), b, (line) => process.stdout.write(line));
}

/** Seconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Microseconds a call takes: the best of five rounds of at least 200 ms each, after a warm-up, since other work on the machine only adds. */
export function microsecondsPerCall(run: () => unknown): number {
  const round = (ms: number): number => {
    const began = performance.now();
    let calls = 0;
    let elapsed = 0;
    do {
      for (let i = 0; i < 50; i++) run();
      calls += 50;
      elapsed = performance.now() - began;
    } while (elapsed < ms);
    return (elapsed * 1000) / calls;
  };
  round(400);
  return Math.min(...Array.from({ length: 5 }, () => round(200)));
}
