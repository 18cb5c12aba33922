/** Bootstrap objects: complete on an empty cluster, nothing to do on a complete one, and gentle with what others changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterRole, ClusterRoleBinding } from '../../api/rbac/v1/types.ts';
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';
import { FakeClock } from '../../base/fake-clock.ts';
import type { Client } from '../../client/client.ts';
import { RbacIndex } from '../auth/rbac-index.ts';
import { rbacAuthorizer } from '../auth/rbac-authorizer.ts';
import { type BootstrapOptions, ensureBootstrapObjects } from './ensure-bootstrap-objects.ts';
import { clusterRoleBindingOf, clusterRoleOf, rule, user } from './rbac-facts.ts';
import { reconcileBinding, reconcileRole } from './reconcile-rbac.ts';

const options: BootstrapOptions = {
  serviceCidrs: ['10.96.0.0/12'],
  serviceIP: '10.96.0.1',
  advertiseAddress: '192.168.1.10',
  securePort: 6443,
  clientCa: 'CA',
  requestHeaderCa: 'FRONT',
  clock: new FakeClock(),
};

/** Only what bootstrapping asks of a client, over a map. */
function mapClient() {
  const objects = new Map<string, KubeObject>();
  const key = (row: AnyRow, o: { readonly namespace?: string | undefined; readonly name?: string | undefined }) =>
    `${row.plural}.${row.group}/${o.namespace ?? ''}/${o.name}`;
  const client = {
    list: async (row: AnyRow, params: { readonly namespace?: string } = {}) => ({
      items: [...objects]
        .filter(
          ([k, o]) =>
            k.startsWith(`${row.plural}.${row.group}/`) &&
            (params.namespace === undefined || o.metadata.namespace === params.namespace),
        )
        .map(([, o]) => o),
    }),
    create: async (row: AnyRow, o: KubeObject) => void objects.set(key(row, o.metadata), o),
    update: async (row: AnyRow, o: KubeObject) => void objects.set(key(row, o.metadata), o),
    delete: async (row: AnyRow, k: { readonly namespace?: string; readonly name: string }) =>
      void objects.delete(key(row, k)),
  } as unknown as Client;
  return { client, objects };
}

test('an empty cluster gets everything, a second run writes nothing', async () => {
  const { client, objects } = mapClient();
  await ensureBootstrapObjects(client, options);
  const count = (prefix: string) => [...objects.keys()].filter((k) => k.startsWith(prefix)).length;
  const rbac = 'rbac.authorization.k8s.io';
  assert.deepEqual(
    [
      count('namespaces.'),
      count(`clusterroles.${rbac}`),
      count(`clusterrolebindings.${rbac}`),
      count(`roles.${rbac}`),
      count(`rolebindings.${rbac}`),
      count('priorityclasses.'),
      count('flowschemas.'),
      count('prioritylevelconfigurations.'),
      count('apiservices.'),
    ],
    [4, 69, 50, 7, 7, 2, 11, 8, 21],
  );
  const data = (
    objects.get('configmaps./kube-system/extension-apiserver-authentication') as { data?: Record<string, string> }
  ).data;
  assert.deepEqual([data?.['client-ca-file'], data?.['requestheader-allowed-names']], ['CA', '["front-proxy-client"]']);
  assert.equal(await ensureBootstrapObjects(client, options), 0);
});

test('a server that moved corrects its endpoints and nothing else', async () => {
  const { client, objects } = mapClient();
  await ensureBootstrapObjects(client, options);
  assert.equal(
    await ensureBootstrapObjects(client, { ...options, advertiseAddress: '192.168.1.11', clientCa: 'NEW' }),
    3,
  );
  const endpoints = objects.get('endpoints./default/kubernetes') as { subsets?: { addresses: { ip: string }[] }[] };
  assert.equal(endpoints.subsets?.[0]?.addresses[0]?.ip, '192.168.1.11');
});

