/** Static volumes and their claims, as upstream's test/e2e/storage/persistent_volumes*.go ask, on a control plane in this process. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../src/api/core/v1/types.ts';
import { PersistentVolumeClaims, PersistentVolumes, Pods } from '../../src/api/resources.ts';
import { isNotFound } from '../../src/machinery/index.ts';
import { type ControllerLab, startControllerLab } from './controller-lab.ts';

const merge = 'application/merge-patch+json';
let lab: ControllerLab;
before(async () => {
  lab = await startControllerLab({ nodes: 1, stopMs: 20 });
});
after(() => lab.close());

const makeVolume = (name: string, className: string, storage: string, more: object = {}) =>
  lab.client.create(PersistentVolumes, {
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: className,
      hostPath: { path: '/tmp' },
      ...more,
    },
  });
const makeClaim = (namespace: string, name: string, className: string, storage: string, more: object = {}) =>
  lab.client.create(PersistentVolumeClaims, {
    metadata: { namespace, name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: className,
      resources: { requests: { storage } },
      ...more,
    },
  });
const volume = (name: string) => lab.get<PersistentVolume>(PersistentVolumes, undefined, name);
const claim = (namespace: string, name: string) =>
  lab.get<PersistentVolumeClaim>(PersistentVolumeClaims, namespace, name);
const inPhase = (name: string, phase: string) =>
  lab.until(`volume ${name} is ${phase}`, async () => {
    const v = await volume(name);
    return v.status.phase === phase && v;
  });
const bound = (namespace: string, name: string) =>
  lab.until(`claim ${name} is bound`, async () => {
    const c = await claim(namespace, name);
    return c.status.phase === 'Bound' && c;
  });
const gone = (what: string, look: () => Promise<unknown>) =>
  lab.until(`${what} is gone`, () =>
    look().then(
      () => false,
      (e: unknown) => isNotFound(e),
    ),
  );

test('a claim takes the smallest volume that will do, both say so, and the volume is released and kept', async () => {
  const namespace = await lab.namespace('bind');
  await makeVolume('big', 'bind', '10Gi');
  await makeVolume('fit', 'bind', '3Gi');
  await makeVolume('small', 'bind', '1Gi');
  for (const v of ['big', 'fit', 'small']) await inPhase(v, 'Available');
  await makeClaim(namespace, 'c', 'bind', '2Gi');
  const c = await bound(namespace, 'c');
  assert.equal(c.spec.volumeName, 'fit');
  assert.deepEqual([c.status.accessModes, c.status.capacity], [['ReadWriteOnce'], { storage: '3Gi' }]);
  assert.deepEqual(c.metadata.annotations, {
    'pv.kubernetes.io/bind-completed': 'yes',
    'pv.kubernetes.io/bound-by-controller': 'yes',
  });
  assert.deepEqual(c.metadata.finalizers, ['kubernetes.io/pvc-protection']);
  const v = await inPhase('fit', 'Bound');
  const { kind, apiVersion, name, uid } = v.spec.claimRef ?? {};
  assert.deepEqual(
    [kind, apiVersion, v.spec.claimRef?.namespace, name, uid],
    ['PersistentVolumeClaim', 'v1', namespace, 'c', c.metadata.uid],
  );
  assert.equal(v.metadata.annotations?.['pv.kubernetes.io/bound-by-controller'], 'yes');
  assert.deepEqual(v.metadata.finalizers, ['kubernetes.io/pv-protection']);
  await lab.client.delete(PersistentVolumeClaims, { namespace, name: 'c' });
  await gone('the claim', () => claim(namespace, 'c'));
  assert.equal((await inPhase('fit', 'Released')).spec.claimRef?.name, 'c');
  // One who comes later does not get another's data.
  await makeClaim(namespace, 'later', 'bind', '2Gi');
  assert.equal((await bound(namespace, 'later')).spec.volumeName, 'big');
});

test('a volume that names its claim waits for it, and a claim that names its volume gets no other', async () => {
  const namespace = await lab.namespace('prebound');
  await makeVolume('for-c', 'pre', '5Gi', { claimRef: { namespace, name: 'c' } });
  await makeVolume('wanted', 'pre', '9Gi');
  await makeVolume('other', 'pre', '1Gi');
  await makeClaim(namespace, 'picky', 'pre', '1Gi', { volumeName: 'wanted' });
  assert.equal((await bound(namespace, 'picky')).spec.volumeName, 'wanted');
  await makeClaim(namespace, 'c', 'pre', '1Gi');
  const c = await bound(namespace, 'c');
  assert.equal(c.spec.volumeName, 'for-c');
  assert.equal((await volume('for-c')).metadata.annotations?.['pv.kubernetes.io/bound-by-controller'], undefined);
  await makeClaim(namespace, 'too-big', 'pre', '5Gi', { volumeName: 'other' });
  const told = await lab.until('why not', async () => (await lab.events(namespace, 'too-big'))[0]);
  assert.equal(told, 'VolumeMismatch: Cannot bind to requested volume "other": requested PV is too small');
});

test('a claim without a volume and without a class waits and says why', async () => {
  const namespace = await lab.namespace('waits');
  await makeClaim(namespace, 'c', '', '1Gi');
  const told = await lab.until('why', async () => (await lab.events(namespace, 'c'))[0]);
  assert.equal(told, 'FailedBinding: no persistent volumes available for this claim and no storage class is set');
  assert.equal((await claim(namespace, 'c')).status.phase, 'Pending');
  await makeClaim(namespace, 'classy', 'nowhere', '1Gi');
  const missing = await lab.until('why', async () => (await lab.events(namespace, 'classy'))[0]);
  assert.equal(missing, 'ProvisioningFailed: storageclass.storage.k8s.io "nowhere" not found');
  await makeVolume('at-last', '', '1Gi');
  assert.equal((await bound(namespace, 'c')).spec.volumeName, 'at-last');
});

test('claims in use and volumes that are bound are not deleted from under their users', async () => {
  const namespace = await lab.namespace('protected');
  await makeVolume('kept', 'protect', '1Gi');
  await makeClaim(namespace, 'c', 'protect', '1Gi');
  await bound(namespace, 'c');
  await lab.client.create(Pods, {
    metadata: { namespace, name: 'user' },
    spec: {
      containers: [{ name: 'c', image: 'i' }],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }],
    },
  });
  await lab.until('the pod runs', async () => (await lab.get<Pod>(Pods, namespace, 'user')).status.phase === 'Running');
  await lab.client.delete(PersistentVolumeClaims, { namespace, name: 'c' });
  await lab.client.delete(PersistentVolumes, { name: 'kept' });
  await new Promise((r) => setTimeout(r, 150));
  assert.ok((await claim(namespace, 'c')).metadata.deletionTimestamp);
  assert.ok((await volume('kept')).metadata.deletionTimestamp);
  // Who comes while the claim is going does not get it any more.
  await lab.client.create(Pods, {
    metadata: { namespace, name: 'late' },
    spec: {
      containers: [{ name: 'c', image: 'i' }],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }],
    },
  });
  await lab.until('refused', async () =>
    (await lab.get<Pod>(Pods, namespace, 'late')).status.conditions?.some((x) =>
      x.message?.includes('persistentvolumeclaim "c" is being deleted'),
    ),
  );
  await lab.client.delete(Pods, { namespace, name: 'user' });
  await gone('the claim', () => claim(namespace, 'c'));
  await gone('the volume', () => volume('kept'));
});

test('a claim whose volume vanishes is lost', async () => {
  const namespace = await lab.namespace('lost');
  await makeVolume('vanishing', 'lost', '1Gi');
  await makeClaim(namespace, 'c', 'lost', '1Gi');
  await bound(namespace, 'c');
  await lab.client.delete(PersistentVolumes, { name: 'vanishing' });
  await lab.client.patch(PersistentVolumes, { name: 'vanishing' }, merge, { metadata: { finalizers: null } });
  await lab.until('lost', async () => (await claim(namespace, 'c')).status.phase === 'Lost');
  const told = await lab.until('the event', async () =>
    (await lab.events(namespace, 'c')).find((e) => e.startsWith('ClaimLost')),
  );
  assert.equal(told, 'ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!');
});
