import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { nftModel } from '../../src/proxy/nft-model.ts';
import { changeScript, fullScript } from '../../src/proxy/nft-script.ts';
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
  internal: [{ ip: '10.244.0.5', port: 8080, local: true }],
  external: [{ ip: '10.244.0.5', port: 8080, local: true }],
  externalLocal: false,
  anyEndpoints: true,
  ...more,
});
const two = [
  { ip: '10.244.0.5', port: 8080, local: true },
  { ip: '10.244.1.6', port: 8080, local: false },
];
const states: readonly (readonly ServicePort[])[] = [
  [],
  [port({})],
  [port({ internal: two, external: two, nodePort: 30080 })],
  [port({ internal: two, external: two, nodePort: 30080, affinitySeconds: 10 })],
  [port({ internal: two, external: two, nodePort: 30081, affinitySeconds: 20, externalLocal: true })],
  [
    port({ internal: [], external: [], anyEndpoints: false, nodePort: 30081 }),
    port({ service: 'shop/db', clusterIP: '10.96.0.21', protocol: 'udp' }),
  ],
  [
    port({
      loadBalancerIPs: ['192.0.2.9'],
      sourceRanges: ['10.0.0.0/8', '192.168.0.0/16'],
      externalIPs: ['192.0.2.10'],
    }),
  ],
  [port({ internal: [], external: [], externalLocal: true, anyEndpoints: true, nodePort: 30080 })],
];

test('the kernel takes every table whole, and every change between two gives the same table', () => {
  const models = states.map((s) => nftModel(s, { family: 'IPv4', clusterCidr: '10.244.0.0/16' }));
  for (const a of models)
    for (const b of models) {
      apply(fullScript(b));
      const whole = table();
      apply(fullScript(a));
      apply(changeScript(a, b));
      assert.deepEqual(table(), whole);
    }
});
