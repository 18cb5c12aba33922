/** What each admission plug-in adds and refuses, with upstream's words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../base/fake-clock.ts';
import { createCsr } from '../../base/pki/index.ts';
import { StatusError } from '../../machinery/status-error.ts';
import type { Authorizer } from '../attributes.ts';
import { fixedReader } from '../auth/fixed-reader.ts';
import { admissionPlugins } from './admission-table.ts';
import { attempt, refusal } from './attempt.ts';

const may = (names: string[]): Authorizer => ({
  authorize: (a) => ({ decision: names.includes(`${a.verb} ${a.name}`) ? 'allow' : 'no-opinion', reason: '' }),
});
const plugin = (name: string, authorizer = may([]), clock = new FakeClock()) =>
  admissionPlugins({ authorizer, clock, random: () => 0 }).find((p) => p.name === name)!;
const pod = (spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns', ...metadata },
  spec: { containers: [{ name: 'c', resources: {} }], ...spec },
});
const specOf = (o: unknown) => (o as { spec: Record<string, unknown> }).spec;

test('the order is upstream’s', () => {
  assert.deepEqual(
    admissionPlugins({ authorizer: may([]), clock: new FakeClock(), random: () => 0 })
      .map((p) => p.name)
      .filter((n) => n !== 'PodSecurity' && n !== 'ResourceQuota'),
    [
      'NamespaceLifecycle',
      'LimitRanger',
      'ServiceAccount',
      'NodeRestriction',
      'TaintNodesByCondition',
      'Priority',
      'DefaultTolerationSeconds',
      'DefaultStorageClass',
      'StorageObjectInUseProtection',
      'PersistentVolumeClaimResize',
      'RuntimeClass',
      'CertificateApproval',
      'CertificateSigning',
      'CertificateSubjectRestriction',
      'DefaultIngressClass',
    ],
  );
});

test('NamespaceLifecycle', async () => {
  const clock = new FakeClock();
  const p = plugin('NamespaceLifecycle', may([]), clock);
  const namespaces = (phase: string) => ({ namespaces: [{ metadata: { name: 'ns' }, status: { phase } }] });
  await attempt(p, { resource: 'pods', object: pod(), objects: namespaces('Active') });
  await attempt(p, { resource: 'pods', operation: 'UPDATE', object: pod(), objects: namespaces('Terminating') });
  await attempt(p, { resource: 'nodes', namespace: '', object: pod() });
  await attempt(p, { resource: 'pods', operation: 'DELETE', name: 'p' });
  for (const name of ['default', 'kube-system', 'kube-public'])
    assert.equal(
      await refusal(p, { resource: 'namespaces', operation: 'DELETE', namespace: name, name }),
      `namespaces "${name}" is forbidden: this namespace may not be deleted`,
    );
  await attempt(p, {
    resource: 'namespaces',
    operation: 'DELETE',
    namespace: 'kube-node-lease',
    name: 'kube-node-lease',
  });
  await assert.rejects(attempt(p, { resource: 'pods', object: pod(), objects: namespaces('Terminating') }), (e) => {
    assert.ok(e instanceof StatusError);
    assert.equal(
      e.message,
      'pods "p" is forbidden: unable to create new content in namespace ns because it is being terminated',
    );
    assert.deepEqual(e.status.details?.causes, [
      { reason: 'NamespaceTerminating', message: 'namespace ns is being terminated', field: 'metadata.namespace' },
    ]);
    return true;
  });
  const missing = refusal(p, { resource: 'pods', object: pod() });
  await clock.advance(50);
  assert.equal(await missing, 'namespaces "ns" not found');
  const seen: unknown[] = [];
  const late = attempt(p, { resource: 'pods', object: pod(), reader: fixedReader({ namespaces: seen }) });
  seen.push({ metadata: { name: 'ns' } });
  await clock.advance(50);
  await late;
});

test('ServiceAccount: the default account, its token and its pull secrets', async () => {
  const p = plugin('ServiceAccount');
  const accounts = (account: object = {}) => ({
    serviceaccounts: [{ metadata: { name: 'default', namespace: 'ns' }, ...account }],
  });
  const { object } = await attempt(p, {
    resource: 'pods',
    object: pod({ initContainers: [{ name: 'i' }] }),
    objects: accounts({ imagePullSecrets: [{ name: 'pull' }] }),
  });
  const mount = {
    name: 'kube-api-access-bbbbb',
    readOnly: true,
    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  };
  assert.deepEqual(specOf(object), {
    initContainers: [{ name: 'i', volumeMounts: [mount] }],
    containers: [{ name: 'c', resources: {}, volumeMounts: [mount] }],
    serviceAccountName: 'default',
    serviceAccount: 'default',
    imagePullSecrets: [{ name: 'pull' }],
    volumes: [
      {
        name: 'kube-api-access-bbbbb',
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            {
              downwardAPI: {
                items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
              },
            },
          ],
        },
      },
    ],
  });
  const table: [object, object, boolean][] = [
    [{}, {}, true],
    [{ automountServiceAccountToken: false }, {}, false],
    [{}, { automountServiceAccountToken: false }, false],
    [{ automountServiceAccountToken: true }, { automountServiceAccountToken: false }, true],
    [{ containers: [{ name: 'c', volumeMounts: [{ name: 'own', mountPath: mount.mountPath }] }] }, {}, false],
  ];
  for (const [spec, account, mounted] of table) {
    const out = await attempt(p, { resource: 'pods', object: pod(spec), objects: accounts(account) });
    assert.equal(
      (specOf(out.object)['volumes'] as unknown[] | undefined)?.length === 1,
      mounted,
      JSON.stringify([spec, account]),
    );
  }
});

test('ServiceAccount: missing accounts are waited for, then refused', async () => {
  const clock = new FakeClock();
  const p = plugin('ServiceAccount', may([]), clock);
  const other = refusal(p, { resource: 'pods', object: pod({ serviceAccountName: 'sa' }) });
  await clock.advance(100);
  assert.equal(
    await other,
    'pods "p" is forbidden: error looking up service account ns/sa: serviceaccount "sa" not found',
  );
  const accounts: unknown[] = [];
  const late = attempt(p, { resource: 'pods', object: pod(), reader: fixedReader({ serviceaccounts: accounts }) });
  await clock.advance(500);
  accounts.push({ metadata: { name: 'default', namespace: 'ns' } });
  await clock.advance(100);
  assert.equal(specOf((await late).object)['serviceAccountName'], 'default');
  assert.equal(clock.pending, 0);
});

test('ServiceAccount: mirror pods and mountable secrets', async () => {
  const p = plugin('ServiceAccount');
  const mirror = (spec: object) => pod(spec, { annotations: { 'kubernetes.io/config.mirror': 'x' } });
  assert.equal((await attempt(p, { resource: 'pods', object: mirror({}) })).object?.metadata.name, 'p');
  assert.equal(
    await refusal(p, { resource: 'pods', object: mirror({ serviceAccountName: 'sa' }) }),
    'pods "p" is forbidden: a mirror pod may not reference service accounts',
  );
  assert.equal(
    await refusal(p, { resource: 'pods', object: mirror({ volumes: [{ name: 'v', secret: { secretName: 's' } }] }) }),
    'pods "p" is forbidden: a mirror pod may not reference secrets',
  );
  const objects = {
    serviceaccounts: [
      {
        metadata: {
          name: 'default',
          namespace: 'ns',
          annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' },
        },
        secrets: [{ name: 'ok' }],
      },
    ],
  };
  await attempt(p, {
    resource: 'pods',
    object: pod({ volumes: [{ name: 'v', secret: { secretName: 'ok' } }] }),
    objects,
  });
  assert.equal(
    await refusal(p, {
      resource: 'pods',
      object: pod({ volumes: [{ name: 'v', secret: { secretName: 's' } }] }),
      objects,
    }),
    'pods "p" is forbidden: volume with secret.secretName="s" is not allowed because service account default does not reference that secret',
  );
});

test('TaintNodesByCondition, DefaultTolerationSeconds, StorageObjectInUseProtection', async () => {
  const taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
  const node = (spec: object) => ({ metadata: { name: 'n' }, spec });
  const taints = async (spec: object) =>
    specOf((await attempt(plugin('TaintNodesByCondition'), { resource: 'nodes', object: node(spec) })).object)[
      'taints'
    ];
  assert.deepEqual(await taints({}), [taint]);
  assert.deepEqual(await taints({ taints: [taint] }), [taint]);

  const keys = async (tolerations: object[]) =>
    (
      specOf(
        (await attempt(plugin('DefaultTolerationSeconds'), { resource: 'pods', object: pod({ tolerations }) })).object,
      )['tolerations'] as { key?: string; tolerationSeconds?: number }[]
    ).map((t) => `${t.key} ${t.tolerationSeconds}`);
  assert.deepEqual(await keys([]), ['node.kubernetes.io/not-ready 300', 'node.kubernetes.io/unreachable 300']);
  assert.deepEqual(await keys([{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 5 }]), [
    'node.kubernetes.io/not-ready 5',
    'node.kubernetes.io/unreachable 300',
  ]);
  assert.deepEqual(await keys([{ operator: 'Exists' }]), ['undefined undefined']);

  const protect = async (resource: string) =>
    (await attempt(plugin('StorageObjectInUseProtection'), { resource, object: { metadata: { name: 'x' } } })).object
      ?.metadata.finalizers;
  assert.deepEqual(await protect('persistentvolumes'), ['kubernetes.io/pv-protection']);
  assert.deepEqual(await protect('persistentvolumeclaims'), ['kubernetes.io/pvc-protection']);
  assert.deepEqual(await protect('pods'), undefined);
});

test('Priority', async () => {
  const p = plugin('Priority');
  const classes = (...items: object[]) => ({ 'priorityclasses.scheduling.k8s.io': items });
  const high = { metadata: { name: 'high' }, value: 100, preemptionPolicy: 'Never' };
  const base = { metadata: { name: 'base' }, value: 7, globalDefault: true, preemptionPolicy: 'PreemptLowerPriority' };
  const priority = async (spec: object, objects = classes(high)) => {
    const s = specOf((await attempt(p, { resource: 'pods', object: pod(spec), objects })).object);
    return [s['priorityClassName'], s['priority'], s['preemptionPolicy']];
  };
  assert.deepEqual(await priority({}), [undefined, 0, 'PreemptLowerPriority']);
  assert.deepEqual(await priority({ priorityClassName: 'high' }), ['high', 100, 'Never']);
  assert.deepEqual(await priority({}, classes(base, { ...base, metadata: { name: 'top' }, value: 9 })), [
    'base',
    7,
    'PreemptLowerPriority',
  ]);
  assert.equal(
    await refusal(p, { resource: 'pods', object: pod({ priorityClassName: 'none' }) }),
    'pods "p" is forbidden: no PriorityClass with name none was found',
  );
  assert.equal(
    await refusal(p, { resource: 'pods', object: pod({ priority: 5 }) }),
    'pods "p" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
  );
  const old = pod({ priority: 100, preemptionPolicy: 'Never' });
  const kept = specOf((await attempt(p, { resource: 'pods', operation: 'UPDATE', object: pod(), old })).object);
  assert.deepEqual([kept['priority'], kept['preemptionPolicy']], [100, 'Never']);
  assert.equal(
    await refusal(p, {
      resource: 'priorityclasses.scheduling.k8s.io',
      object: { metadata: { name: 'second' }, value: 1, globalDefault: true },
      objects: classes(base),
    }),
    'priorityclasses.scheduling.k8s.io "second" is forbidden: PriorityClass base is already marked as default. Only one default can exist',
  );
  await attempt(p, {
    resource: 'priorityclasses.scheduling.k8s.io',
    operation: 'UPDATE',
    object: base,
    old: base,
    objects: classes(base),
  });
});

test('LimitRanger', async () => {
  const p = plugin('LimitRanger');
  const range = (...limits: object[]) => ({
    limitranges: [{ metadata: { name: 'l', namespace: 'ns' }, spec: { limits } }],
  });
  const withResources = (resources: object) => pod({ containers: [{ name: 'c', resources }] });
  const filled = (
    await attempt(p, {
      resource: 'pods',
      object: pod(),
      objects: range({ type: 'Container', default: { cpu: '1' }, defaultRequest: { cpu: '500m', memory: '1Gi' } }),
    })
  ).object;
  assert.deepEqual((specOf(filled)['containers'] as { resources: object }[])[0]?.resources, {
    limits: { cpu: '1' },
    requests: { cpu: '500m', memory: '1Gi' },
  });
  assert.equal(
    filled?.metadata.annotations?.['kubernetes.io/limit-ranger'],
    'LimitRanger plugin set: cpu, memory request for container c; cpu limit for container c',
  );
  const table: [object, object, string][] = [
    [
      { type: 'Container', min: { cpu: '100m' } },
      { requests: { cpu: '50m' } },
      'minimum cpu usage per Container is 100m, but request is 50m',
    ],
    [
      { type: 'Container', min: { cpu: '100m' } },
      {},
      'minimum cpu usage per Container is 100m.  No request is specified',
    ],
    [
      { type: 'Container', max: { memory: '1Gi' } },
      { limits: { memory: '2Gi' } },
      'maximum memory usage per Container is 1Gi, but limit is 2Gi',
    ],
    [
      { type: 'Container', max: { memory: '1Gi' } },
      {},
      'maximum memory usage per Container is 1Gi.  No limit is specified',
    ],
    [
      { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
      { requests: { cpu: '1' }, limits: { cpu: '3' } },
      'cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000',
    ],
    [{ type: 'Pod', max: { cpu: '1' } }, { limits: { cpu: '2' } }, 'maximum cpu usage per Pod is 1, but limit is 2'],
    [
      { type: 'Container', min: { cpu: '1' }, max: { memory: '1Mi' } },
      {},
      '[minimum cpu usage per Container is 1.  No request is specified, maximum memory usage per Container is 1Mi.  No limit is specified]',
    ],
  ];
  for (const [limit, resources, why] of table)
    assert.equal(
      await refusal(p, { resource: 'pods', object: withResources(resources), objects: range(limit) }),
      `pods "p" is forbidden: ${why}`,
    );
  const claim = { metadata: { name: 'd' }, spec: { resources: { requests: { storage: '5Gi' } } } };
  assert.equal(
    await refusal(p, {
      resource: 'persistentvolumeclaims',
      object: claim,
      objects: range({ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }),
    }),
    'persistentvolumeclaims "d" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 5Gi',
  );
});

test('default classes: the newest that is marked; what is asked for stays', async () => {
  const cls = (name: string, at: string, mark: string) => ({
    metadata: { name, creationTimestamp: at, annotations: { [mark]: 'true' } },
  });
  const storage = {
    'storageclasses.storage.k8s.io': [
      cls('old', '2025-01-01T00:00:00Z', 'storageclass.kubernetes.io/is-default-class'),
      cls('new', '2025-06-01T00:00:00Z', 'storageclass.kubernetes.io/is-default-class'),
      { metadata: { name: 'plain' } },
    ],
  };
  const claim = async (spec: object) =>
    specOf(
      (
        await attempt(plugin('DefaultStorageClass'), {
          resource: 'persistentvolumeclaims',
          object: { metadata: { name: 'c' }, spec },
          objects: storage,
        })
      ).object,
    )['storageClassName'];
  assert.deepEqual(
    [await claim({}), await claim({ storageClassName: '' }), await claim({ storageClassName: 'x' })],
    ['new', '', 'x'],
  );
  const ingressClasses = {
    'ingressclasses.networking.k8s.io': [
      cls('nginx', '2025-01-01T00:00:00Z', 'ingressclass.kubernetes.io/is-default-class'),
    ],
  };
  const { object } = await attempt(plugin('DefaultIngressClass'), {
    resource: 'ingresses.networking.k8s.io',
    object: { metadata: { name: 'i' }, spec: {} },
    objects: ingressClasses,
  });
  assert.equal(specOf(object)['ingressClassName'], 'nginx');
});

test('PersistentVolumeClaimResize', async () => {
  const p = plugin('PersistentVolumeClaimResize');
  const claim = (storage: string, phase = 'Bound') => ({
    metadata: { name: 'c' },
    spec: { storageClassName: 'fast', resources: { requests: { storage } } },
    status: { phase },
  });
  const classes = (allowVolumeExpansion: boolean) => ({
    'storageclasses.storage.k8s.io': [{ metadata: { name: 'fast' }, allowVolumeExpansion }],
  });
  const grow = { resource: 'persistentvolumeclaims', operation: 'UPDATE' as const, object: claim('2Gi') };
  await attempt(p, { ...grow, old: claim('1Gi'), objects: classes(true) });
  await attempt(p, { ...grow, old: claim('2048Mi', 'Pending') });
  assert.equal(
    await refusal(p, { ...grow, old: claim('1Gi', 'Pending') }),
    'persistentvolumeclaims "c" is forbidden: Only bound persistent volume claims can be expanded',
  );
  assert.match(
    await refusal(p, { ...grow, old: claim('1Gi'), objects: classes(false) }),
    /the storageclass that provisions the pvc must support resize$/,
  );
});

test('RuntimeClass', async () => {
  const p = plugin('RuntimeClass');
  const objects = {
    'runtimeclasses.node.k8s.io': [
      {
        metadata: { name: 'kata' },
        overhead: { podFixed: { cpu: '100m' } },
        scheduling: { nodeSelector: { vm: 'yes' }, tolerations: [{ key: 'vm', operator: 'Exists' }] },
      },
    ],
  };
  const { object } = await attempt(p, {
    resource: 'pods',
    object: pod({ runtimeClassName: 'kata', nodeSelector: { a: 'b' } }),
    objects,
  });
  const s = specOf(object);
  assert.deepEqual(
    [s['overhead'], s['nodeSelector'], s['tolerations']],
    [{ cpu: '100m' }, { a: 'b', vm: 'yes' }, [{ key: 'vm', operator: 'Exists' }]],
  );
  const table: [object, string][] = [
    [{ runtimeClassName: 'none' }, 'pod rejected: RuntimeClass "none" not found'],
    [
      { runtimeClassName: 'kata', overhead: { cpu: '1' } },
      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    ],
    [{ overhead: { cpu: '1' } }, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead'],
    [
      { runtimeClassName: 'kata', nodeSelector: { vm: 'no' } },
      'conflict: runtimeClass.scheduling.nodeSelector[vm] = yes; pod.spec.nodeSelector[vm] = no',
    ],
  ];
  for (const [spec, why] of table)
    assert.equal(await refusal(p, { resource: 'pods', object: pod(spec), objects }), `pods "p" is forbidden: ${why}`);
});

test('certificates', async () => {
  const csr = (over: object = {}) => ({
    metadata: { name: 'r' },
    spec: { signerName: 'example.com/x', request: '' },
    ...over,
  });
  const approve = {
    resource: 'certificatesigningrequests.certificates.k8s.io/approval',
    operation: 'UPDATE' as const,
    object: csr(),
    old: csr(),
  };
  await attempt(plugin('CertificateApproval', may(['approve example.com/x'])), approve);
  await attempt(plugin('CertificateApproval', may(['approve example.com/*'])), approve);
  assert.equal(
    await refusal(plugin('CertificateApproval'), approve),
    'certificatesigningrequests.certificates.k8s.io "r" is forbidden: user not permitted to approve requests with signerName "example.com/x"',
  );
  const sign = { ...approve, resource: 'certificatesigningrequests.certificates.k8s.io/status' };
  await attempt(plugin('CertificateSigning'), sign);
  assert.match(
    await refusal(plugin('CertificateSigning'), { ...sign, object: csr({ status: { certificate: 'x' } }) }),
    /user not permitted to sign requests with signerName "example.com\/x"$/,
  );
  const request = async (organization: string) =>
    csr({
      spec: {
        signerName: 'kubernetes.io/kube-apiserver-client',
        request: Buffer.from((await createCsr({ commonName: 'a', organizations: [organization] })).csr).toString(
          'base64',
        ),
      },
    });
  const create = { resource: 'certificatesigningrequests.certificates.k8s.io' };
  await attempt(plugin('CertificateSubjectRestriction'), { ...create, object: await request('dev') });
  assert.match(
    await refusal(plugin('CertificateSubjectRestriction'), { ...create, object: await request('system:masters') }),
    /use of kubernetes.io\/kube-apiserver-client signer with system:masters group is not allowed$/,
  );
});
