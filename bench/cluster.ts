/** A whole cluster on this machine: how long `up` takes, how soon a pod runs, what everything costs when idle. Needs root. */
import { readFileSync } from 'node:fs';
import { eventually, importBusybox, newCluster } from '../test/e2e/cluster.ts';

const figure = (name: string, value: number, unit: string) =>
  console.log(`figure ${name} ${Math.round(value * 100) / 100} ${unit}`);
const idleSeconds = 60;
const components = ['control-plane', 'node-agent', 'containerd'];

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

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

const c = newCluster();
try {
  figure('up-first', await timed(() => c.up()), 's');
  await c.k8ts('down', '--data-dir', c.dataDir);
  figure('up-again', await timed(() => c.up()), 's');
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
  figure('pod-running-median', starts.sort((a, b) => a - b)[2]!, 's');
  await c.kubectl('delete', 'pod', '--all', '--now');
  const before = cpuSeconds();
  await new Promise((r) => setTimeout(r, idleSeconds * 1000));
  figure('idle-cpu', ((cpuSeconds() - before) / idleSeconds) * 100, '%_of_a_core');
  const status = JSON.parse(await c.k8ts('status', '--data-dir', c.dataDir, '-o', 'json')) as { memory: number };
  figure('idle-memory-pss', status.memory / 2 ** 20, 'MiB');
  const rss = components.map((n) =>
    Number(
      /VmRSS:\s+(\d+)/.exec(
        readFileSync(`/proc/${readFileSync(`/run/k8ts/${n}.pid`, 'utf8').trim()}/status`, 'utf8'),
      )?.[1],
    ),
  );
  figure('idle-memory-rss', rss.reduce((a, b) => a + b) / 1024, 'MiB');
} finally {
  await c.destroy();
}
