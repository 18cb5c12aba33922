/** io.k8s.api.imagepolicy.v1alpha1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { bool, field, type Infer, list, map, string, struct } from '../../../schema/dsl.ts';
import { ObjectMeta } from '../../meta/v1/types.ts';

export const ImageReviewContainerSpec = struct('io.k8s.api.imagepolicy.v1alpha1.ImageReviewContainerSpec', {
  image: field(1, string, { omitempty: true }),
});
export interface ImageReviewContainerSpec extends Infer<typeof ImageReviewContainerSpec> {}

export const ImageReviewSpec = struct('io.k8s.api.imagepolicy.v1alpha1.ImageReviewSpec', {
  containers: list(1, ImageReviewContainerSpec, { omitempty: true, listType: 'atomic' }),
  annotations: map(2, string, { omitempty: true }),
  namespace: field(3, string, { omitempty: true }),
});
export interface ImageReviewSpec extends Infer<typeof ImageReviewSpec> {}

export const ImageReviewStatus = struct('io.k8s.api.imagepolicy.v1alpha1.ImageReviewStatus', {
  allowed: field(1, bool),
  reason: field(2, string, { omitempty: true }),
  auditAnnotations: map(3, string, { omitempty: true }),
});
export interface ImageReviewStatus extends Infer<typeof ImageReviewStatus> {}

export const ImageReview = struct(
  'io.k8s.api.imagepolicy.v1alpha1.ImageReview',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, ImageReviewSpec),
    status: field(3, ImageReviewStatus, { omitempty: true }),
  },
  { gvk: { group: 'imagepolicy.k8s.io', version: 'v1alpha1', kind: 'ImageReview' }, typeMeta: true },
);
export interface ImageReview extends Infer<typeof ImageReview> {}
