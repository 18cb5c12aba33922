/** io.k8s.api.admission.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { bool, bytes, field, type Infer, list, map, rawExtension, string, struct } from '../../../schema/dsl.ts';
import { UserInfo } from '../../authentication/v1/types.ts';
import { GroupVersionKind, GroupVersionResource, Status } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const AdmissionRequest = struct('io.k8s.api.admission.v1.AdmissionRequest', {
  uid: field(1, string, { alias: 'io.k8s.apimachinery.pkg.types.UID' }),
  kind: field(2, GroupVersionKind),
  resource: field(3, GroupVersionResource),
  subResource: field(4, string, { omitempty: true }),
  requestKind: field(13, GroupVersionKind, { omitempty: true, ptr: true }),
  requestResource: field(14, GroupVersionResource, { omitempty: true, ptr: true }),
  requestSubResource: field(15, string, { omitempty: true }),
  name: field(5, string, { omitempty: true }),
  namespace: field(6, string, { omitempty: true }),
  operation: field(7, string, { enum: enums.Operation }),
  userInfo: field(8, UserInfo),
  object: field(9, rawExtension, { omitempty: true }),
  oldObject: field(10, rawExtension, { omitempty: true }),
  dryRun: field(11, bool, { omitempty: true, ptr: true }),
  options: field(12, rawExtension, { omitempty: true }),
});
export interface AdmissionRequest extends Infer<typeof AdmissionRequest> {}

export const AdmissionResponse = struct('io.k8s.api.admission.v1.AdmissionResponse', {
  uid: field(1, string, { alias: 'io.k8s.apimachinery.pkg.types.UID' }),
  allowed: field(2, bool),
  status: field(3, Status, { omitempty: true, ptr: true }),
  patch: field(4, bytes, { omitempty: true, format: 'byte' }),
  patchType: field(5, string, { omitempty: true, ptr: true, enum: enums.PatchType }),
  auditAnnotations: map(6, string, { omitempty: true }),
  warnings: list(7, string, { omitempty: true, listType: 'atomic' }),
});
export interface AdmissionResponse extends Infer<typeof AdmissionResponse> {}

export const AdmissionReview = struct(
  'io.k8s.api.admission.v1.AdmissionReview',
  {
    request: field(1, AdmissionRequest, { omitempty: true, ptr: true }),
    response: field(2, AdmissionResponse, { omitempty: true, ptr: true }),
  },
  { gvk: { group: 'admission.k8s.io', version: 'v1', kind: 'AdmissionReview' }, typeMeta: true },
);
export interface AdmissionReview extends Infer<typeof AdmissionReview> {}
