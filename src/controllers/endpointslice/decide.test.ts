import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Node, Pod, Service } from '../../api/core/v1/types.ts';
import type { EndpointSlice } from '../../api/discovery/v1/types.ts';
import { decideSlices, type SlicesPlan, triggerTimeAnnotation } from './decide.ts';

interface PodShape {
  readonly name: string;
  readonly ready?: boolean;
  readonly leaving?: boolean;
  readonly phase?: string;
  readonly ips?: readonly string[];
  readonly port?: number;
  readonly node?: string;
  readonly hostname?: string;
}
const pod = (p: PodShape): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: 'a',
      name: p.name,
      uid: p.name,
      ...(p.leaving && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    },
    spec: {
      containers: [
        { name: 'c', ports: p.port === undefined ? [] : [{ name: 'http', containerPort: p.port, protocol: 'TCP' }] },
      ],
      nodeName: p.node ?? 'n1',
      ...(p.hostname && { hostname: p.hostname, subdomain: 'web' }),
    },
    status: {
      phase: p.phase ?? 'Running',
      podIPs: (p.ips ?? [`10.0.0.${p.name.length}`]).map((ip) => ({ ip })),
      conditions: [{ type: 'Ready', status: p.ready === false ? 'False' : 'True' }],
    },
  }) as unknown as Pod;
const service = (spec: object = {}, labels: Record<string, string> = {}): Service =>
  ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'a', name: 'web', uid: 'web', labels },
    spec: {
      selector: { app: 'web' },
      clusterIP: '10.96.0.9',
      ipFamilies: ['IPv4'],
      ports: [{ port: 80, targetPort: 'http', protocol: 'TCP' }],
      ...spec,
    },
    status: {},
  }) as unknown as Service;
/** n1 has a zone, n2 has none, others are unknown. */
const zoned = (name: string): Node | undefined =>
  name === 'n1' || name === 'n2'
    ? ({
        metadata: { name, labels: name === 'n1' ? { 'topology.kubernetes.io/zone': 'z1' } : {} },
      } as unknown as Node)
    : undefined;

let made = 0;
/** What the server has after the plan. */
const apply = (slices: readonly EndpointSlice[], plan: SlicesPlan): EndpointSlice[] => {
  const gone = new Set(plan.delete.map((s) => s.metadata.name));
  const changed = new Map(plan.update.map((s) => [s.metadata.name, s]));
  return [
    ...slices.filter((s) => !gone.has(s.metadata.name)).map((s) => changed.get(s.metadata.name) ?? s),
    ...plan.create.map((s) => ({ ...s, metadata: { ...s.metadata, name: `s${made++}` } }) as EndpointSlice),
  ];
};
const decide = (pods: readonly Pod[], slices: readonly EndpointSlice[] = [], s = service(), maxEndpoints = 100) =>
  decideSlices({ service: s, pods, slices, nodes: zoned, maxEndpoints });

test('a new slice carries labels, owner, ports and each endpoint in full', () => {
  const plan = decide([pod({ name: 'x', port: 8080, hostname: 'h' })], [], service({}, { team: 't' }));
  assert.deepEqual(plan.create, [
    {
      metadata: {
        namespace: 'a',
        generateName: 'web-',
        labels: {
          team: 't',
          'kubernetes.io/service-name': 'web',
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        },
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'web', controller: true, blockOwnerDeletion: true },
        ],
      },
      addressType: 'IPv4',
      ports: [{ name: '', protocol: 'TCP', port: 8080 }],
      endpoints: [
        {
          addresses: ['10.0.0.1'],
          conditions: { ready: true, serving: true, terminating: false },
          hostname: 'h',
          targetRef: { kind: 'Pod', namespace: 'a', name: 'x', uid: 'x' },
          nodeName: 'n1',
          zone: 'z1',
        },
      ],
    },
  ]);
  assert.deepEqual([plan.update, plan.delete], [[], []]);
});

