/** `kubectl proxy`: the API server on a local port, with this user's credentials and files of a folder beside it (upstream: kubectl/pkg/cmd/proxy, pkg/proxy). */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { join, normalize } from 'node:path';
import type { Duplex } from 'node:stream';
import { CommandError } from '../failure.ts';
import { bool, duration, int, text } from '../flags.ts';
import type { Session } from '../session.ts';
import type { Verb } from '../verb.ts';

const defaults = {
  'accept-paths': '^.*',
  'reject-paths': '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach',
  'reject-methods': '^$',
  'accept-hosts': '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$',
} as const;

function patterns(s: Session, name: keyof typeof defaults): readonly RegExp[] {
  return (s.flags.text(name) ?? defaults[name])
    .split(',')
    .filter(Boolean)
    .map((p) => {
      try {
        return new RegExp(p);
      } catch (e) {
        throw new CommandError(`error parsing regexp: ${(e as Error).message}`);
      }
    });
}

export const proxy: Verb = {
  usage: 'proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
  summary: 'Run a proxy to the Kubernetes API server',
  flags: {
    'accept-hosts': text('Regular expression for hosts that the proxy should accept.'),
    'accept-paths': text('Regular expression for paths that the proxy should accept.'),
    'reject-paths': text('Regular expression for paths that the proxy should reject.'),
    'reject-methods': text('Regular expression for HTTP methods that the proxy should reject.'),
    address: text('The IP address on which to serve on.'),
    'api-prefix': text('Prefix to serve the proxied API under.'),
    'append-server-path': bool(
      'If true, enables automatic path appending of the kube context server path to each request.',
    ),
    'disable-filter': bool('If true, disable request filtering in the proxy.'),
    keepalive: duration('keepalive specifies the keep-alive period for an active network connection.'),
    port: int('The port on which to run the proxy. Set to 0 to pick a random port.', 'p'),
    'unix-socket': text('Unix socket on which to run the proxy.', 'u'),
    www: text('Also serve static files from the given directory under the specified prefix.', 'w'),
    'www-prefix': text('Prefix to serve static files under, if static file directory is specified.', 'P'),
  },
  async run(s) {
    const { flags } = s;
    const socket = flags.text('unix-socket', '');
    const port = flags.int('port') ?? 8001;
    if (socket && (flags.int('port') ?? 8001) !== 8001)
      throw new CommandError('cannot set --unix-socket and --port at the same time');
    const www = flags.text('www', '');
    if (www && !existsSync(www))
      s.io.err(`Failed to stat static file directory ${www}: stat ${www}: no such file or directory\n`);
    else if (www && !statSync(www).isDirectory()) s.io.err(`Static file directory ${www} is not a directory\n`);
    const slashed = (p: string) => (p.endsWith('/') ? p : `${p}/`);
    const prefix = slashed(flags.text('api-prefix', '/'));
    const wwwPrefix = slashed(flags.text('www-prefix', '/static/'));
    if (flags.bool('disable-filter'))
      s.io.err(socket ? '' : 'Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious\n');
    const accept = flags.bool('disable-filter')
      ? () => true
      : filter(
          patterns(s, 'accept-hosts'),
          patterns(s, 'accept-paths'),
          patterns(s, 'reject-paths'),
          patterns(s, 'reject-methods'),
        );
    const base = flags.bool('append-server-path')
      ? new URL(s.connection.transport.server).pathname.replace(/\/$/, '')
      : '';
    const server = createServer((req, res) => {
      const path = req.url ?? '/';
      if (!accept(req)) {
        res.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end('Forbidden\n');
        return;
      }
      if (www && path.startsWith(wwwPrefix)) return void sendFile(www, path.slice(wwwPrefix.length), res);
      if (!path.startsWith(prefix)) {
        res.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
        return;
      }
      forward(s, req, base + (prefix === '/' ? path : `/${path.slice(prefix.length)}`), res);
    });
    server.on('upgrade', (req, stream: Duplex, head) => {
      if (!accept(req)) return void stream.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      upgrade(s, req, base + (req.url ?? '/'), stream, head);
    });
    server.keepAliveTimeout = flags.duration('keepalive') || server.keepAliveTimeout;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (e: NodeJS.ErrnoException) =>
        reject(
          new CommandError(
            e.code === 'EADDRINUSE'
              ? `listen tcp ${flags.text('address', '127.0.0.1')}:${port}: bind: address already in use`
              : e.message,
          ),
        ),
      );
      const ready = () => {
        const at = server.address();
        s.io.out(
          `Starting to serve on ${typeof at === 'string' ? at : `${at!.address.includes(':') ? `[${at!.address}]` : at!.address}:${at!.port}`}\n`,
        );
        s.io.signal.addEventListener('abort', () => {
          server.closeAllConnections();
          server.close(() => resolve());
        });
      };
      if (socket) server.listen(socket, ready);
      else server.listen(port, flags.text('address', '127.0.0.1'), ready);
    });
  },
};

