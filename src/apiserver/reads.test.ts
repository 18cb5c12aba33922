/** What get, list and watch answer, and the documents beside the resources, through the in-memory transport. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { StatusError } from '../machinery/status-error.ts';
import type { BodyStream } from './request.ts';
import { allowAll, testServer, type TestServer } from './test-server.ts';

const cms = '/api/v1/namespaces/default/configmaps';
type Item = { readonly metadata: { readonly name: string; readonly resourceVersion: string } };
const names = (items: readonly Item[]) => items.map((i) => i.metadata.name);

describe('reads', () => {
  let s: TestServer;
  before(async () => {
    s = await testServer();
    for (let i = 0; i < 5; i++)
      await s.call('POST', cms, {
        metadata: { name: `cm${i}`, labels: { odd: String(i % 2 === 1) } },
        data: { i: `${i}` },
      });
  });
  after(() => s.close());

  test('a list has items without apiVersion and kind, in key order, at a revision', async () => {
    const r = await s.call('GET', cms);
    assert.equal(r.json.kind, 'ConfigMapList');
    assert.equal(r.json.apiVersion, 'v1');
    assert.deepEqual(names(r.json.items), ['cm0', 'cm1', 'cm2', 'cm3', 'cm4']);
    assert.equal(r.json.items[0].kind, undefined);
    assert.equal(r.json.items[3].data.i, '3');
    assert.ok(Number(r.json.metadata.resourceVersion) >= Number(r.json.items[4].metadata.resourceVersion));
    const one = await s.call('GET', `${cms}/cm3`);
    assert.equal(one.json.kind, 'ConfigMap');
    assert.deepEqual(
      { ...one.json, apiVersion: undefined, kind: undefined },
      {
        ...r.json.items[3],
        apiVersion: undefined,
        kind: undefined,
      },
    );
  });

  test('a missing object is NotFound, a missing resource too, other paths are plain 404', async () => {
    const r = await s.call('GET', `${cms}/none`);
    assert.equal(r.status, 404);
    assert.deepEqual(r.json, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'configmaps "none" not found',
      reason: 'NotFound',
      details: { name: 'none', kind: 'configmaps' },
      code: 404,
    });
    const resource = await s.call('GET', '/api/v1/nothings');
    assert.equal(resource.json.message, 'the server could not find the requested resource');
    const path = await s.call('GET', '/nowhere');
    assert.equal(path.status, 404);
    assert.equal(path.text, '404 page not found\n');
    const method = await s.call('PUT', cms, {});
    assert.equal(method.status, 405);
    assert.equal(method.json.reason, 'MethodNotAllowed');
  });

  test('selectors', async () => {
    const odd = await s.call('GET', `${cms}?labelSelector=odd%3Dtrue`);
    assert.deepEqual(names(odd.json.items), ['cm1', 'cm3']);
    const field = await s.call('GET', `${cms}?fieldSelector=metadata.name%3Dcm2`);
    assert.deepEqual(names(field.json.items), ['cm2']);
    const not = await s.call('GET', `${cms}?fieldSelector=metadata.name!%3Dcm2`);
    assert.equal(not.json.items.length, 4);
    const unknown = await s.call('GET', `${cms}?fieldSelector=data.i%3D1`);
    assert.equal(unknown.status, 400);
    const bad = await s.call('GET', `${cms}?labelSelector=a%20b`);
    assert.equal(bad.status, 400);
  });

  test('pages are of one revision, whatever happens between', async () => {
    const first = await s.call('GET', `${cms}?limit=2`);
    assert.deepEqual(names(first.json.items), ['cm0', 'cm1']);
    assert.equal(first.json.metadata.remainingItemCount, 3);
    await s.call('POST', cms, { metadata: { name: 'cm2a' } });
    const second = await s.call('GET', `${cms}?limit=2&continue=${first.json.metadata.continue}`);
    assert.deepEqual(names(second.json.items), ['cm2', 'cm3']);
    assert.equal(second.json.metadata.resourceVersion, first.json.metadata.resourceVersion);
    const third = await s.call('GET', `${cms}?limit=2&continue=${second.json.metadata.continue}`);
    assert.deepEqual(names(third.json.items), ['cm4']);
    assert.equal(third.json.metadata.continue, undefined);
    const exact = await s.call(
      'GET',
      `${cms}?resourceVersion=${first.json.metadata.resourceVersion}&resourceVersionMatch=Exact`,
    );
    assert.equal(exact.json.items.length, 5);
    assert.equal((await s.call('GET', `${cms}?continue=nonsense`)).status, 400);
    await s.call('DELETE', `${cms}/cm2a`);
  });

  test('a revision of the future times out with a cause', async () => {
    const pending = s.call('GET', `${cms}?resourceVersion=999999&resourceVersionMatch=NotOlderThan`);
    await s.clock.advance(4000);
    const r = await pending;
    assert.equal(r.status, 504);
    assert.match(r.json.message, /^Timeout: Too large resource version: 999999, current: \d+$/);
    assert.equal(r.json.details.causes[0].reason, 'ResourceVersionTooLarge');
    assert.equal(r.json.details.retryAfterSeconds, 1);
    assert.equal(r.headers['retry-after'], '1');
  });

  test('a watch begins with the state, then tells what happens', async () => {
    const w = s.watch('/api/v1/namespaces/wn/configmaps?watch=true');
    await s.call('POST', '/api/v1/namespaces/wn/configmaps', { metadata: { name: 'a' } });
    const first = (await w.next()).value;
    assert.equal(first.type, 'ADDED');
    assert.equal(first.object.metadata.name, 'a');
    await s.call('PATCH', '/api/v1/namespaces/wn/configmaps/a', { data: { x: 'y' } });
    assert.equal((await w.next()).value.type, 'MODIFIED');
    await s.call('DELETE', '/api/v1/namespaces/wn/configmaps/a');
    const last = (await w.next()).value;
    assert.equal(last.type, 'DELETED');
    assert.ok(Number(last.object.metadata.resourceVersion) > Number(first.object.metadata.resourceVersion));
    await w.return(undefined);
  });

  test('a selector turns events into ADDED and DELETED', async () => {
    const base = '/api/v1/namespaces/ws/configmaps';
    const made = await s.call('POST', base, { metadata: { name: 'a', labels: { on: 'no' } } });
    const rv = made.json.metadata.resourceVersion;
    const w = s.watch(`${base}?watch=true&labelSelector=on%3Dyes&resourceVersion=${rv}`);
    await s.call('PATCH', `${base}/a`, { metadata: { labels: { on: 'yes' } } });
    await s.call('PATCH', `${base}/a`, { data: { x: 'y' } });
    const off = await s.call('PATCH', `${base}/a`, { metadata: { labels: { on: 'no' } } });
    const events = [(await w.next()).value, (await w.next()).value, (await w.next()).value];
    assert.deepEqual(
      events.map((e) => e.type),
      ['ADDED', 'MODIFIED', 'DELETED'],
    );
    assert.equal(events[2].object.metadata.labels.on, 'yes');
    assert.equal(events[2].object.metadata.resourceVersion, off.json.metadata.resourceVersion);
    await w.return(undefined);
  });

  test('sendInitialEvents ends the state with an annotated bookmark; bookmarks come by the clock', async () => {
    const w = s.watch(
      `${cms}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=`,
    );
    const seen: string[] = [];
    for (;;) {
      const e = (await w.next()).value;
      if (e.type === 'BOOKMARK') {
        assert.equal(e.object.metadata.annotations['k8s.io/initial-events-end'], 'true');
        assert.equal(e.object.kind, 'ConfigMap');
        break;
      }
      seen.push(e.object.metadata.name);
    }
    assert.deepEqual(seen, ['cm0', 'cm1', 'cm2', 'cm3', 'cm4']);
    await s.call('POST', '/api/v1/namespaces/elsewhere/configmaps', { metadata: { name: 'x' } });
    await s.clock.advance(61_000);
    assert.equal((await w.next()).value.type, 'BOOKMARK');
    await w.return(undefined);
    const bad = await s.call('GET', `${cms}?watch=true&sendInitialEvents=true`);
    assert.equal(bad.status, 422);
    assert.match(bad.json.message, /sendInitialEvents requires setting resourceVersionMatch to NotOlderThan/);
  });

  test('a watch ends after timeoutSeconds', async () => {
    const w = s.watch(
      `${cms}?watch=true&timeoutSeconds=5&resourceVersion=${(await s.call('GET', cms)).json.metadata.resourceVersion}`,
    );
    const next = w.next();
    await s.clock.advance(5001);
    assert.equal((await next).done, true);
  });

  test('a watcher that does not read is cut off', async () => {
    const slow = await testServer({ limits: { watchBacklogBytes: 4000 } });
    const never = new AbortController();
    const r = await slow.server.handle({
      method: 'GET',
      url: `${cms}?watch=true`,
      headers: {},
      body: async () => Buffer.alloc(0),
      bodyStream: async function* () {},
      signal: never.signal,
      abort: () => {},
    });
    assert.equal(r.status, 200);
    const chunks: Buffer[] = [];
    const stream = r.body as BodyStream;
    const ended = stream({
      write: (c) => chunks.push(c) < 0,
      drained: () => new Promise(() => {}),
      signal: never.signal,
    });
    const over = assert.rejects(ended, /too slow/);
    for (let i = 0; i < 20; i++)
      await slow.call('POST', cms, { metadata: { name: `s${i}` }, data: { a: 'x'.repeat(400) } });
    await over;
    assert.equal(chunks.length, 1);
    await slow.close();
  });

  test('Table and PartialObjectMetadata forms', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const t = await s.call('GET', cms, undefined, { accept });
    assert.equal(t.json.kind, 'Table');
    assert.equal(t.json.rows.length, 5);
    assert.equal(t.json.rows[0].cells[0], 'cm0');
    assert.equal(t.json.rows[0].object.kind, 'PartialObjectMetadata');
    assert.ok(t.json.columnDefinitions.length >= 2);
    const whole = await s.call('GET', `${cms}/cm0?includeObject=Object`, undefined, { accept });
    assert.equal(whole.json.rows[0].object.data.i, '0');
    const meta = await s.call('GET', cms, undefined, {
      accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    });
    assert.equal(meta.json.kind, 'PartialObjectMetadataList');
    assert.equal(meta.json.items[0].data, undefined);
  });

  test('protobuf and YAML go in and come out', async () => {
    const accept = 'application/vnd.kubernetes.protobuf';
    const transport = s.server.transport({ name: 'a', uid: '', groups: [], extra: {} });
    const get = async (path: string) => {
      const r = await transport.request({ method: 'GET', path, headers: { accept } });
      const parts: Buffer[] = [];
      for await (const c of r.body) parts.push(c);
      return { type: r.headers['content-type'], bytes: Buffer.concat(parts) };
    };
    const one = await get(`${cms}/cm1`);
    assert.equal(one.type, accept);
    assert.deepEqual(one.bytes.subarray(0, 4), Buffer.from('k8s\0'));
    const copy = await s.call('POST', '/api/v1/namespaces/pb/configmaps', one.bytes, { 'content-type': accept });
    assert.equal(copy.status, 400); // it says it is in namespace default
    const put = await s.call('PUT', `${cms}/cm1`, one.bytes, { 'content-type': accept });
    assert.equal(put.status, 200);
    assert.equal(put.json.data.i, '1');
    assert.ok((await get(cms)).bytes.length > 100);
    const yaml = await s.call('POST', cms, 'metadata:\n  name: yam\ndata:\n  k: "yes"\n', {
      'content-type': 'application/yaml',
    });
    assert.equal(yaml.json.data.k, 'yes');
    const text = await s.call('GET', `${cms}/yam`, undefined, { accept: 'application/yaml' });
    assert.match(
      text.text,
      /^apiVersion: v1\ndata:\n {2}k: "yes"\nkind: ConfigMap\nmetadata:\n {2}creationTimestamp: "2026/,
    );
    await s.call('DELETE', `${cms}/yam`);
    await transport.close();
  });

  test('discovery, plain and aggregated', async () => {
    const core = await s.call('GET', '/api/v1');
    assert.equal(core.json.kind, 'APIResourceList');
    const cm = core.json.resources.find((r: { name: string }) => r.name === 'configmaps');
    assert.deepEqual(cm.shortNames, ['cm']);
    assert.ok(core.json.resources.some((r: { name: string }) => r.name === 'pods/status'));
    const groups = await s.call('GET', '/apis');
    assert.deepEqual(groups.json.groups[0].preferredVersion, { groupVersion: 'toys.example/v1', version: 'v1' });
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const all = await s.call('GET', '/apis', undefined, { accept });
    assert.equal(all.json.kind, 'APIGroupDiscoveryList');
    assert.equal(all.json.items[0].versions[0].resources[0].subresources[0].subresource, 'scale');
    const again = await s.call('GET', '/apis', undefined, { accept, 'if-none-match': all.headers['etag']! });
    assert.equal(again.status, 304);
    const root = await s.call('GET', '/');
    assert.ok(root.json.paths.includes('/apis/toys.example/v1'));
  });

  test('health, version, metrics', async () => {
    assert.equal((await s.call('GET', '/healthz')).text, 'ok');
    assert.match((await s.call('GET', '/readyz?verbose')).text, /\[\+\]etcd ok\n[\s\S]*readyz check passed\n$/);
    assert.equal((await s.call('GET', '/livez/ping')).text, 'ok');
    assert.equal((await s.call('GET', '/version')).json.gitVersion, 'v1.36.3');
    assert.match((await s.call('GET', '/metrics')).text, /apiserver_request_total\{verb="LIST"/);
  });
});

describe('who may', () => {
  test('401 and 403 read as upstream’s', async () => {
    const s = await testServer({
      plugins: {
        ...allowAll,
        authenticator: {
          authenticate: async (c) => {
            if (c.authorization === 'Bearer good') return { name: 'bob', uid: '', groups: [], extra: {} };
            throw new StatusError(401, 'Unauthorized', 'Unauthorized');
          },
        },
        authorizer: { authorize: () => ({ decision: 'no-opinion', reason: '' }) },
      },
    });
    const ask = async (authorization: string, path: string) => {
      const t = s.server.transport({ authorization });
      const r = await t.request({ method: 'GET', path, headers: {} });
      let text = '';
      for await (const c of r.body) text += c.toString();
      await t.close();
      return { status: r.status, json: JSON.parse(text) };
    };
    assert.equal((await ask('Bearer bad', cms)).json.message, 'Unauthorized');
    assert.equal(
      (await ask('Bearer good', cms)).json.message,
      'configmaps is forbidden: User "bob" cannot list resource "configmaps" in API group "" in the namespace "default"',
    );
    assert.equal(
      (await ask('Bearer good', '/version')).json.message,
      'forbidden: User "bob" cannot get path "/version"',
    );
    await s.close();
  });
});
