/** The DNS view of the cluster, read from informers of services, endpoint slices and namespaces. */
import type { EndpointSlices } from '../api/discovery/v1/resources.ts';
import type { Namespaces, Services } from '../api/core/v1/resources.ts';
import type { ObjectOf } from '../api/resource-row.ts';
import type { Service } from '../api/core/v1/types.ts';
import type { EndpointSlice } from '../api/discovery/v1/types.ts';
import type { Informer } from '../client/cache.ts';
import { dashed, type DnsEndpoint, type DnsPort, type DnsService, type DnsView } from './records.ts';

const sliceService = 'kubernetes.io/service-name';

export interface ClusterInformers {
  readonly services: Informer<ObjectOf<typeof Services>>;
  readonly slices: Informer<ObjectOf<typeof EndpointSlices>>;
  readonly namespaces: Informer<ObjectOf<typeof Namespaces>>;
}

/** Adds the indexes it needs: call before the informers start. */
export function createClusterView({ services, slices, namespaces }: ClusterInformers): DnsView {
  services.addIndex('clusterIP', (s) => clusterIPs(s));
  slices.addIndex('service', (s) => [`${s.metadata.namespace}/${s.metadata.labels?.[sliceService] ?? ''}`]);
  slices.addIndex('address', (s) => (s.endpoints ?? []).flatMap((e) => e.addresses ?? []));
  const endpoints = (namespace: string, name: string) =>
    slices.byIndex('service', `${namespace}/${name}`).flatMap(endpointsOf);
  const view: DnsView = {
    namespaceExists: (n) => namespaces.get(n) !== undefined,
    service(namespace, name) {
      const s = services.get(`${namespace}/${name}`);
      return s && serviceOf(s);
    },
    endpoints: (namespace, name) => uniqueByAddress(endpoints(namespace, name)),
    byAddress(ip) {
      const own = services.byIndex('clusterIP', ip).map((s) => ({ service: serviceOf(s), endpoint: undefined }));
      if (own.length) return own;
      return slices.byIndex('address', ip).flatMap((slice) => {
        const service = view.service(slice.metadata.namespace ?? '', slice.metadata.labels?.[sliceService] ?? '');
        const endpoint = endpointsOf(slice).find((e) => e.address === ip);
        return service && endpoint ? [{ service, endpoint }] : [];
      });
    },
  };
  return view;
}

const clusterIPs = (s: Service): readonly string[] =>
  (s.spec.clusterIPs ?? (s.spec.clusterIP ? [s.spec.clusterIP] : [])).filter((ip) => ip !== '' && ip !== 'None');

function serviceOf(s: Service): DnsService {
  return {
    namespace: s.metadata.namespace ?? '',
    name: s.metadata.name ?? '',
    clusterIPs: clusterIPs(s),
    headless: s.spec.clusterIP === 'None',
    externalName: s.spec.type === 'ExternalName' ? (s.spec.externalName ?? '') : undefined,
    ports: (s.spec.ports ?? []).map((p) => ({ name: p.name ?? '', protocol: protocolOf(p.protocol), port: p.port })),
  };
}

/** Endpoints that are ready; the slice controller marks all ready when the service publishes those not ready. */
function endpointsOf(slice: EndpointSlice): readonly DnsEndpoint[] {
  const ports: readonly DnsPort[] = (slice.ports ?? []).flatMap((p) =>
    p.port ? [{ name: p.name ?? '', protocol: protocolOf(p.protocol), port: p.port }] : [],
  );
  return (slice.endpoints ?? [])
    .filter((e) => e.conditions.ready !== false)
    .flatMap((e) =>
      (e.addresses ?? []).map((address) => ({ address, hostname: e.hostname || dashed(address), ports })),
    );
}

const protocolOf = (p: string | undefined): DnsPort['protocol'] => (p ?? 'TCP').toLowerCase() as DnsPort['protocol'];

function uniqueByAddress(list: readonly DnsEndpoint[]): readonly DnsEndpoint[] {
  const byAddress = new Map<string, DnsEndpoint>();
  for (const e of list) {
    const known = byAddress.get(e.address);
    byAddress.set(e.address, known ? { ...known, ports: [...known.ports, ...e.ports] } : e);
  }
  return [...byAddress.values()];
}
