/** ResourceQuotas of a namespace: counted by the controller, charged and enforced at admission, given back when things go (upstream: test/e2e/apimachinery/resource_quota.go). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { realClock } from '../../src/base/clock.ts';
import { silent } from '../../src/base/log.ts';
import { createClient, createInformerFactory } from '../../src/client/index.ts';
import { startControllers } from '../../src/controllers/index.ts';
import { type ApiLab, type Got, startApiLab } from './api-lab.ts';

const ns = '/api/v1/namespaces/quotas';
const ok = (r: Got, status = 200): Got => {
  assert.equal(r.status, status, r.text);
  return r;
};
const merge = 'application/merge-patch+json';
const pod = (name: string, requests: object, more: object = {}) => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'i', resources: { requests, limits: requests } }], ...more },
});

describe('resource quotas', { concurrency: 1, timeout: 60_000 }, () => {
  let lab: ApiLab;
  let end = async (): Promise<void> => {};
  before(async () => {
    lab = await startApiLab();
    const user = { name: 'system:kube-controller-manager', uid: '', groups: ['system:masters'], extra: {} };
    const client = createClient(lab.server.transport(user), { userAgent: 'lab/1' });
    const stop = new AbortController();
    const informers = createInformerFactory({ client, clock: realClock, random: Math.random, log: silent });
    const running = startControllers(
      {
        client,
        informers,
        recorderFor: () => ({ event: () => {} }),
        clock: realClock,
        log: silent,
        random: Math.random,
        rootCa: '',
        only: ['resourcequota-controller'],
      },
      stop.signal,
    );
    informers.start(stop.signal);
    end = async () => {
      stop.abort();
      await running.stopped;
    };
    ok(await lab.h1('/api/v1/namespaces', { body: { metadata: { name: 'quotas' } } }), 201);
    ok(await lab.h1(`${ns}/serviceaccounts`, { body: { metadata: { name: 'default' } } }), 201);
  });
  after(async () => {
    await end();
    await lab.close();
  });

  const quota = async (name: string, hard: object, spec: object = {}) =>
    ok(await lab.h1(`${ns}/resourcequotas`, { body: { metadata: { name }, spec: { hard, ...spec } } }), 201);
  const drop = async (path: string) => {
    const r = await lab.h1(`${ns}/${path}`, { method: 'DELETE', body: { gracePeriodSeconds: 0 } });
    assert.equal(r.status, 200, r.text);
  };
  const make = async (kind: string, body: object, status = 201) => ok(await lab.h1(`${ns}/${kind}`, { body }), status);
  const refused = async (kind: string, body: object): Promise<string> => (await make(kind, body, 403)).json.message;
  /** Waits until the quota says so. */
  const uses = async (name: string, used: Readonly<Record<string, string>>) => {
    let seen: Record<string, string> = {};
    for (let i = 0; i < 200; i++) {
      const { status } = ok(await lab.h1(`${ns}/resourcequotas/${name}`)).json;
      seen = Object.fromEntries(Object.keys(used).map((k) => [k, status?.used?.[k]]));
      if (Object.keys(used).every((k) => seen[k] === used[k])) return;
      await new Promise((r) => setTimeout(r, 25));
    }
    assert.deepEqual(seen, used);
  };

  it('a status is promptly counted, with what is there already', async () => {
    await make('configmaps', { metadata: { name: 'before' } });
    await quota('all', {
      configmaps: '3',
      'count/configmaps': '3',
      pods: '5',
      services: '3',
      'services.nodeports': '1',
      secrets: '2',
      resourcequotas: '9',
      'count/replicasets.apps': '1',
    });
    await uses('all', {
      configmaps: '1',
      'count/configmaps': '1',
      pods: '0',
      services: '0',
      secrets: '0',
      resourcequotas: '1',
      'count/replicasets.apps': '0',
    });
  });

  it('services and their node ports are charged and given back', async () => {
    const service = (name: string, type: string) => ({ metadata: { name }, spec: { type, ports: [{ port: 80 }] } });
    await make('services', service('s1', 'ClusterIP'));
    await make('services', service('s2', 'NodePort'));
    await uses('all', { services: '2', 'services.nodeports': '1' });
    assert.equal(
      await refused('services', service('s3', 'NodePort')),
      'services "s3" is forbidden: exceeded quota: all, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1',
    );
    const type = (name: string, to: string) =>
      lab.h1(`${ns}/services/${name}`, { method: 'PATCH', type: merge, body: { spec: { type: to } } });
    ok(await type('s1', 'NodePort'), 403);
    ok(await type('s2', 'ClusterIP'));
    await uses('all', { 'services.nodeports': '0' });
    ok(await type('s1', 'NodePort'));
    await drop('services/s1');
    await drop('services/s2');
    await uses('all', { services: '0', 'services.nodeports': '0' });
  });

  it('objects are counted by any name of their kind', async () => {
    await make('secrets', { metadata: { name: 'a' } });
    await make('configmaps', { metadata: { name: 'a' } });
    await make('configmaps', { metadata: { name: 'b' } });
    await uses('all', { secrets: '1', configmaps: '3' });
    assert.match(
      await refused('configmaps', { metadata: { name: 'c' } }),
      /exceeded quota: all, requested: configmaps=1,count\/configmaps=1, used: configmaps=3,count\/configmaps=3, limited: /,
    );
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const set = (name: string) => ({
      metadata: { name },
      spec: { replicas: 0, selector: { matchLabels: { a: 'b' } }, template },
    });
    const sets = '/apis/apps/v1/namespaces/quotas/replicasets';
    ok(await lab.h1(sets, { body: set('one') }), 201);
    ok(await lab.h1(sets, { body: set('two') }), 403);
    ok(await lab.h1(`${sets}/one`, { method: 'DELETE' }));
    await drop('secrets/a');
    await drop('configmaps/a');
    await drop('configmaps/b');
    await uses('all', { secrets: '0', configmaps: '1', 'count/replicasets.apps': '0' });
  });

  it('pods are charged what they ask for, in one go of many no more than fits', async () => {
    await quota('compute', { cpu: '1', memory: '500Mi', pods: '10', 'requests.example.com/dongle': '3' });
    await uses('compute', { cpu: '0', memory: '0', pods: '0', 'requests.example.com/dongle': '0' });
    await make('pods', pod('fits', { cpu: '500m', memory: '252Mi', 'example.com/dongle': '2' }));
    await uses('compute', { cpu: '500m', memory: '252Mi', pods: '1', 'requests.example.com/dongle': '2' });
    assert.match(
      await refused('pods', pod('big', { cpu: '600m', memory: '100Mi' })),
      /exceeded quota: compute, requested: cpu=600m, used: cpu=500m, limited: cpu=1$/,
    );
    assert.match(
      await refused('pods', pod('dongles', { cpu: '1m', memory: '1Mi', 'example.com/dongle': '2' })),
      /requests\.example\.com\/dongle=2/,
    );
    assert.match(
      await refused('pods', pod('mute', {})),
      /failed quota: compute: must specify cpu for: c; memory for: c$/,
    );
    const many = await Promise.all(
      Array.from({ length: 8 }, (_, i) => lab.h1(`${ns}/pods`, { body: pod(`m${i}`, { cpu: '200m', memory: '1Mi' }) })),
    );
    assert.equal(many.filter((r) => r.status === 201).length, 2);
    await uses('compute', { cpu: '900m', pods: '3' });
    ok(
      await lab.h1(`${ns}/pods/fits/status`, {
        method: 'PATCH',
        type: merge,
        body: { status: { phase: 'Succeeded' } },
      }),
    );
    await uses('compute', { cpu: '400m', pods: '2' });
    for (const p of ok(await lab.h1(`${ns}/pods`)).json.items) await drop(`pods/${p.metadata.name}`);
    await uses('compute', { cpu: '0', memory: '0', pods: '0' });
    await drop('resourcequotas/compute');
  });

  it('scopes choose which pods count', async () => {
    await quota('best', { pods: '5' }, { scopes: ['BestEffort'] });
    await quota('not-best', { pods: '5' }, { scopes: ['NotBestEffort'] });
    await quota('terminating', { pods: '5' }, { scopes: ['Terminating'] });
    for (const q of ['best', 'not-best', 'terminating']) await uses(q, { pods: '0' });
    await make('pods', pod('plain', {}));
    await make('pods', pod('asking', { cpu: '1' }, { activeDeadlineSeconds: 3600 }));
    await uses('best', { pods: '1' });
    await uses('not-best', { pods: '1' });
    await uses('terminating', { pods: '1' });
    await drop('pods/plain');
    await drop('pods/asking');
    for (const q of ['best', 'not-best', 'terminating']) await uses(q, { pods: '0' });
    ok(await lab.h1(`${ns}/resourcequotas?fieldSelector=metadata.name%3Dbest`, { method: 'DELETE' }));
  });

  it('claims of devices are charged by class', async () => {
    const gpus = 'gpu.deviceclass.resource.k8s.io/devices';
    await quota('devices', { [gpus]: '3', 'count/resourceclaims.resource.k8s.io': '5' });
    await uses('devices', { [gpus]: '0' });
    const claims = '/apis/resource.k8s.io/v1/namespaces/quotas/resourceclaims';
    const claim = (name: string, n: number) => ({
      metadata: { name },
      spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'gpu', count: n } }] } },
    });
    ok(await lab.h1(claims, { body: claim('two', 2) }), 201);
    await uses('devices', { [gpus]: '2', 'count/resourceclaims.resource.k8s.io': '1' });
    assert.match(
      ok(await lab.h1(claims, { body: claim('more', 2) }), 403).json.message,
      /exceeded quota: devices, requested: gpu\.deviceclass/,
    );
    ok(await lab.h1(`${claims}/two`, { method: 'DELETE' }));
    await uses('devices', { [gpus]: '0' });
  });

  it('a changed limit is in force, and kubectl shows the quota', async () => {
    ok(
      await lab.h1(`${ns}/resourcequotas/all`, {
        method: 'PATCH',
        type: merge,
        body: { spec: { hard: { secrets: '0' } } },
      }),
    );
    for (let i = 0; i < 200 && ok(await lab.h1(`${ns}/resourcequotas/all`)).json.status.hard.secrets !== '0'; i++)
      await new Promise((r) => setTimeout(r, 25));
    assert.match(
      await refused('secrets', { metadata: { name: 'z' } }),
      /exceeded quota: all, requested: secrets=1, used: secrets=0, limited: secrets=0/,
    );
    const table = await lab.kubectl(['-n', 'quotas', 'get', 'quota', 'terminating']);
    assert.match(table.stdout, /^NAME +REQUEST +LIMIT +AGE\nterminating +pods: 0\/5 /);
  });
});
