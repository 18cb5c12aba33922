/** The CRI configuration of a pod's sandbox (upstream: generatePodSandboxConfig). */
import type { Pod } from '../../api/core/v1/types.ts';
import { sysctlName } from '../admission/sysctls.ts';
import type { DnsConfig, NamespaceOption, SandboxConfig, SecurityProfile } from '../cri.ts';
import {
  containersOf,
  hostNameOf,
  initOf,
  isHostNetwork,
  isSidecar,
  nameOf,
  namespaceOf,
  podLabels,
  podLogDirectory,
  uidOf,
} from './identity.ts';
import { podCgroup } from './resources.ts';

export const podNamespaces = (pod: Pod): NamespaceOption => ({
  network: isHostNetwork(pod) ? 'NODE' : 'POD',
  ipc: pod.spec.hostIPC ? 'NODE' : 'POD',
  pid: pod.spec.hostPID ? 'NODE' : pod.spec.shareProcessNamespace ? 'POD' : 'CONTAINER',
});

/** Groups the first process of every container has beside its own. */
export const podGroups = (pod: Pod): readonly number[] => {
  const sc = pod.spec.securityContext;
  return [...(sc?.fsGroup !== undefined ? [sc.fsGroup] : []), ...(sc?.supplementalGroups ?? [])];
};

export function seccompOf(
  profile: { readonly type: string; readonly localhostProfile?: string | undefined } | undefined,
  rootDir: string,
): SecurityProfile {
  if (profile?.type === 'RuntimeDefault') return { profileType: 'RuntimeDefault' };
  if (profile?.type === 'Localhost')
    return { profileType: 'Localhost', localhostRef: `${rootDir}/seccomp/${profile.localhostProfile ?? ''}` };
  return { profileType: 'Unconfined' };
}

export interface SandboxSettings {
  readonly podLogsDir: string;
  readonly cgroupRoot: string;
  readonly clusterDomain: string;
  readonly dns: DnsConfig;
}

export function sandboxConfig(pod: Pod, attempt: number, s: SandboxSettings): SandboxConfig {
  const sc = pod.spec.securityContext;
  const { hostname, domain } = hostNameOf(pod, s.clusterDomain);
  const kernelName = pod.spec.setHostnameAsFQDN && domain ? `${hostname}.${domain}` : hostname;
  if (kernelName.length > 64)
    throw new Error(
      `failed to construct FQDN from pod hostname and cluster domain, FQDN ${kernelName} is too long (64 characters is the max, ${kernelName.length} characters requested)`,
    );
  return {
    metadata: { name: nameOf(pod), namespace: namespaceOf(pod), uid: uidOf(pod), attempt },
    ...(!isHostNetwork(pod) && { hostname: kernelName }),
    logDirectory: podLogDirectory(s.podLogsDir, pod),
    dnsConfig: s.dns,
    portMappings: [...pod.spec.containers, ...initOf(pod).filter(isSidecar)].flatMap((c) =>
      (c.ports ?? []).map((p) => ({
        protocol: (p.protocol ?? 'TCP') as 'TCP' | 'UDP' | 'SCTP',
        containerPort: p.containerPort,
        hostPort: p.hostPort ?? 0,
        ...(p.hostIP && { hostIp: p.hostIP }),
      })),
    ),
    labels: podLabels(pod),
    annotations: pod.metadata.annotations ?? {},
    linux: {
      cgroupParent: podCgroup(s.cgroupRoot, pod),
      sysctls: Object.fromEntries((sc?.sysctls ?? []).map((x) => [sysctlName(x.name), x.value])),
      securityContext: {
        namespaceOptions: podNamespaces(pod),
        ...(sc?.runAsUser !== undefined && { runAsUser: { value: sc.runAsUser } }),
        ...(sc?.runAsGroup !== undefined && sc.runAsUser !== undefined && { runAsGroup: { value: sc.runAsGroup } }),
        supplementalGroups: podGroups(pod),
        privileged: containersOf(pod).some((c) => c.securityContext?.privileged === true),
        seccomp: { profileType: 'RuntimeDefault' },
      },
    },
  };
}
