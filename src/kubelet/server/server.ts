/** The kubelet's HTTPS server on 10250: logs, exec, attach, port-forward, stats, metrics (upstream: pkg/kubelet/server/server.go). */
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Duplex, type PassThrough, type Writable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { Running } from '../../base/running.ts';
import type { Client } from '../../client/client.ts';
import type { Pod } from '../../api/core/v1/types.ts';
import type { KubeletView } from '../kubelet.ts';
import { findContainer, nameOf, uidOf } from '../pod/identity.ts';
import { latest } from '../pod/observed.ts';
import { createRequestAuth, subresourcesOf } from './auth.ts';
import { logContainer, logOptionsOf } from './log-request.ts';
import { readLog } from './log-reader.ts';
import { createForwarder, forwardChannel, servePortForward } from './port-forward.ts';
import { type ClientStreams, type CommandOptions, joinStreams, type Target } from './remote-command.ts';
import { SpdyConnection, type SpdyStream } from './spdy-connection.ts';
import { createStats, resourceMetrics } from './stats.ts';
import { websocketChannels, websocketDuplex } from './websocket.ts';

export interface KubeletServerOptions {
  /** Default 10250; 0 = any free one. */
  readonly port?: number;
  /** Default 0.0.0.0. */
  readonly address?: string;
  /** PEM texts. */
  readonly cert: string;
  readonly key: string;
  readonly clientCA: string;
  /** Milliseconds without traffic after which a stream ends; default 4 h, as upstream. */
  readonly streamIdleMs?: number;
}
export interface KubeletServer extends Running {
  readonly port: number;
}
interface Context {
  readonly view: KubeletView;
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
}

class HttpError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
const commandProtocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
];
const spdyProtocols = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'];
const websocketProtocols = [...commandProtocols, 'v4.base64.channel.k8s.io', 'base64.channel.k8s.io'];
const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';
const flag = (v: string | null): boolean => v === '1' || v === 'true';
const creationMs = 30_000;

