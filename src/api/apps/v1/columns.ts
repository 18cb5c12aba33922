/** Printer columns of the apps kinds (upstream: pkg/printers/internalversion/printers.go). */
import type { Column } from '../../resource-row.ts';
import { labelSelectorText } from '../../scale.ts';
import { ageColumn, column, containerColumns, labelsText, nameColumn, selectorText, wide } from '../../table-column.ts';
import type { ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet } from './types.ts';

export const replicaSetColumns: readonly Column<ReplicaSet>[] = [
  nameColumn,
  column('Desired', (o) => o.spec.replicas ?? 0, 'integer'),
  column('Current', (o) => o.status.replicas, 'integer'),
  column('Ready', (o) => o.status.readyReplicas ?? 0, 'integer'),
  ageColumn,
  ...containerColumns<ReplicaSet>((o) => o.spec.template.spec),
  wide('Selector', (o) => selectorText(o.spec.selector)),
];

export const deploymentColumns: readonly Column<Deployment>[] = [
  nameColumn,
  column('Ready', (o) => `${o.status.readyReplicas ?? 0}/${o.spec.replicas ?? 0}`),
  column('Up-to-date', (o) => o.status.updatedReplicas ?? 0),
  column('Available', (o) => o.status.availableReplicas ?? 0),
  ageColumn,
  ...containerColumns<Deployment>((o) => o.spec.template.spec),
  wide('Selector', (o) => labelSelectorText(o.spec.selector)),
];

export const statefulSetColumns: readonly Column<StatefulSet>[] = [
  nameColumn,
  column('Ready', (o) => `${o.status.readyReplicas ?? 0}/${o.spec.replicas ?? 0}`),
  ageColumn,
  ...containerColumns<StatefulSet>((o) => o.spec.template.spec),
];

export const daemonSetColumns: readonly Column<DaemonSet>[] = [
  nameColumn,
  column('Desired', (o) => o.status.desiredNumberScheduled, 'integer'),
  column('Current', (o) => o.status.currentNumberScheduled, 'integer'),
  column('Ready', (o) => o.status.numberReady, 'integer'),
  column('Up-to-date', (o) => o.status.updatedNumberScheduled ?? 0, 'integer'),
  column('Available', (o) => o.status.numberAvailable ?? 0, 'integer'),
  column('Node Selector', (o) => labelsText(o.spec.template.spec.nodeSelector)),
  ageColumn,
  ...containerColumns<DaemonSet>((o) => o.spec.template.spec),
  wide('Selector', (o) => selectorText(o.spec.selector)),
];

export const controllerRevisionColumns: readonly Column<ControllerRevision>[] = [
  nameColumn,
  column('Controller', (o) => {
    const owner = o.metadata.ownerReferences?.find((r) => r.controller);
    if (!owner) return '<none>';
    const group = owner.apiVersion.includes('/') ? owner.apiVersion.slice(0, owner.apiVersion.indexOf('/')) : '';
    return `${(group ? `${owner.kind}.${group}` : owner.kind).toLowerCase()}/${owner.name}`;
  }),
  column('Revision', (o) => o.revision),
  ageColumn,
];
