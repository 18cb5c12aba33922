/** Every kind's life as upstream's conformance tests of the API lead it: made, listed, watched, patched, updated, its status written, deleted; in JSON and in protobuf. */
import assert from 'node:assert/strict';
import { request } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { resources } from '../../src/api/resources.ts';
import { apiVersionOf, type AnyRow } from '../../src/api/resource-row.ts';
import { createCsr } from '../../src/base/pki/index.ts';
import { decodeProtobuf, encodeProtobuf } from '../../src/schema/protobuf.ts';
import { readWatchEvent, unwrapProtobuf, wrapProtobuf } from '../../src/schema/protobuf-envelope.ts';
import { sampleNames, samples } from './api-kinds.ts';
import { type ApiLab, type Got, startApiLab } from './api-lab.ts';

const protobuf = 'application/vnd.kubernetes.protobuf';
const merge = 'application/merge-patch+json';
const ok = (r: Got, status = 200): Got => {
  assert.equal(r.status, status, r.bytes[0] === 0x6b ? `protobuf: ${r.bytes.toString('latin1')}` : r.text);
  return r;
};

/** DaemonSets bring an annotation of their own. */
const own = (annotation: string): boolean => !annotation.startsWith('deprecated.');

interface Event {
  readonly type: string;
  readonly name: string;
  readonly annotations: readonly string[];
}