test('the roles let the components do their work', async () => {
  const { client, objects } = mapClient();
  await ensureBootstrapObjects(client, options);
  const index = new RbacIndex();
  for (const [k, o] of objects)
    for (const plural of ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'] as const)
      if (k.startsWith(`${plural}.`)) index.changed(plural, undefined, o);
  const may = (name: string, groups: string[], verb: string, group: string, resource: string, namespace = '') =>
    rbacAuthorizer(index).authorize({
      user: { name, uid: '', groups, extra: {} },
      verb,
      isResource: !resource.startsWith('/'),
      path: resource,
      group,
      version: '*',
      resource: resource.split('/')[0]!,
      subresource: resource.split('/')[1] ?? '',
      namespace,
      name: '',
    }).decision === 'allow';
  assert.ok(may('system:kube-scheduler', [], 'create', '', 'pods/binding', 'x'));
  assert.ok(may('system:kube-controller-manager', [], 'create', '', 'serviceaccounts/token', 'kube-system'));
  assert.ok(may('system:kube-controller-manager', [], 'update', 'coordination.k8s.io', 'leases', 'kube-system'));
  assert.ok(may('system:kube-proxy', [], 'watch', 'discovery.k8s.io', 'endpointslices'));
  assert.ok(may('system:serviceaccount:kube-system:replicaset-controller', [], 'create', '', 'pods', 'x'));
  assert.ok(!may('system:serviceaccount:default:replicaset-controller', [], 'create', '', 'pods', 'x'));
  assert.ok(may('anybody', ['system:authenticated'], 'get', '', '/apis'));
  assert.ok(may('system:anonymous', ['system:unauthenticated'], 'get', '', '/readyz'));
  assert.ok(!may('system:anonymous', ['system:unauthenticated'], 'get', '', '/api'));
});

test('an existing role keeps what it has and gains what it lacks', () => {
  const wanted = clusterRoleOf({
    name: 'r',
    rules: [rule('get list', 'core', 'pods'), rule('get', 'apps', 'deployments')],
  });
  const existing = (over: object): ClusterRole => ({ ...wanted, ...over }) as ClusterRole;
  assert.equal(reconcileRole(wanted, wanted), undefined);
  assert.equal(reconcileRole(existing({ rules: [rule('*', '*', '*')] }), wanted), undefined);
  const partial = existing({ rules: [rule('get', 'core', 'pods'), rule('delete', 'core', 'nodes')] });
  assert.deepEqual(reconcileRole(partial, wanted)?.rules, [
    ...(partial.rules ?? []),
    rule('list', 'core', 'pods'),
    rule('get', 'apps', 'deployments'),
  ]);
  const locked = existing({
    rules: [],
    metadata: { name: 'r', annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } },
  });
  assert.equal(reconcileRole(locked, wanted), undefined);
  const labelled = existing({ metadata: { ...wanted.metadata, labels: { own: 'x' } } });
  assert.deepEqual(reconcileRole(labelled, wanted)?.metadata.labels, {
    own: 'x',
    'kubernetes.io/bootstrapping': 'rbac-defaults',
  });
  const aggregated = clusterRoleOf({ name: 'a', aggregates: ['l'], rules: [] });
  assert.equal(reconcileRole({ ...aggregated, rules: [rule('get', 'core', 'pods')] }, aggregated), undefined);
  assert.deepEqual(
    reconcileRole({ ...aggregated, aggregationRule: undefined }, aggregated)?.aggregationRule,
    aggregated.aggregationRule,
  );
});

test('an existing binding keeps its subjects; one to another role is made anew', () => {
  const wanted = clusterRoleBindingOf({ name: 'b', roleKind: 'ClusterRole', role: 'r', subjects: [user('a')] });
  const existing = (over: object): ClusterRoleBinding => ({ ...wanted, ...over }) as ClusterRoleBinding;
  assert.deepEqual(reconcileBinding(wanted, wanted), { action: 'none' });
  const more = reconcileBinding(existing({ subjects: [user('z')] }), wanted);
  assert.deepEqual(more.action === 'update' && more.binding.subjects, [user('z'), user('a')]);
  const moved = reconcileBinding(
    existing({ roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'x' } }),
    wanted,
  );
  assert.equal(moved.action, 'recreate');
});
