/** Bootstrap tokens: whom they stand for, and when nobody is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../base/fake-clock.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { bootstrapGroups, bootstrapTokens } from './bootstrap-tokens.ts';
import { fixedReader } from './fixed-reader.ts';

const clock = new FakeClock();
const base64 = (o: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(o).map(([k, v]) => [k, Buffer.from(v).toString('base64')]));
const good = { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true' };
const verify = (data: Readonly<Record<string, string>>, token = 'abcdef.0123456789abcdef', more: object = {}) => {
  const secret = {
    metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    data: base64(data),
    ...more,
  };
  const reader = fixedReader({ secrets: [secret as unknown as KubeObject] });
  return bootstrapTokens({ reader, clock, apiAudiences: ['api'] }).verify(token);
};

test('a good token is its own user in the bootstrappers', async () => {
  assert.deepEqual(await verify(good), {
    user: { name: 'system:bootstrap:abcdef', uid: '', groups: ['system:bootstrappers'], extra: {} },
    audiences: ['api'],
  });
});

test('any other token is nobody', async () => {
  const later = new Date(clock.now() + 1000).toISOString();
  const earlier = new Date(clock.now() - 1000).toISOString();
  assert.ok(await verify({ ...good, expiration: later }));
  for (const [data, token, more] of [
    [{ ...good, expiration: earlier }],
    [{ ...good, expiration: 'never' }],
    [{ ...good, 'token-id': 'other1' }],
    [{ ...good, 'usage-bootstrap-authentication': '' }],
    [{ ...good, 'auth-extra-groups': 'system:masters' }],
    [good, 'abcdef.0123456789abcdee'],
    [good, 'abcdef.0123'],
    [good, 'a.b.c'],
    [good, undefined, { type: 'Opaque' }],
    [
      good,
      undefined,
      { metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system', deletionTimestamp: later } },
    ],
    [good, undefined, { metadata: { name: 'bootstrap-token-abcdef', namespace: 'default' } }],
  ] as const)
    assert.equal(await verify(data, token, more), undefined, JSON.stringify([data, token, more]));
});

test('extra groups are bootstrappers of some kind', () => {
  assert.deepEqual(bootstrapGroups('system:bootstrappers:z,system:bootstrappers:a:b'), [
    'system:bootstrappers',
    'system:bootstrappers:a:b',
    'system:bootstrappers:z',
  ]);
  for (const bad of ['x', 'system:bootstrappers:', 'system:bootstrappers:A', 'system:bootstrappers:a,'])
    assert.equal(bootstrapGroups(bad), undefined, bad);
});
