/** The OpenAPI documents say what clients look for in them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { resources } from '../../api/resources.ts';
import { eachField, ProtobufReader } from '../../schema/protobuf-wire.ts';
import { testServer } from '../test-server.ts';
import { openApiV2Protobuf } from './protobuf-v2.ts';
import { openApiV2, openApiV3 } from './routes.ts';

type Doc = {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents
  readonly [key: string]: any;
};
const inGroup = (group: string) => resources.filter((r) => r.group === group && r.version === 'v1');

/** A protobuf message read by hand: its length-delimited fields by number. */
class Message {
  readonly #fields = new Map<number, Buffer[]>();
  constructor(bytes: Buffer) {
    const r = new ProtobufReader(bytes);
    eachField(r, (num, wire) => {
      if (wire !== 2) return false;
      this.#fields.getOrInsertComputed(num, () => []).push(r.bytes());
      return true;
    });
  }
  has = (num: number): boolean => this.#fields.has(num);
  text = (num: number): string => this.#fields.get(num)?.[0]?.toString() ?? '';
  all = (num: number): Message[] => (this.#fields.get(num) ?? []).map((b) => new Message(b));
  one = (num: number): Message => this.all(num)[0]!;
}

/** Every $ref of a document. */
function* refs(v: unknown): Generator<string> {
  if (typeof v !== 'object' || v === null) return;
  for (const [k, x] of Object.entries(v)) {
    if (k === '$ref' && typeof x === 'string') yield x;
    else yield* refs(x);
  }
}

test('every reference leads somewhere', () => {
  const v2 = openApiV2(resources, 'v1.36.3') as Doc;
  for (const r of refs(v2)) assert.ok(v2['definitions'][r.slice('#/definitions/'.length)], r);
  for (const g of new Set(resources.map((r) => r.group))) {
    const v3 = openApiV3(inGroup(g), resources) as Doc;
    for (const r of refs(v3)) assert.ok(v3['components'].schemas[r.slice('#/components/schemas/'.length)], r);
  }
});

test('a patch names its kind and offers fieldValidation (kubectl asks for both)', () => {
  const v3 = openApiV3(inGroup('apps'), resources) as Doc;
  const op = v3['paths']['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'].patch;
  assert.deepEqual(op['x-kubernetes-group-version-kind'], { group: 'apps', kind: 'Deployment', version: 'v1' });
  assert.equal(op['x-kubernetes-action'], 'patch');
  assert.equal(op.operationId, 'patchAppsV1NamespacedDeployment');
  assert.ok(op.parameters.some((p: Doc) => p['name'] === 'fieldValidation' && p['in'] === 'query'));
});

test('types carry their merge and list markers, formats and required fields', () => {
  const schemas = (openApiV3(inGroup(''), resources) as Doc)['components'].schemas;
  const podSpec = schemas['io.k8s.api.core.v1.PodSpec'];
  assert.deepEqual(podSpec.required, ['containers']);
  assert.deepEqual(podSpec.properties.containers, {
    description: 'The containers of the pod; at least one.',
    type: 'array',
    items: { $ref: '#/components/schemas/io.k8s.api.core.v1.Container' },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    'x-kubernetes-patch-merge-key': 'name',
    'x-kubernetes-patch-strategy': 'merge',
  });
  assert.deepEqual(schemas['io.k8s.api.core.v1.ConfigMap'].properties.binaryData, {
    description: 'Bytes, base64 in JSON. Keys are disjoint from those of data.',
    type: 'object',
    additionalProperties: { type: 'string', format: 'byte' },
  });
  assert.deepEqual(schemas['io.k8s.api.core.v1.ConfigMap'].properties.metadata, {
    description: 'Name, namespace, labels and what else every object has.',
    allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
    default: {},
  });
});

test('documents are served with ETags and by their hash', async () => {
  const s = await testServer();
  const root = await s.call('GET', '/openapi/v3');
  const known = await s.call('GET', '/openapi/v3', undefined, { 'if-none-match': root.headers['etag']! });
  assert.equal(known.status, 304);
  const { serverRelativeURL } = root.json.paths['apis/toys.example/v1'];
  const doc = await s.call('GET', serverRelativeURL);
  assert.equal(doc.json.openapi, '3.0.0');
  assert.equal(doc.headers['cache-control'], 'public, immutable');
  const again = await s.call('GET', serverRelativeURL, undefined, { 'if-none-match': doc.headers['etag']! });
  assert.equal(again.status, 304);
  const old = await s.call('GET', '/openapi/v3/apis/toys.example/v1?hash=OLD');
  assert.deepEqual([old.status, old.headers['location']], [301, serverRelativeURL]);
  assert.equal((await s.call('GET', '/openapi/v2')).json.swagger, '2.0');
  await s.close();
});

test('the v2 document comes in the form that is asked for', async () => {
  const s = await testServer();
  const get = (accept: string, more: Record<string, string> = {}) =>
    s.call('GET', '/openapi/v2', undefined, { accept, ...more });
  const json = await get('application/json');
  const protobuf = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
  for (const accept of [
    protobuf,
    'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
    `text/html, ${protobuf}`,
  ]) {
    const r = await get(accept);
    assert.deepEqual([r.status, r.headers['content-type']], [200, protobuf]);
    assert.equal(r.headers['etag'], json.headers['etag']);
    assert.equal(r.bytes.subarray(0, 5).toString('latin1'), '\x0a\x032.0');
  }
  assert.equal((await get(`application/json;q=0.5,${protobuf}`)).headers['content-type'], protobuf);
  const zipped = await get('*/*', { 'accept-encoding': 'gzip' });
  assert.equal(zipped.headers['content-encoding'], 'gzip');
  assert.deepEqual(gunzipSync(zipped.bytes), json.bytes);
  const none = await get('text/html');
  assert.deepEqual([none.status, none.bytes.length], [406, 0]);
  await s.close();
});

test('the protobuf form holds paths, parameters, types and extensions where gnostic reads them', () => {
  const bytes = openApiV2Protobuf(openApiV2(resources, 'v1.36.3'));
  const name = (m: Message) => m.text(1);
  const document = new Message(bytes);
  assert.equal(document.text(1), '2.0');
  assert.equal(document.one(2).text(2), 'v1.36.3');
  const paths = document.one(8).all(2);
  const pods = paths.find((p) => name(p) === '/api/v1/namespaces/{namespace}/pods')!.one(2);
  const create = pods.one(4);
  assert.equal(create.text(5), 'createCoreV1NamespacedPod');
  const parameters = create.all(8).map((p) => p.one(1));
  const body = parameters.find((p) => p.has(1))!.one(1);
  assert.deepEqual(
    [body.text(2), body.text(3), body.one(5).text(1)],
    ['body', 'body', '#/definitions/io.k8s.api.core.v1.Pod'],
  );
  const query = parameters.filter((p) => p.has(2)).map((p) => p.one(2).one(3));
  assert.deepEqual(query.map((p) => `${p.text(4)} ${p.text(2)} ${p.text(6)}`).slice(0, 1), ['dryRun query string']);
  const codes = create.one(9).all(1);
  assert.deepEqual(codes.map(name), ['200', '201', '202', '401']);
  assert.equal(codes[0]!.one(2).one(1).one(2).one(1).text(1), '#/definitions/io.k8s.api.core.v1.Pod');
  const extension = create.all(13).map((e) => [name(e), e.one(2).text(2)]);
  assert.deepEqual(extension[0], ['x-kubernetes-action', '"post"\n']);
  const path = pods.all(9).map((p) => p.one(1).one(2));
  assert.equal(path[0]!.one(4).text(4), 'namespace');
  const types = document.one(9).all(1);
  const map = types.find((t) => name(t) === 'io.k8s.api.core.v1.ConfigMap')!.one(2);
  assert.equal(map.one(22).text(1), 'object');
  const data = map
    .one(25)
    .all(1)
    .find((p) => name(p) === 'data')!
    .one(2);
  assert.equal(data.one(21).one(1).one(22).text(1), 'string');
});
