import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Service } from '../api/core/v1/types.ts';
import type { EndpointSlice } from '../api/discovery/v1/types.ts';
import { staleFlows } from './conntrack.ts';
import { type NftModel, nftModel } from './nft-model.ts';
import { changeScript, fullScript } from './nft-script.ts';
import { type Endpoint, type ServicePort, servicePorts } from './service-ports.ts';

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
  readonly node?: string;
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
      conditions: { ready: e.ready ?? true, serving: e.serving ?? e.ready ?? true },
    })),
  }) as unknown as EndpointSlice;
const rows = (s: Service, slices: readonly EndpointSlice[]) =>
  servicePorts({ services: [s], slicesOf: () => slices, nodeName: 'n1' }, 'IPv4');
const text = (list: readonly Endpoint[]) => list.map((e) => `${e.ip}:${e.port}`).join(' ');

const cases: readonly [string, Service, EndpointSlice[], { internal?: string; external?: string; rows?: number }][] = [
  [
    'ready endpoints',
    service({}),
    [slice([{ ip: '10.244.0.5' }, { ip: '10.244.0.6', ready: false }])],
    { internal: '10.244.0.5:8080' },
  ],
  [
    'none ready: those that still serve',
    service({}),
    [slice([{ ip: '10.244.0.5', ready: false, serving: true }])],
    { internal: '10.244.0.5:8080' },
  ],
  [
    'another port name',
    service({}),
    [slice([{ ip: '10.244.0.5' }], [{ name: 'https', port: 443, protocol: 'TCP' }])],
    { internal: '' },
  ],
  [
    'one endpoint in two slices counts once',
    service({}),
    [slice([{ ip: '10.244.0.5' }]), slice([{ ip: '10.244.0.5' }])],
    { internal: '10.244.0.5:8080' },
  ],
  [
    'internal policy Local',
    service({ internalTrafficPolicy: 'Local' }),
    [slice([{ ip: '10.244.0.5' }, { ip: '10.244.1.5', node: 'n2' }])],
    { internal: '10.244.0.5:8080' },
  ],
  [
    'external policy Local',
    service({ externalTrafficPolicy: 'Local', type: 'NodePort' }),
    [slice([{ ip: '10.244.0.5' }, { ip: '10.244.1.5', node: 'n2' }])],
    { internal: '10.244.0.5:8080 10.244.1.5:8080', external: '10.244.0.5:8080' },
  ],
  ['headless', service({ clusterIP: 'None', clusterIPs: ['None'] }), [slice([{ ip: '10.244.0.5' }])], { rows: 0 }],
  ['ExternalName', service({ type: 'ExternalName', clusterIP: '', clusterIPs: [] }), [], { rows: 0 }],
];
for (const [name, s, slices, want] of cases)
  test(`rows: ${name}`, () => {
    const list = rows(s, slices);
    assert.equal(list.length, want.rows ?? 1);
    if (want.internal !== undefined) assert.equal(text(list[0]!.internal), want.internal);
    if (want.external !== undefined) assert.equal(text(list[0]!.external), want.external);
  });

