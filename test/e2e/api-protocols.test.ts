/** The API server on the wire: websockets, flow control's headers, compression, limits, hostile HTTP/2, shutting down. */
import assert from 'node:assert/strict';
import { connect as connectH2, constants } from 'node:http2';
import { type RequestOptions, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { readWatchEvent, unwrapProtobuf } from '../../src/schema/protobuf-envelope.ts';
import { type ApiLab, startApiLab } from './api-lab.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const map = (name: string, data: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

interface Upgraded {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly socket: Socket | undefined;
  readonly head: Buffer;
}

describe('the API on the wire', { concurrency: 1, timeout: 60_000 }, () => {
  let lab: ApiLab;
  before(async () => {
    lab = await startApiLab();
  });
  after(() => lab.close());

  const upgrade = (path: string, headers: Record<string, string> = {}): Promise<Upgraded> =>
    new Promise((resolve, reject) => {
      const options: RequestOptions = {
        ...lab.tls,
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          origin: 'http://localhost',
          ...headers,
        },
      };
      const req = request(`${lab.url}${path}`, options);
      req.on('upgrade', (res, socket, head) =>
        resolve({ status: 101, headers: res.headers, text: '', socket: socket as Socket, head }),
      );
      req.on('response', (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (c: Buffer) => chunks.push(c));
        res.on('end', () =>
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            text: Buffer.concat(chunks).toString(),
            socket: undefined,
            head: Buffer.alloc(0),
          }),
        );
      });
      req.on('error', reject);
      req.end();
    });

  /** The messages of a websocket until it ends. */
  async function* messages(u: Upgraded): AsyncGenerator<{ readonly opcode: number; readonly payload: Buffer }> {
    let rest = u.head;
    const take = () => {
      if (rest.length < 2) return undefined;
      const short = rest[1]!;
      const head = short < 126 ? 2 : 4;
      const n = short < 126 ? short : rest.length < 4 ? Number.POSITIVE_INFINITY : rest.readUInt16BE(2);
      if (rest.length < head + n) return undefined;
      const message = { opcode: rest[0]! & 15, payload: rest.subarray(head, head + n) };
      rest = rest.subarray(head + n);
      return message;
    };
    for (let m = take(); m; m = take()) yield m;
    for await (const c of u.socket!) {
      rest = Buffer.concat([rest, c as Buffer]);
      for (let m = take(); m; m = take()) yield m;
    }
  }

  it('a watch comes over a websocket, one event a message', async () => {
    const created = await lab.h1(maps, { body: map('ws-1') });
    const rv = created.json.metadata.resourceVersion;
    const u = await upgrade(`${maps}?watch=1&resourceVersion=${rv}`);
    assert.equal(u.status, 101, u.text);
    assert.equal(u.headers['sec-websocket-accept'], 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    for (let i = 0; i < 3; i++) await lab.h1(`${maps}/ws-1`, { method: 'PUT', body: map('ws-1', { n: String(i) }) });
    const seen: string[] = [];
    for await (const m of messages(u)) {
      assert.equal(m.opcode, 1);
      const e = JSON.parse(m.payload.toString());
      seen.push(`${e.type} ${e.object.data.n}`);
      if (seen.length === 3) break;
    }
    assert.deepEqual(seen, ['MODIFIED 0', 'MODIFIED 1', 'MODIFIED 2']);
  });

  it('a protobuf watch over a websocket sends bare events', async () => {
    const u = await upgrade(`${maps}?watch=1&fieldSelector=metadata.name%3Dws-1`, {
      accept: 'application/vnd.kubernetes.protobuf;stream=watch',
      'sec-websocket-protocol': 'x.example',
    });
    assert.equal(u.headers['sec-websocket-protocol'], 'x.example');
    for await (const m of messages(u)) {
      assert.equal(m.opcode, 2);
      const e = readWatchEvent(m.payload);
      assert.equal(e.type, 'ADDED');
      assert.equal(unwrapProtobuf(e.envelope).kind, 'ConfigMap');
      break;
    }
  });

  it('a websocket watch ends with its time, answers pings and closes when asked', async () => {
    const timed = await upgrade(
      `${maps}?watch=1&timeoutSeconds=1&resourceVersion=0&fieldSelector=metadata.name%3Dnone`,
    );
    const opcodes: number[] = [];
    for await (const m of messages(timed)) opcodes.push(m.opcode);
    assert.deepEqual(opcodes, [8]);
    const asked = await upgrade(`${maps}?watch=1&fieldSelector=metadata.name%3Dnone`);
    asked.socket!.write(Buffer.from([0x89, 0x82, 1, 2, 3, 4, 0x68 ^ 1, 0x69 ^ 2]));
    const answers: string[] = [];
    for await (const m of messages(asked)) {
      answers.push(`${m.opcode} ${m.payload.toString()}`);
      if (m.opcode === 10) asked.socket!.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
    }
    assert.equal(answers[0], '10 hi');
    assert.equal(answers.length, 2);
  });

  it('a bad websocket handshake is refused', async () => {
    assert.equal((await upgrade(`${maps}?watch=1`, { origin: '' })).status, 403);
    assert.equal((await upgrade(`${maps}?watch=1`, { 'sec-websocket-protocol': 'a, b' })).status, 400);
    const r = await upgrade(`${maps}?watch=1&resourceVersion=x`);
    assert.equal(r.status, 500);
  });

  it('every answer names its flow schema and priority level', async () => {
    const uid = async (kind: string, name: string) =>
      (await lab.h1(`/apis/flowcontrol.apiserver.k8s.io/v1/${kind}/${name}`)).json.metadata.uid as string;
    const flow = (r: { readonly headers: Readonly<Record<string, unknown>> }) => [
      r.headers['x-kubernetes-pf-flowschema-uid'],
      r.headers['x-kubernetes-pf-prioritylevel-uid'],
    ];
    const exempt = [await uid('flowschemas', 'exempt'), await uid('prioritylevelconfigurations', 'exempt')];
    assert.deepEqual(flow(await lab.h1(maps)), exempt);
    assert.deepEqual(flow(await lab.h2(`${maps}/nope`)), exempt);
    const probes = [await uid('flowschemas', 'probes'), exempt[1]];
    assert.deepEqual(flow(await lab.h1('/healthz', { as: 'none' })), probes);
    const all = [
      await uid('flowschemas', 'global-default'),
      await uid('prioritylevelconfigurations', 'global-default'),
    ];
    const refused = await lab.h1(maps, { as: 'none' });
    assert.deepEqual([refused.status, ...flow(refused)], [403, ...all]);
    const as = (user: string, group = 'x') => ({ headers: { 'impersonate-user': user, 'impersonate-group': group } });
    const accounts = await uid('flowschemas', 'service-accounts');
    const account = await lab.h1(maps, as('system:serviceaccount:a:b', 'system:serviceaccounts'));
    assert.equal(flow(account)[0], accounts);
    const made = await lab.h1('/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas', {
      body: {
        metadata: { name: 'mine' },
        spec: {
          matchingPrecedence: 10,
          priorityLevelConfiguration: { name: 'global-default' },
          rules: [
            {
              subjects: [{ kind: 'User', user: { name: 'me' } }],
              resourceRules: [{ verbs: ['list'], apiGroups: [''], resources: ['configmaps'], namespaces: ['default'] }],
            },
          ],
        },
      },
    });
    assert.equal(made.status, 201, made.text);
    const level = await uid('prioritylevelconfigurations', 'global-default');
    assert.deepEqual(flow(await lab.h1(maps, as('me'))), [made.json.metadata.uid, level]);
    assert.notEqual(flow(await lab.h1('/api/v1/configmaps', as('me')))[0], made.json.metadata.uid);
  });

  it('repeated headers of an identity count one by one', async () => {
    const self = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const headers = {
      'impersonate-user': 'jane',
      'impersonate-group': ['a', 'b, c', 'system:authenticated'],
      'impersonate-extra-Scopes': ['x', 'y'],
    };
    for (const ask of [lab.h1, lab.h2]) {
      const { userInfo } = (await ask(self, { body: {}, headers })).json.status;
      assert.deepEqual(userInfo.groups, ['a', 'b, c', 'system:authenticated']);
      assert.deepEqual(userInfo.extra, { scopes: ['x', 'y'] });
    }
    const who = await lab.kubectl(['auth', 'whoami', '-o', 'json', '--as=jane', '--as-group=a', '--as-group=b']);
    assert.deepEqual(JSON.parse(who.stdout).status.userInfo.groups, ['a', 'b', 'system:authenticated']);
  });

  it('a front proxy says who asks, and nobody else does', async () => {
    const self = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const headers = {
      'x-remote-user': 'jane',
      'x-remote-group': ['devs', 'ops'],
      'x-remote-extra-scopes': 'openid',
      'x-remote-uid': 'u-1',
    };
    for (const ask of [lab.h1, lab.h2]) {
      const { userInfo } = (await ask(self, { body: {}, headers, as: 'proxy' })).json.status;
      assert.deepEqual(userInfo, {
        username: 'jane',
        uid: 'u-1',
        groups: ['devs', 'ops', 'system:authenticated'],
        extra: { scopes: ['openid'] },
      });
      assert.equal((await ask(self, { body: {}, headers })).json.status.userInfo.username, 'kubernetes-admin');
      assert.equal((await ask(maps, { headers, as: 'none' })).status, 403);
      // A proxy that says nobody is nobody itself.
      assert.equal((await ask(maps, { as: 'proxy' })).status, 401);
    }
  });

  it('a bootstrap token authenticates while it is good', async () => {
    const secret = (name: string, data: Record<string, string>) => ({
      metadata: { name },
      type: 'bootstrap.kubernetes.io/token',
      stringData: data,
    });
    const good = {
      'token-id': 'abcdef',
      'token-secret': '0123456789abcdef',
      'usage-bootstrap-authentication': 'true',
      'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
    };
    const url = '/api/v1/namespaces/kube-system/secrets';
    const made = await lab.h1(url, { body: secret('bootstrap-token-abcdef', good) });
    assert.equal(made.status, 201, made.text);
    const self = async (token: string) => {
      const r = await lab.h1('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
        body: {},
        as: 'none',
        headers: { authorization: `Bearer ${token}` },
      });
      return r.status === 201 ? r.json.status.userInfo : r.status;
    };
    assert.deepEqual(await self('abcdef.0123456789abcdef'), {
      username: 'system:bootstrap:abcdef',
      groups: ['system:authenticated', 'system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token'].sort(
        (a, b) => Number(a === 'system:authenticated') - Number(b === 'system:authenticated'),
      ),
    });
    assert.equal(await self('abcdef.0123456789abcdee'), 401);
    assert.equal(await self('abcdeg.0123456789abcdef'), 401);
    for (const change of [
      { expiration: '2020-01-01T00:00:00Z' },
      { expiration: 'soon' },
      { expiration: '2999-01-01T00:00:00Z', 'auth-extra-groups': 'system:masters' },
      { 'auth-extra-groups': '', 'usage-bootstrap-authentication': 'false' },
    ]) {
      await lab.h1(`${url}/bootstrap-token-abcdef`, {
        method: 'PUT',
        body: secret('bootstrap-token-abcdef', { ...good, ...change }),
      });
      assert.equal(await self('abcdef.0123456789abcdef'), 401, JSON.stringify(change));
    }
  });

  it('a request has the time it asks for', async () => {
    const bad = await lab.h1(`${maps}?timeout=soon`);
    assert.deepEqual(
      [bad.status, bad.json.message],
      [400, 'invalid timeout specified in the request URL - time: invalid duration "soon"'],
    );
    assert.equal((await lab.h1(`${maps}?timeout=32s`)).status, 200);
    const began = performance.now();
    const r = await lab.h2(`${maps}?timeout=300ms&resourceVersion=99999999`);
    assert.deepEqual([r.status, r.json.reason], [504, 'Timeout']);
    assert.ok(performance.now() - began < 2000);
  });

  it('bodies over 3 MiB are refused in every encoding', async () => {
    const big = Buffer.alloc(3 * 1024 * 1024 + 1, 0x20);
    for (const type of ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'])
      for (const ask of [lab.h1, lab.h2]) {
        const r = await ask(maps, { body: big, type });
        assert.deepEqual([r.status, r.json.reason], [413, 'RequestEntityTooLarge'], type);
      }
    const patch = await lab.h2(`${maps}/ws-1`, { method: 'PATCH', body: big, type: 'application/merge-patch+json' });
    assert.equal(patch.status, 413);
  });

  it('long heads are read', async () => {
    const selector = (n: number) => encodeURIComponent(`metadata.name!=${'x'.repeat(200)},`.repeat(n).slice(0, -1));
    assert.equal(
      (await lab.h1(`${maps}?fieldSelector=${selector(1000)}`, { headers: { 'x-long': 'y'.repeat(100_000) } })).status,
      200,
    );
    // Node's client sends no more than 64 KiB of head.
    assert.equal((await lab.h2(`${maps}?fieldSelector=${selector(200)}`)).status, 200);
  });

  it('large answers are compressed when the client allows it', async () => {
    const text = 'compress me '.repeat(20_000);
    assert.equal((await lab.h1(maps, { body: map('large', { text }) })).status, 201);
    for (const path of [`${maps}/large`, maps])
      for (const accept of ['application/json', 'application/vnd.kubernetes.protobuf']) {
        const plain = await lab.h1(path, { accept });
        assert.equal(plain.headers['content-encoding'], undefined);
        const zipped = await lab.h1(path, { accept, headers: { 'accept-encoding': 'gzip' } });
        assert.equal(zipped.headers['content-encoding'], 'gzip', path);
        assert.deepEqual(gunzipSync(zipped.bytes), plain.bytes);
        assert.ok(zipped.bytes.length < plain.bytes.length / 10);
      }
    assert.equal(
      (await lab.h1(`${maps}/ws-1`, { headers: { 'accept-encoding': 'gzip' } })).headers['content-encoding'],
      undefined,
    );
  });

  it('streams that are reset at once, and headers without end, do not hurt others', async () => {
    const hostile = connectH2(lab.url, lab.tls);
    const ended = new Promise<void>((resolve) => hostile.once('close', () => resolve()));
    hostile.on('error', () => {});
    // The server cuts it off long before all of them.
    for (let round = 0; round < 20 && !hostile.destroyed; round++) {
      for (let i = 0; i < 250 && !hostile.destroyed && !hostile.closed; i++) {
        const stream = hostile.request({ ':path': maps });
        stream.on('error', () => {});
        stream.close(constants.NGHTTP2_CANCEL);
      }
      assert.equal((await lab.h1(`${maps}/ws-1`)).status, 200);
    }
    await ended;
    const flood = connectH2(lab.url, { ...lab.tls, maxHeaderListPairs: 100_000 });
    flood.on('error', () => {});
    const headers: Record<string, string> = { ':path': maps };
    for (let i = 0; i < 5000; i++) headers[`x-flood-${i}`] = 'y'.repeat(50);
    const status = await new Promise<number>((resolve) => {
      const s = flood.request(headers);
      s.on('response', (h) => resolve(Number(h[':status'])));
      s.on('error', () => resolve(0));
      s.on('close', () => resolve(-1));
      s.resume();
    });
    assert.notEqual(status, 200);
    flood.destroy();
    assert.equal((await lab.h2(`${maps}/ws-1`)).status, 200);
  });

  it('a watcher that does not read is cut off, others go on', async () => {
    let cut = false;
    const slow = await new Promise<IncomingMessage>((resolve, reject) => {
      const req = request(`${lab.url}${maps}?watch=1&fieldSelector=metadata.name%3Dlarge`, lab.tls, (res) => {
        res.on('close', () => {
          cut = true;
        });
        res.on('error', () => {});
        res.pause();
        resolve(res);
      });
      req.on('error', reject);
      req.end();
    });
    const text = 'x'.repeat(1_000_000);
    for (let i = 0; i < 60; i++)
      assert.equal(
        (await lab.h2(`${maps}/large`, { method: 'PUT', body: map('large', { text, i: String(i) }) })).status,
        200,
      );
    slow.resume();
    for (let i = 0; i < 100 && !cut; i++) await new Promise((r) => setTimeout(r, 50));
    assert.ok(cut, 'the slow watcher still watches');
    assert.equal((await lab.h2('/readyz')).text, 'ok');
  });

  it('shutting down: watches end cleanly, what is at work is answered, nothing new is taken', async () => {
    const watching = lab.h1(`${maps}?watch=1&resourceVersion=0&fieldSelector=metadata.name%3Dws-1`);
    const slowBody = new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
      const body = JSON.stringify(map('late'));
      const req = request(
        `${lab.url}${maps}`,
        {
          ...lab.tls,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
        },
        (res) => {
          let text = '';
          res.on('data', (c: Buffer) => {
            text += c.toString();
          });
          res.on('end', () => resolve({ status: res.statusCode ?? 0, text }));
        },
      );
      req.on('error', reject);
      req.write(body.slice(0, 10));
      setTimeout(() => req.end(body.slice(10)), 700);
    });
    await new Promise((r) => setTimeout(r, 200));
    const open = connectH2(lab.url, lab.tls);
    await new Promise((r) => open.once('connect', r));
    const told = new Promise<void>((resolve) => open.once('goaway', () => resolve()));
    const closing = lab.server.close(5_000);
    await told;
    const watched = await watching;
    assert.equal(watched.status, 200);
    assert.match(watched.text, /^\{"type":"ADDED".*\}\n$/s);
    const late = await slowBody;
    assert.equal(late.status, 201, late.text);
    await closing;
    await assert.rejects(lab.h1('/readyz'));
    open.destroy();
  });
});
