/** CertificateSigning: only who has the right to a signer issues its certificates. */
import { isDeepStrictEqual } from 'node:util';
import type { CertificateSigningRequest } from '../../api/certificates/v1/types.ts';
import type { AdmissionPlugin, Authorizer } from '../attributes.ts';
import { mayActForSigner } from './certificate-signer-rights.ts';
import { isFor, q, refuse } from './refusal.ts';

export const certificateSigning = (authorizer: Authorizer): AdmissionPlugin => ({
  name: 'CertificateSigning',
  handles: ['UPDATE'],
  async validate(a) {
    if (!isFor(a, 'certificatesigningrequests', 'certificates.k8s.io', 'status')) return;
    const old = a.oldObject as CertificateSigningRequest;
    const csr = a.object as CertificateSigningRequest;
    const same = (x: unknown, y: unknown) => isDeepStrictEqual(x ?? [], y ?? []);
    if (same(old.status?.certificate, csr.status?.certificate) && same(old.status?.conditions, csr.status?.conditions))
      return;
    const { signerName } = old.spec;
    if (!(await mayActForSigner(authorizer, a.user, 'sign', signerName)))
      throw refuse(a, `user not permitted to sign requests with signerName ${q(signerName)}`);
  },
});