describe('every kind lives as upstream has it', { concurrency: 1, timeout: 120_000 }, () => {
  let lab: ApiLab;
  let csr = '';
  before(async () => {
    lab = await startApiLab();
    csr = Buffer.from((await createCsr({ commonName: 'someone', organizations: [] })).csr).toString('base64');
    ok(await lab.h1('/api/v1/namespaces', { body: { metadata: { name: 'life' } } }), 201);
    ok(await lab.h1('/api/v1/namespaces/life/serviceaccounts', { body: { metadata: { name: 'default' } } }), 201);
  });
  after(() => lab.close());

  const bodyOf = (row: AnyRow, n: number): Record<string, unknown> => {
    const id = `${row.group}/${row.plural}`;
    const sample = samples[id];
    assert.ok(sample, `no sample of ${id}`);
    const body: Record<string, unknown> = {
      ...(typeof sample === 'function' ? sample(n) : sample),
      apiVersion: apiVersionOf(row),
      kind: row.kind,
      metadata: { name: sampleNames[id]?.(n) ?? `life-${n}`, labels: { life: 'yes' } },
    };
    if (row.plural === 'certificatesigningrequests') body['spec'] = { ...(body['spec'] as object), request: csr };
    return body;
  };
  const binary = (row: AnyRow, body: object): Buffer =>
    wrapProtobuf(apiVersionOf(row), row.kind, encodeProtobuf(row.schema, body));
  // biome-ignore lint/suspicious/noExplicitAny: an object of any kind
  const read = (row: AnyRow, bytes: Buffer): any => {
    const e = unwrapProtobuf(bytes);
    assert.deepEqual([e.apiVersion, e.kind], [apiVersionOf(row), row.kind]);
    return decodeProtobuf(row.schema, e.raw);
  };

  /** The events of a watch in protobuf until `count` have come. */
  const watch = (
    row: AnyRow,
    path: string,
    count: number,
  ): { readonly events: Promise<readonly Event[]>; stop(): void } => {
    const events: Event[] = [];
    let stop = (): void => {};
    const done = new Promise<readonly Event[]>((resolve, reject) => {
      const req = request(
        `${lab.url}${path}`,
        { ...lab.tls, headers: { accept: `${protobuf};stream=watch` } },
        (res) => {
          let rest = Buffer.alloc(0);
          res.on('data', (c: Buffer) => {
            rest = Buffer.concat([rest, c]);
            while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
              const n = rest.readUInt32BE(0);
              const e = readWatchEvent(rest.subarray(4, 4 + n));
              rest = rest.subarray(4 + n);
              const { metadata } = read(row, e.envelope);
              events.push({
                type: e.type,
                name: metadata.name,
                annotations: Object.keys(metadata.annotations ?? {})
                  .filter(own)
                  .sort(),
              });
            }
            if (events.length >= count) stop();
          });
          res.on('close', () => resolve(events));
        },
      );
      req.on('error', (e) => (events.length >= count ? resolve(events) : reject(e)));
      stop = () => void req.destroy();
      req.end();
    });
    return { events: done, stop };
  };

  const kinds = resources.filter((r) => !r.virtual && r.verbs.includes('create') && r.verbs.includes('list'));
  for (const row of kinds)
    it(`${apiVersionOf(row)} ${row.plural}`, async () => {
      const prefix = row.group ? `/apis/${row.group}/${row.version}` : `/api/${row.version}`;
      const base = row.namespaced ? `${prefix}/namespaces/life/${row.plural}` : `${prefix}/${row.plural}`;
      const selected = '?labelSelector=life%3Dyes';

      const a = ok(await lab.h1(base, { body: bodyOf(row, 1) }), 201).json;
      assert.match(a.metadata.uid, /^[0-9a-f-]{36}$/);
      const b = read(
        row,
        ok(await lab.h2(base, { body: binary(row, bodyOf(row, 2)), type: protobuf, accept: protobuf }), 201).bytes,
      );
      assert.ok(b.metadata.creationTimestamp);
      ok(await lab.h2(base, { body: bodyOf(row, 3), accept: `${protobuf},application/json` }), 201);
      const again = ok(await lab.h1(base, { body: bodyOf(row, 1) }), 409).json;
      assert.equal(again.reason, 'AlreadyExists');

      const name: string = a.metadata.name;
      const one = `${base}/${name}`;
      assert.deepEqual(ok(await lab.h1(one)).json, a);
      const viaProtobuf = read(row, ok(await lab.h1(`${base}/${b.metadata.name}`, { accept: protobuf })).bytes);
      const viaJson = ok(await lab.h1(`${base}/${b.metadata.name}`)).json;
      assert.equal(JSON.stringify(sorted(viaProtobuf)), JSON.stringify(sorted(viaJson)));
      for (const path of row.namespaced ? [base, `${prefix}/${row.plural}`] : [base]) {
        const list = ok(await lab.h1(path + selected)).json;
        assert.equal(list.kind, `${row.kind}List`);
        assert.equal(list.items.length, 3);
      }
      const { resourceVersion } = ok(await lab.h1(base + selected)).json.metadata;
      const watched = watch(
        row,
        `${base}${selected}&watch=1&resourceVersion=${resourceVersion}&fieldSelector=metadata.name%3D${name}`,
        3,
      );

      const annotate = (key: string) => ({ metadata: { annotations: { [key]: 'true' } } });
      const patched = ok(await lab.h1(one, { method: 'PATCH', type: merge, body: annotate('patched') })).json;
      assert.equal(patched.metadata.annotations.patched, 'true');
      const update = {
        ...patched,
        metadata: { ...patched.metadata, annotations: { patched: 'true', updated: 'true' } },
      };
      const updated = read(
        row,
        ok(await lab.h1(one, { method: 'PUT', type: protobuf, accept: protobuf, body: binary(row, update) })).bytes,
      );
      assert.deepEqual(Object.keys(updated.metadata.annotations).filter(own), ['patched', 'updated']);
      const stale = ok(await lab.h1(one, { method: 'PUT', body: patched }), 409).json;
      assert.equal(stale.reason, 'Conflict');

      if (row.subresources.some((s) => s.name === 'status')) {
        const status = ok(await lab.h1(`${one}/status`)).json;
        assert.equal(status.metadata.uid, a.metadata.uid);
        const written = ok(
          await lab.h1(`${one}/status`, { method: 'PATCH', type: merge, body: annotate('status') }),
        ).json;
        assert.equal(written.metadata.annotations.status, 'true');
        ok(
          await lab.h1(`${one}/status`, {
            method: 'PUT',
            type: protobuf,
            body: binary(row, written),
            accept: protobuf,
          }),
        );
      }
      for (const type of ['application/strategic-merge-patch+json', 'application/json-patch+json']) {
        const body = type.includes('json-patch')
          ? [{ op: 'add', path: '/metadata/labels/second', value: 'x' }]
          : { metadata: { labels: { first: 'x' } } };
        ok(await lab.h2(`${base}/${b.metadata.name}`, { method: 'PATCH', type, body }));
      }
      const applied = ok(
        await lab.h1(`${base}/${b.metadata.name}?fieldManager=life&force=true`, {
          method: 'PATCH',
          type: 'application/apply-patch+yaml',
          body: {
            apiVersion: apiVersionOf(row),
            kind: row.kind,
            metadata: { name: b.metadata.name, labels: { applied: 'x' } },
          },
        }),
      ).json;
      assert.deepEqual(applied.metadata.labels.applied, 'x');
      assert.ok(applied.metadata.managedFields.some((m: { manager: string }) => m.manager === 'life'));

      const gone = await lab.h1(one, { method: 'DELETE', body: { propagationPolicy: 'Background' } });
      assert.ok(gone.status === 200 || gone.status === 202, gone.text);
      const held = (await lab.h1(one)).status === 200;
      if (held) ok(await lab.h1(`${one}${row.plural === 'namespaces' ? '/finalize' : ''}`, await release(one, row)));
      ok(await lab.h1(one), 404);
      const events = await watched.events;
      assert.deepEqual(events.slice(0, 2), [
        { type: 'MODIFIED', name, annotations: ['patched'] },
        { type: 'MODIFIED', name, annotations: ['patched', 'updated'] },
      ]);
      assert.equal(
        row.plural === 'namespaces' ? 405 : 200,
        (await lab.h1(base + selected, { method: 'DELETE' })).status,
      );
      if (row.plural === 'namespaces') return;
      for (const left of ok(await lab.h1(base + selected)).json.items) {
        assert.ok(left.metadata.deletionTimestamp, `${left.metadata.name} was not deleted`);
        ok(await lab.h1(`${base}/${left.metadata.name}`, await release(`${base}/${left.metadata.name}`, row)));
      }
      assert.deepEqual(ok(await lab.h1(base + selected)).json.items, []);
    });

  /** What takes the finalizers off. */
  const release = async (path: string, row: AnyRow) => {
    if (row.plural !== 'namespaces') return { method: 'PATCH', type: merge, body: { metadata: { finalizers: null } } };
    const ns = ok(await lab.h1(path)).json;
    return { method: 'PUT', body: { ...ns, spec: { finalizers: [] } } };
  };
});

/** Keys in order at every depth; what is empty is left out, for protobuf does not tell it from absent. */
function sorted(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(sorted);
  if (typeof v !== 'object' || v === null) return v;
  return Object.fromEntries(
    Object.entries(v)
      .map(([k, x]) => [k, sorted(x)] as const)
      .filter(
        ([k, x]) =>
          k !== 'kind' &&
          k !== 'apiVersion' &&
          x !== undefined &&
          !(typeof x === 'object' && x !== null && Object.keys(x).length === 0),
      )
      .sort(([p], [q]) => (p < q ? -1 : 1)),
  );
}
