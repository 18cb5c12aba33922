/** The CRI configuration of a container (upstream: generateContainerConfig and security_context.go). */
import type { Pod } from '../../api/core/v1/types.ts';
import type { ContainerConfig, NamespaceOption, RuntimeImage, RuntimeMount } from '../cri.ts';
import { expand } from './env.ts';
import { type AnyContainer, containerAnnotations, containerLabels, logPath, podText } from './identity.ts';
import { containerResources } from './resources.ts';
import { podGroups, podNamespaces, seccompOf } from './sandbox-config.ts';

const maskedPaths: readonly string[] = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];
const readonlyPaths: readonly string[] = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

export interface ContainerInput {
  readonly pod: Pod;
  readonly container: AnyContainer;
  readonly restartCount: number;
  /** The runtime's reference of the image, and what it says of it. */
  readonly imageRef: string;
  readonly image: RuntimeImage | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly RuntimeMount[];
  readonly devices: readonly {
    readonly containerPath: string;
    readonly hostPath: string;
    readonly permissions: string;
  }[];
  readonly nodeMemory: number;
  readonly rootDir: string;
  /** Whose process namespace an ephemeral container joins. */
  readonly targetId?: string | undefined;
}

/** Throws when the image or spec would run as root against the pod's wish. */
function verifyNonRoot(pod: Pod, c: AnyContainer, image: RuntimeImage | undefined): void {
  const nonRoot = c.securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot;
  if (!nonRoot) return;
  const user = c.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser;
  const where = `(pod: "${podText(pod)}", container: ${c.name})`;
  if (user !== undefined) {
    if (user === 0) throw new Error(`container's runAsUser breaks non-root policy ${where}`);
    return;
  }
  if (image?.username)
    throw new Error(
      `container has runAsNonRoot and image has non-numeric user (${image.username}), cannot verify user is non-root ${where}`,
    );
  if (image?.uid === undefined || image.uid === 0)
    throw new Error(`container has runAsNonRoot and image will run as root ${where}`);
}

export function containerConfig(input: ContainerInput): ContainerConfig {
  const { pod, container: c, image, env } = input;
  verifyNonRoot(pod, c, image);
  const sc = c.securityContext;
  const podSc = pod.spec.securityContext;
  const user = sc?.runAsUser ?? podSc?.runAsUser ?? (image?.username ? undefined : image?.uid);
  const group = sc?.runAsGroup ?? podSc?.runAsGroup;
  const privileged = sc?.privileged === true;
  const lookup = (name: string) => env[name];
  const namespaces: NamespaceOption = input.targetId
    ? { ...podNamespaces(pod), pid: 'TARGET', targetId: input.targetId }
    : podNamespaces(pod);
  const unmasked = privileged || sc?.procMount === 'Unmasked';
  const caps = sc?.capabilities;
  return {
    metadata: { name: c.name, attempt: input.restartCount },
    image: { image: input.imageRef, userSpecifiedImage: c.image ?? '' },
    command: (c.command ?? []).map((x) => expand(x, lookup)),
    args: (c.args ?? []).map((x) => expand(x, lookup)),
    workingDir: c.workingDir ?? '',
    envs: Object.entries(env).map(([key, value]) => ({ key, value })),
    mounts: input.mounts,
    devices: input.devices,
    labels: containerLabels(pod, c.name),
    annotations: containerAnnotations(pod, c, input.restartCount),
    logPath: logPath(c.name, input.restartCount),
    stdin: c.stdin ?? false,
    stdinOnce: c.stdinOnce ?? false,
    tty: c.tty ?? false,
    linux: {
      resources: containerResources(pod, c, input.nodeMemory),
      securityContext: {
        ...(caps && {
          capabilities: { addCapabilities: caps.add ?? [], dropCapabilities: caps.drop ?? [] },
        }),
        privileged,
        namespaceOptions: namespaces,
        ...(user !== undefined ? { runAsUser: { value: user } } : image?.username && { runAsUsername: image.username }),
        ...(group !== undefined && (user !== undefined || image?.username) && { runAsGroup: { value: group } }),
        readonlyRootfs: sc?.readOnlyRootFilesystem ?? false,
        supplementalGroups: podGroups(pod),
        ...(podSc?.supplementalGroupsPolicy && {
          supplementalGroupsPolicy: podSc.supplementalGroupsPolicy as 'Merge' | 'Strict',
        }),
        noNewPrivs: sc?.allowPrivilegeEscalation === false,
        maskedPaths: unmasked ? [] : maskedPaths,
        readonlyPaths: unmasked ? [] : readonlyPaths,
        seccomp: privileged
          ? { profileType: 'Unconfined' }
          : seccompOf(sc?.seccompProfile ?? podSc?.seccompProfile, input.rootDir),
      },
    },
  };
}
