/** A Deployment's sets: which is the new one, their revisions and the annotations that record them (upstream: deployment/util). */
import type { Deployment, ReplicaSet } from '../../api/apps/v1/types.ts';
import { computeHash } from '../../machinery/hash.ts';
import { newControllerRef } from '../../machinery/owner-references.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { maxSurge, newSetReplicas, replicasOf } from './surge.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas';
export const hashLabel = 'pod-template-hash';
const historyLimit = 2000;
const nameLimit = 253;
export const rollbackAnnotation = 'deprecated.deployment.rollback.to';
/** They are of one object and never go from a Deployment to its sets or back. */
export const notCopied: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxReplicasAnnotation,
  rollbackAnnotation,
]);

type Annotations = Readonly<Record<string, string>>;
type Template = Deployment['spec']['template'] | ReplicaSet['spec']['template'];

export const byAge = (a: ReplicaSet, b: ReplicaSet): number => {
  const [at, bt] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (at !== bt) return at < bt ? -1 : 1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
};

/** Equal but for the label that names the template's hash. */
export function sameTemplate(a: Template, b: Template): boolean {
  const bare = (t: Template) => {
    const { [hashLabel]: _, ...labels } = t?.metadata?.labels ?? {};
    return { ...t, metadata: { ...t?.metadata, labels } };
  };
  return semanticEqual(bare(a), bare(b));
}

/** The oldest set that has the Deployment's template. */
export const findNewSet = (d: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  sets.toSorted(byAge).find((rs) => sameTemplate(rs.spec.template, d.spec.template));

export function revisionOf(rs: ReplicaSet): number {
  const text = rs.metadata.annotations?.[revisionAnnotation];
  return text && /^-?\d+$/.test(text) ? Number(text) : 0;
}
export const maxRevision = (sets: readonly ReplicaSet[]): number => Math.max(0, ...sets.map(revisionOf));

const replicaAnnotations = (d: Deployment): Annotations => ({
  [desiredAnnotation]: String(replicasOf(d)),
  [maxReplicasAnnotation]: String(replicasOf(d) + maxSurge(d)),
});

/** The set at a size, with the annotations that tell for which Deployment size it was computed. */
export function resized(d: Deployment, rs: ReplicaSet, replicas: number): ReplicaSet {
  return {
    ...rs,
    metadata: { ...rs.metadata, annotations: { ...rs.metadata.annotations, ...replicaAnnotations(d) } },
    spec: { ...rs.spec, replicas },
  };
}

/** The annotations of the new set: the Deployment's own, and its revision when that grew. */
export function newSetAnnotations(
  d: Deployment,
  current: Annotations | undefined,
  revision: number,
  exists: boolean,
): Annotations {
  const out: Record<string, string> = { ...current };
  for (const [k, v] of Object.entries(d.metadata.annotations ?? {})) if (!notCopied.has(k)) out[k] = v;
  const old = current?.[revisionAnnotation];
  if (old && !/^-?\d+$/.test(old)) return out;
  if (Number(old ?? 0) < revision) {
    out[revisionAnnotation] = String(revision);
    if (old !== undefined) {
      const history = current?.[historyAnnotation];
      const list = history ? [...history.split(','), old] : [old];
      while (list.join(',').length > historyLimit && list.length > 1) list.shift();
      out[historyAnnotation] = list.join(',');
    }
  }
  return exists ? out : { ...out, ...replicaAnnotations(d) };
}

/** The set of the Deployment's template, as it is created next to `old`. */
export function newSet(d: Deployment, old: readonly ReplicaSet[]): ReplicaSet {
  const hash = computeHash(d.spec.template, d.status.collisionCount);
  const labels = { ...d.spec.template.metadata?.labels, [hashLabel]: hash };
  const name = `${(d.metadata.name ?? '').slice(0, nameLimit - 1 - hash.length)}-${hash}`;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: d.metadata.namespace,
      labels,
      annotations: newSetAnnotations(d, undefined, maxRevision(old) + 1, false),
      ownerReferences: [newControllerRef(d, { apiVersion: 'apps/v1', kind: 'Deployment' })],
    },
    spec: {
      replicas: newSetReplicas(d, old, 0),
      minReadySeconds: d.spec.minReadySeconds,
      selector: {
        ...d.spec.selector,
        matchLabels: { ...d.spec.selector.matchLabels, [hashLabel]: hash },
      },
      template: { ...d.spec.template, metadata: { ...d.spec.template.metadata, labels } },
    },
    status: { replicas: 0 },
  } as ReplicaSet;
}
