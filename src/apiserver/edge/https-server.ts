/** HTTPS in front of the handlers: HTTP/1.1 and HTTP/2 on one port, client certificates, upgrades. The only place that knows sockets. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Logger } from '../../base/log.ts';
import { requestEntityTooLarge } from '../../machinery/status-error.ts';
import { type ApiRequest, type ApiResponse, type BodySink, emptyBody } from '../request.ts';

export interface TlsFiles {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** PEM of the CA that signs client certificates; absent = none is asked for. */
  readonly clientCa?: string | undefined;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly tls: TlsFiles;
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

/** What a connection's client certificate came to; asked once per connection. */
interface Peer {
  readonly certificate: Buffer | undefined;
  readonly invalid: boolean;
}

const peers = new WeakMap<object, Peer>();
const noPeer: Peer = { certificate: undefined, invalid: false };

function peerOf(socket: TLSSocket | undefined): Peer {
  if (!socket) return noPeer;
  const known = peers.get(socket);
  if (known) return known;
  const raw = socket.getPeerX509Certificate?.()?.raw;
  const peer: Peer = raw ? { certificate: socket.authorized ? raw : undefined, invalid: !socket.authorized } : noPeer;
  peers.set(socket, peer);
  return peer;
}

const tooLarge = (limit: number) => requestEntityTooLarge(`Request entity too large: limit is ${limit}`);

function readBody(req: Incoming, limit: number): Promise<Buffer> {
  const length = req.headers['content-length'];
  if (length === '0' || (length === undefined && (req.method === 'GET' || req.method === 'HEAD')))
    return Promise.resolve(emptyBody);
  return new Promise((resolve, reject) => {
    if (Number(length) > limit) {
      req.resume();
      return reject(tooLarge(limit));
    }
    let chunks: Buffer[] = [];
    let size = 0;
    let over = false;
    req.on('data', (c: Buffer) => {
      if (over) return;
      size += c.length;
      if (size > limit) {
        over = true;
        chunks = [];
        reject(tooLarge(limit));
      } else chunks.push(c);
    });
    req.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    req.on('error', reject);
    req.on('aborted', () => reject(new Error('client went away')));
  });
}

class HttpRequest implements ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Incoming['headers'];
  readonly upgrade: boolean;
  readonly clientCertificate: Buffer | undefined;
  readonly invalidCertificate: boolean;
  readonly #req: Incoming;
  readonly #controller = new AbortController();

  constructor(req: Incoming, socket: TLSSocket | undefined, upgrade: boolean) {
    this.#req = req;
    this.method = req.method ?? 'GET';
    this.url = req.url ?? '/';
    this.headers = req.headers;
    this.upgrade = upgrade;
    const peer = peerOf(socket);
    this.clientCertificate = peer.certificate;
    this.invalidCertificate = peer.invalid;
  }
  get signal(): AbortSignal {
    return this.#controller.signal;
  }
  get remoteAddress(): string | undefined {
    return this.#req.socket?.remoteAddress;
  }
  abort(reason: Error): void {
    this.#controller.abort(reason);
  }
  body(limit: number): Promise<Buffer> {
    return readBody(this.#req, limit);
  }
  bodyStream(): AsyncIterable<Buffer> {
    return this.#req as AsyncIterable<Buffer>;
  }
}

const gone = new Error('client went away');

function send(res: Outgoing, r: ApiResponse, request: HttpRequest): void {
  const out = res as ServerResponse;
  const { body } = r;
  if (typeof body !== 'function') {
    if (r.status !== 101 && r.status !== 204 && r.status !== 304) r.headers['content-length'] = String(body.length);
    out.writeHead(r.status, r.headers);
    if (request.method === 'HEAD' || body.length === 0) out.end();
    else out.end(body);
    return;
  }
  out.writeHead(r.status, r.headers);
  if (request.method === 'HEAD') {
    out.end();
    return;
  }
  (out as { flushHeaders?: () => void }).flushHeaders?.();
  const sink: BodySink = {
    signal: request.signal,
    write: (chunk) => (request.signal.aborted ? true : out.write(chunk)),
    drained: () =>
      request.signal.aborted
        ? Promise.resolve()
        : new Promise((resolve) => {
            const done = () => {
              out.off('drain', done);
              request.signal.removeEventListener('abort', done);
              resolve();
            };
            out.on('drain', done);
            request.signal.addEventListener('abort', done, { once: true });
          }),
  };
  body(sink).then(
    () => out.end(),
    () => out.destroy(),
  );
}

/** Answers an upgrade request that is not upgraded. */
function sendRaw(socket: Duplex, r: ApiResponse): void {
  const body = typeof r.body === 'function' ? emptyBody : r.body;
  const lines = [`HTTP/1.1 ${r.status} ${STATUS_CODES[r.status] ?? ''}`];
  for (const [k, v] of Object.entries(r.headers)) lines.push(`${k}: ${v}`);
  lines.push(`content-length: ${body.length}`, 'connection: close');
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]));
}

/** Starts to listen. Rejects when the port is taken. */
export async function listen(
  options: ListenOptions,
  handle: (req: ApiRequest) => Promise<ApiResponse>,
  log: Logger,
): Promise<Listener> {
  const { tls } = options;
  const server = createSecureServer({
    allowHTTP1: true,
    cert: tls.cert,
    key: tls.key,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['h2', 'http/1.1'],
    ...(tls.clientCa && { ca: tls.clientCa, requestCert: true, rejectUnauthorized: false }),
    settings: { maxConcurrentStreams: 1000, initialWindowSize: 1024 * 1024 },
  });
  const sockets = new Set<Socket>();
  server.on('connection', (s: Socket) => {
    sockets.add(s);
    s.setNoDelay(true);
    s.on('close', () => sockets.delete(s));
  });
  server.on('sessionError', (e: Error) => log.debug('HTTP/2 session ended', { error: e }));
  server.on('tlsClientError', (e: Error) => log.debug('TLS handshake failed', { error: e }));
  server.on('request', (req: Http2ServerRequest, res: Http2ServerResponse) => {
    const socket = (req.httpVersionMajor === 2 ? req.stream?.session?.socket : req.socket) as TLSSocket | undefined;
    const request = new HttpRequest(req, socket, false);
    res.on('close', () => {
      if (!res.writableEnded || !(res as { writableFinished?: boolean }).writableFinished) request.abort(gone);
    });
    res.on('error', () => request.abort(gone));
    handle(request).then(
      (r) => {
        if (!request.signal.aborted || !res.destroyed) send(res, r, request);
      },
      (e: Error) => {
        log.error('request failed outside its filters', { error: e });
        res.stream?.destroy?.();
        req.socket?.destroy?.();
      },
    );
  });
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    const request = new HttpRequest(req, socket as TLSSocket, true);
    socket.on('error', () => request.abort(gone));
    socket.on('close', () => request.abort(gone));
    handle(request).then(
      (r) => {
        if (socket.destroyed) return;
        if (r.upgrade) r.upgrade(socket, head);
        else sendRaw(socket, r);
      },
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const s of sockets) s.destroy();
      }),
  };
}
