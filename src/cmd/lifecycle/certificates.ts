/** The certificates of a one-machine cluster and the administrator's kubeconfig. */
import { existsSync } from 'node:fs';
import { serviceAccountUsername } from '../../apiserver/auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import { type ClusterSettings, paths } from '../cluster-settings.ts';
import { type ClusterPkiPaths, ensureClusterPki, writeKubeconfig } from '../pki/index.ts';

/** Makes or renews what is missing or near its end, and writes the admin kubeconfig when it changed. */
export async function ensureCertificates(s: ClusterSettings, clock: Clock): Promise<ClusterPkiPaths> {
  const pki = await ensureClusterPki({
    dir: paths(s).pki,
    apiServerSans: [s.bridgeIP],
    nodeName: s.nodeName,
    nodeIPs: [...new Set([s.nodeIP, s.bridgeIP, '127.0.0.1'])],
    clusterDomain: s.clusterDomain,
    serviceIP: s.serviceIP,
    // Cluster DNS runs on the node and not in a pod: a certificate stands for its account's token.
    clients: { coredns: { commonName: serviceAccountUsername('kube-system', 'coredns') } },
    clock,
  });
  const file = paths(s).adminKubeconfig;
  if (pki.renewed.length || !existsSync(file))
    await writeKubeconfig({
      path: file,
      server: `https://127.0.0.1:${s.apiPort}`,
      caFile: pki.ca.cert,
      client: pki.admin,
      clusterName: 'k8ts',
      userName: 'kubernetes-admin',
    });
  return pki;
}
