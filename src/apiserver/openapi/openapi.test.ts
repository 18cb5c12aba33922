/** The OpenAPI documents say what clients look for in them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resources } from '../../api/resources.ts';
import { testServer } from '../test-server.ts';
import { openApiV2, openApiV3 } from './routes.ts';

type Doc = {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents
  readonly [key: string]: any;
};
const inGroup = (group: string) => resources.filter((r) => r.group === group && r.version === 'v1');

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
    type: 'array',
    items: { $ref: '#/components/schemas/io.k8s.api.core.v1.Container' },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    'x-kubernetes-patch-merge-key': 'name',
    'x-kubernetes-patch-strategy': 'merge',
  });
  assert.deepEqual(schemas['io.k8s.api.core.v1.ConfigMap'].properties.binaryData, {
    type: 'object',
    additionalProperties: { type: 'string', format: 'byte' },
  });
  assert.deepEqual(schemas['io.k8s.api.core.v1.ConfigMap'].properties.metadata, {
    allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
    default: {},
  });
});

test('documents are served with ETags and by their hash', async () => {
  const s = await testServer();
  const root = await s.call('GET', '/openapi/v3');
  const { serverRelativeURL } = root.json.paths['apis/toys.example/v1'];
  const doc = await s.call('GET', serverRelativeURL);
  assert.equal(doc.json.openapi, '3.0.0');
  assert.equal(doc.headers['cache-control'], 'public, immutable');
  const again = await s.call('GET', serverRelativeURL, undefined, { 'if-none-match': doc.headers['etag']! });
  assert.equal(again.status, 304);
  assert.equal((await s.call('GET', '/openapi/v2')).json.swagger, '2.0');
  await s.close();
});
