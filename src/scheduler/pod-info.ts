/** A pod with what the plug-ins compute from it, computed once. */
import type { Container, Pod, PodAffinityTerm } from '../api/core/v1/types.ts';
import { everyLabel, labelSelectorAsSelector, type LabelSelector, noLabel } from '../machinery/index.ts';
import { type Amounts, nonZeroRequests, podAmounts } from './resources.ts';

export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

/** A podAffinityTerm, ready to match pods. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly namespaces: ReadonlySet<string>;
  /** Selects namespaces by their labels; matches none when the term has no namespaceSelector. */
  readonly namespaceSelector: LabelSelector;
  readonly selector: LabelSelector;
  /** 0 for required terms. */
  readonly weight: number;
}

export interface PodInfo {
  readonly pod: Pod;
  readonly uid: string;
  /** `namespace/name` */
  readonly key: string;
  readonly priority: number;
  readonly requests: Amounts;
  readonly nonZero: { readonly milliCPU: number; readonly memory: number };
  readonly hostPorts: readonly HostPort[];
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly AffinityTerm[];
  readonly preferredAntiAffinity: readonly AffinityTerm[];
}

export function podInfoOf(pod: Pod): PodInfo {
  const { affinity } = pod.spec;
  const near = affinity?.podAffinity;
  const far = affinity?.podAntiAffinity;
  return {
    pod,
    uid: pod.metadata.uid ?? '',
    key: `${pod.metadata.namespace}/${pod.metadata.name}`,
    priority: pod.spec.priority ?? 0,
    requests: podAmounts(pod),
    nonZero: nonZeroRequests(pod),
    hostPorts: hostPortsOf(pod),
    requiredAffinity: (near?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((t) => termOf(pod, t, 0)),
    requiredAntiAffinity: (far?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((t) => termOf(pod, t, 0)),
    preferredAffinity: (near?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((t) =>
      termOf(pod, t.podAffinityTerm, t.weight),
    ),
    preferredAntiAffinity: (far?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((t) =>
      termOf(pod, t.podAffinityTerm, t.weight),
    ),
  };
}

/** A term without namespaces and namespaceSelector means the pod's own namespace. */
function termOf(pod: Pod, t: PodAffinityTerm, weight: number): AffinityTerm {
  const named = t.namespaces ?? [];
  const own = named.length === 0 && !t.namespaceSelector;
  return {
    topologyKey: t.topologyKey,
    namespaces: new Set(own ? [pod.metadata.namespace ?? ''] : named),
    namespaceSelector: t.namespaceSelector ? labelSelectorAsSelector(t.namespaceSelector) : noLabel,
    selector: t.labelSelector ? labelSelectorAsSelector(t.labelSelector) : noLabel,
    weight,
  };
}

/** Whether a term of some pod means `pod`; `namespaceLabels` are those of that pod's namespace. */
export const termMatches = (t: AffinityTerm, pod: Pod, namespaceLabels: Readonly<Record<string, string>>): boolean =>
  (t.namespaces.has(pod.metadata.namespace ?? '') ||
    t.namespaceSelector === everyLabel ||
    t.namespaceSelector.matches(namespaceLabels)) &&
  t.selector.matches(pod.metadata.labels ?? {});

/** Host ports of containers and sidecars. */
function hostPortsOf(pod: Pod): readonly HostPort[] {
  const out: HostPort[] = [];
  const take = (c: Container): void => {
    for (const p of c.ports ?? [])
      if (p.hostPort) out.push({ ip: p.hostIP || '0.0.0.0', protocol: p.protocol || 'TCP', port: p.hostPort });
  };
  for (const c of pod.spec.containers) take(c);
  for (const c of pod.spec.initContainers ?? []) if (c.restartPolicy === 'Always') take(c);
  return out;
}

/** Two host ports clash when protocol and port are equal and one address is the wildcard or both are equal. */
export const portsClash = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0');
