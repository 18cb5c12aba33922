import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment, ReplicaSet } from '../../api/apps/v1/types.ts';
import type { Action } from '../action.ts';
import { decideDeployment } from './decide.ts';

const template = (image: string, hash?: string) => ({
  metadata: { labels: { app: 'web', ...(hash && { 'pod-template-hash': hash }) } },
  spec: { containers: [{ name: 'c', image }] },
});
const set = (image: string, revision: number, replicas: number): ReplicaSet =>
  ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `web-${image}`,
      uid: image,
      creationTimestamp: `2026-01-01T00:00:0${revision}Z`,
      annotations: {
        'deployment.kubernetes.io/revision': String(revision),
        'deployment.kubernetes.io/desired-replicas': '3',
        'kubernetes.io/change-cause': `to ${image}`,
      },
    },
    spec: { replicas, selector: {}, template: template(image, image) },
    status: { replicas },
  }) as unknown as ReplicaSet;
const sets = [set('one', 1, 0), set('two', 2, 0), set('three', 3, 3)];

/** What is done when the annotation asks for a revision: the events, and the Deployment as it is written. */
function asked(revision: string, replicaSets = sets) {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      uid: 'd',
      annotations: {
        'deprecated.deployment.rollback.to': revision,
        'deployment.kubernetes.io/revision': '3',
        'kubernetes.io/change-cause': 'to three',
        mine: 'x',
      },
    },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: template('three'),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
    },
    status: {},
  } as unknown as Deployment;
  const { actions } = decideDeployment({ deployment, replicaSets, pods: [] }, 0);
  const update = actions.find((a): a is Action & { do: 'update' } => a.do === 'update');
  return {
    events: actions.flatMap((a) => (a.do === 'event' ? [`${a.type} ${a.reason}: ${a.message}`] : [])),
    written: update?.object as Deployment,
    only: actions.length === 2,
  };
}

test('a revision that is there is gone back to, with its annotations', () => {
  const { events, written } = asked('1');
  assert.deepEqual(events, ['Normal DeploymentRollback: Rolled back deployment "web" to revision 1']);
  assert.deepEqual(written.spec.template, template('one'));
  assert.deepEqual(written.metadata.annotations, {
    'deployment.kubernetes.io/revision': '3',
    'kubernetes.io/change-cause': 'to one',
  });
});

test('0 means the revision before', () => {
  assert.deepEqual(asked('0').written.spec.template, template('two'));
});

test('what cannot be gone back to is told of, and the wish is cleared', () => {
  for (const [revision, replicaSets, event] of [
    ['9', sets, 'Warning DeploymentRollbackRevisionNotFound: Unable to find the revision to rollback to.'],
    ['0', sets.slice(2), 'Warning DeploymentRollbackRevisionNotFound: Unable to find last revision.'],
    [
      '3',
      sets,
      'Warning DeploymentRollbackTemplateUnchanged: The rollback revision contains the same template as current deployment "web"',
    ],
  ] as const) {
    const { events, written, only } = asked(revision, [...replicaSets]);
    assert.deepEqual(events, [event]);
    assert.ok(only);
    assert.deepEqual(written.spec.template, template('three'));
    assert.equal(written.metadata.annotations?.['deprecated.deployment.rollback.to'], undefined);
    assert.equal(written.metadata.annotations?.['mine'], 'x');
  }
});
