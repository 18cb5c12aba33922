/** The resources of authorization.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { localSubjectAccessReviewStrategy } from './strategy/local-subject-access-review.ts';
import { selfSubjectAccessReviewStrategy } from './strategy/self-subject-access-review.ts';
import { subjectAccessReviewStrategy } from './strategy/subject-access-review.ts';
import {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
} from './types.ts';

export const LocalSubjectAccessReviews = resource({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'LocalSubjectAccessReview',
  plural: 'localsubjectaccessreviews',
  namespaced: true,
  schema: LocalSubjectAccessReview,
  verbs: ['create'],
  virtual: true,
  strategy: localSubjectAccessReviewStrategy,
});

export const SelfSubjectAccessReviews = resource({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  namespaced: false,
  schema: SelfSubjectAccessReview,
  verbs: ['create'],
  virtual: true,
  strategy: selfSubjectAccessReviewStrategy,
});

export const SelfSubjectRulesReviews = resource({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
  namespaced: false,
  schema: SelfSubjectRulesReview,
  verbs: ['create'],
  virtual: true,
});

export const SubjectAccessReviews = resource({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  namespaced: false,
  schema: SubjectAccessReview,
  verbs: ['create'],
  virtual: true,
  strategy: subjectAccessReviewStrategy,
});
