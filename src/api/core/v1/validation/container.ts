/** Containers of pods and templates (upstream: validation.go validateContainers, validateInitContainers, validateContainerCommon). */
import {
  duplicate,
  forbiddenField,
  invalidValue,
  notFoundField,
  required,
  tooMany,
} from '../../../../schema/field-error.ts';
import { type Errors, unsupported, validateDNS1123Label } from '../../../meta/v1/validation.ts';
import { isPortName, isPortNumber } from '../../../../machinery/names.ts';
import type { Container, ContainerPort, EphemeralContainer, PodSpec, VolumeDevice, VolumeMount } from '../types.ts';
import { validateEnv, validateEnvFrom } from './env.ts';
import { validateDescendingPath } from './paths.ts';
import { validateLifecycle, validateProbes } from './probes.ts';
import { validateResources } from './resources.ts';
import { validateSecurityContext } from './security-context.ts';
import { pullPolicies, type Volumes } from './volumes.ts';

/** What containers are judged against. */
export interface ContainerSetting {
  readonly spec: PodSpec;
  readonly volumes: Volumes;
  readonly claimNames: ReadonlySet<string>;
  readonly hostUsers: boolean;
}

export const protocols = ['SCTP', 'TCP', 'UDP'];

function validatePorts(ports: readonly ContainerPort[] | undefined, path: string, errs: Errors): void {
  if (!ports) return;
  const names = new Set<string>();
  for (let i = 0; i < ports.length; i++) {
    const port = ports[i]!;
    if (port.name) {
      const messages = isPortName(port.name);
      for (const m of messages) errs.push(invalidValue(`${path}[${i}].name`, port.name, m));
      if (messages.length === 0) {
        if (names.has(port.name)) errs.push(duplicate(`${path}[${i}].name`, port.name));
        names.add(port.name);
      }
    }
    if (!port.containerPort) errs.push(required(`${path}[${i}].containerPort`));
    else
      for (const m of isPortNumber(port.containerPort))
        errs.push(invalidValue(`${path}[${i}].containerPort`, port.containerPort, m));
    if (port.hostPort)
      for (const m of isPortNumber(port.hostPort)) errs.push(invalidValue(`${path}[${i}].hostPort`, port.hostPort, m));
    if (!port.protocol) errs.push(required(`${path}[${i}].protocol`));
    else if (!protocols.includes(port.protocol))
      errs.push(unsupported(`${path}[${i}].protocol`, port.protocol, protocols));
  }
}

const propagations = ['Bidirectional', 'HostToContainer', 'None'];
const recursions = ['Disabled', 'Enabled', 'IfPossible'];

function validateMounts(c: Container, s: ContainerSetting, path: string, errs: Errors): void {
  const mounts: readonly VolumeMount[] = c.volumeMounts ?? [];
  const points = new Set<string>();
  for (let i = 0; i < mounts.length; i++) {
    const m = mounts[i]!;
    if (!m.name) errs.push(required(`${path}[${i}].name`));
    if (!s.volumes.has(m.name)) errs.push(notFoundField(`${path}[${i}].name`, m.name ?? ''));
    if (!m.mountPath) errs.push(required(`${path}[${i}].mountPath`));
    if (points.has(m.mountPath)) errs.push(invalidValue(`${path}[${i}].mountPath`, m.mountPath, 'must be unique'));
    points.add(m.mountPath);
    if (c.volumeDevices?.some((d) => d.name === m.name))
      errs.push(invalidValue(`${path}[${i}].name`, m.name, 'must not already exist in volumeDevices'));
    if (c.volumeDevices?.some((d) => d.devicePath === m.mountPath))
      errs.push(
        invalidValue(`${path}[${i}].mountPath`, m.mountPath, 'must not already exist as a path in volumeDevices'),
      );
    if (m.subPath) validateDescendingPath(m.subPath, `${path}.subPath`, errs);
    if (m.subPathExpr) {
      if (m.subPath)
        errs.push(
          invalidValue(`${path}[${i}].subPathExpr`, m.subPathExpr, 'subPathExpr and subPath are mutually exclusive'),
        );
      validateDescendingPath(m.subPathExpr, `${path}.subPathExpr`, errs);
    }
    const propagation = m.mountPropagation;
    if (propagation !== undefined) {
      if (!propagations.includes(propagation))
        errs.push(unsupported(`${path}.mountPropagation`, propagation, propagations));
      if (propagation === 'Bidirectional' && !c.securityContext?.privileged)
        errs.push(
          forbiddenField(
            `${path}.mountPropagation`,
            'Bidirectional mount propagation is available only to privileged containers',
          ),
        );
    }
    const recursive = m.recursiveReadOnly;
    if (recursive === 'Enabled' || recursive === 'IfPossible') {
      if (!m.readOnly)
        errs.push(forbiddenField(`${path}.recursiveReadOnly`, 'may only be specified when readOnly is true'));
      if (propagation !== undefined && propagation !== 'None')
        errs.push(
          forbiddenField(
            `${path}.recursiveReadOnly`,
            'may only be specified when mountPropagation is None or not specified',
          ),
        );
    } else if (recursive !== undefined && recursive !== 'Disabled')
      errs.push(unsupported(`${path}.recursiveReadOnly`, recursive, recursions));
  }
}

