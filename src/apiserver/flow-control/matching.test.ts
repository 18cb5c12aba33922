/** Flow schemas: which requests belong to them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowSchema } from '../../api/flowcontrol/v1/types.ts';
import type { RequestInfo, UserInfo } from '../attributes.ts';
import { flowSchemas } from '../bootstrap/flow-control.ts';
import { parseRequest } from '../request-info.ts';
import { flowSchemaMatches } from './matching.ts';

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
