/** The fields of a Service that depend on each other: what a new version takes over from the old, and which IP families it has (pkg/registry/core/service/storage). */
import type { Service } from '../../api/core/v1/types.ts';
import { type FieldError, invalidValue } from '../../schema/field-error.ts';

export type ServiceSpec = NonNullable<Service['spec']>;
export type ServicePort = NonNullable<ServiceSpec['ports']>[number];
export type Family = 'IPv4' | 'IPv6';

export const familyOf = (ip: string): Family => (ip.includes(':') ? 'IPv6' : 'IPv4');
export const isHeadless = (s: ServiceSpec): boolean => s.clusterIPs?.[0] === 'None' || s.clusterIP === 'None';
export const needsClusterIp = (s: ServiceSpec): boolean => s.type !== 'ExternalName';
export const needsNodePort = (s: ServiceSpec): boolean => s.type === 'NodePort' || s.type === 'LoadBalancer';
/** Packets may come from outside (upstream: ExternallyAccessible). */
const isExternal = (s: ServiceSpec): boolean =>
  needsNodePort(s) || (s.type === 'ClusterIP' && (s.externalIPs?.length ?? 0) > 0);
export const needsHealthCheckPort = (s: ServiceSpec): boolean =>
  s.type === 'LoadBalancer' && s.externalTrafficPolicy === 'Local';
export const portsOf = (s: ServiceSpec): readonly ServicePort[] => s.ports ?? [];
/** Every node port of the service once. */
export const nodePortsOf = (s: ServiceSpec): readonly number[] => [
  ...new Set(portsOf(s).flatMap((p) => (p.nodePort ? [p.nodePort] : []))),
];
const sameList = (a: readonly unknown[] | undefined, b: readonly unknown[] | undefined): boolean =>
  (a?.length ?? 0) === (b?.length ?? 0) && (a ?? []).every((x, i) => x === b?.[i]);

/** Fields that only the old type needed go, unless they were changed on purpose. */
export function dropTypeDependentFields(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let s = spec;
  if (needsClusterIp(old) && !needsClusterIp(s)) {
    if (s.clusterIP === old.clusterIP && sameList(s.clusterIPs, old.clusterIPs))
      s = { ...s, clusterIP: undefined, clusterIPs: undefined };
    if (sameList(s.ipFamilies, old.ipFamilies)) s = { ...s, ipFamilies: undefined };
    if (s.ipFamilyPolicy === old.ipFamilyPolicy) s = { ...s, ipFamilyPolicy: undefined };
  }
  const ports = new Set(nodePortsOf(old));
  if (needsNodePort(old) && !needsNodePort(s) && nodePortsOf(s).every((p) => ports.has(p)))
    s = { ...s, ports: portsOf(s).map((p) => ({ ...p, nodePort: undefined })) };
  if (needsHealthCheckPort(old) && !needsHealthCheckPort(s) && s.healthCheckNodePort === old.healthCheckNodePort)
    s = { ...s, healthCheckNodePort: undefined };
  if (old.type === 'LoadBalancer' && s.type !== 'LoadBalancer') {
    if (s.allocateLoadBalancerNodePorts === old.allocateLoadBalancerNodePorts)
      s = { ...s, allocateLoadBalancerNodePorts: undefined };
    if (s.loadBalancerClass === old.loadBalancerClass) s = { ...s, loadBalancerClass: undefined };
  }
  if (isExternal(old) && !isExternal(s) && s.externalTrafficPolicy === old.externalTrafficPolicy)
    s = { ...s, externalTrafficPolicy: undefined };
  return s;
}

/** A client that leaves out what was allocated means the same again. */
export function keepAllocated(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let s = spec;
  if (needsClusterIp(old) && needsClusterIp(s)) {
    if (!s.clusterIP) s = { ...s, clusterIP: old.clusterIP };
    if (!s.clusterIPs?.length && old.clusterIPs?.length) s = { ...s, clusterIPs: old.clusterIPs };
  }
  if (needsNodePort(old) && needsNodePort(s)) {
    const now = new Set(nodePortsOf(s));
    const taken = new Set(nodePortsOf(old).filter((p) => now.has(p)));
    const byName = new Map(portsOf(old).map((p) => [p.name ?? '', p.nodePort]));
    s = {
      ...s,
      ports: portsOf(s).map((p) => {
        const before = byName.get(p.name ?? '');
        return !p.nodePort && before && !taken.has(before) ? { ...p, nodePort: before } : p;
      }),
    };
  }
  if (needsHealthCheckPort(old) && needsHealthCheckPort(s) && !s.healthCheckNodePort)
    s = { ...s, healthCheckNodePort: old.healthCheckNodePort };
  return s;
}

