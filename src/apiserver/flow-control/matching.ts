/** Whether a request belongs to a FlowSchema (upstream: util/flowcontrol/rule.go). */
import type { FlowSchema } from '../../api/flowcontrol/v1/types.ts';
import type { RequestInfo, UserInfo } from '../attributes.ts';
import { splitServiceAccount } from '../auth/identity.ts';

type Rule = NonNullable<FlowSchema['spec']['rules']>[number];
type Subject = NonNullable<Rule['subjects']>[number];

/** The wildcard counts only when it is all there is, as validation sees to. */
const has = (list: readonly string[] | undefined, x: string): boolean =>
  list !== undefined && ((list.length === 1 && list[0] === '*') || list.includes(x));

function isSubject(s: Subject, user: UserInfo): boolean {
  switch (s.kind) {
    case 'User':
      return s.user !== undefined && (s.user.name === '*' || s.user.name === user.name);
    case 'Group':
      return s.group !== undefined && (s.group.name === '*' || user.groups.includes(s.group.name));
    case 'ServiceAccount': {
      const account = splitServiceAccount(user.name);
      const asked = s.serviceAccount;
      return (
        account !== undefined &&
        asked !== undefined &&
        asked.namespace === account.namespace &&
        (asked.name === '*' || asked.name === account.name)
      );
    }
    default:
      return false;
  }
}

const pathMatches = (path: string) => (rule: string) => {
  if (rule === '*' || rule === path) return true;
  const prefix = rule.replace(/\*$/, '');
  return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
};

function ruleMatches(r: Rule, i: RequestInfo, user: UserInfo): boolean {
  if (!r.subjects?.some((s) => isSubject(s, user))) return false;
  if (!i.isResource)
    return !!r.nonResourceRules?.some((n) => has(n.verbs, i.verb) && n.nonResourceURLs?.some(pathMatches(i.path)));
  const resource = i.subresource ? `${i.resource}/${i.subresource}` : i.resource;
  return !!r.resourceRules?.some(
    (p) =>
      has(p.verbs, i.verb) &&
      has(p.resources, resource) &&
      has(p.apiGroups, i.group) &&
      (i.namespace === '' ? p.clusterScope === true : has(p.namespaces, i.namespace)),
  );
}

/** Whether a request of this user matches a schema. */
export const flowSchemaMatches = (s: FlowSchema, i: RequestInfo, user: UserInfo): boolean =>
  !!s.spec.rules?.some((r) => ruleMatches(r, i, user));
