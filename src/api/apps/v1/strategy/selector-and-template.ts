/** What ReplicaSet, Deployment and the other apps kinds share: a selector that must be there, usable, and fit the template. */
import { invalidValue, required } from '../../../../schema/field-error.ts';
import { validateReplicatedTemplate } from '../../../core/v1/strategy/replicated-template.ts';
import type { PodTemplateSpec } from '../../../core/v1/types.ts';
import type { LabelSelector } from '../../../meta/v1/types.ts';
import {
  type Errors,
  isUsableSelector,
  notNegative,
  selectorMatches,
  validateLabelSelector,
} from '../../../meta/v1/validation.ts';

const isEmpty = (s: LabelSelector): boolean =>
  Object.keys(s.matchLabels ?? {}).length + (s.matchExpressions?.length ?? 0) === 0;

/** `emptyIs` is what an empty selector is called; `owner` where activeDeadlineSeconds is refused. */
export function validateSelectorAndTemplate(
  spec: { readonly selector?: LabelSelector | undefined; readonly template: PodTemplateSpec },
  emptyIs: string,
  owner: string,
  errs: Errors,
): void {
  const s = spec.selector;
  if (!s) errs.push(required('spec.selector'));
  else {
    validateLabelSelector(s, 'spec.selector', errs);
    if (isEmpty(s)) errs.push(invalidValue('spec.selector', s, emptyIs));
  }
  if (!isUsableSelector(s)) {
    errs.push(invalidValue('spec.selector', s, 'invalid label selector'));
    return;
  }
  // A selector that is absent matches nothing; one that is empty is not held against the labels.
  const fits = s ? isEmpty(s) || selectorMatches(s, spec.template.metadata?.labels) : false;
  validateReplicatedTemplate(spec.template, fits, owner, errs);
}

interface Counts {
  readonly replicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
}

/** Counts of a status: none negative, none above the total. `part` is the kind's own count. */
export function validateReplicaCounts<S extends Counts, K extends keyof S & string>(
  s: S,
  part: K,
  more: readonly (keyof S & string)[],
  errs: Errors,
): void {
  const count = (name: keyof S & string): number => (s[name] as number | undefined) ?? 0;
  for (const name of ['replicas', part, 'readyReplicas', 'availableReplicas', ...more] as const)
    notNegative(count(name), `status.${name}`, errs);
  const total = count('replicas');
  for (const name of [part, 'readyReplicas', 'availableReplicas'] as const)
    if (count(name) > total)
      errs.push(invalidValue(`status.${name}`, count(name), 'cannot be greater than status.replicas'));
  if (count('availableReplicas') > count('readyReplicas'))
    errs.push(
      invalidValue('status.availableReplicas', count('availableReplicas'), 'cannot be greater than readyReplicas'),
    );
}
