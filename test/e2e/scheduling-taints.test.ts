/** Pods on nodes that get NoExecute taints, or go: what upstream's test/e2e/node/taints.go and pod_gc.go ask, on a control plane in this process. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Pod, Toleration } from '../../src/api/core/v1/types.ts';
import { Nodes, Pods } from '../../src/api/resources.ts';
import { isNotFound } from '../../src/machinery/index.ts';
import { addNode, type ControllerLab, startControllerLab } from './controller-lab.ts';

const merge = 'application/merge-patch+json';
const key = 'kubernetes.io/e2e-evict-taint-key';
let lab: ControllerLab;
before(async () => {
  lab = await startControllerLab({ nodes: 0, stopMs: 20 });
});
after(() => lab.close());

async function podOn(namespace: string, node: string, name: string, toleration?: Toleration): Promise<void> {
  await lab.client.create(Pods, {
    metadata: { namespace, name },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': node },
      containers: [{ name: 'c', image: 'i' }],
      ...(toleration && { tolerations: [toleration] }),
    },
  });
  await lab.until(`${name} runs`, async () => (await lab.get<Pod>(Pods, namespace, name)).status.phase === 'Running');
}
const taint = (node: string, on: boolean) =>
  lab.client.patch(Nodes, { name: node }, merge, {
    spec: { taints: on ? [{ key, value: 'evictTaintVal', effect: 'NoExecute' }] : null },
  });
const isThere = (namespace: string, name: string): Promise<boolean> =>
  lab.get<Pod>(Pods, namespace, name).then(
    (p) => p.metadata.deletionTimestamp === undefined,
    (e: unknown) => {
      assert.ok(isNotFound(e));
      return false;
    },
  );
const gone = (namespace: string, name: string) =>
  lab.until(`${name} is gone`, async () => !(await isThere(namespace, name)));
const tolerates = (seconds?: number): Toleration => ({
  key,
  operator: 'Equal',
  value: 'evictTaintVal',
  effect: 'NoExecute',
  ...(seconds !== undefined && { tolerationSeconds: seconds }),
});
const pause = (ms: number) => new Promise((r) => setTimeout(r, ms));

test('a taint evicts pods at once, after their toleration, or never', async () => {
  const namespace = await lab.namespace('evicted');
  await addNode(lab.client, 'e1');
  await podOn(namespace, 'e1', 'plain');
  await podOn(namespace, 'e1', 'finite', tolerates(1));
  await podOn(namespace, 'e1', 'forever', tolerates());
  await addNode(lab.client, 'e2');
  await podOn(namespace, 'e2', 'elsewhere');
  await taint('e1', true);
  await gone(namespace, 'plain');
  assert.ok(await isThere(namespace, 'finite'));
  await gone(namespace, 'finite');
  for (const name of ['forever', 'elsewhere']) assert.ok(await isThere(namespace, name));
  const told = await lab.until('the event', async () =>
    (await lab.events(namespace, 'plain')).find((e) => e.startsWith('TaintManagerEviction')),
  );
  assert.equal(told, `TaintManagerEviction: Marking for deletion Pod ${namespace}/plain`);
});

test('an evicted pod says why', async () => {
  const namespace = await lab.namespace('why');
  await addNode(lab.client, 'w1');
  await podOn(namespace, 'w1', 'x');
  await lab.client.patch(Pods, { namespace, name: 'x' }, merge, { metadata: { finalizers: ['example.com/hold'] } });
  await taint('w1', true);
  await gone(namespace, 'x');
  const { status } = await lab.get<Pod>(Pods, namespace, 'x');
  const c = status.conditions?.find((x) => x.type === 'DisruptionTarget');
  assert.deepEqual(
    [c?.status, c?.reason, c?.message],
    ['True', 'DeletionByTaintManager', 'Taint manager: deleting due to NoExecute taint'],
  );
  await lab.client.patch(Pods, { namespace, name: 'x' }, merge, { metadata: { finalizers: null } });
});

test('a taint that is taken back before the toleration is over evicts nobody', async () => {
  const namespace = await lab.namespace('cancelled');
  await addNode(lab.client, 'c1');
  await podOn(namespace, 'c1', 'lucky', tolerates(1));
  await taint('c1', true);
  await pause(300);
  await taint('c1', false);
  await pause(1_200);
  assert.ok(await isThere(namespace, 'lucky'));
  assert.ok(
    (await lab.events(namespace, 'lucky')).includes(
      `TaintManagerEviction: Cancelling deletion of Pod ${namespace}/lucky`,
    ),
  );
});

test('a node that is silent is marked and tainted, and its pods are not ready', async () => {
  const namespace = await lab.namespace('silent');
  await addNode(lab.client, 's1');
  await podOn(namespace, 's1', 'x');
  const status = {
    conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', lastHeartbeatTime: null }],
  };
  await lab.client.patch(Nodes, { name: 's1' }, merge, { status }, { subresource: 'status' });
  const node = await lab.until('the taints', async () => {
    const n = await lab.client.get(Nodes, { name: 's1' });
    return (n.spec.taints?.length ?? 0) === 2 && n;
  });
  assert.deepEqual(node.spec.taints?.map((t) => [t.key, t.effect]).sort(), [
    ['node.kubernetes.io/unreachable', 'NoExecute'],
    ['node.kubernetes.io/unreachable', 'NoSchedule'],
  ]);
  assert.ok(await isThere(namespace, 'x'), 'it tolerates that for five minutes');
  const { tolerations } = (await lab.get<Pod>(Pods, namespace, 'x')).spec;
  assert.deepEqual(
    tolerations?.map((t) => [t.key, t.tolerationSeconds]),
    [
      ['node.kubernetes.io/not-ready', 300],
      ['node.kubernetes.io/unreachable', 300],
    ],
  );
});
