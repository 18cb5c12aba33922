/** What field selectors may ask of certificate signing requests (upstream: registry/certificates/certificates). */
import type { CertificateSigningRequest } from './types.ts';

export const certificateSigningRequestFields: Readonly<Record<string, (o: CertificateSigningRequest) => string>> = {
  'spec.signerName': (o) => o.spec.signerName,
};
