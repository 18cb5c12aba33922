import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/core/v1/types.ts';
import type { StorageClass } from '../../api/storage/v1/types.ts';
import type { Action } from '../action.ts';
import { decideClaim } from './claim-decision.ts';
import { decideVolume } from './volume-decision.ts';

const volume = (
  name: string,
  storage: string,
  spec: object = {},
  status: object = { phase: 'Available' },
): PersistentVolume =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, uid: `v-${name}` },
    spec: { capacity: { storage }, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain', ...spec },
    status,
  }) as unknown as PersistentVolume;
const claim = (
  storage: string,
  spec: object = {},
  metadata: object = {},
  status: object = { phase: 'Pending' },
): PersistentVolumeClaim =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default', uid: 'c1', ...metadata },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, storageClassName: '', ...spec },
    status,
  }) as unknown as PersistentVolumeClaim;
const view = (
  c: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  storageClasses: readonly StorageClass[] = [],
) => ({
  claim: c,
  volumes,
  storageClasses,
  waitingPods: [],
});

/** One line a write or event, and the world after them. */
function play(actions: readonly Action[]) {
  let v: PersistentVolume | undefined;
  let c: PersistentVolumeClaim | undefined;
  const lines = actions.map((a) => {
    if (a.do === 'event') return `${a.type} ${a.reason}: ${a.message}`;
    if (a.do !== 'update') return a.do;
    if (a.row.plural === 'persistentvolumes') v = a.object as PersistentVolume;
    else c = a.object as PersistentVolumeClaim;
    const { status } = a.object as PersistentVolume;
    return `${a.row.plural}${a.subresource ? `/${a.subresource} ${status.phase}` : ''} ${a.object.metadata.name}`;
  });
  return { lines, v, c };
}

test('a claim gets the smallest volume that holds it, and then there is nothing left to do', () => {
  const { lines, v, c } = play(
    decideClaim(view(claim('5Gi'), [volume('big', '50Gi'), volume('small', '1Gi'), volume('fits', '8Gi')])),
  );
  assert.deepEqual(lines, [
    'persistentvolumes fits',
    'persistentvolumes/status Bound fits',
    'persistentvolumeclaims data',
    'persistentvolumeclaims/status Bound data',
  ]);
  assert.equal(v?.spec.claimRef?.uid, 'c1');
  assert.equal(c?.spec.volumeName, 'fits');
  assert.deepEqual(c?.metadata.annotations, {
    'pv.kubernetes.io/bound-by-controller': 'yes',
    'pv.kubernetes.io/bind-completed': 'yes',
  });
  assert.deepEqual(c?.status.capacity, { storage: '8Gi' });
  assert.deepEqual(decideClaim(view(c!, [v!])), []);
  assert.deepEqual(decideVolume(v!, c), []);
});

test('a volume that names the claim is taken first and is not marked as bound by the controller', () => {
  const reserved = volume('reserved', '50Gi', { claimRef: { namespace: 'default', name: 'data' } });
  const { v } = play(decideClaim(view(claim('5Gi'), [volume('fits', '8Gi'), reserved])));
  assert.equal(v?.metadata.name, 'reserved');
  assert.equal(v?.metadata.annotations, undefined);
});

test('why a claim waits', () => {
  const cls = (over: object) =>
    ({ metadata: { name: 'fast' }, provisioner: 'example.com/p', ...over }) as unknown as StorageClass;
  const of = (
    c: PersistentVolumeClaim,
    classes: readonly StorageClass[] = [],
    volumes: readonly PersistentVolume[] = [],
  ) => play(decideClaim(view(c, volumes, classes))).lines[0];
  assert.equal(
    of(claim('1Gi')),
    'Normal FailedBinding: no persistent volumes available for this claim and no storage class is set',
  );
  const lazy = cls({ volumeBindingMode: 'WaitForFirstConsumer' });
  const ownClass = volume('v', '1Gi', { storageClassName: 'fast' });
  assert.equal(
    of(claim('1Gi', { storageClassName: 'fast' }), [lazy], [ownClass]),
    'Normal WaitForFirstConsumer: waiting for first consumer to be created before binding',
  );
  assert.equal(
    of(claim('1Gi', { storageClassName: 'x' })),
    'Warning ProvisioningFailed: storageclass.storage.k8s.io "x" not found',
  );
  assert.equal(
    of(claim('2Gi', { volumeName: 'v' }), [], [volume('v', '1Gi')]),
    'Warning VolumeMismatch: Cannot bind to requested volume "v": requested PV is too small',
  );
});

test('a volume whose claim is gone is released and kept, or fails when it should be deleted', () => {
  const bound = { claimRef: { namespace: 'default', name: 'data', uid: 'c1' } };
  assert.deepEqual(play(decideVolume(volume('v', '1Gi', bound, { phase: 'Bound' }), undefined)).lines, [
    'persistentvolumes/status Released v',
  ]);
  const deletes = { ...bound, persistentVolumeReclaimPolicy: 'Delete' };
  const { lines, v } = play(decideVolume(volume('v', '1Gi', deletes, { phase: 'Bound' }), undefined));
  assert.equal(lines[0], 'persistentvolumes/status Failed v');
  assert.match(lines[1]!, /^Warning VolumeFailedDelete: error getting deleter volume plugin/);
  assert.deepEqual(decideVolume(v!, undefined), []);
});

test('a bound claim without its volume is lost, once', () => {
  const c = claim(
    '1Gi',
    { volumeName: 'v' },
    { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
    { phase: 'Bound' },
  );
  const first = play(decideClaim(view(c, [])));
  assert.equal(
    first.lines[1],
    'Warning ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!',
  );
  assert.deepEqual(decideClaim(view(first.c!, [])), []);
});
