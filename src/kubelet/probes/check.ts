/** One check of a container: HTTP, TCP, gRPC or a command (upstream: pkg/probe). The edge where probes leave the process. */
import { createRequire } from 'node:module';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../base/clock.ts';
import type { Probe } from '../../api/core/v1/types.ts';
import { type ContainerRuntime, RuntimeError } from '../cri.ts';
import type { AnyContainer } from '../pod/identity.ts';

export interface CheckResult {
  readonly verdict: 'success' | 'failure' | 'warning' | 'unknown';
  readonly output: string;
}
export interface CheckTarget {
  readonly container: AnyContainer;
  readonly containerId: string;
  readonly podIP: string;
}
export type Check = (probe: Probe, target: CheckTarget) => Promise<CheckResult>;

/** In Go's words: TLS was spoken to a server that speaks none. */
export const plainAnswer = 'http: server gave HTTP response to HTTPS client';
const maxBody = 10 * 1024;
const success = (output = ''): CheckResult => ({ verdict: 'success', output });
const failure = (output: string): CheckResult => ({ verdict: 'failure', output });

/** A port number, or the container's port of that name; throws when there is none. */
export function resolvePort(port: string | number, c: AnyContainer): number {
  const n =
    typeof port === 'number'
      ? port
      : /^\d+$/.test(port)
        ? Number(port)
        : c.ports?.find((p) => p.name === port)?.containerPort;
  if (n === undefined) throw new Error(`couldn't find named port "${port}" in container ${c.name}`);
  if (n < 1 || n > 65_535) throw new Error(`invalid port number: ${n}`);
  return n;
}
export const joinHost = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

export interface HttpTarget {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly userAgent: string;
}
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** GET with its own connection; redirects within the host are followed. Rejects with Go's words of the fault. */
export async function httpGet(t: HttpTarget, timeoutMs: number): Promise<HttpAnswer> {
  let url = new URL(
    `${t.scheme.toLowerCase()}://${joinHost(t.host, t.port)}${t.path.startsWith('/') ? t.path : `/${t.path}`}`,
  );
  const deadline = AbortSignal.timeout(timeoutMs);
  for (let hop = 0; ; hop++) {
    const answer = await once(url, t, deadline);
    const location = answer.location;
    if (answer.status < 300 || answer.status >= 400 || location === undefined || hop === 10) return answer;
    const next = new URL(location, url);
    if (next.hostname !== url.hostname) return answer;
    url = next;
  }
}
function once(url: URL, t: HttpTarget, signal: AbortSignal): Promise<HttpAnswer & { location: string | undefined }> {
  const headers: Record<string, string | string[]> = { 'User-Agent': t.userAgent, Accept: '*/*', Connection: 'close' };
  const canonical = (name: string) => Object.keys(headers).find((k) => k.toLowerCase() === name.toLowerCase()) ?? name;
  const given = new Set<string>();
  for (const h of t.headers) {
    const name = canonical(h.name);
    const before = headers[name];
    headers[name] = before !== undefined && given.has(name) ? [before, h.value].flat() : h.value;
    given.add(name);
  }
  for (const [k, v] of Object.entries(headers)) if (v === '') delete headers[k];
  return new Promise((resolve, reject) => {
    const fault = (e: Error) => reject(new Error(`Get "${url.href}": ${goFault(e, signal, url)}`));
    const request = (url.protocol === 'https:' ? https : http).get(
      url,
      // servers that end lines with a bare LF are understood, as Go does
      { headers, signal, rejectUnauthorized: false, agent: false, insecureHTTPParser: true },
      (res) => {
        let body = '';
        res.setEncoding('utf8');
        res.on('data', (d: string) => {
          if (body.length < maxBody) body = (body + d).slice(0, maxBody);
        });
        res.on('error', fault);
        res.on('end', () => resolve({ status: res.statusCode ?? 0, body, location: res.headers.location }));
      },
    );
    request.on('error', fault);
  });
}
function goFault(e: Error & { code?: string }, signal: AbortSignal, url: URL): string {
  if (signal.aborted) return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return dialFault(e, url.hostname.replace(/[[\]]/g, ''), Number(port));
}
const dialFault = (e: Error & { code?: string }, host: string, port: number): string => {
  const at = `dial tcp ${joinHost(host, port)}`;
  if (e.code === 'ECONNREFUSED') return `${at}: connect: connection refused`;
  if (e.code === 'EHOSTUNREACH') return `${at}: connect: no route to host`;
  if (e.code === 'ETIMEDOUT') return `${at}: i/o timeout`;
  if (/wrong version number|packet length too long/.test(e.message)) return plainAnswer;
  if (e.code === 'ECONNRESET') return 'read: connection reset by peer';
  return e.message;
};

