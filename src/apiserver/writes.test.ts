/** What create, update, patch and delete do and say, through the in-memory transport. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { testServer, type TestServer } from './test-server.ts';

const cms = '/api/v1/namespaces/default/configmaps';
const gears = '/apis/toys.example/v1/namespaces/default/gears';
const pods = '/api/v1/namespaces/default/pods';
const gear = (name: string, replicas = 1) => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
});
const pod = (name: string, nodeName?: string) => ({
  metadata: { name },
  spec: { ...(nodeName && { nodeName }), containers: [{ name: 'c', image: 'i' }] },
});

describe('writes', () => {
  let s: TestServer;
  before(async () => {
    s = await testServer();
  });
  after(() => s.close());

  test('create fills what the server owns and answers 201', async () => {
    const r = await s.call('POST', cms, { metadata: { name: 'new', uid: 'mine', selfLink: 'x' }, data: { k: 'v' } });
    assert.equal(r.status, 201);
    assert.match(r.json.metadata.uid, /^uid-/);
    assert.equal(r.json.metadata.namespace, 'default');
    assert.equal(r.json.metadata.creationTimestamp, '2026-01-01T00:00:00Z');
    assert.equal(r.json.metadata.selfLink, undefined);
    assert.equal(r.json.metadata.managedFields[0].manager, 'test');
    assert.equal(r.headers['cache-control'], 'no-cache, private');
    assert.ok(r.headers['audit-id']);
    const again = await s.call('POST', cms, { metadata: { name: 'new' } });
    assert.equal(again.status, 409);
    assert.equal(again.json.reason, 'AlreadyExists');
    assert.equal(again.json.message, 'configmaps "new" already exists');
    assert.deepEqual(again.json.details, { name: 'new', kind: 'configmaps' });
  });

  test('generateName makes a name; none at all is refused', async () => {
    const r = await s.call('POST', cms, { metadata: { generateName: 'gen-' } });
    assert.match(r.json.metadata.name, /^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    const none = await s.call('POST', cms, { metadata: {} });
    assert.equal(none.status, 422);
    assert.equal(
      none.json.message,
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    );
    assert.equal(none.json.reason, 'Invalid');
  });

  test('bad names, namespaces, kinds, bodies and types are refused in upstream’s words', async () => {
    const name = await s.call('POST', cms, { metadata: { name: 'A_b' } });
    assert.equal(name.status, 422);
    assert.match(
      name.json.message,
      /metadata.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain must consist of/,
    );
    const ns = await s.call('POST', cms, { metadata: { name: 'x', namespace: 'other' } });
    assert.equal(ns.status, 400);
    assert.equal(
      ns.json.message,
      'the namespace of the provided object does not match the namespace sent on the request',
    );
    const version = await s.call('POST', cms, { apiVersion: 'v2', kind: 'ConfigMap', metadata: { name: 'x' } });
    assert.equal(
      version.json.message,
      'ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    );
    const kind = await s.call('POST', cms, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } });
    assert.equal(
      kind.json.message,
      'Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion',
    );
    const garbage = await s.call('POST', cms, '{"metadata":');
    assert.equal(garbage.status, 400);
    assert.match(garbage.json.message, /^the object provided is unrecognized \(must be of type ConfigMap\): /);
    const wrong = await s.call('POST', cms, { metadata: { name: 'x' }, data: { k: 7 } });
    assert.equal(wrong.status, 400);
    assert.match(
      wrong.json.message,
      /^ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal/,
    );
    const media = await s.call('POST', cms, 'x', { 'content-type': 'text/plain' });
    assert.equal(media.status, 415);
    assert.equal(media.json.reason, 'UnsupportedMediaType');
    const accept = await s.call('GET', cms, undefined, { accept: 'image/png' });
    assert.equal(accept.status, 406);
  });

  test('unknown and repeated fields are warned of, refused or ignored as asked', async () => {
    const body = '{"metadata":{"name":"f1"},"data":{"a":"1"},"foo":1,"data":{"a":"2"}}';
    const warned = await s.call('POST', `${cms}?dryRun=All`, body);
    assert.equal(warned.status, 201);
    assert.equal(warned.headers['warning'], '299 - "unknown field \\"foo\\"", 299 - "duplicate field \\"data\\""');
    const strict = await s.call('POST', `${cms}?fieldValidation=Strict`, body);
    assert.equal(strict.status, 400);
    assert.equal(
      strict.json.message,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "foo", duplicate field "data"',
    );
    const ignored = await s.call('POST', `${cms}?fieldValidation=Ignore&dryRun=All`, body);
    assert.equal(ignored.headers['warning'], undefined);
    const bad = await s.call('POST', `${cms}?fieldValidation=Maybe`, body);
    assert.equal(bad.status, 422);
    assert.equal(bad.json.details.kind, 'CreateOptions');
  });

  test('dryRun stores nothing', async () => {
    assert.equal((await s.call('POST', `${cms}?dryRun=All`, { metadata: { name: 'dry' } })).status, 201);
    assert.equal((await s.call('GET', `${cms}/dry`)).status, 404);
    assert.equal((await s.call('POST', `${cms}?dryRun=Some`, { metadata: { name: 'dry' } })).status, 422);
  });

  test('bodies over 3 MiB and objects over 1.5 MiB are refused', async () => {
    const big = await s.call('POST', cms, { metadata: { name: 'big' }, data: { k: 'x'.repeat(3 * 1024 * 1024) } });
    assert.equal(big.status, 413);
    assert.equal(big.json.message, 'Request entity too large: limit is 3145728');
    const huge = gear('huge');
    const containers = [{ name: 'c', image: 'i', args: ['x'.repeat(1_800_000)] }];
    const template = { ...huge.spec.template, spec: { containers } };
    const object = await s.call('POST', gears, { ...huge, spec: { ...huge.spec, template } });
    assert.equal(object.status, 500);
    assert.equal(object.json.message, 'etcdserver: request is too large');
    assert.equal((await s.call('GET', `${gears}/huge`)).status, 404);
  });

  test('annotations have a total size', async () => {
    const r = await s.call('POST', cms, { metadata: { name: 'ann', annotations: { k: 'x'.repeat(262_144) } } });
    assert.equal(r.status, 422);
    assert.match(r.json.message, /metadata.annotations: Too long: may not be more than 262144 bytes/);
  });

  test('update checks name, version and uid; an update that changes nothing keeps its resourceVersion', async () => {
    const made = (await s.call('POST', cms, { metadata: { name: 'up' }, data: { a: '1' } })).json;
    const same = await s.call('PUT', `${cms}/up`, made);
    assert.equal(same.status, 200);
    assert.equal(same.json.metadata.resourceVersion, made.metadata.resourceVersion);
    const changed = await s.call('PUT', `${cms}/up`, { ...made, data: { a: '2' } });
    assert.notEqual(changed.json.metadata.resourceVersion, made.metadata.resourceVersion);
    assert.equal(changed.json.metadata.uid, made.metadata.uid);
    const stale = await s.call('PUT', `${cms}/up`, { ...made, data: { a: '3' } });
    assert.equal(stale.status, 409);
    assert.equal(
      stale.json.message,
      'Operation cannot be fulfilled on configmaps "up": the object has been modified; please apply your changes to the latest version and try again',
    );
    const name = await s.call('PUT', `${cms}/up`, { ...made, metadata: { name: 'else' } });
    assert.equal(name.status, 400);
    assert.equal(name.json.message, 'the name of the object (else) does not match the name on the URL (up)');
    const uid = await s.call('PUT', `${cms}/up`, { metadata: { name: 'up', uid: 'wrong' } });
    assert.equal(uid.status, 409);
    assert.match(uid.json.message, /Precondition failed: UID in precondition: wrong, UID in object meta: /);
    assert.equal((await s.call('PUT', `${cms}/missing`, { metadata: { name: 'missing' } })).status, 404);
  });

  test('generation counts the changes of spec, and only those', async () => {
    const made = await s.call('POST', gears, { ...gear('gen'), status: { replicas: 9 } });
    assert.equal(made.json.metadata.generation, 1);
    const label = await s.call('PATCH', `${gears}/gen`, { metadata: { labels: { a: 'b' }, generation: 77 } });
    assert.equal(label.json.metadata.generation, 1);
    const spec = await s.call('PATCH', `${gears}/gen`, { spec: { replicas: 5 } });
    assert.equal(spec.json.metadata.generation, 2);
  });

  test('status is written through its subresource alone', async () => {
    await s.call('POST', gears, gear('st'));
    const r = await s.call('PATCH', `${gears}/st/status`, { spec: { replicas: 99 }, status: { replicas: 3 } });
    assert.equal(r.status, 200);
    assert.equal(r.json.spec.replicas, 1);
    assert.equal(r.json.status.replicas, 3);
    assert.equal(r.json.metadata.generation, 1);
    assert.ok(r.json.metadata.managedFields.some((m: { subresource?: string }) => m.subresource === 'status'));
  });

  test('scale reads and writes replicas', async () => {
    await s.call('POST', gears, gear('sc', 2));
    const got = await s.call('GET', `${gears}/sc/scale`);
    assert.deepEqual(got.json.spec, { replicas: 2 });
    assert.equal(got.json.kind, 'Scale');
    assert.equal(got.json.status.selector, 'a=b');
    const put = await s.call('PUT', `${gears}/sc/scale`, { ...got.json, spec: { replicas: 4 } });
    assert.equal(put.json.spec.replicas, 4);
    const patched = await s.call('PATCH', `${gears}/sc/scale`, { spec: { replicas: 6 } });
    assert.equal(patched.json.spec.replicas, 6);
    assert.equal((await s.call('GET', `${gears}/sc`)).json.spec.replicas, 6);
    const bad = await s.call('PATCH', `${gears}/sc/scale`, { spec: { replicas: -1 } });
    assert.equal(bad.status, 422);
    assert.match(bad.json.message, /spec.replicas: Invalid value: -1: must be greater than or equal to 0/);
  });

  test('the four kinds of patch', async () => {
    await s.call('POST', gears, gear('pa'));
    const jsonPatch = await s.call('PATCH', `${gears}/pa`, [{ op: 'replace', path: '/spec/replicas', value: 3 }], {
      'content-type': 'application/json-patch+json',
    });
    assert.equal(jsonPatch.json.spec.replicas, 3);
    const failed = await s.call('PATCH', `${gears}/pa`, [{ op: 'test', path: '/spec/replicas', value: 8 }], {
      'content-type': 'application/json-patch+json',
    });
    assert.equal(failed.status, 422);
    assert.equal(failed.json.message, 'the server rejected our request due to an error in our request');
    const strategic = await s.call(
      'PATCH',
      `${gears}/pa`,
      { spec: { template: { spec: { containers: [{ name: 'd', image: 'j' }] } } } },
      { 'content-type': 'application/strategic-merge-patch+json' },
    );
    assert.deepEqual(strategic.json.spec.template.spec.containers.map((c: { name: string }) => c.name).sort(), [
      'c',
      'd',
    ]);
    const other = await s.call('PATCH', `${gears}/pa`, {}, { 'content-type': 'application/json' });
    assert.equal(other.status, 415);
    assert.equal(other.json.message, '415: Unsupported Media Type');
    const strict = await s.call(
      'PATCH',
      `${gears}/pa?fieldValidation=Strict`,
      { spec: { replicaz: 1 } },
      {
        'content-type': 'application/strategic-merge-patch+json',
      },
    );
    assert.equal(
      strict.json.message,
      ' "" is invalid: patch: Invalid value: "map[spec:map[replicaz:1]]": strict decoding error: unknown field "spec.replicaz"',
    );
    const force = await s.call('PATCH', `${gears}/pa?force=true`, {});
    assert.equal(force.status, 422);
    assert.equal(force.json.details.kind, 'PatchOptions');
  });

  test('server-side apply creates, owns, conflicts and can be forced', async () => {
    const apply = (manager: string, text: string, force = false) =>
      s.call('PATCH', `${cms}/ssa?fieldManager=${manager}${force ? '&force=true' : ''}`, text, {
        'content-type': 'application/apply-patch+yaml',
      });
    const yaml = (v: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ssa\ndata:\n  k: ${v}\n`;
    const made = await apply('one', yaml('a'));
    assert.equal(made.status, 201);
    assert.equal(made.json.metadata.managedFields[0].operation, 'Apply');
    const again = await apply('one', yaml('a'));
    assert.equal(again.status, 200);
    assert.equal(again.json.metadata.resourceVersion, made.json.metadata.resourceVersion);
    const conflict = await apply('two', yaml('b'));
    assert.equal(conflict.status, 409);
    assert.equal(conflict.json.details.causes[0].field, '.data.k');
    const forced = await apply('two', yaml('b'), true);
    assert.equal(forced.json.data.k, 'b');
    const nobody = await s.call('PATCH', `${cms}/ssa`, yaml('c'), { 'content-type': 'application/apply-patch+yaml' });
    assert.equal(nobody.status, 422);
    assert.match(nobody.json.message, /fieldManager: Required value: is required for apply patch/);
  });

  test('patches that meet each other all succeed', async () => {
    await s.call('POST', cms, { metadata: { name: 'race' } });
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => s.call('PATCH', `${cms}/race`, { data: { [`k${i}`]: 'v' } })),
    );
    assert.deepEqual([...new Set(results.map((r) => r.status))], [200]);
    assert.equal(Object.keys((await s.call('GET', `${cms}/race`)).json.data).length, 20);
  });

  test('delete answers a Status, preconditions hold', async () => {
    const made = (await s.call('POST', cms, { metadata: { name: 'del' } })).json;
    const wrong = await s.call('DELETE', `${cms}/del`, { preconditions: { uid: 'x' } });
    assert.equal(wrong.status, 409);
    assert.equal(
      wrong.json.message,
      `Operation cannot be fulfilled on ConfigMap "del": the UID in the precondition (x) does not match the UID in record (${made.metadata.uid}). The object might have been deleted and then recreated`,
    );
    const r = await s.call('DELETE', `${cms}/del`, {
      preconditions: { resourceVersion: made.metadata.resourceVersion },
    });
    assert.deepEqual(r.json, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'del', kind: 'configmaps', uid: made.metadata.uid },
    });
    assert.equal((await s.call('DELETE', `${cms}/del`)).status, 404);
  });

  test('finalizers hold an object until the last one goes', async () => {
    await s.call('POST', cms, { metadata: { name: 'fin', finalizers: ['a.example/b'] } });
    const marked = await s.call('DELETE', `${cms}/fin?propagationPolicy=Foreground`);
    assert.equal(marked.status, 200);
    assert.equal(marked.json.metadata.deletionTimestamp, '2026-01-01T00:00:00Z');
    assert.equal(marked.json.metadata.deletionGracePeriodSeconds, 0);
    assert.deepEqual(marked.json.metadata.finalizers, ['a.example/b', 'foregroundDeletion']);
    const more = await s.call('PATCH', `${cms}/fin`, { metadata: { finalizers: ['c.example/d'] } });
    assert.equal(more.status, 422);
    assert.match(more.json.message, /no new finalizers can be added if the object is being deleted/);
    const last = await s.call('PATCH', `${cms}/fin`, { metadata: { finalizers: null } });
    assert.equal(last.status, 200);
    assert.equal((await s.call('GET', `${cms}/fin`)).status, 404);
  });

  test('a graceful kind is marked first, shortened only, and removed with grace 0', async () => {
    await s.call('POST', pods, pod('p', 'node'));
    const marked = await s.call('DELETE', `${pods}/p`);
    assert.equal(marked.json.metadata.deletionGracePeriodSeconds, 30);
    assert.equal(marked.json.metadata.deletionTimestamp, '2026-01-01T00:00:30Z');
    const longer = await s.call('DELETE', `${pods}/p`, { gracePeriodSeconds: 60 });
    assert.equal(longer.json.metadata.deletionGracePeriodSeconds, 30);
    const shorter = await s.call('DELETE', `${pods}/p`, { gracePeriodSeconds: 5 });
    assert.equal(shorter.json.metadata.deletionTimestamp, '2026-01-01T00:00:05Z');
    const now = await s.call('DELETE', `${pods}/p`, { gracePeriodSeconds: 0 });
    assert.equal(now.json.kind, 'Pod');
    assert.equal((await s.call('GET', `${pods}/p`)).status, 404);
    await s.call('POST', pods, pod('unscheduled'));
    assert.equal((await s.call('DELETE', `${pods}/unscheduled`)).status, 200);
    assert.equal((await s.call('GET', `${pods}/unscheduled`)).status, 404);
  });

  test('binding puts a pod on a node once', async () => {
    await s.call('POST', pods, pod('b'));
    const binding = { metadata: { name: 'b' }, target: { kind: 'Node', name: 'n1' } };
    const r = await s.call('POST', `${pods}/b/binding`, binding);
    assert.equal(r.status, 201);
    assert.equal(r.json.status, 'Success');
    const bound = (await s.call('GET', `${pods}/b`)).json;
    assert.equal(bound.spec.nodeName, 'n1');
    assert.equal(bound.status.conditions.find((c: { type: string }) => c.type === 'PodScheduled').status, 'True');
    const twice = await s.call('POST', `${pods}/b/binding`, binding);
    assert.equal(twice.status, 409);
    assert.equal(
      twice.json.message,
      'Operation cannot be fulfilled on pods/binding "b": pod b is already assigned to node "n1"',
    );
  });

  test('eviction deletes', async () => {
    await s.call('POST', pods, pod('ev'));
    const r = await s.call('POST', `${pods}/ev/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'ev' },
    });
    assert.equal(r.status, 201);
    assert.equal((await s.call('GET', `${pods}/ev`)).status, 404);
  });

  test('deletecollection takes what the selector takes', async () => {
    for (const [n, l] of [
      ['c1', 'x'],
      ['c2', 'x'],
      ['c3', 'y'],
    ])
      await s.call('POST', '/api/v1/namespaces/coll/configmaps', { metadata: { name: n, labels: { l } } });
    const r = await s.call('DELETE', '/api/v1/namespaces/coll/configmaps?labelSelector=l%3Dx');
    assert.equal(r.json.kind, 'ConfigMapList');
    assert.equal(r.json.items.length, 2);
    const left = await s.call('GET', '/api/v1/namespaces/coll/configmaps');
    assert.deepEqual(
      left.json.items.map((i: { metadata: { name: string } }) => i.metadata.name),
      ['c3'],
    );
  });
});