function filter(
  hosts: readonly RegExp[],
  paths: readonly RegExp[],
  not: readonly RegExp[],
  methods: readonly RegExp[],
) {
  const any = (rs: readonly RegExp[], v: string) => rs.some((r) => r.test(v));
  return (req: IncomingMessage): boolean => {
    const host = (req.headers.host ?? '').replace(/:\d+$/, '');
    const path = (req.url ?? '/').replace(/\?.*$/s, '');
    return any(hosts, host) && !any(methods, req.method ?? 'GET') && !any(not, path) && any(paths, path);
  };
}

function sendFile(root: string, path: string, res: ServerResponse): void {
  const file = join(root, normalize(`/${decodeURIComponent(path.replace(/\?.*$/s, ''))}`));
  if (!existsSync(file) || statSync(file).isDirectory()) {
    res.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
    return;
  }
  createReadStream(file).pipe(res);
}

function options(s: Session, req: IncomingMessage, path: string) {
  const t = s.connection.transport;
  const url = new URL(t.server);
  const token = t.token ?? (t.tokenFile ? readFileSync(t.tokenFile, 'utf8').trim() : undefined);
  const { host: _, ...headers } = req.headers;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || (url.protocol === 'https:' ? 443 : 80),
    path,
    method: req.method,
    headers: {
      ...headers,
      host: url.host,
      ...t.headers,
      ...(token && { authorization: `Bearer ${token}` }),
    } as NodeJS.Dict<string | string[]>,
    rejectUnauthorized: !t.insecureSkipTlsVerify,
    ...(t.ca && { ca: t.ca }),
    ...(t.cert && { cert: t.cert }),
    ...(t.key && { key: t.key }),
    ...(t.serverName && { servername: t.serverName }),
  };
}
const requestOf = (s: Session) => (s.connection.transport.server.startsWith('http:') ? plainRequest : tlsRequest);

function forward(s: Session, req: IncomingMessage, path: string, res: ServerResponse): void {
  const out = requestOf(s)(options(s, req, path), (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    res.flushHeaders();
    answer.pipe(res);
  });
  out.on('error', (e) => {
    s.io.err(`Error while proxying request: ${e.message}\n`);
    if (!res.headersSent) res.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
    res.end(`${e.message}\n`);
  });
  res.on('close', () => out.destroy());
  req.pipe(out);
}

function upgrade(s: Session, req: IncomingMessage, path: string, stream: Duplex, head: Buffer): void {
  const out = requestOf(s)(options(s, req, path));
  const end = () => {
    stream.destroy();
    out.destroy();
  };
  out.on('upgrade', (answer, other, first) => {
    const lines = [`HTTP/1.1 101 Switching Protocols`];
    for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2)
      lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}`);
    stream.write(`${lines.join('\r\n')}\r\n\r\n`);
    if (first.length) stream.write(first);
    if (head.length) other.write(head);
    other.pipe(stream).pipe(other);
    other.on('error', end).on('close', end);
    stream.on('error', end).on('close', end);
  });
  out.on('response', (answer) => {
    stream.write(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n\r\n`);
    answer.pipe(stream);
  });
  out.on('error', end);
  out.end();
}
