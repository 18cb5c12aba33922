import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Service } from '../api/core/v1/types.ts';
import type { EndpointSlice } from '../api/discovery/v1/types.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { parseFlows, staleFlows } from './conntrack.ts';
import type { Endpoint } from './endpoints.ts';
import { createProxyHealth, serviceHealth } from './health.ts';
import { type NftModel, nftModel } from './nft-model.ts';
import { changeScript, fullScript } from './nft-script.ts';
import { healthCheck, type ServicePort, servicePorts } from './service-ports.ts';

const service = (spec: object, more: object = {}): Service =>
  ({
    metadata: { namespace: 'shop', name: 'web' },
    spec: {
      clusterIP: '10.96.0.20',
      clusterIPs: ['10.96.0.20'],
      type: 'ClusterIP',
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }],
      ...spec,
    },
    status: { loadBalancer: {} },
    ...more,
  }) as unknown as Service;
interface Ep {
  readonly ip: string;
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly ending?: boolean;
  readonly node?: string;
  readonly zones?: readonly string[];
  readonly nodes?: readonly string[];
}
const slice = (
  eps: readonly Ep[],
  ports: readonly object[] = [{ name: 'http', port: 8080, protocol: 'TCP' }],
): EndpointSlice =>
  ({
    metadata: { namespace: 'shop', name: 'web-x' },
    addressType: 'IPv4',
    ports,
    endpoints: eps.map((e) => ({
      addresses: [e.ip],
      nodeName: e.node ?? 'n1',
      conditions: { ready: e.ready ?? true, serving: e.serving ?? e.ready ?? true, terminating: e.ending ?? false },
      ...((e.zones || e.nodes) && {
        hints: { forZones: e.zones?.map((name) => ({ name })), forNodes: e.nodes?.map((name) => ({ name })) },
      }),
    })),
  }) as unknown as EndpointSlice;
const rows = (s: Service, slices: readonly EndpointSlice[]) =>
  servicePorts({ services: [s], slicesOf: () => slices, nodeName: 'n1', zone: 'z1' }, 'IPv4');
const text = (list: readonly Endpoint[]) => list.map((e) => `${e.ip}:${e.port}`).join(' ');

