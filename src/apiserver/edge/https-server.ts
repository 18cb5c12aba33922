/** HTTPS in front of the handlers: HTTP/1.1 and HTTP/2 on one port, client certificates, upgrades. The only place that knows sockets. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  constants,
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import { requestEntityTooLarge } from '../../machinery/status-error.ts';
import { type ApiRequest, type ApiResponse, type BodySink, emptyBody, type HeaderValues } from '../request.ts';
import { type EarlyAnswer, readTarget, type Target } from './request-target.ts';

export interface TlsFiles {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** PEM of the CA that signs client certificates; absent = none is asked for. */
  readonly clientCa?: string | undefined;
  /** PEM of the CA that signs the certificates of front proxies. */
  readonly requestHeaderCa?: string | undefined;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly tls: TlsFiles;
}

export interface Listener {
  readonly port: number;
  /** No new connections; what is at work may end, for `graceMs` at most; then every connection is cut. */
  close(graceMs?: number): Promise<void>;
}

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

/** What a connection's client certificate came to; asked once per connection. */
interface Peer {
  readonly certificate: Buffer | undefined;
  readonly proxy: Buffer | undefined;
  readonly invalid: boolean;
}

/** The authorities that clients and front proxies come from, when there are both. */
interface Authorities {
  readonly client: readonly X509Certificate[];
  readonly proxy: readonly X509Certificate[];
}

const certificatesOf = (pem: string): readonly X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((c) => new X509Certificate(c));

/** Whether the chain that TLS has verified ends at one of these. */
function endsAt(cert: X509Certificate, roots: readonly X509Certificate[]): boolean {
  let c: X509Certificate | undefined = cert;
  for (let depth = 0; c && depth < 10; depth++) {
    const one: X509Certificate = c;
    if (roots.some((r) => r.raw.equals(one.raw) || (one.checkIssued(r) && one.verify(r.publicKey)))) return true;
    const next: X509Certificate | undefined = one.issuerCertificate;
    c = next && !next.raw.equals(one.raw) ? next : undefined;
  }
  return false;
}

const peers = new WeakMap<object, Peer>();
const noPeer: Peer = { certificate: undefined, proxy: undefined, invalid: false };

function peerOf(socket: TLSSocket | undefined, authorities: Authorities | undefined): Peer {
  if (!socket) return noPeer;
  const known = peers.get(socket);
  if (known) return known;
  const cert = socket.getPeerX509Certificate?.();
  let peer = noPeer;
  if (cert) {
    const is = (roots: readonly X509Certificate[] | undefined) => socket.authorized && (!roots || endsAt(cert, roots));
    const client = is(authorities?.client);
    peer = {
      certificate: client ? cert.raw : undefined,
      proxy: authorities && is(authorities.proxy) ? cert.raw : undefined,
      invalid: !client,
    };
  }
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

/** Identities ride in headers that may come several times; Node would join them. */
function headersOf(req: Incoming): HeaderValues {
  const { headers, rawHeaders } = req;
  if (headers['impersonate-user'] === undefined && headers['x-remote-user'] === undefined) return headers;
  const apart = new Map<string, string[]>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (name.startsWith('impersonate-') || name.startsWith('x-remote-'))
      apart.getOrInsertComputed(name, () => []).push(rawHeaders[i + 1]!);
  }
  return { ...headers, ...Object.fromEntries(apart) };
}

