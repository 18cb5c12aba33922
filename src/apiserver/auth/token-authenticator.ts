/** Bearer tokens: service account tokens (bound and legacy) and a static list. Signatures are verified once; the objects a token is bound to on every use. */
import { compactVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../base/clock.ts';
import { unauthorized } from '../../machinery/status-error.ts';
import type { Authenticator, Credentials, ObjectReader, UserInfo } from '../attributes.ts';
import { quotedList } from './rbac-rules.ts';
import {
  checkDates,
  legacyIssuer,
  resolveBoundToken,
  resolveLegacyToken,
  type TokenClaims,
} from './service-account-claims.ts';
import type { PublicKey } from './signing-key.ts';

export interface TokenAnswer {
  readonly user: UserInfo;
  /** Audiences that the token and the asker have in common. */
  readonly audiences: readonly string[];
}

export interface TokenVerifier {
  /** undefined = not a token of this verifier; throws an `unauthorized` StatusError with the reason when it is and is not good. */
  verify(token: string, audiences?: readonly string[]): Promise<TokenAnswer | undefined>;
}

export interface ServiceAccountTokenOptions {
  readonly keys: readonly PublicKey[];
  /** The first issues; all are accepted. */
  readonly issuers: readonly string[];
  readonly apiAudiences: readonly string[];
  readonly reader: ObjectReader;
  readonly clock: Clock;
}

const section = (part: string | undefined): Record<string, unknown> | undefined => {
  try {
    const v: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
    return typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

export function serviceAccountTokens(options: ServiceAccountTokenOptions): TokenVerifier {
  const verified = new LRUCache<string, TokenClaims>({ max: 4096 });

  async function claimsOf(token: string): Promise<TokenClaims | undefined> {
    const known = verified.get(token);
    if (known) return known;
    const parts = token.split('.');
    const payload = parts.length === 3 ? section(parts[1]) : undefined;
    const issuer = payload?.['iss'];
    if (typeof issuer !== 'string' || (issuer !== legacyIssuer && !options.issuers.includes(issuer))) return undefined;
    const header = section(parts[0]);
    if (!header) return undefined;
    const keys = header['kid'] ? options.keys.filter((k) => k.keyId === header['kid']) : options.keys;
    if (keys.length === 0) throw unauthorized('invalid signature, no keys found');
    for (const key of keys)
      try {
        await compactVerify(token, key.key, { algorithms: [key.algorithm] });
        verified.set(token, payload as TokenClaims);
        return payload as TokenClaims;
      } catch {
        // another key may have signed it
      }
    throw unauthorized('go-jose/go-jose: error in cryptographic primitive');
  }

  return {
    async verify(token, asked = options.apiAudiences) {
      const claims = await claimsOf(token);
      if (!claims) return undefined;
      const own = typeof claims.aud === 'string' ? [claims.aud] : (claims.aud ?? []);
      const audiences = own.length ? own : options.apiAudiences;
      const common = audiences.filter((a) => asked.includes(a));
      if (common.length === 0 && options.apiAudiences.length > 0)
        throw unauthorized(
          `token audiences ${quotedList(audiences)} is invalid for the target audiences ${quotedList(asked)}`,
        );
      const now = options.clock.now();
      const dates = checkDates(claims, now);
      if (dates !== undefined) throw unauthorized(dates);
      const answer =
        claims.iss === legacyIssuer
          ? resolveLegacyToken(token, claims, options.reader)
          : resolveBoundToken(claims, options.reader, now);
      if (typeof answer === 'string') throw unauthorized(answer);
      return { user: answer, audiences: common };
    },
  };
}

/** A fixed list of tokens (--token-auth-file). */
export function staticTokens(tokens: ReadonlyMap<string, UserInfo>, apiAudiences: readonly string[]): TokenVerifier {
  return {
    async verify(token, asked = apiAudiences) {
      const user = tokens.get(token);
      return user && { user, audiences: apiAudiences.filter((a) => asked.includes(a)) };
    },
  };
}

/** The lines of a token file: `token,user,uid,"group1,group2"`. */
export function parseTokenFile(text: string): ReadonlyMap<string, UserInfo> {
  const out = new Map<string, UserInfo>();
  for (const line of text.split('\n')) {
    if (!line.trim() || line.startsWith('#')) continue;
    const m = /^([^,]+),([^,]+),([^,]*)(?:,"?([^"]*)"?)?$/.exec(line.trim());
    if (!m) throw new Error(`token file: expected token,user,uid[,"groups"], found ${line.split(',').length} columns`);
    out.set(m[1]!, { name: m[2]!, uid: m[3]!, groups: m[4] ? m[4].split(',') : [], extra: {} });
  }
  return out;
}

/** Asks each in turn; the first that knows the token answers. Its refusals are joined when nobody does. */
export function unionVerifier(verifiers: readonly TokenVerifier[]): TokenVerifier {
  return {
    async verify(token, audiences) {
      const refusals: string[] = [];
      for (const v of verifiers)
        try {
          const answer = await v.verify(token, audiences);
          if (answer) return answer;
        } catch (e) {
          refusals.push((e as Error).message);
        }
      if (refusals.length === 0) return undefined;
      throw unauthorized(refusals.length === 1 ? refusals[0]! : `[${refusals.join(', ')}]`);
    },
  };
}

const protocolPrefix = 'base64url.bearer.authorization.k8s.io.';

/** The bearer token of a request: the Authorization header, or a websocket subprotocol. undefined = none. */
export function bearerTokenOf(credentials: Credentials): string | undefined {
  const header = credentials.authorization?.trim();
  if (header) {
    const space = header.indexOf(' ');
    if (space > 0 && header.slice(0, space).toLowerCase() === 'bearer')
      return header.slice(space + 1).trim() || undefined;
  }
  const protocol = credentials.webSocketProtocols?.find((p) => p.startsWith(protocolPrefix));
  return protocol && Buffer.from(protocol.slice(protocolPrefix.length), 'base64url').toString();
}

/** A token nobody knows is a bad credential, not a missing one. */
export const tokenAuthenticator = (verifier: TokenVerifier): Authenticator => ({
  async authenticate(credentials) {
    const token = bearerTokenOf(credentials);
    if (token === undefined) return undefined;
    const answer = await verifier.verify(token);
    if (!answer) throw unauthorized('invalid bearer token');
    return answer.user;
  },
});