interface Want {
  readonly cluster?: string;
  readonly local?: string;
  readonly rows?: number;
  readonly any?: boolean;
}
const local = { internalTrafficPolicy: 'Local' };
const outside = {
  externalTrafficPolicy: 'Local',
  type: 'NodePort',
  ports: [{ name: 'http', port: 80, nodePort: 30080 }],
};
const [here, there] = [{ ip: '10.244.0.5' }, { ip: '10.244.1.5', node: 'n2' }];
const ending = { ready: false, serving: true, ending: true };
const both = '10.244.0.5:8080 10.244.1.5:8080';
const cases: readonly [string, Service, EndpointSlice[], Want][] = [
  [
    'ready endpoints',
    service({}),
    [slice([{ ip: '10.244.0.5' }, { ip: '10.244.0.6', ready: false }])],
    { cluster: '10.244.0.5:8080' },
  ],
  [
    'none ready: those that still serve',
    service({}),
    [
      slice([
        { ...here, ...ending },
        { ...there, ready: false, serving: true },
      ]),
    ],
    { cluster: '10.244.0.5:8080' },
  ],
  [
    'another port name',
    service({}),
    [slice([{ ip: '10.244.0.5' }], [{ name: 'https', port: 443, protocol: 'TCP' }])],
    { cluster: '' },
  ],
  [
    'one endpoint in two slices counts once',
    service({}),
    [slice([{ ip: '10.244.0.5' }]), slice([{ ip: '10.244.0.5' }])],
    { cluster: '10.244.0.5:8080' },
  ],
  ['internal policy Local', service(local), [slice([here, there])], { cluster: '', local: '10.244.0.5:8080' }],
  [
    'internal policy Local, reached from outside: pods and node may use all',
    service({ ...local, externalIPs: ['192.0.2.1'] }),
    [slice([here, there])],
    { cluster: both, local: '10.244.0.5:8080' },
  ],
  ['external policy Local', service(outside), [slice([here, there])], { cluster: both, local: '10.244.0.5:8080' }],
  [
    'external policy Local: those that end here while others are ready elsewhere',
    service(outside),
    [slice([{ ...here, ...ending }, there])],
    { cluster: '10.244.1.5:8080', local: '10.244.0.5:8080' },
  ],
  ['Local, and nothing here', service(local), [slice([there])], { local: '', any: true }],
  ['nothing serves anywhere', service(local), [slice([{ ...there, ready: false }])], { local: '', any: false }],
  [
    'hints for this zone',
    service({}),
    [
      slice([
        { ...here, zones: ['z2'] },
        { ...there, zones: ['z1', 'z3'] },
      ]),
    ],
    { cluster: '10.244.1.5:8080' },
  ],
  [
    'hints for other zones alone',
    service({}),
    [
      slice([
        { ...here, zones: ['z2'] },
        { ...there, zones: ['z3'] },
      ]),
    ],
    { cluster: both },
  ],
  ['a hint is missing', service({}), [slice([here, { ...there, zones: ['z1'] }])], { cluster: both }],
  [
    'hints for this node go before those for the zone',
    service({}),
    [
      slice([
        { ...here, zones: ['z1'], nodes: ['n1'] },
        { ...there, zones: ['z1'], nodes: ['n2'] },
      ]),
    ],
    { cluster: '10.244.0.5:8080' },
  ],
  [
    'hints do not matter to those that end, nor to the Local policy',
    service(outside),
    [
      slice([
        { ...here, zones: ['z2'] },
        { ...there, zones: ['z1'] },
        { ip: '10.244.0.9', ...ending },
      ]),
    ],
    { cluster: '10.244.1.5:8080', local: '10.244.0.5:8080' },
  ],
  [
    'pods that number a named port differently',
    service({}),
    [slice([here]), slice([there], [{ name: 'http', port: 9090, protocol: 'TCP' }])],
    { cluster: '10.244.0.5:8080 10.244.1.5:9090' },
  ],
  [
    'an address that went to another pod: the one that stays',
    service({}),
    [slice([here]), slice([{ ...here, ...ending }])],
    { cluster: '10.244.0.5:8080' },
  ],
  [
    "another proxy's service",
    service({}, { metadata: { labels: { 'service.kubernetes.io/service-proxy-name': 'x' } } }),
    [slice([here])],
    { rows: 0 },
  ],
  ['headless', service({ clusterIP: 'None', clusterIPs: ['None'] }), [slice([{ ip: '10.244.0.5' }])], { rows: 0 }],
  ['ExternalName', service({ type: 'ExternalName', clusterIP: '', clusterIPs: [] }), [], { rows: 0 }],
];
for (const [name, s, slices, want] of cases)
  test(`rows: ${name}`, () => {
    const list = rows(s, slices);
    assert.equal(list.length, want.rows ?? 1);
    if (want.cluster !== undefined) assert.equal(text(list[0]!.cluster), want.cluster);
    if (want.local !== undefined) assert.equal(text(list[0]!.local), want.local);
    if (want.any !== undefined) assert.equal(list[0]!.anyEndpoints, want.any);
  });

const options = {
  family: 'IPv4',
  clusterCidr: '10.244.0.0/16',
  nodeIPs: ['10.0.0.9'],
  serviceCIDRs: ['10.96.0.0/12'],
} as const;
const flat = (m: NftModel) =>
  [...m.chains].flatMap(([name, rules]) =>
    rules.map((r) => `${name.replace(/-[0-9A-F]{8}-/, ' ')}: ${r.replace(/-[0-9A-F]{8}-/g, ' ')}`),
  );

