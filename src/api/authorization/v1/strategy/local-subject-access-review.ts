/** How LocalSubjectAccessReviews are judged: within their namespace. */
import { invalidValue } from '../../../../schema/field-error.ts';
import type { Errors } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { LocalSubjectAccessReview } from '../types.ts';
import { validateNoMetadata, validateSubject } from './access-review.ts';

export const localSubjectAccessReviewStrategy: Strategy<LocalSubjectAccessReview> = {
  validate: (r) => {
    const errs: Errors = [
      ...validateSubject(r.spec),
      ...validateNoMetadata(r.metadata, ['namespace'], 'must be empty except for namespace'),
    ];
    const about = r.spec.resourceAttributes;
    if (about && (about.namespace ?? '') !== (r.metadata.namespace ?? ''))
      errs.push(
        invalidValue('spec.resourceAttributes.namespace', about.namespace ?? '', 'must match metadata.namespace'),
      );
    if (r.spec.nonResourceAttributes)
      errs.push(
        invalidValue('spec.nonResourceAttributes', r.spec.nonResourceAttributes, 'disallowed on this kind of request'),
      );
    return errs;
  },
};