function validateDevices(c: Container, s: ContainerSetting, path: string, errs: Errors): void {
  const devices: readonly VolumeDevice[] = c.volumeDevices ?? [];
  const names = new Set<string>();
  const paths = new Set<string>();
  devices.forEach((d, i) => {
    const name = `${path}[${i}].name`;
    const at = `${path}[${i}].devicePath`;
    const volume = s.volumes.get(d.name);
    if (!d.name) errs.push(required(name));
    if (names.has(d.name)) errs.push(invalidValue(name, d.name, 'must be unique'));
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral)
      errs.push(
        invalidValue(
          name,
          d.name,
          'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
        ),
      );
    if (!volume) errs.push(notFoundField(name, d.name));
    if (!d.devicePath) errs.push(required(at));
    if (paths.has(d.devicePath)) errs.push(invalidValue(at, d.devicePath, 'must be unique'));
    if (d.devicePath?.split('/').includes('..'))
      errs.push(invalidValue(at, d.devicePath, "can not contain backsteps ('..')"));
    else paths.add(d.devicePath);
    if (c.volumeMounts?.some((m) => m.name === d.name))
      errs.push(invalidValue(name, d.name, 'must not already exist in volumeMounts'));
    if (c.volumeMounts?.some((m) => m.mountPath === d.devicePath))
      errs.push(invalidValue(at, d.devicePath, 'must not already exist as a path in volumeMounts'));
    if (d.name) names.add(d.name);
  });
}

