/** Security contexts of containers and pods (upstream: validation.go ValidateSecurityContext, validatePodSpecSecurityContext). */
import { duplicate, forbiddenField, invalidValue, required, tooLong } from '../../../../schema/field-error.ts';
import { type Errors, unsupported } from '../../../meta/v1/validation.ts';
import { isUserId } from '../../../../machinery/names.ts';
import type {
  AppArmorProfile,
  Container,
  PodSecurityContext,
  PodSpec,
  SeccompProfile,
  SecurityContext,
} from '../types.ts';
import { validateDescendingPath } from './paths.ts';

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function validateSeccomp(p: SeccompProfile | undefined, path: string, errs: Errors): void {
  if (!p) return;
  if (!p.type) errs.push(required(`${path}.type`, 'type is required when seccompProfile is set'));
  else if (!profileTypes.includes(p.type)) errs.push(unsupported(`${path}.type`, p.type, profileTypes));
  const file = p.localhostProfile;
  if (p.type === 'Localhost') {
    if (file === undefined)
      errs.push(required(`${path}.localhostProfile`, 'must be set when seccomp type is Localhost'));
    else validateDescendingPath(file, `${path}.localhostProfile`, errs);
  } else if (file !== undefined)
    errs.push(invalidValue(`${path}.localhostProfile`, p, 'can only be set when seccomp type is Localhost'));
}

function validateAppArmor(p: AppArmorProfile | undefined, path: string, errs: Errors): void {
  if (!p) return;
  const name = p.localhostProfile;
  const at = `${path}.localhostProfile`;
  if (p.type === 'Localhost') {
    if (name === undefined || name === '') errs.push(required(at, 'must be set when AppArmor type is Localhost'));
    else if (name.trim() !== name) errs.push(invalidValue(at, name, 'must not be padded with whitespace'));
    if ((name?.length ?? 0) > 4095) errs.push(tooLong(at, 4095));
  } else if (p.type === 'RuntimeDefault' || p.type === 'Unconfined') {
    if (name !== undefined) errs.push(invalidValue(at, name, 'can only be set when AppArmor type is Localhost'));
  } else if (!p.type) errs.push(required(`${path}.type`, 'type is required when appArmorProfile is set'));
  else errs.push(unsupported(`${path}.type`, p.type, profileTypes));
}

function validateId(id: number | undefined, path: string, errs: Errors): void {
  if (id !== undefined) for (const m of isUserId(id)) errs.push(invalidValue(path, id, m));
}

