/** CertificateSubjectRestriction: nobody becomes system:masters by a certificate request. */
import type { CertificateSigningRequest } from '../../api/certificates/v1/types.ts';
import { parseCsr } from '../../base/pki/x509.ts';
import type { AdmissionPlugin } from '../attributes.ts';
import { groupMasters } from '../auth/identity.ts';
import { isFor, refuse } from './refusal.ts';

const signer = 'kubernetes.io/kube-apiserver-client';

export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  handles: ['CREATE'],
  validate(a) {
    if (!isFor(a, 'certificatesigningrequests', 'certificates.k8s.io')) return;
    const { spec } = a.object as CertificateSigningRequest;
    if (spec.signerName !== signer) return;
    let organizations: readonly string[];
    try {
      organizations = parseCsr(Buffer.from(spec.request, 'base64').toString()).organizations;
    } catch (e) {
      throw refuse(a, `failed to parse CSR: ${(e as Error).message}`);
    }
    if (organizations.includes(groupMasters))
      throw refuse(a, `use of ${signer} signer with system:masters group is not allowed`);
  },
};
