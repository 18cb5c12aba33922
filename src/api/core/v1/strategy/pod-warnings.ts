/** Texts for the Warning header about pods and pod templates (upstream: pkg/api/pod/warnings.go). */
import type { ObjectMeta } from '../../../meta/v1/types.ts';
import { isDns1123Label } from '../../../../machinery/names.ts';
import { milliValue } from '../../../../machinery/quantity.ts';
import type { Container, Pod, PodAffinityTerm, PodSpec, PodTemplateSpec } from '../types.ts';

const q = (s: string): string => JSON.stringify(s);

const deprecatedNodeLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
};
const deprecatedAnnotations: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};
const deprecatedVolumes = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
} as const;

function containerWarnings(c: Container, path: string, out: string[]): void {
  for (const part of ['limits', 'requests'] as const)
    for (const name of ['memory', 'ephemeral-storage']) {
      const v = c.resources?.[part]?.[name];
      if (v !== undefined && !(milliValue(v) % 1000 === 0))
        out.push(`${path}.resources.${part}[${name}]: fractional byte value ${q(v)} is invalid, must be an integer`);
    }
  if ((c.env?.length ?? 0) < 2) return;
  const seen = new Set<string>();
  c.env?.forEach((e, i) => {
    const ref = `$(${e.name})`;
    const value = e.value ?? '';
    if (seen.has(e.name) && (e.valueFrom || value === ref || !value.includes(ref)))
      out.push(`${path}.env[${i}]: hides previous definition of ${q(e.name)}, which may be dropped when using apply`);
    seen.add(e.name);
  });
}

interface PortAt {
  readonly at: string;
  readonly hostIP: string;
  readonly hostPort: number;
}

function portWarnings(list: readonly (readonly [Container, string])[], out: string[]): void {
  const ports = new Map<string, PortAt[]>();
  const names = new Map<string, string>();
  const nameWarnings: string[] = [];
  for (const [c, path] of list)
    c.ports?.forEach((p, i) => {
      const here: PortAt = { at: `${path}.ports[${i}]`, hostIP: p.hostIP ?? '', hostPort: p.hostPort ?? 0 };
      if (here.hostIP && !here.hostPort)
        out.push(
          `${here.at}: hostIP set without hostPort: {Name:${p.name ?? ''} HostPort:0 ContainerPort:${p.containerPort} Protocol:${p.protocol} HostIP:${here.hostIP}}`,
        );
      const key = `${p.containerPort}/${p.protocol}`;
      const others = ports.get(key) ?? [];
      for (const o of others)
        if (here.hostIP === o.hostIP && here.hostPort === o.hostPort)
          out.push(`${here.at}: duplicate port definition with ${o.at}`);
        else if (!here.hostPort || !o.hostPort) out.push(`${here.at}: overlapping port definition with ${o.at}`);
        else if (here.hostPort === o.hostPort && (here.hostIP === '') !== (o.hostIP === ''))
          out.push(`${here.at}: dangerously ambiguous port definition with ${o.at}`);
      ports.set(key, [...others, here]);
      if (!p.name) return;
      const other = names.get(p.name);
      if (other)
        nameWarnings.push(
          `${here.at}: duplicate port name ${q(p.name)} with ${other}, services and probes that select ports by name will use ${other}`,
        );
      else names.set(p.name, here.at);
    });
  out.push(...nameWarnings);
}

const nullSelector = 'a null labelSelector results in matching no pod';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

function specWarnings(spec: PodSpec, meta: ObjectMeta | undefined, at: (path: string) => string): string[] {
  const out: string[] = [];
  for (const k in spec.nodeSelector)
    if (deprecatedNodeLabels[k]) out.push(`${at('spec.nodeSelector')}[${k}]: ${deprecatedNodeLabels[k]}`);
  spec.topologySpreadConstraints?.forEach((t, i) => {
    const p = `${at('spec.topologySpreadConstraints')}[${i}]`;
    const message = deprecatedNodeLabels[t.topologyKey];
    if (message) out.push(`${p}.topologyKey: ${t.topologyKey} is ${message}`);
    if (!t.labelSelector) out.push(`${p}.labelSelector: ${nullSelector}`);
  });
  for (const k in deprecatedAnnotations)
    if (meta?.annotations?.[k] !== undefined)
      out.push(`${at('metadata.annotations')}[${k}]: ${deprecatedAnnotations[k]}`);
  spec.volumes?.forEach((v, i) => {
    for (const kind of Object.keys(deprecatedVolumes) as (keyof typeof deprecatedVolumes)[])
      if (v[kind])
        out.push(
          `${at('spec.volumes')}[${i}].${kind === 'storageos' ? 'storageOS' : kind}: ${deprecatedVolumes[kind]}`,
        );
  });
  const twice = <T>(list: readonly T[] | undefined, key: (t: T) => string, path: string, field: string) => {
    const seen = new Set<string>();
    list?.forEach((t, i) => {
      const v = key(t);
      if (seen.has(v)) out.push(`${at(path)}[${i}].${field}: duplicate ${field} ${q(v)}`);
      seen.add(v);
    });
  };
  twice(spec.hostAliases, (a) => a.ip, 'spec.hostAliases', 'ip');
  twice(spec.imagePullSecrets, (s) => s.name ?? '', 'spec.imagePullSecrets', 'name');
  spec.imagePullSecrets?.forEach((s, i) => {
    if (!s.name) out.push(`${at('spec.imagePullSecrets')}[${i}].name: invalid empty name ""`);
  });
  const containers = (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((c, i) => [c as Container, `${at(`spec.${list}`)}[${i}]`] as const),
  );
  for (const [c, path] of containers) containerWarnings(c, path, out);
  portWarnings(containers, out);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    out.push(
      `${at('spec.terminationGracePeriodSeconds')}: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    const path = at(`spec.affinity.${kind}`);
    const check = (t: PodAffinityTerm, p: string) => {
      if (!t.labelSelector) out.push(`${p}.labelSelector: ${nullSelector}`);
    };
    spec.affinity?.[kind]?.[REQUIRED]?.forEach((t, i) => {
      check(t, `${path}.${REQUIRED}[${i}]`);
    });
    spec.affinity?.[kind]?.[PREFERRED]?.forEach((t, i) => {
      check(t.podAffinityTerm, `${path}.${PREFERRED}[${i}].podAffinityTerm`);
    });
  }
  return out;
}

/** Only a new pod is warned about: people do not update pods. */
export function podWarnings(pod: Pod, old: Pod | undefined): readonly string[] {
  if (old) return [];
  const out: string[] = [];
  const messages = isDns1123Label(pod.metadata.name ?? '');
  if (messages.length)
    out.push(
      `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${messages.join(' ')}]`,
    );
  return [...out, ...specWarnings(pod.spec, pod.metadata, (p) => p)];
}

/** `path` is where the template is, e.g. `spec.template`. */
export const podTemplateWarnings = (t: PodTemplateSpec, path: string): readonly string[] =>
  specWarnings(t.spec, t.metadata, (p) => `${path}.${p}`);
