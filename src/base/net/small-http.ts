/** HTTP for what a component says of itself (healthz, metrics): GET a path, get a text. */
import { createServer } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';

export interface SmallAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `path` is without the query; undefined = 404. */
export type SmallHandler = (path: string) => SmallAnswer | undefined | Promise<SmallAnswer | undefined>;

export interface SmallServer {
  readonly port: number;
  close(): Promise<void>;
}

export const plainText = (status: number, body: string): SmallAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body,
});

/** Rejects when the address is taken. */
export function serveSmall(host: string, port: number, handler: SmallHandler): Promise<SmallServer> {
  const server = createServer((q, r) => {
    q.resume();
    void Promise.resolve()
      .then(() => handler((q.url ?? '/').replace(/[?#].*$/, '')))
      .catch((e: Error) => plainText(500, `${e.message}\n`))
      .then((a = plainText(404, '404 page not found\n')) => r.writeHead(a.status, { ...a.headers }).end(a.body));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject).on('error', () => {});
      resolve({
        port: (server.address() as { readonly port: number }).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}

const retryMs = 5_000;

/** Serves until the signal aborts; an address that is taken is tried again and again, and said once. */
export async function keepServingSmall(
  o: {
    readonly host: string;
    readonly port: number;
    readonly what: string;
    readonly clock: Clock;
    readonly log: Logger;
  },
  handler: SmallHandler,
  signal: AbortSignal,
): Promise<void> {
  let said = false;
  while (!signal.aborted) {
    try {
      const server = await serveSmall(o.host, o.port, handler);
      await new Promise<void>((resolve) =>
        signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
      );
      await server.close();
    } catch (e) {
      if (!said) o.log.warn(`${o.what} cannot be served yet`, { host: o.host, port: o.port, error: e as Error });
      said = true;
      await o.clock.sleep(retryMs, signal).catch(() => {});
    }
  }
}