class HttpRequest implements ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderValues;
  readonly upgrade: boolean;
  readonly clientCertificate: Buffer | undefined;
  readonly proxyCertificate: Buffer | undefined;
  readonly invalidCertificate: boolean;
  readonly #req: Incoming;
  readonly #controller = new AbortController();

  constructor(
    req: Incoming,
    url: string,
    socket: TLSSocket | undefined,
    upgrade: boolean,
    authorities: Authorities | undefined,
  ) {
    this.#req = req;
    this.method = req.method ?? 'GET';
    this.url = url;
    this.headers = headersOf(req);
    this.upgrade = upgrade;
    const peer = peerOf(socket, authorities);
    this.clientCertificate = peer.certificate;
    this.proxyCertificate = peer.proxy;
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
const flushMs = 200;
const maxHeadBytes = 1024 * 1024;
/** As upstream's server has them (server/secure_serving.go): a handshake and a head take so long at most, and a connection may idle so long. */
const headMs = 32_000;
const idleMs = 90_000;
/** A client that speaks HTTP/2 begins at once (golang.org/x/net/http2 prefaceTimeout). */
const prefaceMs = 10_000;
/** How long a client that still sends gets to read why it is not listened to. */
const lingerMs = 500;
const discardedBytes = 256 * 1024;
/** Node takes every option of HTTP/1.1 here, its types only some. */
const http1: object = {
  http1Options: {
    maxHeaderSize: maxHeadBytes,
    headersTimeout: headMs,
    requestTimeout: 0,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: 4000,
  },
};

/** Breaks an answer off: over HTTP/2 its stream, over HTTP/1.1 the connection. */
function cut(res: Outgoing): void {
  if ('stream' in res && res.stream) res.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else res.destroy();
}

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
  // What was cut short must not look whole.
  body(sink).then(
    () => (request.signal.aborted ? cut(res) : out.end()),
    () => cut(res),
  );
}

const targetOf = (req: Incoming): Target | EarlyAnswer =>
  readTarget(req.method ?? 'GET', req.url ?? '/', req.headers['transfer-encoding']);

const earlyResponse = ({ status, text }: EarlyAnswer, req: Incoming): ApiResponse => ({
  status,
  headers: {
    'content-type': 'text/plain; charset=utf-8',
    ...(status >= 400 && req.httpVersionMajor < 2 && { connection: 'close' }),
  },
  body: Buffer.from(text),
});

function hasBody(req: Incoming): boolean {
  if (req.httpVersionMajor === 2) return !(req as Http2ServerRequest).stream?.endAfterHeaders;
  return req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined;
}

/** A request was answered before all of it was there: a little more is read and thrown away, then the client is not listened to any longer. */
function stopReceiving(req: Incoming, clock: Clock): void {
  if (req.complete) return;
  let size = 0;
  const cut = () => {
    late.cancel();
    if (req.complete) return;
    if (req.httpVersionMajor === 2) {
      (req as Http2ServerRequest).stream?.close(constants.NGHTTP2_NO_ERROR);
      return;
    }
    const { socket } = req;
    if (!socket || socket.destroyed) return;
    socket.end();
    const timer = clock.after(lingerMs, () => socket.destroy());
    socket.once('close', () => timer.cancel());
  };
  const late = clock.after(lingerMs, cut);
  req.on('data', (c: Buffer) => {
    size += c.length;
    if (size > discardedBytes) cut();
  });
  req.once('end', () => late.cancel());
  req.once('close', () => late.cancel());
}

/** Ends a session whose client does not begin, or leaves it without a request for long. */
function watchIdle(session: ServerHttp2Session, clock: Clock): void {
  let streams = 0;
  const begin = clock.after(prefaceMs, () => session.destroy());
  session.once('remoteSettings', () => begin.cancel());
  session.once('close', () => begin.cancel());
  session.on('stream', (stream: ServerHttp2Stream) => {
    streams++;
    stream.once('close', () => streams--);
  });
  session.setTimeout(idleMs, () => {
    if (streams > 0) return;
    session.close();
    // It may have begun a request and never got to the end of its head.
    const end = clock.after(lingerMs, () => session.destroy());
    session.once('close', () => end.cancel());
  });
}

/** Answers an upgrade request that is not upgraded. */
function sendRaw(socket: Duplex, r: ApiResponse): void {
  const body = typeof r.body === 'function' ? emptyBody : r.body;
  const lines = [`HTTP/1.1 ${r.status} ${STATUS_CODES[r.status] ?? ''}`];
  for (const [k, v] of Object.entries(r.headers)) if (k !== 'connection') lines.push(`${k}: ${v}`);
  lines.push(`content-length: ${body.length}`, 'connection: close');
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]));
}

