/**
 * What a .cpuprofile says: `node profile-top.ts FILE [LINES [DURING]]` prints the functions with the largest share of their own, and with
 * what they call; with DURING (part of a file's name, such as handlers/delete.ts) only of the time between its first and last sample.
 */
import { readFileSync } from 'node:fs';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}
interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const [file, lines = '40', during = ''] = process.argv.slice(2);
const profile = JSON.parse(readFileSync(file!, 'utf8')) as Profile;
const byId = new Map(profile.nodes.map((n) => [n.id, n]));
const nameOf = ({ callFrame: f }: ProfileNode): string =>
  `${f.functionName || '(anonymous)'} ${f.url.replace(/^.*?\/(src|node_modules|bench)\//, '$1/')}${f.url ? `:${f.lineNumber + 1}` : ''}`;

/** Samples of what DURING names and of what it calls. */
const within = new Set<number>();
function mark(id: number, inside: boolean): void {
  const node = byId.get(id)!;
  const here = inside || node.callFrame.url.includes(during);
  if (here) within.add(id);
  for (const c of node.children ?? []) mark(c, here);
}
mark(profile.nodes[0]!.id, false);
const from = profile.samples.findIndex((id) => within.has(id));
const to = profile.samples.findLastIndex((id) => within.has(id));

const self = new Map<number, number>();
for (let i = from; i <= to; i++)
  self.set(profile.samples[i]!, (self.get(profile.samples[i]!) ?? 0) + profile.timeDeltas[i]!);

const own = new Map<string, number>();
const whole = new Map<string, number>();
/** Time below a node; a function inside itself counts once. */
function walk(id: number, open: ReadonlySet<string>): number {
  const node = byId.get(id)!;
  const name = nameOf(node);
  const mine = self.get(id) ?? 0;
  own.set(name, (own.get(name) ?? 0) + mine);
  const inner = new Set(open).add(name);
  const total = (node.children ?? []).reduce((sum, c) => sum + walk(c, inner), mine);
  if (!open.has(name)) whole.set(name, (whole.get(name) ?? 0) + total);
  return total;
}
walk(profile.nodes[0]!.id, new Set());

const idle = own.get('(idle) ') ?? 0;
const busy = [...own.values()].reduce((a, b) => a + b, 0) - idle;
function show(title: string, shares: ReadonlyMap<string, number>): void {
  process.stdout.write(
    `\n${title} (of ${(busy / 1e6).toFixed(1)} busy seconds; idle for ${(idle / 1e6).toFixed(1)})\n`,
  );
  const top = [...shares].filter(([n]) => !/^\((idle|root)\)/.test(n)).sort((a, b) => b[1] - a[1]);
  for (const [name, us] of top.slice(0, Number(lines)))
    process.stdout.write(`${((us / busy) * 100).toFixed(1).padStart(6)} %  ${name}\n`);
}
show('own', own);
show('with what is called', whole);
