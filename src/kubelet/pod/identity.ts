/** Names a pod goes by on its node: labels and annotations the runtime keeps, log and volume paths, the hash of a container. */
import type { Container, EphemeralContainer, Pod } from '../../api/core/v1/types.ts';

export type AnyContainer = Container | (EphemeralContainer & Container);

export const nameOf = (pod: Pod): string => pod.metadata.name ?? '';
export const namespaceOf = (pod: Pod): string => pod.metadata.namespace ?? 'default';
/** What the kubelet knows a pod by. A mirror pod goes by its static pod's. */
export const uidOf = (pod: Pod): string => pod.metadata.uid ?? '';
/** `name_namespace(uid)`: upstream's format.Pod, in messages users see. */
export const podText = (pod: Pod): string => `${nameOf(pod)}_${namespaceOf(pod)}(${uidOf(pod)})`;

export const configSource = 'kubernetes.io/config.source';
export const configHash = 'kubernetes.io/config.hash';
export const configSeen = 'kubernetes.io/config.seen';
export const configMirror = 'kubernetes.io/config.mirror';
export const isMirror = (pod: Pod): boolean => pod.metadata.annotations?.[configMirror] !== undefined;
export const isStatic = (pod: Pod): boolean => {
  const source = pod.metadata.annotations?.[configSource];
  return source !== undefined && source !== 'api';
};
export const isHostNetwork = (pod: Pod): boolean => pod.spec.hostNetwork === true;
/** A sidecar: an init container that keeps running. */
export const isSidecar = (c: AnyContainer): boolean => c.restartPolicy === 'Always';

export const ephemeralOf = (pod: Pod): readonly AnyContainer[] =>
  (pod.spec.ephemeralContainers ?? []) as readonly AnyContainer[];
export const initOf = (pod: Pod): readonly Container[] => pod.spec.initContainers ?? [];
export const containersOf = (pod: Pod): readonly AnyContainer[] => [
  ...initOf(pod),
  ...pod.spec.containers,
  ...ephemeralOf(pod),
];
export const findContainer = (pod: Pod, name: string): AnyContainer | undefined =>
  containersOf(pod).find((c) => c.name === name);

/** Where in the pod the container is, as events name it: `spec.containers{web}`. */
export function fieldPathOf(pod: Pod, name: string): string {
  if (pod.spec.containers.some((c) => c.name === name)) return `spec.containers{${name}}`;
  if (initOf(pod).some((c) => c.name === name)) return `spec.initContainers{${name}}`;
  return `spec.ephemeralContainers{${name}}`;
}

export const labelPodName = 'io.kubernetes.pod.name';
export const labelPodNamespace = 'io.kubernetes.pod.namespace';
export const labelPodUid = 'io.kubernetes.pod.uid';
export const labelContainerName = 'io.kubernetes.container.name';
export const annotationHash = 'io.kubernetes.container.hash';
export const annotationRestartCount = 'io.kubernetes.container.restartCount';
export const annotationTerminationPath = 'io.kubernetes.container.terminationMessagePath';
export const annotationTerminationPolicy = 'io.kubernetes.container.terminationMessagePolicy';
export const annotationGracePeriod = 'io.kubernetes.pod.terminationGracePeriod';
export const annotationPreStop = 'io.kubernetes.container.preStopHandler';

export const podLabels = (pod: Pod): Record<string, string> => ({
  ...pod.metadata.labels,
  [labelPodName]: nameOf(pod),
  [labelPodNamespace]: namespaceOf(pod),
  [labelPodUid]: uidOf(pod),
});
export const containerLabels = (pod: Pod, name: string): Record<string, string> => ({
  [labelPodName]: nameOf(pod),
  [labelPodNamespace]: namespaceOf(pod),
  [labelPodUid]: uidOf(pod),
  [labelContainerName]: name,
});

export function containerAnnotations(pod: Pod, c: AnyContainer, restartCount: number): Record<string, string> {
  const deletionGrace = pod.metadata.deletionGracePeriodSeconds;
  return {
    [annotationHash]: hashContainer(c),
    [annotationRestartCount]: String(restartCount),
    [annotationTerminationPath]: c.terminationMessagePath ?? '/dev/termination-log',
    [annotationTerminationPolicy]: c.terminationMessagePolicy ?? 'File',
    ...(deletionGrace !== undefined && { 'io.kubernetes.pod.deletionGracePeriod': String(deletionGrace) }),
    [annotationGracePeriod]: String(pod.spec.terminationGracePeriodSeconds ?? 30),
    ...(c.lifecycle?.preStop && { [annotationPreStop]: JSON.stringify(c.lifecycle.preStop) }),
    ...(c.ports?.length && { 'io.kubernetes.container.ports': JSON.stringify(c.ports) }),
  };
}

/**
 * Hexadecimal fnv32a over what makes a container another one (name and image), written as Go's dump of the JSON bytes:
 * containers survive a change of kubelet (upstream: pkg/kubelet/container/helpers.go HashContainer).
 */
export function hashContainer(c: { readonly name: string; readonly image?: string | undefined }): string {
  const json = Buffer.from(goJson({ image: c.image ?? '', name: c.name }));
  const text = `([]uint8)[${[...json].join(' ')}]`;
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16);
}
const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** `/var/log/pods/<namespace>_<name>_<uid>` */
export const podLogDirectory = (root: string, pod: Pod): string =>
  `${root}/${namespaceOf(pod)}_${nameOf(pod)}_${uidOf(pod)}`;
export const logPath = (container: string, restartCount: number): string => `${container}/${restartCount}.log`;
/** `/var/log/containers/<pod>_<namespace>_<container>-<id>.log`, where log collectors look; cut at 255 bytes as upstream does. */
export const legacyLogName = (pod: Pod, container: string, id: string): string =>
  `${`${nameOf(pod)}_${namespaceOf(pod)}_${container}-${id}`.slice(0, 251)}.log`;

/** The pod's host name and its domain (empty without a subdomain); cut at 63 characters. */
export function hostNameOf(pod: Pod, clusterDomain: string): { readonly hostname: string; readonly domain: string } {
  if (pod.spec.hostnameOverride) return { hostname: pod.spec.hostnameOverride, domain: '' };
  const hostname =
    pod.spec.hostname ||
    nameOf(pod)
      .slice(0, 63)
      .replace(/[-.]+$/, '');
  const domain = pod.spec.subdomain ? `${pod.spec.subdomain}.${namespaceOf(pod)}.svc.${clusterDomain}` : '';
  return { hostname, domain };
}