test('model: a NodePort service with two endpoints and affinity', () => {
  const m = nftModel(
    rows(
      service({
        type: 'NodePort',
        sessionAffinity: 'ClientIP',
        ports: [{ name: 'http', port: 80, protocol: 'TCP', nodePort: 30080 }],
      }),
      [slice([{ ip: '10.244.0.5' }, { ip: '10.244.0.6' }])],
    ),
    options,
  );
  assert.deepEqual(flat(m), [
    'endpoint shop/web/tcp/http/10.244.0.5.8080: update @affinity shop/web/tcp/http/10.244.0.5.8080/10800 { ip saddr }',
    'endpoint shop/web/tcp/http/10.244.0.5.8080: meta l4proto tcp dnat to 10.244.0.5:8080',
    'endpoint shop/web/tcp/http/10.244.0.6.8080: update @affinity shop/web/tcp/http/10.244.0.6.8080/10800 { ip saddr }',
    'endpoint shop/web/tcp/http/10.244.0.6.8080: meta l4proto tcp dnat to 10.244.0.6:8080',
    'service shop/web/tcp/http: ip saddr @affinity shop/web/tcp/http/10.244.0.5.8080/10800 goto endpoint shop/web/tcp/http/10.244.0.5.8080',
    'service shop/web/tcp/http: ip saddr @affinity shop/web/tcp/http/10.244.0.6.8080/10800 goto endpoint shop/web/tcp/http/10.244.0.6.8080',
    'service shop/web/tcp/http: numgen random mod 2 vmap { 0 : goto endpoint shop/web/tcp/http/10.244.0.5.8080, 1 : goto endpoint shop/web/tcp/http/10.244.0.6.8080 }',
    'external shop/web/tcp/http: jump mark-for-masquerade',
    'external shop/web/tcp/http: goto service shop/web/tcp/http',
  ]);
  assert.deepEqual([...m.maps['service-nodeports'].keys()], ['tcp . 30080']);
});

test('model: external policy Local, and no endpoint here: pods and the node are served, others dropped', () => {
  const m = nftModel(rows(service(outside), [slice([there])]), options);
  assert.deepEqual(flat(m), [
    'service shop/web/tcp/http: meta l4proto tcp dnat ip addr . port to numgen random mod 1 map { 0 : 10.244.1.5 . 8080 }',
    'external shop/web/tcp/http: ip saddr 10.244.0.0/16 goto service shop/web/tcp/http comment "pod traffic"',
    'external shop/web/tcp/http: fib saddr type local jump mark-for-masquerade',
    'external shop/web/tcp/http: fib saddr type local goto service shop/web/tcp/http comment "node traffic"',
  ]);
  assert.deepEqual([...m.maps['no-endpoint-nodeports']], [['tcp . 30080', 'drop']]);
});

const balancer = (ranges: readonly string[], ingress: readonly object[] = [{ ip: '192.0.2.9' }]) =>
  nftModel(
    rows(
      service({ type: 'LoadBalancer', loadBalancerSourceRanges: ranges }, { status: { loadBalancer: { ingress } } }),
      [slice([here])],
    ),
    options,
  );
const ranges: readonly [string, readonly string[], string | undefined][] = [
  ['one range', ['172.16.0.0/12 '], 'ip saddr != { 172.16.0.0/12 } drop'],
  ['everyone', ['172.16.0.0/12', '0.0.0.0/0'], undefined],
  ['the node is in the range, and may loop back', ['10.0.0.0/24'], 'ip saddr != { 10.0.0.0/24, 192.0.2.9 } drop'],
  ['none of this family', ['fd00::/8'], undefined],
];
for (const [name, list, rule] of ranges)
  test(`load balancer sources: ${name}`, () =>
    assert.deepEqual(
      flat(balancer(list)).filter((l) => l.startsWith('firewall')),
      rule ? [`firewall shop/web/tcp/http: ${rule}`] : [],
    ));

test('load balancer addresses: those of a proxying balancer are not ours', () => {
  const m = balancer(
    [],
    [
      { ip: '192.0.2.9', ipMode: 'Proxy' },
      { ip: '192.0.2.10', ipMode: 'VIP' },
    ],
  );
  assert.deepEqual([...m.maps['service-ips'].keys()], ['10.96.0.20 . tcp . 80', '192.0.2.10 . tcp . 80']);
});

