/**
 * The Pod Security Standards as a table of checks, each with the versions it changed in (pod-security-admission/policy, v1.36). A
 * check answers what is wrong with a pod, or nothing.
 */
import type { Pod, PodSpec } from '../../../api/core/v1/types.ts';

type Spec = PodSpec;
type Metadata = Pick<Pod['metadata'], 'annotations'>;
type SecurityContext = NonNullable<PodSpec['containers'][number]['securityContext']>;
type Handler = {
  readonly httpGet?: { readonly host?: string | undefined } | undefined;
  readonly tcpSocket?: { readonly host?: string | undefined } | undefined;
};

export interface Violation {
  readonly reason: string;
  readonly detail: string;
}
type CheckPod = (metadata: Metadata, spec: Spec) => Violation | undefined;

export interface Check {
  readonly id: string;
  readonly level: 'baseline' | 'restricted';
  /** By the minor version of 1.x from which on it is so, oldest first. */
  readonly versions: readonly (readonly [minor: number, check: CheckPod])[];
  /** Checks of the baseline that this one stands for. */
  readonly overrides?: readonly string[];
}

const containersOf = (s: Spec) => [...(s.initContainers ?? []), ...s.containers, ...(s.ephemeralContainers ?? [])];
const quoted = (items: readonly string[]): string => items.map((i) => `"${i}"`).join(', ');
const sorted = (items: Iterable<string>): readonly string[] => [...new Set(items)].sort();
const plural = (n: number, one: string, more = `${one}s`): string => (n === 1 ? one : more);
const named = (names: readonly string[]): string => `${plural(names.length, 'container')} ${quoted(names)}`;
const goQuoted = (s: string): string => JSON.stringify(s);

/** Names of the containers a predicate on their security context (or the container) is true of. */
const where = (s: Spec, is: (sc: SecurityContext | undefined) => boolean): readonly string[] =>
  containersOf(s)
    .filter((c) => is(c.securityContext))
    .map((c) => c.name);

/** `pod and containers "a", "b"`; '' = neither. */
const setters = (pod: boolean, containers: readonly string[]): string =>
  [...(pod ? ['pod'] : []), ...(containers.length ? [named(containers)] : [])].join(' and ');

const violation = (reason: string, detail: string): Violation => ({ reason, detail });
const notOnWindows =
  (check: CheckPod): CheckPod =>
  (m, s) =>
    s.os?.name === 'windows' ? undefined : check(m, s);
/** Users of their own make some rules needless. */
const notWithUserNamespace =
  (check: CheckPod): CheckPod =>
  (m, s) =>
    s.hostUsers === false ? undefined : check(m, s);

const allowPrivilegeEscalation: CheckPod = (_, s) => {
  const bad = where(s, (sc) => sc?.allowPrivilegeEscalation !== false);
  return bad.length
    ? violation(
        'allowPrivilegeEscalation != false',
        `${named(bad)} must set securityContext.allowPrivilegeEscalation=false`,
      )
    : undefined;
};

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';
const appArmorProfile: CheckPod = (m, s) => {
  const isBad = (type: string | undefined) => type !== undefined && type !== 'RuntimeDefault' && type !== 'Localhost';
  const podType = s.securityContext?.appArmorProfile?.type;
  const bad = where(s, (sc) => isBad(sc?.appArmorProfile?.type));
  const values = sorted(
    [podType, ...containersOf(s).map((c) => c.securityContext?.appArmorProfile?.type)].filter(
      (t): t is string => t !== undefined && isBad(t),
    ),
  );
  const annotations = Object.entries(m.annotations ?? {})
    .filter(
      ([k, v]) => k.startsWith(appArmorPrefix) && v !== '' && v !== 'runtime/default' && !v.startsWith('localhost/'),
    )
    .map(([k, v]) => `${k}=${goQuoted(v)}`)
    .sort();
  const by = [setters(isBad(podType), bad), annotations.length ? plural(annotations.length, 'annotation') : '']
    .filter(Boolean)
    .join(' and ');
  const all = [...values, ...annotations];
  return by
    ? violation(
        plural(all.length, 'forbidden AppArmor profile'),
        `${by} must not set AppArmor profile type to ${quoted(all)}`,
      )
    : undefined;
};

const defaultCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);
const added = (s: Spec, forbidden: (c: string) => boolean): readonly string[] =>
  sorted(containersOf(s).flatMap((c) => (c.securityContext?.capabilities?.add ?? []).filter(forbidden)));
