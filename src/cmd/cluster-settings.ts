/** What a cluster on this machine is made of: its directories, addresses and options, kept in `<data-dir>/cluster.json`. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ClusterSettings {
  readonly dataDir: string;
  /** Not persistent: sockets, pid files. */
  readonly runDir: string;
  readonly nodeName: string;
  readonly nodeIP: string;
  readonly apiPort: number;
  readonly kubeletPort: number;
  readonly clusterDomain: string;
  readonly serviceCidr: string;
  /** Address of the `kubernetes` Service. */
  readonly serviceIP: string;
  readonly dnsIP: string;
  readonly podCidr: string;
  /** Name and address of the bridge that pods sit on; the control plane and DNS answer there. */
  readonly bridge: string;
  readonly bridgeIP: string;
  readonly store: 'disk' | 'memory';
}

export const defaultDataDir = '/var/lib/k8ts';

/** Settings of a new cluster; addresses are upstream's defaults (kubeadm: services 10.96.0.0/12, flannel: pods 10.244.0.0/16). */
export function newClusterSettings(
  given: Pick<ClusterSettings, 'dataDir' | 'nodeName' | 'nodeIP'> & Partial<ClusterSettings>,
): ClusterSettings {
  return {
    runDir: '/run/k8ts',
    apiPort: 6443,
    kubeletPort: 10250,
    clusterDomain: 'cluster.local',
    serviceCidr: '10.96.0.0/12',
    serviceIP: '10.96.0.1',
    dnsIP: '10.96.0.10',
    podCidr: '10.244.0.0/24',
    bridge: 'k8ts0',
    bridgeIP: '10.244.0.1',
    store: 'disk',
    ...given,
  };
}

/** Where things lie below the data and run directories. */
export const paths = (s: Pick<ClusterSettings, 'dataDir' | 'runDir'>) => ({
  settings: join(s.dataDir, 'cluster.json'),
  pki: join(s.dataDir, 'pki'),
  store: join(s.dataDir, 'store'),
  logs: join(s.dataDir, 'logs'),
  kubelet: join(s.dataDir, 'kubelet'),
  podLogs: join(s.dataDir, 'pod-logs'),
  manifests: join(s.dataDir, 'manifests'),
  cni: join(s.dataDir, 'cni'),
  images: join(s.dataDir, 'images'),
  adminKubeconfig: join(s.dataDir, 'admin.kubeconfig'),
  containerdRoot: join(s.dataDir, 'containerd'),
  containerdState: join(s.runDir, 'containerd'),
  containerdSocket: join(s.runDir, 'containerd/containerd.sock'),
  containerdConfig: join(s.dataDir, 'containerd.toml'),
});

/** The settings of an existing cluster; undefined when `dataDir` holds none. */
export async function readClusterSettings(dataDir: string): Promise<ClusterSettings | undefined> {
  const file = paths({ dataDir, runDir: '' }).settings;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw e;
  }
  try {
    return JSON.parse(text) as ClusterSettings;
  } catch {
    throw new Error(
      `${file} is not valid JSON; restore it, or remove the cluster with: k8ts down --purge --data-dir ${dataDir}`,
    );
  }
}

export async function writeClusterSettings(s: ClusterSettings): Promise<void> {
  await mkdir(s.dataDir, { recursive: true, mode: 0o700 });
  const file = paths(s).settings;
  await writeFile(`${file}.new`, JSON.stringify(s, null, 2) + '\n', { mode: 0o600 });
  await rename(`${file}.new`, file);
}
