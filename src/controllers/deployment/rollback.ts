/** Going back to an old revision at the word of an annotation, as extensions/v1beta1 once asked for it (upstream: deployment/rollback.go). Pure. */
import { Deployments } from '../../api/apps/v1/resources.ts';
import type { Deployment, ReplicaSet } from '../../api/apps/v1/types.ts';
import type { Action } from '../action.ts';
import { hashLabel, notCopied, revisionOf, rollbackAnnotation, sameTemplate } from './revision.ts';

/** The revision asked for; 0 = the one before the last, undefined = none is asked for. */
export function rollbackTo(d: Deployment): number | undefined {
  const text = d.metadata.annotations?.[rollbackAnnotation];
  return text && /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

/** The one before the highest; 0 = there is none. */
function lastRevision(sets: readonly ReplicaSet[]): number {
  const [, second = 0] = sets.map(revisionOf).sort((a, b) => b - a);
  return Math.max(0, second);
}

/** The Deployment with the template of the revision, or as it was; either way without the annotation. `all`: the new set too. */
export function rollBack(d: Deployment, all: readonly ReplicaSet[], revision: number): readonly Action[] {
  const told = (type: 'Normal' | 'Warning', reason: string, message: string): Action => ({
    do: 'event',
    about: d,
    type,
    reason,
    message,
  });
  const { [rollbackAnnotation]: _, ...annotations } = d.metadata.annotations ?? {};
  const write = (next: Deployment): Action => ({ do: 'update', row: Deployments, object: next });
  const unchanged = write({ ...d, metadata: { ...d.metadata, annotations } });
  const wanted = revision || lastRevision(all);
  const missing = (message: string) => [told('Warning', 'DeploymentRollbackRevisionNotFound', message), unchanged];
  if (!wanted) return missing('Unable to find last revision.');
  const set = all.find((rs) => revisionOf(rs) === wanted);
  if (!set) return missing('Unable to find the revision to rollback to.');
  const name = d.metadata.name;
  if (sameTemplate(d.spec.template, set.spec.template))
    return [
      told(
        'Warning',
        'DeploymentRollbackTemplateUnchanged',
        `The rollback revision contains the same template as current deployment "${name}"`,
      ),
      unchanged,
    ];
  const { [hashLabel]: _h, ...labels } = set.spec.template?.metadata?.labels ?? {};
  const own = Object.entries(annotations).filter(([k]) => notCopied.has(k));
  const old = Object.entries(set.metadata.annotations ?? {}).filter(([k]) => !notCopied.has(k));
  return [
    write({
      ...d,
      metadata: { ...d.metadata, annotations: Object.fromEntries([...own, ...old]) },
      spec: {
        ...d.spec,
        template: { ...set.spec.template, metadata: { ...set.spec.template?.metadata, labels } },
      },
    } as Deployment),
    told('Normal', 'DeploymentRollback', `Rolled back deployment "${name}" to revision ${wanted}`),
  ];
}
