/** The resources of certificates.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { statusSubresource } from '../../status-part.ts';
import { certificateSigningRequestColumns } from './columns.ts';
import { certificateSigningRequestFields } from './fields.ts';
import {
  certificateSigningRequestApprovalStrategy,
  certificateSigningRequestStatusStrategy,
  certificateSigningRequestStrategy,
} from './strategy/certificate-signing-request.ts';
import { CertificateSigningRequest } from './types.ts';

export const CertificateSigningRequests = resource({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  namespaced: false,
  schema: CertificateSigningRequest,
  shortNames: ['csr'],
  storageVersionHash: '95fRKMXA+00=',
  subresources: [
    { name: 'approval', verbs: ['get', 'patch', 'update'], strategy: certificateSigningRequestApprovalStrategy },
    statusSubresource(certificateSigningRequestStatusStrategy),
  ],
  strategy: certificateSigningRequestStrategy,
  columns: certificateSigningRequestColumns,
  selectableFields: certificateSigningRequestFields,
});
