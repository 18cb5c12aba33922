/** io.k8s.api.certificates.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { bytes, field, type Infer, int32, list, map, string, struct, time } from '../../../schema/dsl.ts';
import { ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const ExtraValue = struct(
  'io.k8s.api.certificates.v1.ExtraValue',
  {
    items: list(1, string),
  },
  { jsonForm: true },
);
export interface ExtraValue extends Infer<typeof ExtraValue> {}

export const CertificateSigningRequestSpec = struct('io.k8s.api.certificates.v1.CertificateSigningRequestSpec', {
  request: field(1, bytes, { required: true, format: 'byte' }),
  signerName: field(7, string, { required: true }),
  expirationSeconds: field(8, int32, { omitempty: true, ptr: true, format: 'int32' }),
  usages: list(5, string, { omitempty: true, enum: enums.KeyUsage, listType: 'atomic' }),
  username: field(2, string, { omitempty: true }),
  uid: field(3, string, { omitempty: true }),
  groups: list(4, string, { omitempty: true, listType: 'atomic' }),
  extra: map(6, ExtraValue, { omitempty: true, alias: 'io.k8s.api.certificates.v1.ExtraValue' }),
});
export interface CertificateSigningRequestSpec extends Infer<typeof CertificateSigningRequestSpec> {}

export const CertificateSigningRequestCondition = struct(
  'io.k8s.api.certificates.v1.CertificateSigningRequestCondition',
  {
    type: field(1, string, { required: true, enum: enums.RequestConditionType }),
    status: field(6, string, { required: true, enum: enums.ConditionStatus_core_v1 }),
    reason: field(2, string, { omitempty: true }),
    message: field(3, string, { omitempty: true }),
    lastUpdateTime: field(4, time, { omitempty: true }),
    lastTransitionTime: field(5, time, { omitempty: true }),
  },
);
export interface CertificateSigningRequestCondition extends Infer<typeof CertificateSigningRequestCondition> {}

export const CertificateSigningRequestStatus = struct('io.k8s.api.certificates.v1.CertificateSigningRequestStatus', {
  conditions: list(1, CertificateSigningRequestCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    v: [
      '@alpha listType=map',
      '@alpha listMapKey=type',
      '@alpha customUnique',
      '@alpha optional',
      '@alpha item(type: "Approved")=zeroOrOneOfMember',
      '@alpha item(type: "Denied")=zeroOrOneOfMember',
    ],
  }),
  certificate: field(2, bytes, { omitempty: true, format: 'byte' }),
});
export interface CertificateSigningRequestStatus extends Infer<typeof CertificateSigningRequestStatus> {}

export const CertificateSigningRequest = struct(
  'io.k8s.api.certificates.v1.CertificateSigningRequest',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, CertificateSigningRequestSpec, { required: true }),
    status: field(3, CertificateSigningRequestStatus, { omitempty: true }),
  },
  { gvk: { group: 'certificates.k8s.io', version: 'v1', kind: 'CertificateSigningRequest' }, typeMeta: true },
);
export interface CertificateSigningRequest extends Infer<typeof CertificateSigningRequest> {}

export const CertificateSigningRequestList = struct(
  'io.k8s.api.certificates.v1.CertificateSigningRequestList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, CertificateSigningRequest, { required: true }),
  },
  { gvk: { group: 'certificates.k8s.io', version: 'v1', kind: 'CertificateSigningRequestList' }, typeMeta: true },
);
export interface CertificateSigningRequestList extends Infer<typeof CertificateSigningRequestList> {}
