/** A whole cluster on this machine: how long `up` takes, how soon a pod runs, what everything costs when idle. Needs root. */
import { readFileSync } from 'node:fs';
import { eventually, importBusybox, newCluster } from '../test/e2e/cluster.ts';
import { benchmark, main, type Say, timed } from './rig/benchmark.ts';

const idleSeconds = 60;
const components = ['control-plane', 'node-agent', 'containerd'];

/** CPU time of all components so far, in seconds. */
function cpuSeconds(): number {
  let ticks = 0;
  for (const name of components) {
    const stat = readFileSync(`/proc/${readFileSync(`/run/k8ts/${name}.pid`, 'utf8').trim()}/stat`, 'utf8');
    const f = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(f[11]) + Number(f[12]);
  }
  return ticks / 100;
}

/** A line of /proc/PID/status of all components together, in MiB. */
function memory(line: string): number {
  const kib = components.map((n) => {
    const pid = readFileSync(`/run/k8ts/${n}.pid`, 'utf8').trim();
    return Number(new RegExp(`${line}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  });
  return kib.reduce((a, b) => a + b) / 1024;
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;

type Figure = 'up-first' | 'up-again' | 'pod-running-median' | 'idle-cpu' | 'idle-memory-pss' | 'idle-memory-rss';

async function measure(c: ReturnType<typeof newCluster>, say: Say<Figure>): Promise<void> {
  say('up-first', await timed(() => c.up()));
  await c.k8ts('down', '--data-dir', c.dataDir);
  say('up-again', await timed(() => c.up()));
  await importBusybox(c);
  await eventually(
    'the default service account',
    10,
    async () => (await c.tryKubectl(['get', 'sa', 'default'])).code === 0,
  );
  const starts: number[] = [];
  for (let i = 0; i < 5; i++)
    starts.push(
      await timed(async () => {
        await c.kubectl('run', `p${i}`, '--image=localhost/busybox:1', '--command', '--', 'sleep', '1000');
        await c.kubectl('wait', `pod/p${i}`, '--for=jsonpath={.status.phase}=Running', '--timeout=30s');
      }),
    );
  say('pod-running-median', median(starts));
  await c.kubectl('delete', 'pod', '--all', '--now');
  const before = cpuSeconds();
  await new Promise((r) => setTimeout(r, idleSeconds * 1000));
  say('idle-cpu', ((cpuSeconds() - before) / idleSeconds) * 100);
  const status = JSON.parse(await c.k8ts('status', '--data-dir', c.dataDir, '-o', 'json')) as { memory: number };
  say('idle-memory-pss', status.memory / 2 ** 20);
  say('idle-memory-rss', memory('VmRSS'));
}

export const bench = benchmark({
  summary: 'A whole cluster on this machine: up to Ready and DNS, a pod to Running, memory and CPU when idle.',
  needsRoot: true,
  figures: {
    'up-first': { unit: 's', better: 'less', bar: 3 },
    'up-again': { unit: 's', better: 'less', bar: 3 },
    'pod-running-median': { unit: 's', better: 'less', bar: 2 },
    'idle-cpu': { unit: '%_of_core', better: 'less', bar: 2 },
    'idle-memory-pss': { unit: 'MiB', better: 'less', bar: 250 },
    'idle-memory-rss': { unit: 'MiB', better: 'less', bar: 350 },
  },
  async run(say) {
    const c = newCluster();
    try {
      await measure(c, say);
    } finally {
      await c.destroy();
    }
  },
});

if (import.meta.main) await main(import.meta.filename, bench);
