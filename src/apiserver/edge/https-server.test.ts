/** The API over real sockets on loopback: HTTP/1.1 and HTTP/2, client certificates, streams, upgrades, bodies. */
import assert from 'node:assert/strict';
import { connect as h2connect } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
import 'reflect-metadata';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';
import type { AdmissionAttributes, UserInfo } from '../attributes.ts';
import { allowAll, testServer, type TestServer } from '../test-server.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function selfSigned(name: string): Promise<{ cert: string; key: string }> {
  const keys = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as {
    publicKey: CryptoKey;
    privateKey: CryptoKey;
  };
  const cert = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 3600_000),
    notAfter: new Date(Date.now() + 3600_000),
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
  return { cert: cert.toString('pem'), key };
}

interface Got {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

describe('HTTPS', () => {
  let s: TestServer;
  let port = 0;
  let client = { cert: '', key: '' };
  let stranger = { cert: '', key: '' };
  let asked: { user: UserInfo | undefined; certificate: boolean }[] = [];
  before(async () => {
    s = await testServer({
      plugins: {
        ...allowAll,
        authenticator: {
          authenticate: async (c) => {
            const user = {
              name: c.clientCertificate ? 'certified' : 'system:anonymous',
              uid: '',
              groups: [],
              extra: {},
            };
            asked.push({ user, certificate: c.clientCertificate !== undefined });
            return user;
          },
        },
      },
    });
    const serving = await selfSigned('server');
    client = await selfSigned('client');
    stranger = await selfSigned('stranger');
    port = (await s.server.listen({ host: '127.0.0.1', port: 0, tls: { ...serving, clientCa: client.cert } })).port;
  });
  after(() => s.close());

  const h1 = (method: string, path: string, body?: string | Buffer, more: object = {}): Promise<Got> =>
    new Promise((resolve, reject) => {
      const req = httpsRequest(
        {
          host: '127.0.0.1',
          port,
          method,
          path,
          agent: false,
          rejectUnauthorized: false,
          headers: { 'content-type': 'application/json' },
          ...more,
        },
        (res) => {
          const parts: Buffer[] = [];
          res.on('data', (c: Buffer) => parts.push(c));
          res.on('end', () =>
            resolve({ status: res.statusCode!, text: Buffer.concat(parts).toString(), headers: res.headers }),
          );
        },
      );
      req.on('error', reject);
      req.end(body);
    });

  test('HTTP/1.1: create, get, list, delete; HEAD has no body', async () => {
    const path = '/api/v1/namespaces/default/configmaps';
    const made = await h1('POST', path, JSON.stringify({ metadata: { name: 'a' } }));
    assert.equal(made.status, 201);
    const got = await h1('GET', `${path}/a`);
    assert.equal(got.text, made.text);
    assert.equal(got.headers['content-length'], String(Buffer.byteLength(got.text)));
    assert.equal((await h1('HEAD', `${path}/a`)).text, '');
    assert.equal(JSON.parse((await h1('GET', path)).text).items.length, 1);
    assert.equal((await h1('DELETE', `${path}/a`)).status, 200);
  });

  test('a body over the limit is 413 whether or not its length is told', async () => {
    const path = '/api/v1/namespaces/default/configmaps';
    const big = Buffer.alloc(3 * 1024 * 1024 + 1, 0x20);
    const r = await h1('POST', path, big);
    assert.equal(r.status, 413);
    assert.equal(JSON.parse(r.text).reason, 'RequestEntityTooLarge');
  });

  /** What the server says until it ends the connection. */
  const wire = (text: string, protocol = 'http/1.1'): Promise<string> =>
    new Promise((resolve) => {
      const socket = tlsConnect(
        { host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: [protocol] },
        () => {
          socket.write(text);
        },
      );
      let out = '';
      socket.on('data', (d: Buffer) => {
        out += d.toString('latin1');
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(out));
    });

  /** Time goes by until something has happened. */
  const passing = async <T>(what: Promise<T>): Promise<T> => {
    let isOver = false;
    void what.then(() => {
      isOver = true;
    });
    while (!isOver) await s.clock.advance(250);
    return what;
  };

  test('who is answered before he has sent all is not listened to any longer', async () => {
    const told = await passing(wire('POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{'));
    assert.match(told, /^HTTP\/1\.1 404 .*404 page not found\n$/s);
    const session = h2connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    const stream = session.request({ ':method': 'POST', ':path': '/nothing' });
    stream.write('{');
    stream.resume();
    await passing(new Promise((resolve) => stream.once('close', resolve)));
    assert.equal(stream.rstCode, 0);
    session.destroy();
    const whole = 'POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n{';
    const twice = await wire(`${whole}GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.match(twice, /^HTTP\/1\.1 404 .*HTTP\/1\.1 200 OK/s);
  });

  test('requests that cannot be read get their answer and no more', async () => {
    const one = async (line: string, more = '') =>
      (await wire(`${line} HTTP/1.1\r\nHost: x\r\n${more}\r\n`)).split('\r\n')[0];
    assert.equal(await one('GET /api/v1/namespaces/%zz/pods'), 'HTTP/1.1 400 Bad Request');
    assert.equal(await one('POST /api', 'Transfer-Encoding: gzip, chunked\r\n'), 'HTTP/1.1 501 Not Implemented');
    assert.equal(await one('OPTIONS *', 'Connection: close\r\n'), 'HTTP/1.1 200 OK');
    assert.equal(await one('GET https://x/version', 'Connection: close\r\n'), 'HTTP/1.1 200 OK');
  });

  test('an HTTP/2 connection whose client does not begin is ended', async () => {
    const began = s.clock.now();
    const told = passing(wire('', 'h2'));
    assert.ok((await told).length > 0);
    assert.ok(s.clock.now() - began >= 10_000);
  });

  test('a client certificate of the client CA is passed on; a stranger’s is refused', async () => {
    asked = [];
    await h1('GET', '/version', undefined, client);
    assert.equal(asked[0]?.certificate, true);
    const r = await h1('GET', '/version', undefined, stranger);
    assert.equal(r.status, 401);
    assert.equal((await h1('GET', '/version')).status, 200);
  });

  test('HTTP/2: many requests on one connection, and a watch that streams and ends with its client', async () => {
    const session = h2connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    const ask = (method: string, path: string, body?: string): Promise<Got> =>
      new Promise((resolve, reject) => {
        const req = session.request({ ':method': method, ':path': path, 'content-type': 'application/json' });
        let headers: Record<string, unknown> = {};
        let text = '';
        req.on('response', (h) => {
          headers = h;
        });
        req.setEncoding('utf8');
        req.on('data', (c: string) => {
          text += c;
        });
        req.on('end', () => resolve({ status: Number(headers[':status']), text, headers }));
        req.on('error', reject);
        req.end(body);
      });
    const path = '/api/v1/namespaces/h2/configmaps';
    const watch = session.request({ ':path': `${path}?watch=true` });
    watch.setEncoding('utf8');
    const events: string[] = [];
    const five = new Promise<void>((resolve) => {
      watch.on('data', (c: string) => {
        events.push(...c.trim().split('\n'));
        if (events.length >= 5) resolve();
      });
    });
    const made = await Promise.all(
      Array.from({ length: 5 }, (_, i) => ask('POST', path, JSON.stringify({ metadata: { name: `n${i}` } }))),
    );
    assert.deepEqual(
      made.map((r) => r.status),
      [201, 201, 201, 201, 201],
    );
    await five;
    assert.deepEqual(
      events.map((e) => JSON.parse(e).type),
      Array(5).fill('ADDED'),
    );
    watch.close();
    assert.equal((await ask('GET', `${path}/n3`)).status, 200);
    await new Promise<void>((r) => session.close(r));
  });

  test('a large list is compressed for those who accept it', async () => {
    const path = '/api/v1/namespaces/big/configmaps';
    const data = { k: 'x'.repeat(3000) };
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => h1('POST', path, JSON.stringify({ metadata: { name: `n${i}` }, data }))),
    );
    const plain = await h1('GET', path);
    assert.equal(JSON.parse(plain.text).items.length, 100);
    assert.equal(plain.headers['content-encoding'], undefined);
    const zipped = await h1('GET', path, undefined, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(zipped.headers['content-encoding'], 'gzip');
  });
});

describe('upgrades', () => {
  test('exec goes through to the kubelet as raw bytes; CONNECT admission is asked', async () => {
    const lines: string[] = [];
    const kubelet = createServer((socket) => {
      socket.once('data', (d) => {
        lines.push(...d.toString().split('\r\n'));
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n');
        socket.on('data', (more) => socket.write(more));
      });
      socket.on('error', () => {});
    });
    await new Promise<void>((r) => kubelet.listen(0, '127.0.0.1', r));
    const kubeletPort = (kubelet.address() as { port: number }).port;
    const { Nodes, Pods } = await import('../../api/resources.ts');
    const { connect } = await import('node:net');
    const admitted: string[] = [];
    const s = await testServer({
      rows: [Nodes, Pods],
      backends: {
        connect: (_channel, host, p) =>
          new Promise((resolve) => {
            const c = connect(p, host, () => resolve(c));
          }),
      },
      plugins: {
        ...allowAll,
        admission: [
          {
            name: 'Look',
            handles: ['CONNECT'],
            validate: (a: AdmissionAttributes) => void admitted.push(a.subresource!.name),
          },
        ],
      },
    });
    const serving = await selfSigned('server');
    const { port } = await s.server.listen({ host: '127.0.0.1', port: 0, tls: serving });
    const node = { metadata: { name: 'n' } };
    await s.call('POST', '/api/v1/nodes', node);
    await s.call('PATCH', '/api/v1/nodes/n/status', {
      status: {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
      },
    });
    const pod = { metadata: { name: 'p' }, spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } };
    assert.equal((await s.call('POST', '/api/v1/namespaces/default/pods', pod)).status, 201);
    const socket = tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
    const path = '/api/v1/namespaces/default/pods/p/exec?command=ls&command=-l&stdout=true&container=c';
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nAuthorization: Bearer secret\r\n\r\n`,
    );
    const answer = await new Promise<string>((r) => socket.once('data', (d) => r(d.toString())));
    assert.match(answer, /^HTTP\/1.1 101 /);
    socket.write('ping');
    const echo = await new Promise<string>((r) => socket.once('data', (d) => r(d.toString())));
    assert.equal(echo, 'ping');
    assert.equal(lines[0], 'POST /exec/default/p/c?output=1&command=ls&command=-l HTTP/1.1');
    assert.ok(!lines.some((l) => l.toLowerCase().startsWith('authorization')));
    assert.deepEqual(admitted, ['exec']);
    socket.destroy();
    const none = await s.call('GET', '/api/v1/namespaces/default/pods/p/exec?command=ls');
    assert.equal(none.status, 400);
    assert.equal(none.json.message, 'Upgrade request required');
    await s.close();
    await new Promise<void>((r) => kubelet.close(() => r()));
  });
});
