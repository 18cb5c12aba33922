/** PodSecurity: pods keep to the standard that their namespace's labels name (pod-security-admission/admission, with upstream's default configuration). */
import type { Namespace, Pod, PodSpec } from '../../../api/core/v1/types.ts';
import type { KubeObject } from '../../../api/resource-row.ts';
import { getControllerOf } from '../../../machinery/owner-references.ts';
import { internalError, invalid } from '../../../machinery/status-error.ts';
import type { AdmissionAttributes, AdmissionPlugin, ObjectReader } from '../../attributes.ts';
import { refuse } from '../refusal.ts';
import { type Violation, violationsOf } from './checks.ts';
import { compareLevels, type LevelVersion, type Policy, policyOf, policyText, samePolicy } from './policy.ts';

const ignoredSubresources = new Set(['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status']);
/** Pods of a namespace that are looked at when its level rises. */
const maxPods = 3000;

interface PodLike {
  readonly metadata?: Pod['metadata'] | undefined;
  readonly spec: PodSpec;
}
type Template = (o: KubeObject) => PodLike | undefined;
const specTemplate: Template = (o) => (o as unknown as { spec: { template?: PodLike } }).spec.template;

/** Where the pod of each kind is. */
const templates: Readonly<Record<string, Template>> = {
  '/replicationcontrollers': specTemplate,
  '/podtemplates': (o) => (o as unknown as { template: PodLike }).template,
  'apps/replicasets': specTemplate,
  'apps/deployments': specTemplate,
  'apps/statefulsets': specTemplate,
  'apps/daemonsets': specTemplate,
  'batch/jobs': specTemplate,
  'batch/cronjobs': (o) =>
    (o as unknown as { spec: { jobTemplate: { spec: { template: PodLike } } } }).spec.jobTemplate.spec.template,
};

const reasons = (v: readonly Violation[]): string => v.map((x) => x.reason).join(', ');
const details = (v: readonly Violation[]): string =>
  v.map((x) => (x.detail ? `${x.reason} (${x.detail})` : x.reason)).join(', ');
const violated = (p: LevelVersion, pod: PodLike): readonly Violation[] =>
  violationsOf(p.level, p.minor, pod.metadata ?? {}, pod.spec);

/** Only images change what is judged; ephemeral containers may come. */
function isSignificant(pod: Pod, old: Pod): boolean {
  const differ = (a: readonly { readonly image?: string | undefined }[] = [], b: typeof a = []) =>
    a.length !== b.length || a.some((c, i) => c.image !== b[i]!.image);
  return (
    differ(pod.spec.containers, old.spec.containers) ||
    differ(pod.spec.initContainers, old.spec.initContainers) ||
    (pod.spec.ephemeralContainers ?? []).some(
      (c) => old.spec.ephemeralContainers?.find((o) => o.name === c.name)?.image !== c.image,
    )
  );
}

function evaluate(a: AdmissionAttributes, policy: Policy, pod: PodLike, enforce: boolean): void {
  if (enforce) {
    const found = violated(policy.enforce, pod);
    if (found.length) throw refuse(a, `violates PodSecurity "${policyText(policy.enforce)}": ${details(found)}`);
    if (samePolicy(policy.enforce, policy.warn)) return;
  }
  const warned = violated(policy.warn, pod);
  if (warned.length) a.warn(`would violate PodSecurity "${policyText(policy.warn)}": ${details(warned)}`);
}

/** One pod of each controller first. */
function prioritized(pods: readonly Pod[]): readonly Pod[] {
  const seen = new Set<string>();
  const first: Pod[] = [];
  const more: Pod[] = [];
  for (const p of pods) {
    const owner = getControllerOf(p)?.uid;
    if (owner !== undefined && seen.has(owner)) more.push(p);
    else {
      first.push(p);
      if (owner !== undefined) seen.add(owner);
    }
  }
  return [...first, ...more];
}

/** What a stricter level finds in the pods that are there. */
export function existingViolations(namespace: string, enforce: LevelVersion, pods: readonly Pod[]): readonly string[] {
  const all = prioritized(pods);
  const byReason = new Map<string, string[]>();
  for (const p of all.slice(0, maxPods)) {
    const found = violated(enforce, p);
    if (found.length) byReason.getOrInsertComputed(reasons(found), () => []).push(p.metadata.name ?? '');
  }
  const others = (n: number) => (n === 0 ? '' : n === 1 ? ' (and 1 other pod)' : ` (and ${n} other pods)`);
  const lines = [...byReason].map(([reason, names]) => `${names.toSorted()[0]}${others(names.length - 1)}: ${reason}`);
  return [
    ...(all.length > maxPods
      ? [`new PodSecurity enforce level only checked against the first ${maxPods} of ${all.length} existing pods`]
      : []),
    ...(lines.length
      ? [`existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${policyText(enforce)}"`]
      : []),
    ...lines.sort(),
  ];
}

function validateNamespace(a: AdmissionAttributes, reader: ObjectReader): void {
  const { policy, errors } = policyOf(a.object?.metadata.labels);
  const old = a.oldObject && policyOf(a.oldObject.metadata.labels);
  const known = old && JSON.stringify(old.errors) === JSON.stringify(errors);
  if (errors.length && !known) throw invalid({ group: '', kind: 'Namespace' }, a.name, errors);
  if (!old) return;
  const [now, before] = [policy.enforce, old.policy.enforce];
  if (samePolicy(now, before) || now.level === 'privileged') return;
  if (now.minor === before.minor && compareLevels(now.level, before.level) < 1) return;
  for (const w of existingViolations(a.name, now, reader.list<Pod>({ group: '', plural: 'pods' }, a.name))) a.warn(w);
}

function policyFor(a: AdmissionAttributes, reader: ObjectReader): Policy | undefined {
  const ns = reader.get<Namespace>({ group: '', plural: 'namespaces' }, '', a.namespace);
  return ns && policyOf(ns.metadata.labels).policy;
}

export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  handles: ['CREATE', 'UPDATE'],
  validate(a, reader) {
    const { row, object } = a;
    if (!object) return;
    const id = `${row.group}/${row.plural}`;
    const subresource = a.subresource?.name ?? '';
    if (id === '/namespaces') {
      if (subresource === '') validateNamespace(a, reader);
    } else if (id === '/pods') {
      if (ignoredSubresources.has(subresource)) return;
      const policy = policyFor(a, reader);
      if (!policy) throw internalError(new Error(`failed to lookup namespace "${a.namespace}"`));
      if ([policy.enforce, policy.audit, policy.warn].every((p) => p.level === 'privileged')) return;
      if (a.operation === 'UPDATE' && a.oldObject && !isSignificant(object as Pod, a.oldObject as Pod)) return;
      evaluate(a, policy, object as Pod, true);
    } else {
      const template = templates[id];
      if (!template || subresource !== '') return;
      const policy = policyFor(a, reader);
      if (!policy || policy.warn.level === 'privileged') return;
      const pod = template(object);
      if (pod) evaluate(a, policy, pod, false);
    }
  },
};
