/** Services with endpoint slices, as many as a large cluster has, for the benchmarks of packet rules and DNS. */
import type { Service } from '../../src/api/core/v1/types.ts';
import type { EndpointSlice } from '../../src/api/discovery/v1/types.ts';

const address = (net: number, i: number): string => `${net}.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;

export interface SampleServices {
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}

/** Service `i` is `svc-i` in namespace `ns-(i mod 50)` with one port; every tenth is headless. */
export function sampleServices(count: number, endpointsEach: number): SampleServices {
  const services: Service[] = [];
  const slices: EndpointSlice[] = [];
  for (let i = 0; i < count; i++) {
    const metadata = { name: `svc-${i}`, namespace: `ns-${i % 50}` };
    const ip = i % 10 === 9 ? 'None' : address(10, (96 << 16) + i + 1);
    services.push({
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        type: 'ClusterIP',
        clusterIP: ip,
        clusterIPs: [ip],
        ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }],
      },
      status: { loadBalancer: {} },
    } as Service);
    slices.push({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `svc-${i}-a`,
        namespace: metadata.namespace,
        labels: { 'kubernetes.io/service-name': metadata.name },
      },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: Array.from({ length: endpointsEach }, (_, e) => ({
        addresses: [address(10, (244 << 16) + i * endpointsEach + e)],
        nodeName: `n${e}`,
        conditions: { ready: true, serving: true, terminating: false },
      })),
    } as EndpointSlice);
  }
  return { services, slices };
}
