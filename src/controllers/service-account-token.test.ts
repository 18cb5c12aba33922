import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Secret, ServiceAccount } from '../api/core/v1/types.ts';
import { decideTokenSecret } from './service-account-token.ts';

const account = { metadata: { namespace: 'a', name: 'bot', uid: 'u1' } } as unknown as ServiceAccount;
const b64 = (s: string) => Buffer.from(s).toString('base64');
const full = { token: b64('t'), 'ca.crt': b64('ca'), namespace: b64('a') };
const secret = (uid: string | undefined, data: object, more: object = {}): Secret =>
  ({
    type: 'kubernetes.io/service-account-token',
    metadata: {
      namespace: 'a',
      name: 's',
      annotations: {
        'kubernetes.io/service-account.name': 'bot',
        ...(uid && { 'kubernetes.io/service-account.uid': uid }),
      },
    },
    data,
    ...more,
  }) as unknown as Secret;

const cases: readonly [string, Secret, ServiceAccount | undefined, object][] = [
  ['an empty one is filled', secret(undefined, {}), account, { do: 'fill', token: true }],
  ['a full one is left alone', secret('u1', full), account, { do: 'nothing' }],
  [
    'another authority is put in, the token kept',
    secret('u1', { ...full, 'ca.crt': b64('old') }),
    account,
    { do: 'fill', token: false },
  ],
  ['the account is gone', secret('u1', full), undefined, { do: 'delete' }],
  ['the account was made anew', secret('u0', full), account, { do: 'delete' }],
  ['another type is none of ours', secret(undefined, {}, { type: 'Opaque' }), undefined, { do: 'nothing' }],
];
for (const [name, s, a, want] of cases) test(name, () => assert.deepEqual(decideTokenSecret(s, a, 'ca'), want));
