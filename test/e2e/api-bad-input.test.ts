/** What is wrong with a request is answered with upstream's status, reason and words, on HTTP/1.1 and HTTP/2, and leaves nothing behind. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { apply, cases, map, maps, patch } from './api-bad-input-cases.ts';
import { type ApiLab, startApiLab } from './api-lab.ts';

describe('bad input', { concurrency: 1, timeout: 60_000 }, () => {
  let lab: ApiLab;
  before(async () => {
    lab = await startApiLab();
    const r = await lab.h1(`${maps}/kept?fieldManager=owner`, patch(apply, map('kept')));
    assert.equal(r.status, 201, r.text);
  });
  after(() => lab.close());

  for (const c of cases)
    it(`${c.what}: ${c.status} ${c.reason}`, async () => {
      const revision = await lab.revision();
      for (const ask of [lab.h1, lab.h2]) {
        const r = await ask(c.path, c.sent);
        assert.equal(r.headers['content-type'], 'application/json');
        const { status, kind, apiVersion, reason, message, code } = r.json;
        assert.deepEqual(
          { http: r.status, status, kind, apiVersion, reason: reason ?? '', code },
          { http: c.status, status: 'Failure', kind: 'Status', apiVersion: 'v1', reason: c.reason, code: c.status },
          r.text,
        );
        if (typeof c.message === 'string') assert.equal(message, c.message);
        else assert.match(message, c.message);
      }
      assert.equal(await lab.revision(), revision, 'something was stored');
    });

  it('paths that are no API are plain text', async () => {
    for (const path of ['/foo', '/apis/foo/v1', '/api/v2', '/apis/apps/v9/deployments']) {
      const r = await lab.h2(path);
      assert.equal(r.status, 404);
      assert.equal(r.text, '404 page not found\n');
    }
  });

  it('HEAD is no verb of a resource', async () => {
    const r = await lab.h1(maps, { method: 'HEAD' });
    assert.equal(r.status, 405);
  });

  it('unknown and repeated fields are warned of, or passed over, as asked', async () => {
    const body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"w","name":"w"},"foo":1}';
    for (const query of ['dryRun=All', 'dryRun=All&fieldValidation=Warn']) {
      const r = await lab.h1(`${maps}?${query}`, { body });
      assert.equal(r.status, 201);
      assert.equal(
        r.headers['warning'],
        '299 - "duplicate field \\"metadata.name\\"", 299 - "unknown field \\"foo\\""',
      );
    }
    const r = await lab.h1(`${maps}?dryRun=All&fieldValidation=Ignore`, { body });
    assert.equal(r.status, 201);
    assert.equal(r.headers['warning'], undefined);
  });

  it('what a body does not say of its kind, the path says', async () => {
    for (const body of [
      '{"metadata":{"name":"k"}}',
      '{"apiVersion":"v1","metadata":{"name":"k"}}',
      '{"kind":"ConfigMap","metadata":{"name":"k"}}',
    ]) {
      const r = await lab.h1(`${maps}?dryRun=All`, { body });
      assert.equal(r.status, 201, r.text);
      assert.equal(r.json.kind, 'ConfigMap');
    }
  });

  it("upstream's kubectl shows the server's words", async () => {
    const manifest = (name: string, more = '') =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n${more}`;
    const refused = async (args: readonly string[], input: string, words: RegExp) => {
      const r = await lab.kubectl(args, input);
      assert.equal(r.code, 1, r.stdout);
      assert.match(r.stderr, words);
    };
    await refused(['create', '-f', '-'], manifest('x', 'foo: 1'), /strict decoding error: unknown field "foo"/);
    await refused(
      ['create', '-f', '-'],
      manifest('X_Y'),
      /The ConfigMap "X_Y" is invalid: metadata.name: Invalid value: "X_Y"/,
    );
    await refused(
      ['create', '-f', '-'],
      manifest('kept'),
      /Error from server \(AlreadyExists\): error when creating "STDIN": configmaps "kept" already exists/,
    );
    await refused(['get', 'cm', 'nope'], '', /^Error from server \(NotFound\): configmaps "nope" not found/);
    await refused(['get', 'foos'], '', /^error: the server doesn't have a resource type "foos"/);
    const warned = await lab.kubectl(
      ['create', '--validate=warn', '--dry-run=server', '-f', '-'],
      manifest('x', 'foo: 1'),
    );
    assert.match(warned.stderr, /Warning: unknown field "foo"/);
  });
});
