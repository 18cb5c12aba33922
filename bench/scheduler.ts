/** How many scheduling decisions a second: the pure cycle (filter, score, assume) on 1,000 and 5,000 nodes, no API. */
import { ClusterCache } from '../src/scheduler/cluster-cache.ts';
import { decide } from '../src/scheduler/decide.ts';
import { podInfoOf } from '../src/scheduler/pod-info.ts';
import { defaultPlugins } from '../src/scheduler/plugins/table.ts';
import { nodeNamed, podNamed } from '../src/scheduler/test-cluster.ts';

const podsPerRun = 10_000;

for (const size of [1_000, 5_000]) {
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
  for (let i = 0; i < size; i++)
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
  const begun = performance.now();
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
  const seconds = (performance.now() - begun) / 1000;
  process.stdout.write(`figure decisions-${size}-nodes ${Math.round(podsPerRun / seconds)} pods/s\n`);
}
