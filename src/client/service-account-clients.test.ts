import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Namespaces } from '../api/core/v1/resources.ts';
import { FakeClock } from '../base/fake-clock.ts';
import type { Transport } from './client.ts';
import { createClient } from './rest-client.ts';
import { serviceAccountClients } from './service-account-clients.ts';

const json = (status: number, body: object) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: (async function* () {
    yield Buffer.from(JSON.stringify(body));
  })(),
});

/** A server that knows one namespace and gives out the tokens t1, t2, … each for an hour. */
function lab() {
  const clock = new FakeClock();
  const seen: string[] = [];
  const accounts = new Set<string>();
  let tokens = 0;
  let refused = '';
  const transport: Transport = {
    async request({ method, path, headers, body }) {
      const who = headers['authorization']?.replace('Bearer ', '') ?? 'manager';
      seen.push(`${who} ${method} ${path.split('?')[0]!.replace('/api/v1/namespaces/', '')}`);
      const account = /serviceaccounts\/([^/?]+)$/.exec(path)?.[1];
      if (who === refused) return json(401, { kind: 'Status', reason: 'Unauthorized', code: 401 });
      if (path.includes('/token')) {
        const expirationTimestamp = new Date(clock.now() + 3_600_000).toISOString();
        return json(201, { status: { token: `t${++tokens}`, expirationTimestamp } });
      }
      if (method === 'POST') accounts.add(JSON.parse(body!.toString()).metadata.name as string);
      if (account && !accounts.has(account)) return json(404, { kind: 'Status', reason: 'NotFound', code: 404 });
      return json(200, { metadata: { name: 'x' } });
    },
    close: async () => {},
  };
  const clients = serviceAccountClients({
    client: createClient(transport, { userAgent: 'manager/1' }),
    transport,
    namespace: 'kube-system',
    userAgent: 'manager/1',
    clock,
  });
  const refuse = (token: string) => {
    refused = token;
  };
  return { clock, seen, clients, refuse };
}

test('an account is made, asks for one token, and for the next when a fifth of its life is left', async () => {
  const { clock, seen, clients } = lab();
  const client = clients('pod-garbage-collector');
  await Promise.all([client.get(Namespaces, { name: 'a' }), client.get(Namespaces, { name: 'b' })]);
  assert.deepEqual(seen, [
    'manager GET kube-system/serviceaccounts/pod-garbage-collector',
    'manager POST kube-system/serviceaccounts',
    'manager POST kube-system/serviceaccounts/pod-garbage-collector/token',
    't1 GET a',
    't1 GET b',
  ]);
  seen.length = 0;
  await clock.advance(2_879_000);
  await client.get(Namespaces, { name: 'a' });
  await clock.advance(2_000);
  await client.get(Namespaces, { name: 'a' });
  assert.deepEqual(seen, [
    't1 GET a',
    'manager GET kube-system/serviceaccounts/pod-garbage-collector',
    'manager POST kube-system/serviceaccounts/pod-garbage-collector/token',
    't2 GET a',
  ]);
  assert.equal(clients('pod-garbage-collector'), client);
});

test('a token that is refused is asked for anew', async () => {
  const { seen, clients, refuse } = lab();
  const client = clients('x');
  refuse('t1');
  await assert.rejects(client.get(Namespaces, { name: 'a' }));
  await client.get(Namespaces, { name: 'a' });
  assert.equal(seen.at(-1), 't2 GET a');
});