/** Brings clusterIP and clusterIPs together, following the one the client changed. */
export function normalizeClusterIps(spec: ServiceSpec, old: ServiceSpec | undefined): ServiceSpec {
  const ip = spec.clusterIP ?? '';
  const ips = spec.clusterIPs ?? [];
  if (!old) return ip && ips.length === 0 ? { ...spec, clusterIPs: [ip] } : spec;
  const before = old.clusterIP ?? '';
  const sameIps = sameList(ips, old.clusterIPs);
  if (before && !ip) return sameIps ? { ...spec, clusterIPs: undefined } : spec;
  if (!before && ip && sameIps) return { ...spec, clusterIPs: [ip] };
  if (before !== ip && sameIps) return { ...spec, clusterIPs: [ip, ...ips.slice(1)] };
  return spec;
}

const policyPath = 'spec.ipFamilyPolicy';

/** A PreferDualStack service is not changed only because the cluster's stacks changed. */
export const keepsFamilies = (s: ServiceSpec, old: ServiceSpec | undefined): boolean =>
  old !== undefined &&
  old.type !== 'ExternalName' &&
  s.type !== 'ExternalName' &&
  s.ipFamilyPolicy === 'PreferDualStack' &&
  old.ipFamilyPolicy === 'PreferDualStack' &&
  sameList(s.clusterIPs, old.clusterIPs) &&
  sameList(s.ipFamilies, old.ipFamilies);

/** Defaults of ipFamilyPolicy and ipFamilies on a cluster with these families, the first being the default one. */
export function withFamilies(
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  configured: readonly Family[],
): { readonly spec: ServiceSpec; readonly errors: readonly FieldError[] } {
  if (spec.type === 'ExternalName' || keepsFamilies(spec, old)) return { spec, errors: [] };
  const errors: FieldError[] = [];
  const selectorless = isHeadless(spec) && Object.keys(spec.selector ?? {}).length === 0;
  const policy = spec.ipFamilyPolicy ?? old?.ipFamilyPolicy ?? (selectorless ? 'RequireDualStack' : 'SingleStack');
  let ips = spec.clusterIPs ?? [];
  let families = [...(spec.ipFamilies ?? [])];
  if (old) {
    if (policy === 'SingleStack') {
      if (sameList(old.clusterIPs, ips) && ips.length > 1) ips = ips.slice(0, 1);
      if (sameList(old.ipFamilies, families) && families.length > 1) families = families.slice(0, 1);
    } else {
      if ((old.clusterIPs?.length ?? 0) > 1 && ips.length === 1 && ips[0] === old.clusterIPs?.[0])
        errors.push(invalidValue(policyPath, policy, "must be 'SingleStack' to release the secondary cluster IP"));
      if ((old.ipFamilies?.length ?? 0) > 1 && families.length === 1 && families[0] === old.ipFamilies?.[0])
        errors.push(invalidValue(policyPath, policy, "must be 'SingleStack' to release the secondary IP family"));
    }
  }
  if (policy === 'SingleStack') {
    const dual = (what: string) =>
      errors.push(
        invalidValue(
          policyPath,
          policy,
          `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
        ),
      );
    if (ips.length === 2) dual('cluster IPs');
    if (families.length === 2) dual('IP families');
  }
  for (const [i, ip] of ips.entries()) {
    if (ip === 'None') break;
    if (i < families.length) continue;
    const family = familyOf(ip);
    if (configured.includes(family)) families.push(family);
    else errors.push(invalidValue(`spec.clusterIPs[${i}]`, ips, `${family} is not configured on this cluster`));
  }
  const done = () => ({
    spec: { ...spec, ipFamilyPolicy: policy, ipFamilies: families, ...(ips.length > 0 && { clusterIPs: ips }) },
    errors,
  });
  if (errors.length) return done();
  const other = (): Family => (families[0] === 'IPv4' ? 'IPv6' : 'IPv4');
  if (selectorless) {
    if (families.length === 0) families.push(configured[0] ?? 'IPv4');
    if (families.length < 2 && policy !== 'SingleStack') families.push(other());
    return done();
  }
  if (policy === 'RequireDualStack' && configured.length < 2)
    errors.push(invalidValue(policyPath, policy, 'this cluster is not configured for dual-stack services'));
  for (const [i, family] of families.entries())
    if (!configured.includes(family as Family))
      errors.push(invalidValue(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster'));
  if (errors.length) return done();
  if (families.length === 0) families.push(configured[0] ?? 'IPv4');
  if (policy !== 'SingleStack' && families.length === 1 && configured.length === 2) families.push(other());
  return done();
}