export async function startKubeletServer(
  options: KubeletServerOptions,
  context: Context,
  signal: AbortSignal,
): Promise<KubeletServer> {
  const { view, clock, log } = context;
  const auth = createRequestAuth(context.client, view.settings.nodeName);
  const stats = createStats(view, clock);
  const idleMs = options.streamIdleMs ?? 4 * 3600_000;
  const sockets = new Set<Duplex>();
  const server: Server = createServer({
    cert: options.cert,
    key: options.key,
    ca: options.clientCA,
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
  });
  server.requestTimeout = 0;
  server.on('secureConnection', (s: TLSSocket) => {
    sockets.add(s);
    s.setNoDelay(true);
    s.once('close', () => sockets.delete(s));
  });

  const podOf = (parts: readonly string[]): Pod => {
    const [namespace = '', name = '', uid] = parts;
    const pod = view.find(namespace, name, uid);
    if (!pod) throw new HttpError(404, 'pod does not exist');
    return pod;
  };
  /** `/exec/<ns>/<pod>[/<uid>]/<container>` */
  const containerTarget = async (
    parts: readonly string[],
  ): Promise<{ pod: Pod; containerId: string; tty: boolean }> => {
    const [, namespace = '', name = '', a = '', b] = parts;
    const container = b ?? a;
    const pod = podOf(b === undefined ? [namespace, name] : [namespace, name, a]);
    const found = latest(await view.observe(uidOf(pod)), container);
    if (found?.state !== 'running')
      throw new HttpError(500, `unable to upgrade connection: container not found ("${container}")`);
    return { pod, containerId: found.id, tty: findContainer(pod, container)?.tty === true };
  };

  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const url = new URL(req.url ?? '/', 'https://kubelet');
    const path = url.pathname;
    const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
    const text = (body: string, type = 'text/plain; charset=utf-8') => {
      res.writeHead(200, { 'Content-Type': type });
      res.end(body);
    };
    const json = (body: unknown) => text(JSON.stringify(body), 'application/json');
    if (parts[0] === 'healthz') return text('ok');
    if (path === '/pods' || path === '/pods/')
      return json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: view.pods() });
    if (parts[0] === 'runningpods')
      return json({
        kind: 'PodList',
        apiVersion: 'v1',
        metadata: {},
        items: view.pods().filter((p) => p.status.containerStatuses?.some((c) => c.state.running)),
      });
    if (path === '/stats/summary') return json(await stats.summary());
    if (path === '/metrics/resource')
      return text(resourceMetrics(await stats.summary()), 'text/plain; version=0.0.4; charset=utf-8');
    if (path === '/metrics') {
      const running = view.pods().filter((p) => p.status.phase === 'Running');
      const containers = running.flatMap((p) => p.status.containerStatuses ?? []).filter((c) => c.state.running);
      return text(
        `# HELP kubelet_running_pods [ALPHA] Number of pods that have a running pod sandbox\n# TYPE kubelet_running_pods gauge\nkubelet_running_pods ${running.length}\n` +
          `# HELP kubelet_running_containers [ALPHA] Number of containers currently running\n# TYPE kubelet_running_containers gauge\nkubelet_running_containers{container_state="running"} ${containers.length}\n` +
          `# HELP kubelet_node_name [ALPHA] The node's name. The count is always 1.\n# TYPE kubelet_node_name gauge\nkubelet_node_name{node="${view.settings.nodeName}"} 1\n` +
          `# HELP process_resident_memory_bytes Resident memory size in bytes.\n# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes ${process.memoryUsage.rss()}\n`,
        'text/plain; version=0.0.4; charset=utf-8',
      );
    }
    if (path === '/configz') return json({ kubeletconfig: configOf(view, options) });
    if (parts[0] === 'containerLogs' && parts.length === 4) return logs(res, url, parts);
    if (parts[0] === 'run' && req.method === 'POST') {
      const { containerId } = await containerTarget(parts);
      const cmd = (url.searchParams.get('cmd') ?? '').split(' ');
      const r = await view.runtime.exec(containerId, cmd, 0);
      return text(Buffer.concat([r.stdout, r.stderr]).toString());
    }
    if (['exec', 'attach', 'portForward'].includes(parts[0] ?? ''))
      throw new HttpError(400, 'Upgrade request required');
    throw new HttpError(404, '404 page not found');
  };

  const logs = async (res: ServerResponse, url: URL, parts: readonly string[]): Promise<void> => {
    const [, namespace = '', name = '', container = ''] = parts;
    const pod = view.find(namespace, name);
    if (!pod) throw new HttpError(404, `pod "${name}" does not exist`);
    if (!findContainer(pod, container)) throw new HttpError(404, `container "${container}" not found in pod "${name}"`);
    const o = logOptionsOf(url.searchParams, clock.now());
    if (typeof o === 'string') throw new HttpError(422, o);
    const id = logContainer(pod, container, o.previous);
    if ('error' in id) throw new HttpError(400, id.error);
    const status = await view.runtime.containerStatus(id.containerId).catch((e: Error) => {
      throw new HttpError(400, `failed to get container status "${id.containerId}": ${e.message}`);
    });
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    res.writeHead(200, { 'Content-Type': 'text/plain' });
    res.flushHeaders();
    const source = {
      host: view.host,
      clock,
      path: status.logPath,
      running: async () =>
        (await view.runtime.containerStatus(id.containerId).catch(() => undefined))?.state === 'running',
    };
    try {
      for await (const piece of readLog(source, o, AbortSignal.any([gone.signal, signal])))
        if (!res.write(piece))
          await new Promise<void>((r) => {
            res.once('drain', r);
            res.once('close', r);
          });
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code === 'ENOENT')
        res.write(
          `failed to try resolving symlinks in path "${status.logPath}": lstat ${status.logPath}: no such file or directory`,
        );
      else log.warn('a log could not be read', { path: status.logPath, error: e as Error });
    }
    res.end();
  };

  const check = async (req: IncomingMessage): Promise<void> => {
    const path = new URL(req.url ?? '/', 'https://kubelet').pathname;
    const user = await auth.authenticate(req);
    if (!user) throw new HttpError(401, 'Unauthorized');
    const method = req.method ?? 'GET';
    if (!(await auth.authorize(user, method, path)))
      throw new HttpError(
        403,
        `Forbidden (user=${user.name}, verb=${{ GET: 'get', POST: 'create' }[method] ?? method.toLowerCase()}, resource=nodes, subresource(s)=[${subresourceText(path)}])`,
      );
  };

  server.on('request', (req, res) => {
    check(req)
      .then(() => handle(req, res))
      .catch((e: Error) => {
        const code = e instanceof HttpError ? e.code : 500;
        if (!(e instanceof HttpError)) log.error('a request failed', { path: req.url, error: e });
        if (!res.headersSent) res.writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8' });
        res.end(e.message);
      });
  });

  const commandOptions = (q: URLSearchParams): CommandOptions => ({
    stdin: flag(q.get('input')) || flag(q.get('stdin')),
    stdout: flag(q.get('output')) || flag(q.get('stdout')),
    stderr: flag(q.get('error')) || flag(q.get('stderr')),
    tty: flag(q.get('tty')),
  });

  const sockServer = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered, req) => {
      const portForward = (req.url ?? '').startsWith('/portForward');
      const known = portForward
        ? [tunnelProtocol, 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io', 'portforward.k8s.io']
        : websocketProtocols;
      return known.find((p) => offered.has(p)) ?? false;
    },
  });

  const upgrade = async (req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const url = new URL(req.url ?? '/', 'https://kubelet');
    const parts = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    const kind = parts[0];
    const protocol = (req.headers.upgrade ?? '').toLowerCase();
    if (kind === 'portForward') {
      const pod = podOf(parts.slice(1));
      const observed = await view.observe(uidOf(pod));
      const sandbox = observed.sandboxes.find((s) => s.ready);
      if (!sandbox) throw new HttpError(500, `failed to find sandbox for pod "${nameOf(pod)}"`);
      const where = { pod: `${nameOf(pod)}_${pod.metadata.namespace}`, uid: uidOf(pod) };
      const forwarder = createForwarder(view.runtime, sandbox.id);
      if (protocol === 'websocket') return portForwardOverWebsocket(req, socket, head, url, where, forwarder);
      acceptSpdy(req, socket, ['portforward.k8s.io']);
      return servePortForward(socket, head, where, forwarder, clock, idleMs);
    }
    if (kind !== 'exec' && kind !== 'attach') throw new HttpError(404, '404 page not found');
    const { containerId, tty } = await containerTarget(parts);
    const target: Target =
      kind === 'exec' ? { kind, containerId, cmd: url.searchParams.getAll('command') } : { kind, containerId };
    const asked = commandOptions(url.searchParams);
    // a container's own terminal decides when it is attached to
    const o = kind === 'attach' ? { ...asked, tty } : asked;
    if (!o.stdin && !o.stdout && !o.stderr)
      throw new HttpError(400, 'you must specify at least 1 of stdin, stdout, stderr');
    const streams =
      protocol === 'websocket'
        ? await commandOverWebsocket(req, socket, head, o)
        : await commandOverSpdy(req, socket, head, o, clock);
    if (streams) await joinStreams(view.runtime, target, o, streams);
  };

  const acceptWebsocket = (req: IncomingMessage, socket: Duplex, head: Buffer) =>
    new Promise<import('ws').WebSocket>((resolve) => sockServer.handleUpgrade(req, socket, head, resolve));

  const commandOverWebsocket = async (
    req: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    o: CommandOptions,
  ): Promise<ClientStreams> => {
    const ws = await acceptWebsocket(req, socket, head);
    const protocol = ws.protocol || 'channel.k8s.io';
    const channels = websocketChannels(ws, protocol, [...(o.stdin ? [0] : []), 4]);
    const stdout = o.stdout ? channels.output(1) : undefined;
    const stderr = o.stderr && !o.tty ? channels.output(2) : undefined;
    const error = channels.output(3);
    (stdout ?? stderr ?? error).write(Buffer.alloc(0));
    return {
      ...(o.stdin && { stdin: channels.input(0) }),
      stdout,
      stderr,
      error,
      resize: channels.input(4),
      statusJson: /^v[45]\./.test(protocol),
      close: channels.close,
      closed: channels.closed,
    };
  };

  const portForwardOverWebsocket = async (
    req: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    url: URL,
    where: { readonly pod: string; readonly uid: string },
    forwarder: ReturnType<typeof createForwarder>,
  ): Promise<void> => {
    const ws = await acceptWebsocket(req, socket, head);
    if (ws.protocol === tunnelProtocol)
      return servePortForward(websocketDuplex(ws), Buffer.alloc(0), where, forwarder, clock, idleMs);
    const ports = url.searchParams
      .getAll('port')
      .flatMap((p) => p.split(','))
      .map(Number);
    if (ports.length === 0 || ports.some((p) => !Number.isInteger(p) || p < 1 || p > 65_535)) {
      ws.close(1008, 'query parameter "port" is required');
      return;
    }
    const channels = websocketChannels(
      ws,
      ws.protocol || 'v4.channel.k8s.io',
      ports.map((_, i) => i * 2),
    );
    await Promise.all(
      ports.map((port, i) => {
        const data = joined(channels.input(i * 2), channels.output(i * 2));
        return forwardChannel(port, data, channels.output(i * 2 + 1), where, forwarder);
      }),
    );
    channels.close();
    forwarder.close();
  };

  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    check(req)
      .then(() => upgrade(req, socket, head))
      .catch((e: Error) => {
        const code = e instanceof HttpError ? e.code : 500;
        if (!(e instanceof HttpError)) log.warn('a stream failed', { path: req.url, error: e });
        const reason =
          { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' }[code] ??
          'Internal Server Error';
        if (socket.writable)
          socket.end(
            `HTTP/1.1 ${code} ${reason}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(e.message)}\r\nConnection: close\r\n\r\n${e.message}`,
          );
      });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 10_250, options.address ?? '0.0.0.0', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  const stopped = new Promise<void>((resolve) => {
    const close = () => {
      server.close(() => resolve());
      sockServer.close();
      for (const s of sockets) s.destroy();
    };
    if (signal.aborted) close();
    else signal.addEventListener('abort', close, { once: true });
  });
  return { port: typeof address === 'object' && address ? address.port : 0, stopped };
}

