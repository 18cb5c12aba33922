/**
 * Fields of a Service that depend on each other and on what was allocated (upstream: registry/core/service/storage normalizeClusterIPs,
 * patchAllocatedValues, alloc initIPFamilyFields; strategy dropTypeDependentFields). Pure: the allocator of addresses and ports uses them too.
 */
import { semanticEqual } from '../../../meta/v1/validation.ts';
import type { Service, ServiceSpec } from '../types.ts';
import { ipFamily } from '../validation/address.ts';

export const needsClusterIP = (s: ServiceSpec): boolean => s.type !== 'ExternalName';
export const needsNodePort = (s: ServiceSpec): boolean => s.type === 'NodePort' || s.type === 'LoadBalancer';
export const needsHealthCheckNodePort = (s: ServiceSpec): boolean =>
  s.type === 'LoadBalancer' && s.externalTrafficPolicy === 'Local';
export const isHeadless = (s: ServiceSpec): boolean => s.clusterIPs?.length === 1 && s.clusterIPs[0] === 'None';
/** Traffic can come from outside the cluster (upstream: apiservice.ExternallyAccessible). */
export const isExternallyAccessible = (s: ServiceSpec): boolean =>
  s.type === 'LoadBalancer' || s.type === 'NodePort' || (s.type === 'ClusterIP' && !!s.externalIPs?.length);

/** clusterIP and clusterIPs[0] are one thing: whichever of the two a client changed is followed. */
export function normalizeClusterIPs(s: ServiceSpec, old: ServiceSpec | undefined): ServiceSpec {
  const ip = s.clusterIP ?? '';
  if (!old) return ip && !s.clusterIPs?.length ? { ...s, clusterIPs: [ip] } : s;
  const was = old.clusterIP ?? '';
  if (was === ip) return old.clusterIPs?.length && !s.clusterIPs?.length ? { ...s, clusterIPs: old.clusterIPs } : s;
  if (!semanticEqual(s.clusterIPs, old.clusterIPs)) return s;
  return { ...s, clusterIPs: ip ? [ip] : undefined };
}

/** What a client left out of an update although it is allocated: addresses and node ports stay. */
export function patchAllocatedValues(s: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let out = s;
  if (needsClusterIP(old) && needsClusterIP(s)) {
    if (!s.clusterIP && old.clusterIP) out = { ...out, clusterIP: old.clusterIP };
    if (!s.clusterIPs?.length && old.clusterIPs?.length) out = { ...out, clusterIPs: old.clusterIPs };
  }
  if (needsNodePort(old) && needsNodePort(s)) {
    const asked = new Set((s.ports ?? []).map((p) => p.nodePort));
    const byName = new Map((old.ports ?? []).map((p) => [p.name ?? '', p.nodePort ?? 0]));
    if (s.ports?.some((p) => !p.nodePort))
      out = {
        ...out,
        ports: s.ports.map((p) => {
          const kept = byName.get(p.name ?? '') ?? 0;
          return p.nodePort || !kept || asked.has(kept) ? p : { ...p, nodePort: kept };
        }),
      };
  }
  if (needsHealthCheckNodePort(old) && needsHealthCheckNodePort(s) && !s.healthCheckNodePort && old.healthCheckNodePort)
    out = { ...out, healthCheckNodePort: old.healthCheckNodePort };
  return out;
}

/** Families and their policy where the client gave none. `primary` is the cluster's first family. */
export function withIPFamilies(s: ServiceSpec, primary: 'IPv4' | 'IPv6'): ServiceSpec {
  if (!needsClusterIP(s) || s.ipFamilies?.length) return s;
  const both = primary === 'IPv4' ? ['IPv4', 'IPv6'] : ['IPv6', 'IPv4'];
  if (s.clusterIP === 'None' && !Object.keys(s.selector ?? {}).length) {
    const policy = s.ipFamilyPolicy ?? 'RequireDualStack';
    return { ...s, ipFamilyPolicy: policy, ipFamilies: policy === 'SingleStack' ? [primary] : both };
  }
  const given = isHeadless(s) ? [] : (s.clusterIPs ?? []).map((ip) => ipFamily(ip) ?? primary);
  const families = given.length ? given : [primary];
  return {
    ...s,
    ipFamilies: families,
    ipFamilyPolicy: s.ipFamilyPolicy ?? (families.length === 2 ? 'RequireDualStack' : 'SingleStack'),
  };
}

const nodePorts = (s: ServiceSpec): number[] => (s.ports ?? []).flatMap((p) => (p.nodePort ? [p.nodePort] : []));

/** What made sense for the old type only and was left as it was. */
export function dropTypeDependentFields(svc: Service, old: Service): Service {
  const was = old.spec;
  let s = svc.spec;
  if (needsClusterIP(was) && !needsClusterIP(s)) {
    const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy, ...rest } = s;
    const sameIPs = (clusterIP ?? '') === (was.clusterIP ?? '') && semanticEqual(clusterIPs, was.clusterIPs);
    s = {
      ...rest,
      ...(!sameIPs && { clusterIP, clusterIPs }),
      ...(!semanticEqual(ipFamilies, was.ipFamilies) && { ipFamilies }),
      ...(ipFamilyPolicy !== was.ipFamilyPolicy && { ipFamilyPolicy }),
    };
  }
  if (needsNodePort(was) && !needsNodePort(s)) {
    const before = new Set(nodePorts(was));
    if (nodePorts(s).every((p) => before.has(p)) && s.ports)
      s = { ...s, ports: s.ports.map(({ nodePort: _, ...p }) => p) };
  }
  const without = (field: keyof ServiceSpec) => {
    const { [field]: _, ...rest } = s;
    s = rest;
  };
  if (
    needsHealthCheckNodePort(was) &&
    !needsHealthCheckNodePort(s) &&
    was.healthCheckNodePort === s.healthCheckNodePort
  )
    without('healthCheckNodePort');
  const wasBalancer = was.type === 'LoadBalancer';
  const isBalancer = s.type === 'LoadBalancer';
  if (wasBalancer && !isBalancer) {
    if (was.allocateLoadBalancerNodePorts === s.allocateLoadBalancerNodePorts) without('allocateLoadBalancerNodePorts');
    if (was.loadBalancerClass === s.loadBalancerClass) without('loadBalancerClass');
  }
  if (
    isExternallyAccessible(was) &&
    !isExternallyAccessible(s) &&
    was.externalTrafficPolicy === s.externalTrafficPolicy
  )
    without('externalTrafficPolicy');
  return { ...svc, spec: s, ...(!isBalancer && { status: { ...svc.status, loadBalancer: {} } }) };
}
