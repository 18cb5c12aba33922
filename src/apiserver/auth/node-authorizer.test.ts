/** What a kubelet may touch follows the pods that are bound to it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../api/resource-row.ts';
import type { AuthorizerAttributes } from '../attributes.ts';
import { nodeAuthorizer, selectsField } from './node-authorizer.ts';
import { NodeGraph } from './node-graph.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns' },
  spec: {
    nodeName: 'n1',
    serviceAccountName: 'sa',
    imagePullSecrets: [{ name: 'pull' }],
    containers: [{ name: 'c', env: [{ name: 'E', valueFrom: { configMapKeyRef: { name: 'env-map', key: 'k' } } }] }],
    volumes: [
      { name: 'a', secret: { secretName: 'sec' } },
      { name: 'b', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } },
      { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'e', ephemeral: {} },
    ],
  },
} as unknown as KubeObject;
const volume = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'pv1' },
  spec: {
    claimRef: { namespace: 'ns', name: 'data' },
    csi: { nodeStageSecretRef: { name: 'stage', namespace: 'vault' } },
  },
} as unknown as KubeObject;

const graph = new NodeGraph();
graph.changed('pods', undefined, pod);
graph.changed('persistentvolumes', undefined, volume);
const authorizer = nodeAuthorizer(graph, [
  { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['services'] },
]);

const ask = (node: string, verb: string, what: string, more: Partial<AuthorizerAttributes> = {}) => {
  const [resource = '', subresource = ''] = what.split('/');
  return authorizer.authorize({
    user: { name: `system:node:${node}`, uid: '', groups: ['system:nodes'], extra: {} },
    verb,
    isResource: true,
    path: '',
    group: '',
    version: 'v1',
    resource,
    subresource,
    namespace: 'ns',
    name: '',
    ...more,
  });
};

test('decisions', async () => {
  const related = (n: string) => `no relationship found between node '${n}' and this object`;
  const lease = { group: 'coordination.k8s.io', namespace: 'kube-node-lease' };
  const table: [string, string, string, Partial<AuthorizerAttributes>, true | string][] = [
    ['n1', 'get', 'secrets', { name: 'sec' }, true],
    ['n1', 'watch', 'secrets', { name: 'pull' }, true],
    ['n2', 'get', 'secrets', { name: 'sec' }, related('n2')],
    ['n1', 'get', 'secrets', { name: 'other' }, related('n1')],
    ['n1', 'list', 'secrets', {}, 'No Object name found'],
    ['n1', 'delete', 'secrets', { name: 'sec' }, 'can only read resources of this type'],
    ['n1', 'get', 'configmaps', { name: 'env-map' }, true],
    ['n1', 'get', 'configmaps', { name: 'kube-root-ca.crt' }, true],
    ['n1', 'get', 'persistentvolumeclaims', { name: 'data' }, true],
    ['n1', 'get', 'persistentvolumeclaims', { name: 'p-e' }, true],
    ['n1', 'patch', 'persistentvolumeclaims/status', { name: 'data' }, true],
    ['n1', 'list', 'persistentvolumeclaims', {}, 'can only get individual resources of this type'],
    ['n1', 'get', 'persistentvolumes', { namespace: '', name: 'pv1' }, true],
    ['n2', 'get', 'persistentvolumes', { namespace: '', name: 'pv1' }, related('n2')],
    ['n1', 'get', 'secrets', { namespace: 'vault', name: 'stage' }, true],
    ['n1', 'create', 'serviceaccounts/token', { name: 'sa' }, true],
    ['n2', 'create', 'serviceaccounts/token', { name: 'sa' }, related('n2')],
    ['n1', 'get', 'nodes', { namespace: '', name: 'n1' }, true],
    ['n1', 'get', 'nodes', { namespace: '', name: 'n2' }, "node 'n1' cannot read 'n2', only its own Node object"],
    ['n1', 'list', 'nodes', { namespace: '' }, "node 'n1' cannot read all nodes, only its own Node object"],
    ['n1', 'patch', 'nodes/status', { namespace: '', name: 'n1' }, true],
    ['n1', 'delete', 'nodes', { namespace: '', name: 'n1' }, ''],
    ['n1', 'list', 'pods', { namespace: '', fieldSelector: 'spec.nodeName=n1' }, true],
    [
      'n1',
      'list',
      'pods',
      { namespace: '', fieldSelector: 'spec.nodeName=n2' },
      'can only list/watch pods with spec.nodeName field selector',
    ],
    ['n1', 'get', 'pods', { name: 'p' }, true],
    ['n2', 'get', 'pods', { name: 'p' }, related('n2')],
    ['n1', 'create', 'pods', {}, true],
    ['n1', 'patch', 'pods/status', { name: 'p' }, true],
    ['n1', 'create', 'pods/eviction', { name: 'p' }, true],
    ['n1', 'create', 'pods/exec', { name: 'p' }, ''],
    ['n1', 'update', 'leases', { ...lease, name: 'n1' }, true],
    [
      'n1',
      'update',
      'leases',
      { ...lease, name: 'n2' },
      'can only access node lease with the same name as the requesting node',
    ],
    [
      'n1',
      'get',
      'leases',
      { ...lease, namespace: 'default', name: 'n1' },
      'can only access leases in the "kube-node-lease" system namespace',
    ],
    ['n1', 'get', 'csinodes', { group: 'storage.k8s.io', namespace: '', name: 'n1' }, true],
    ['n1', 'list', 'services', { namespace: '' }, true],
    ['n1', 'delete', 'services', { name: 'x' }, ''],
    ['', 'list', 'services', {}, 'unknown node for user "system:node:"'],
  ];
  for (const [node, verb, what, more, expected] of table) {
    const d = await ask(node, verb, what, more);
    const label = `${node} ${verb} ${what} ${more.name ?? ''}`;
    assert.equal(d.decision, expected === true ? 'allow' : 'no-opinion', label);
    if (expected !== true) assert.equal(d.reason, expected, label);
  }
});

test('rights end with the pod', async () => {
  const g = new NodeGraph();
  const done = { ...pod, status: { phase: 'Succeeded' } } as unknown as KubeObject;
  g.changed('pods', undefined, pod);
  g.changed('pods', pod, { ...pod });
  assert.ok(g.related('n1', 'secret', 'ns', 'sec'));
  g.changed('pods', pod, done);
  assert.ok(!g.related('n1', 'secret', 'ns', 'sec'));
  assert.ok(g.related('n1', 'pod', 'ns', 'p'));
  g.changed('pods', done, undefined);
  assert.ok(!g.related('n1', 'pod', 'ns', 'p'));
  const mirror = { ...pod, metadata: { ...pod.metadata, annotations: { 'kubernetes.io/config.mirror': 'x' } } };
  g.changed('pods', undefined, mirror);
  assert.ok(!g.related('n1', 'secret', 'ns', 'sec'), 'a mirror pod opens nothing');
});

test('field selectors', () => {
  assert.ok(selectsField('a=b,spec.nodeName=n1', 'spec.nodeName', 'n1'));
  assert.ok(selectsField('spec.nodeName==n1', 'spec.nodeName', 'n1'));
  assert.ok(!selectsField('spec.nodeName!=n1', 'spec.nodeName', 'n1'));
  assert.ok(!selectsField('spec.nodeName=n12', 'spec.nodeName', 'n1'));
  assert.ok(!selectsField(undefined, 'spec.nodeName', 'n1'));
});
