/** Makes service account tokens: serviceaccounts/token (TokenRequest) and the long-lived ones that Secrets hold. */
import { SignJWT } from 'jose';
import type { Clock } from '../../base/clock.ts';
import { rfc3339 } from '../../base/clock.ts';
import type { TokenRequest } from '../../api/authentication/v1/types.ts';
import type { Pod } from '../../api/core/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { invalidValue, type FieldError } from '../../schema/field-error.ts';
import { badRequest, conflict, invalid, notFound } from '../../machinery/status-error.ts';
import type { ObjectReader } from '../attributes.ts';
import { serviceAccountUsername } from './identity.ts';
import { type KubernetesClaims, legacyIssuer } from './service-account-claims.ts';
import { signingKeyOf } from './signing-key.ts';

export interface TokenIssuerOptions {
  /** PEM of the private key. */
  readonly key: string;
  readonly issuer: string;
  /** Audiences of the API server: the default of a request without any. Default: the issuer. */
  readonly audiences?: readonly string[];
  readonly clock: Clock;
  /** Token ids (UUID). */
  readonly uuid: () => string;
  /** Upper bound of expirationSeconds; 0 = none. */
  readonly maxExpirationSeconds?: number;
  /** Pod tokens asked for 3607 s live a year and are warned about after that hour (upstream's default). */
  readonly extendExpiration?: boolean;
}

export interface TokenIssuer {
  /** Answers POST serviceaccounts/NAME/token. Throws StatusError (404, 409, 400, 422). */
  request(
    namespace: string,
    serviceAccountName: string,
    request: TokenRequest,
    reader: ObjectReader,
    warn?: (text: string) => void,
  ): Promise<TokenRequest>;
  /** The token of a Secret of type kubernetes.io/service-account-token. */
  legacyToken(serviceAccount: KubeObject, secretName: string): Promise<string>;
}

const hour = 3600;
const year = 365 * 24 * hour;
const warnOnlySeconds = hour + 7;

function validateSpec(seconds: number): readonly FieldError[] {
  const path = 'spec.expirationSeconds';
  if (seconds < 600) return [invalidValue(path, seconds, 'may not specify a duration less than 10 minutes')];
  if (seconds > 2 ** 32) return [invalidValue(path, seconds, 'may not specify a duration larger than 2^32 seconds')];
  return [];
}

const refOf = (o: KubeObject) => ({ name: o.metadata.name ?? '', uid: o.metadata.uid ?? '' });

type Bound = Pick<KubernetesClaims, 'node' | 'pod' | 'secret'>;

