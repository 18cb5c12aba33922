/** `k8ts bench`: lists the benchmarks, runs those named (`all` = every one), each in a process of its own, and keeps the baseline. */
import { spawn } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchmarks } from './all.ts';
import { type Figure, figuresIn, readBaseline, writeBaseline } from './figure-line.ts';

const known = Object.keys(benchmarks);
const write = (text: string) => process.stdout.write(text);

function list(): void {
  for (const [name, b] of Object.entries(benchmarks))
    write(
      `${name.padEnd(16)} ${String(Object.keys(b.figures).length).padStart(2)} figures  ${b.summary}${b.needsRoot ? ' Needs root.' : ''}\n`,
    );
  write(
    '\nk8ts bench NAME… runs one or more, k8ts bench all every one; --update writes what was measured to bench/baseline.json.\n',
  );
}

function runOne(name: string): Promise<{ readonly code: number; readonly figures: readonly Figure[] }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [new URL(`../${name}.ts`, import.meta.url).pathname], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (d: string) => {
      out += d;
      write(d);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, figures: figuresIn(out) }));
  });
}

const machine = () =>
  `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;

/** Runs them; with `update`, what was measured replaces its line of the baseline. Returns the names of those that failed. */
async function run(names: readonly string[], update: boolean): Promise<readonly string[]> {
  const baseline = readBaseline();
  write(`baseline of ${baseline.date} on ${baseline.machine}; between sittings ratios are rough\n`);
  const failed: string[] = [];
  const measured: Figure[] = [];
  for (const name of names) {
    const { code, figures } = await runOne(name);
    if (code) failed.push(name);
    else measured.push(...figures);
  }
  if (update && measured.length) {
    const declared = new Set(
      Object.entries(benchmarks).flatMap(([name, b]) => Object.keys(b.figures).map((f) => `${name}/${f}`)),
    );
    const kept = Object.entries(baseline.figures).filter(([name]) => declared.has(name));
    writeBaseline({
      machine: machine(),
      date: new Date().toISOString().slice(0, 10),
      figures: Object.fromEntries([
        ...kept,
        ...measured.map((f) => [f.name, { value: f.value, unit: f.unit }] as const),
      ]),
    });
    write(`bench/baseline.json: ${measured.length} figures written\n`);
  }
  return failed;
}

/** Returns the exit code: 0 when every benchmark ran, whatever it measured. */
async function bench(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { update: { type: 'boolean' } } });
  const unknown = positionals.filter((n) => n !== 'all' && !known.includes(n));
  if (unknown.length) {
    process.stderr.write(
      `k8ts bench: there is no benchmark ${unknown.join(', ')}; there are: ${known.join(', ')}, all\n`,
    );
    return 2;
  }
  if (!positionals.length && !values.update) {
    list();
    return 0;
  }
  const every = !positionals.length || positionals.includes('all');
  const failed = await run(every ? known : positionals, values.update === true);
  if (failed.length) process.stderr.write(`k8ts bench: ${failed.join(', ')} failed\n`);
  return failed.length ? 1 : 0;
}

process.exitCode = await bench();
