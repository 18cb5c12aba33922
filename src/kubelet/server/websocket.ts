/** Channels over a websocket (v5 and v4 channel.k8s.io and older), and a websocket as a plain byte stream (port-forward tunnels, KEP-4006). */
import { Duplex, PassThrough, Writable } from 'node:stream';
import type { RawData, WebSocket } from 'ws';

const toBuffer = (d: RawData): Buffer => (Array.isArray(d) ? Buffer.concat(d) : Buffer.from(d as Buffer));

/** Numbered channels; `readable` and `writable` say what each is. v5: channel 255 + n closes channel n. */
export interface Channels {
  input(channel: number): PassThrough;
  output(channel: number): Writable;
  close(): void;
  readonly closed: Promise<void>;
}

export function websocketChannels(ws: WebSocket, protocol: string, inputs: readonly number[]): Channels {
  const base64 = protocol.startsWith('base64.') || protocol.includes('.base64.');
  const streams = new Map(inputs.map((n) => [n, new PassThrough()]));
  const closed = new Promise<void>((resolve) => ws.once('close', () => resolve()));
  const end = () => {
    for (const s of streams.values()) s.end();
  };
  ws.on('message', (raw, binary) => {
    const data = toBuffer(raw);
    if (data.length === 0) return;
    const channel = base64 && !binary ? data[0]! - 0x30 : data[0]!;
    const body = base64 ? Buffer.from(data.toString('latin1', 1), 'base64') : data.subarray(1);
    if (channel === 255 && protocol.startsWith('v5.')) {
      streams.get(body[0] ?? -1)?.end();
      return;
    }
    const stream = streams.get(channel);
    if (!stream || stream.writableEnded || body.length === 0) return;
    if (!stream.write(body)) {
      ws.pause();
      stream.once('drain', () => ws.resume());
    }
  });
  ws.on('error', end);
  ws.on('close', end);
  return {
    input: (channel) => streams.get(channel) ?? new PassThrough(),
    output: (channel) =>
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          if (ws.readyState !== ws.OPEN) return done(new Error('the websocket is closed'));
          const message = base64
            ? String.fromCharCode(0x30 + channel) + chunk.toString('base64')
            : Buffer.concat([Buffer.from([channel]), chunk]);
          ws.send(message, { binary: !base64 }, (e) => done(e ?? null));
        },
      }).on('error', () => undefined),
    close: () => ws.close(1000),
    closed,
  };
}

/** Binary messages as one byte stream each way. */
export function websocketDuplex(ws: WebSocket): Duplex {
  const duplex = new Duplex({
    read: () => ws.resume(),
    write(chunk: Buffer, _encoding, done) {
      if (ws.readyState !== ws.OPEN) return done(new Error('the websocket is closed'));
      ws.send(chunk, { binary: true }, (e) => done(e ?? null));
    },
    final(done) {
      ws.close(1000);
      done();
    },
    destroy(e, done) {
      ws.close();
      done(e);
    },
  });
  ws.on('message', (raw) => {
    if (!duplex.push(toBuffer(raw))) ws.pause();
  });
  ws.on('close', () => {
    duplex.push(null);
    duplex.destroy();
  });
  ws.on('error', (e) => duplex.destroy(e));
  return duplex;
}
