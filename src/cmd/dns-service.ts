/** The `kube-dns` Service at its usual address, with this node's DNS server behind it. */
import { EndpointSlices } from '../api/discovery/v1/resources.ts';
import { Services } from '../api/core/v1/resources.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Client } from '../client/index.ts';
import { isAlreadyExists, isNotFound } from '../machinery/status-error.ts';
import type { ClusterSettings } from './cluster-settings.ts';

const labels = { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' };
const ports = [
  { name: 'dns', protocol: 'UDP', port: 53 },
  { name: 'dns-tcp', protocol: 'TCP', port: 53 },
];

/** Makes both objects if they are not there; tries until the API answers. */
export async function ensureDnsService(
  client: Client,
  s: ClusterSettings,
  clock: Clock,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      const namespace = 'kube-system';
      // No selector: the endpoints below are not pods, and no controller touches them.
      // Looked for first: a create would fail on the address, which is taken.
      await client.get(Services, { namespace, name: 'kube-dns' }).catch(async (e: unknown) => {
        if (!isNotFound(e)) throw e;
        await client.create(Services, {
          metadata: { name: 'kube-dns', namespace, labels },
          spec: { type: 'ClusterIP', clusterIP: s.dnsIP, ports: ports.map((p) => ({ ...p, targetPort: 53 })) },
        });
      });
      await client
        .create(EndpointSlices, {
          metadata: {
            name: 'kube-dns-node',
            namespace,
            labels: { 'kubernetes.io/service-name': 'kube-dns', 'endpointslice.kubernetes.io/managed-by': 'k8ts' },
          },
          addressType: 'IPv4',
          endpoints: [
            {
              addresses: [s.bridgeIP],
              conditions: { ready: true, serving: true, terminating: false },
              nodeName: s.nodeName,
            },
          ],
          ports,
        })
        .catch(ignoreExisting);
      return;
    } catch (e) {
      if (attempt % 50 === 10) log.warn('the kube-dns service cannot be made yet', { error: e as Error });
      await clock.sleep(100, signal).catch(() => {});
    }
  }
}

function ignoreExisting(e: unknown): void {
  if (!isAlreadyExists(e)) throw e;
}