test('health checks: the ready pods here, for LoadBalancers with policy Local', () => {
  const asked = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 32_000 };
  const slices = [slice([here, there, { ip: '10.244.0.7', ...ending }])];
  const place = { nodeName: 'n1' };
  assert.deepEqual(healthCheck(service(asked), slices, place, 'IPv4'), { port: 32_000, localEndpoints: 1 });
  assert.equal(healthCheck(service({ ...asked, type: 'NodePort' }), slices, place, 'IPv4'), undefined);
  assert.equal(healthCheck(service({ ...asked, externalTrafficPolicy: 'Cluster' }), slices, place, 'IPv4'), undefined);
  const none = serviceHealth('shop/web', 0, true);
  assert.deepEqual([none.status, serviceHealth('a/b', 2, false).status], [503, 503]);
  const some = serviceHealth('shop/web', 2, true);
  assert.equal(some.status, 200);
  assert.equal(some.headers['x-load-balancing-endpoint-weight'], '2');
  assert.equal(
    some.body,
    '{\n\t"service": {\n\t\t"namespace": "shop",\n\t\t"name": "web"\n\t},\n\t"localEndpoints": 2,\n\t"serviceProxyHealthy": true\n}',
  );
});

test('health of the proxy: late when a change waits for a minute; the node counts for /healthz alone', async () => {
  const clock = new FakeClock();
  const h = createProxyHealth(clock);
  h.updated('IPv4');
  h.queued('IPv4');
  await clock.advance(59_000);
  h.queued('IPv4');
  assert.equal(h.healthy, true);
  await clock.advance(1_000);
  assert.deepEqual(JSON.parse(h.report().body), {
    lastUpdated: '2026-01-01T00:00:00.000Z',
    currentTime: '2026-01-01T00:01:00.000Z',
    healthy: false,
    status: { IPv4: { lastUpdated: '2026-01-01T00:00:00.000Z', healthy: false } },
  });
  h.updated('IPv4');
  assert.equal(h.report().healthy, true);
  assert.deepEqual([h.report(null).healthy, JSON.parse(h.report(null).body).nodeEligible], [false, false]);
});

test('model: a service without endpoints refuses, one with endpoints elsewhere only drops', () => {
  assert.deepEqual(
    [...nftModel(rows(service({}), []), options).maps['no-endpoint-services']],
    [['10.96.0.20 . tcp . 80', 'goto reject-chain']],
  );
  const elsewhere = rows(service({ internalTrafficPolicy: 'Local' }), [slice([{ ip: '10.244.1.5', node: 'n2' }])]);
  assert.deepEqual([...nftModel(elsewhere, options).maps['no-endpoint-services']], [['10.96.0.20 . tcp . 80', 'drop']]);
});

test('UDP flows to endpoints that are gone are forgotten, by service address and node port', () => {
  const text = (dst: string, port: number, answers: string) =>
    `udp      17 26 src=10.244.0.2 dst=${dst} sport=4000 dport=${port} src=${answers} dst=10.244.0.2 sport=53 dport=4000 mark=0 use=1`;
  const flows = parseFlows(
    [
      text('10.96.0.20', 53, '10.244.0.5'),
      text('10.96.0.20', 53, '10.244.0.6'),
      text('10.96.0.20', 53, '10.96.0.20').replace(' src=10.96.0.20 dst', ' [UNREPLIED] src=10.96.0.20 dst'),
      text('192.0.2.1', 30053, '10.244.0.5'),
      text('192.0.2.1', 30054, '10.244.0.5'),
    ].join('\n'),
  );
  assert.equal(flows.length, 5);
  const udp = (serving: readonly string[]) =>
    rows(service({ type: 'NodePort', ports: [{ name: 'dns', port: 53, protocol: 'UDP', nodePort: 30053 }] }), [
      slice(
        serving.map((ip) => ({ ip })),
        [{ name: 'dns', port: 53, protocol: 'UDP' }],
      ),
    ]);
  assert.deepEqual(
    staleFlows(flows, udp(['10.244.0.6'])).map((f) => `${f.destination} ${f.answers}`),
    ['10.96.0.20 10.244.0.5:53', '10.96.0.20 10.96.0.20:53', '192.0.2.1 10.244.0.5:53'],
  );
  assert.deepEqual(staleFlows(flows, udp([])), []);
});

