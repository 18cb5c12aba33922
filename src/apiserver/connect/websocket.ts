/** The server's side of a websocket that only sends (RFC 6455), for watches; streams to kubelets are passed through, not spoken. */
import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { badRequest, StatusError } from '../../machinery/status-error.ts';
import type { BodySink, HeaderValues } from '../request.ts';
import { header } from '../request.ts';

const bearerProtocol = 'base64url.bearer.authorization.k8s.io.';
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export const isWebSocket = (h: HeaderValues): boolean =>
  /\bupgrade\b/i.test(header(h, 'connection')) && header(h, 'upgrade').toLowerCase() === 'websocket';

/**
 * The head of the 101 answer (upstream takes golang.org/x/net/websocket: an Origin is needed, at most one subprotocol).
 * @throws 400, 403
 */
export function webSocketAnswer(h: HeaderValues): string {
  const key = header(h, 'sec-websocket-key');
  if (!key || header(h, 'sec-websocket-version') !== '13') throw badRequest('missing or bad WebSocket handshake');
  if (!header(h, 'origin')) throw new StatusError(403, 'Forbidden', 'null origin', {});
  const protocols = header(h, 'sec-websocket-protocol')
    .split(',')
    .map((p) => p.trim())
    .filter((p) => p && !p.startsWith(bearerProtocol));
  if (protocols.length > 1) throw badRequest('missing or bad WebSocket-Protocol');
  const accept = createHash('sha1')
    .update(key + guid)
    .digest('base64');
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...protocols.map((p) => `Sec-WebSocket-Protocol: ${p}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

export type Opcode = 'text' | 'binary' | 'close' | 'pong';
const opcodes: Readonly<Record<Opcode, number>> = { text: 1, binary: 2, close: 8, pong: 10 };

/** A whole message in one frame. */
export function webSocketFrame(opcode: Opcode, payload: Buffer): Buffer {
  const n = payload.length;
  const size = n < 126 ? 2 : n < 65_536 ? 4 : 10;
  const out = Buffer.allocUnsafe(size + n);
  out[0] = 0x80 | opcodes[opcode];
  out[1] = size === 2 ? n : size === 4 ? 126 : 127;
  if (size === 4) out.writeUInt16BE(n, 2);
  else if (size === 10) out.writeBigUInt64BE(BigInt(n), 2);
  payload.copy(out, size);
  return out;
}

interface ClientFrame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** Bytes it took. */
  readonly length: number;
}

const maxClientFrame = 64 * 1024;

/** The first frame of what a client sent; undefined = not all of it is here; throws when it is none. */
export function clientFrame(data: Buffer): ClientFrame | undefined {
  if (data.length < 2) return undefined;
  const short = data[1]! & 0x7f;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (data.length < head + 4) return undefined;
  const n = short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
  if (!(data[1]! & 0x80) || n > maxClientFrame) throw new Error('not a frame of a client');
  const length = head + 4 + n;
  if (data.length < length) return undefined;
  const payload = Buffer.from(data.subarray(head + 4, length));
  for (let i = 0; i < n; i++) payload[i]! ^= data[head + (i & 3)]!;
  return { opcode: data[0]! & 0x0f, payload, length };
}

/** Answers pings, drops what else the client says, calls `closed` when it closes or goes away. */
export function readAndDrop(socket: Duplex, head: Buffer, closed: () => void): void {
  let rest = head;
  const read = () => {
    try {
      for (let f = clientFrame(rest); f; f = clientFrame(rest)) {
        rest = rest.subarray(f.length);
        if (f.opcode === opcodes.close) return closed();
        if (f.opcode === 9) socket.write(webSocketFrame('pong', f.payload));
      }
    } catch {
      closed();
    }
  };
  socket.on('data', (c: Buffer) => {
    rest = rest.length ? Buffer.concat([rest, c]) : c;
    read();
  });
  socket.on('end', closed);
  socket.on('close', closed);
  socket.on('error', closed);
  read();
}

/** A socket as the place a stream goes to. */
export const socketSink = (socket: Duplex, signal: AbortSignal): BodySink => ({
  signal,
  write: (chunk) => (signal.aborted ? true : socket.write(chunk)),
  drained: () =>
    signal.aborted
      ? Promise.resolve()
      : new Promise((resolve) => {
          const done = () => {
            socket.off('drain', done);
            signal.removeEventListener('abort', done);
            resolve();
          };
          socket.on('drain', done);
          signal.addEventListener('abort', done, { once: true });
        }),
});
