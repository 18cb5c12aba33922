import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigMap, Namespace, Pod, ServiceAccount } from '../api/core/v1/types.ts';
import type { KubeObject } from '../api/resource-row.ts';
import { decideRootCa } from './root-ca-certificate-publisher.ts';
import { lacksDefaultAccount } from './service-account.ts';
import { claimsOf, decideProtection, podsUseClaim } from './storage-protection.ts';

const ns = (phase = 'Active') => ({ metadata: { name: 'a' }, spec: {}, status: { phase } }) as unknown as Namespace;
const map = (data: Record<string, string>, annotations: Record<string, string> = {}) =>
  ({ metadata: { namespace: 'a', name: 'kube-root-ca.crt', annotations }, data }) as unknown as ConfigMap;

test('the CA bundle is made, repaired, and left alone when right or when the namespace goes', () => {
  assert.deepEqual(decideRootCa(ns(), undefined, 'CA'), { kind: 'create' });
  assert.equal(decideRootCa(ns('Terminating'), undefined, 'CA'), undefined);
  assert.equal(decideRootCa(undefined, undefined, 'CA'), undefined);
  for (const wrong of [{ 'ca.crt': 'old' }, { 'ca.crt': 'CA', more: 'x' }]) {
    const action = decideRootCa(ns(), map(wrong, { 'kubernetes.io/description': 'd' }), 'CA');
    assert.ok(action?.kind === 'update');
    assert.deepEqual(action.configMap.data, { 'ca.crt': 'CA' });
    assert.equal(decideRootCa(ns(), action.configMap, 'CA'), undefined);
  }
  assert.equal(decideRootCa(ns(), map({ 'ca.crt': 'CA' }), 'CA')?.kind, 'update');
});

test('a namespace lacks its account unless it goes', () => {
  assert.ok(lacksDefaultAccount(ns(), undefined));
  assert.ok(!lacksDefaultAccount(ns(), {} as ServiceAccount));
  assert.ok(!lacksDefaultAccount(ns('Terminating'), undefined));
});

test('a finalizer is added to what stays and dropped from what goes and nobody uses', () => {
  const obj = (finalizers: readonly string[], leaving: boolean) =>
    ({ metadata: { finalizers, ...(leaving && { deletionTimestamp: 'x' }) } }) as unknown as KubeObject;
  const decide = (o: KubeObject, used: boolean) => decideProtection(o, 'f', () => used);
  assert.equal(decide(obj([], false), false), 'add');
  assert.equal(decide(obj(['f'], false), false), 'none');
  assert.equal(decide(obj(['f'], true), true), 'none');
  assert.equal(decide(obj(['f'], true), false), 'release');
  assert.equal(decide(obj(['g'], true), false), 'none');
});

test('a placed pod uses its claims, also those of ephemeral volumes while it lives', () => {
  const pod = (nodeName: string, phase: string) =>
    ({
      metadata: { namespace: 'a', name: 'p' },
      spec: {
        nodeName,
        volumes: [
          { name: 'v', persistentVolumeClaim: { claimName: 'c' } },
          { name: 'e', ephemeral: {} },
        ],
      },
      status: { phase },
    }) as unknown as Pod;
  assert.deepEqual(claimsOf(pod('n', 'Running')), ['a/c', 'a/p-e']);
  assert.deepEqual(claimsOf(pod('n', 'Succeeded')), ['a/c']);
  assert.ok(podsUseClaim([pod('n', 'Succeeded')], 'a/c'));
  assert.ok(!podsUseClaim([pod('', 'Pending')], 'a/c'));
});
