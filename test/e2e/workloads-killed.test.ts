/**
 * The control plane is killed again and again in the middle of rollouts, collections and the deletion of a namespace, on a real
 * cluster: all comes to its end, nothing is made twice, no pod and no container is left behind.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { eventually, importBusybox, newCluster, skip } from './cluster.ts';

const c = newCluster();
after(() => (skip ? undefined : c.destroy()));

const pause = (ms: number) => new Promise((r) => setTimeout(r, ms));
const pid = () => Number(readFileSync('/run/k8ts/control-plane.pid', 'utf8'));
/** SIGKILL, and the next one is there. */
async function kill(): Promise<void> {
  const before = pid();
  process.kill(before, 'SIGKILL');
  await eventually(
    'a control plane answers',
    20,
    async () => pid() !== before && (await c.kubectl('get', '--raw', '/readyz')) === 'ok',
  );
}
interface Listed {
  readonly items: readonly {
    readonly metadata: {
      readonly name: string;
      readonly annotations?: Readonly<Record<string, string>>;
      readonly deletionTimestamp?: string;
    };
    readonly spec: { readonly replicas?: number; readonly template?: { readonly spec: unknown } };
  }[];
}
const list = async (namespace: string, kind: string): Promise<Listed['items']> =>
  (JSON.parse(await c.kubectl('get', kind, '-n', namespace, '-o', 'json')) as Listed).items;
const deployment = (namespace: string, version: number, replicas: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - {name: c, image: localhost/busybox:1, command: [sleep, "3600"], env: [{name: V, value: "${version}"}]}
`;

test('killed in the middle of everything, the control plane finishes what it began', {
  skip,
  timeout: 240_000,
}, async (t) => {
  await c.up();
  await importBusybox(c);
  await c.kubectl('create', 'namespace', 'shop');

  await t.test('a node that was thought silent, and its pods, are themselves again when it speaks', async () => {
    await c.kubectl('run', 'x', '--image=localhost/busybox:1', '-n', 'shop', '--', 'sleep', '3600');
    await c.kubectl('wait', '--for=condition=Ready', 'pod/x', '-n', 'shop', '--timeout=30s');
    const node = (await c.kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}')).trim();
    const unready = (status: string) =>
      JSON.stringify({ status: { conditions: [{ type: 'Ready', status, reason: 'NodeStatusUnknown' }] } });
    await c.kubectl('patch', 'node', node, '--subresource=status', '-p', unready('Unknown'));
    await c.kubectl('patch', 'pod', 'x', '-n', 'shop', '--subresource=status', '-p', unready('False'));
    for (const what of [`node/${node}`, 'pod/x'])
      await c.kubectl('wait', '--for=condition=Ready', what, '-n', 'shop', '--timeout=15s');
    await eventually('no taint is left', 15, async () => {
      return (await c.kubectl('get', 'node', node, '-o', 'jsonpath={.spec.taints}')) === '';
    });
    await c.kubectl('delete', 'pod', 'x', '-n', 'shop', '--grace-period=1');
  });

  await t.test('rollouts', async () => {
    await c.apply(deployment('shop', 0, 4));
    for (let version = 1; version <= 5; version++) {
      await c.apply(deployment('shop', version, 4));
      // Each time a bit later in the rollout.
      await pause(version * 120);
      await kill();
      const pods = await list('shop', 'pods');
      const alive = pods.filter((p) => !p.metadata.deletionTimestamp).length;
      assert.ok(alive <= 5, `${alive} pods, one too many is allowed`);
    }
    await c.kubectl('rollout', 'status', 'deployment/web', '-n', 'shop', '--timeout=60s');
    const sets = await list('shop', 'replicasets');
    const templates = sets.map((s) => JSON.stringify(s.spec.template?.spec));
    assert.equal(new Set(templates).size, templates.length, 'no template has two sets');
    const revisions = sets.map((s) => s.metadata.annotations?.['deployment.kubernetes.io/revision']);
    assert.equal(new Set(revisions).size, revisions.length, 'no revision is given twice');
    await eventually('four pods', 20, async () => (await list('shop', 'pods')).length === 4);
  });

  await t.test('a foreground deletion', async () => {
    await c.kubectl('delete', 'deployment', 'web', '-n', 'shop', '--cascade=foreground', '--wait=false');
    await pause(100);
    await kill();
    await eventually('all is gone', 40, async () => {
      const left = [
        ...(await list('shop', 'deployments')),
        ...(await list('shop', 'replicasets')),
        ...(await list('shop', 'pods')),
      ];
      return left.length === 0;
    });
  });

  await t.test('the deletion of a namespace', async () => {
    await c.kubectl('create', 'namespace', 'doomed');
    await c.apply(deployment('doomed', 1, 4));
    await c.kubectl('create', 'service', 'clusterip', 'web', '--tcp=80', '-n', 'doomed');
    await c.kubectl('create', 'configmap', 'held', '-n', 'doomed');
    await c.kubectl('rollout', 'status', 'deployment/web', '-n', 'doomed', '--timeout=60s');
    await c.kubectl('delete', 'namespace', 'doomed', '--wait=false');
    for (const ms of [30, 400]) {
      await pause(ms);
      await kill();
    }
    await eventually(
      'the namespace is gone',
      60,
      async () => (await c.tryKubectl(['get', 'namespace', 'doomed'])).code !== 0,
    );
    const kinds = 'pods,replicasets,deployments,services,endpoints,endpointslices,configmaps,serviceaccounts,events';
    const namespaces = await c.kubectl('get', kinds, '-A', '-o', 'jsonpath={.items[*].metadata.namespace}');
    assert.match(namespaces, /shop/);
    assert.doesNotMatch(namespaces, /doomed/);
  });

  await t.test('no container is left behind', async () => {
    await eventually('the node runs nothing of them', 30, async () => {
      const node = JSON.parse(
        await c.kubectl(
          'get',
          '--raw',
          `/api/v1/nodes/${(await c.kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}')).trim()}/proxy/pods`,
        ),
      ) as { readonly items?: readonly unknown[] | null };
      return (node.items ?? []).length === 0;
    });
  });
});