/** What nft would hold after a script: enough of its language to check scripts against models. */
function interpret(state: Map<string, Set<string>>, script: string): Map<string, Set<string>> {
  const next = new Map([...state].map(([k, v]) => [k, new Set(v)]));
  for (const line of script.split('\n')) {
    const m = /^(add|flush|delete) (chain|rule|element|set) ip kube-proxy (\S+) ?(.*)$/.exec(line);
    if (!m) continue;
    const [, verb, what, name, rest] = m as unknown as [string, string, string, string, string];
    const key = `${what === 'rule' ? 'chain' : what === 'element' ? 'map' : what} ${name}`;
    if (verb === 'add' && (what === 'chain' || what === 'set')) next.set(key, next.get(key) ?? new Set());
    else if (verb === 'flush') {
      assert.ok(next.has(key), `flush of unknown ${key}`);
      next.set(key, new Set());
    } else if (verb === 'delete' && what !== 'element') {
      assert.ok(next.delete(key), `delete of unknown ${key}`);
    } else {
      const target = next.get(key) ?? new Set<string>();
      const items = what === 'rule' ? [rest] : rest.slice(2, -2).split(', ');
      for (const item of items) {
        if (verb === 'add') target.add(item);
        else
          assert.ok(
            [...target].some((t) => (t === item || t.startsWith(`${item} : `)) && target.delete(t)),
            `delete of unknown ${item} in ${key}`,
          );
      }
      next.set(key, target);
    }
  }
  for (const [k, v] of next) if (k.startsWith('map ') && v.size === 0) next.delete(k);
  return next;
}

const arbitraryPort: fc.Arbitrary<ServicePort> = fc.record({
  service: fc.constantFrom('a/x', 'a/y', 'b/x'),
  portName: fc.constantFrom('', 'http'),
  protocol: fc.constantFrom('tcp', 'udp'),
  port: fc.constantFrom(80, 443),
  clusterIP: fc.constantFrom('10.96.0.1', '10.96.0.2', '10.96.0.3'),
  externalIPs: fc.subarray(['192.0.2.1']),
  loadBalancerIPs: fc.subarray(['192.0.2.9']),
  sourceRanges: fc.subarray(['10.0.0.0/8']),
  nodePort: fc.constantFrom(undefined, 30080, 30081),
  affinitySeconds: fc.constantFrom(undefined, 10, 20),
  cluster: fc.subarray([
    { ip: '10.244.0.5', port: 80, local: true },
    { ip: '10.244.0.6', port: 80, local: false },
  ]),
  local: fc.subarray([{ ip: '10.244.0.5', port: 80, local: true }]),
  internalLocal: fc.boolean(),
  externalLocal: fc.boolean(),
  anyEndpoints: fc.boolean(),
  serving: fc.constant([]),
}) as fc.Arbitrary<ServicePort>;
const arbitraryModel = fc
  .uniqueArray(arbitraryPort, { maxLength: 4, selector: (p) => `${p.service}${p.portName}${p.protocol}` })
  .map((list) => nftModel(list, options));

test('the changes from one model to another give what writing the other whole gives', () => {
  fc.assert(
    fc.property(arbitraryModel, arbitraryModel, (a, b) => {
      const whole = interpret(new Map(), fullScript(b, options));
      const change = changeScript(a, b);
      const sweep = change.idle.map((c) => `delete chain ip kube-proxy ${c}\n`).join('');
      assert.deepEqual(interpret(interpret(new Map(), fullScript(a, options)), change.text + sweep), whole);
      assert.equal(changeScript(b, b).text, '');
    }),
  );
});
