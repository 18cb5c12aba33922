/** Endpoints that somebody wrote for a service without a selector, as the slices that consumers read. Pure (upstream: endpointslicemirroring/reconciler.go). */
import { isIP } from 'node:net';
import type { EndpointAddress, EndpointPort as CorePort, Endpoints } from '../../api/core/v1/types.ts';
import type { Endpoint, EndpointPort, EndpointSlice } from '../../api/discovery/v1/types.ts';
import { newControllerRef, stableJson } from '../../machinery/index.ts';
import type { Input } from '../../schema/dsl.ts';
import { repackSubsets } from '../endpoints/repack.ts';
import { managedByLabel, serviceNameLabel, triggerTimeAnnotation } from '../endpointslice/decide.ts';
import type { AddressType } from '../endpointslice/service-endpoints.ts';

export const mirroredBy = 'endpointslicemirroring-controller.k8s.io';
const skipLabel = 'endpointslice.kubernetes.io/skip-mirror';
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';
const notCopied = new Set([triggerTimeAnnotation, 'kubectl.kubernetes.io/last-applied-configuration']);
const families: readonly AddressType[] = ['IPv4', 'IPv6'];

/** Neither marked to be left alone nor a lock of leader election. */
export const shouldMirror = (e: Endpoints): boolean =>
  e.metadata.labels?.[skipLabel] !== 'true' && e.metadata.annotations?.[leaderAnnotation] === undefined;

export interface MirrorView {
  readonly endpoints: Endpoints;
  /** Those that mirror it now. */
  readonly slices: readonly EndpointSlice[];
  /** Addresses per subset. */
  readonly maxEndpoints: number;
}

export interface MirrorPlan {
  readonly create: readonly Input<EndpointSlice>[];
  readonly update: readonly EndpointSlice[];
  readonly delete: readonly EndpointSlice[];
  readonly warnings: readonly { readonly reason: string; readonly message: string }[];
}

interface Wanted {
  readonly type: AddressType;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: Map<string, Endpoint>;
}

const groupKey = (type: string, ports: EndpointSlice['ports']): string =>
  `${type} ${(ports ?? [])
    .map((p) => stableJson(p))
    .sort()
    .join(',')}`;
const endpointKey = (e: Endpoint): string =>
  stableJson([[...e.addresses].sort(), e.hostname ?? '', e.targetRef?.namespace ?? '', e.targetRef?.name ?? '']);

const slicePorts = (ports: readonly CorePort[] | undefined): readonly EndpointPort[] =>
  (ports ?? []).map((p) => ({
    name: p.name ?? '',
    port: p.port,
    protocol: p.protocol ?? 'TCP',
    ...(p.appProtocol !== undefined && { appProtocol: p.appProtocol }),
  }));

const endpointOf = (a: EndpointAddress, ready: boolean): Endpoint => ({
  addresses: [a.ip],
  conditions: { ready },
  ...(a.hostname && { hostname: a.hostname }),
  ...(a.targetRef && { targetRef: a.targetRef }),
  ...(a.nodeName !== undefined && { nodeName: a.nodeName }),
});

/** What the subsets come to: groups by family and ports, and how many addresses could not be taken. */
function wantedOf(view: MirrorView) {
  const groups = new Map<string, Wanted>();
  let invalid = 0;
  let skipped = 0;
  for (const subset of repackSubsets(view.endpoints.subsets ?? [])) {
    const ports = slicePorts(subset.ports);
    for (const type of families) {
      const key = groupKey(type, ports);
      if (!groups.has(key)) groups.set(key, { type, ports, endpoints: new Map() });
    }
    let added = 0;
    const all = [
      ...(subset.addresses ?? []).map((a) => [a, true] as const),
      ...(subset.notReadyAddresses ?? []).map((a) => [a, false] as const),
    ];
    for (const [address, ready] of all) {
      if (added >= view.maxEndpoints) break;
      const family = isIP(address.ip);
      if (family === 0) {
        invalid++;
        continue;
      }
      const endpoint = endpointOf(address, ready);
      groups.get(groupKey(family === 6 ? 'IPv6' : 'IPv4', ports))!.endpoints.set(endpointKey(endpoint), endpoint);
      added++;
    }
    skipped += all.length - added;
  }
  return { groups, invalid, skipped };
}

