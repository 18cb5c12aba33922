/** Client certificates: CN is the user, every O a group. TLS has verified the chain; the dates are looked at on every request. */
import type { Clock } from '../../base/clock.ts';
import { inspectCertificate } from '../../base/pki/x509.ts';
import { unauthorized } from '../../machinery/status-error.ts';
import type { Authenticator, UserInfo } from '../attributes.ts';
import { extraCredentialId } from './identity.ts';

interface Known {
  readonly user: UserInfo | undefined;
  readonly notBefore: number;
  readonly notAfter: number;
}

function read(der: Buffer): Known {
  const facts = inspectCertificate(der);
  return {
    user: facts.commonName
      ? {
          name: facts.commonName,
          uid: '',
          groups: facts.organizations,
          extra: { [extraCredentialId]: [`X509SHA256=${facts.fingerprint}`] },
        }
      : undefined,
    notBefore: facts.notBefore,
    notAfter: facts.notAfter,
  };
}

/** Reads a certificate once per buffer (a connection keeps its own). */
export function certificateAuthenticator(clock: Clock): Authenticator {
  const known = new WeakMap<Buffer, Known>();
  return {
    async authenticate({ clientCertificate }) {
      if (!clientCertificate) return undefined;
      let entry = known.get(clientCertificate);
      if (!entry) {
        entry = read(clientCertificate);
        known.set(clientCertificate, entry);
      }
      const now = clock.now();
      if (now > entry.notAfter || now < entry.notBefore)
        throw unauthorized('x509: certificate has expired or is not yet valid');
      return entry.user;
    },
  };
}
