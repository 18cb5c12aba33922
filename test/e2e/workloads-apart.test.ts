/**
 * kube-controller-manager and kube-scheduler as processes of their own beside the API server: of several one leads, and when it dies
 * or goes another takes over.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { type ApiLab, startApiLab } from './api-lab.ts';
import { eventually, root, run } from './cluster.ts';

let lab: ApiLab;
const children: ChildProcess[] = [];
before(async () => {
  lab = await startApiLab();
});
after(async () => {
  for (const c of children) c.kill('SIGKILL');
  await lab.close();
});

const quick = [
  '--leader-elect-lease-duration=3s',
  '--leader-elect-renew-deadline=2s',
  '--leader-elect-retry-period=300ms',
];
/** The controllers work as their service accounts, as kubeadm has them. */
const own = (component: string) =>
  component === 'kube-controller-manager' ? ['--use-service-account-credentials'] : [];
function start(component: string): ChildProcess {
  const child = spawn(`${root}/k8ts`, [component, '--kubeconfig', lab.kubeconfig, ...quick, ...own(component)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (d: Buffer) => {
    said += d.toString();
  });
  child.on('exit', (code) => {
    if (code) process.stderr.write(`${component} ended with ${code}: ${said.slice(-2000)}\n`);
  });
  children.push(child);
  return child;
}
interface LeaseShape {
  readonly spec: { readonly holderIdentity?: string; readonly leaseTransitions?: number };
}
const path = (name: string) => `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${name}`;
const lease = async (name: string) => (await lab.h2(path(name))).json as LeaseShape;
const holder = (name: string, not = '') =>
  eventually(`${name} has a leader`, 20, async () => {
    const { holderIdentity } = (await lease(name)).spec;
    return holderIdentity && holderIdentity !== not ? holderIdentity : false;
  });
const post = async (at: string, body: object) => {
  const got = await lab.h2(at, { body });
  assert.ok(got.status < 300, got.text);
};
const placedPods = (n: number) =>
  eventually(`${n} placed pods`, 20, async () => {
    const { items } = (await lab.h2('/api/v1/namespaces/default/pods')).json as {
      items: readonly { spec: { nodeName?: string } }[];
    };
    return items.length === n && items.every((p) => p.spec.nodeName === 'n1');
  });
const scale = async (replicas: number) => {
  const got = await lab.h2('/apis/apps/v1/namespaces/default/deployments/web', {
    method: 'PATCH',
    type: 'application/merge-patch+json',
    body: { spec: { replicas } },
  });
  assert.equal(got.status, 200, got.text);
};

test('one of several controller managers leads; the next takes over when it is killed, and at once when it goes', {
  timeout: 90_000,
}, async () => {
  await post('/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1' },
    status: { allocatable: { cpu: '8', memory: '8Gi', pods: '50' } },
  });
  const managers = new Map<ChildProcess, string>();
  const first = start('kube-controller-manager');
  managers.set(first, await holder('kube-controller-manager'));
  const second = start('kube-controller-manager');
  start('kube-scheduler');
  await holder('kube-scheduler');
  await eventually(
    'the default account',
    20,
    async () => (await lab.h2('/api/v1/namespaces/default/serviceaccounts/default')).status === 200,
  );
  await post('/apis/apps/v1/namespaces/default/deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        // Nobody speaks for the node: it will be tainted.
        spec: { tolerations: [{ operator: 'Exists' }], containers: [{ name: 'c', image: 'i' }] },
      },
    },
  });
  await placedPods(2);
  assert.equal(await holder('kube-controller-manager'), managers.get(first), 'the second only waits');

  first.kill('SIGKILL');
  await scale(3);
  const next = await holder('kube-controller-manager', managers.get(first));
  await placedPods(3);
  assert.equal((await lease('kube-controller-manager')).spec.leaseTransitions, 1);

  const third = start('kube-controller-manager');
  await new Promise((r) => setTimeout(r, 1500));
  second.kill('SIGTERM');
  const last = await holder('kube-controller-manager', next);
  assert.notEqual(last, next);
  await scale(4);
  await placedPods(4);
  third.kill('SIGTERM');
  const [code] = await new Promise<[number | null]>((r) => third.once('exit', (c) => r([c])));
  assert.equal(code, 0);
  const events = (await lab.h2('/api/v1/namespaces/kube-system/events')).json as {
    items: readonly { reason: string; message: string }[];
  };
  assert.ok(events.items.some((e) => e.reason === 'LeaderElection' && e.message === `${next} became leader`));
});

test('flags that are not supported are named, and --help lists those that are', async () => {
  for (const component of ['kube-controller-manager', 'kube-scheduler']) {
    const bad = await run(`${root}/k8ts`, [component, '--contention-profiling']);
    assert.deepEqual([bad.code, bad.stderr.trim()], [1, 'k8ts: unknown flag: --contention-profiling']);
    const help = await run(`${root}/k8ts`, [component, '--help']);
    assert.match(help.stdout, /--leader-elect-lease-duration/);
  }
});
