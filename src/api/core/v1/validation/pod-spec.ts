/** A pod spec, in pods and in templates (upstream: validation.go ValidatePodSpec, ValidatePodTemplateSpec). */
import {
  duplicate,
  forbiddenField,
  invalidValue,
  notFoundField,
  required,
  tooLong,
} from '../../../../schema/field-error.ts';
import type { ObjectMeta } from '../../../meta/v1/types.ts';
import {
  type Errors,
  unsupported,
  validateAnnotations,
  validateDNS1123Label,
  validateDNS1123Subdomain,
  validateLabels,
  validateQualifiedName,
} from '../../../meta/v1/validation.ts';
import { inclusiveRangeError, isDns1123SubdomainWithUnderscore } from '../../../../machinery/names.ts';
import { cmpQuantity } from '../../../../machinery/quantity.ts';
import { aggregateContainers } from '../strategy/pod-level-resources.ts';
import type { PodResourceClaim, PodSpec, PodTemplateSpec } from '../types.ts';
import { validateIP } from './address.ts';
import {
  type ContainerSetting,
  validateContainers,
  validateEphemeralContainers,
  validateInitContainers,
} from './container.ts';
import { isHugePages, validatePodResourceName, validateResources } from './resources.ts';
import { validateAffinity, validateTolerations, validateTopologySpread } from './scheduling.ts';
import { validateOS, validatePodSecurityContext, visitContainers } from './security-context.ts';
import { validateVolumes } from './volumes.ts';

export const mirrorAnnotation = 'kubernetes.io/config.mirror';
const maxInt32 = 2147483647;

