/** SubjectAccessReview and its kin: what would the authorisers say (pkg/registry/authorization). Nothing is stored. */
import type {
  LocalSubjectAccessReview,
  NonResourceAttributes,
  ResourceAttributes,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  SubjectAccessReviewStatus,
  SubjectRulesReviewStatus,
} from '../../api/authorization/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { type FieldError, invalidValue } from '../../schema/field-error.ts';
import { badRequest, invalid } from '../../machinery/status-error.ts';
import type { Authorizer, AuthorizerAttributes, UserInfo } from '../attributes.ts';
import { nodeIdentity } from './identity.ts';
import { aggregate, type RbacIndex } from './rbac-index.ts';

const group = 'authorization.k8s.io';

interface Asked {
  readonly resourceAttributes?: ResourceAttributes | undefined;
  readonly nonResourceAttributes?: NonResourceAttributes | undefined;
}

const both = 'cannot be specified in combination with resourceAttributes';
const neither = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';

function validateAsked(spec: Asked): readonly FieldError[] {
  const { resourceAttributes: r, nonResourceAttributes: n } = spec;
  if (r && n) return [invalidValue('spec.nonResourceAttributes', n, both)];
  if (!r && !n) return [invalidValue('spec.resourceAttributes', undefined, neither)];
  return [];
}

const validateWho = (spec: SubjectAccessReview['spec']): readonly FieldError[] =>
  spec.user || spec.groups?.length
    ? []
    : [invalidValue('spec.user', '', 'at least one of user or group must be specified')];

/** Only managedFields, and what is allowed, may be set. */
function validateMetadata(obj: KubeObject, allowed: readonly string[], message: string): readonly FieldError[] {
  const given = Object.entries(obj.metadata).filter(
    ([k, v]) => v !== undefined && v !== null && v !== '' && k !== 'managedFields' && !allowed.includes(k),
  );
  return given.length ? [invalidValue('metadata', obj.metadata, message)] : [];
}

const operators: Readonly<Record<string, string>> = { In: '=', NotIn: '!=' };

/** The selector text of a review: raw, or requirements that a field selector can express. */
function fieldSelectorText(r: ResourceAttributes): string | undefined {
  const s = r.fieldSelector;
  if (!s) return undefined;
  if (s.requirements?.length)
    return s.requirements
      .flatMap((q) =>
        operators[q.operator] && q.values?.length === 1 ? [`${q.key}${operators[q.operator]}${q.values[0]}`] : [],
      )
      .join(',');
  return s.rawSelector;
}

export function attributesOf(user: UserInfo, asked: Asked): AuthorizerAttributes {
  const r = asked.resourceAttributes;
  const n = asked.nonResourceAttributes;
  return {
    user,
    verb: r?.verb ?? n?.verb ?? '',
    isResource: r !== undefined,
    path: n?.path ?? '',
    group: r?.group ?? '',
    version: r?.version || '*',
    resource: r?.resource ?? '',
    subresource: r?.subresource ?? '',
    namespace: r?.namespace ?? '',
    name: r?.name ?? '',
    fieldSelector: r && fieldSelectorText(r),
    labelSelector: r?.labelSelector?.rawSelector,
  };
}

/** What the authorisers say, as a review's status. */
export async function reviewAccess(
  authorizer: Authorizer,
  user: UserInfo,
  asked: Asked,
): Promise<SubjectAccessReviewStatus> {
  const d = await authorizer.authorize(attributesOf(user, asked));
  return {
    allowed: d.decision === 'allow',
    ...(d.decision === 'deny' && { denied: true }),
    ...(d.reason && { reason: d.reason }),
  };
}

const subjectOf = (spec: SubjectAccessReview['spec']): UserInfo => ({
  name: spec.user ?? '',
  uid: spec.uid ?? '',
  groups: spec.groups ?? [],
  extra: (spec.extra ?? {}) as unknown as Readonly<Record<string, readonly string[]>>,
});

function refuse(kind: string, errors: readonly FieldError[]): void {
  if (errors.length) throw invalid({ group, kind }, '', errors);
}

export async function subjectAccessReview(
  obj: SubjectAccessReview,
  authorizer: Authorizer,
): Promise<SubjectAccessReview> {
  refuse('SubjectAccessReview', [
    ...validateAsked(obj.spec),
    ...validateWho(obj.spec),
    ...validateMetadata(obj, [], 'must be empty'),
  ]);
  return { ...obj, status: await reviewAccess(authorizer, subjectOf(obj.spec), obj.spec) };
}

export async function localSubjectAccessReview(
  obj: LocalSubjectAccessReview,
  namespace: string,
  authorizer: Authorizer,
): Promise<LocalSubjectAccessReview> {
  const { resourceAttributes: r, nonResourceAttributes: n } = obj.spec;
  const own = obj.metadata.namespace || namespace;
  refuse('LocalSubjectAccessReview', [
    ...validateAsked(obj.spec),
    ...validateWho(obj.spec),
    ...validateMetadata(obj, ['namespace'], 'must be empty except for namespace'),
    ...(r && (r.namespace ?? '') !== own
      ? [invalidValue('spec.resourceAttributes.namespace', r.namespace ?? '', 'must match metadata.namespace')]
      : []),
    ...(n ? [invalidValue('spec.nonResourceAttributes', n, 'disallowed on this kind of request')] : []),
  ]);
  return { ...obj, status: await reviewAccess(authorizer, subjectOf(obj.spec), obj.spec) };
}

export async function selfSubjectAccessReview(
  obj: SelfSubjectAccessReview,
  user: UserInfo,
  authorizer: Authorizer,
): Promise<SelfSubjectAccessReview> {
  refuse('SelfSubjectAccessReview', [...validateAsked(obj.spec), ...validateMetadata(obj, [], 'must be empty')]);
  return { ...obj, status: await reviewAccess(authorizer, user, obj.spec) };
}

/** All rules of the asker in a namespace: RBAC's; a node's own rules cannot be listed. */
export function rulesReview(user: UserInfo, namespace: string, index: RbacIndex): SubjectRulesReviewStatus {
  const { rules, errors: found } = index.rulesFor(user, namespace);
  const isNode = nodeIdentity(user) !== undefined;
  const errors = [...(isNode ? ['node authorizer does not support user rule resolution'] : []), ...found];
  const superuser = user.groups.includes('system:masters');
  return {
    resourceRules: [
      ...(superuser ? [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] : []),
      ...rules
        .filter((r) => r.resources?.length)
        .map((r) => ({
          verbs: r.verbs,
          apiGroups: r.apiGroups ?? [],
          resources: r.resources ?? [],
          ...(r.resourceNames?.length && { resourceNames: r.resourceNames }),
        })),
    ],
    nonResourceRules: [
      ...(superuser ? [{ verbs: ['*'], nonResourceURLs: ['*'] }] : []),
      ...rules
        .filter((r) => r.nonResourceURLs?.length)
        .map((r) => ({ verbs: r.verbs, nonResourceURLs: r.nonResourceURLs ?? [] })),
    ],
    incomplete: isNode,
    ...(errors.length && { evaluationError: aggregate(errors) }),
  };
}

export function selfSubjectRulesReview(
  obj: SelfSubjectRulesReview,
  user: UserInfo,
  index: RbacIndex,
): SelfSubjectRulesReview {
  if (!obj.spec.namespace) throw badRequest('no namespace on request');
  return { ...obj, status: rulesReview(user, obj.spec.namespace, index) };
}
