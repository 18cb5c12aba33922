import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { nftModel } from '../../src/proxy/nft-model.ts';
import { changeScript, fullScript } from '../../src/proxy/nft-script.ts';
import { createRuleBook } from '../../src/proxy/rule-book.ts';
import type { ServicePort } from '../../src/proxy/service-ports.ts';

const netns = `k8ts-proxy-${process.pid}`;
const dir = mkdtempSync(join(tmpdir(), 'k8ts-proxy-'));
before(() => execFileSync('ip', ['netns', 'add', netns]));
after(() => {
  execFileSync('ip', ['netns', 'del', netns]);
  rmSync(dir, { recursive: true });
});

const nft = (...args: string[]) => execFileSync('ip', ['netns', 'exec', netns, 'nft', ...args]).toString();
const apply = (script: string) => {
  if (!script) return;
  writeFileSync(join(dir, 'rules.nft'), script);
  nft('-f', join(dir, 'rules.nft'));
};
/** The table as the kernel holds it, chains and elements in a fixed order. */
const table = () =>
  nft('list', 'table', 'ip', 'kube-proxy')
    .replace(/\n\}\n$/, '')
    .split(/\n+(?=\t\w)/)
    .map((block) =>
      block.trim().replace(/elements = \{([^}]*)\}/, (_, e: string) =>
        e
          .split(',')
          .map((x) => x.trim())
          .sort()
          .join(),
      ),
    )
    .sort();

const port = (more: Partial<ServicePort>): ServicePort => ({
  service: 'shop/web',
  portName: 'http',
  protocol: 'tcp',
  port: 80,
  clusterIP: '10.96.0.20',
  externalIPs: [],
  loadBalancerIPs: [],
  sourceRanges: [],
  nodePort: undefined,
  affinitySeconds: undefined,
  cluster: [{ ip: '10.244.0.5', port: 8080, local: true }],
  local: [],
  internalLocal: false,
  externalLocal: false,
  anyEndpoints: true,
  serving: ['10.244.0.5:8080'],
  ...more,
});
const two = [
  { ip: '10.244.0.5', port: 8080, local: true },
  { ip: '10.244.1.6', port: 8080, local: false },
];
const options = {
  family: 'IPv4',
  clusterCidr: '10.244.0.0/16',
  nodeIPs: ['192.0.2.1'],
  serviceCIDRs: ['10.96.0.0/12'],
} as const;
const states: readonly (readonly ServicePort[])[] = [
  [],
  [port({})],
  [port({ cluster: two, nodePort: 30080 })],
  [port({ cluster: two, nodePort: 30080, affinitySeconds: 10 })],
  [port({ cluster: two, nodePort: 30081, affinitySeconds: 20, externalLocal: true, local: two.slice(0, 1) })],
  [
    port({ cluster: [], anyEndpoints: false, nodePort: 30081 }),
    port({ service: 'shop/db', clusterIP: '10.96.0.21', protocol: 'udp' }),
  ],
  [
    port({
      loadBalancerIPs: ['192.0.2.9'],
      sourceRanges: ['10.0.0.0/8', '192.168.0.0/16'],
      externalIPs: ['192.0.2.10'],
    }),
  ],
  [port({ cluster: [], externalLocal: true, anyEndpoints: true, nodePort: 30080 })],
];

test('the kernel takes every table whole, and every change between two gives the same table', () => {
  const models = states.map((s) => nftModel(s, options));
  for (const a of models)
    for (const b of models) {
      apply(fullScript(b, options));
      const whole = table();
      apply(fullScript(a, options));
      const change = changeScript(a, b);
      apply(change.text);
      apply(change.idle.map((c) => `delete chain ip kube-proxy ${c}\n`).join(''));
      assert.deepEqual(table(), whole);
    }
});

test('the table is written whole over an older one: what clients are stuck to stays, what nobody uses goes', async () => {
  const sticky = port({ cluster: two, affinitySeconds: 10_800 });
  const was = new Map([
    ['shop/web', [sticky]],
    ['shop/old', [port({ service: 'shop/old', clusterIP: '10.96.0.30', affinitySeconds: 60 })]],
  ]);
  const before = createRuleBook(options);
  apply((await before.rewrite([...was.keys()], (s) => was.get(s) ?? [], 0)).script);
  const set = [...nftModel([sticky], options).sets.keys()][0]!;
  nft('add', 'element', 'ip', 'kube-proxy', set, '{ 192.0.2.77 }');
  nft('add', 'element', 'ip', 'kube-proxy', 'cluster-ips', '{ 10.96.0.99 }');
  const names = JSON.parse(nft('-j', '-t', 'list', 'chains', 'ip')) as { nftables: { chain?: { name: string } }[] };
  const chains = names.nftables.flatMap((o) => (o.chain ? [o.chain.name] : []));
  const sets = [...nftModel([...was.values()].flat(), options).sets.keys()];

  const next = createRuleBook(options);
  const change = await next.rewrite(['shop/web'], (s) => (s === 'shop/web' ? [sticky] : []), 0, { chains, sets });
  apply(change.script);
  change.done();
  assert.match(nft('list', 'set', 'ip', 'kube-proxy', set), /192\.0\.2\.77/);
  assert.equal(next.sweep(500), '');
  apply(next.sweep(2_000));
  const all = nft('list', 'table', 'ip', 'kube-proxy');
  assert.doesNotMatch(all, /shop\/old|10\.96\.0\.(30|99)/);
});

test('five thousand endpoints of one service and a thousand services are taken, and one change is small', async () => {
  const large = Array.from({ length: 5_000 }, (_, i) => ({
    ip: `10.244.${i >> 8}.${i & 255}`,
    port: 8080,
    local: false,
  }));
  const rows = new Map<string, readonly ServicePort[]>([['shop/web', [port({ cluster: large })]]]);
  for (let i = 0; i < 1_000; i++)
    rows.set(`shop/s${i}`, [
      port({ service: `shop/s${i}`, clusterIP: `10.97.${i >> 8}.${i & 255}`, nodePort: 30_000 + i }),
    ]);
  const book = createRuleBook(options);
  const rowsOf = (s: string) => rows.get(s) ?? [];
  const whole = await book.rewrite([...rows.keys()], rowsOf, 0);
  apply(whole.script);
  whole.done();
  rows.set('shop/s7', []);
  const one = book.change(['shop/s7'], rowsOf, 0);
  apply(one.script);
  one.done();
  assert.ok(one.script.length < 1_000, one.script);
  assert.doesNotMatch(nft('list', 'map', 'ip', 'kube-proxy', 'service-ips'), /shop\/s7\//);
});