test('conditions tell ready, serving and terminating apart; publishNotReadyAddresses makes all ready', () => {
  const conditions = (p: PodShape, s?: Service) =>
    decide([pod({ port: 1, ...p })], [], s).create[0]?.endpoints?.[0]?.conditions;
  assert.deepEqual(conditions({ name: 'x', ready: false }), { ready: false, serving: false, terminating: false });
  assert.deepEqual(conditions({ name: 'x', leaving: true }), { ready: false, serving: true, terminating: true });
  assert.deepEqual(
    conditions({ name: 'x', leaving: true, ready: false }, service({ publishNotReadyAddresses: true })),
    {
      ready: true,
      serving: false,
      terminating: true,
    },
  );
});

test('finished pods and pods without an address are left out; a service without endpoints has one empty slice', () => {
  const plan = decide([pod({ name: 'x', phase: 'Succeeded' }), pod({ name: 'y', ips: [] })]);
  assert.equal(plan.create.length, 1);
  assert.deepEqual([plan.create[0]?.endpoints, plan.create[0]?.ports], [[], []]);
});

test('pods whose named port differs go to different slices', () => {
  const plan = decide([pod({ name: 'x', port: 1 }), pod({ name: 'yy', port: 2 })]);
  assert.deepEqual(plan.create.map((s) => s.ports?.[0]?.port).sort(), [1, 2]);
});

test('each address family has its own slices, and those of a family that is dropped go', () => {
  const dual = service({ ipFamilies: ['IPv4', 'IPv6'] });
  const pods = [pod({ name: 'x', port: 1, ips: ['10.0.0.1', 'fd00::1'] })];
  const slices = apply([], decide(pods, [], dual));
  assert.deepEqual(slices.map((s) => s.addressType).sort(), ['IPv4', 'IPv6']);
  assert.deepEqual(
    decide(pods, slices).delete.map((s) => s.addressType),
    ['IPv6'],
  );
});

test('a headless service without ports lists its pods and is labelled', () => {
  const plan = decide([pod({ name: 'x' })], [], service({ clusterIP: 'None', ports: undefined }));
  assert.equal(plan.create[0]?.endpoints?.length, 1);
  assert.equal(plan.create[0]?.metadata?.labels?.['service.kubernetes.io/headless'], '');
});

test('a change of one endpoint is one update in place, with the time of the change', () => {
  const pods = ['a', 'bb', 'ccc'].map((name) => pod({ name, port: 1 }));
  const slices = apply([], decide(pods));
  const changed = [...pods.slice(0, 2), pod({ name: 'ccc', port: 1, ready: false })];
  const plan = decideSlices({
    service: service(),
    pods: changed,
    slices,
    nodes: zoned,
    maxEndpoints: 100,
    triggerTime: '2026-01-02T00:00:00Z',
  });
  assert.deepEqual([plan.create.length, plan.update.length, plan.delete.length], [0, 1, 0]);
  assert.equal(plan.update[0]?.metadata.annotations?.[triggerTimeAnnotation], '2026-01-02T00:00:00Z');
});

test('a pod on a node that nobody knows waits for the node, unless the service publishes whatever there is', () => {
  const pods = [pod({ name: 'x', port: 1, node: 'lost' }), pod({ name: 'yy', port: 1 })];
  const plan = decide(pods);
  assert.deepEqual(
    plan.create.flatMap((s) => s.endpoints?.map((e) => e.targetRef?.name)),
    ['yy'],
  );
  assert.deepEqual(
    plan.unplaced.map((p) => p.metadata.name),
    ['x'],
  );
  const all = decide(pods, [], service({ publishNotReadyAddresses: true }));
  assert.deepEqual([all.create[0]?.endpoints?.length, all.unplaced.length], [2, 0]);
});

test('slices of an earlier service of the name go, they are not taken over', () => {
  const slices = apply([], decide([pod({ name: 'x', port: 1 })]));
  const again = { ...service(), metadata: { ...service().metadata, uid: 'other' } } as Service;
  const plan = decide([pod({ name: 'x', port: 1 })], slices, again);
  assert.deepEqual([plan.create.length, plan.update.length, plan.delete.length], [1, 0, 1]);
});