/** Answers 101 with the best protocol both know. @throws 403 when there is none */
function acceptSpdy(req: IncomingMessage, socket: Duplex, known: readonly string[]): string {
  if (!/^spdy\/3\.1$/i.test(req.headers.upgrade ?? ''))
    throw new HttpError(
      400,
      `unable to upgrade: missing upgrade headers in request: ${JSON.stringify(req.headers.upgrade ?? '')}`,
    );
  const given = req.headers['x-stream-protocol-version'];
  const offered = (Array.isArray(given) ? given : (given ?? '').split(',')).map((s) => s.trim()).filter(Boolean);
  const chosen = offered.length === 0 ? known.at(-1)! : known.find((p) => offered.includes(p));
  if (chosen === undefined)
    throw new HttpError(
      403,
      `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server supports [${known.join(' ')}]`,
    );
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${chosen}\r\n\r\n`,
  );
  return chosen;
}

/** Waits for the streams the options call for; undefined when the client goes or takes too long. */
async function commandOverSpdy(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  o: CommandOptions,
  clock: Clock,
): Promise<ClientStreams | undefined> {
  const protocol = acceptSpdy(req, socket, spdyProtocols);
  const withResize = o.tty && /^v[34]\./.test(protocol);
  const wanted = [
    'error',
    ...(o.stdin ? ['stdin'] : []),
    ...(o.stdout ? ['stdout'] : []),
    ...(o.stderr && !o.tty ? ['stderr'] : []),
    ...(withResize ? ['resize'] : []),
  ];
  const streams = new Map<string, SpdyStream>();
  const { promise: complete, resolve } = Promise.withResolvers<boolean>();
  const connection = new SpdyConnection(socket, head, {
    role: 'server',
    onStream(stream) {
      const type = stream.headers['streamtype'] ?? '';
      if (!wanted.includes(type) || streams.has(type)) return false;
      streams.set(type, stream);
      if (streams.size === wanted.length) resolve(true);
      return true;
    },
  });
  const timer = clock.after(creationMs, () => resolve(false));
  const ok = await Promise.race([complete, connection.closed.then(() => false)]);
  timer.cancel();
  if (!ok) {
    connection.close();
    return undefined;
  }
  return {
    stdin: streams.get('stdin'),
    stdout: streams.get('stdout'),
    stderr: streams.get('stderr'),
    error: streams.get('error')!,
    resize: streams.get('resize'),
    statusJson: protocol.startsWith('v4.'),
    close: () => connection.close(),
    closed: connection.closed,
  };
}

/** A readable and a writable as one (a form of Duplex.from that its types leave out). */
const joined = (input: PassThrough, output: Writable): Duplex =>
  Duplex.from({ readable: input, writable: output } as never);

const subresourceText = (path: string): string => subresourcesOf(path).join(' ');

/** /configz: what of KubeletConfiguration this kubelet follows. */
const configOf = (view: KubeletView, o: KubeletServerOptions) => ({
  port: o.port ?? 10_250,
  address: o.address ?? '0.0.0.0',
  clusterDomain: view.settings.clusterDomain,
  clusterDNS: view.settings.clusterDNS,
  maxPods: view.settings.maxPods,
  podPidsLimit: view.settings.podPidsLimit,
  cgroupDriver: 'cgroupfs',
  cgroupRoot: view.settings.cgroupRoot || '/',
  resolvConf: view.settings.resolvConf,
  containerLogMaxSize: `${view.settings.containerLogMaxBytes / 2 ** 20}Mi`,
  containerLogMaxFiles: view.settings.containerLogMaxFiles,
  nodeStatusUpdateFrequency: '10s',
  nodeStatusReportFrequency: '5m0s',
  nodeLeaseDurationSeconds: 40,
});
