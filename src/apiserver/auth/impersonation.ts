/** Acting as somebody else: the Impersonate-* headers, each of which needs the right to impersonate (apiserver/pkg/endpoints/filters/impersonation). */
import { badRequest } from '../../machinery/status-error.ts';
import type { Authorizer, AuthorizerAttributes, UserInfo } from '../attributes.ts';
import { forbiddenError } from './authorizer-chain.ts';
import {
  anonymousName,
  groupAuthenticated,
  groupUnauthenticated,
  serviceAccountGroups,
  serviceAccountUsername,
  splitServiceAccount,
} from './identity.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

interface Request {
  readonly resource: 'serviceaccounts' | 'users' | 'groups' | 'userextras' | 'uids';
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

const extraPrefix = 'impersonate-extra-';
const valuesOf = (v: string | readonly string[] | undefined): readonly string[] =>
  v === undefined ? [] : typeof v === 'string' ? [v] : v;

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** The things a request wants to be, from its headers (lower-case names). */
function requestsOf(headers: Headers): readonly Request[] {
  const out: Request[] = [];
  const one = (r: Pick<Request, 'resource' | 'name'> & Partial<Request>) =>
    out.push({ group: '', namespace: '', subresource: '', ...r });
  const user = valuesOf(headers['impersonate-user'])[0] ?? '';
  const account = splitServiceAccount(user);
  if (account) one({ resource: 'serviceaccounts', ...account });
  else if (user) one({ resource: 'users', name: user });
  for (const name of valuesOf(headers['impersonate-group'])) one({ resource: 'groups', name });
  const authentication = 'authentication.k8s.io';
  for (const [header, value] of Object.entries(headers))
    if (header.startsWith(extraPrefix))
      for (const name of valuesOf(value))
        one({
          resource: 'userextras',
          group: authentication,
          subresource: decodeKey(header.slice(extraPrefix.length)),
          name,
        });
  const uid = valuesOf(headers['impersonate-uid'])[0] ?? '';
  if (uid) one({ resource: 'uids', group: authentication, name: uid });
  if (out.length && !user)
    throw badRequest(
      `requested ${JSON.stringify(out.map((r) => `${r.resource} ${r.name}`))} without impersonating a user`,
    );
  return out;
}

/** The user to go on as: the asker himself without headers; throws 400 or the 403 of the first thing he may not be. */
export async function impersonate(user: UserInfo, headers: Headers, authorizer: Authorizer): Promise<UserInfo> {
  if (!Object.keys(headers).some((h) => h.startsWith('impersonate-'))) return user;
  const requests = requestsOf(headers);
  if (requests.length === 0) return user;
  let name = '';
  let uid = '';
  let groups: string[] = [];
  const extra = new Map<string, string[]>();
  const groupsGiven = requests.some((r) => r.resource === 'groups');
  for (const r of requests) {
    switch (r.resource) {
      case 'serviceaccounts':
        name = serviceAccountUsername(r.namespace, r.name);
        if (!groupsGiven) groups = [...serviceAccountGroups(r.namespace)];
        break;
      case 'users':
        name = r.name;
        break;
      case 'groups':
        groups.push(r.name);
        break;
      case 'userextras':
        extra.getOrInsertComputed(r.subresource, () => []).push(r.name);
        break;
      case 'uids':
        uid = r.name;
        break;
      default:
        r.resource satisfies never;
    }
    const attributes: AuthorizerAttributes = {
      ...r,
      user,
      verb: 'impersonate',
      version: r.group ? 'v1' : '',
      isResource: true,
      path: '',
    };
    const decision = await authorizer.authorize(attributes);
    if (decision.decision !== 'allow') throw forbiddenError(attributes, decision.reason);
  }
  const has = (g: string) => groups.includes(g);
  if (name !== anonymousName) {
    if (!has(groupAuthenticated) && !has(groupUnauthenticated)) groups.push(groupAuthenticated);
  } else if (!has(groupUnauthenticated)) groups.push(groupUnauthenticated);
  return { name, uid, groups, extra: Object.fromEntries(extra) };
}
