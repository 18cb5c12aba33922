/** Connections to kubelets, pods and services: the API server's only way out. */
import { connect as tcpConnect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import type { Backends } from '../engine.ts';

export interface BackendOptions {
  /** PEM of the client certificate and key that kubelets know. */
  readonly cert: string;
  readonly key: string;
  /** PEM of the CA of kubelet serving certificates; absent = not checked, as upstream without --kubelet-certificate-authority. */
  readonly kubeletCa?: string;
  /** Milliseconds to wait for a connection. */
  readonly timeout?: number;
}

export function createBackends(options: BackendOptions): Backends {
  return {
    connect(channel, host, port, signal) {
      return new Promise<Duplex>((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error);
        const ready = channel === 'plain' ? 'connect' : 'secureConnect';
        const socket =
          channel === 'plain'
            ? tcpConnect({ host, port })
            : tlsConnect({
                host,
                port,
                ALPNProtocols: ['http/1.1'],
                ...(channel === 'kubelet'
                  ? {
                      cert: options.cert,
                      key: options.key,
                      ...(options.kubeletCa ? { ca: options.kubeletCa } : { rejectUnauthorized: false }),
                    }
                  : { rejectUnauthorized: false }),
              });
        const fail = (e: Error) => {
          settle();
          socket.destroy();
          reject(e);
        };
        const onAbort = () => fail(signal.reason as Error);
        const onTimeout = () => fail(new Error(`dial tcp ${host}:${port}: i/o timeout`));
        const settle = () => {
          socket.off('error', fail);
          socket.setTimeout(0);
          socket.off('timeout', onTimeout);
          signal.removeEventListener('abort', onAbort);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        socket.setTimeout(options.timeout ?? 10_000, onTimeout);
        socket.once('error', fail);
        socket.once(ready, () => {
          settle();
          socket.setNoDelay(true);
          resolve(socket);
        });
      });
    },
  };
}
