/** How SelfSubjectAccessReviews are judged. */
import type { Strategy } from '../../../resource-row.ts';
import type { SelfSubjectAccessReview } from '../types.ts';
import { validateNoMetadata, validateQuestion } from './access-review.ts';

export const selfSubjectAccessReviewStrategy: Strategy<SelfSubjectAccessReview> = {
  validate: (r) => [...validateQuestion(r.spec), ...validateNoMetadata(r.metadata, [], 'must be empty')],
};
