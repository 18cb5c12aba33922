/** The commands for people: up, down, status, logs, image, test, bench. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { realClock } from '../base/clock.ts';
import { defaultDataDir } from './cluster-settings.ts';
import { createSteps, type Steps } from './steps.ts';
import { version } from './version.ts';

const write = (text: string): void => void process.stdout.write(text);

/** Parses and runs; a command that fails throws. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const program = new Command('k8ts');
  program
    .description('Kubernetes v1.36, whole, in TypeScript.')
    .version(version.gitVersion)
    .showHelpAfterError('(k8ts --help shows what there is)')
    .configureHelp({ sortSubcommands: false });
  addLifecycle(program);
  addImages(program);
  addChecks(program);
  program.command('kubectl').description('the command-line client (k8ts kubectl --help)').allowUnknownOption();
  await program.parseAsync([...args], { from: 'user' });
}

const dataDir = () =>
  new Option('--data-dir <dir>', 'where the cluster keeps its data')
    .env('K8TS_DATA_DIR')
    .argParser((dir) => resolve(dir))
    .default(defaultDataDir);

function addLifecycle(program: Command): void {
  program
    .command('up')
    .description(
      'start a cluster on this machine, installing what is missing; returns when the node is Ready and DNS answers',
    )
    .addOption(dataDir())
    .option('--kubeconfig <file>', 'write the kubeconfig here instead of merging it into your own')
    .option('--api-port <port>', 'port of the API server', parsePort)
    .option('--node-name <name>', 'name of the node (default: the hostname)')
    .addOption(new Option('--store <store>', 'where objects are kept').choices(['disk', 'memory']))
    .option('--timeout <seconds>', 'give up after so long', parseSeconds, 120)
    .option('--foreground', 'stay, and stop the cluster on ctrl-c')
    .action(
      async (o: {
        dataDir: string;
        kubeconfig?: string;
        apiPort?: number;
        nodeName?: string;
        store?: 'disk' | 'memory';
        timeout: number;
        foreground?: boolean;
      }) => {
        const { up } = await import('./lifecycle/up.ts');
        const interrupted = new AbortController();
        const stop = () => interrupted.abort(new Error('interrupted; what was started goes on (k8ts down stops it)'));
        process.once('SIGINT', stop).once('SIGTERM', stop);
        const began = performance.now();
        const steps = terminalSteps();
        const s = await up({ ...o, timeoutMs: o.timeout * 1000, steps, clock: realClock, signal: interrupted.signal });
        write(
          `\nThe cluster is up after ${((performance.now() - began) / 1000).toFixed(1)} s. Try: ${o.kubeconfig ? `kubectl --kubeconfig ${o.kubeconfig}` : 'kubectl'} get nodes\n`,
        );
        if (!o.foreground) return;
        write('Press ctrl-c to stop it.\n');
        await new Promise<void>((resolve) =>
          interrupted.signal.addEventListener('abort', () => resolve(), { once: true }),
        );
        await (await import('./lifecycle/down.ts')).down({ dataDir: s.dataDir, purge: false, steps, clock: realClock });
      },
    );
  program
    .command('down')
    .description('stop everything `up` started and leave nothing behind; the data stays')
    .addOption(dataDir())
    .option('--purge', 'delete the data too', false)
    .action(async (o: { dataDir: string; purge: boolean }) => {
      const { down } = await import('./lifecycle/down.ts');
      await down({ ...o, steps: terminalSteps(), clock: realClock });
    });
  program
    .command('status')
    .description('what runs, where it answers, what it costs')
    .addOption(dataDir())
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action(async (o: { dataDir: string; output: string }) => {
      const { status, statusText } = await import('./lifecycle/status.ts');
      const s = await status(o.dataDir);
      write(o.output === 'json' ? `${JSON.stringify(s, null, 2)}\n` : statusText(s));
      if (!s.running) process.exitCode = 1;
    });
  program
    .command('logs')
    .argument(
      '[component]',
      'control-plane, node-agent, containerd, or one of what runs in them (kubelet, kube-scheduler, …)',
    )
    .description("the end of the components' logs")
    .addOption(dataDir())
    .option('-f, --follow', 'go on with what comes', false)
    .option('--tail <lines>', 'how many lines', parseCount, 50)
    .action(async (component: string | undefined, o: { dataDir: string; follow: boolean; tail: number }) => {
      const { logs } = await import('./lifecycle/logs.ts');
      const interrupted = new AbortController();
      process.once('SIGINT', () => interrupted.abort());
      await logs({ ...o, component, write, clock: realClock, signal: interrupted.signal });
    });
}

function addImages(program: Command): void {
  const image = program.command('image').description('images of the node: import, list, remove, pack');
  image
    .command('import')
    .argument('<archive...>', 'OCI layout or docker-archive tar files')
    .description('bring images to the node without a registry')
    .addOption(dataDir())
    .action(async (archives: string[], o: { dataDir: string }) => {
      const { importImage, runningCluster } = await import('./lifecycle/containerd.ts');
      const s = await runningCluster(o.dataDir);
      for (const a of archives) for (const name of await importImage(s, a)) write(`${name}\n`);
    });
  image
    .command('list')
    .description('names of the images on the node')
    .addOption(dataDir())
    .action(async (o: { dataDir: string }) => {
      const { ctr, runningCluster } = await import('./lifecycle/containerd.ts');
      const names = (await ctr(await runningCluster(o.dataDir), ['images', 'ls', '-q']))
        .split('\n')
        .filter((n) => n && !n.startsWith('sha256:'));
      write(names.map((n) => `${n}\n`).join(''));
    });
  image
    .command('remove')
    .argument('<name...>')
    .description('take images off the node')
    .addOption(dataDir())
    .action(async (names: string[], o: { dataDir: string }) => {
      const { ctr, runningCluster } = await import('./lifecycle/containerd.ts');
      const s = await runningCluster(o.dataDir);
      const known = new Set((await ctr(s, ['images', 'ls', '-q'])).split('\n'));
      const unknown = names.filter((n) => !known.has(n));
      if (unknown.length)
        throw new Error(`there is no image named ${unknown.join(', ')}; k8ts image list shows what there is`);
      await ctr(s, ['images', 'rm', '--sync', ...names]);
    });
  image
    .command('pack')
    .argument('<directory>', 'root of the file tree')
    .argument('<archive>', 'tar file to write')
    .requiredOption('--name <reference>', 'full name, such as localhost/app:1')
    .option('--entrypoint <json>', 'JSON array of strings', parseStrings)
    .option('--cmd <json>', 'JSON array of strings', parseStrings)
    .option('--env <NAME=VALUE...>', 'environment')
    .option('--user <user>', 'user, or uid:gid')
    .option('--workdir <dir>', 'working directory')
    .description('make an image archive from a directory')
    .action(
      async (
        directory: string,
        archive: string,
        o: { name: string; entrypoint?: string[]; cmd?: string[]; env?: string[]; user?: string; workdir?: string },
      ) => {
        const { writeImageArchive } = await import('../base/oci/image-archive.ts');
        const config = {
          ...(o.entrypoint && { Entrypoint: o.entrypoint }),
          ...(o.cmd && { Cmd: o.cmd }),
          ...(o.env && { Env: o.env }),
          ...(o.user && { User: o.user }),
          ...(o.workdir && { WorkingDir: o.workdir }),
        };
        await writeImageArchive({ name: o.name, layers: [{ root: directory }], config }, archive);
      },
    );
}

function addChecks(program: Command): void {
  program
    .command('test')
    .argument('[file...]', 'test files; all when absent')
    .description('run every test: types, lint, unit, contracts, end to end')
    .action(async (files: string[]) => {
      const { runTests } = await import('./run-tests.ts');
      process.exitCode = await runTests(files);
    });
  program
    .command('bench')
    .argument('[name...]', 'benchmarks to run, or all; without a name they are listed')
    .option('--update', 'write what was measured to bench/baseline.json (without a name: of all)', false)
    .description('list the benchmarks, or run some beside their baseline')
    .action(async (names: string[], o: { update: boolean }) => {
      const { runBench } = await import('./run-bench.ts');
      process.exitCode = await runBench(names, o.update);
    });
}

const terminalSteps = (): Steps =>
  createSteps({ write, now: () => performance.now(), terminal: process.stdout.isTTY === true });

function parsePort(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1 || n > 65535) throw new InvalidArgumentError('a port is a number from 1 to 65535');
  return n;
}
function parseSeconds(text: string): number {
  const n = Number(text);
  if (!(n > 0)) throw new InvalidArgumentError('give a number of seconds');
  return n;
}
function parseCount(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 0) throw new InvalidArgumentError('give a whole number');
  return n;
}
function parseStrings(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every((v) => typeof v === 'string')) return value as string[];
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('give a JSON array of strings, such as \'["/bin/app","--flag"]\'');
}
