/** Questions about access: what is asked must be clear (upstream: pkg/apis/authorization/validation). */
import { type FieldError, invalidValue } from '../../../../schema/field-error.ts';
import type { Errors } from '../../../meta/v1/validation.ts';
import type { ObjectMeta } from '../../../meta/v1/types.ts';
import type { SelfSubjectAccessReviewSpec, SubjectAccessReviewSpec } from '../types.ts';

type Spec = SubjectAccessReviewSpec | SelfSubjectAccessReviewSpec;

/** Exactly one of resourceAttributes and nonResourceAttributes. */
export function validateQuestion(s: Spec): Errors {
  const errs: Errors = [];
  if (s.resourceAttributes && s.nonResourceAttributes)
    errs.push(
      invalidValue(
        'spec.nonResourceAttributes',
        s.nonResourceAttributes,
        'cannot be specified in combination with resourceAttributes',
      ),
    );
  if (!s.resourceAttributes && !s.nonResourceAttributes)
    errs.push(
      invalidValue(
        'spec.resourceAttributes',
        undefined,
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    );
  return errs;
}

/** Somebody to ask about. */
export function validateSubject(s: SubjectAccessReviewSpec): readonly FieldError[] {
  const errs = validateQuestion(s);
  if (!s.user && !s.groups?.length)
    errs.push(invalidValue('spec.user', s.user ?? '', 'at least one of user or group must be specified'));
  return errs;
}

/** Reviews are not kept and have no metadata. */
export function validateNoMetadata(
  m: ObjectMeta,
  allowed: readonly (keyof ObjectMeta)[],
  why: string,
): readonly FieldError[] {
  const given = Object.entries(m ?? {}).some(
    ([k, v]) => v !== undefined && k !== 'managedFields' && !(allowed as readonly string[]).includes(k),
  );
  return given ? [invalidValue('metadata', m, why)] : [];
}
