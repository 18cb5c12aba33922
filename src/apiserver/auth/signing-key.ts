/** The key that signs service account tokens, and its public half as verifiers and OpenID discovery see it. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

export interface PublicKey {
  readonly key: KeyObject;
  readonly keyId: string;
  readonly algorithm: string;
}

export interface SigningKey extends PublicKey {
  readonly privateKey: KeyObject;
}

function algorithmOf(key: KeyObject): string {
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const algorithm = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }[curve ?? ''];
  if (!algorithm)
    throw new Error(`a service account key must be RSA or ECDSA (P-256, P-384, P-521), not ${key.asymmetricKeyType}`);
  return algorithm;
}

/** A public key from PEM (public, private or certificate). The key id is upstream's: base64url(sha256(SubjectPublicKeyInfo)). */
export function publicKeyOf(pem: string): PublicKey {
  const key = createPublicKey(pem);
  const der = key.export({ type: 'spki', format: 'der' });
  return { key, keyId: createHash('sha256').update(der).digest('base64url'), algorithm: algorithmOf(key) };
}

export const signingKeyOf = (pem: string): SigningKey => ({ ...publicKeyOf(pem), privateKey: createPrivateKey(pem) });

/** The document at /openid/v1/jwks (pkg/serviceaccount/openidmetadata.go). */
export const jwksDocument = (keys: readonly PublicKey[]): { readonly keys: readonly Record<string, unknown>[] } => ({
  keys: keys.map((k) => {
    const { kty, ...rest } = k.key.export({ format: 'jwk' });
    return { use: 'sig', kty, kid: k.keyId, alg: k.algorithm, ...rest };
  }),
});

/** The document at /.well-known/openid-configuration; `jwksUri` is where clients find jwksDocument. */
export const openidConfiguration = (issuer: string, jwksUri: string, keys: readonly PublicKey[]) => ({
  issuer,
  jwks_uri: jwksUri,
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: [...new Set(keys.map((k) => k.algorithm))].sort(),
});
