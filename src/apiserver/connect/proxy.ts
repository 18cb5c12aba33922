/** Carries one request over a connection to a backend and its answer back; upgrades become a raw pipe of bytes. */
import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import { StatusError } from '../../machinery/status-error.ts';
import type { ApiRequest, ApiResponse, BodyStream } from '../request.ts';

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'host',
  'authorization',
]);

const bearerProtocol = 'base64url.bearer.authorization.k8s.io.';

/** What of a request's headers a backend may see: no credentials, nothing of this connection. */
export function forwardedHeaders(req: ApiRequest, upgrade: boolean): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {};
  for (const [k, v] of Object.entries(req.headers)) {
    if (v === undefined || k.startsWith(':') || k.startsWith('impersonate-')) continue;
    if (hopByHop.has(k) && !(upgrade && (k === 'connection' || k === 'upgrade'))) continue;
    out[k] = typeof v === 'string' ? v : [...v];
  }
  const protocols = out['sec-websocket-protocol'];
  if (typeof protocols === 'string') {
    const kept = protocols
      .split(',')
      .map((p) => p.trim())
      .filter((p) => !p.startsWith(bearerProtocol));
    if (kept.length) out['sec-websocket-protocol'] = kept.join(', ');
    else delete out['sec-websocket-protocol'];
  }
  return out;
}

/** Sends the upgrade request as it came and joins the two sockets; whatever the backend answers reaches the client. */
export function upgradeResponse(req: ApiRequest, backend: Duplex, host: string, path: string): ApiResponse {
  return {
    status: 101,
    headers: {},
    body: Buffer.alloc(0),
    upgrade(socket, head) {
      const lines = [`${req.method} ${path} HTTP/1.1`, `Host: ${host}`];
      for (const [k, v] of Object.entries(forwardedHeaders(req, true)))
        for (const one of typeof v === 'string' ? [v] : v) lines.push(`${k}: ${one}`);
      const end = () => {
        socket.destroy();
        backend.destroy();
      };
      socket.on('error', end).on('close', end);
      backend.on('error', end).on('close', end);
      backend.write(`${lines.join('\r\n')}\r\n\r\n`);
      if (head.length) backend.write(head);
      backend.pipe(socket);
      socket.pipe(backend);
    },
  };
}

const answerBody =
  (res: Readable, done: () => void): BodyStream =>
  async (sink) => {
    const stop = () => res.destroy();
    sink.signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const chunk of res as AsyncIterable<Buffer | string>)
        if (!sink.write(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)) await sink.drained();
    } catch (e) {
      if (!sink.signal.aborted) throw e;
    } finally {
      sink.signal.removeEventListener('abort', stop);
      done();
    }
  };

/** How a request is sent on as upstream's reverse proxy does for pods, services and nodes. */
export interface ReverseProxy {
  /** The path of the proxy without what follows it. */
  readonly prefix: string;
  /** The Host header of the client; the backend sees it too. */
  readonly clientHost: string;
}

/** One HTTP request over `backend`, the connection is closed after it. With `reverse`, links of the answer lead through the proxy. */
export function proxyRequest(
  req: ApiRequest,
  backend: Duplex,
  host: string,
  path: string,
  reverse?: ReverseProxy,
): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const fail = (e: Error) => {
      backend.destroy();
      reject(new StatusError(503, 'ServiceUnavailable', `error trying to reach service: ${e.message}`));
    };
    const out = httpRequest({
      method: req.method,
      path,
      headers: {
        ...forwardedHeaders(req, false),
        ...(reverse && { 'x-forwarded-uri': `${reverse.prefix}${path.replace(/\?.*$/s, '')}` }),
        host: reverse?.clientHost || host,
        connection: 'close',
      },
      createConnection: () => backend as never,
    });
    out.on('error', fail);
    out.on('response', (res) => void answer(res, backend, host, reverse).then(resolve, fail));
    void (async () => {
      try {
        if (req.method !== 'GET' && req.method !== 'HEAD')
          for await (const chunk of req.bodyStream())
            if (!out.write(chunk)) await new Promise((r) => out.once('drain', r));
        out.end();
      } catch (e) {
        out.destroy(e as Error);
      }
    })();
  });
}

async function answer(
  res: IncomingMessage,
  backend: Duplex,
  host: string,
  reverse: ReverseProxy | undefined,
): Promise<ApiResponse> {
  const headers: Record<string, string> = {};
  for (const [k, v] of Object.entries(res.headers))
    if (v !== undefined && !hopByHop.has(k)) headers[k] = typeof v === 'string' ? v : v.join(', ');
  let body: Readable = res;
  const isPage = /^\s*text\/html\s*(;|$)/i.test(headers['content-type'] ?? '');
  if (reverse && (headers['location'] || isPage)) {
    // pages are rare, and the parser is large
    const { rewriteHtml, rewriteUrl } = await import('./rewrite.ts');
    const place = { ...reverse, backendHost: host };
    if (headers['location']) headers['location'] = rewriteUrl(headers['location'], place);
    else {
      const page = rewriteHtml(res, headers['content-encoding'] ?? '', place);
      if (page) {
        body = page;
        delete headers['content-length'];
        delete headers['content-encoding'];
      }
    }
  }
  return { status: res.statusCode ?? 502, headers, body: answerBody(body, () => backend.destroy()) };
}
