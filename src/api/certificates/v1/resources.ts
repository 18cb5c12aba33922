/** The resources of certificates.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { clearsStatus, statusSubresource } from '../../status-part.ts';
import { certificateSigningRequestColumns } from './columns.ts';
import { certificateSigningRequestFields } from './fields.ts';
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
  subresources: [{ name: 'approval', verbs: ['get', 'patch', 'update'] }, statusSubresource()],
  strategy: clearsStatus(CertificateSigningRequest),
  columns: certificateSigningRequestColumns,
  selectableFields: certificateSigningRequestFields,
});
