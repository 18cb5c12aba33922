/** RBAC decisions, their texts, and what nobody may hand out: tables against upstream's behaviour. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PolicyRule } from '../../api/rbac/v1/types.ts';
import type { AdmissionAttributes, AuthorizerAttributes, UserInfo } from '../attributes.ts';
import { authorizerChain, forbiddenError, privilegedGroups } from './authorizer-chain.ts';
import { fixedReader } from './fixed-reader.ts';
import { rbacAuthorizer } from './rbac-authorizer.ts';
import { rbacEscalationCheck } from './rbac-escalation.ts';
import { RbacIndex } from './rbac-index.ts';
import { ruleAllows, uncovered } from './rbac-rules.ts';

const group = 'rbac.authorization.k8s.io';
const user = (name: string, ...groups: string[]): UserInfo => ({ name, uid: '', groups, extra: {} });
const ask = (
  who: UserInfo,
  verb: string,
  resource: string,
  more: Partial<AuthorizerAttributes> = {},
): AuthorizerAttributes => {
  const [r = '', subresource = ''] = resource.split('/');
  return {
    user: who,
    verb,
    isResource: true,
    path: '',
    group: '',
    version: 'v1',
    resource: r,
    subresource,
    namespace: '',
    name: '',
    ...more,
  };
};
const clusterRole = (name: string, ...rules: Partial<PolicyRule>[]) => ({ metadata: { name }, rules });
const binding = (name: string, namespace: string, kind: string, role: string, ...subjects: object[]) => ({
  metadata: { name, ...(namespace && { namespace }) },
  roleRef: { apiGroup: group, kind, name: role },
  subjects,
});
const reader = fixedReader({
  [`clusterroles.${group}`]: [
    clusterRole('view', { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'pods/log'] }),
    clusterRole('one', { verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['a'] }),
    clusterRole('scale', { verbs: ['update'], apiGroups: ['*'], resources: ['*/scale'] }),
    clusterRole('urls', { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez/*'] }),
    clusterRole(
      'bind',
      { verbs: ['bind'], apiGroups: [group], resources: ['clusterroles'], resourceNames: ['view'] },
      { verbs: ['create'], apiGroups: [group], resources: ['*'] },
    ),
  ],
  [`roles.${group}`]: [
    { metadata: { name: 'dev', namespace: 'ns' }, rules: [{ verbs: ['*'], apiGroups: ['apps'], resources: ['*'] }] },
  ],
  [`clusterrolebindings.${group}`]: [
    binding(
      'v',
      '',
      'ClusterRole',
      'view',
      { kind: 'User', name: 'alice' },
      { kind: 'ServiceAccount', name: 'sa', namespace: 'ns' },
      { kind: 'ServiceAccount', name: 'nowhere' },
    ),
    binding('s', '', 'ClusterRole', 'scale', { kind: 'Group', name: 'scalers' }),
    binding('u', '', 'ClusterRole', 'urls', { kind: 'Group', name: 'system:unauthenticated' }),
    binding('o', '', 'ClusterRole', 'one', { kind: 'User', name: 'alice' }),
    binding('lost', '', 'ClusterRole', 'gone', { kind: 'User', name: 'carol' }),
    binding('b', '', 'ClusterRole', 'bind', { kind: 'User', name: 'binder' }),
  ],
  [`rolebindings.${group}`]: [
    binding('d', 'ns', 'Role', 'dev', { kind: 'User', name: 'bob' }, { kind: 'ServiceAccount', name: 'local' }),
    binding('v', 'ns', 'ClusterRole', 'view', { kind: 'Group', name: 'devs' }),
  ],
});
const index = new RbacIndex();
index.load(reader);
const rbac = rbacAuthorizer(index);

test('decisions', () => {
  const sa = (n: string) => user(`system:serviceaccount:ns:${n}`);
  const table: [AuthorizerAttributes, string | undefined][] = [
    [
      ask(user('alice'), 'list', 'pods'),
      'RBAC: allowed by ClusterRoleBinding "v" of ClusterRole "view" to User "alice"',
    ],
    [
      ask(user('alice'), 'get', 'pods/log', { namespace: 'x' }),
      'RBAC: allowed by ClusterRoleBinding "v" of ClusterRole "view" to User "alice"',
    ],
    [ask(user('alice'), 'get', 'pods/exec'), undefined],
    [ask(user('alice'), 'delete', 'pods'), undefined],
    [ask(user('alice'), 'list', 'pods', { group: 'metrics.k8s.io' }), undefined],
    [
      ask(user('alice'), 'get', 'secrets', { name: 'a' }),
      'RBAC: allowed by ClusterRoleBinding "o" of ClusterRole "one" to User "alice"',
    ],
    [ask(user('alice'), 'get', 'secrets', { name: 'b' }), undefined],
    [
      ask(sa('sa'), 'get', 'pods'),
      'RBAC: allowed by ClusterRoleBinding "v" of ClusterRole "view" to ServiceAccount "sa/ns"',
    ],
    [ask(sa('nowhere'), 'get', 'pods', { namespace: 'ns' }), undefined],
    [
      ask(sa('local'), 'patch', 'deployments', { group: 'apps', namespace: 'ns' }),
      'RBAC: allowed by RoleBinding "d/ns" of Role "dev" to ServiceAccount "local/ns"',
    ],
    [ask(user('bob'), 'patch', 'deployments', { group: 'apps', namespace: 'other' }), undefined],
    [ask(user('bob'), 'patch', 'deployments', { group: 'apps' }), undefined],
    [
      ask(user('x', 'devs'), 'get', 'pods', { namespace: 'ns' }),
      'RBAC: allowed by RoleBinding "v/ns" of ClusterRole "view" to Group "devs"',
    ],
    [
      ask(user('x', 'scalers'), 'update', 'deployments/scale', { group: 'apps' }),
      'RBAC: allowed by ClusterRoleBinding "s" of ClusterRole "scale" to Group "scalers"',
    ],
    [ask(user('x', 'scalers'), 'update', 'deployments', { group: 'apps' }), undefined],
    [
      ask(user('a', 'system:unauthenticated'), 'get', '', { isResource: false, path: '/livez/ping' }),
      'RBAC: allowed by ClusterRoleBinding "u" of ClusterRole "urls" to Group "system:unauthenticated"',
    ],
    [ask(user('a', 'system:unauthenticated'), 'get', '', { isResource: false, path: '/healthz/x' }), undefined],
  ];
  for (const [a, reason] of table) {
    const d = rbac.authorize(a);
    assert.equal(d.decision, reason === undefined ? 'no-opinion' : 'allow', `${a.user.name} ${a.verb} ${a.resource}`);
    if (reason !== undefined) assert.equal(d.reason, reason);
  }
});

test('refusals read as upstream’s', async () => {
  const table: [AuthorizerAttributes, string][] = [
    [
      ask(user('bob'), 'list', 'pods', { namespace: 'default' }),
      'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"',
    ],
    [
      ask(user('bob'), 'get', 'deployments/scale', { namespace: 'd', group: 'apps', name: 'web' }),
      'deployments.apps "web" is forbidden: User "bob" cannot get resource "deployments/scale" in API group "apps" in the namespace "d"',
    ],
    [
      ask(user('bob'), 'list', 'nodes'),
      'nodes is forbidden: User "bob" cannot list resource "nodes" in API group "" at the cluster scope',
    ],
    [
      ask(user('<b>'), 'get', '', { isResource: false, path: '/metrics' }),
      'forbidden: User "&lt;b&gt;" cannot get path "/metrics"',
    ],
    [
      ask(user('carol'), 'list', 'nodes'),
      'nodes is forbidden: User "carol" cannot list resource "nodes" in API group "" at the cluster scope: RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found',
    ],
  ];
  const chain = authorizerChain([privilegedGroups, rbac]);
  for (const [a, message] of table) {
    const d = await chain.authorize(a);
    assert.equal(d.decision, 'no-opinion');
    const e = forbiddenError(a, d.reason);
    assert.deepEqual([e.code, e.reason, e.message], [403, 'Forbidden', message]);
  }
  assert.equal((await chain.authorize(ask(user('root', 'system:masters'), 'delete', 'nodes'))).decision, 'allow');
});

test('a chain keeps the order, joins reasons and waits only where it must', async () => {
  const no = (reason: string) => ({ authorize: () => ({ decision: 'no-opinion' as const, reason }) });
  const a = ask(user('x'), 'get', 'pods');
  const slow = { authorize: async () => ({ decision: 'no-opinion' as const, reason: 'two' }) };
  assert.deepEqual(authorizerChain([no('one'), no('')]).authorize(a), { decision: 'no-opinion', reason: 'one' });
  assert.deepEqual(await authorizerChain([no('one'), slow, no('three')]).authorize(a), {
    decision: 'no-opinion',
    reason: 'one\ntwo\nthree',
  });
});

test('changes take effect at once', () => {
  const i = new RbacIndex();
  const a = rbacAuthorizer(i);
  const can = () => a.authorize(ask(user('u'), 'get', 'pods')).decision === 'allow';
  const role = {
    apiVersion: 'v1',
    kind: 'ClusterRole',
    ...clusterRole('r', { verbs: ['get'], apiGroups: [''], resources: ['pods'] }),
  };
  const bound = {
    apiVersion: 'v1',
    kind: 'ClusterRoleBinding',
    ...binding('b', '', 'ClusterRole', 'r', { kind: 'User', name: 'u' }),
  };
  const moved = { ...bound, subjects: [{ kind: 'User', name: 'v' }] };
  i.changed('clusterrolebindings', undefined, bound);
  assert.equal(can(), false);
  i.changed('clusterroles', undefined, role);
  assert.equal(can(), true);
  i.changed('clusterrolebindings', bound, moved);
  assert.equal(can(), false);
  i.changed('clusterrolebindings', moved, bound);
  i.changed('clusterroles', role, undefined);
  assert.equal(can(), false);
});

test('who has all rules of a role lacks none of it; a rule covers what it allows', () => {
  const names = (...all: string[]) => fc.uniqueArray(fc.constantFrom(...all), { minLength: 1, maxLength: 3 });
  const rule = fc.record({
    verbs: names('get', 'list', '*'),
    apiGroups: names('', 'apps', '*'),
    resources: names('pods', 'pods/log', '*/log', '*'),
  });
  fc.assert(fc.property(fc.array(rule), (rules) => assert.deepEqual(uncovered(rules, rules), [])));
  fc.assert(
    fc.property(
      rule,
      fc.constantFrom('get', 'list'),
      fc.constantFrom('', 'apps'),
      fc.constantFrom('pods', 'pods/log'),
      (r, verb, g, resource) => {
        const covered = uncovered([r], [{ verbs: [verb], apiGroups: [g], resources: [resource] }]).length === 0;
        assert.equal(ruleAllows(r, ask(user('x'), verb, resource, { group: g })), covered);
      },
    ),
  );
});

