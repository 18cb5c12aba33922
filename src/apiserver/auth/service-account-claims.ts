/** What a service account token says (pkg/serviceaccount/claims.go, legacy.go) and whether the cluster still stands by it. */
import { timingSafeEqual } from 'node:crypto';
import type { KubeObject } from '../../api/resource-row.ts';
import type { Secret } from '../../api/core/v1/types.ts';
import type { ObjectReader, UserInfo } from '../attributes.ts';
import {
  extraCredentialId,
  extraNodeName,
  extraNodeUid,
  extraPodName,
  extraPodUid,
  serviceAccountGroups,
  serviceAccountUsername,
  splitServiceAccount,
} from './identity.ts';

export const legacyIssuer = 'kubernetes/serviceaccount';
/** Leeway of go-jose, in seconds. */
const leeway = 60;

export interface ObjectRef {
  readonly name: string;
  readonly uid?: string;
}

export interface KubernetesClaims {
  readonly namespace: string;
  readonly node?: ObjectRef;
  readonly pod?: ObjectRef;
  readonly secret?: ObjectRef;
  readonly serviceaccount: ObjectRef;
  /** Seconds since the epoch. */
  readonly warnafter?: number;
}

export interface TokenClaims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  readonly exp?: number;
  readonly iat?: number;
  readonly nbf?: number;
  readonly jti?: string;
  readonly 'kubernetes.io'?: KubernetesClaims;
  readonly [claim: string]: unknown;
}

const rows = {
  serviceAccount: { group: '', plural: 'serviceaccounts' },
  secret: { group: '', plural: 'secrets' },
  pod: { group: '', plural: 'pods' },
  node: { group: '', plural: 'nodes' },
} as const;

const goneBefore = (o: KubeObject, ms: number): boolean =>
  o.metadata.deletionTimestamp !== undefined && Date.parse(o.metadata.deletionTimestamp) < ms;

/** The dates; undefined = good, else upstream's text. */
export function checkDates(claims: TokenClaims, nowMs: number): string | undefined {
  const now = nowMs / 1000;
  if (claims.nbf !== undefined && now + leeway < claims.nbf) return 'service account token is not valid yet';
  if (claims.exp !== undefined && now - leeway > claims.exp) return 'service account token has expired';
  if (claims.iat !== undefined && now + leeway < claims.iat) return 'service account token is issued in the future';
  return undefined;
}

/** The account and what the token is bound to still exist: the user, or the reason why not. */
export function resolveBoundToken(claims: TokenClaims, reader: ObjectReader, nowMs: number): UserInfo | string {
  const k = claims['kubernetes.io'];
  if (!k) return 'service account token has no kubernetes.io claim';
  const deletedBefore = nowMs - leeway * 1000;
  const account = reader.get(rows.serviceAccount, k.namespace, k.serviceaccount.name);
  if (!account) return `serviceaccounts "${k.serviceaccount.name}" not found`;
  if (account.metadata.uid !== k.serviceaccount.uid)
    return `service account UID (${account.metadata.uid}) does not match claim (${k.serviceaccount.uid})`;
  if (goneBefore(account, deletedBefore))
    return `service account ${k.namespace}/${k.serviceaccount.name} has been deleted`;

  const bound = (kind: 'secret' | 'pod' | 'node', ref: ObjectRef): string | undefined => {
    const o = reader.get(rows[kind], kind === 'node' ? '' : k.namespace, ref.name);
    if (!o) return 'service account token has been invalidated';
    if (o.metadata.uid !== ref.uid) {
      const title = kind === 'secret' ? 'secret' : kind;
      return `${title} UID (${o.metadata.uid}) does not match service account ${kind} ref claim (${ref.uid})`;
    }
    return goneBefore(o, deletedBefore) ? 'service account token has been invalidated' : undefined;
  };
  const fault =
    (k.secret && bound('secret', k.secret)) ??
    (k.pod && bound('pod', k.pod)) ??
    // of a token bound to a pod the node is information only
    (k.node && !k.pod ? bound('node', k.node) : undefined);
  if (fault !== undefined) return fault;

  return {
    name: serviceAccountUsername(k.namespace, k.serviceaccount.name),
    uid: k.serviceaccount.uid ?? '',
    groups: serviceAccountGroups(k.namespace),
    extra: {
      ...(claims.jti && { [extraCredentialId]: [`JTI=${claims.jti}`] }),
      ...(k.node && { [extraNodeName]: [k.node.name] }),
      ...(k.node?.uid && { [extraNodeUid]: [k.node.uid] }),
      ...(k.pod && { [extraPodName]: [k.pod.name], [extraPodUid]: [k.pod.uid ?? ''] }),
    },
  };
}

const text = (v: unknown): string => (typeof v === 'string' ? v : '');

/** A token from a Secret of type kubernetes.io/service-account-token: the secret must hold exactly this token. */
export function resolveLegacyToken(token: string, claims: TokenClaims, reader: ObjectReader): UserInfo | string {
  const claim = (name: string) => text(claims[`kubernetes.io/serviceaccount/${name}`]);
  const [namespace, secretName] = [claim('namespace'), claim('secret.name')];
  const [name, uid] = [claim('service-account.name'), claim('service-account.uid')];
  if (!claims.sub) return 'sub claim is missing';
  if (!namespace) return 'namespace claim is missing';
  if (!secretName) return 'secretName claim is missing';
  if (!name) return 'serviceAccountName claim is missing';
  if (!uid) return 'serviceAccountUID claim is missing';
  const subject = splitServiceAccount(claims.sub);
  if (subject?.namespace !== namespace || subject.name !== name) return 'sub claim is invalid';

  const secret = reader.get<Secret & KubeObject>(rows.secret, namespace, secretName);
  if (!secret || secret.metadata.deletionTimestamp !== undefined) return 'Token has been invalidated';
  const stored = Buffer.from(secret.data?.['token'] ?? '', 'base64');
  const given = Buffer.from(token);
  if (stored.length !== given.length || !timingSafeEqual(stored, given)) return "Token does not match server's copy";
  const account = reader.get(rows.serviceAccount, namespace, name);
  if (!account) return `serviceaccounts "${name}" not found`;
  if (account.metadata.deletionTimestamp !== undefined) return `ServiceAccount ${namespace}/${name} has been deleted`;
  if (account.metadata.uid !== uid) return `ServiceAccount UID (${account.metadata.uid}) does not match claim (${uid})`;
  const since = 'kubernetes.io/legacy-token-invalid-since';
  if (secret.metadata.labels?.[since])
    return `the token in secret ${namespace}/${secretName} for service account ${namespace}/${name} has been marked invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the '${since}' label from the secret to temporarily allow use of this token`;
  return { name: serviceAccountUsername(namespace, name), uid, groups: serviceAccountGroups(namespace), extra: {} };
}
