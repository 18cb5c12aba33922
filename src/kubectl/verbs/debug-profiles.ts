/** What each profile of `kubectl debug` gives to the container it adds and to its pod (upstream: kubectl/pkg/cmd/debug/profiles.go, KEP-1441). */
import { CommandError } from '../failure.ts';
import type { Json } from '../thing.ts';

export type Style = 'node' | 'copy' | 'ephemeral';

/** Parts of the pod that a copy keeps. */
export interface Keep {
  readonly labels: boolean;
  readonly annotations: boolean;
  readonly liveness: boolean;
  readonly readiness: boolean;
  readonly startup: boolean;
  readonly initContainers: boolean;
}

export interface DebugPod {
  readonly metadata: Json;
  readonly spec: Json;
}

const profiles = ['legacy', 'general', 'baseline', 'netadmin', 'restricted', 'sysadmin'];

/** @throws CommandError for a profile that there is not */
export function checkProfile(name: string): void {
  if (!profiles.includes(name)) throw new CommandError(`unknown profile: ${name}`);
}

const without = (o: Json, ...keys: readonly string[]): Json =>
  Object.fromEntries(Object.entries(o).filter(([k]) => !keys.includes(k)));

/** The pod and its debug container as the profile has them. */
export function withProfile(
  profile: string,
  style: Style,
  pod: DebugPod,
  container: Json,
  keep: Keep,
): { readonly pod: DebugPod; readonly container: Json } {
  let { metadata, spec } = pod;
  let c = container;
  const context = () => (c['securityContext'] ?? {}) as Json;
  const secure = (more: Json) => {
    c = { ...c, securityContext: { ...context(), ...more } };
  };
  const add = (...names: readonly string[]) => {
    const have = (context()['capabilities'] ?? {}) as { readonly add?: readonly string[] };
    secure({ capabilities: { ...have, add: [...(have.add ?? []), ...names] } });
  };
  const hostRoot = () => {
    spec = {
      ...spec,
      volumes: [...((spec['volumes'] ?? []) as Json[]), { name: 'host-root', hostPath: { path: '/' } }],
    };
    c = { ...c, volumeMounts: [...((c['volumeMounts'] ?? []) as Json[]), { mountPath: '/host', name: 'host-root' }] };
  };
  const hostNamespaces = () => {
    spec = { ...spec, hostNetwork: true, hostPID: true, hostIPC: true };
  };
  const copied = () => {
    if (!keep.labels) metadata = without(metadata, 'labels');
    if (!keep.annotations) metadata = without(metadata, 'annotations');
    const gone = [
      ...(keep.liveness ? [] : ['livenessProbe']),
      ...(keep.readiness ? [] : ['readinessProbe']),
      ...(keep.startup ? [] : ['startupProbe']),
    ];
    spec = { ...spec, containers: ((spec['containers'] ?? []) as Json[]).map((x) => without(x, ...gone)) };
    c = without(c, ...gone);
    if (!keep.initContainers) spec = without(spec, 'initContainers');
  };
  const share = () => {
    if (spec['shareProcessNamespace'] === undefined) spec = { ...spec, shareProcessNamespace: true };
  };
  switch (profile) {
    case 'legacy':
      if (style === 'node') {
        hostRoot();
        hostNamespaces();
      } else if (style === 'copy') metadata = without(metadata, 'labels');
      break;
    case 'general':
      if (style === 'node') {
        hostRoot();
        c = without(c, 'securityContext');
        hostNamespaces();
      } else {
        if (style === 'copy') copied();
        add('SYS_PTRACE');
        if (style === 'copy') share();
      }
      break;
    case 'baseline':
      c = without(c, 'securityContext');
      break;
    case 'restricted':
      c = {
        ...c,
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      };
      break;
    case 'netadmin':
      add('NET_ADMIN', 'NET_RAW');
      if (style === 'node') hostNamespaces();
      break;
    default:
      secure({ privileged: true });
      if (style === 'node') {
        hostNamespaces();
        hostRoot();
      }
  }
  if (style === 'copy' && profile !== 'legacy' && profile !== 'general') {
    copied();
    share();
  }
  return { pod: { metadata, spec }, container: c };
}
