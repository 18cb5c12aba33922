/** Addresses and ports: who gets which, what is refused, and that nothing is ever lost or given twice. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Service } from '../../api/core/v1/types.ts';
import { fixedReader } from '../auth/fixed-reader.ts';
import { addressAt, ipText, ipValue, offsetIn, parseRange } from './ip-range.ts';
import { NumberPool, staticBand } from './number-pool.ts';
import { ServiceAllocation } from './service-allocation.ts';

const service = (name: string, spec: object): Service =>
  ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'ns' },
    spec: { type: 'ClusterIP', ...spec },
  }) as unknown as Service;
const allocation = (ranges = ['10.96.0.0/12'], random = () => 0) =>
  new ServiceAllocation({ clusterIPRanges: ranges, random });
const failure = (run: () => unknown): string => {
  try {
    run();
  } catch (e) {
    return (e as Error).message;
  }
  throw new Error('it did not fail');
};
const port = (n: number, more: object = {}) => ({ name: `p${n}`, port: n, protocol: 'TCP', ...more });

test('ranges and addresses', () => {
  assert.deepEqual(parseRange('10.96.3.7/12'), {
    cidr: '10.96.0.0/12',
    family: 4,
    base: ipValue('10.96.0.0'),
    size: 2 ** 20 - 2,
  });
  const range = parseRange('10.96.0.0/12');
  assert.deepEqual(
    [
      addressAt(range, 0),
      offsetIn(range, '10.96.0.1'),
      offsetIn(range, '10.96.0.0'),
      offsetIn(range, '10.111.255.255'),
      offsetIn(range, 'fd00::1'),
    ],
    ['10.96.0.1', 0, undefined, undefined, undefined],
  );
  assert.equal(parseRange('fd00::/108').size, 65535);
  assert.throws(() => parseRange('10.0.0.0'), /not a CIDR/);
  fc.assert(fc.property(fc.ipV4(), (ip) => assert.equal(ipText(ipValue(ip), 4), ip)));
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (v) => assert.equal(ipValue(ipText(v, 6)), v)));
});

test('bands', () => {
  assert.deepEqual(
    [staticBand(2 ** 20 - 2, 16, 16, 256), staticBand(2768, 32, 16, 128), staticBand(10, 16, 16, 256)],
    [256, 86, 0],
  );
  const pool = new NumberPool(4, 2, () => 0.99);
  assert.deepEqual(
    [pool.next('a'), pool.next('a'), pool.next('a'), pool.next('a'), pool.next('a')],
    [3, 2, 1, 0, undefined],
  );
  pool.release(2, 'b');
  assert.equal(pool.owner(2), 'a');
});

test('a service gets an address of the upper band, its family and its policy', () => {
  const a = allocation();
  assert.deepEqual(a.allocate(service('s', {})).object.spec, {
    type: 'ClusterIP',
    clusterIP: '10.96.1.1',
    clusterIPs: ['10.96.1.1'],
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
  });
  const headless = a.allocate(service('h', { clusterIP: 'None', selector: { a: 'b' } })).object.spec;
  assert.deepEqual(
    [headless?.clusterIP, headless?.clusterIPs, headless?.ipFamilies, headless?.ipFamilyPolicy],
    ['None', ['None'], ['IPv4'], 'SingleStack'],
  );
  assert.deepEqual(a.allocate(service('b', { clusterIP: 'None' })).object.spec?.ipFamilyPolicy, 'RequireDualStack');
  assert.deepEqual(a.allocate(service('e', { type: 'ExternalName', externalName: 'x' })).object.spec, {
    type: 'ExternalName',
    externalName: 'x',
  });
});

test('refusals', () => {
  const a = allocation();
  a.allocate(service('kubernetes', { clusterIP: '10.96.0.1' })).commit();
  a.allocate(service('np', { type: 'NodePort', ports: [port(80, { nodePort: 30080 })] })).commit();
  const table: [object, string][] = [
    [
      { clusterIP: '10.96.0.1' },
      'Service "x" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.1"]: failed to allocate IP 10.96.0.1: provided IP is already allocated',
    ],
    [
      { clusterIP: '10.1.0.1' },
      'Service "x" is invalid: spec.clusterIPs: Invalid value: ["10.1.0.1"]: failed to allocate IP 10.1.0.1: the provided IP (10.1.0.1) is not in the valid range. The range of valid IPs is 10.96.0.0/12',
    ],
    [
      { type: 'NodePort', ports: [port(80, { nodePort: 30080 })] },
      'Service "x" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated',
    ],
    [
      { type: 'NodePort', ports: [port(80, { nodePort: 80 })] },
      'Service "x" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
    [
      { ipFamilyPolicy: 'RequireDualStack' },
      'Service "x" is invalid: spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
    [
      { ipFamilies: ['IPv6'] },
      'Service "x" is invalid: spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
    ],
    [
      { clusterIP: 'fd00::1' },
      'Service "x" is invalid: spec.clusterIPs[0]: Invalid value: ["fd00::1"]: IPv6 is not configured on this cluster',
    ],
    [
      { ipFamilies: ['IPv4', 'IPv6'] },
      `Service "x" is invalid: spec.ipFamilyPolicy: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified`,
    ],
  ];
  for (const [spec, message] of table)
    assert.equal(
      failure(() => a.allocate(service('x', spec))),
      message,
    );
  const tiny = allocation(['10.0.0.0/30']);
  tiny.allocate(service('a', {})).commit();
  tiny.allocate(service('b', {})).commit();
  assert.equal(
    failure(() => tiny.allocate(service('c', {}))),
    'Internal error occurred: failed to allocate a serviceIP for Service "c": range is full',
  );
});

test('a failed write gives back everything, also when a later part fails', () => {
  const a = allocation();
  a.allocate(
    service('s', { type: 'NodePort', clusterIP: '10.96.0.5', ports: [port(80, { nodePort: 30001 })] }),
  ).rollback();
  failure(() =>
    a.allocate(
      service('s', {
        type: 'NodePort',
        clusterIP: '10.96.0.5',
        ports: [port(80, { nodePort: 30001 }), port(81, { nodePort: 1 })],
      }),
    ),
  );
  a.allocate(
    service('s', { type: 'NodePort', clusterIP: '10.96.0.5', ports: [port(80, { nodePort: 30001 })] }),
    undefined,
    { dryRun: true },
  );
  a.allocate(
    service('t', { type: 'NodePort', clusterIP: '10.96.0.5', ports: [port(80, { nodePort: 30001 })] }),
  ).commit();
});

test('node ports: shared by equal port numbers, kept by name, released when they go', () => {
  const a = allocation();
  const dns = a.allocate(
    service('dns', { type: 'NodePort', ports: [port(53), { ...port(53), name: 'udp', protocol: 'UDP' }, port(9153)] }),
  );
  dns.commit();
  assert.deepEqual(
    dns.object.spec?.ports?.map((p) => p.nodePort),
    [30086, 30086, 30087],
  );
  const again = a.allocate(service('dns', { type: 'NodePort', ports: [port(53), port(9153)] }), dns.object);
  again.commit();
  assert.deepEqual(
    again.object.spec?.ports?.map((p) => p.nodePort),
    [30086, 30087],
  );
  assert.equal(again.object.spec?.clusterIP, dns.object.spec?.clusterIP);
  const internal = a.allocate({ ...again.object, spec: { ...again.object.spec!, type: 'ClusterIP' } }, again.object);
  internal.commit();
  assert.deepEqual(
    internal.object.spec?.ports?.map((p) => p.nodePort),
    [undefined, undefined],
  );
  a.allocate(service('other', { type: 'NodePort', ports: [port(1, { nodePort: 30086 })] })).commit();
  const local = a.allocate(
    service('lb', {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      allocateLoadBalancerNodePorts: false,
      ports: [port(1)],
    }),
  );
  assert.deepEqual(
    [local.object.spec?.ports?.[0]?.nodePort, local.object.spec?.healthCheckNodePort],
    [undefined, 30087],
  );
});

test('type changes: ExternalName gives the address back, a rolled back change keeps it', () => {
  const a = allocation();
  const s = a.allocate(service('s', { clusterIP: '10.96.0.9' }));
  s.commit();
  const external = { ...s.object, spec: { ...s.object.spec!, type: 'ExternalName', externalName: 'x' } } as Service;
  a.allocate(external, s.object).rollback();
  assert.match(
    failure(() => a.allocate(service('t', { clusterIP: '10.96.0.9' }))),
    /already allocated/,
  );
  const gone = a.allocate(external, s.object);
  gone.commit();
  const { clusterIP, ipFamilies, ipFamilyPolicy } = gone.object.spec!;
  assert.deepEqual([clusterIP, ipFamilies, ipFamilyPolicy], [undefined, undefined, undefined]);
  a.allocate(service('t', { clusterIP: '10.96.0.9' })).commit();
});

test('dual stack', () => {
  const a = allocation(['10.96.0.0/12', 'fd00::/108']);
  const dual = a.allocate(service('s', { ipFamilyPolicy: 'PreferDualStack' }));
  dual.commit();
  assert.deepEqual(
    [dual.object.spec?.clusterIPs, dual.object.spec?.ipFamilies],
    [
      ['10.96.1.1', 'fd00::101'],
      ['IPv4', 'IPv6'],
    ],
  );
  const single = a.allocate(
    { ...dual.object, spec: { ...dual.object.spec!, ipFamilyPolicy: 'SingleStack' } },
    dual.object,
  );
  single.commit();
  assert.deepEqual([single.object.spec?.clusterIPs, single.object.spec?.ipFamilies], [['10.96.1.1'], ['IPv4']]);
  a.allocate(service('t', { ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv6'], clusterIP: 'fd00::101' })).commit();
});

test('notifications fill and empty the pools', () => {
  const a = allocation();
  const s = service('s', { clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7'] });
  a.load(fixedReader({ services: [s] }));
  assert.match(
    failure(() => a.allocate(service('t', { clusterIP: '10.96.0.7' }))),
    /already allocated/,
  );
  a.changed(s, { ...s });
  assert.match(
    failure(() => a.allocate(service('t', { clusterIP: '10.96.0.7' }))),
    /already allocated/,
  );
  a.changed(s, undefined);
  a.allocate(service('t', { clusterIP: '10.96.0.7' })).commit();
});

test('no two services ever share an address or a node port', () => {
  const step = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    type: fc.constantFrom('ClusterIP', 'NodePort', 'ExternalName'),
    ok: fc.boolean(),
    remove: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const a = new ServiceAllocation({
        clusterIPRanges: ['10.0.0.0/28'],
        nodePorts: { from: 1, to: 20 },
        random: () => 0.5,
      });
      const live = new Map<string, Service>();
      for (const { name, type, ok, remove } of steps) {
        const old = live.get(name);
        if (remove) {
          a.changed(old, undefined);
          live.delete(name);
          continue;
        }
        const result = a.allocate(service(name, { type, ports: [port(80)] }), old);
        if (ok) {
          result.commit();
          live.set(name, result.object);
          a.changed(old, result.object);
        } else result.rollback();
        const ips = [...live.values()].flatMap((s) => s.spec?.clusterIPs ?? []);
        const ports = [...live.values()].flatMap(
          (s) => s.spec?.ports?.flatMap((p) => (p.nodePort ? [p.nodePort] : [])) ?? [],
        );
        assert.equal(new Set(ips).size, ips.length);
        assert.equal(new Set(ports).size, ports.length);
      }
    }),
  );
});
