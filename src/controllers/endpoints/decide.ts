/** The Endpoints object of a service, from the pods its selector matches (upstream: pkg/controller/endpoint, pkg/api/v1/endpoints RepackSubsets). */
import type {
  EndpointAddress,
  EndpointPort,
  Endpoints,
  EndpointSubset,
  Pod,
  Service,
} from '../../api/core/v1/types.ts';
import { isPodReady, stableJson } from '../../machinery/index.ts';
import {
  addressTypes,
  countsAsEndpoint,
  findPort,
  hostnameFor,
  isHeadless,
  podAddresses,
  targetRefOf,
} from '../endpointslice/service-endpoints.ts';

/** An Endpoints object holds no more addresses: the rest is cut off and an annotation says so. */
const maxAddresses = 1000;
export const overCapacityAnnotation = 'endpoints.kubernetes.io/over-capacity';
export const triggerTimeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';
const headlessLabel = 'service.kubernetes.io/headless';
const managedByLabel = 'endpoints.kubernetes.io/managed-by';

/** One subset per set of ports, each address once, ready or not. */
export function subsetsOf(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  const publish = service.spec.publishNotReadyAddresses === true;
  const type = addressTypes(service)[0] ?? 'IPv4';
  const groups = new Map<
    string,
    { ports: readonly EndpointPort[]; ready: EndpointAddress[]; not: EndpointAddress[] }
  >();
  for (const pod of pods) {
    if (!countsAsEndpoint(pod, publish)) continue;
    const ip = podAddresses(pod, type)[0];
    if (ip === undefined) continue;
    const ports = portsOf(service, pod);
    if (ports.length === 0 && !(isHeadless(service) && (service.spec.ports ?? []).length === 0)) continue;
    const hostname = hostnameFor(service, pod);
    const address: EndpointAddress = {
      ip,
      ...(hostname && { hostname }),
      ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
      targetRef: targetRefOf(pod),
    };
    const key = stableJson(ports);
    const group = groups.get(key) ?? { ports, ready: [], not: [] };
    groups.set(key, group);
    (publish || isPodReady(pod) ? group.ready : group.not).push(address);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, g]) => ({
      ...(g.ready.length > 0 && { addresses: sorted(g.ready) }),
      ...(g.not.length > 0 && { notReadyAddresses: sorted(g.not) }),
      ...(g.ports.length > 0 && { ports: g.ports }),
    }));
}

function portsOf(service: Service, pod: Pod): readonly EndpointPort[] {
  const ports = (service.spec.ports ?? []).flatMap((p) => {
    const port = findPort(pod, p);
    if (port === undefined) return [];
    return [
      {
        ...(p.name && { name: p.name }),
        port,
        protocol: p.protocol ?? 'TCP',
        ...(p.appProtocol !== undefined && { appProtocol: p.appProtocol }),
      },
    ];
  });
  return ports.sort((a, b) => (stableJson(a) < stableJson(b) ? -1 : 1));
}

const sorted = (list: readonly EndpointAddress[]): readonly EndpointAddress[] =>
  list.toSorted((a, b) =>
    a.ip === b.ip ? ((a.targetRef?.uid ?? '') < (b.targetRef?.uid ?? '') ? -1 : 1) : a.ip < b.ip ? -1 : 1,
  );

/** At most maxAddresses, ready ones first. */
function cut(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  const count = (s: EndpointSubset) => (s.addresses?.length ?? 0) + (s.notReadyAddresses?.length ?? 0);
  if (subsets.reduce((n, s) => n + count(s), 0) <= maxAddresses) return subsets;
  let room = maxAddresses;
  const take = (list: readonly EndpointAddress[] | undefined) => {
    const out = (list ?? []).slice(0, room);
    room -= out.length;
    return out;
  };
  const ready = subsets.map((s) => take(s.addresses));
  const not = subsets.map((s) => take(s.notReadyAddresses));
  return subsets
    .map((s, i) => ({
      ...(ready[i]!.length > 0 && { addresses: ready[i] }),
      ...(not[i]!.length > 0 && { notReadyAddresses: not[i] }),
      ...(s.ports && { ports: s.ports }),
    }))
    .filter((s) => s.addresses || s.notReadyAddresses);
}

/** Labels, annotations and subsets that the object shall have; undefined when it has them. */
export function decideEndpoints(
  service: Service,
  pods: readonly Pod[],
  current: Endpoints | undefined,
  triggerTime: string | undefined,
):
  | {
      readonly labels: Record<string, string>;
      readonly annotations: Record<string, string>;
      readonly subsets: readonly EndpointSubset[];
    }
  | undefined {
  const all = subsetsOf(service, pods);
  const subsets = cut(all);
  const truncated = subsets !== all;
  const { [headlessLabel]: _, ...ofService } = service.metadata.labels ?? {};
  const labels = {
    ...ofService,
    ...(isHeadless(service) && { [headlessLabel]: '' }),
    [managedByLabel]: 'endpoint-controller',
  };
  if (
    current &&
    stableJson(current.subsets ?? []) === stableJson(subsets) &&
    stableJson(current.metadata.labels ?? {}) === stableJson(labels) &&
    (current.metadata.annotations?.[overCapacityAnnotation] !== undefined) === truncated
  )
    return undefined;
  const { [overCapacityAnnotation]: _o, [triggerTimeAnnotation]: _t, ...others } = current?.metadata.annotations ?? {};
  return {
    labels,
    annotations: {
      ...others,
      ...(triggerTime !== undefined && { [triggerTimeAnnotation]: triggerTime }),
      ...(truncated && { [overCapacityAnnotation]: 'truncated' }),
    },
    subsets,
  };
}
