/** The descriptions are of types and fields that there are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApiDefinitions } from '../schema/openapi.ts';
import { DeleteOptions, ListMeta, Status } from './meta/v1/types.ts';
import { describeField, describeType, descriptions } from './descriptions.ts';
import { resources } from './resources.ts';

const definitions = openApiDefinitions(
  [
    ...resources.flatMap((r) => [r.schema, ...r.subresources.flatMap((s) => s.schema ?? [])]),
    DeleteOptions,
    ListMeta,
    Status,
  ],
  'v3',
);

test('every described type and field is there', () => {
  const seen = new Set<string>();
  for (const [name, d] of Object.entries(definitions)) {
    const text = describeType(name);
    if (text === undefined) continue;
    seen.add(text);
    for (const f of Object.keys((d['properties'] as object | undefined) ?? {})) {
      const t = describeField(name, f);
      if (t !== undefined) seen.add(`${text}/${f}/${t}`);
    }
  }
  for (const texts of Object.values(descriptions))
    for (const [f, t] of Object.entries(texts))
      assert.ok(seen.has(f ? `${texts['']}/${f}/${t}` : t), `nothing is described by: ${f} ${t}`);
});

test('every kind that is served says what it is', () => {
  const mute = ['ComponentStatus', 'APIService'];
  for (const r of resources)
    if (
      ['', 'apps', 'batch', 'coordination.k8s.io', 'rbac.authorization.k8s.io'].includes(r.group) &&
      !mute.includes(r.kind)
    )
      assert.ok(describeType(r.schema.name), r.schema.name);
});

test('what is not described says nothing', () => {
  assert.equal(describeType('io.k8s.api.batch.v1.Pod'), undefined);
  assert.equal(describeField('io.k8s.api.core.v1.Pod', 'nope'), undefined);
  assert.equal(describeField('io.k8s.api.core.v1.Pod', 'spec'), 'What is wanted.');
});