const addedBy = (s: Spec, forbidden: (c: string) => boolean): string | undefined => {
  const bad = where(s, (sc) => sc?.capabilities?.add?.some(forbidden) ?? false);
  return bad.length
    ? `${named(bad)} must not include ${quoted(added(s, forbidden))} in securityContext.capabilities.add`
    : undefined;
};
const capabilitiesBaseline: CheckPod = (_, s) => {
  const detail = addedBy(s, (c) => !defaultCapabilities.has(c));
  return detail === undefined ? undefined : violation('non-default capabilities', detail);
};
const capabilitiesRestricted: CheckPod = (_, s) => {
  const keeping = where(s, (sc) => !sc?.capabilities?.drop?.includes('ALL'));
  const details = [
    keeping.length ? `${named(keeping)} must set securityContext.capabilities.drop=["ALL"]` : undefined,
    addedBy(s, (c) => c !== 'NET_BIND_SERVICE'),
  ].filter((d) => d !== undefined);
  return details.length ? violation('unrestricted capabilities', details.join('; ')) : undefined;
};

const hostNamespaces: CheckPod = (_, s) => {
  const set = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((f) => s[f]).map((f) => `${f}=true`);
  return set.length ? violation('host namespaces', set.join(', ')) : undefined;
};

const hostPathVolumes: CheckPod = (_, s) => {
  const bad = (s.volumes ?? []).filter((v) => v.hostPath !== undefined).map((v) => v.name);
  return bad.length ? violation('hostPath volumes', `${plural(bad.length, 'volume')} ${quoted(bad)}`) : undefined;
};

const hostPorts: CheckPod = (_, s) => {
  const bad = containersOf(s).filter((c) => c.ports?.some((p) => p.hostPort));
  const ports = sorted(bad.flatMap((c) => (c.ports ?? []).filter((p) => p.hostPort).map((p) => String(p.hostPort))));
  return bad.length
    ? violation(
        'hostPort',
        `${named(bad.map((c) => c.name))} ${plural(bad.length, 'uses', 'use')} ${plural(ports.length, 'hostPort')} ${ports.join(', ')}`,
      )
    : undefined;
};

const hostsOf = (h: Handler | undefined): readonly string[] =>
  [h?.httpGet?.host, h?.tcpSocket?.host].filter((x): x is string => !!x);
const hostProbes: CheckPod = (_, s) => {
  const hosts = new Map(
    containersOf(s).map((c) => [
      c.name,
      [c.livenessProbe, c.readinessProbe, c.startupProbe, c.lifecycle?.postStart, c.lifecycle?.preStop].flatMap(
        hostsOf,
      ),
    ]),
  );
  const bad = sorted([...hosts].filter(([, h]) => h.length).map(([name]) => name));
  const all = sorted([...hosts.values()].flat());
  return bad.length
    ? violation(
        'probe or lifecycle host',
        `${named(bad)} ${plural(bad.length, 'uses', 'use')} ${plural(all.length, 'probe or lifecycle host')} ${quoted(all)}`,
      )
    : undefined;
};

const privileged: CheckPod = (_, s) => {
  const bad = where(s, (sc) => sc?.privileged === true);
  return bad.length ? violation('privileged', `${named(bad)} must not set securityContext.privileged=true`) : undefined;
};

const procMount: CheckPod = (_, s) => {
  const isBad = (p: string | undefined) => p !== undefined && p !== 'Default';
  const bad = where(s, (sc) => isBad(sc?.procMount));
  const values = sorted(
    containersOf(s).flatMap((c) => (isBad(c.securityContext?.procMount) ? [c.securityContext!.procMount!] : [])),
  );
  return bad.length
    ? violation('procMount', `${named(bad)} must not set securityContext.procMount to ${quoted(values)}`)
    : undefined;
};

const allowedVolumes =
  'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret'.split(' ');
const otherVolumes =
  'hostPath gcePersistentDisk awsElasticBlockStore gitRepo nfs iscsi glusterfs rbd flexVolume cinder cephfs flocker fc azureFile vsphereVolume quobyte azureDisk photonPersistentDisk portworxVolume scaleIO storageos'.split(
    ' ',
  );
const restrictedVolumes: CheckPod = (_, s) => {
  const has = (v: object, type: string) => (v as Readonly<Record<string, unknown>>)[type] !== undefined;
  const bad = (s.volumes ?? []).filter((v) => !allowedVolumes.some((t) => has(v, t)));
  const types = sorted(bad.map((v) => otherVolumes.find((t) => has(v, t)) ?? 'unknown'));
  return bad.length
    ? violation(
        'restricted volume types',
        `${plural(bad.length, 'volume')} ${quoted(bad.map((v) => v.name))} ${plural(bad.length, 'uses', 'use')} ${plural(types.length, 'restricted volume type')} ${quoted(types)}`,
      )
    : undefined;
};

