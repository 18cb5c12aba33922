/** io.k8s.api.authentication.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { bool, field, type Infer, int64, list, map, string, struct, time } from '../../../schema/dsl.ts';
import { ObjectMeta } from '../../meta/v1/types.ts';

export const BoundObjectReference = struct('io.k8s.api.authentication.v1.BoundObjectReference', {
  kind: field(1, string, { omitempty: true }),
  apiVersion: field(2, string, { omitempty: true }),
  name: field(3, string, { omitempty: true }),
  uid: field(4, string, { omitempty: true, alias: 'io.k8s.apimachinery.pkg.types.UID', proto: 'uID' }),
});
export interface BoundObjectReference extends Infer<typeof BoundObjectReference> {}

export const ExtraValue = struct(
  'io.k8s.api.authentication.v1.ExtraValue',
  {
    items: list(1, string),
  },
  { jsonForm: true },
);
export interface ExtraValue extends Infer<typeof ExtraValue> {}

export const UserInfo = struct('io.k8s.api.authentication.v1.UserInfo', {
  username: field(1, string, { omitempty: true }),
  uid: field(2, string, { omitempty: true }),
  groups: list(3, string, { omitempty: true, listType: 'atomic' }),
  extra: map(4, ExtraValue, { omitempty: true, alias: 'io.k8s.api.authentication.v1.ExtraValue' }),
});
export interface UserInfo extends Infer<typeof UserInfo> {}

export const SelfSubjectReviewStatus = struct('io.k8s.api.authentication.v1.SelfSubjectReviewStatus', {
  userInfo: field(1, UserInfo, { omitempty: true }),
});
export interface SelfSubjectReviewStatus extends Infer<typeof SelfSubjectReviewStatus> {}

export const SelfSubjectReview = struct(
  'io.k8s.api.authentication.v1.SelfSubjectReview',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    status: field(2, SelfSubjectReviewStatus, { omitempty: true }),
  },
  { gvk: { group: 'authentication.k8s.io', version: 'v1', kind: 'SelfSubjectReview' }, typeMeta: true },
);
export interface SelfSubjectReview extends Infer<typeof SelfSubjectReview> {}

export const TokenRequestSpec = struct('io.k8s.api.authentication.v1.TokenRequestSpec', {
  audiences: list(1, string, { listType: 'atomic' }),
  expirationSeconds: field(4, int64, { ptr: true, format: 'int64' }),
  boundObjectRef: field(3, BoundObjectReference, { ptr: true }),
});
export interface TokenRequestSpec extends Infer<typeof TokenRequestSpec> {}

export const TokenRequestStatus = struct('io.k8s.api.authentication.v1.TokenRequestStatus', {
  token: field(1, string),
  expirationTimestamp: field(2, time),
});
export interface TokenRequestStatus extends Infer<typeof TokenRequestStatus> {}

export const TokenRequest = struct(
  'io.k8s.api.authentication.v1.TokenRequest',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, TokenRequestSpec),
    status: field(3, TokenRequestStatus, { omitempty: true }),
  },
  { gvk: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' }, typeMeta: true },
);
export interface TokenRequest extends Infer<typeof TokenRequest> {}

export const TokenReviewSpec = struct('io.k8s.api.authentication.v1.TokenReviewSpec', {
  token: field(1, string, { required: true, omitempty: true }),
  audiences: list(2, string, { omitempty: true, listType: 'atomic' }),
});
export interface TokenReviewSpec extends Infer<typeof TokenReviewSpec> {}

export const TokenReviewStatus = struct('io.k8s.api.authentication.v1.TokenReviewStatus', {
  authenticated: field(1, bool, { omitempty: true }),
  user: field(2, UserInfo, { omitempty: true }),
  audiences: list(4, string, { omitempty: true, listType: 'atomic' }),
  error: field(3, string, { omitempty: true }),
});
export interface TokenReviewStatus extends Infer<typeof TokenReviewStatus> {}

export const TokenReview = struct(
  'io.k8s.api.authentication.v1.TokenReview',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, TokenReviewSpec, { required: true }),
    status: field(3, TokenReviewStatus, { omitempty: true }),
  },
  { gvk: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenReview' }, typeMeta: true },
);
export interface TokenReview extends Infer<typeof TokenReview> {}
