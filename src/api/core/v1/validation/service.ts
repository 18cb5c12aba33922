/** Services (upstream: validation.go validateService, ValidateServiceUpdate, ValidateServiceClusterIPsRelatedFields). */
import { duplicate, type FieldError, forbiddenField, invalidValue, required } from '../../../../schema/field-error.ts';
import {
  type Errors,
  unsupported,
  validateDNS1123Label,
  validateDNS1123Subdomain,
  validateLabels,
  validateQualifiedName,
} from '../../../meta/v1/validation.ts';
import { isPortNumber } from '../../../../machinery/names.ts';
import { isExternallyAccessible, isHeadless, needsHealthCheckNodePort } from '../strategy/service-fields.ts';
import type { Service, ServiceSpec } from '../types.ts';
import { ipFamily, isDualStack, validateCIDR, validateEndpointIP, validateIP } from './address.ts';
import { protocols } from './container.ts';
import { validatePortNumOrName } from './probes.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const affinities = ['ClientIP', 'None'];
const policies = ['Cluster', 'Local'];
const families = ['IPv4', 'IPv6'];
const familyPolicies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
const maxAffinitySeconds = 86400;

function validatePorts(s: ServiceSpec, errs: Errors): void {
  const ports = s.ports ?? [];
  const names = new Set<string>();
  ports.forEach((p, i) => {
    const path = `spec.ports[${i}]`;
    if (ports.length > 1 && !p.name) errs.push(required(`${path}.name`));
    else if (p.name) {
      validateDNS1123Label(p.name, `${path}.name`, errs);
      if (names.has(p.name)) errs.push(duplicate(`${path}.name`, p.name));
      names.add(p.name);
    }
    for (const m of isPortNumber(p.port)) errs.push(invalidValue(`${path}.port`, p.port ?? 0, m));
    if (!p.protocol) errs.push(required(`${path}.protocol`));
    else if (!protocols.includes(p.protocol)) errs.push(unsupported(`${path}.protocol`, p.protocol, protocols));
    validatePortNumOrName(p.targetPort, `${path}.targetPort`, errs);
    if (p.appProtocol !== undefined) validateQualifiedName(p.appProtocol, `${path}.appProtocol`, errs);
  });
}

