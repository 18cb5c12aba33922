/** How a pod reaches its own API server: the service's environment and the mounted token (client-go rest.InClusterConfig). */
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { createHttpTransport, type HttpTransportOptions } from './http-transport.ts';
import type { Transport } from './client.ts';

export const serviceAccountDir = '/var/run/secrets/kubernetes.io/serviceaccount';

/** @throws Error when this process does not run in a pod. */
export function inClusterOptions(
  env: Readonly<Record<string, string | undefined>>,
  dir = serviceAccountDir,
): HttpTransportOptions {
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']];
  if (!host || !port)
    throw new Error(
      'unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined',
    );
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    ca: readFileSync(join(dir, 'ca.crt'), 'utf8'),
    tokenFile: join(dir, 'token'),
  };
}

export const inClusterTransport = (env: Readonly<Record<string, string | undefined>>, dir?: string): Transport =>
  createHttpTransport(inClusterOptions(env, dir));
