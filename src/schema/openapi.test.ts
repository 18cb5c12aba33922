import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnyStruct, bytes, field, int32, intOrString, list, map, quantity, string, struct, time } from './dsl.ts';
import { openApiDefinitions, openApiSchema } from './openapi.ts';

const protocol = { name: 'io.k8s.api.core.v1.Protocol', closed: true, values: ['UDP', 'TCP'] };
const Port = struct('io.k8s.api.core.v1.Port', {
  port: field(1, int32, { required: true, format: 'int32' }),
  protocol: field(2, string, { omitempty: true, default: 'TCP', enum: protocol }),
  target: field(3, intOrString, { omitempty: true }),
  since: field(4, time, { omitempty: true, ptr: true }),
});
const Extra = struct('io.k8s.api.authentication.v1.ExtraValue', { items: list(1, string) }, { jsonForm: true });
const Profile = struct(
  'io.k8s.api.core.v1.Profile',
  {
    type: field(1, string, { required: true, v: ['unionDiscriminator'] }),
    localhostProfile: field(2, string, { omitempty: true, ptr: true }),
  },
  { union: true, structType: 'atomic' },
);
const Spec = struct('io.k8s.api.core.v1.Spec', {
  ports: list(1, Port, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['port', 'protocol'],
    patchStrategy: 'merge',
    patchMergeKey: 'port',
  }),
  selector: map(2, string, { omitempty: true, mapType: 'atomic' }),
  data: map(3, bytes, { omitempty: true }),
  limits: map(4, quantity, { omitempty: true }),
  extra: map(5, Extra, { omitempty: true }),
  profile: field(6, Profile, { omitempty: true, ptr: true }),
});
const Thing = struct(
  'io.k8s.api.core.v1.Thing',
  { spec: field(1, Spec, { omitempty: true }) },
  { gvk: { group: '', version: 'v1', kind: 'Thing' }, typeMeta: true },
) as AnyStruct;

test('v2 definitions refer plainly and say no defaults', () => {
  assert.deepEqual(openApiSchema(Thing, 'v2'), {
    type: 'object',
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      spec: { $ref: '#/definitions/io.k8s.api.core.v1.Spec' },
    },
    'x-kubernetes-group-version-kind': [{ group: '', kind: 'Thing', version: 'v1' }],
  });
  assert.deepEqual(openApiSchema(Port, 'v2'), {
    type: 'object',
    required: ['port'],
    properties: {
      port: { type: 'integer', format: 'int32' },
      protocol: { type: 'string', enum: ['TCP', 'UDP'] },
      since: { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.Time' },
      target: { $ref: '#/definitions/io.k8s.apimachinery.pkg.util.intstr.IntOrString' },
    },
  });
});

test('v3 schemas say defaults and wrap references', () => {
  assert.deepEqual(openApiSchema(Thing, 'v3')['properties'], {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    spec: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.Spec' }], default: {} },
  });
  const { port, protocol: p } = openApiSchema(Port, 'v3')['properties'] as Record<string, unknown>;
  assert.deepEqual(port, { type: 'integer', format: 'int32', default: 0 });
  assert.deepEqual(p, { type: 'string', enum: ['TCP', 'UDP'], default: 'TCP' });
});

test('merge markers, lists in place and unions come out under their published keys', () => {
  const properties = openApiSchema(Spec, 'v2')['properties'] as Record<string, unknown>;
  assert.deepEqual(properties['ports'], {
    type: 'array',
    items: { $ref: '#/definitions/io.k8s.api.core.v1.Port' },
    'x-kubernetes-list-map-keys': ['port', 'protocol'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'port',
    'x-kubernetes-patch-strategy': 'merge',
  });
  assert.deepEqual(properties['selector'], {
    type: 'object',
    additionalProperties: { type: 'string' },
    'x-kubernetes-map-type': 'atomic',
  });
  assert.deepEqual(properties['extra'], {
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
  });
  const profile = openApiSchema(Profile, 'v2');
  assert.equal(profile['x-kubernetes-map-type'], 'atomic');
  assert.deepEqual(profile['x-kubernetes-unions'], [
    { discriminator: 'type', 'fields-to-discriminateBy': { localhostProfile: 'LocalhostProfile' } },
  ]);
});

test('definitions hold everything the roots refer to, sorted', () => {
  const v3 = openApiDefinitions([Thing], 'v3', {
    gvksOf: (s) => (s === Thing ? [{ group: 'a', version: 'v2', kind: 'T' }] : undefined),
    describe: (type, f) =>
      type.endsWith('.Port') ? (f === undefined ? 'A port.' : f === 'port' ? 'Its number.' : undefined) : undefined,
  });
  const port = v3['io.k8s.api.core.v1.Port'] as { description: string; properties: Record<string, unknown> };
  assert.equal(port.description, 'A port.');
  assert.deepEqual(port.properties['port'], {
    description: 'Its number.',
    type: 'integer',
    format: 'int32',
    default: 0,
  });
  assert.deepEqual(Object.keys(v3), [
    'io.k8s.api.core.v1.Port',
    'io.k8s.api.core.v1.Profile',
    'io.k8s.api.core.v1.Spec',
    'io.k8s.api.core.v1.Thing',
    'io.k8s.apimachinery.pkg.api.resource.Quantity',
    'io.k8s.apimachinery.pkg.apis.meta.v1.Time',
    'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  ]);
  assert.deepEqual(v3['io.k8s.api.core.v1.Thing']?.['x-kubernetes-group-version-kind'], [
    { group: 'a', version: 'v2', kind: 'T' },
  ]);
  assert.deepEqual(v3['io.k8s.apimachinery.pkg.api.resource.Quantity'], {
    oneOf: [{ type: 'string' }, { type: 'number' }],
  });
  const refs = JSON.stringify(v3).match(/#\/components\/schemas\/([^"]+)/g) ?? [];
  for (const r of refs) assert.ok(v3[r.slice('#/components/schemas/'.length)], r);
});
