/** Printer columns of the core kinds (upstream: pkg/printers/internalversion/printers.go). */
import { since } from '../../human-duration.ts';
import type { Column } from '../../resource-row.ts';
import {
  accessModesText,
  ageColumn,
  column,
  containerColumns,
  containerImages,
  containerNames,
  labelsText,
  nameColumn,
  wide,
} from '../../table-column.ts';
import type {
  ComponentStatus,
  ConfigMap,
  Endpoints,
  Event,
  LoadBalancerStatus,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  PodTemplate,
  ReplicationController,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
} from './types.ts';

export { podColumns } from './pod-columns.ts';

export const podTemplateColumns: readonly Column<PodTemplate>[] = [
  nameColumn,
  column('Containers', (o) => containerNames(o.template.spec)),
  column('Images', (o) => containerImages(o.template.spec)),
  column('Pod Labels', (o) => labelsText(o.template.metadata.labels)),
];

export const replicationControllerColumns: readonly Column<ReplicationController>[] = [
  nameColumn,
  column('Desired', (o) => o.spec.replicas ?? 0, 'integer'),
  column('Current', (o) => o.status.replicas, 'integer'),
  column('Ready', (o) => o.status.readyReplicas ?? 0, 'integer'),
  ageColumn,
  ...containerColumns<ReplicationController>((o) => o.spec.template?.spec),
  wide('Selector', (o) => labelsText(o.spec.selector)),
];

const loadBalancerAddresses = (s: LoadBalancerStatus): string =>
  [...new Set((s.ingress ?? []).map((i) => i.ip || i.hostname || '').filter(Boolean))].sort().join(',');

function externalIP(svc: Service): string {
  const given = (svc.spec.externalIPs ?? []).join(',');
  switch (svc.spec.type) {
    case 'ClusterIP':
    case 'NodePort':
      return given || '<none>';
    case 'LoadBalancer':
      return [loadBalancerAddresses(svc.status.loadBalancer), given].filter(Boolean).join(',') || '<pending>';
    case 'ExternalName':
      return svc.spec.externalName ?? '';
    default:
      return '<unknown>';
  }
}

export const serviceColumns: readonly Column<Service>[] = [
  nameColumn,
  column('Type', (o) => o.spec.type ?? ''),
  column('Cluster-IP', (o) => o.spec.clusterIPs?.[0] ?? (o.spec.clusterIP || '<none>')),
  column('External-IP', externalIP),
  column(
    'Port(s)',
    (o) =>
      (o.spec.ports ?? [])
        .map((p) => (p.nodePort ? `${p.port}:${p.nodePort}/${p.protocol}` : `${p.port}/${p.protocol}`))
        .join(',') || '<none>',
  ),
  ageColumn,
  wide('Selector', (o) => labelsText(o.spec.selector)),
];

function endpointsText(o: Endpoints): string {
  if (!o.subsets?.length) return '<none>';
  const all: string[] = [];
  for (const ss of o.subsets) {
    const ips = (ss.addresses ?? []).map((a) => a.ip);
    if (!ss.ports?.length) all.push(...ips);
    else for (const p of ss.ports) all.push(...ips.map((ip) => `${ip.includes(':') ? `[${ip}]` : ip}:${p.port}`));
  }
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : all.join(',');
}

export const endpointsColumns: readonly Column<Endpoints>[] = [
  nameColumn,
  column('Endpoints', endpointsText),
  ageColumn,
];

const rolePrefix = 'node-role.kubernetes.io/';
function nodeRoles(n: Node): string {
  const roles = new Set<string>();
  for (const [k, v] of Object.entries(n.metadata.labels ?? {})) {
    if (k.startsWith(rolePrefix) && k.length > rolePrefix.length) roles.add(k.slice(rolePrefix.length));
    else if (k === 'kubernetes.io/role' && v) roles.add(v);
  }
  return [...roles].sort().join(',') || '<none>';
}
function nodeStatus(n: Node): string {
  const ready = n.status.conditions?.findLast((c) => c.type === 'Ready');
  const word = !ready ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return n.spec.unschedulable ? `${word},SchedulingDisabled` : word;
}
const nodeAddress = (n: Node, type: string): string =>
  n.status.addresses?.find((a) => a.type === type)?.address ?? '<none>';

export const nodeColumns: readonly Column<Node>[] = [
  nameColumn,
  column('Status', nodeStatus),
  column('Roles', nodeRoles),
  ageColumn,
  column('Version', (n) => n.status.nodeInfo?.kubeletVersion ?? ''),
  wide('Internal-IP', (n) => nodeAddress(n, 'InternalIP')),
  wide('External-IP', (n) => nodeAddress(n, 'ExternalIP')),
  wide('OS-Image', (n) => n.status.nodeInfo?.osImage || '<unknown>'),
  wide('Kernel-Version', (n) => {
    const info = n.status.nodeInfo;
    return (info?.kernelVersion || '<unknown>') + (info?.architecture ? ` (${info.architecture})` : '');
  }),
  wide('Container-Runtime', (n) => n.status.nodeInfo?.containerRuntimeVersion || '<unknown>'),
];