const options = { family: 'IPv4', clusterCidr: '10.244.0.0/16' } as const;
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
    'endpoint shop/web/tcp/http/10.244.0.5.8080: ip saddr 10.244.0.5 jump mark-for-masquerade',
    'endpoint shop/web/tcp/http/10.244.0.5.8080: update @affinity shop/web/tcp/http/10.244.0.5.8080/10800 { ip saddr }',
    'endpoint shop/web/tcp/http/10.244.0.5.8080: meta l4proto tcp dnat to 10.244.0.5:8080',
    'endpoint shop/web/tcp/http/10.244.0.6.8080: ip saddr 10.244.0.6 jump mark-for-masquerade',
    'endpoint shop/web/tcp/http/10.244.0.6.8080: update @affinity shop/web/tcp/http/10.244.0.6.8080/10800 { ip saddr }',
    'endpoint shop/web/tcp/http/10.244.0.6.8080: meta l4proto tcp dnat to 10.244.0.6:8080',
    'service shop/web/tcp/http: ip saddr != 10.244.0.0/16 ip daddr 10.96.0.20 jump mark-for-masquerade',
    'service shop/web/tcp/http: ip saddr @affinity shop/web/tcp/http/10.244.0.5.8080/10800 goto endpoint shop/web/tcp/http/10.244.0.5.8080',
    'service shop/web/tcp/http: ip saddr @affinity shop/web/tcp/http/10.244.0.6.8080/10800 goto endpoint shop/web/tcp/http/10.244.0.6.8080',
    'service shop/web/tcp/http: numgen random mod 2 vmap { 0 : goto endpoint shop/web/tcp/http/10.244.0.5.8080, 1 : goto endpoint shop/web/tcp/http/10.244.0.6.8080 }',
    'external shop/web/tcp/http: jump mark-for-masquerade',
    'external shop/web/tcp/http: ip saddr @affinity shop/web/tcp/http/10.244.0.5.8080/10800 goto endpoint shop/web/tcp/http/10.244.0.5.8080',
    'external shop/web/tcp/http: ip saddr @affinity shop/web/tcp/http/10.244.0.6.8080/10800 goto endpoint shop/web/tcp/http/10.244.0.6.8080',
    'external shop/web/tcp/http: numgen random mod 2 vmap { 0 : goto endpoint shop/web/tcp/http/10.244.0.5.8080, 1 : goto endpoint shop/web/tcp/http/10.244.0.6.8080 }',
  ]);
  assert.deepEqual([...m.maps['service-nodeports'].keys()], ['tcp . 30080']);
});

test('model: a service without endpoints refuses, one with endpoints elsewhere only drops', () => {
  assert.deepEqual(
    [...nftModel(rows(service({}), []), options).maps['no-endpoint-services']],
    [['10.96.0.20 . tcp . 80', 'goto reject-chain']],
  );
  const elsewhere = rows(service({ internalTrafficPolicy: 'Local' }), [slice([{ ip: '10.244.1.5', node: 'n2' }])]);
  assert.deepEqual([...nftModel(elsewhere, options).maps['no-endpoint-services']], [['10.96.0.20 . tcp . 80', 'drop']]);
});

test('UDP flows to endpoints that are gone are forgotten', () => {
  const udp = (eps: readonly string[]) =>
    rows(service({ ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] }), [
      slice(
        eps.map((ip) => ({ ip })),
        [{ name: 'dns', port: 53, protocol: 'UDP' }],
      ),
    ]);
  assert.deepEqual(staleFlows(udp(['10.244.0.5', '10.244.0.6']), udp(['10.244.0.6'])), [
    { protocol: 'udp', ip: '10.96.0.20', port: 53, endpoint: '10.244.0.5' },
  ]);
  assert.deepEqual(
    staleFlows(udp([]), udp(['10.244.0.6'])).map((f) => f.endpoint),
    [undefined],
  );
  assert.deepEqual(staleFlows(udp(['10.244.0.5']), udp(['10.244.0.5'])), []);
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
  internal: fc.subarray([
    { ip: '10.244.0.5', port: 80, local: true },
    { ip: '10.244.0.6', port: 80, local: false },
  ]),
  external: fc.subarray([{ ip: '10.244.0.5', port: 80, local: true }]),
  externalLocal: fc.boolean(),
  anyEndpoints: fc.boolean(),
}) as fc.Arbitrary<ServicePort>;
const arbitraryModel = fc
  .uniqueArray(arbitraryPort, { maxLength: 4, selector: (p) => `${p.service}${p.portName}${p.protocol}` })
  .map((list) => nftModel(list, options));

test('the changes from one model to another give what writing the other whole gives', () => {
  fc.assert(
    fc.property(arbitraryModel, arbitraryModel, (a, b) => {
      const whole = interpret(new Map(), fullScript(b));
      assert.deepEqual(interpret(interpret(new Map(), fullScript(a)), changeScript(a, b)), whole);
      assert.equal(changeScript(b, b), '');
    }),
  );
});
