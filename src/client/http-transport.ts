/** Requests over HTTPS: one multiplexed HTTP/2 session, made anew when it breaks; HTTP/1.1 where a server offers no HTTP/2. */
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { Agent as PlainAgent, request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { readFileSync } from 'node:fs';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import { realClock } from '../base/clock.ts';
import type { Transport, TransportRequest, TransportResponse } from './client.ts';

export interface HttpTransportOptions {
  /** `https://127.0.0.1:6443`; `http://` is HTTP/1.1 in the clear, as to `kubectl proxy`. */
  readonly server: string;
  /** PEM; absent = the system's authorities. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly token?: string | undefined;
  /** Read for every request once a minute: tokens are rotated. */
  readonly tokenFile?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
  readonly serverName?: string | undefined;
}

/** The server could not be reached, or the connection broke in the middle. */
export class TransportError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'TransportError';
  }
}

/** A dead connection is noticed after two of these. */
const pingMs = 15_000;
const connectMs = 10_000;
const windowBytes = 8 * 2 ** 20;
const tokenLifeMs = 60_000;

export function createHttpTransport(o: HttpTransportOptions): Transport {
  const url = new URL(o.server);
  const token = tokenSource(o);
  const tls = {
    ...(o.ca && { ca: o.ca }),
    ...(o.cert && { cert: o.cert }),
    ...(o.key && { key: o.key }),
    rejectUnauthorized: !o.insecureSkipTlsVerify,
    ...(o.serverName && { servername: o.serverName }),
  };
  let session: Promise<ClientHttp2Session | undefined> | undefined;
  let agent: Agent | PlainAgent | undefined =
    url.protocol === 'http:' ? new PlainAgent({ keepAlive: true }) : undefined;
  let closed = false;

  const openSession = (): Promise<ClientHttp2Session | undefined> => {
    session ??= dial(url, tls)
      .then((socket) => {
        if (socket.alpnProtocol !== 'h2') {
          socket.destroy();
          agent = new Agent({ ...tls, keepAlive: true });
          return undefined;
        }
        // The default window of 64 KiB would make a list of many megabytes wait for the other side again and again.
        const s = connect(url.origin, { createConnection: () => socket, settings: { initialWindowSize: windowBytes } });
        s.once('connect', () => s.setLocalWindowSize(2 * windowBytes));
        const forget = () => {
          session = undefined;
        };
        s.on('error', forget).on('close', forget).on('goaway', forget);
        s.socket.unref();
        watchOver(s);
        return s;
      })
      .catch((e: unknown) => {
        session = undefined;
        throw new TransportError(`${o.server} cannot be reached: ${messageOf(e)}`, e);
      });
    return session;
  };

  return {
    async request(req) {
      if (closed) throw new TransportError('the client is closed');
      req.signal?.throwIfAborted();
      const bearer = token();
      const headers = { ...req.headers, ...(bearer && { authorization: `Bearer ${bearer}` }) };
      const s = agent ? undefined : await openSession();
      return s ? overHttp2(s, req, headers) : overHttp1(url, agent!, req, headers);
    },
    async close() {
      closed = true;
      agent?.destroy();
      (await session?.catch(() => undefined))?.destroy();
    },
  };
}

function tokenSource(o: HttpTransportOptions): () => string | undefined {
  const file = o.tokenFile;
  if (!file) return () => o.token;
  let read = { at: Number.NEGATIVE_INFINITY, token: '' };
  return () => {
    const now = realClock.monotonic();
    if (now - read.at > tokenLifeMs) read = { at: now, token: readFileSync(file, 'utf8').trim() };
    return read.token;
  };
}

function dial(url: URL, tls: object): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const socket = tlsConnect({ host, port: Number(url.port || 443), ALPNProtocols: ['h2', 'http/1.1'], ...tls });
    socket.setTimeout(connectMs, () => socket.destroy(new Error(`no connection after ${connectMs / 1000} s`)));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      socket.setTimeout(0);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

/** Pings a session; one that does not answer before the next ping is ended, and its streams fail at once. */
function watchOver(s: ClientHttp2Session): void {
  let waiting = false;
  const tick = () => {
    if (s.destroyed) return;
    if (waiting) {
      s.destroy(new Error('the server does not answer pings'));
      return;
    }
    waiting = true;
    s.ping((e) => {
      waiting = Boolean(e);
    });
    timer = realClock.after(pingMs, tick);
  };
  let timer = realClock.after(pingMs, tick);
  s.on('close', () => timer.cancel());
}

function overHttp2(
  s: ClientHttp2Session,
  req: TransportRequest,
  headers: Readonly<Record<string, string>>,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    let stream: ReturnType<ClientHttp2Session['request']>;
    try {
      stream = s.request(
        { [constants.HTTP2_HEADER_METHOD]: req.method, [constants.HTTP2_HEADER_PATH]: req.path, ...headers },
        { endStream: !req.body },
      );
    } catch (e) {
      reject(new TransportError(`the request could not be sent: ${messageOf(e)}`, e));
      return;
    }
    const abort = () => stream.close(constants.NGHTTP2_CANCEL);
    req.signal?.addEventListener('abort', abort, { once: true });
    let answered = false;
    stream.once('response', (h) => {
      answered = true;
      const { ':status': status = 0, ...rest } = h;
      resolve({ status, headers: rest as Record<string, string>, body: chunks(stream, req.signal) });
    });
    stream.once('error', (e) => reject(new TransportError(`the connection broke: ${e.message}`, e)));
    stream.once('close', () => {
      req.signal?.removeEventListener('abort', abort);
      if (!answered)
        reject(
          req.signal?.aborted
            ? (req.signal.reason as Error)
            : new TransportError('the connection closed before an answer came'),
        );
    });
    if (req.body) stream.end(req.body);
  });
}

function overHttp1(
  url: URL,
  agent: Agent | PlainAgent,
  req: TransportRequest,
  headers: Readonly<Record<string, string>>,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const r = (url.protocol === 'http:' ? httpRequest : httpsRequest)(
      url.origin + req.path,
      { method: req.method, headers, agent, ...(req.signal && { signal: req.signal }) },
      (res) =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers as Record<string, string>,
          body: chunks(res, req.signal),
        }),
    );
    r.once('error', (e) =>
      reject(
        req.signal?.aborted ? (req.signal.reason as Error) : new TransportError(`the request failed: ${e.message}`, e),
      ),
    );
    r.end(req.body);
  });
}

/** The body's chunks; a break in the middle is a TransportError, an abort ends it quietly. */
async function* chunks(stream: AsyncIterable<Buffer>, signal: AbortSignal | undefined): AsyncIterable<Buffer> {
  try {
    for await (const chunk of stream) yield chunk;
  } catch (e) {
    if (!signal?.aborted) throw new TransportError(`the connection broke: ${messageOf(e)}`, e);
  }
}

const messageOf = (e: unknown): string => (e instanceof Error ? e.message : String(e));
