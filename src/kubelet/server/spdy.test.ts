/** SPDY/3.1: headers, frames cut anywhere, and two connections talking to each other. */
import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { SpdyConnection, type SpdyStream } from './spdy-connection.ts';
import {
  controlFrame,
  createFrameReader,
  createHeaderCodec,
  dataFrame,
  decodeHeaders,
  dictionary,
  encodeHeaders,
} from './spdy-frames.ts';

test('the dictionary is the protocol’s', () => {
  let [a, b] = [1, 0];
  for (const byte of dictionary) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  assert.equal(((b << 16) | a) >>> 0, 0xe3c6a7c2);
});

test('headers go through compression in order', async () => {
  const [from, to] = [createHeaderCodec(), createHeaderCodec()];
  for (const headers of [{ streamtype: 'stdin' }, { streamtype: 'error', port: '8080' }, {}])
    assert.deepEqual(decodeHeaders(await to.inflate(await from.deflate(encodeHeaders(headers)))), headers);
  from.close();
  to.close();
});

test('frames are found however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }),
      fc.integer({ min: 1, max: 17 }),
      (bodies, cut) => {
        const bytes = Buffer.concat(
          bodies.map((b, i) =>
            i % 2 ? controlFrame(6, 0, Buffer.from(b)) : dataFrame(i + 1, Buffer.from(b), i % 4 === 0),
          ),
        );
        const read = createFrameReader();
        const frames = [];
        for (let i = 0; i < bytes.length; i += cut) frames.push(...read(Buffer.from(bytes.subarray(i, i + cut))));
        assert.deepEqual(
          frames.map((f) => f.payload.toString('hex')),
          bodies.map((b) => Buffer.from(b).toString('hex')),
        );
      },
    ),
  );
});

/** All that comes, without closing the other half as an async iteration would. */
const text = (s: SpdyStream): Promise<string> =>
  new Promise((resolve, reject) => {
    let all = '';
    s.on('data', (d: Buffer) => {
      all += d;
    });
    s.once('end', () => resolve(all));
    s.once('error', reject);
  });

test('streams both ways, half-closed, many at once, large', async () => {
  const [left, right] = duplexPair();
  const server = new SpdyConnection(right, Buffer.alloc(0), {
    role: 'server',
    onStream(s) {
      if (s.headers['streamtype'] === 'no') return false;
      void text(s).then((t) => s.end(`${s.headers['streamtype']}:${t.length}`));
      return true;
    },
  });
  const client = new SpdyConnection(left, Buffer.alloc(0), { role: 'client' });
  const one = await client.open({ streamtype: 'one' });
  const two = await client.open({ streamtype: 'two' });
  await Promise.all([one.replied, two.replied]);
  one.end(Buffer.alloc(1_000_000, 97));
  two.end('x');
  assert.deepEqual(await Promise.all([text(one), text(two)]), ['one:1000000', 'two:1']);
  const refused = await client.open({ streamtype: 'no' });
  await assert.rejects(refused.replied, /reset/);
  client.close();
  await Promise.all([client.closed, server.closed]);
});

test('a stream that has ended holds nobody up, and what came before the connection went is read', async () => {
  const [left, right] = duplexPair();
  const server = new SpdyConnection(right, Buffer.alloc(0), { role: 'server', onStream: () => true });
  const opened: SpdyStream[] = [];
  const other = new SpdyConnection(left, Buffer.alloc(0), {
    role: 'client',
    onStream: (s) => opened.push(s) > 0,
  });
  const out = await server.open({ streamtype: 'stdout' });
  const error = await server.open({ streamtype: 'error' });
  const cut = await server.open({ streamtype: 'stderr' });
  await Promise.all([out.replied, error.replied, cut.replied]);
  // more than a stream holds back, its end right behind, and then the others
  out.end(Buffer.alloc(300_000));
  error.end('done');
  cut.write('half');
  const [stdout, status, stderr] = opened as [SpdyStream, SpdyStream, SpdyStream];
  assert.equal((await text(status)).length, 4);
  assert.equal((await text(stdout)).length, 300_000);
  const rest = text(stderr);
  server.close();
  await other.closed;
  assert.equal(await rest, 'half');
  assert.deepEqual([stdout.complete, status.complete, stderr.complete], [true, true, false]);
});
