/** Pod templates that a selector must fit (upstream: ValidatePodTemplateSpecForRC, ValidatePodTemplateSpecForReplicaSet). */
import { forbiddenField, invalidValue } from '../../../../schema/field-error.ts';
import { type Errors, unsupported } from '../../../meta/v1/validation.ts';
import type { PodTemplateSpec } from '../types.ts';
import { validatePodTemplateSpec } from '../validation/pod-spec.ts';

/** `matches`: the selector fits the template's labels. `owner` is named where activeDeadlineSeconds is refused. */
export function validateReplicatedTemplate(
  t: PodTemplateSpec,
  matches: boolean,
  owner: string,
  errs: Errors,
  path = 'spec.template',
): void {
  if (!matches)
    errs.push(
      invalidValue(`${path}.metadata.labels`, t.metadata?.labels, '`selector` does not match template `labels`'),
    );
  validatePodTemplateSpec(t, path, errs);
  if (t.spec.restartPolicy !== 'Always')
    errs.push(unsupported(`${path}.spec.restartPolicy`, t.spec.restartPolicy ?? '', ['Always']));
  if (t.spec.activeDeadlineSeconds !== undefined)
    errs.push(
      forbiddenField(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${owner} is not Supported`),
    );
}
