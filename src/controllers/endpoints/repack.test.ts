import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EndpointSubset } from '../../api/core/v1/types.ts';
import { cut } from './decide.ts';
import { repackSubsets } from './repack.ts';

const http = { port: 80, protocol: 'TCP' };
const dns = { port: 53, protocol: 'UDP' };

test('ports are gathered by the addresses that offer them', () => {
  const subsets = [
    { addresses: [{ ip: '10.0.0.1' }], ports: [http, dns] },
    { addresses: [{ ip: '10.0.0.2' }], ports: [{ port: 8080, protocol: 'TCP' }, dns] },
  ] as EndpointSubset[];
  assert.deepEqual(repackSubsets(subsets), [
    { addresses: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }], ports: [dns] },
    { addresses: [{ ip: '10.0.0.1' }], ports: [http] },
    { addresses: [{ ip: '10.0.0.2' }], ports: [{ port: 8080, protocol: 'TCP' }] },
  ]);
});

test('an address that is not ready anywhere is not ready; one without ports is kept', () => {
  assert.deepEqual(
    repackSubsets([
      { addresses: [{ ip: '10.0.0.1' }], ports: [http] },
      { notReadyAddresses: [{ ip: '10.0.0.1' }], ports: [http] },
      { addresses: [{ ip: '10.0.0.9' }] },
    ] as EndpointSubset[]),
    [{ addresses: [{ ip: '10.0.0.9' }] }, { notReadyAddresses: [{ ip: '10.0.0.1' }], ports: [http] }],
  );
});

const address = fc.integer({ min: 1, max: 6 }).map((n) => ({ ip: `10.0.0.${n}` }));
const subset = fc.record({
  addresses: fc.array(address, { maxLength: 4 }),
  notReadyAddresses: fc.array(address, { maxLength: 4 }),
  ports: fc.subarray([http, dns, { port: 8080, protocol: 'TCP' }]),
});
/**
 * Every port with its addresses and whether each is ready there. Addresses without a port say nothing more where the same offer one:
 * upstream leaves them out.
 */
function byPort(subsets: readonly EndpointSubset[]): ReadonlyMap<string, string> {
  const ready = new Map<string, Map<string, boolean>>();
  for (const s of subsets)
    for (const p of s.ports?.length ? s.ports : [undefined])
      for (const [list, isReady] of [
        [s.addresses, true],
        [s.notReadyAddresses, false],
      ] as const)
        for (const a of list ?? []) {
          const port = p ? `${p.port}/${p.protocol}` : 'none';
          const there = ready.get(port) ?? new Map<string, boolean>();
          ready.set(port, there.set(a.ip, isReady && there.get(a.ip) !== false));
        }
  const out = new Map([...ready].sort().map(([port, there]) => [port, [...there].sort().join()] as const));
  const bare = out.get('none');
  if ([...out].some(([port, there]) => port !== 'none' && there === bare)) out.delete('none');
  return out;
}

test('property: nothing is lost or added, and what is canonical stays as it is', () => {
  fc.assert(
    fc.property(fc.array(subset, { maxLength: 5 }), (subsets) => {
      const packed = repackSubsets(subsets as EndpointSubset[]);
      assert.deepEqual(byPort(packed), byPort(subsets as EndpointSubset[]));
      assert.deepEqual(repackSubsets(packed), packed);
    }),
  );
});

test('over a thousand addresses: those that are not ready go first, from each subset by its share', () => {
  const many = (n: number, net: number) =>
    Array.from({ length: n }, (_, i) => ({ ip: `10.${net}.${i >> 8}.${i & 255}` }));
  const sizes = (subsets: readonly EndpointSubset[]) =>
    cut(subsets).map((s) => [s.addresses?.length ?? 0, s.notReadyAddresses?.length ?? 0]);
  assert.deepEqual(sizes([{ addresses: many(1000, 1) }]), [[1000, 0]]);
  assert.deepEqual(
    sizes([
      { addresses: many(100, 1), notReadyAddresses: many(600, 2) },
      { addresses: many(100, 3), notReadyAddresses: many(400, 4) },
    ]),
    [
      [100, 480],
      [100, 320],
    ],
  );
  assert.deepEqual(
    sizes([
      { addresses: many(1500, 1), notReadyAddresses: many(5, 2) },
      { addresses: many(500, 3) },
      { notReadyAddresses: many(5, 4) },
    ]),
    [
      [750, 0],
      [250, 0],
    ],
  );
});
