/** CertificateApproval: only who has the right to a signer approves requests to it. */
import type { CertificateSigningRequest } from '../../api/certificates/v1/types.ts';
import type { AdmissionPlugin, Authorizer } from '../attributes.ts';
import { mayActForSigner } from './certificate-signer-rights.ts';
import { isFor, q, refuse } from './refusal.ts';

export const certificateApproval = (authorizer: Authorizer): AdmissionPlugin => ({
  name: 'CertificateApproval',
  handles: ['UPDATE'],
  async validate(a) {
    if (!isFor(a, 'certificatesigningrequests', 'certificates.k8s.io', 'approval')) return;
    // the stored signer counts: the request may not change it
    const { signerName } = (a.oldObject as CertificateSigningRequest).spec;
    if (!(await mayActForSigner(authorizer, a.user, 'approve', signerName)))
      throw refuse(a, `user not permitted to approve requests with signerName ${q(signerName)}`);
  },
});
