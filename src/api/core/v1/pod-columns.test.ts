/** The pod's row as `kubectl get pods` prints it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podColumns } from './columns.ts';
import type { Pod } from './types.ts';

const now = Date.parse('2026-01-01T01:00:00Z');
type Parts = { spec?: object; status?: object; metadata?: object };
const pod = ({ spec, status, metadata }: Parts): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
    spec: { containers: [{ name: 'c', resources: {} }], ...spec },
    status: { phase: 'Running', ...status },
  }) as unknown as Pod;
const row = (p: Parts, columns = 4): unknown[] => podColumns.slice(0, columns).map((c) => c.cell(pod(p), now));
const container = (state: object, more: object = {}) => ({
  name: 'c',
  ready: false,
  restartCount: 0,
  image: '',
  imageID: '',
  state,
  lastState: {},
  ...more,
});

test('what a pod says about itself', () => {
  const table: readonly (readonly [string, Parts, readonly string[]])[] = [
    ['waiting for a node', { status: { phase: 'Pending' } }, ['0/1', 'Pending', '0']],
    [
      'running',
      { status: { containerStatuses: [container({ running: {} }, { ready: true })] } },
      ['1/1', 'Running', '0'],
    ],
    [
      'restarted',
      {
        status: {
          containerStatuses: [
            container(
              { running: {} },
              { ready: true, restartCount: 2, lastState: { terminated: { finishedAt: '2026-01-01T00:55:00Z' } } },
            ),
          ],
        },
      },
      ['1/1', 'Running', '2 (5m ago)'],
    ],
    [
      'crash loop',
      { status: { containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 3 })] } },
      ['0/1', 'CrashLoopBackOff', '3'],
    ],
    [
      'ended well',
      {
        status: {
          phase: 'Succeeded',
          containerStatuses: [container({ terminated: { exitCode: 0, reason: 'Completed' } })],
        },
      },
      ['0/1', 'Completed', '0'],
    ],
    [
      'killed without a reason',
      { status: { phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 137, signal: 9 } })] } },
      ['0/1', 'Signal:9', '0'],
    ],
    [
      'first of two init containers',
      {
        spec: { initContainers: [{ name: 'i' }, { name: 'j' }] },
        status: { phase: 'Pending', initContainerStatuses: [container({ running: {} }, { name: 'i' })] },
      },
      ['0/1', 'Init:0/2', '0'],
    ],
    [
      'init container failed',
      {
        spec: { initContainers: [{ name: 'i' }] },
        status: { initContainerStatuses: [container({ terminated: { exitCode: 1 } }, { name: 'i' })] },
      },
      ['0/1', 'Init:ExitCode:1', '0'],
    ],
    [
      'sidecar is counted',
      {
        spec: { initContainers: [{ name: 'i', restartPolicy: 'Always' }] },
        status: {
          initContainerStatuses: [container({ running: {} }, { name: 'i', ready: true, started: true })],
          containerStatuses: [container({ running: {} }, { ready: true })],
        },
      },
      ['2/2', 'Running', '0'],
    ],
    ['being deleted', { metadata: { deletionTimestamp: '2026-01-01T00:59:00Z' } }, ['0/1', 'Terminating', '0']],
    [
      'deleted on a lost node',
      { metadata: { deletionTimestamp: '2026-01-01T00:59:00Z' }, status: { reason: 'NodeLost' } },
      ['0/1', 'Unknown', '0'],
    ],
    [
      'held by a gate',
      {
        status: {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
        },
      },
      ['0/1', 'SchedulingGated', '0'],
    ],
  ];
  for (const [what, parts, cells] of table) assert.deepEqual(row(parts), ['web', ...cells], what);
});

test('wide cells say <none> for what is not there', () => {
  assert.deepEqual(row({ status: { podIPs: [{ ip: '10.0.0.1' }] }, spec: { nodeName: 'n' } }, 9).slice(4), [
    '60m',
    '10.0.0.1',
    'n',
    '<none>',
    '<none>',
  ]);
});
