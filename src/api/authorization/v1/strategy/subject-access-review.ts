/** How SubjectAccessReviews are judged. */
import type { Strategy } from '../../../resource-row.ts';
import type { SubjectAccessReview } from '../types.ts';
import { validateNoMetadata, validateSubject } from './access-review.ts';

export const subjectAccessReviewStrategy: Strategy<SubjectAccessReview> = {
  validate: (r) => [...validateSubject(r.spec), ...validateNoMetadata(r.metadata, [], 'must be empty')],
};
