/** Reads kubeconfig files as clients do: $KUBECONFIG's list merged, the first to set a thing wins (client-go tools/clientcmd). */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { createHttpTransport, type HttpTransportOptions } from './http-transport.ts';
import type { Transport } from './client.ts';

interface ClusterEntry {
  readonly server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
}
interface UserEntry {
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly exec?: unknown;
  readonly 'auth-provider'?: unknown;
}
interface ContextEntry {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

export interface LoadedKubeconfig {
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly currentContext: string;
}

/** The files to read: one given, else those of $KUBECONFIG, else ~/.kube/config. */
export function kubeconfigFiles(given?: string): readonly string[] {
  if (given) return [given];
  const listed = process.env['KUBECONFIG']?.split(':').filter(Boolean) ?? [];
  return listed.length ? listed : [join(homedir(), '.kube/config')];
}

/** Throws when a file given by name does not exist or cannot be parsed. */
export function loadKubeconfig(given?: string): LoadedKubeconfig {
  const clusters = new Map<string, ClusterEntry>();
  const users = new Map<string, UserEntry>();
  const contexts = new Map<string, ContextEntry>();
  let currentContext = '';
  for (const file of kubeconfigFiles(given)) {
    if (!existsSync(file)) {
      if (given) throw new Error(`stat ${file}: no such file or directory`);
      continue;
    }
    const doc = parse(file);
    const at = dirname(resolve(file));
    const add = <T>(into: Map<string, T>, list: unknown, field: string, fix: (entry: T) => T) => {
      for (const item of (list ?? []) as readonly Record<string, unknown>[]) {
        const name = String(item['name']);
        if (!into.has(name)) into.set(name, fix((item[field] ?? {}) as T));
      }
    };
    const path = (p: string | undefined) => (p ? resolve(at, p) : p);
    add(clusters, doc['clusters'], 'cluster', (c: ClusterEntry) => withPaths(c, ['certificate-authority'], path));
    add(users, doc['users'], 'user', (u: UserEntry) =>
      withPaths(u, ['client-certificate', 'client-key', 'tokenFile'], path),
    );
    add(contexts, doc['contexts'], 'context', (c: ContextEntry) => c);
    if (!currentContext) currentContext = String(doc['current-context'] ?? '');
  }
  return { clusters, users, contexts, currentContext };
}

function parse(file: string): Record<string, unknown> {
  const text = readFileSync(file, 'utf8');
  try {
    return (text.trim() ? (load(text) as Record<string, unknown>) : {}) ?? {};
  } catch (e) {
    throw new Error(`error loading config file "${file}": ${e instanceof Error ? e.message.split('\n')[0] : e}`);
  }
}

function withPaths<T extends object>(
  entry: T,
  keys: readonly (keyof T)[],
  path: (p: string | undefined) => string | undefined,
): T {
  const out = { ...entry };
  for (const k of keys) if (typeof out[k] === 'string') out[k] = path(out[k] as string) as T[typeof k];
  return out;
}

export interface Connection {
  readonly transport: HttpTransportOptions;
  /** The context's namespace, or `default`. */
  readonly namespace: string;
  readonly contextName: string;
}

export interface ConnectionOverrides {
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly server?: string | undefined;
  readonly token?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
}

/** What a context says, ready to connect with. Throws upstream's sentence for a context or cluster that is not there. */
export function connectionOf(config: LoadedKubeconfig, o: ConnectionOverrides = {}): Connection {
  const contextName = o.context ?? config.currentContext;
  const context = config.contexts.get(contextName);
  if (contextName && !context) throw new Error(`context "${contextName}" does not exist`);
  const clusterName = o.cluster ?? context?.cluster;
  const cluster = clusterName ? config.clusters.get(clusterName) : undefined;
  if (clusterName && !cluster) throw new Error(`cluster "${clusterName}" does not exist`);
  const userName = o.user ?? context?.user;
  const user: UserEntry = (userName && config.users.get(userName)) || {};
  if (user.exec || user['auth-provider'])
    throw new Error(
      `user "${userName}" logs in through a plugin, which is not supported; use a certificate or a token`,
    );
  const server = o.server ?? cluster?.server ?? 'http://localhost:8080';
  const insecure = o.insecureSkipTlsVerify ?? cluster?.['insecure-skip-tls-verify'];
  return {
    contextName,
    namespace: context?.namespace || 'default',
    transport: {
      server,
      ca: insecure
        ? undefined
        : dataOrFile(cluster?.['certificate-authority-data'], cluster?.['certificate-authority']),
      cert: dataOrFile(user['client-certificate-data'], user['client-certificate']),
      key: dataOrFile(user['client-key-data'], user['client-key']),
      token: o.token ?? user.token,
      tokenFile: o.token ? undefined : user.tokenFile,
      insecureSkipTlsVerify: insecure,
      serverName: cluster?.['tls-server-name'],
    },
  };
}

const dataOrFile = (data: string | undefined, file: string | undefined): string | undefined =>
  data ? Buffer.from(data, 'base64').toString() : file ? readFileSync(file, 'utf8') : undefined;

/** A transport from a kubeconfig file, for components that are given one. */
export const transportFromKubeconfig = (file: string, overrides?: ConnectionOverrides): Transport =>
  createHttpTransport(connectionOf(loadKubeconfig(file), overrides).transport);
