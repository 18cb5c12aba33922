/** What a service and its pods give: endpoints, their ports, who of the pods counts (upstream: staging/src/k8s.io/endpointslice/utils.go, util/). */
import type { Node, Pod, Service, ServicePort } from '../../api/core/v1/types.ts';
import type { Endpoint, EndpointPort } from '../../api/discovery/v1/types.ts';
import { isPodReady, isPodTerminal } from '../../machinery/index.ts';

export type AddressType = 'IPv4' | 'IPv6';

export const isHeadless = (s: Service): boolean => !s.spec.clusterIP || s.spec.clusterIP === 'None';

/** Has an address and is not finished; one that is being deleted counts only when asked for. */
export const countsAsEndpoint = (pod: Pod, includeTerminating: boolean): boolean =>
  !isPodTerminal(pod) &&
  Boolean(pod.status.podIP || pod.status.podIPs?.length) &&
  (includeTerminating || pod.metadata.deletionTimestamp === undefined);

export function addressTypes(s: Service): readonly AddressType[] {
  const families = (s.spec.ipFamilies ?? []).filter((f): f is AddressType => f === 'IPv4' || f === 'IPv6');
  if (families.length > 0) return families;
  if (isHeadless(s)) return ['IPv4', 'IPv6'];
  return [s.spec.clusterIP?.includes(':') ? 'IPv6' : 'IPv4'];
}

/** The container port a service port leads to; undefined when the pod has none of that name. */
export function findPort(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target === 0 ? port.port : target;
  const protocol = port.protocol ?? 'TCP';
  const sidecars = (pod.spec.initContainers ?? []).filter((c) => c.restartPolicy === 'Always');
  for (const c of [...pod.spec.containers, ...sidecars])
    for (const p of c.ports ?? []) if (p.name === target && (p.protocol ?? 'TCP') === protocol) return p.containerPort;
  return undefined;
}

export function endpointPorts(s: Service, pod: Pod): readonly EndpointPort[] {
  return (s.spec.ports ?? []).flatMap((p) => {
    const port = findPort(pod, p);
    if (port === undefined) return [];
    return [
      {
        name: p.name ?? '',
        protocol: p.protocol ?? 'TCP',
        port,
        ...(p.appProtocol !== undefined && { appProtocol: p.appProtocol }),
      },
    ];
  });
}

export const hostnameFor = (s: Service, pod: Pod): string | undefined =>
  pod.spec.hostname && pod.spec.subdomain === s.metadata.name && s.metadata.namespace === pod.metadata.namespace
    ? pod.spec.hostname
    : undefined;

const ipsOf = (pod: Pod): readonly string[] => {
  const ips = (pod.status.podIPs ?? []).map((p) => p.ip ?? '');
  return ips.length > 0 || !pod.status.podIP ? ips : [pod.status.podIP];
};

/** The pod's addresses of one family. */
export const podAddresses = (pod: Pod, type: AddressType): readonly string[] =>
  ipsOf(pod).filter((ip) => ip.includes(':') === (type === 'IPv6'));

export const targetRefOf = (pod: Pod) => ({
  kind: 'Pod',
  namespace: pod.metadata.namespace,
  name: pod.metadata.name,
  uid: pod.metadata.uid,
});

const closeBy = new Set(['PreferClose', 'PreferSameZone', 'PreferSameNode']);
const topologyMode = ['service.kubernetes.io/topology-aware-hints', 'service.kubernetes.io/topology-mode'];

/** For whom an endpoint is meant, when the service asks to be served close by (upstream: trafficdist; KEP-4444, KEP-3015). */
function hintsFor(s: Service, zone: string | undefined, nodeName: string | undefined): Endpoint['hints'] {
  const wish = s.spec.trafficDistribution;
  const mode = topologyMode.map((a) => s.metadata.annotations?.[a]).find((v) => v !== undefined);
  if (wish === undefined || !closeBy.has(wish) || mode === 'Auto' || mode === 'auto') return undefined;
  const byNode = wish === 'PreferSameNode' && nodeName;
  if (!zone && !byNode) return undefined;
  return { ...(zone && { forZones: [{ name: zone }] }), ...(byNode && { forNodes: [{ name: nodeName }] }) };
}

export function podEndpoint(s: Service, pod: Pod, node: Node | undefined, type: AddressType): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = s.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'];
  const hostname = hostnameFor(s, pod);
  const hints = ready ? hintsFor(s, zone, pod.spec.nodeName) : undefined;
  return {
    addresses: podAddresses(pod, type),
    conditions: { ready, serving, terminating },
    ...(hostname && { hostname }),
    targetRef: targetRefOf(pod),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    ...(zone && { zone }),
    ...(hints && { hints }),
  };
}
