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
import { repackSubsets } from './repack.ts';

/** An Endpoints object holds no more addresses: the rest is cut off and an annotation says so. */
const maxAddresses = 1000;
export const overCapacityAnnotation = 'endpoints.kubernetes.io/over-capacity';
export const triggerTimeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';
const headlessLabel = 'service.kubernetes.io/headless';
const managedByLabel = 'endpoints.kubernetes.io/managed-by';

/** Each address with the ports that its pod offers, in canonical form. */
export function subsetsOf(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  const publish = service.spec.publishNotReadyAddresses === true;
  const type = addressTypes(service)[0] ?? 'IPv4';
  const subsets: EndpointSubset[] = [];
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
    const ready = publish || isPodReady(pod);
    subsets.push({ [ready ? 'addresses' : 'notReadyAddresses']: [address], ports });
  }
  return repackSubsets(subsets);
}

function portsOf(service: Service, pod: Pod): readonly EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((p) => {
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
}

/** At most maxAddresses: first those that are not ready go, then ready ones, from each subset by its share. */
export function cut(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  const total = (of: 'addresses' | 'notReadyAddresses') => subsets.reduce((n, s) => n + (s[of]?.length ?? 0), 0);
  const ready = total('addresses');
  const notReady = total('notReadyAddresses');
  if (ready + notReady <= maxAddresses) return subsets;
  const cutReady = ready > maxAddresses;
  const room = cutReady ? maxAddresses : maxAddresses - ready;
  const of = cutReady ? 'addresses' : 'notReadyAddresses';
  let left = room;
  return subsets
    .map(({ addresses, notReadyAddresses, ports }): EndpointSubset => {
      const all = (cutReady ? addresses : notReadyAddresses) ?? [];
      const kept = all.slice(0, Math.min(left, Math.ceil((all.length / (cutReady ? ready : notReady)) * room)));
      left -= kept.length;
      return {
        ...(!cutReady && addresses && { addresses }),
        ...(kept.length > 0 && { [of]: kept }),
        ...(ports && { ports }),
      };
    })
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