export function tcpConnect(host: string, port: number, timeoutMs: number): Promise<CheckResult> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const done = (r: CheckResult) => {
      socket.destroy();
      resolve(r);
    };
    socket.setTimeout(timeoutMs, () => done(failure(`dial tcp ${joinHost(host, port)}: i/o timeout`)));
    socket.on('connect', () => done(success()));
    socket.on('error', (e) => done(failure(dialFault(e, host, port))));
  });
}

interface HealthClient {
  close(): void;
  waitForReady(deadline: number, done: (e?: Error) => void): void;
  check(
    request: { service: string },
    options: { deadline: number },
    done: (e: { code: number; details: string } | null, r?: { status: string }) => void,
  ): void;
}
type HealthService = new (address: string, credentials: unknown, options: object) => HealthClient;
let health: HealthService | undefined;
const require = createRequire(import.meta.url);

function grpcCheck(
  host: string,
  port: number,
  service: string,
  timeoutMs: number,
  now: number,
  userAgent: string,
): Promise<CheckResult> {
  const grpc = require('@grpc/grpc-js') as typeof import('@grpc/grpc-js');
  if (!health) {
    const loader = require('@grpc/proto-loader') as typeof import('@grpc/proto-loader');
    const path = fileURLToPath(new URL('./health.proto', import.meta.url));
    const root = grpc.loadPackageDefinition(loader.loadSync(path, { enums: String, defaults: true })) as unknown as {
      grpc: { health: { v1: { Health: HealthService } } };
    };
    health = root.grpc.health.v1.Health;
  }
  const address = joinHost(host, port);
  const client = new health(address, grpc.credentials.createInsecure(), { 'grpc.primary_user_agent': userAgent });
  const within = `${timeoutMs / 1000}s`;
  const deadline = now + timeoutMs;
  return new Promise((resolve) => {
    const done = (r: CheckResult) => {
      client.close();
      resolve(r);
    };
    client.waitForReady(deadline, (unready) => {
      if (unready)
        return done(
          failure(`timeout: failed to connect service "${address}" within ${within}: context deadline exceeded`),
        );
      client.check({ service }, { deadline }, (e, r) => {
        if (!e)
          return done(
            r?.status === 'SERVING'
              ? success('service healthy')
              : failure(`service unhealthy (responded with "${r?.status}")`),
          );
        if (e.code === grpc.status.UNIMPLEMENTED)
          return done(
            failure(
              `error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${e.details}`,
            ),
          );
        if (e.code === grpc.status.DEADLINE_EXCEEDED)
          return done(failure(`timeout: health rpc did not complete within ${within}`));
        done(failure(`error: health rpc probe failed: ${new RuntimeError(e.code, e.details).rpcText}`));
      });
    });
  });
}

export function createCheck(runtime: ContainerRuntime, userAgent: string, clock: Clock): Check {
  return async (probe, target) => {
    const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
    const { container } = target;
    if (probe.exec) {
      try {
        const r = await runtime.exec(target.containerId, probe.exec.command ?? [], timeoutMs);
        const output = Buffer.concat([r.stdout, r.stderr]).subarray(0, maxBody).toString();
        return r.exitCode === 0 ? success(output) : failure(output);
      } catch (e) {
        if (e instanceof RuntimeError && e.deadlineExceeded)
          return failure(
            `command timed out: "${(probe.exec.command ?? []).join(' ')}" timed out after ${timeoutMs / 1000}s`,
          );
        throw e;
      }
    }
    if (probe.httpGet) {
      const g = probe.httpGet;
      const to: HttpTarget = {
        scheme: g.scheme ?? 'HTTP',
        host: g.host || target.podIP,
        port: resolvePort(g.port, container),
        path: g.path ?? '/',
        headers: g.httpHeaders ?? [],
        userAgent,
      };
      try {
        const answer = await httpGet(to, timeoutMs);
        if (answer.status >= 200 && answer.status < 300) return success(answer.body);
        if (answer.status >= 300 && answer.status < 400)
          return { verdict: 'warning', output: `Probe terminated redirects, Response body: ${answer.body}` };
        return failure(`HTTP probe failed with statuscode: ${answer.status}`);
      } catch (e) {
        return failure((e as Error).message);
      }
    }
    if (probe.tcpSocket)
      return tcpConnect(probe.tcpSocket.host || target.podIP, resolvePort(probe.tcpSocket.port, container), timeoutMs);
    if (probe.grpc)
      return grpcCheck(target.podIP, probe.grpc.port, probe.grpc.service ?? '', timeoutMs, clock.now(), userAgent);
    throw new Error('missing probe handler');
  };
}
