import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Pod } from '../api/core/v1/types.ts';
import { decidePodGc, type PodGcView } from './pod-gc.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
interface PodOptions {
  readonly phase?: string;
  readonly node?: string;
  readonly deleted?: boolean;
  readonly made?: string;
  readonly reason?: string;
}
const pod = (name: string, o: PodOptions = {}): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'd',
      uid: name,
      creationTimestamp: o.made ?? '2025-01-01T00:00:00Z',
      ...(o.deleted && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    },
    spec: { containers: [], nodeName: o.node },
    status: { phase: o.phase ?? 'Running', reason: o.reason },
  }) as unknown as Pod;
const node = (name: string, ready: string, taints: readonly string[] = []): Node =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec: { taints: taints.map((key) => ({ key, effect: 'NoExecute' })) },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  }) as unknown as Node;
const view = (pods: readonly Pod[], more: Partial<PodGcView> = {}): PodGcView => ({
  pods,
  nodes: [node('n', 'True')],
  goneNodes: new Set(),
  terminatedThreshold: 2,
  ...more,
});
/** `patch a`, `delete a`. */
const transcript = (v: PodGcView): readonly string[] =>
  decidePodGc(v, now).map((a) => ('key' in a ? `${a.do} ${a.key.name}` : a.do));

test('finished pods beyond the threshold go: evicted ones first, then the oldest', () => {
  const pods = [
    pod('young', { phase: 'Succeeded', made: '2025-03-01T00:00:00Z' }),
    pod('old', { phase: 'Failed', made: '2025-01-01T00:00:00Z' }),
    pod('evicted', { phase: 'Failed', reason: 'Evicted', made: '2025-04-01T00:00:00Z' }),
    pod('older', { phase: 'Succeeded', made: '2024-01-01T00:00:00Z' }),
    pod('running', { node: 'n' }),
  ];
  assert.deepEqual(transcript(view(pods)), ['delete evicted', 'delete older']);
  assert.deepEqual(transcript(view(pods, { terminatedThreshold: 0 })), []);
});

test('pods of a node that is gone are failed with the reason, then deleted at once', () => {
  const v = view(
    [pod('a', { node: 'gone' }), pod('b', { node: 'gone', phase: 'Succeeded' }), pod('c', { node: 'n' })],
    {
      goneNodes: new Set(['gone']),
    },
  );
  assert.deepEqual(transcript(v), ['patch a', 'delete a', 'delete b']);
  const [patch, gone] = decidePodGc(v, now);
  assert.deepEqual(patch?.do === 'patch' && patch.patch, {
    metadata: { uid: 'a' },
    status: {
      phase: 'Failed',
      conditions: [
        {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'DeletionByPodGC',
          message: 'PodGC: node no longer exists',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    },
  });
  assert.equal(gone?.do === 'delete' && gone.options?.gracePeriodSeconds, 0);
});

test('a deleted pod goes at once when it was never placed, or its node is out of service and not ready', () => {
  const outOfService = 'node.kubernetes.io/out-of-service';
  const pods = [
    pod('unplaced', { deleted: true, phase: 'Pending' }),
    pod('waiting', { phase: 'Pending' }),
    pod('leaving', { deleted: true, node: 'n' }),
    pod('stuck', { deleted: true, node: 'dead' }),
    pod('up', { deleted: true, node: 'back' }),
  ];
  const nodes = [node('n', 'Unknown'), node('dead', 'Unknown', [outOfService]), node('back', 'True', [outOfService])];
  assert.deepEqual(transcript(view(pods, { nodes })), [
    'patch unplaced',
    'delete unplaced',
    'patch stuck',
    'delete stuck',
  ]);
});
