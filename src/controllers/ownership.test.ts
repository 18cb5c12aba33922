import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../api/resource-row.ts';
import { selectorFromSet } from '../machinery/index.ts';
import { decideClaim, labelsMatch } from './ownership.ts';

const owner: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { namespace: 'a', name: 'o', uid: 'o' },
};
const matches = labelsMatch(selectorFromSet({ app: 'web' }));
const pod = (name: string, app: string, controller?: string, leaving = false): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace: 'a',
    name,
    uid: name,
    labels: { app },
    ...(leaving && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    ...(controller && {
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: controller, uid: controller, controller: true },
      ],
    }),
  },
});
const pods = [
  pod('mine', 'web', 'o'),
  pod('mine-leaving', 'web', 'o', true),
  pod('strayed', 'other', 'o'),
  pod('orphan', 'web'),
  pod('orphan-leaving', 'web', undefined, true),
  pod('orphan-other', 'other'),
  pod('theirs', 'web', 'p'),
];
const names = (list: readonly KubeObject[]) => list.map((o) => o.metadata.name);

test('matching orphans are adopted, strayed ones released, those of others left alone', () => {
  const claim = decideClaim(owner, matches, pods);
  assert.deepEqual(names(claim.owned), ['mine', 'mine-leaving']);
  assert.deepEqual(names(claim.adopt), ['orphan']);
  assert.deepEqual(names(claim.release), ['strayed']);
});

test('an owner that is being deleted neither adopts nor releases', () => {
  const leaving = { ...owner, metadata: { ...owner.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
  const claim = decideClaim(leaving, matches, pods);
  assert.deepEqual(names(claim.owned), ['mine', 'mine-leaving']);
  assert.deepEqual([claim.adopt, claim.release], [[], []]);
});
