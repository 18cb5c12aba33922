/** Creates of kinds that are not stored but answered at once: the one table of reviews, by `group/plural`. */
import type { SelfSubjectReview, TokenReview, UserInfo as ApiUserInfo } from '../../api/authentication/v1/types.ts';
import type {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
} from '../../api/authorization/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { badRequest } from '../../machinery/status-error.ts';
import type { Authorizer, UserInfo } from '../attributes.ts';
import {
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
} from './access-reviews.ts';
import { authenticated } from './identity.ts';
import type { RbacIndex } from './rbac-index.ts';
import type { TokenVerifier } from './token-authenticator.ts';

export interface VirtualContext {
  readonly user: UserInfo;
  readonly namespace: string;
}

export type VirtualHandler = (obj: KubeObject, ctx: VirtualContext) => Promise<KubeObject>;

export interface VirtualDependencies {
  readonly tokens: TokenVerifier;
  readonly apiAudiences: readonly string[];
  readonly authorizer: Authorizer;
  readonly rbac: RbacIndex;
}

const apiUser = (u: UserInfo): ApiUserInfo => ({
  username: u.name,
  ...(u.uid && { uid: u.uid }),
  ...(u.groups.length && { groups: u.groups }),
  // ExtraValue is a plain list in JSON
  ...(Object.keys(u.extra).length && { extra: u.extra as unknown as NonNullable<ApiUserInfo['extra']> }),
});

async function tokenReview(obj: TokenReview, d: VirtualDependencies): Promise<TokenReview> {
  if (!obj.spec.token) throw badRequest('token is required for TokenReview in authentication');
  const audiences = obj.spec.audiences?.length ? obj.spec.audiences : d.apiAudiences;
  try {
    const answer = await d.tokens.verify(obj.spec.token, audiences);
    if (!answer) return { ...obj, status: { user: {}, error: 'invalid bearer token' } };
    return {
      ...obj,
      status: {
        authenticated: true,
        user: apiUser(authenticated(answer.user)),
        ...(answer.audiences.length && { audiences: answer.audiences }),
      },
    };
  } catch (e) {
    return { ...obj, status: { user: {}, error: `[invalid bearer token, ${(e as Error).message}]` } };
  }
}

export function virtualHandlers(d: VirtualDependencies): ReadonlyMap<string, VirtualHandler> {
  return new Map<string, VirtualHandler>([
    ['authentication.k8s.io/tokenreviews', (o) => tokenReview(o as TokenReview, d)],
    [
      'authentication.k8s.io/selfsubjectreviews',
      async (o, { user }) => ({ ...(o as SelfSubjectReview), status: { userInfo: apiUser(user) } }),
    ],
    ['authorization.k8s.io/subjectaccessreviews', (o) => subjectAccessReview(o as SubjectAccessReview, d.authorizer)],
    [
      'authorization.k8s.io/localsubjectaccessreviews',
      (o, { namespace }) => localSubjectAccessReview(o as LocalSubjectAccessReview, namespace, d.authorizer),
    ],
    [
      'authorization.k8s.io/selfsubjectaccessreviews',
      (o, { user }) => selfSubjectAccessReview(o as SelfSubjectAccessReview, user, d.authorizer),
    ],
    [
      'authorization.k8s.io/selfsubjectrulesreviews',
      async (o, { user }) => selfSubjectRulesReview(o as SelfSubjectRulesReview, user, d.rbac),
    ],
  ]);
}
