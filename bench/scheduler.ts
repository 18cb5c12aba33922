/** How many scheduling decisions a second: the pure cycle (filter, score, assume) on 1,000 and 5,000 nodes, no API. */
import { ClusterCache } from '../src/scheduler/cluster-cache.ts';
import { decide } from '../src/scheduler/decide.ts';
import { podInfoOf } from '../src/scheduler/pod-info.ts';
import { defaultPlugins } from '../src/scheduler/plugins/table.ts';
import { nodeNamed, podNamed } from '../src/scheduler/test-cluster.ts';
import { benchmark, main, timed } from './rig/benchmark.ts';

const podsPerRun = 10_000;

/** Decisions a second. */
async function decisions(nodes: number): Promise<number> {
  const cache = new ClusterCache({
    namespaceLabels: () => ({}),
    defaultSelector: () => undefined,
    volumes: {
      claim: () => undefined,
      volume: () => undefined,
      volumesOfClass: () => [],
      storageClass: () => undefined,
      promised: new Map(),
    },
  });
  for (let i = 0; i < nodes; i++)
    cache.setNode(
      nodeNamed(`n${i}`, {
        allocatable: { cpu: '32', memory: '256Gi' },
        labels: { 'topology.kubernetes.io/zone': `z${i % 3}` },
      }),
    );
  const pods = Array.from({ length: podsPerRun }, (_, i) =>
    podNamed(`p${i}`, { requests: { cpu: '100m', memory: '128Mi' } }),
  );
  let startIndex = 0;
  const seconds = await timed(() => {
    for (const pod of pods) {
      const info = podInfoOf(pod);
      const d = decide({
        pod: info,
        cluster: cache,
        plugins: defaultPlugins,
        nominated: () => [],
        startIndex,
        random: Math.random,
      });
      if (d.kind === 'none') throw new Error('a pod that fits was refused');
      startIndex = d.nextStartIndex;
      cache.assume(info, d.node.name);
    }
  });
  return podsPerRun / seconds;
}

export const bench = benchmark({
  summary: 'Scheduling decisions: filter, score and assume 10,000 pods, without an API.',
  figures: {
    'decisions-1000-nodes': { unit: '/s', better: 'more' },
    'decisions-5000-nodes': { unit: '/s', better: 'more', bar: 2000 },
  },
  async run(say) {
    say('decisions-1000-nodes', await decisions(1000));
    say('decisions-5000-nodes', await decisions(5000));
  },
});

if (import.meta.main) await main(import.meta.filename, bench);
