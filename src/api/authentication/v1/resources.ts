/** The resources of authentication.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { SelfSubjectReview, TokenReview } from './types.ts';

export const SelfSubjectReviews = resource({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  namespaced: false,
  schema: SelfSubjectReview,
  verbs: ['create'],
  virtual: true,
});

export const TokenReviews = resource({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  plural: 'tokenreviews',
  namespaced: false,
  schema: TokenReview,
  verbs: ['create'],
  virtual: true,
});