const runAsNonRoot: CheckPod = (_, s) => {
  const pod = s.securityContext?.runAsNonRoot;
  const said = setters(
    pod === false,
    where(s, (sc) => sc?.runAsNonRoot === false),
  );
  if (said) return violation('runAsNonRoot != true', `${said} must not set securityContext.runAsNonRoot=false`);
  const silent = pod ? [] : where(s, (sc) => sc?.runAsNonRoot === undefined);
  return silent.length
    ? violation('runAsNonRoot != true', `pod or ${named(silent)} must set securityContext.runAsNonRoot=true`)
    : undefined;
};

const runAsUser: CheckPod = (_, s) => {
  const said = setters(
    s.securityContext?.runAsUser === 0,
    where(s, (sc) => sc?.runAsUser === 0),
  );
  return said ? violation('runAsUser=0', `${said} must not set runAsUser=0`) : undefined;
};

const seLinux =
  (types: readonly string[]): CheckPod =>
  (_, s) => {
    const all = [s.securityContext, ...containersOf(s).map((c) => c.securityContext)].flatMap(
      (sc) => sc?.seLinuxOptions ?? [],
    );
    const isBad = (o: SecurityContext['seLinuxOptions']) =>
      o !== undefined && (!types.includes(o.type ?? '') || !!o.user || !!o.role);
    const said = setters(
      isBad(s.securityContext?.seLinuxOptions),
      where(s, (sc) => isBad(sc?.seLinuxOptions)),
    );
    if (!said) return undefined;
    const badTypes = sorted(all.map((o) => o.type ?? '').filter((t) => !types.includes(t)));
    const data = [
      ...(badTypes.length ? [`${plural(badTypes.length, 'type')} ${quoted(badTypes)}`] : []),
      ...(all.some((o) => o.user) ? ['user may not be set'] : []),
      ...(all.some((o) => o.role) ? ['role may not be set'] : []),
    ];
    return violation('seLinuxOptions', `${said} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`);
  };
const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

