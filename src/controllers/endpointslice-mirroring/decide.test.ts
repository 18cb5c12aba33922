import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Endpoints, EndpointSubset } from '../../api/core/v1/types.ts';
import type { EndpointSlice } from '../../api/discovery/v1/types.ts';
import { decideMirror, type MirrorPlan, shouldMirror } from './decide.ts';

const endpoints = (subsets: readonly unknown[], metadata: object = {}): Endpoints =>
  ({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { namespace: 'a', name: 'web', uid: 'u1', ...metadata },
    subsets: subsets as EndpointSubset[],
  }) as Endpoints;
const ports = [{ name: 'http', port: 80, protocol: 'TCP' }];
let names = 0;
/** The slices as they are once the plan is carried out. */
function carryOut(slices: readonly EndpointSlice[], plan: MirrorPlan): readonly EndpointSlice[] {
  const gone = new Set([...plan.delete, ...plan.update].map((s) => s.metadata.name));
  const made = plan.create.map(
    (s) => ({ ...s, metadata: { ...s.metadata, name: `made-${names++}` } }) as EndpointSlice,
  );
  return [...slices.filter((s) => !gone.has(s.metadata.name)), ...plan.update, ...made];
}
const plan = (e: Endpoints, slices: readonly EndpointSlice[] = [], maxEndpoints = 1000) =>
  decideMirror({ endpoints: e, slices, maxEndpoints });

test('a mirror has labels, annotations, owner and ports of its Endpoints, and a slice per family', () => {
  const e = endpoints(
    [
      {
        addresses: [
          { ip: '10.0.0.1', hostname: 'h', nodeName: 'n', targetRef: { kind: 'Pod', namespace: 'a', name: 'p' } },
        ],
        notReadyAddresses: [{ ip: 'fd00::1' }],
        ports,
      },
    ],
    {
      labels: { team: 't' },
      annotations: {
        note: 'x',
        'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
      },
    },
  );
  const { create } = plan(e);
  assert.deepEqual(create[0], {
    metadata: {
      namespace: 'a',
      generateName: 'web-',
      labels: {
        team: 't',
        'kubernetes.io/service-name': 'web',
        'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
      },
      annotations: { note: 'x' },
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Endpoints', name: 'web', uid: 'u1', controller: true, blockOwnerDeletion: true },
      ],
    },
    addressType: 'IPv4',
    ports,
    endpoints: [
      {
        addresses: ['10.0.0.1'],
        conditions: { ready: true },
        hostname: 'h',
        targetRef: { kind: 'Pod', namespace: 'a', name: 'p' },
        nodeName: 'n',
      },
    ],
  });
  assert.equal(create[1]?.addressType, 'IPv6');
  assert.deepEqual(create[1]?.endpoints, [{ addresses: ['fd00::1'], conditions: { ready: false } }]);
});

test('a slice whose ports changed is used again', () => {
  const before = carryOut([], plan(endpoints([{ addresses: [{ ip: '10.0.0.1' }], ports }])));
  const after = plan(endpoints([{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 81, protocol: 'TCP' }] }]), before);
  assert.deepEqual([after.create.length, after.delete.length], [0, 0]);
  assert.equal(after.update[0]?.metadata.name, before[0]?.metadata.name);
  assert.deepEqual(after.update[0]?.ports, [{ name: '', port: 81, protocol: 'TCP' }]);
});

test('addresses that cannot be taken are told of', () => {
  const bad = endpoints([{ addresses: [{ ip: 'nonsense' }, { ip: '10.0.0.1' }, { ip: '10.0.0.2' }], ports }]);
  assert.deepEqual(plan(bad, [], 1).warnings, [
    {
      reason: 'TooManyAddressesToMirror',
      message: 'A max of 1 addresses can be mirrored to EndpointSlices per Endpoints subset. 2 addresses were skipped',
    },
  ]);
  assert.deepEqual(plan(bad).warnings, [
    { reason: 'InvalidIPAddress', message: 'Skipped 1 invalid IP addresses when mirroring to EndpointSlices' },
  ]);
});

test('locks of leader election and what is marked are left alone', () => {
  assert.ok(shouldMirror(endpoints([])));
  assert.ok(!shouldMirror(endpoints([], { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } })));
  assert.ok(!shouldMirror(endpoints([], { annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } })));
});

const address = fc.integer({ min: 1, max: 20 }).map((n) => ({ ip: n % 4 ? `10.0.0.${n}` : `fd00::${n}` }));
const subset = fc.record({
  addresses: fc.array(address, { maxLength: 5 }),
  ports: fc.subarray([
    { port: 80, protocol: 'TCP' },
    { port: 53, protocol: 'UDP' },
  ]),
});

test('property: from any slices the mirror is reached in one step and then rests', () => {
  const any = fc.array(subset, { maxLength: 4 });
  fc.assert(
    fc.property(any, any, (first, second) => {
      const before = carryOut([], plan(endpoints(first)));
      const after = carryOut(before, plan(endpoints(second), before));
      const rest = plan(endpoints(second), after);
      assert.deepEqual([rest.create, rest.update, rest.delete], [[], [], []]);
      const shown = new Set(after.flatMap((s) => s.endpoints?.flatMap((e) => e.addresses) ?? []));
      assert.deepEqual(shown, new Set(second.flatMap((s) => s.addresses.map((a) => a.ip))));
      assert.ok(after.every((s) => (s.endpoints?.length ?? 0) > 0));
    }),
  );
});
