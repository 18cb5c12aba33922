/** The context named `k8ts` in the user's own kubeconfig: merged in by `up`, taken out by `down --purge`. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { dump, load } from 'js-yaml';

interface Named {
  readonly name: string;
  readonly [key: string]: unknown;
}
interface Kubeconfig {
  readonly apiVersion: 'v1';
  readonly kind: 'Config';
  readonly clusters: readonly Named[];
  readonly users: readonly Named[];
  readonly contexts: readonly Named[];
  readonly 'current-context'?: string;
  readonly [key: string]: unknown;
}

const contextName = 'k8ts';
/** The user's kubeconfig: the first file of $KUBECONFIG, or ~/.kube/config. */
export const userKubeconfig = (env: NodeJS.ProcessEnv = process.env): string =>
  env['KUBECONFIG']?.split(':').find(Boolean) ?? join(homedir(), '.kube/config');

const empty: Kubeconfig = { apiVersion: 'v1', kind: 'Config', clusters: [], users: [], contexts: [] };

/** `into` with the cluster, user and context of `from` under the name `k8ts`, made the current one. Pure. */
export function mergeContext(into: Kubeconfig, from: Kubeconfig): Kubeconfig {
  const put = (list: readonly Named[] | undefined, item: Named) => [
    ...(list ?? []).filter((x) => x.name !== item.name),
    item,
  ];
  return {
    ...into,
    clusters: put(into.clusters, { ...from.clusters[0], name: contextName }),
    users: put(into.users, { ...from.users[0], name: `${contextName}-admin` }),
    contexts: put(into.contexts, {
      name: contextName,
      context: { cluster: contextName, user: `${contextName}-admin` },
    }),
    'current-context': contextName,
  };
}

/** `config` without what mergeContext put there. Pure. */
export function withoutContext(config: Kubeconfig): Kubeconfig {
  const drop = (list: readonly Named[] | undefined, name: string) => (list ?? []).filter((x) => x.name !== name);
  const { 'current-context': current, ...rest } = config;
  const contexts = drop(config.contexts, contextName);
  const next = current === contextName ? '' : current;
  return {
    ...rest,
    clusters: drop(config.clusters, contextName),
    users: drop(config.users, `${contextName}-admin`),
    contexts,
    ...(next !== undefined && { 'current-context': next }),
  };
}

export async function addContext(adminKubeconfig: string, file = userKubeconfig()): Promise<void> {
  await write(file, mergeContext(await read(file), await read(adminKubeconfig)));
}

/** Takes the context out again, unless it is another cluster's by now. */
export async function removeContext(adminKubeconfig: string, file = userKubeconfig()): Promise<void> {
  const config = await read(file);
  const admin = await read(adminKubeconfig);
  const mine = JSON.stringify(admin.clusters[0]?.['cluster']);
  const there = config.clusters.find((c) => c.name === contextName);
  if (there && JSON.stringify(there['cluster']) === mine) await write(file, withoutContext(config));
}

async function read(file: string): Promise<Kubeconfig> {
  const text = await readFile(file, 'utf8').catch((e: NodeJS.ErrnoException) => {
    if (e.code === 'ENOENT') return '';
    throw e;
  });
  let doc: unknown;
  try {
    doc = text.trim() ? load(text) : undefined;
  } catch (e) {
    throw new Error(
      `${file} is not valid YAML (${e instanceof Error ? e.message.split('\n')[0] : e}); mend it or give another file with --kubeconfig`,
    );
  }
  return { ...empty, ...(doc as Partial<Kubeconfig> | undefined) };
}

async function write(file: string, config: Kubeconfig): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.k8ts-new`, dump(config, { lineWidth: -1 }), { mode: 0o600 });
  await rename(`${file}.k8ts-new`, file);
}
