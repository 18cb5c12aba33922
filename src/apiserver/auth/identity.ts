/** The names of users and groups that Kubernetes itself gives out (apiserver/pkg/authentication/user and serviceaccount). */
import type { UserInfo } from '../attributes.ts';

export const anonymousName = 'system:anonymous';
export const groupAuthenticated = 'system:authenticated';
export const groupUnauthenticated = 'system:unauthenticated';
export const groupMasters = 'system:masters';
export const groupNodes = 'system:nodes';
export const nodeUserPrefix = 'system:node:';

export const extraCredentialId = 'authentication.kubernetes.io/credential-id';
export const extraNodeName = 'authentication.kubernetes.io/node-name';
export const extraNodeUid = 'authentication.kubernetes.io/node-uid';
export const extraPodName = 'authentication.kubernetes.io/pod-name';
export const extraPodUid = 'authentication.kubernetes.io/pod-uid';

const serviceAccountPrefix = 'system:serviceaccount:';

export const serviceAccountUsername = (namespace: string, name: string): string =>
  `${serviceAccountPrefix}${namespace}:${name}`;

export const serviceAccountGroups = (namespace: string): readonly string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];

/** A service account as it is when it has logged in with a token that is bound to nothing. */
export const serviceAccountUser = (namespace: string, name: string): UserInfo => ({
  name: serviceAccountUsername(namespace, name),
  uid: '',
  groups: [...serviceAccountGroups(namespace), groupAuthenticated],
  extra: {},
});

/** `system:serviceaccount:ns:name` → its parts; undefined for any other user name. */
export function splitServiceAccount(user: string): { readonly namespace: string; readonly name: string } | undefined {
  if (!user.startsWith(serviceAccountPrefix)) return undefined;
  const parts = user.slice(serviceAccountPrefix.length).split(':');
  return parts.length === 2 && parts[0] && parts[1] ? { namespace: parts[0], name: parts[1] } : undefined;
}

/**
 * The node a kubelet's user stands for: undefined = not a node, '' = a member of system:nodes without a node's name
 * (pkg/auth/nodeidentifier).
 */
export function nodeIdentity(user: UserInfo): string | undefined {
  if (!user.name.startsWith(nodeUserPrefix)) return undefined;
  return user.groups.includes(groupNodes) ? user.name.slice(nodeUserPrefix.length) : undefined;
}

export const anonymous: UserInfo = Object.freeze({
  name: anonymousName,
  uid: '',
  groups: [groupUnauthenticated],
  extra: {},
});

/** The API server's own identity. */
export const apiServerUser: UserInfo = Object.freeze({
  name: 'system:apiserver',
  uid: '',
  groups: [groupMasters, groupAuthenticated],
  extra: {},
});

/** Adds system:authenticated to everybody who is somebody. */
export function authenticated(user: UserInfo): UserInfo {
  if (user.name === anonymousName) return user;
  if (user.groups.includes(groupAuthenticated) || user.groups.includes(groupUnauthenticated)) return user;
  return { ...user, groups: [...user.groups, groupAuthenticated] };
}
