/** Flow schemas: which one a request belongs to, and who goes on when there are too many. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowSchema } from '../api/flowcontrol/v1/types.ts';
import type { KubeObject } from '../api/resource-row.ts';
import { FakeClock } from '../base/fake-clock.ts';
import type { ObjectReader, RequestInfo, UserInfo } from './attributes.ts';
import { flowSchemas } from './bootstrap/flow-control.ts';
import { flowClassifier, flowSchemaMatches } from './flow-control.ts';
import { createInFlight } from './in-flight.ts';
import { parseRequest } from './request-info.ts';
import { testServer } from './test-server.ts';

const info = (method: string, url: string): RequestInfo => parseRequest(method, url).info;
const user = (name: string, ...groups: string[]): UserInfo => ({ name, uid: '', groups, extra: {} });
const named = (name: string, spec: object): FlowSchema =>
  ({ metadata: { name, uid: `uid-${name}` }, spec }) as unknown as FlowSchema;
const schemaOf = (name: string): FlowSchema => named(name, flowSchemas.find((s) => s.name === name)!.spec);

test('rules choose by subject, verb, resource, group and namespace', () => {
  const schema = named('s', {
    rules: [
      {
        subjects: [{ kind: 'ServiceAccount', serviceAccount: { namespace: 'a', name: '*' } }],
        resourceRules: [
          {
            verbs: ['get', 'list'],
            apiGroups: ['apps'],
            resources: ['deployments', 'deployments/scale'],
            namespaces: ['a'],
          },
        ],
        nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/metrics', '/debug/*'] }],
      },
    ],
  });
  const account = user('system:serviceaccount:a:x');
  const table: readonly (readonly [string, string, UserInfo, boolean])[] = [
    ['GET', '/apis/apps/v1/namespaces/a/deployments', account, true],
    ['GET', '/apis/apps/v1/namespaces/a/deployments/d/scale', account, true],
    ['GET', '/apis/apps/v1/namespaces/a/deployments/d/status', account, false],
    ['GET', '/apis/apps/v1/namespaces/b/deployments', account, false],
    ['GET', '/apis/apps/v1/deployments', account, false],
    ['POST', '/apis/apps/v1/namespaces/a/deployments', account, false],
    ['GET', '/apis/batch/v1/namespaces/a/deployments', account, false],
    ['GET', '/apis/apps/v1/namespaces/a/deployments', user('system:serviceaccount:b:x'), false],
    ['GET', '/apis/apps/v1/namespaces/a/deployments', user('a'), false],
    ['GET', '/metrics', account, true],
    ['GET', '/metrics/cadvisor', account, true],
    ['GET', '/debug/pprof', account, true],
    ['GET', '/metricsx', account, false],
    ['POST', '/metrics', account, false],
  ];
  for (const [method, url, who, expected] of table)
    assert.equal(flowSchemaMatches(schema, info(method, url), who), expected, `${method} ${url} ${who.name}`);
  assert.equal(flowSchemaMatches(schemaOf('exempt'), info('GET', '/api/v1/nodes'), user('x', 'system:masters')), true);
});

test('the lowest precedence that matches is the one, once its level is there', () => {
  type Changed = (old: KubeObject | undefined, object: KubeObject | undefined) => void;
  const tell = new Map<string, Changed>();
  const reader = {
    subscribe: (row: { plural: string }, changed: Changed) => void tell.set(row.plural, changed),
  } as unknown as ObjectReader;
  const flows = flowClassifier(reader);
  const all = {
    subjects: [{ kind: 'Group', group: { name: '*' } }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  };
  const add = (name: string, matchingPrecedence: number, level: string) => {
    const s = named(name, { matchingPrecedence, priorityLevelConfiguration: { name: level }, rules: [all] });
    tell.get('flowschemas')!(undefined, s as unknown as KubeObject);
    return s as unknown as KubeObject;
  };
  const ask = () => flows.classify(info('GET', '/x'), user('u'));
  add('late', 100, 'low');
  assert.equal(ask(), undefined);
  tell.get('prioritylevelconfigurations')!(undefined, {
    metadata: { name: 'low', uid: 'u-low' },
  } as unknown as KubeObject);
  assert.deepEqual(ask(), {
    flowSchema: 'late',
    flowSchemaUid: 'uid-late',
    priorityLevel: 'low',
    priorityLevelUid: 'u-low',
  });
  const early = add('early', 5, 'low');
  add('b-equal', 5, 'low');
  assert.equal(ask()?.flowSchema, 'b-equal');
  tell.get('flowschemas')!(early, undefined);
  assert.equal(ask()?.flowSchema, 'b-equal');
});

test('what is at work is counted, and ends with its own time or the usual one', async () => {
  const clock = new FakeClock();
  const flight = createInFlight(clock, 2, 60_000);
  const ended: string[] = [];
  const enter = (name: string, timeout?: number) => flight.enter({ abort: () => ended.push(name) }, timeout);
  const leave = enter('a');
  enter('b', 500);
  assert.equal(flight.isFull, false);
  enter('c');
  assert.equal(flight.isFull, true);
  leave();
  assert.equal(flight.isFull, false);
  await clock.advance(600);
  assert.deepEqual(ended, ['b']);
  for (let s = 0; s < 62; s++) await clock.advance(1000);
  assert.deepEqual(ended, ['b', 'c']);
  assert.equal(flight.size, 0);
  flight.close();
});

test('over the limit a request that is not exempt is told to come again', async () => {
  const s = await testServer({ limits: { maxInFlight: 0 } });
  const r = await s.call('GET', '/api/v1/namespaces/default/configmaps');
  assert.deepEqual(
    [r.status, r.headers['retry-after'], r.text],
    [429, '1', 'Too many requests, please try again later.\n'],
  );
  await s.close();
});
