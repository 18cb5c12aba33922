/** A kubelet's writes: its own node, lease and pods, and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCsr } from '../../base/pki/index.ts';
import { type Attempt, attempt, refusal } from './attempt.ts';
import { isForbiddenNodeLabel, nodeRestriction } from './node-restriction.ts';

const plugin = nodeRestriction({ authorize: () => ({ decision: 'no-opinion', reason: '' }) });
const kubelet = { name: 'system:node:n1', groups: ['system:nodes'] };
const owner = { apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'u1', controller: true };
const mirror = (spec: object = {}, metadata: object = {}) => ({
  metadata: {
    name: 'p',
    namespace: 'ns',
    annotations: { 'kubernetes.io/config.mirror': 'x' },
    ownerReferences: [owner],
    ...metadata,
  },
  spec: { nodeName: 'n1', containers: [], ...spec },
});
const pod = (name: string, nodeName: string, more: object = {}) => ({
  metadata: { name, namespace: 'ns', uid: `${name}-uid` },
  spec: { nodeName, containers: [], ...more },
});
const objects = {
  nodes: [{ metadata: { name: 'n1', uid: 'u1' } }],
  pods: [
    pod('mine', 'n1', {
      volumes: [
        {
          name: 't',
          projected: {
            sources: [
              { serviceAccountToken: { path: 't' } },
              { serviceAccountToken: { path: 'v', audience: 'vault' } },
            ],
          },
        },
      ],
    }),
    pod('other', 'n2'),
  ],
};
const node = (metadata: object, spec: object = {}) => ({ metadata: { name: 'n1', ...metadata }, spec });
const token = (ref: object | undefined, audiences: string[] = []) => ({
  metadata: {},
  spec: { audiences, boundObjectRef: ref },
});
const mine = { apiVersion: 'v1', kind: 'Pod', name: 'mine', uid: 'mine-uid' };

test('writes', async () => {
  const tokens = { resource: 'serviceaccounts/token', name: 'sa' };
  const table: [Partial<Attempt> & { readonly resource: string }, string | undefined][] = [
    [{ resource: 'pods', object: mirror() }, undefined],
    [
      { resource: 'pods', object: mirror({}, { annotations: {} }) },
      'pods "p" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "n1" can only create mirror pods',
    ],
    [
      { resource: 'pods', object: mirror({ nodeName: 'n2' }) },
      'pods "p" is forbidden: node "n1" can only create pods with spec.nodeName set to itself',
    ],
    [
      { resource: 'pods', object: mirror({}, { ownerReferences: [] }) },
      'pods "p" is forbidden: node "n1" can only create pods with an owner reference set to itself',
    ],
    [
      { resource: 'pods', object: mirror({}, { ownerReferences: [{ ...owner, uid: 'x' }] }) },
      'pods "p" is forbidden: node n1 UID mismatch: expected x got u1',
    ],
    [
      { resource: 'pods', object: mirror({ volumes: [{ name: 'v', secret: { secretName: 's' } }] }) },
      'pods "p" is forbidden: node "n1" can not create pods that reference secrets',
    ],
    [
      { resource: 'pods', object: mirror({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 's' } }] }) },
      'pods "p" is forbidden: node "n1" can not create pods that reference persistentvolumeclaims',
    ],
    [{ resource: 'pods', operation: 'DELETE', name: 'mine' }, undefined],
    [
      { resource: 'pods', operation: 'DELETE', name: 'other' },
      'pods "other" is forbidden: node "n1" can only delete pods with spec.nodeName set to itself',
    ],
    [
      { resource: 'pods', operation: 'UPDATE', object: mirror() },
      'pods "p" is forbidden: unexpected operation "UPDATE", node "n1" can only create and delete mirror pods',
    ],
    [{ resource: 'pods/status', operation: 'UPDATE', object: pod('mine', 'n1'), old: pod('mine', 'n1') }, undefined],
    [
      { resource: 'pods/status', operation: 'UPDATE', object: pod('other', 'n2'), old: pod('other', 'n2') },
      'pods "other" is forbidden: node "n1" can only update pod status for pods with spec.nodeName set to itself',
    ],
    [
      { resource: 'pods/binding', object: pod('mine', 'n1') },
      `pods "mine" is forbidden: unexpected pod subresource "binding", only 'status' and 'eviction' are allowed`,
    ],
    [{ resource: 'pods/eviction', name: 'mine', object: { metadata: { name: 'mine' } } }, undefined],
    [
      { resource: 'pods/eviction', name: 'other', object: { metadata: { name: 'other' } } },
      'pods "other" is forbidden: node n1 can only evict pods with spec.nodeName set to itself',
    ],
    [{ resource: 'nodes', object: node({ labels: { 'kubernetes.io/hostname': 'n1', own: 'x' } }) }, undefined],
    [
      { resource: 'nodes', object: { metadata: { name: 'n2' }, spec: {} } },
      'nodes "n2" is forbidden: node "n1" is not allowed to modify node "n2"',
    ],
    [
      { resource: 'nodes', object: node({ labels: { 'node-role.kubernetes.io/x': '' } }) },
      'nodes "n1" is forbidden: node "n1" is not allowed to set the following labels: node-role.kubernetes.io/x',
    ],
    [
      {
        resource: 'nodes',
        operation: 'UPDATE',
        object: node({ labels: {} }),
        old: node({ labels: { 'a.node-restriction.kubernetes.io/x': '1' } }),
      },
      'nodes "n1" is forbidden: is not allowed to modify labels: a.node-restriction.kubernetes.io/x',
    ],
    [
      {
        resource: 'nodes',
        operation: 'UPDATE',
        object: node({}),
        old: node({}, { taints: [{ key: 'k', effect: 'NoExecute' }] }),
      },
      'nodes "n1" is forbidden: node "n1" is not allowed to modify taints',
    ],
    [
      { resource: 'leases.coordination.k8s.io', namespace: 'kube-node-lease', object: { metadata: { name: 'n1' } } },
      undefined,
    ],
    [
      { resource: 'leases.coordination.k8s.io', namespace: 'kube-node-lease', object: { metadata: { name: 'n2' } } },
      'leases.coordination.k8s.io "n2" is forbidden: can only access node lease with the same name as the requesting node',
    ],
    [
      { resource: 'csinodes.storage.k8s.io', operation: 'UPDATE', name: 'n2', object: { metadata: { name: 'n2' } } },
      'csinodes.storage.k8s.io "n2" is forbidden: can only access CSINode with the same name as the requesting node',
    ],
    [{ ...tokens, object: token(mine) }, undefined],
    [{ ...tokens, object: token(mine, ['vault']) }, undefined],
    [
      { ...tokens, object: token(mine, ['other']) },
      'serviceaccounts "sa" is forbidden: audience "other" not found in pod spec volume, system:node:n1 is not authorized to request tokens for this audience',
    ],
    [
      { ...tokens, object: token(undefined) },
      'serviceaccounts "sa" is forbidden: node requested token not bound to a pod',
    ],
    [
      { ...tokens, object: token({ ...mine, uid: '' }) },
      'serviceaccounts "sa" is forbidden: node requested token with a pod binding without a uid',
    ],
    [
      { ...tokens, object: token({ ...mine, name: 'other', uid: 'other-uid' }) },
      'serviceaccounts "sa" is forbidden: node requested token bound to a pod scheduled on a different node',
    ],
    [{ resource: 'configmaps', object: { metadata: { name: 'x' } } }, undefined],
  ];
  for (const [t, expected] of table) {
    const full: Attempt = { user: kubelet, objects, ...t };
    const label = `${t.operation ?? 'CREATE'} ${t.resource}`;
    if (expected === undefined) await attempt(plugin, full);
    else assert.equal(await refusal(plugin, full), expected, label);
  }
  await attempt(plugin, { resource: 'nodes', object: { metadata: { name: 'n2' } }, user: { name: 'alice' } });
});

test('node certificates carry the node’s name', async () => {
  const csr = async (commonName: string) => ({
    metadata: { name: 'r' },
    spec: {
      signerName: 'kubernetes.io/kubelet-serving',
      request: Buffer.from((await createCsr({ commonName })).csr).toString('base64'),
    },
  });
  const resource = 'certificatesigningrequests.certificates.k8s.io';
  await attempt(plugin, { resource, user: kubelet, object: await csr('system:node:n1') });
  assert.match(
    await refusal(plugin, { resource, user: kubelet, object: await csr('system:node:n2') }),
    /can only create a node CSR with CN=system:node:n1$/,
  );
});

test('labels a kubelet may not touch', () => {
  for (const label of [
    'node-restriction.kubernetes.io/a',
    'x.node-restriction.kubernetes.io/a',
    'node-role.kubernetes.io/control-plane',
    'foo.k8s.io/x',
    'kubernetes.io/other',
  ])
    assert.ok(isForbiddenNodeLabel(label), label);
  for (const label of [
    'plain',
    'example.com/x',
    'kubernetes.io/os',
    'node.kubernetes.io/anything',
    'a.kubelet.kubernetes.io/x',
    'notkubernetes.io/x',
  ])
    assert.ok(!isForbiddenNodeLabel(label), label);
});