function validateResourceClaims(
  claims: readonly PodResourceClaim[] | undefined,
  meta: ObjectMeta | undefined,
  path: string,
  errs: Errors,
): ReadonlySet<string> {
  const names = new Set<string>();
  claims?.forEach((c, i) => {
    const p = `${path}[${i}]`;
    if (meta?.annotations?.[mirrorAnnotation] !== undefined) {
      errs.push(forbiddenField('', 'static pods do not support resource claims'));
      return;
    }
    if (!c.name) errs.push(required(`${p}.name`));
    else if (names.has(c.name)) errs.push(duplicate(`${p}.name`, c.name));
    else {
      validateDNS1123Label(c.name, `${p}.name`, errs);
      names.add(c.name);
    }
    const internal = {
      Name: c.name,
      ResourceClaimName: c.resourceClaimName ?? null,
      ResourceClaimTemplateName: c.resourceClaimTemplateName ?? null,
    };
    if (c.resourceClaimName !== undefined && c.resourceClaimTemplateName !== undefined)
      errs.push(
        invalidValue(p, internal, 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'),
      );
    if (c.resourceClaimName === undefined && c.resourceClaimTemplateName === undefined)
      errs.push(invalidValue(p, internal, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'));
    for (const field of ['resourceClaimName', 'resourceClaimTemplateName'] as const)
      if (c[field] !== undefined) validateDNS1123Subdomain(c[field], `${p}.${field}`, errs);
  });
  return names;
}

function validateDNSConfig(s: PodSpec, path: string, errs: Errors): void {
  const c = s.dnsConfig;
  if (s.dnsPolicy === 'None') {
    if (!c) {
      errs.push(required(path, 'must provide `dnsConfig` when `dnsPolicy` is None'));
      return;
    }
    if (!c.nameservers?.length) {
      errs.push(required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'));
      return;
    }
  }
  if (!c) return;
  if ((c.nameservers?.length ?? 0) > 3)
    errs.push(invalidValue(`${path}.nameservers`, c.nameservers, 'must not have more than 3 nameservers'));
  c.nameservers?.forEach((n, i) => {
    validateIP(n, `${path}.nameservers[${i}]`, errs);
  });
  const searches = c.searches ?? [];
  if (searches.length > 32)
    errs.push(invalidValue(`${path}.searches`, searches, 'must not have more than 32 search paths'));
  if (searches.join(' ').length > 2048)
    errs.push(
      invalidValue(
        `${path}.searches`,
        searches,
        'must not have more than 2048 characters (including spaces) in the search list',
      ),
    );
  searches.forEach((search, i) => {
    if (search === '.') return;
    const name = search.endsWith('.') ? search.slice(0, -1) : search;
    for (const m of isDns1123SubdomainWithUnderscore(name)) errs.push(invalidValue(`${path}.searches[${i}]`, name, m));
  });
  c.options?.forEach((o, i) => {
    if (!o.name) errs.push(required(`${path}.options[${i}]`, 'must not be empty'));
  });
}

function validatePodResources(s: PodSpec, claims: ReadonlySet<string>, path: string, errs: Errors): void {
  const r = s.resources;
  if (!r) return;
  if (s.os?.name === 'windows') {
    errs.push(forbiddenField(path, 'may not be set for a windows pod'));
    return;
  }
  if (r.claims) errs.push(forbiddenField(`${path}.claims`, 'claims may not be set for Resources at pod-level'));
  validateResources(r, claims, path, errs, validatePodResourceName);
  for (const part of ['requests', 'limits'] as const)
    for (const [name, sum] of Object.entries(aggregateContainers(s, part))) {
      const given = r[part]?.[name];
      if (given === undefined || (part === 'limits' && !isHugePages(name)) || cmpQuantity(sum, given) <= 0) continue;
      errs.push(
        invalidValue(
          `${path}.${part}[${name}]`,
          given,
          `must be greater than or equal to aggregate container ${part} of ${sum}`,
        ),
      );
    }
  s.containers?.forEach((c, i) => {
    for (const [name, q] of Object.entries(c.resources?.limits ?? {})) {
      const most = r.limits?.[name];
      if (most !== undefined && cmpQuantity(q, most) > 0)
        errs.push(
          invalidValue(
            `${path}.containers[${i}][${name}].limits`,
            q,
            `must be less than or equal to pod limits of ${most}`,
          ),
        );
    }
  });
}

function validateHostNamespaces(s: PodSpec, inPod: boolean, path: string, errs: Errors): void {
  if (s.hostNetwork)
    s.containers?.forEach((c, i) => {
      c.ports?.forEach((p, j) => {
        const host = p.hostPort ?? 0;
        if ((inPod || host !== 0) && host !== p.containerPort)
          errs.push(
            invalidValue(
              `${path}.containers[${i}].ports[${j}].hostPort`,
              host,
              'must match `containerPort` when `hostNetwork` is true',
            ),
          );
      });
    });
  if (s.hostUsers !== false) return;
  const why = 'when `hostUsers` is false';
  if (s.hostNetwork) errs.push(forbiddenField(`${path}.hostNetwork`, why));
  if (s.hostPID) errs.push(forbiddenField(`${path}.HostPID`, why));
  if (s.hostIPC) errs.push(forbiddenField(`${path}.HostIPC`, why));
  visitContainers(s, path, (c, p) => {
    if (c.volumeDevices?.length) errs.push(forbiddenField(`${p}.volumeDevices`, why));
  });
}

function validateNames(s: PodSpec, path: string, errs: Errors): void {
  const override = s.hostnameOverride;
  if (override !== undefined) {
    const p = `${path}.hostnameOverride`;
    if (s.setHostnameAsFQDN) errs.push(forbiddenField(p, 'may not be specified when setHostnameAsFQDN is true'));
    if (s.hostNetwork) errs.push(forbiddenField(p, 'may not be specified when hostNetwork is true'));
    if (override.length > 64) errs.push(tooLong(p, 64));
    validateDNS1123Subdomain(override, p, errs);
  }
  if (s.serviceAccountName) validateDNS1123Subdomain(s.serviceAccountName, `${path}.serviceAccountName`, errs);
  if (s.nodeName) validateDNS1123Subdomain(s.nodeName, `${path}.nodeName`, errs);
  const deadline = s.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > maxInt32))
    errs.push(invalidValue(`${path}.activeDeadlineSeconds`, deadline, inclusiveRangeError(1, maxInt32)));
  if (s.hostname) validateDNS1123Label(s.hostname, `${path}.hostname`, errs);
  if (s.subdomain) validateDNS1123Label(s.subdomain, `${path}.subdomain`, errs);
}

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
export const preemptionPolicies = ['PreemptLowerPriority', 'Never'];

function oneOf(v: string | undefined, supported: readonly string[], path: string, errs: Errors): void {
  if (!v) errs.push(required(path));
  else if (!supported.includes(v)) errs.push(unsupported(path, v, supported));
}

function validateFileKeyRefs(s: PodSpec, path: string, errs: Errors): void {
  visitContainers(s, path, (c, p) => {
    c.env?.forEach((e, i) => {
      const name = e.valueFrom?.fileKeyRef?.volumeName;
      if (name === undefined) return;
      const at = `${p}.env[${i}].valueFrom.fileKeyRef.volumeName`;
      const volume = s.volumes?.find((v) => v.name === name);
      if (!volume) errs.push(notFoundField(at, name));
      else if (!volume.emptyDir) errs.push(invalidValue(at, name, 'referenced volume must be of type emptyDir'));
    });
  });
}

/** `meta` is the pod's own metadata; absent when the spec is part of a template. */
export function validatePodSpec(s: PodSpec, meta: ObjectMeta | undefined, path: string, errs: Errors): void {
  if (s.terminationGracePeriodSeconds === undefined) errs.push(required(`${path}.terminationGracePeriodSeconds`));
  const volumes = validateVolumes(s.volumes, meta, `${path}.volumes`, errs);
  const claimNames = validateResourceClaims(s.resourceClaims, meta, `${path}.resourceClaims`, errs);
  const setting: ContainerSetting = { spec: s, volumes, claimNames, hostUsers: s.hostUsers !== false };
  validateContainers(setting, `${path}.containers`, errs);
  validateInitContainers(setting, `${path}.initContainers`, errs);
  validateEphemeralContainers(setting, `${path}.ephemeralContainers`, errs);
  validatePodResources(s, claimNames, `${path}.resources`, errs);
  oneOf(s.restartPolicy, restartPolicies, `${path}.restartPolicy`, errs);
  oneOf(s.dnsPolicy, dnsPolicies, `${path}.dnsPolicy`, errs);
  validateLabels(s.nodeSelector, `${path}.nodeSelector`, errs);
  validatePodSecurityContext(s, `${path}.securityContext`, errs);
  validateAffinity(s.affinity, `${path}.affinity`, errs);
  validateDNSConfig(s, `${path}.dnsConfig`, errs);
  s.readinessGates?.forEach((g, i) => {
    validateQualifiedName(g.conditionType, `${path}.readinessGates[${i}].conditionType`, errs);
  });
  const gates = new Set<string>();
  s.schedulingGates?.forEach((g, i) => {
    validateQualifiedName(g.name, `${path}.schedulingGates[${i}]`, errs);
    if (gates.has(g.name)) errs.push(duplicate(`${path}.schedulingGates[${i}]`, g.name));
    gates.add(g.name);
  });
  validateTopologySpread(s.topologySpreadConstraints, `${path}.topologySpreadConstraints`, errs);
  validateHostNamespaces(s, meta !== undefined, path, errs);
  validateNames(s, path, errs);
  validateTolerations(s.tolerations, `${path}.tolerations`, errs);
  s.hostAliases?.forEach((a, i) => {
    validateIP(a.ip, `${path}.hostAliases[${i}].ip`, errs);
    a.hostnames?.forEach((h, j) => {
      validateDNS1123Subdomain(h, `${path}.hostAliases[${i}].hostnames[${j}]`, errs);
    });
  });
  if (s.priorityClassName) validateDNS1123Subdomain(s.priorityClassName, `${path}.priorityClassName`, errs);
  if (s.runtimeClassName !== undefined) validateDNS1123Subdomain(s.runtimeClassName, `${path}.runtimeClassName`, errs);
  if (s.preemptionPolicy !== undefined) oneOf(s.preemptionPolicy, preemptionPolicies, `${path}.preemptionPolicy`, errs);
  if (s.overhead) validateResources({ limits: s.overhead }, new Set(), `${path}.overhead`, errs);
  validateOS(s, path, errs);
  validateFileKeyRefs(s, path, errs);
}

/** Annotations that mean something to pods. */
export function validatePodAnnotations(
  annotations: ObjectMeta['annotations'],
  spec: PodSpec,
  path: string,
  errs: Errors,
): void {
  if (!annotations) return;
  const mirror = annotations[mirrorAnnotation];
  if (mirror !== undefined && !spec.nodeName)
    errs.push(
      invalidValue(`${path}[${mirrorAnnotation}]`, mirror, 'must set spec.nodeName if mirror pod annotation is set'),
    );
  const costKey = 'controller.kubernetes.io/pod-deletion-cost';
  const cost = annotations[costKey];
  if (cost !== undefined && (!/^(0|-?[1-9]\d*)$/.test(cost) || Math.abs(Number(cost)) > maxInt32))
    errs.push(invalidValue(`${path}[${costKey}]`, cost, 'must be a 32bit integer'));
}

export function validatePodTemplateSpec(t: PodTemplateSpec, path: string, errs: Errors): void {
  validateLabels(t.metadata?.labels, `${path}.labels`, errs);
  validateAnnotations(t.metadata?.annotations, `${path}.annotations`, errs);
  validatePodAnnotations(t.metadata?.annotations, t.spec, `${path}.annotations`, errs);
  validatePodSpec(t.spec, undefined, `${path}.spec`, errs);
  if (t.spec.ephemeralContainers?.length)
    errs.push(forbiddenField(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'));
}
