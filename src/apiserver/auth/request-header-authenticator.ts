/** Users that a front proxy vouches for in X-Remote-… headers, when its own certificate is good (apiserver/pkg/authentication/request/headerrequest). */
import type { Clock } from '../../base/clock.ts';
import { inspectCertificate } from '../../base/pki/x509.ts';
import { unauthorized } from '../../machinery/status-error.ts';
import type { Authenticator } from '../attributes.ts';

export interface RequestHeaderOptions {
  readonly clock: Clock;
  /** Common names a proxy may have; empty = any that the proxies' CA signed. */
  readonly allowedNames: readonly string[];
  /** Lower-case names; the first that is there counts. */
  readonly usernameHeaders?: readonly string[];
  readonly uidHeaders?: readonly string[];
  readonly groupHeaders?: readonly string[];
  readonly extraPrefixes?: readonly string[];
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const valuesOf = (h: Headers, name: string): readonly string[] => {
  const v = h[name];
  return v === undefined ? [] : (typeof v === 'string' ? [v] : v).filter((x) => x !== '');
};
const first = (h: Headers, names: readonly string[]): string =>
  names.flatMap((n) => valuesOf(h, n).slice(0, 1))[0] ?? '';

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

export function requestHeaderAuthenticator(o: RequestHeaderOptions): Authenticator {
  const { usernameHeaders = ['x-remote-user'], uidHeaders = ['x-remote-uid'], groupHeaders = ['x-remote-group'] } = o;
  const { extraPrefixes = ['x-remote-extra-'] } = o;
  return {
    async authenticate({ proxyCertificate, headers }) {
      if (!proxyCertificate) return undefined;
      const facts = inspectCertificate(proxyCertificate);
      const now = o.clock.now();
      if (now > facts.notAfter || now < facts.notBefore)
        throw unauthorized('x509: certificate has expired or is not yet valid');
      if (o.allowedNames.length > 0 && !o.allowedNames.includes(facts.commonName))
        throw unauthorized(`x509: subject with cn=${facts.commonName} is not in the allowed list`);
      const name = first(headers, usernameHeaders);
      if (!name) return undefined;
      const extra: Record<string, readonly string[]> = {};
      for (const prefix of extraPrefixes)
        for (const header of Object.keys(headers))
          if (header.startsWith(prefix)) {
            const key = unescaped(header.slice(prefix.length));
            extra[key] = [...(extra[key] ?? []), ...valuesOf(headers, header)];
          }
      return {
        name,
        uid: first(headers, uidHeaders),
        groups: groupHeaders.flatMap((n) => valuesOf(headers, n)),
        extra,
      };
    },
  };
}