function validateResizePolicy(c: Container, s: ContainerSetting, path: string, errs: Errors): void {
  const seen = new Set<string>();
  c.resizePolicy?.forEach((p, i) => {
    if (seen.has(p.resourceName)) errs.push(duplicate(`${path}[${i}]`, p.resourceName));
    seen.add(p.resourceName);
    if (!p.resourceName) errs.push(required(path));
    else if (p.resourceName !== 'cpu' && p.resourceName !== 'memory')
      errs.push(unsupported(path, p.resourceName, ['cpu', 'memory']));
    if (!p.restartPolicy) errs.push(required(path));
    else if (p.restartPolicy !== 'NotRequired' && p.restartPolicy !== 'RestartContainer')
      errs.push(unsupported(path, p.restartPolicy, ['NotRequired', 'RestartContainer']));
    if (s.spec.restartPolicy === 'Never' && p.restartPolicy !== 'NotRequired')
      errs.push(invalidValue(path, p.restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"));
  });
}

const messagePolicies = ['File', 'FallbackToLogsOnError'];

/** What every container must satisfy, of whichever list it is. */
export function validateContainerCommon(c: Container, s: ContainerSetting, path: string, errs: Errors): void {
  if (!c.name) errs.push(required(`${path}.name`));
  else validateDNS1123Label(c.name, `${path}.name`, errs);
  if (!c.image) errs.push(required(`${path}.image`));
  const messages = c.terminationMessagePolicy;
  if (!messages) errs.push(required(`${path}.terminationMessagePolicy`));
  else if (!messagePolicies.includes(messages))
    errs.push(unsupported(`${path}.terminationMessagePolicy`, messages, messagePolicies));
  validatePorts(c.ports, `${path}.ports`, errs);
  validateEnv(c.env, `${path}.env`, errs);
  validateEnvFrom(c.envFrom, `${path}.envFrom`, errs);
  if (c.volumeMounts) validateMounts(c, s, `${path}.volumeMounts`, errs);
  if (c.volumeDevices) validateDevices(c, s, `${path}.volumeDevices`, errs);
  if (!c.imagePullPolicy) errs.push(required(`${path}.imagePullPolicy`));
  else if (!pullPolicies.includes(c.imagePullPolicy))
    errs.push(unsupported(`${path}.imagePullPolicy`, c.imagePullPolicy, pullPolicies));
  validateResources(c.resources, s.claimNames, `${path}.resources`, errs);
  if (c.resizePolicy) validateResizePolicy(c, s, `${path}.resizePolicy`, errs);
  validateSecurityContext(c.securityContext, s.hostUsers, `${path}.securityContext`, errs);
}

const restartPolicies = ['Always', 'Never', 'OnFailure'];
const ruleActions = ['Restart', 'RestartAllContainers'];

function validateRestartPolicy(c: Container, path: string, errs: Errors): void {
  const rules = c.restartPolicyRules ?? [];
  if (c.restartPolicy === undefined) {
    if (rules.length === 0) return;
    errs.push(required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used'));
  } else if (!restartPolicies.includes(c.restartPolicy))
    errs.push(unsupported(`${path}.restartPolicy`, c.restartPolicy, restartPolicies));
  if (rules.length > 20) errs.push(tooMany(`${path}.restartPolicyRules`, rules.length, 20));
  rules.forEach((r, i) => {
    const p = `${path}.restartPolicyRules[${i}]`;
    if (!ruleActions.includes(r.action)) errs.push(unsupported(`${p}.action`, r.action, ruleActions));
    if (!r.exitCodes) {
      errs.push(required(`${p}.exitCodes`, 'must be specified'));
      return;
    }
    if (r.exitCodes.operator !== 'In' && r.exitCodes.operator !== 'NotIn')
      errs.push(unsupported(`${p}.exitCodes.operator`, r.exitCodes.operator, ['In', 'NotIn']));
    const values = r.exitCodes.values ?? [];
    if (values.length > 255) errs.push(tooMany(`${p}.exitCodes.values`, values.length, 255));
  });
}

function hostPortConflicts(list: readonly (readonly [Container, string])[], errs: Errors): void {
  const seen = new Set<string>();
  for (const [c, path] of list)
    c.ports?.forEach((p, i) => {
      if (!p.hostPort) return;
      const key = `${p.protocol}/${p.hostIP ?? ''}/${p.hostPort}`;
      if (seen.has(key)) errs.push(duplicate(`${path}.ports[${i}].hostPort`, key));
      seen.add(key);
    });
}

export function validateContainers(s: ContainerSetting, path: string, errs: Errors): void {
  const containers = s.spec.containers ?? [];
  if (containers.length === 0) {
    errs.push(required(path));
    return;
  }
  const grace = s.spec.terminationGracePeriodSeconds;
  const names = new Set<string>();
  for (let i = 0; i < containers.length; i++) {
    const c = containers[i]!;
    const p = `${path}[${i}]`;
    validateContainerCommon(c, s, p, errs);
    if (names.has(c.name)) errs.push(duplicate(`${p}.name`, c.name));
    names.add(c.name);
    validateLifecycle(c.lifecycle, grace, s.spec.os, `${p}.lifecycle`, errs);
    validateProbes(c, grace, p, errs);
    validateRestartPolicy(c, p, errs);
  }
  hostPortConflicts(
    containers.map((c, i) => [c, `${path}[${i}]`] as const),
    errs,
  );
}

export function validateInitContainers(s: ContainerSetting, path: string, errs: Errors): void {
  const list = s.spec.initContainers;
  if (!list) return;
  const grace = s.spec.terminationGracePeriodSeconds;
  const names = new Set((s.spec.containers ?? []).map((c) => c.name));
  list.forEach((c, i) => {
    const p = `${path}[${i}]`;
    validateContainerCommon(c, s, p, errs);
    validateRestartPolicy(c, p, errs);
    if (names.has(c.name)) errs.push(duplicate(`${p}.name`, c.name));
    else if (c.name) names.add(c.name);
    hostPortConflicts([[c, `${path}[0]`]], errs);
    if (c.restartPolicy === 'Always') {
      validateLifecycle(c.lifecycle, grace, s.spec.os, `${p}.lifecycle`, errs);
      validateProbes(c, grace, p, errs);
      return;
    }
    for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
      if (c[field])
        errs.push(forbiddenField(`${p}.${field}`, 'may not be set for init containers without restartPolicy=Always'));
    c.resizePolicy?.forEach((r, j) => {
      if (r.restartPolicy === 'RestartContainer')
        errs.push(
          invalidValue(
            `${p}.resizePolicy[${j}].restartPolicy`,
            r.restartPolicy,
            "must not be set to 'RestartContainer' for non-sidecar initContainers",
          ),
        );
    });
  });
}

/** Fields of a container that an ephemeral one may not have, in upstream's order. */
const notEphemeral = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const;
const isSet = (v: unknown): boolean =>
  v !== undefined && v !== null && (typeof v !== 'object' || Object.keys(v).length > 0);

export function validateEphemeralContainers(s: ContainerSetting, path: string, errs: Errors): void {
  const list: readonly EphemeralContainer[] = s.spec.ephemeralContainers ?? [];
  if (list.length === 0) return;
  const others = new Set([...(s.spec.containers ?? []), ...(s.spec.initContainers ?? [])].map((c) => c.name));
  const names = new Set(others);
  list.forEach((c, i) => {
    const p = `${path}[${i}]`;
    validateContainerCommon(c as Container, s, p, errs);
    if (c.image && c.image.trim() !== c.image)
      errs.push(invalidValue(`${p}.image`, c.image, 'must not have leading or trailing whitespace'));
    if (names.has(c.name)) errs.push(duplicate(`${p}.name`, c.name));
    names.add(c.name);
    if (c.targetContainerName && !others.has(c.targetContainerName))
      errs.push(notFoundField(`${p}.targetContainerName`, c.targetContainerName));
    for (const field of notEphemeral)
      if (isSet(c[field])) errs.push(forbiddenField(`${p}.${field}`, 'cannot be set for an Ephemeral Container'));
    c.volumeMounts?.forEach((m, j) => {
      for (const field of ['subPath', 'subPathExpr'] as const)
        if (m[field])
          errs.push(forbiddenField(`${p}.volumeMounts[${j}].${field}`, 'cannot be set for an Ephemeral Container'));
    });
  });
}
