/** exec over websocket channels, against a server that speaks v5.channel.k8s.io: streams, exit codes, refusals. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { realClock } from '../base/clock.ts';
import { createCa, signLeaf } from '../base/pki/index.ts';
import { runKubectl } from './run.ts';

const discovery = (items: unknown) => ({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items });
const pods = {
  resource: 'pods',
  responseKind: { group: '', version: 'v1', kind: 'Pod' },
  scope: 'Namespaced',
  singularResource: 'pod',
  verbs: ['get'],
  subresources: [],
};
const answers: Readonly<Record<string, unknown>> = {
  '/api': discovery([{ metadata: {}, versions: [{ version: 'v1', resources: [pods] }] }]),
  '/apis': discovery([]),
  '/api/v1/namespaces/default/pods/p': {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { containers: [{ name: 'c' }] },
    status: { phase: 'Running' },
  },
};

describe('exec', () => {
  let server: Server;
  let sockets: WebSocketServer;
  let directory: string;
  const asked: string[] = [];
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'k8ts-exec-'));
    const now = Date.now();
    const life = { notBefore: now - 60_000, notAfter: now + 3_600_000 };
    const ca = await createCa({ commonName: 'test', ...life });
    const leaf = await signLeaf(ca, { commonName: 'api', usages: ['server'], ipAddresses: ['127.0.0.1'], ...life });
    server = createServer({ cert: leaf.cert, key: leaf.key }, (req, res) => {
      const a = answers[req.url!.split('?')[0]!];
      res.writeHead(a ? 200 : 404, { 'content-type': 'application/json' });
      res.end(JSON.stringify(a ?? { kind: 'Status', code: 404, reason: 'NotFound', message: 'nothing here' }));
    });
    sockets = new WebSocketServer({ noServer: true, handleProtocols: (ps) => [...ps][0]! });
    server.on('upgrade', (req, socket, head) => {
      asked.push(req.url!);
      if (req.url!.includes('refuse')) {
        const body = JSON.stringify({
          kind: 'Status',
          status: 'Failure',
          code: 403,
          reason: 'Forbidden',
          message: 'pods "p" is forbidden',
        });
        socket.end(
          `HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
        return;
      }
      sockets.handleUpgrade(req, socket, head, (ws) => {
        const send = (channel: number, text: string) =>
          ws.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
        const end = (code: number) => {
          send(
            3,
            JSON.stringify(
              code === 0
                ? { kind: 'Status', status: 'Success', metadata: {} }
                : {
                    kind: 'Status',
                    status: 'Failure',
                    reason: 'NonZeroExitCode',
                    message: 'x',
                    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
                  },
            ),
          );
          ws.close();
        };
        if (!req.url!.includes('stdin=true')) {
          send(1, 'out\n');
          send(2, 'err\n');
          end(req.url!.includes('command=fail') ? 3 : 0);
          return;
        }
        ws.on('message', (raw: Buffer) => {
          if (raw[0] === 0) send(1, raw.subarray(1).toString().toUpperCase());
          if (raw[0] === 255 && raw[1] === 0) end(0);
        });
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    const cluster = {
      server: `https://127.0.0.1:${port}`,
      'certificate-authority-data': Buffer.from(ca.cert).toString('base64'),
    };
    writeFileSync(
      join(directory, 'config'),
      JSON.stringify({
        clusters: [{ name: 'c', cluster }],
        contexts: [{ name: 'c', context: { cluster: 'c' } }],
        'current-context': 'c',
      }),
    );
  });
  after(async () => {
    sockets.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    rmSync(directory, { recursive: true });
  });
  const run = async (args: readonly string[], stdin: readonly string[] = []) => {
    let out = '';
    let err = '';
    const code = await runKubectl(['--kubeconfig', join(directory, 'config'), 'exec', ...args], {
      stdin: Readable.from(stdin.map((s) => Buffer.from(s))),
      out: (d) => {
        out += String(d);
      },
      err: (d) => {
        err += String(d);
      },
      env: {},
      clock: realClock,
      signal: new AbortController().signal,
    });
    return { code, out, err };
  };

  test('both outputs and success', async () => {
    assert.deepEqual(await run(['p', '--', 'ls', '-l']), { code: 0, out: 'out\n', err: 'err\n' });
    assert.match(
      asked.at(-1)!,
      /\/api\/v1\/namespaces\/default\/pods\/p\/exec\?command=ls&command=-l&container=c&stdout=true&stderr=true$/,
    );
  });
  test('the exit code is the command’s', async () => {
    assert.deepEqual(await run(['p', '--', 'fail']), {
      code: 3,
      out: 'out\n',
      err: 'err\ncommand terminated with exit code 3\n',
    });
  });
  test('standard input goes in, and its end ends the command', async () => {
    assert.deepEqual(await run(['-i', 'p', '--', 'cat'], ['hello ', 'world\n']), {
      code: 0,
      out: 'HELLO WORLD\n',
      err: '',
    });
  });
  test('a refusal is the server’s', async () => {
    assert.deepEqual(await run(['p', '--', 'refuse']), {
      code: 1,
      out: '',
      err: 'Error from server (Forbidden): pods "p" is forbidden\n',
    });
  });
});