const isGoodSeccomp = (type: string | undefined) => type === 'Localhost' || type === 'RuntimeDefault';
const badSeccomp: CheckPod = (_, s) => {
  const isBad = (sc: SecurityContext | Spec['securityContext']) =>
    sc?.seccompProfile !== undefined && !isGoodSeccomp(sc.seccompProfile.type);
  const said = setters(isBad(s.securityContext), where(s, isBad));
  if (!said) return undefined;
  const contexts = [s.securityContext, ...containersOf(s).map((c) => c.securityContext)];
  const values = sorted(contexts.filter(isBad).map((sc) => sc!.seccompProfile!.type));
  return violation('seccompProfile', `${said} must not set securityContext.seccompProfile.type to ${quoted(values)}`);
};
const seccompAnnotations: CheckPod = (m, s) => {
  const good = (v: string) => v === 'runtime/default' || v === 'docker/default' || v.startsWith('localhost/');
  const keys = [
    'seccomp.security.alpha.kubernetes.io/pod',
    ...containersOf(s).map((c) => `container.seccomp.security.alpha.kubernetes.io/${c.name}`),
  ];
  const bad = sorted(
    keys.flatMap((k) => {
      const v = m.annotations?.[k];
      return v !== undefined && !good(v) ? [`${k}=${goQuoted(v)}`] : [];
    }),
  );
  return bad.length
    ? violation('seccompProfile', `forbidden ${plural(bad.length, 'annotation')} ${bad.join(', ')}`)
    : undefined;
};
const seccompRestricted: CheckPod = (m, s) => {
  const bad = badSeccomp(m, s);
  if (bad) return bad;
  const silent = s.securityContext?.seccompProfile ? [] : where(s, (sc) => sc?.seccompProfile === undefined);
  return silent.length
    ? violation(
        'seccompProfile',
        `pod or ${named(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
      )
    : undefined;
};

const sysctls =
  (allowed: readonly string[]): CheckPod =>
  (_, s) => {
    const bad = (s.securityContext?.sysctls ?? []).map((x) => x.name).filter((n) => !allowed.includes(n));
    return bad.length ? violation('forbidden sysctls', bad.join(', ')) : undefined;
  };
const sysctls0 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const sysctls27 = [...sysctls0, 'net.ipv4.ip_local_reserved_ports'];
const sysctls29 = [
  ...sysctls27,
  ...['tcp_keepalive_time', 'tcp_fin_timeout', 'tcp_keepalive_intvl', 'tcp_keepalive_probes'].map(
    (n) => `net.ipv4.${n}`,
  ),
];
const sysctls32 = [...sysctls29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

const windowsHostProcess: CheckPod = (_, s) => {
  const said = setters(
    s.securityContext?.windowsOptions?.hostProcess === true,
    where(s, (sc) => sc?.windowsOptions?.hostProcess === true),
  );
  return said
    ? violation('hostProcess', `${said} must not set securityContext.windowsOptions.hostProcess=true`)
    : undefined;
};

const baseline = (id: string, ...versions: Check['versions']): Check => ({ id, level: 'baseline', versions });
const restricted = (id: string, overrides: readonly string[], ...versions: Check['versions']): Check => ({
  id,
  level: 'restricted',
  versions,
  overrides,
});

/** In the order their findings are told. */
export const checks: readonly Check[] = [
  baseline('appArmorProfile', [0, appArmorProfile]),
  baseline('capabilities_baseline', [0, capabilitiesBaseline]),
  baseline('hostNamespaces', [0, hostNamespaces]),
  baseline('hostPathVolumes', [0, hostPathVolumes]),
  baseline('hostPorts', [0, hostPorts]),
  baseline('hostProbesAndHostLifecycle', [34, hostProbes]),
  baseline('privileged', [0, privileged]),
  baseline('procMount', [0, procMount], [35, notWithUserNamespace(procMount)]),
  baseline('seLinuxOptions', [0, seLinux(seLinuxTypes)], [31, seLinux([...seLinuxTypes, 'container_engine_t'])]),
  baseline('seccompProfile_baseline', [0, seccompAnnotations], [19, badSeccomp]),
  baseline(
    'sysctls',
    [0, sysctls(sysctls0)],
    [27, sysctls(sysctls27)],
    [29, sysctls(sysctls29)],
    [32, sysctls(sysctls32)],
  ),
  baseline('windowsHostProcess', [0, windowsHostProcess]),
  restricted(
    'allowPrivilegeEscalation',
    [],
    [8, allowPrivilegeEscalation],
    [25, notOnWindows(allowPrivilegeEscalation)],
  ),
  restricted(
    'capabilities_restricted',
    ['capabilities_baseline'],
    [22, capabilitiesRestricted],
    [25, notOnWindows(capabilitiesRestricted)],
  ),
  restricted('procMount_restricted', ['procMount'], [35, procMount]),
  restricted('restrictedVolumes', ['hostPathVolumes'], [0, restrictedVolumes]),
  restricted('runAsNonRoot', [], [0, runAsNonRoot], [35, notWithUserNamespace(runAsNonRoot)]),
  restricted('runAsUser', [], [23, runAsUser], [35, notWithUserNamespace(runAsUser)]),
  restricted(
    'seccompProfile_restricted',
    ['seccompProfile_baseline'],
    [19, seccompRestricted],
    [25, notOnWindows(seccompRestricted)],
  ),
];

const newest = Math.max(...checks.flatMap((c) => c.versions.map(([v]) => v)));
const versionOf = (c: Check, minor: number): CheckPod | undefined =>
  c.versions.findLast(([from]) => from <= minor)?.[1];
const chosen = new Map<string, readonly CheckPod[]>();

/** What a level of a version (undefined = the latest) asks. */
function checksOf(level: Check['level'], minor: number): readonly CheckPod[] {
  const key = `${level} ${minor}`;
  let list = chosen.get(key);
  if (!list) {
    const there = checks.filter((c) => (level === 'restricted' || c.level === 'baseline') && versionOf(c, minor));
    const overridden = new Set(there.flatMap((c) => c.overrides ?? []));
    list = there.filter((c) => !overridden.has(c.id)).map((c) => versionOf(c, minor)!);
    chosen.set(key, list);
  }
  return list;
}

/** What a pod violates of a level, in the order it is told. */
export function violationsOf(
  level: 'privileged' | 'baseline' | 'restricted',
  minor: number | undefined,
  metadata: Metadata,
  spec: Spec,
): readonly Violation[] {
  if (level === 'privileged') return [];
  const list = checksOf(level, Math.min(minor ?? newest, newest));
  return list.flatMap((check) => check(metadata, spec) ?? []);
}