test('rights that one lacks cannot be handed out', async () => {
  const check = rbacEscalationCheck(index, rbac);
  const write = async (who: UserInfo, plural: string, object: object) => {
    const attributes = {
      operation: 'CREATE',
      row: { group, plural },
      user: who,
      namespace: '',
      name: '',
      object,
      oldObject: undefined,
    };
    try {
      await check.validate!(attributes as unknown as AdmissionAttributes, reader);
      return 'ok';
    } catch (e) {
      return (e as Error).message;
    }
  };
  const podReader = clusterRole('mine', { verbs: ['get'], apiGroups: [''], resources: ['pods'] });
  const podKiller = clusterRole('mine', { verbs: ['get', 'delete', 'watch'], apiGroups: [''], resources: ['pods'] });
  const aggregate = {
    ...clusterRole('mine'),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
  };
  const bindView = binding('x', '', 'ClusterRole', 'view', { kind: 'User', name: 'eve' });
  assert.equal(await write(user('alice', 'g1', 'g2'), 'clusterroles', podReader), 'ok');
  assert.equal(
    await write(user('alice', 'g1', 'g2'), 'clusterroles', podKiller),
    'clusterroles.rbac.authorization.k8s.io "mine" is forbidden: user "alice" (groups=["g1" "g2"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete" "watch"]}',
  );
  assert.equal(await write(user('root', 'system:masters'), 'clusterroles', podKiller), 'ok');
  assert.equal(
    await write(user('alice'), 'clusterroles', aggregate),
    'clusterroles.rbac.authorization.k8s.io "mine" is forbidden: must have cluster-admin privileges to use the aggregationRule',
  );
  assert.equal(await write(user('binder'), 'clusterrolebindings', bindView), 'ok');
  assert.equal(await write(user('alice'), 'clusterrolebindings', bindView), 'ok');
  assert.match(
    await write(user('bob'), 'clusterrolebindings', bindView),
    /^clusterrolebindings.rbac.authorization.k8s.io "x" is forbidden: user "bob" \(groups=\[\]\) is attempting/,
  );
  assert.equal(
    await write(user('bob'), 'clusterrolebindings', binding('x', '', 'ClusterRole', 'nope')),
    'clusterroles.rbac.authorization.k8s.io "nope" not found',
  );
});