/** Starts to listen. Rejects when the port is taken. */
export async function listen(
  options: ListenOptions,
  handle: (req: ApiRequest) => Promise<ApiResponse>,
  log: Logger,
  clock: Clock,
): Promise<Listener> {
  const { tls } = options;
  const trusted = [tls.clientCa, tls.requestHeaderCa].filter((pem): pem is string => !!pem);
  const authorities: Authorities | undefined = tls.requestHeaderCa
    ? { client: certificatesOf(tls.clientCa ?? ''), proxy: certificatesOf(tls.requestHeaderCa) }
    : undefined;
  const server = createSecureServer({
    allowHTTP1: true,
    cert: tls.cert,
    key: tls.key,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['h2', 'http/1.1'],
    handshakeTimeout: headMs,
    ...(trusted.length > 0 && { ca: trusted, requestCert: true, rejectUnauthorized: false }),
    // Long selectors, continue tokens and credentials ride in the head (upstream: Go's DefaultMaxHeaderBytes).
    ...http1,
    settings: { maxConcurrentStreams: 1000, initialWindowSize: 1024 * 1024, maxHeaderListSize: maxHeadBytes },
  });
  const sockets = new Set<Socket>();
  server.on('connection', (s: Socket) => {
    sockets.add(s);
    s.setNoDelay(true);
    s.on('close', () => sockets.delete(s));
  });
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (s: ServerHttp2Session) => {
    sessions.add(s);
    s.on('close', () => sessions.delete(s));
    watchIdle(s, clock);
    if (closing) s.close();
  });
  /** Requests that are not answered to the end. */
  const work = new Set<Outgoing>();
  let draining: (() => void) | undefined;
  let closing = false;
  const secured = new Set<TLSSocket>();
  server.on('secureConnection', (s: TLSSocket) => {
    secured.add(s);
    s.on('close', () => secured.delete(s));
  });
  server.on('sessionError', (e: Error) => log.debug('HTTP/2 session ended', { error: e }));
  server.on('tlsClientError', (e: Error) => log.debug('TLS handshake failed', { error: e }));
  server.on('request', (req: Http2ServerRequest, res: Http2ServerResponse) => {
    const socket = (req.httpVersionMajor === 2 ? req.stream?.session?.socket : req.socket) as TLSSocket | undefined;
    const target = targetOf(req);
    const request = new HttpRequest(req, 'url' in target ? target.url : '/', socket, false, authorities);
    // Over HTTP/2 the answer calls itself finished only when its stream is closed.
    if (hasBody(req)) (req.httpVersionMajor === 2 ? req.stream : res)?.once('finish', () => stopReceiving(req, clock));
    if ('status' in target) {
      send(res, earlyResponse(target, req), request);
      return;
    }
    work.add(res);
    res.on('close', () => {
      work.delete(res);
      if (draining && work.size === 0) draining();
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
    const target = targetOf(req);
    if ('status' in target) {
      sendRaw(socket, earlyResponse(target, req));
      return;
    }
    const request = new HttpRequest(req, target.url, socket as TLSSocket, true, authorities);
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
    async close(graceMs = 0) {
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Clients are told to send no more on what they have open.
      for (const s of sessions) s.close();
      if (graceMs > 0 && work.size > 0) {
        const over = Promise.withResolvers<void>();
        draining = over.resolve;
        const timer = clock.after(graceMs, over.resolve);
        await over.promise;
        timer.cancel();
        // What was just answered leaves first.
        for (const s of secured) s.destroySoon();
        const flushed = Promise.withResolvers<void>();
        const limit = clock.after(flushMs, flushed.resolve);
        await Promise.race([closed, flushed.promise]);
        limit.cancel();
      }
      for (const s of sockets) s.destroy();
      await closed;
    },
  };
}
