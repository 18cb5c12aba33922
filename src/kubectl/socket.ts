/** Websockets to the API server with the kubeconfig's credentials; a refused upgrade is the Status the server sent. */
import { readFileSync } from 'node:fs';
import { type ClientOptions, WebSocket } from 'ws';
import { StatusError, type Status } from '../machinery/status-error.ts';
import type { Session } from './session.ts';
import { userAgent } from './api.ts';

/** Paused: the caller listens and then resumes, so that nothing said early is lost. @throws StatusError, TransportError */
export function openSocket(s: Session, path: string, protocols: readonly string[]): Promise<WebSocket> {
  const t = s.api.target;
  const token = t.token ?? (t.tokenFile ? readFileSync(t.tokenFile, 'utf8').trim() : undefined);
  const options: ClientOptions = {
    headers: { 'user-agent': userAgent, ...t.headers, ...(token && { authorization: `Bearer ${token}` }) },
    rejectUnauthorized: !t.insecureSkipTlsVerify,
    perMessageDeflate: false,
    ...(t.ca && { ca: t.ca }),
    ...(t.cert && { cert: t.cert }),
    ...(t.key && { key: t.key }),
    ...(t.serverName && { servername: t.serverName }),
  };
  const socket = new WebSocket(t.server.replace(/^http/, 'ws').replace(/\/$/, '') + path, [...protocols], options);
  return new Promise((resolve, reject) => {
    socket.once('upgrade', () => socket.pause());
    socket.once('open', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', (e) => reject(Object.assign(new Error(e.message, { cause: e }), { name: 'TransportError' })));
    socket.once('unexpected-response', (_, res) => {
      const parts: Buffer[] = [];
      res.on('data', (c: Buffer) => parts.push(c));
      res.on('end', () => {
        const body = Buffer.concat(parts).toString();
        try {
          const status = JSON.parse(body) as Partial<Status>;
          if (status.kind === 'Status') return reject(StatusError.fromStatus(status));
        } catch {
          // Not a Status: said below.
        }
        return reject(
          new StatusError(
            res.statusCode ?? 500,
            '',
            /^unable to upgrade/.test(body) ? body.trim() : `unable to upgrade connection: ${body.trim()}`,
          ),
        );
      });
    });
  });
}