test('a slice that is no longer needed becomes one that is', () => {
  const slices = apply([], decide([pod({ name: 'x', port: 1 })]));
  const plan = decide([], slices);
  assert.deepEqual([plan.create.length, plan.update.length, plan.delete.length], [0, 1, 0]);
  assert.equal(plan.update[0]?.metadata.name, slices[0]?.metadata.name);
  assert.deepEqual([plan.update[0]?.ports, plan.update[0]?.endpoints], [[], []]);
});

test('what does not fit into one slice as a whole goes into a new one; a slice that is not written anyway stays', () => {
  const named = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => pod({ name: `p${from + i}`, port: 1, ips: [`10.0.2.${from + i}`] }));
  const slices = apply([], decide(named(0, 2), [], service(), 3));
  const two = decide(named(0, 4), slices, service(), 3);
  assert.deepEqual([two.create.length, two.update.length], [1, 0]);
  const one = decide(named(0, 3), slices, service(), 3);
  assert.deepEqual([one.create.length, one.update.length], [0, 1]);
});

test('a service that asks to be served close by gets hints for its ready endpoints', () => {
  const pods = [
    pod({ name: 'x', port: 1 }),
    pod({ name: 'yy', port: 1, ready: false }),
    pod({ name: 'zzz', port: 1, node: 'n2' }),
  ];
  const hints = (spec: object, annotations?: Record<string, string>) => {
    const s = service(spec);
    const asked = { ...s, metadata: { ...s.metadata, ...(annotations && { annotations }) } } as Service;
    return Object.fromEntries(
      (decide(pods, [], asked).create[0]?.endpoints ?? []).map((e) => [e.targetRef?.name, e.hints]),
    );
  };
  const zone = { forZones: [{ name: 'z1' }] };
  assert.deepEqual(hints({}), { x: undefined, yy: undefined, zzz: undefined });
  for (const trafficDistribution of ['PreferClose', 'PreferSameZone'])
    assert.deepEqual(hints({ trafficDistribution }), { x: zone, yy: undefined, zzz: undefined });
  assert.deepEqual(hints({ trafficDistribution: 'PreferSameNode' }), {
    x: { ...zone, forNodes: [{ name: 'n1' }] },
    yy: undefined,
    zzz: { forNodes: [{ name: 'n2' }] },
  });
  assert.equal(
    hints({ trafficDistribution: 'PreferClose' }, { 'service.kubernetes.io/topology-mode': 'Auto' })['x'],
    undefined,
  );
});

const shapes = fc.uniqueArray(
  fc.record({
    name: fc.integer({ min: 1, max: 60 }).map((n) => `p${n}`),
    ready: fc.boolean(),
    leaving: fc.boolean(),
    phase: fc.constantFrom('Running', 'Pending', 'Failed'),
    port: fc.integer({ min: 1, max: 2 }),
    node: fc.constantFrom('n1', 'n2'),
  }),
  { selector: (p) => p.name, maxLength: 20 },
);
const withIp = (p: PodShape): Pod => pod({ ...p, ips: [`10.0.1.${p.name.slice(1)}`] });

test('from any state: after the plan every endpoint is in exactly one slice, none is too long, and nothing is left to do', () => {
  fc.assert(
    fc.property(shapes, shapes, fc.integer({ min: 1, max: 5 }), (before, after, max) => {
      const start = apply([], decide(before.map(withIp), [], service(), max));
      const pods = after.map(withIp);
      const end = apply(start, decide(pods, start, service(), max));
      const listed = end.flatMap((s) => (s.endpoints ?? []).map((e) => e.targetRef?.name));
      const wanted = after.filter((p) => p.phase !== 'Failed').map((p) => p.name);
      assert.deepEqual(listed.sort(), wanted.sort());
      for (const s of end) assert.ok((s.endpoints ?? []).length <= max);
      if (wanted.length) for (const s of end) assert.ok((s.endpoints ?? []).length > 0);
      else assert.equal(end.length, 1);
      assert.deepEqual(decide(pods, end, service(), max), {
        create: [],
        update: [],
        delete: [],
        unplaced: [],
      });
    }),
  );
});