export function decideMirror(view: MirrorView): MirrorPlan {
  const { endpoints: source, slices, maxEndpoints } = view;
  const { groups, invalid, skipped } = wantedOf(view);
  const warnings: MirrorPlan['warnings'][number][] = [];
  if (invalid > 0)
    warnings.push({
      reason: 'InvalidIPAddress',
      message: `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`,
    });
  if (skipped > invalid)
    warnings.push({
      reason: 'TooManyAddressesToMirror',
      message: `A max of ${maxEndpoints} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`,
    });

  const existing = Map.groupBy(slices, (s) => groupKey(s.addressType, s.ports));
  const create: ReturnType<typeof sliceOf>[] = [];
  const update: EndpointSlice[] = [];
  const surplus: EndpointSlice[] = [];
  for (const [key, own] of existing) if (!groups.has(key)) surplus.push(...own);
  for (const [key, group] of groups) {
    const [first, ...others] = existing.get(key) ?? [];
    if (group.endpoints.size === 0) {
      if (first) surplus.push(first, ...others);
      continue;
    }
    surplus.push(...others);
    if (first && isMirror(source, first, group)) continue;
    const slice = sliceOf(source, group, maxEndpoints);
    if (first) update.push(inPlaceOf(first, slice));
    else create.push(slice);
  }
  // A slice that is no longer needed becomes one that is.
  const left = source.metadata.deletionTimestamp
    ? []
    : create.filter((slice) => {
        const at = surplus.findIndex((s) => s.addressType === slice.addressType);
        if (at < 0) return true;
        update.push(inPlaceOf(surplus.splice(at, 1)[0]!, slice));
        return false;
      });
  return { create: left, update, delete: surplus, warnings };
}

const annotationsOf = (e: Endpoints): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(e.metadata.annotations ?? {}).filter(([k]) => !notCopied.has(k)));

function isMirror(source: Endpoints, slice: EndpointSlice, group: Wanted): boolean {
  const { [managedByLabel]: _m, [serviceNameLabel]: _s, ...labels } = slice.metadata.labels ?? {};
  return (
    slice.endpoints?.length === group.endpoints.size &&
    slice.endpoints.every((e) => stableJson(group.endpoints.get(endpointKey(e)) ?? null) === stableJson(e)) &&
    stableJson(labels) === stableJson(source.metadata.labels ?? {}) &&
    stableJson(slice.metadata.annotations ?? {}) === stableJson(annotationsOf(source)) &&
    !slice.metadata.ownerReferences?.some(
      (o) => o.kind === 'Endpoints' && o.name === source.metadata.name && o.uid !== source.metadata.uid,
    )
  );
}

function sliceOf(source: Endpoints, { type, ports, endpoints }: Wanted, max: number) {
  const { namespace, name = '' } = source.metadata;
  return {
    metadata: {
      namespace,
      generateName: `${name}-`,
      labels: { ...source.metadata.labels, [serviceNameLabel]: name, [managedByLabel]: mirroredBy },
      annotations: annotationsOf(source),
      ownerReferences: [newControllerRef(source, { apiVersion: 'v1', kind: 'Endpoints' })],
    },
    addressType: type,
    ports,
    endpoints: [...endpoints.values()].slice(0, max),
  } satisfies Input<EndpointSlice>;
}

function inPlaceOf(old: EndpointSlice, slice: ReturnType<typeof sliceOf>): EndpointSlice {
  const { generateName: _, ...metadata } = slice.metadata;
  return { ...old, ...slice, metadata: { ...old.metadata, ...metadata } };
}
