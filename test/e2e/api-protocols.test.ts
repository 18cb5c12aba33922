/** The API server on the wire: websockets, flow control's headers, compression, limits, hostile HTTP/2, shutting down. */
import assert from 'node:assert/strict';
import { type RequestOptions, request } from 'node:https';
import type { Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
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
});