function validatePortUse(s: ServiceSpec, errs: Errors): void {
  const ports = s.ports ?? [];
  if (s.type === 'ClusterIP')
    ports.forEach((p, i) => {
      if (p.nodePort)
        errs.push(forbiddenField(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
    });
  const nodePorts = new Set<string>();
  ports.forEach((p, i) => {
    if (!p.nodePort) return;
    const key = `${p.protocol}/${p.nodePort}`;
    if (nodePorts.has(key)) errs.push(duplicate(`spec.ports[${i}].nodePort`, p.nodePort));
    nodePorts.add(key);
  });
  const numbers = new Set<string>();
  ports.forEach((p, i) => {
    const key = `${p.protocol}/${p.port}`;
    if (numbers.has(key))
      errs.push(
        duplicate(`spec.ports[${i}]`, {
          Name: '',
          Protocol: p.protocol,
          AppProtocol: null,
          Port: p.port,
          TargetPort: 0,
          NodePort: 0,
        }),
      );
    numbers.add(key);
  });
}

function validateClusterIPs(s: ServiceSpec, old: ServiceSpec | undefined, errs: Errors): void {
  if (s.type === 'ExternalName') return;
  const ips = s.clusterIPs ?? [];
  const path = 'spec.clusterIPs';
  if (s.clusterIP) {
    if (ips.length === 0) errs.push(required(path));
    else if (ips[0] !== s.clusterIP) errs.push(invalidValue(path, ips, 'first value must match `clusterIP`'));
  } else if (ips.length) errs.push(invalidValue(path, ips, 'must be empty when `clusterIP` is not specified'));
  const seen = new Set<string>();
  s.ipFamilies?.forEach((f, i) => {
    if (!families.includes(f)) errs.push(unsupported(`spec.ipFamilies[${i}]`, f, families));
    if (seen.has(f)) errs.push(duplicate(`spec.ipFamilies[${i}]`, f));
    seen.add(f);
  });
  if (s.ipFamilyPolicy !== undefined && !familyPolicies.includes(s.ipFamilyPolicy))
    errs.push(unsupported('spec.ipFamilyPolicy', s.ipFamilyPolicy, familyPolicies));
  const before = errs.length;
  ips.forEach((ip, i) => {
    if (i === 0 && ip === 'None') {
      if (ips.length > 1) errs.push(invalidValue(path, ips, "'None' must be the first and only value"));
      return;
    }
    validateIP(ip, `${path}[${i}]`, errs, old?.clusterIPs);
  });
  const wrong = errs.length > before;
  if (ips.length > 2) errs.push(invalidValue(path, ips, 'may only hold up to 2 values'));
  if (wrong) return;
  if (ips.length > 1 && !isDualStack(ips))
    errs.push(invalidValue(path, ips, 'may specify no more than one IP for each IP family'));
  if (isHeadless(s)) return;
  ips.forEach((ip, i) => {
    const family = s.ipFamilies?.[i];
    if (family && families.includes(family) && ipFamily(ip) !== family)
      errs.push(invalidValue(`${path}[${i}]`, ip, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``));
  });
}

function validateTraffic(s: ServiceSpec, errs: Errors): void {
  const external = s.externalTrafficPolicy;
  if (!isExternallyAccessible(s)) {
    if (external)
      errs.push(
        invalidValue('spec.externalTrafficPolicy', external, 'may only be set for externally-accessible services'),
      );
  } else if (!external) errs.push(required('spec.externalTrafficPolicy'));
  else if (!policies.includes(external)) errs.push(unsupported('spec.externalTrafficPolicy', external, policies));
  const port = s.healthCheckNodePort;
  if (!needsHealthCheckNodePort(s)) {
    if (port)
      errs.push(
        invalidValue(
          'spec.healthCheckNodePort',
          port,
          "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
        ),
      );
  } else if (!port) errs.push(required('spec.healthCheckNodePort'));
  else for (const m of isPortNumber(port)) errs.push(invalidValue('spec.healthCheckNodePort', port, m));
  const internal = s.internalTrafficPolicy;
  if (internal === undefined) {
    if (s.type !== 'ExternalName' && types.includes(s.type ?? '')) errs.push(required('spec.internalTrafficPolicy'));
  } else if (!policies.includes(internal)) errs.push(unsupported('spec.internalTrafficPolicy', internal, policies));
  if (s.trafficDistribution !== undefined && !distributions.includes(s.trafficDistribution))
    errs.push(unsupported('spec.trafficDistribution', s.trafficDistribution, distributions));
}

function validateAffinity(s: ServiceSpec, errs: Errors): void {
  const affinity = s.sessionAffinity;
  if (!affinity) errs.push(required('spec.sessionAffinity'));
  else if (!affinities.includes(affinity)) errs.push(unsupported('spec.sessionAffinity', affinity, affinities));
  const config = s.sessionAffinityConfig;
  const path = 'spec.sessionAffinityConfig';
  if (affinity === 'ClientIP') {
    const seconds = config?.clientIP?.timeoutSeconds;
    const why = 'when session affinity type is ClientIP';
    if (!config) errs.push(required(path, why));
    else if (!config.clientIP) errs.push(required(`${path}.clientIP`, why));
    else if (seconds === undefined) errs.push(required(`${path}.clientIP.timeoutSeconds`, why));
    else if (seconds <= 0 || seconds > maxAffinitySeconds)
      errs.push(
        invalidValue(
          `${path}.clientIP.timeoutSeconds`,
          seconds,
          `must be greater than 0 and less than ${maxAffinitySeconds}`,
        ),
      );
  } else if (affinity === 'None' && config)
    errs.push(forbiddenField(path, 'must not be set when session affinity is None'));
}

const rangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';

function validateLoadBalancer(svc: Service, old: Service | undefined, errs: Errors): void {
  const s = svc.spec;
  const only = "may only be used when `type` is 'LoadBalancer'";
  const isBalancer = s.type === 'LoadBalancer';
  const annotation = svc.metadata.annotations?.[rangesAnnotation];
  if (s.loadBalancerSourceRanges?.length) {
    const path = 'spec.LoadBalancerSourceRanges';
    if (!isBalancer) errs.push(forbiddenField(path, only));
    const known = old?.spec.loadBalancerSourceRanges?.map((r) => r.trim());
    s.loadBalancerSourceRanges.forEach((r, i) => {
      validateCIDR(r.trim(), `${path}[${i}]`, errs, known);
    });
  } else if (annotation !== undefined) {
    const path = `metadata.annotations[${rangesAnnotation}]`;
    if (!isBalancer) errs.push(forbiddenField(path, only));
    if (annotation.trim() && annotation !== old?.metadata.annotations?.[rangesAnnotation])
      for (const r of annotation.split(',')) validateCIDR(r.trim(), path, errs);
  }
  if (s.allocateLoadBalancerNodePorts !== undefined && !isBalancer)
    errs.push(forbiddenField('spec.allocateLoadBalancerNodePorts', only));
  if (isBalancer && s.allocateLoadBalancerNodePorts === undefined) errs.push(required('allocateLoadBalancerNodePorts'));
  if (s.loadBalancerClass === undefined) return;
  if (isBalancer) validateQualifiedName(s.loadBalancerClass, 'spec.loadBalancerClass', errs);
  else errs.push(forbiddenField('spec.loadBalancerClass', only));
}

/** `old`: its addresses stay valid as they are. */
export function validateService(svc: Service, old: Service | undefined): readonly FieldError[] {
  const errs: Errors = [];
  const s = svc.spec;
  const hints = 'service.kubernetes.io/topology-aware-hints';
  const mode = 'service.kubernetes.io/topology-mode';
  const a = svc.metadata.annotations;
  if (a?.[mode] !== undefined && a[hints] !== undefined && a[mode] !== a[hints])
    errs.push(
      invalidValue(
        `metadata.annotations[${mode}]`,
        a[mode],
        `must match annotations[${hints}] when both are specified`,
      ),
    );
  if (!s.ports?.length && !isHeadless(s) && s.type !== 'ExternalName') errs.push(required('spec.ports'));
  if ((s.type === 'LoadBalancer' || s.type === 'NodePort') && isHeadless(s))
    errs.push(invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${s.type} services`));
  if (s.type === 'ExternalName') {
    const why = 'may not be set for ExternalName services';
    if (s.clusterIPs?.length) errs.push(forbiddenField('spec.clusterIPs', why));
    if (s.ipFamilies?.length) errs.push(forbiddenField('spec.ipFamilies', why));
    if (s.ipFamilyPolicy !== undefined) errs.push(forbiddenField('spec.ipFamilyPolicy', why));
    const name = (s.externalName ?? '').replace(/\.$/, '');
    if (name) validateDNS1123Subdomain(name, 'spec.externalName', errs);
    else errs.push(required('spec.externalName'));
  }
  validatePorts(s, errs);
  validateLabels(s.selector, 'spec.selector', errs);
  validateAffinity(s, errs);
  validateClusterIPs(s, old?.spec, errs);
  s.externalIPs?.forEach((ip, i) => {
    const before = errs.length;
    validateIP(ip, `spec.externalIPs[${i}]`, errs, old?.spec.externalIPs);
    if (errs.length === before) validateEndpointIP(ip, `spec.externalIPs[${i}]`, errs);
  });
  if (!s.type) errs.push(required('spec.type'));
  else if (!types.includes(s.type)) errs.push(unsupported('spec.type', s.type, types));
  validatePortUse(s, errs);
  validateLoadBalancer(svc, old, errs);
  validateTraffic(s, errs);
  return errs;
}

/** clusterIPs and ipFamilies: the first is fixed, a second may come and go. */
function validateFixedList(
  is: readonly string[],
  was: readonly string[],
  s: ServiceSpec,
  field: 'clusterIPs' | 'ipFamilies',
  errs: Errors,
): void {
  const path = `spec.${field}`;
  const fixed = 'may not change once set';
  const word = field === 'clusterIPs' ? 'clusterIP' : 'ipFamily';
  if (was.length === is.length) {
    was.forEach((v, i) => {
      if (v !== is[i]) errs.push(invalidValue(`${path}[${field === 'clusterIPs' ? i : 0}]`, is, fixed));
    });
    return;
  }
  if (was.length > is.length && is.length === 0)
    errs.push(invalidValue(`${path}[0]`, is, `primary ${word} can not be unset`));
  if (was.length && is.length && was[0] !== is[0]) errs.push(invalidValue(`${path}[0]`, s.clusterIPs ?? [], fixed));
  if (was.length > is.length && is.length === 1 && s.ipFamilyPolicy !== 'SingleStack')
    errs.push(
      invalidValue(
        'spec.ipFamilyPolicy',
        s.ipFamilyPolicy,
        `must be set to 'SingleStack' when releasing the secondary ${word}`,
      ),
    );
}

export function validateServiceUpdate(svc: Service, old: Service): readonly FieldError[] {
  const errs: Errors = [];
  const s = svc.spec;
  const was = old.spec;
  if (s.type !== 'ExternalName' && was.type !== 'ExternalName') {
    const headless = isHeadless(s);
    const wasHeadless = isHeadless(was);
    if (!(headless && wasHeadless)) validateFixedList(s.clusterIPs ?? [], was.clusterIPs ?? [], s, 'clusterIPs', errs);
    if (!headless && !wasHeadless) validateFixedList(s.ipFamilies ?? [], was.ipFamilies ?? [], s, 'ipFamilies', errs);
  }
  if (s.type === 'LoadBalancer' && was.type === 'LoadBalancer' && s.loadBalancerClass !== was.loadBalancerClass)
    errs.push(invalidValue('spec.loadBalancerClass', s.loadBalancerClass, 'may not change once set'));
  if (needsHealthCheckNodePort(s) && needsHealthCheckNodePort(was) && s.healthCheckNodePort !== was.healthCheckNodePort)
    errs.push(forbiddenField('spec.healthCheckNodePort', 'field is immutable'));
  return errs;
}

export function validateServiceStatusUpdate(svc: Service, old: Service): readonly FieldError[] {
  const errs: Errors = [];
  const path = 'status.loadBalancer.ingress';
  const ingress = svc.status.loadBalancer?.ingress ?? [];
  if (svc.spec.type !== 'LoadBalancer') {
    if (ingress.length) errs.push(forbiddenField(path, "may only be used when `spec.type` is 'LoadBalancer'"));
    return errs;
  }
  const known = old.status.loadBalancer?.ingress?.flatMap((i) => (i.ip ? [i.ip] : []));
  ingress.forEach((g, i) => {
    const p = `${path}[${i}]`;
    if (g.ip) validateIP(g.ip, `${p}.ip`, errs, known);
    if (g.ipMode === undefined) {
      if (g.ip) errs.push(required(`${p}.ipMode`, 'must be specified when `ip` is set'));
    } else if (!g.ip) errs.push(forbiddenField(`${p}.ipMode`, 'may not be specified when `ip` is not set'));
    else if (g.ipMode !== 'VIP' && g.ipMode !== 'Proxy')
      errs.push(unsupported(`${p}.ipMode`, g.ipMode, ['Proxy', 'VIP']));
    if (g.hostname) {
      validateDNS1123Subdomain(g.hostname, `${p}.hostname`, errs);
      if (ipFamily(g.hostname))
        errs.push(invalidValue(`${p}.hostname`, g.hostname, 'must be a DNS name, not an IP address'));
    }
  });
  return errs;
}