/** `hostUsers`: the pod is in the host's user namespace. */
export function validateSecurityContext(
  sc: SecurityContext | undefined,
  hostUsers: boolean,
  path: string,
  errs: Errors,
): void {
  if (!sc) return;
  validateId(sc.runAsUser, `${path}.runAsUser`, errs);
  validateId(sc.runAsGroup, `${path}.runAsGroup`, errs);
  if (sc.procMount !== undefined) {
    if (sc.procMount !== 'Default' && sc.procMount !== 'Unmasked')
      errs.push(unsupported(`${path}.procMount`, sc.procMount, ['Default', 'Unmasked']));
    if (hostUsers && sc.procMount === 'Unmasked')
      errs.push(invalidValue(`${path}.procMount`, sc.procMount, '`hostUsers` must be false to use `Unmasked`'));
  }
  validateSeccomp(sc.seccompProfile, `${path}.seccompProfile`, errs);
  if (sc.allowPrivilegeEscalation === false) {
    if (sc.privileged)
      errs.push(
        invalidValue(path, internalForm(sc), 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'),
      );
    if (sc.capabilities?.add?.includes('CAP_SYS_ADMIN'))
      errs.push(
        invalidValue(
          path,
          internalForm(sc),
          'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
        ),
      );
  }
  validateAppArmor(sc.appArmorProfile, `${path}.appArmorProfile`, errs);
}

/** Upstream prints its internal struct here: Go field names, every field. */
const internalForm = (sc: SecurityContext): unknown => ({
  Capabilities: sc.capabilities ? { Add: sc.capabilities.add ?? null, Drop: sc.capabilities.drop ?? null } : null,
  Privileged: sc.privileged ?? null,
  SELinuxOptions: sc.seLinuxOptions ?? null,
  WindowsOptions: sc.windowsOptions ?? null,
  RunAsUser: sc.runAsUser ?? null,
  RunAsGroup: sc.runAsGroup ?? null,
  RunAsNonRoot: sc.runAsNonRoot ?? null,
  ReadOnlyRootFilesystem: sc.readOnlyRootFilesystem ?? null,
  AllowPrivilegeEscalation: sc.allowPrivilegeEscalation ?? null,
  ProcMount: sc.procMount ?? null,
  SeccompProfile: sc.seccompProfile ?? null,
  AppArmorProfile: sc.appArmorProfile ?? null,
});

const sysctlFmt = '([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const sysctlRe = new RegExp(`^${sysctlFmt}$`);
/** Which namespace isolates a sysctl (upstream: component-helpers/node/util/sysctl). */
function sysctlNamespace(name: string): 'net' | 'ipc' | undefined {
  const dotted = name.replaceAll('/', '.');
  if (dotted.startsWith('net.')) return 'net';
  if (
    dotted.startsWith('kernel.shm') ||
    dotted.startsWith('kernel.msg') ||
    dotted.startsWith('fs.mqueue.') ||
    dotted === 'kernel.sem'
  )
    return 'ipc';
  return undefined;
}

function validateSysctls(spec: PodSpec, sysctls: PodSecurityContext['sysctls'], path: string, errs: Errors): void {
  const seen = new Set<string>();
  sysctls?.forEach((s, i) => {
    const p = `${path}[${i}].name`;
    if (!s.name) errs.push(required(p));
    else if (s.name.length > 253 || !sysctlRe.test(s.name))
      errs.push(invalidValue(p, s.name, `must have at most 253 characters and match regex ^${sysctlFmt}$`));
    else if (seen.has(s.name)) errs.push(duplicate(p, s.name));
    const ns = sysctlNamespace(s.name);
    if (spec.hostNetwork && ns === 'net')
      errs.push(invalidValue(p, s.name, "may not be specified when 'hostNetwork' is true"));
    else if (spec.hostIPC && ns === 'ipc')
      errs.push(invalidValue(p, s.name, "may not be specified when 'hostIPC' is true"));
    seen.add(s.name);
  });
}

export function validatePodSecurityContext(spec: PodSpec, path: string, errs: Errors): void {
  const sc = spec.securityContext;
  if (spec.shareProcessNamespace && spec.hostPID)
    errs.push(
      invalidValue(`${path}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'),
    );
  if (!sc) return;
  validateId(sc.fsGroup, `${path}.fsGroup`, errs);
  validateId(sc.runAsUser, `${path}.runAsUser`, errs);
  validateId(sc.runAsGroup, `${path}.runAsGroup`, errs);
  sc.supplementalGroups?.forEach((g, i) => {
    validateId(g, `${path}.supplementalGroups[${i}]`, errs);
  });
  if (sc.sysctls) validateSysctls(spec, sc.sysctls, `${path}.sysctls`, errs);
  const oneOf = (v: string | undefined, supported: readonly string[], field: string) => {
    if (v !== undefined && !supported.includes(v)) errs.push(unsupported(`${path}.${field}`, v, supported));
  };
  oneOf(sc.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], 'fsGroupChangePolicy');
  validateSeccomp(sc.seccompProfile, `${path}.seccompProfile`, errs);
  validateAppArmor(sc.appArmorProfile, `${path}.appArmorProfile`, errs);
  oneOf(sc.supplementalGroupsPolicy, ['Merge', 'Strict'], 'supplementalGroupsPolicy');
  oneOf(sc.seLinuxChangePolicy, ['MountOption', 'Recursive'], 'seLinuxChangePolicy');
}

type Visit = (c: Pick<Container, 'name' | 'securityContext' | 'volumeDevices' | 'env'>, path: string) => void;
/** Every container of the spec: init containers, containers, ephemeral ones, as upstream visits them. */
export function visitContainers(spec: PodSpec, path: string, visit: Visit): void {
  spec.initContainers?.forEach((c, i) => {
    visit(c, `${path}.initContainers[${i}]`);
  });
  spec.containers?.forEach((c, i) => {
    visit(c, `${path}.containers[${i}]`);
  });
  spec.ephemeralContainers?.forEach((c, i) => {
    visit(c, `${path}.ephemeralContainers[${i}]`);
  });
}

const noWindows = {
  pod: [
    ['securityContext', 'appArmorProfile'],
    ['securityContext', 'seLinuxOptions'],
    ['', 'hostUsers'],
    ['', 'hostPID'],
    ['', 'hostIPC'],
    ['securityContext', 'seccompProfile'],
    ['securityContext', 'fsGroup'],
    ['securityContext', 'fsGroupChangePolicy'],
    ['securityContext', 'sysctls'],
    ['', 'shareProcessNamespace'],
    ['securityContext', 'runAsUser'],
    ['securityContext', 'runAsGroup'],
    ['securityContext', 'supplementalGroups'],
    ['securityContext', 'supplementalGroupsPolicy'],
    ['securityContext', 'seLinuxChangePolicy'],
  ],
  container: [
    'appArmorProfile',
    'seLinuxOptions',
    'seccompProfile',
    'capabilities',
    'readOnlyRootFilesystem',
    'privileged',
    'allowPrivilegeEscalation',
    'procMount',
    'runAsUser',
    'runAsGroup',
  ],
} as const;

/** What `spec.os` rules out (upstream: validateOS, validateLinux, validateWindows). */
export function validateOS(spec: PodSpec, path: string, errs: Errors): void {
  const os = spec.os;
  if (!os) return;
  if (!os.name) errs.push(required(`${path}.os.name`));
  else if (os.name === 'linux') {
    const why = 'windows options cannot be set for a linux pod';
    if (spec.securityContext?.windowsOptions) errs.push(forbiddenField(`${path}.securityContext.windowsOptions`, why));
    visitContainers(spec, path, (c, p) => {
      if (c.securityContext?.windowsOptions) errs.push(forbiddenField(`${p}.securityContext.windowsOptions`, why));
    });
  } else if (os.name === 'windows') {
    const why = 'cannot be set for a windows pod';
    const sc = (spec.securityContext ?? {}) as Readonly<Record<string, unknown>>;
    const whole = spec as unknown as Readonly<Record<string, unknown>>;
    for (const [part, field] of noWindows.pod) {
      const v = part ? sc[field] : whole[field];
      const unset = v === undefined || ((field === 'hostPID' || field === 'hostIPC') && v === false);
      if (!unset) errs.push(forbiddenField(part ? `${path}.${part}.${field}` : `${path}.${field}`, why));
    }
    visitContainers(spec, path, (c, p) => {
      for (const field of noWindows.container)
        if (c.securityContext?.[field] !== undefined) errs.push(forbiddenField(`${p}.securityContext.${field}`, why));
    });
  } else errs.push(unsupported(`${path}.os`, os.name, ['linux', 'windows']));
}
