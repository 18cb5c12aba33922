import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, type DnsEndpoint, type DnsService, type DnsView } from './records.ts';

const service = (name: string, more: Partial<DnsService>): DnsService => ({
  namespace: 'shop',
  name,
  clusterIPs: [],
  headless: false,
  externalName: undefined,
  ports: [],
  ...more,
});
const http = { name: 'http', protocol: 'tcp', port: 80 } as const;
const services = [
  service('web', { clusterIPs: ['10.96.0.20'], ports: [http] }),
  service('plain', { clusterIPs: ['10.96.0.21'], ports: [{ ...http, name: '' }] }),
  service('dual', { clusterIPs: ['10.96.0.22', 'fd00::22'], ports: [http] }),
  service('db', { headless: true, ports: [http] }),
  service('out', { externalName: 'Example.org.' }),
  service('none', { headless: true }),
  service('kube-dns', { namespace: 'kube-system', clusterIPs: ['10.96.0.10'] }),
];
const endpoints: Record<string, DnsEndpoint[]> = {
  web: [{ address: '10.244.0.7', hostname: '10-244-0-7', ports: [{ ...http, port: 8080 }] }],
  db: [
    { address: '10.244.0.5', hostname: 'db-0', ports: [{ ...http, port: 3306 }] },
    { address: '10.244.0.6', hostname: '10-244-0-6', ports: [{ ...http, port: 3306 }] },
  ],
};
const view: DnsView = {
  namespaceExists: (n) => n === 'shop' || n === 'empty',
  service: (ns, n) => services.find((s) => s.namespace === ns && s.name === n),
  endpoints: (_, n) => endpoints[n] ?? [],
  byAddress: (ip) => [
    ...services.filter((s) => s.clusterIPs.includes(ip)).map((s) => ({ service: s, endpoint: undefined })),
    ...(endpoints['db'] ?? []).filter((e) => e.address === ip).map((endpoint) => ({ service: services[3]!, endpoint })),
  ],
};
const ask = (name: string, type: string): string => {
  const a = answer({ name, type }, 'cluster.local', view);
  if (a.kind !== 'found') return a.kind;
  const text = (r: (typeof a.answers)[number]) =>
    `${r.type} ${r.type === 'SRV' ? `${r.data.weight} ${r.data.port} ${r.data.target}` : r.type === 'SOA' ? 'soa' : r.data}`;
  return [...a.answers.map(text), ...a.additional.map((r) => `+${text(r)} @${r.name}`)].join(', ') || 'nodata';
};

const cases: readonly [string, string, string][] = [
  ['web.shop.svc.cluster.local', 'A', 'A 10.96.0.20'],
  ['WEB.shop.svc.CLUSTER.local.', 'A', 'A 10.96.0.20'],
  ['web.shop.svc.cluster.local', 'AAAA', 'nodata'],
  ['dual.shop.svc.cluster.local', 'AAAA', 'AAAA fd00::22'],
  ['web.shop.svc.cluster.local', 'MX', 'nodata'],
  ['nope.shop.svc.cluster.local', 'A', 'nxdomain'],
  ['shop.svc.cluster.local', 'A', 'nodata'],
  ['nope.svc.cluster.local', 'A', 'nxdomain'],
  ['svc.cluster.local', 'A', 'nodata'],
  ['cluster.local', 'SOA', 'SOA soa'],
  ['other.cluster.local', 'A', 'nxdomain'],
  [
    '_http._tcp.web.shop.svc.cluster.local',
    'SRV',
    'SRV 100 80 web.shop.svc.cluster.local, +A 10.96.0.20 @web.shop.svc.cluster.local',
  ],
  ['_http._udp.web.shop.svc.cluster.local', 'SRV', 'nxdomain'],
  ['_http._tcp.plain.shop.svc.cluster.local', 'SRV', 'nxdomain'],
  [
    '_http._tcp.db.shop.svc.cluster.local',
    'SRV',
    'SRV 50 3306 db-0.db.shop.svc.cluster.local, SRV 50 3306 10-244-0-6.db.shop.svc.cluster.local, +A 10.244.0.5 @db-0.db.shop.svc.cluster.local, +A 10.244.0.6 @10-244-0-6.db.shop.svc.cluster.local',
  ],
  ['db.shop.svc.cluster.local', 'A', 'A 10.244.0.5, A 10.244.0.6'],
  ['db-0.db.shop.svc.cluster.local', 'A', 'A 10.244.0.5'],
  ['db-1.db.shop.svc.cluster.local', 'A', 'nxdomain'],
  ['x.web.shop.svc.cluster.local', 'A', 'nxdomain'],
  ['10-244-0-7.web.shop.svc.cluster.local', 'A', 'A 10.244.0.7'],
  ['db.shop.svc.cluster.local', 'AAAA', 'nodata'],
  ['db.shop.svc.cluster.local', 'TYPE65', 'nodata'],
  ['nope.shop.svc.cluster.local', 'TYPE65', 'nxdomain'],
  [
    'db.shop.svc.cluster.local',
    'SRV',
    'SRV 50 3306 db-0.db.shop.svc.cluster.local, SRV 50 3306 10-244-0-6.db.shop.svc.cluster.local, +A 10.244.0.5 @db-0.db.shop.svc.cluster.local, +A 10.244.0.6 @10-244-0-6.db.shop.svc.cluster.local',
  ],
  [
    'cluster.local',
    'NS',
    'NS kube-dns.kube-system.svc.cluster.local, +A 10.96.0.10 @kube-dns.kube-system.svc.cluster.local',
  ],
  ['web.shop.svc.cluster.local', 'NS', 'nodata'],
  ['cluster.local', 'A', 'nodata'],
  ['web.shop.svc.cluster.local', 'ANY', 'nodata'],
  ['none.shop.svc.cluster.local', 'A', 'nodata'],
  ['out.shop.svc.cluster.local', 'A', 'CNAME Example.org'],
  ['10-244-0-9.shop.pod.cluster.local', 'A', 'A 10.244.0.9'],
  ['10-244-0-9.nope.pod.cluster.local', 'A', 'nxdomain'],
  ['x.shop.pod.cluster.local', 'A', 'nxdomain'],
  ['20.0.96.10.in-addr.arpa', 'PTR', 'PTR web.shop.svc.cluster.local'],
  ['5.0.244.10.in-addr.arpa', 'PTR', 'PTR db-0.db.shop.svc.cluster.local'],
  ['9.9.9.9.in-addr.arpa', 'PTR', 'forward'],
  ['dns-version.cluster.local', 'TXT', 'TXT 1.1.0'],
  ['example.org', 'A', 'forward'],
];
for (const [name, type, wanted] of cases) test(`${type} ${name}`, () => assert.equal(ask(name, type), wanted));
