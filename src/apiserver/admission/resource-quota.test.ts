/** ResourceQuota admission: what exceeds is refused with upstream's words, what fits is charged once, conflicts are tried again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pods } from '../../api/core/v1/resources.ts';
import type { ResourceQuota } from '../../api/core/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { conflict, StatusError } from '../../machinery/status-error.ts';
import type { AdmissionAttributes } from '../attributes.ts';
import { fixedReader } from '../auth/fixed-reader.ts';
import { type QuotaAccess, resourceQuotaAdmission } from './resource-quota.ts';

const quota = (hard: object, used: object, spec: object = {}): ResourceQuota =>
  ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'ns', uid: 'u', resourceVersion: '1' },
    spec: { hard, ...spec },
    status: { hard, used },
  }) as unknown as ResourceQuota;
const pod = (requests: object = {}): KubeObject =>
  ({
    metadata: { name: 'p', namespace: 'ns' },
    spec: { containers: [{ name: 'c', resources: { requests } }] },
    status: {},
  }) as unknown as KubeObject;
const create = (object: KubeObject, more: Partial<AdmissionAttributes> = {}): AdmissionAttributes => ({
  operation: 'CREATE',
  row: Pods,
  subresource: undefined,
  namespace: 'ns',
  name: 'p',
  user: { name: 'u', uid: '', groups: [], extra: {} },
  object,
  oldObject: undefined,
  dryRun: false,
  now: 0,
  warn: () => {},
  ...more,
});

/** A store of one quota that refuses a write of an old version. */
function store(first: ResourceQuota): QuotaAccess & { readonly current: () => ResourceQuota; bump(): void } {
  let q = first;
  const next = (x: ResourceQuota): ResourceQuota => ({
    ...x,
    metadata: { ...x.metadata, resourceVersion: String(Number(q.metadata.resourceVersion) + 1) },
  });
  return {
    current: () => q,
    bump() {
      q = next(q);
    },
    get: async () => q,
    async updateStatus(x) {
      if (x.metadata.resourceVersion !== q.metadata.resourceVersion)
        throw conflict({ group: '', resource: 'resourcequotas' }, 'q', 'changed');
      q = next(x);
      return q;
    },
  };
}
const reader = (q: ResourceQuota) => fixedReader({ resourcequotas: [q as unknown as KubeObject] });
const message = async (run: () => void | Promise<void>): Promise<string> => {
  try {
    await run();
  } catch (e) {
    assert.ok(e instanceof StatusError);
    assert.equal(e.code, 403);
    return e.message;
  }
  return '';
};

test('what fits is charged, also before the cache has seen the charge; what does not is refused', async () => {
  const q = quota({ pods: '2', 'requests.cpu': '1' }, { pods: '0', 'requests.cpu': '0' });
  const s = store(q);
  const p = resourceQuotaAdmission(s);
  const r = reader(q);
  const run = (cpu: string) => message(() => p.validate!(create(pod({ cpu })), r));
  assert.deepEqual(await Promise.all([run('400m'), run('400m'), run('400m')]), [
    '',
    '',
    'pods "p" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=400m, used: pods=2,requests.cpu=800m, limited: pods=2,requests.cpu=1',
  ]);
  assert.deepEqual(s.current().status.used, { pods: '2', 'requests.cpu': '800m' });
});

test('a quota that is not counted yet, or asks for what is not said, refuses', async () => {
  const p = resourceQuotaAdmission(undefined);
  const run = (q: ResourceQuota) => message(() => p.validate!(create(pod()), reader(q)));
  assert.equal(
    await run(quota({ pods: '2', memory: '1Gi' }, { pods: '1' })),
    'pods "p" is forbidden: failed quota: q: must specify memory for: c',
  );
  assert.equal(
    await run(quota({ pods: '2', 'count/pods': '3' }, { pods: '1' })),
    'pods "p" is forbidden: status unknown for quota: q, resources: count/pods,pods',
  );
});

test('a charge that meets another writer is tried again; a dry run charges nothing', async () => {
  const q = quota({ pods: '2' }, { pods: '0' });
  const s = store(q);
  s.bump();
  const p = resourceQuotaAdmission(s);
  await p.validate!(create(pod()), reader(q));
  assert.deepEqual(s.current().status.used, { pods: '1' });
  await p.validate!(create(pod(), { dryRun: true }), reader(q));
  assert.deepEqual(s.current().status.used, { pods: '1' });
});

test('what does not count passes', async () => {
  const p = resourceQuotaAdmission(undefined);
  const full = reader(quota({ pods: '0' }, { pods: '0' }));
  assert.equal(p.validate!(create(pod(), { operation: 'UPDATE', oldObject: pod() }), full), undefined);
  assert.equal(p.validate!(create(pod(), { namespace: '' }), full), undefined);
  assert.equal(p.validate!(create(pod()), fixedReader({})), undefined);
});