/** First seen: firstTimestamp, else eventTime. */
const firstSeen = (e: Event, now: number): string => since(e.firstTimestamp || e.eventTime, now);
function lastSeen(e: Event, now: number): string {
  if (e.series) return since(e.series.lastObservedTime, now);
  return e.lastTimestamp ? since(e.lastTimestamp, now) : firstSeen(e, now);
}

export const eventColumns: readonly Column<Event>[] = [
  column('Last Seen', lastSeen),
  column('Type', (e) => e.type ?? ''),
  column('Reason', (e) => e.reason ?? ''),
  column('Object', (e) => {
    const kind = (e.involvedObject.kind ?? '').toLowerCase();
    return e.involvedObject.name ? `${kind}/${e.involvedObject.name}` : kind;
  }),
  wide('Subobject', (e) => e.involvedObject.fieldPath ?? ''),
  wide('Source', (e) => {
    const component = e.source?.component || e.reportingComponent || '';
    const host = e.source?.host || e.reportingInstance || '';
    return host ? `${component}, ${host}` : component;
  }),
  column('Message', (e) => (e.message ?? '').trim()),
  wide('First Seen', firstSeen),
  wide('Count', (e) => e.series?.count ?? (e.count || 1)),
  { ...nameColumn, priority: 1 },
];

export const namespaceColumns: readonly Column<Namespace>[] = [
  nameColumn,
  column('Status', (o) => o.status.phase ?? ''),
  ageColumn,
];

export const secretColumns: readonly Column<Secret>[] = [
  nameColumn,
  column('Type', (o) => o.type ?? ''),
  column('Data', (o) => Object.keys(o.data ?? {}).length),
  ageColumn,
];

export const serviceAccountColumns: readonly Column<ServiceAccount>[] = [nameColumn, ageColumn];

export const configMapColumns: readonly Column<ConfigMap>[] = [
  nameColumn,
  column('Data', (o) => Object.keys(o.data ?? {}).length + Object.keys(o.binaryData ?? {}).length),
  ageColumn,
];

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

export const persistentVolumeColumns: readonly Column<PersistentVolume>[] = [
  nameColumn,
  column('Capacity', (o) => o.spec.capacity?.['storage'] ?? '0'),
  column('Access Modes', (o) => accessModesText(o.spec.accessModes)),
  column('Reclaim Policy', (o) => o.spec.persistentVolumeReclaimPolicy ?? ''),
  column('Status', (o) => (o.metadata.deletionTimestamp ? 'Terminating' : (o.status.phase ?? ''))),
  column('Claim', (o) => (o.spec.claimRef ? `${o.spec.claimRef.namespace ?? ''}/${o.spec.claimRef.name ?? ''}` : '')),
  column('StorageClass', (o) => o.metadata.annotations?.[classAnnotation] ?? o.spec.storageClassName ?? ''),
  column('VolumeAttributesClass', (o) => o.spec.volumeAttributesClassName ?? '<unset>'),
  column('Reason', (o) => o.status.reason ?? ''),
  ageColumn,
  wide('VolumeMode', (o) => o.spec.volumeMode ?? '<unset>'),
];

export const persistentVolumeClaimColumns: readonly Column<PersistentVolumeClaim>[] = [
  nameColumn,
  column('Status', (o) => (o.metadata.deletionTimestamp ? 'Terminating' : (o.status.phase ?? ''))),
  column('Volume', (o) => o.spec.volumeName ?? ''),
  column('Capacity', (o) => (o.spec.volumeName ? (o.status.capacity?.['storage'] ?? '0') : '')),
  column('Access Modes', (o) => (o.spec.volumeName ? accessModesText(o.status.accessModes) : '')),
  column('StorageClass', (o) => o.metadata.annotations?.[classAnnotation] ?? o.spec.storageClassName ?? ''),
  column('VolumeAttributesClass', (o) => o.spec.volumeAttributesClassName ?? '<unset>'),
  ageColumn,
  wide('VolumeMode', (o) => o.spec.volumeMode ?? '<unset>'),
];

const healthy = (o: ComponentStatus) => o.conditions?.find((c) => c.type === 'Healthy');
export const componentStatusColumns: readonly Column<ComponentStatus>[] = [
  nameColumn,
  column('Status', (o) => {
    const c = healthy(o);
    return !c ? 'Unknown' : c.status === 'True' ? 'Healthy' : 'Unhealthy';
  }),
  column('Message', (o) => healthy(o)?.message ?? ''),
  column('Error', (o) => healthy(o)?.error ?? ''),
];

const quotaText = (o: ResourceQuota, limits: boolean): string =>
  Object.keys(o.status.hard ?? {})
    .filter((r) => r.startsWith('limits.') === limits)
    .sort()
    .map((r) => `${r}: ${o.status.used?.[r] ?? '0'}/${o.status.hard?.[r]}`)
    .join(', ');
export const resourceQuotaColumns: readonly Column<ResourceQuota>[] = [
  nameColumn,
  column('Request', (o) => quotaText(o, false)),
  column('Limit', (o) => quotaText(o, true)),
  ageColumn,
];