function bind(namespace: string, account: string, request: TokenRequest, reader: ObjectReader): Bound {
  const ref = request.spec.boundObjectRef;
  if (!ref) return {};
  const kind = ref.apiVersion === 'v1' || !ref.apiVersion ? ref.kind : undefined;
  const plural = { Pod: 'pods', Node: 'nodes', Secret: 'secrets' }[kind ?? ''];
  if (!plural || !kind) {
    const [group, version] = ref.apiVersion?.includes('/') ? ref.apiVersion.split('/') : ['', ref.apiVersion ?? ''];
    throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${ref.kind ?? ''}`);
  }
  const name = ref.name ?? '';
  const object = reader.get({ group: '', plural }, kind === 'Node' ? '' : namespace, name);
  if (!object) throw notFound({ group: '', resource: plural }, name);
  if (ref.uid && ref.uid !== object.metadata.uid && kind !== 'Pod') throw uidConflict(kind, name, ref.uid);
  if (kind === 'Secret') return { secret: refOf(object) };
  if (kind === 'Node') return { node: refOf(object) };
  const pod = object as Pod & KubeObject;
  if (pod.spec?.serviceAccountName !== account)
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
    );
  if (ref.uid && ref.uid !== object.metadata.uid) throw uidConflict(kind, name, ref.uid);
  const nodeName = pod.spec.nodeName;
  if (!nodeName) return { pod: refOf(pod) };
  const node = reader.get({ group: '', plural: 'nodes' }, '', nodeName);
  return { pod: refOf(pod), node: node ? refOf(node) : { name: nodeName } };
}

const uidConflict = (kind: string, name: string, uid: string) =>
  conflict(
    { group: '', resource: kind },
    name,
    `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
  );

export function createTokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const { issuer, clock } = options;
  const key = signingKeyOf(options.key);
  const defaultAudiences = options.audiences ?? [issuer];
  const sign = (claims: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ alg: key.algorithm, kid: key.keyId }).sign(key.privateKey);

  return {
    async request(namespace, name, request, reader, warn) {
      const kind = { group: 'authentication.k8s.io', kind: 'TokenRequest' };
      const meta = request.metadata;
      if (meta.name && meta.name !== name)
        throw invalid(kind, name, [
          invalidValue('metadata.name', meta.name, 'must match the service account name if specified'),
        ]);
      if (meta.namespace && meta.namespace !== namespace)
        throw invalid(kind, name, [
          invalidValue('metadata.namespace', meta.namespace, 'must match the service account namespace if specified'),
        ]);
      const account = reader.get({ group: '', plural: 'serviceaccounts' }, namespace, name);
      if (!account) throw notFound({ group: '', resource: 'serviceaccounts' }, name);
      if (meta.uid && meta.uid !== account.metadata.uid)
        throw conflict(
          { group: kind.group, resource: kind.kind },
          name,
          `the UID in the token request (${meta.uid}) does not match the UID of the service account (${account.metadata.uid})`,
        );
      const audiences = request.spec.audiences?.length ? request.spec.audiences : defaultAudiences;
      let seconds = request.spec.expirationSeconds ?? hour;
      const errors = validateSpec(seconds);
      if (errors.length) throw invalid(kind, '', errors);
      const bound = bind(namespace, name, request, reader);
      const max = options.maxExpirationSeconds ?? 0;
      if (max > 0 && seconds > max) {
        warn?.(`requested expiration of ${seconds} seconds shortened to ${max} seconds`);
        seconds = max;
      }
      const nowMs = clock.now();
      const now = Math.floor(nowMs / 1000);
      const extended =
        (options.extendExpiration ?? true) &&
        bound.pod !== undefined &&
        seconds === warnOnlySeconds &&
        audiences.every((a) => defaultAudiences.includes(a));
      const kubernetes: KubernetesClaims = {
        namespace,
        ...bound,
        serviceaccount: refOf(account),
        ...(extended && { warnafter: now + seconds }),
      };
      const token = await sign({
        aud: audiences,
        exp: now + (extended ? year : seconds),
        iat: now,
        iss: issuer,
        jti: options.uuid(),
        'kubernetes.io': kubernetes,
        nbf: now,
        sub: serviceAccountUsername(namespace, name),
      });
      return {
        ...request,
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        metadata: { ...meta, name, namespace, uid: account.metadata.uid, creationTimestamp: rfc3339(nowMs) },
        spec: { ...request.spec, audiences, expirationSeconds: seconds },
        status: { token, expirationTimestamp: rfc3339(nowMs + seconds * 1000) },
      };
    },
    legacyToken(account, secretName) {
      const { namespace = '', name = '', uid = '' } = account.metadata;
      return sign({
        iss: legacyIssuer,
        'kubernetes.io/serviceaccount/namespace': namespace,
        'kubernetes.io/serviceaccount/secret.name': secretName,
        'kubernetes.io/serviceaccount/service-account.name': name,
        'kubernetes.io/serviceaccount/service-account.uid': uid,
        sub: serviceAccountUsername(namespace, name),
      });
    },
  };
}

/** The issuer as the handler of serviceaccounts/token calls it. */
export const tokenRequestHandler =
  (issuer: TokenIssuer, reader: ObjectReader) =>
  (serviceAccount: KubeObject, tokenRequest: KubeObject): Promise<KubeObject> =>
    issuer.request(
      serviceAccount.metadata.namespace ?? '',
      serviceAccount.metadata.name ?? '',
      tokenRequest as TokenRequest,
      reader,
    );
