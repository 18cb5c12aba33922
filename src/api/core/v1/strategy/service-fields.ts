/** What a Service's type needs (upstream: pkg/api/service, registry/core/service). Addresses and ports are allocated by the server. */
import type { ServiceSpec } from '../types.ts';

export const needsHealthCheckNodePort = (s: ServiceSpec): boolean =>
  s.type === 'LoadBalancer' && s.externalTrafficPolicy === 'Local';
export const isHeadless = (s: ServiceSpec): boolean => s.clusterIPs?.length === 1 && s.clusterIPs[0] === 'None';
/** Traffic can come from outside the cluster (upstream: apiservice.ExternallyAccessible). */
export const isExternallyAccessible = (s: ServiceSpec): boolean =>
  s.type === 'LoadBalancer' || s.type === 'NodePort' || (s.type === 'ClusterIP' && !!s.externalIPs?.length);
