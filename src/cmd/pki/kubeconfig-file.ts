/** Writes the kubeconfig of one identity: the cluster's address and authority, and the client's certificate, all embedded. */
import { readFile } from 'node:fs/promises';
import { writePrivateFile } from '../../base/pki/index.ts';
import type { CertificatePaths } from './cluster-pki.ts';

export interface KubeconfigOptions {
  readonly path: string;
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  /** File with the authority's certificate. */
  readonly caFile: string;
  readonly client: CertificatePaths;
  /** Names of the entries. */
  readonly clusterName?: string;
  readonly userName: string;
  readonly contextName?: string;
  readonly namespace?: string;
}

export interface Kubeconfig {
  readonly apiVersion: 'v1';
  readonly kind: 'Config';
  readonly preferences: Record<never, never>;
  readonly clusters: readonly {
    readonly name: string;
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
  readonly users: readonly {
    readonly name: string;
    readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string };
  }[];
  readonly contexts: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user: string; readonly namespace?: string };
  }[];
  readonly 'current-context': string;
}

/** The content as an object, for merging into another kubeconfig. */
export async function kubeconfigOf(options: Omit<KubeconfigOptions, 'path'>): Promise<Kubeconfig> {
  const data = async (path: string) => (await readFile(path)).toString('base64');
  const [ca, cert, key] = await Promise.all([
    data(options.caFile),
    data(options.client.cert),
    data(options.client.key),
  ]);
  const cluster = options.clusterName ?? 'kubernetes';
  const name = options.contextName ?? `${options.userName}@${cluster}`;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    clusters: [{ name: cluster, cluster: { server: options.server, 'certificate-authority-data': ca } }],
    users: [{ name: options.userName, user: { 'client-certificate-data': cert, 'client-key-data': key } }],
    contexts: [
      {
        name,
        context: { cluster, user: options.userName, ...(options.namespace && { namespace: options.namespace }) },
      },
    ],
    'current-context': name,
  };
}

/** JSON is YAML: every client reads it, and nothing needs a YAML writer. */
export async function writeKubeconfig(options: KubeconfigOptions): Promise<void> {
  await writePrivateFile(options.path, `${JSON.stringify(await kubeconfigOf(options), null, 2)}\n`);
}
