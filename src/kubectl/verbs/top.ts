/** `kubectl top node|pod`: use of CPU and memory, from the metrics API where there is one (upstream: kubectl/pkg/cmd/top, metricsutil). */
import { milliValue, value } from '../../machinery/quantity.ts';
import { CommandError, UsageError } from '../failure.ts';
import { bool, type FlagSpecs, text } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import { alignTabs, tableTabs } from '../print/tab-writer.ts';
import { selectorFlags, type Session } from '../session.ts';
import { at, listAt, textAt, type Thing, type ThingList } from '../thing.ts';
import type { Verb, VerbRow } from '../verb.ts';

const api = '/apis/metrics.k8s.io/v1beta1';

/** @throws CommandError when no server of metrics is there */
async function metrics(s: Session, path: string): Promise<readonly Thing[]> {
  const groups = await s.api.json<{ readonly groups?: readonly { readonly name: string }[] }>('GET', '/apis');
  if (!groups.groups?.some((g) => g.name === 'metrics.k8s.io')) throw new CommandError('Metrics API not available');
  const query = { labelSelector: s.flags.text('selector'), fieldSelector: s.flags.text('field-selector') };
  const answer = await s.api.json<ThingList & Thing>('GET', `${api}${path}`, { query });
  return answer.items ?? [answer];
}

interface Use {
  readonly cpu: number;
  readonly memory: number;
}
const useOf = (u: unknown): Use => ({
  cpu: milliValue(textAt(u, 'cpu') || '0'),
  memory: value(textAt(u, 'memory') || '0'),
});
const sum = (all: readonly Use[]): Use => ({
  cpu: all.reduce((n, u) => n + u.cpu, 0),
  memory: all.reduce((n, u) => n + u.memory, 0),
});
const cpuText = (u: Use): string => `${u.cpu}m`;
const memoryText = (u: Use): string => `${Math.floor(u.memory / 2 ** 20)}Mi`;

const common: FlagSpecs = {
  selector: selectorFlags['selector']!,
  'sort-by': text("If non-empty, sort list using specified field. The field can be either 'cpu' or 'memory'."),
  'no-headers': bool('If present, print output without headers'),
  'use-protocol-buffers': bool('Accepted: metrics are read as JSON.'),
};

function sorter(
  s: Session,
): (a: { readonly use: Use; readonly name: string }, b: { readonly use: Use; readonly name: string }) => number {
  const by = s.flags.text('sort-by', '');
  if (by && by !== 'cpu' && by !== 'memory') throw new CommandError('--sort-by accepts only cpu or memory');
  return (a, b) =>
    by === 'cpu' ? b.use.cpu - a.use.cpu : by === 'memory' ? b.use.memory - a.use.memory : a.name < b.name ? -1 : 1;
}

const show = (s: Session, head: readonly string[], rows: readonly (readonly string[])[]): void => {
  const lines = s.flags.bool('no-headers') ? rows : [head, ...rows];
  s.io.out(alignTabs(lines.map((r) => `${r.join('\t')}\t\n`).join(''), tableTabs));
};

function oneName(s: Session): string | undefined {
  const [name, ...more] = s.flags.args;
  if (more.length) throw new UsageError(`unexpected arguments: [${more.join(' ')}]`);
  if (name && s.flags.text('selector')) throw new CommandError('only one of NAME or --selector can be provided');
  return name;
}

const node: Verb = {
  usage: 'top node [NAME | -l label]',
  summary: 'Display resource (CPU/memory) usage of nodes',
  flags: {
    ...common,
    'show-capacity': bool('Print node resources based on Capacity instead of Allocatable(default) of the nodes.'),
  },
  async run(s) {
    const compare = sorter(s);
    const name = oneName(s);
    s.flags.bool('use-protocol-buffers', true);
    const found = await metrics(s, `/nodes${name ? `/${name}` : ''}`);
    if (found.length === 0) throw new CommandError('metrics not available yet');
    const mapping = (await s.mapper()).byName('nodes');
    const nodes = name
      ? [await s.api.json<Thing>('GET', pathOf(mapping, undefined, name))]
      : (
          await s.api.json<ThingList>('GET', pathOf(mapping, undefined), {
            query: { labelSelector: s.flags.text('selector') },
          })
        ).items;
    const of = s.flags.bool('show-capacity') ? 'capacity' : 'allocatable';
    const rows = found
      .map((m) => ({
        name: m.metadata.name ?? '',
        use: useOf(m['usage']),
        node: nodes.find((n) => n.metadata.name === m.metadata.name),
      }))
      .sort(compare)
      .map((r) => {
        const room = useOf(at(r.node, 'status', of));
        const share = (a: number, b: number) => (b > 0 ? `${Math.floor((a / b) * 100)}%` : '<unknown>');
        return [
          r.name,
          cpuText(r.use),
          share(r.use.cpu, room.cpu),
          memoryText(r.use),
          share(r.use.memory, room.memory),
        ];
      });
    show(s, ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'], rows);
  },
};

const pod: Verb = {
  usage: 'top pod [NAME | -l label]',
  summary: 'Display resource (CPU/memory) usage of pods',
  flags: {
    ...common,
    'field-selector': selectorFlags['field-selector']!,
    'all-namespaces': selectorFlags['all-namespaces']!,
    containers: bool('If present, print usage of containers within a pod.'),
    sum: bool('Print the sum of the resource usage'),
  },
  async run(s) {
    const compare = sorter(s);
    const name = oneName(s);
    s.flags.bool('use-protocol-buffers', true);
    if (name && s.flags.text('field-selector'))
      throw new CommandError('only one of NAME or --field-selector can be provided');
    const everywhere = s.flags.bool('all-namespaces');
    const containers = s.flags.bool('containers');
    const found = await metrics(s, `${everywhere ? '' : `/namespaces/${s.namespace}`}/pods${name ? `/${name}` : ''}`);
    if (found.length === 0) {
      s.io.err(everywhere ? 'No resources found\n' : `No resources found in ${s.namespace} namespace.\n`);
      return;
    }
    const head = [
      ...(everywhere ? ['NAMESPACE'] : []),
      ...(containers ? ['POD'] : []),
      'NAME',
      'CPU(cores)',
      'MEMORY(bytes)',
    ];
    const pods = found
      .map((p) => ({
        p,
        name: p.metadata.name ?? '',
        use: sum(listAt(p, 'containers').map((c) => useOf(at(c, 'usage')))),
      }))
      .sort(compare);
    const place = (p: Thing) => (everywhere ? [p.metadata.namespace ?? ''] : []);
    const rows = pods.flatMap(({ p, name: n, use }) =>
      containers
        ? listAt(p, 'containers')
            .map((c) => ({ name: textAt(c, 'name'), use: useOf(at(c, 'usage')) }))
            .sort(compare)
            .map((c) => [...place(p), n, c.name, cpuText(c.use), memoryText(c.use)])
        : [[...place(p), n, cpuText(use), memoryText(use)]],
    );
    if (s.flags.bool('sum')) {
      const total = sum(pods.map((p) => p.use));
      const blank = Array.from({ length: head.length - 2 }, () => '');
      rows.push([...blank, '________', '________'], [...blank, cpuText(total), memoryText(total)]);
    }
    show(s, head, rows);
  },
};

export const topRows: readonly VerbRow[] = [
  { name: 'node', aliases: ['nodes', 'no'], summary: node.summary, load: async () => node },
  { name: 'pod', aliases: ['pods', 'po'], summary: pod.summary, load: async () => pod },
];
