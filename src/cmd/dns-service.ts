/** What cluster DNS needs in the API: the `kube-dns` Service at its usual address with this node's server behind it, and its right to read. */
import { ClusterRoleBindings, ClusterRoles, EndpointSlices, ServiceAccounts, Services } from '../api/resources.ts';
import type { KubeObject, ResourceRow } from '../api/resource-row.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Client } from '../client/index.ts';
import { isAlreadyExists, isNotFound } from '../machinery/status-error.ts';
import type { Input } from '../schema/dsl.ts';
import type { ClusterSettings } from './cluster-settings.ts';

const namespace = 'kube-system';
const labels = { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' };
const ports = [
  { name: 'dns', protocol: 'UDP', port: 53 },
  { name: 'dns-tcp', protocol: 'TCP', port: 53 },
];

/** Makes the objects that are not there; tries until it has them all. */
export async function ensureDnsService(
  client: Client,
  s: ClusterSettings,
  clock: Clock,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  // Looked for first: a create of the service would fail on the address, which is taken.
  const ensure = <T extends KubeObject>(row: ResourceRow<T>, obj: Input<T>) => {
    const { namespace: ns, name = '' } = (obj as unknown as KubeObject).metadata;
    return client.get(row, { name, namespace: ns }).catch(async (e: unknown) => {
      if (!isNotFound(e)) throw e;
      await client.create(row, obj).catch((x: unknown) => {
        if (!isAlreadyExists(x)) throw x;
      });
    });
  };
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      await ensure(ServiceAccounts, { metadata: { name: 'coredns', namespace } });
      await ensure(ClusterRoles, {
        metadata: { name: 'system:coredns' },
        rules: [
          { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
          { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
        ],
      });
      await ensure(ClusterRoleBindings, {
        metadata: { name: 'system:coredns' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
        subjects: [{ kind: 'ServiceAccount', name: 'coredns', namespace }],
      });
      await ensure(Services, {
        metadata: { name: 'kube-dns', namespace, labels },
        spec: { type: 'ClusterIP', clusterIP: s.dnsIP, ports: ports.map((p) => ({ ...p, targetPort: 53 })) },
      });
      // The service has no selector: its endpoint is no pod, and no controller touches it.
      await ensure(EndpointSlices, {
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
      });
      return;
    } catch (e) {
      if (attempt % 50 === 10) log.warn('what cluster DNS needs cannot be made yet', { error: e as Error });
      await clock.sleep(100, signal).catch(() => {});
    }
  }
}
