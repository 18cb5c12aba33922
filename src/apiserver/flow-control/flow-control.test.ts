/** Flow control at work: queues, time-outs, watches, changes of the configuration, conditions, dumps, metrics; a fake clock throughout. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../api/resource-row.ts';
import { FlowSchemas, PriorityLevelConfigurations } from '../../api/resources.ts';
import { FakeClock } from '../../base/fake-clock.ts';
import type { ObjectReader, UserInfo } from '../attributes.ts';
import { parseRequest } from '../request-info.ts';
import { Bots, Gears, testServer } from '../test-server.ts';
import { dumpLevels, dumpRequests } from './dump.ts';
import { FlowControl, type FlowRequest, type StatusUpdate } from './flow-control.ts';

type Changed = (old: KubeObject | undefined, object: KubeObject | undefined) => void;
const everything = {
  subjects: [{ kind: 'Group', group: { name: '*' } }],
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
};
const schema = (name: string, level: string, more: object = {}) =>
  ({
    metadata: { name, uid: `fs-${name}` },
    spec: {
      matchingPrecedence: 500,
      priorityLevelConfiguration: { name: level },
      distinguisherMethod: { type: 'ByUser' },
      rules: [everything],
      ...more,
    },
  }) as unknown as KubeObject;
const queuing = { queues: 8, handSize: 2, queueLengthLimit: 2 };
const level = (name: string, limited: object) =>
  ({ metadata: { name, uid: `pl-${name}` }, spec: { type: 'Limited', limited } }) as unknown as KubeObject;
const queue = { nominalConcurrencyShares: 5, limitResponse: { type: 'Queue', queuing } };
const user = (name: string): UserInfo => ({ name, uid: '', groups: ['system:authenticated'], extra: {} });

function lab(seats: number) {
  const clock = new FakeClock(0);
  const tell = new Map<string, Changed>();
  const statuses: StatusUpdate[] = [];
  const reader = {
    subscribe: (row: { plural: string }, changed: Changed) => void tell.set(row.plural, changed),
  } as unknown as ObjectReader;
  const flows = new FlowControl({ clock, reader, seats, onStatus: (u) => statuses.push(...u) });
  const never = new AbortController().signal;
  const subject = (name: string, url = '/api/v1/namespaces/a/pods/x', method = 'GET') => ({
    ...parseRequest(method, url),
    user: user(name),
    signal: never,
  });
  return {
    clock,
    flows,
    statuses,
    schemas: (old: KubeObject | undefined, now: KubeObject | undefined) => tell.get('flowschemas')!(old, now),
    levels: (old: KubeObject | undefined, now: KubeObject | undefined) =>
      tell.get('prioritylevelconfigurations')!(old, now),
    begin: (name: string, url?: string, method?: string) => flows.begin(subject(name, url, method)),
    turn: (f: FlowRequest, ms = 15_000, signal = never) => flows.turn(f, ms, signal),
    where: (f: FlowRequest) => [f.route.stats.schema, f.route.level.config.name, f.route.uid],
  };
}

test('before there is any configuration, catch-all serves without queues and administrators are exempt', () => {
  const l = lab(2);
  const f = [l.begin('u'), l.begin('u'), l.begin('u')];
  assert.deepEqual(
    f.map((x) => x.state),
    ['executing', 'executing', 'done'],
  );
  assert.deepEqual(l.where(f[0]!), ['catch-all', 'catch-all', '']);
  const admin = l.flows.begin({
    ...parseRequest('GET', '/api/v1/pods'),
    user: { ...user('admin'), groups: ['system:masters'] },
    signal: new AbortController().signal,
  });
  assert.deepEqual([admin.state, admin.route.stats.schema], ['executing', 'exempt']);
  l.flows.close();
});

test('requests wait for seats in order, go when one is free, give up when their time is over or their client gone', async () => {
  const l = lab(2);
  l.levels(undefined, level('low', queue));
  l.schemas(undefined, schema('s', 'low'));
  // Shares 5 and 5 of two seats: one each.
  const first = l.begin('u');
  assert.deepEqual(l.where(first), ['s', 'low', 'fs-s']);
  const [second, third, fourth] = [l.begin('u'), l.begin('u'), l.begin('u')];
  assert.deepEqual(
    [first, second, third, fourth].map((f) => f.state),
    ['executing', 'waiting', 'waiting', 'waiting'],
  );
  const gone = new AbortController();
  const turns = [l.turn(second), l.turn(third, 15_000, gone.signal), l.turn(fourth)];
  gone.abort();
  assert.equal(await turns[1], false);
  l.flows.end(first);
  assert.equal(await turns[0], true);
  l.flows.end(first);
  assert.equal(fourth.state, 'waiting');
  await l.clock.advance(15_001);
  assert.equal(await turns[2], false);
  assert.deepEqual([second.state, third.state, fourth.state], ['executing', 'done', 'done']);
  const text = l.flows.metricsText();
  for (const line of [
    'apiserver_flowcontrol_rejected_requests_total{flow_schema="s",priority_level="low",reason="time-out"} 2',
    'apiserver_flowcontrol_dispatched_requests_total{flow_schema="s",priority_level="low"} 2',
    'apiserver_flowcontrol_current_executing_seats{flow_schema="s",priority_level="low"} 1',
    'apiserver_flowcontrol_current_inqueue_requests{flow_schema="s",priority_level="low"} 0',
    'apiserver_flowcontrol_nominal_limit_seats{priority_level="low"} 1',
    'apiserver_flowcontrol_request_wait_duration_seconds_count{flow_schema="s",priority_level="low",execute="false"} 2',
    'apiserver_flowcontrol_request_wait_duration_seconds_bucket{flow_schema="s",priority_level="low",execute="false",le="15"} 2',
  ])
    assert.ok(text.split('\n').includes(line), `${line}\n${text}`);
  l.flows.close();
});

test('a level that goes is served to its end; its requests come to catch-all; a new one takes effect at once', async () => {
  const l = lab(20);
  const low = level('low', queue);
  l.levels(undefined, low);
  l.schemas(undefined, schema('s', 'low'));
  const running = l.begin('u');
  l.levels(low, undefined);
  assert.equal(l.begin('u').route.stats.schema, 'catch-all');
  assert.ok(l.flows.levels.some((x) => x.config.name === 'low' && x.quiescing));
  l.flows.end(running);
  await Promise.resolve();
  assert.ok(!l.flows.levels.some((x) => x.config.name === 'low'));
  const narrow = level('low', { nominalConcurrencyShares: 0, limitResponse: { type: 'Reject' } });
  l.levels(undefined, narrow);
  assert.equal(l.begin('u').route.level.config.name, 'low');
  l.flows.close();
});

test('seats that others do not want are lent after the next adjustment, and come back when they do', async () => {
  const l = lab(20);
  const lending = { ...queue, nominalConcurrencyShares: 5, lendablePercent: 80 };
  l.levels(undefined, level('busy', { ...queue, nominalConcurrencyShares: 5 }));
  l.levels(undefined, level('idle', lending));
  l.schemas(undefined, schema('s', 'busy', { distinguisherMethod: undefined }));
  const limit = (name: string) => l.flows.levels.find((x) => x.config.name === name)!.current;
  await l.clock.advance(10_001);
  const before = limit('busy');
  const many = Array.from({ length: 14 }, () => l.begin('u'));
  for (const f of many) if (f.state === 'waiting') void l.turn(f, 60_000);
  await l.clock.advance(10_000);
  assert.ok(limit('busy') > before, `${limit('busy')} after ${before}`);
  assert.ok(limit('idle') >= 1 && limit('idle') < 7);
  l.flows.close();
});

test('schemas that dangle are told of once things have settled', async () => {
  const l = lab(20);
  const s = schema('s', 'low');
  l.schemas(undefined, s);
  await l.clock.advance(50);
  l.levels(undefined, level('low', queue));
  await l.clock.advance(150);
  assert.deepEqual(
    l.statuses.map((u) => [u.schema, u.condition.status]),
    [['s', 'False']],
  );
  l.schemas(s, { ...s, status: { conditions: [l.statuses[0]!.condition] } } as KubeObject);
  l.levels(level('low', queue), undefined);
  await l.clock.advance(150);
  assert.deepEqual(
    l.statuses.map((u) => u.condition.status),
    ['False', 'True'],
  );
  l.flows.close();
});

test('the dumps show levels, and requests that wait or are served', () => {
  const l = lab(2);
  l.levels(
    undefined,
    level('low', { ...queue, limitResponse: { type: 'Queue', queuing: { ...queuing, queues: 1, handSize: 1 } } }),
  );
  l.schemas(undefined, schema('s', 'low'));
  l.begin('u');
  l.begin('u', '/api/v1/namespaces/a/pods?limit=5');
  assert.equal(
    dumpLevels(l.flows.levels),
    `PriorityLevelName, ActiveQueues, IsIdle, IsQuiescing, WaitingRequests, ExecutingRequests, DispatchedRequests, RejectedRequests, TimedoutRequests, CancelledRequests
catch-all,         0,            true,   false,       0,               0,                 0,                  0,                0,                0
exempt,            0,            true,   false,       0,               0,                 0,                  0,                0,                0
low,               1,            false,  false,       1,               1,                 1,                  0,                0,                0
`,
  );
  assert.equal(
    dumpRequests(l.flows.levels, 0, true),
    `PriorityLevelName, FlowSchemaName, QueueIndex, RequestIndexInQueue, FlowDistingsher, ArriveTime,           InitialSeats, FinalSeats, AdditionalLatency, StartTime,            UserName, Verb,   APIPath,                     Namespace, Name,   APIVersion, Resource, SubResource
low,               s,              0,          0,                   ,                1970-01-01T00:00:00Z, 1,            0,          0s,                0001-01-01T00:00:00Z, u,        list,   /api/v1/namespaces/a/pods,   a,         ,       v1,         pods,     
low,               s,              0,          -1,                  ,                1970-01-01T00:00:00Z, 1,            0,          0s,                1970-01-01T00:00:00Z, u,        get,    /api/v1/namespaces/a/pods/x, a,         x,      v1,         pods,     
`,
  );
  l.flows.close();
});

const anybody = { authenticator: { authenticate: async () => user('u') } };

test('a server without seats: 429, Retry-After and the uids of flow; long-running requests but watches go on', async () => {
  const s = await testServer({ limits: { maxInFlight: 0 }, plugins: anybody });
  const ask = async (url: string) => {
    const r = await s.server.handle({
      method: 'GET',
      url,
      headers: {},
      body: async () => Buffer.alloc(0),
      bodyStream: async function* () {},
      signal: new AbortController().signal,
      abort: () => {},
    });
    return [r.status, r.headers['retry-after'], Buffer.isBuffer(r.body) ? r.body.toString().slice(0, 11) : ''];
  };
  // A level without seats still serves one request at a time that is wider than it.
  const slow = s.server.handle({
    method: 'POST',
    url: '/api/v1/namespaces/default/configmaps',
    headers: {},
    body: () => new Promise(() => {}),
    bodyStream: async function* () {},
    signal: new AbortController().signal,
    abort: () => {},
  });
  await Promise.resolve();
  assert.deepEqual(await ask('/api/v1/namespaces/default/configmaps'), [429, '1', 'Too many re']);
  assert.deepEqual(await ask('/api/v1/namespaces/default/configmaps?watch=1'), [429, '1', 'Too many re']);
  assert.notEqual((await ask('/api/v1/namespaces/default/pods/x/log'))[0], 429);
  for (let i = 0; i < 36; i++) await s.clock.advance(1000);
  const ended = await slow;
  assert.deepEqual(
    [ended.status, JSON.parse(String(ended.body)).message],
    [504, 'Timeout: request did not complete within requested timeout - context deadline exceeded'],
  );
  await s.close();
});

test('a watch takes its seat only until it has begun', async () => {
  const s = await testServer({ limits: { maxInFlight: 1 }, plugins: anybody });
  const watches = ['a', 'b', 'c'].map((n) => s.watch(`/api/v1/namespaces/${n}/configmaps?watch=1&resourceVersion=1`));
  const started = watches.map((w) => w.next());
  await s.clock.advance(1);
  const made = await s.call('POST', '/api/v1/namespaces/b/configmaps', { metadata: { name: 'x' } });
  assert.equal(made.status, 201, made.text);
  assert.equal((await started[1]!).value.type, 'ADDED');
  const text = (await s.call('GET', '/metrics')).text;
  assert.match(
    text,
    /apiserver_flowcontrol_current_executing_requests\{flow_schema="catch-all",priority_level="catch-all"\} 0\n/,
  );
  const ended = Promise.allSettled(started);
  await s.close();
  await ended;
});

test('the server writes the conditions of schemas, and answers the dumps', async () => {
  const s = await testServer({ rows: [FlowSchemas, PriorityLevelConfigurations, Gears, Bots] });
  const { spec } = schema('mine', 'nowhere') as unknown as { spec: object };
  const path = '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas';
  const made = await s.call('POST', path, { metadata: { name: 'mine' }, spec });
  assert.equal(made.status, 201, made.text);
  await s.clock.advance(300);
  const got = (await s.call('GET', `${path}/mine`)).json;
  assert.deepEqual(
    got.status.conditions.map((c: Record<string, string>) => [c['type'], c['status'], c['reason']]),
    [['Dangling', 'True', 'NotFound']],
  );
  assert.equal(
    got.metadata.managedFields.find((m: Record<string, string>) => m['subresource'] === 'status').manager,
    'api-priority-and-fairness-config-consumer-v1',
  );
  const dump = await s.call('GET', '/debug/api_priority_and_fairness/dump_priority_levels');
  assert.match(dump.text, /^PriorityLevelName, ActiveQueues, .*\ncatch-all, .*\nexempt, /);
  assert.equal((await s.call('GET', '/debug/api_priority_and_fairness/dump_queues')).status, 200);
  assert.equal(
    (await s.call('GET', '/debug/api_priority_and_fairness/dump_requests?includeRequestDetails=1')).status,
    200,
  );
  await s.close();
});
