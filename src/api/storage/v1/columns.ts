/** Printer columns of the storage kinds (upstream: pkg/printers/internalversion/printers.go). */
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, markedNameColumn, nameColumn } from '../../table-column.ts';
import type { CSIDriver, CSINode, StorageClass, VolumeAttachment, VolumeAttributesClass } from './types.ts';

const defaultClassAnnotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];
export const storageClassColumns: readonly Column<StorageClass>[] = [
  markedNameColumn<StorageClass>((o) =>
    defaultClassAnnotations.some((a) => o.metadata.annotations?.[a] === 'true') ? ' (default)' : '',
  ),
  column('Provisioner', (o) => o.provisioner),
  column('ReclaimPolicy', (o) => o.reclaimPolicy ?? 'Delete'),
  column('VolumeBindingMode', (o) => o.volumeBindingMode ?? 'Immediate'),
  column('AllowVolumeExpansion', (o) => o.allowVolumeExpansion ?? false),
  ageColumn,
];

export const volumeAttributesClassColumns: readonly Column<VolumeAttributesClass>[] = [
  nameColumn,
  column('DriverName', (o) => o.driverName),
  ageColumn,
];

export const volumeAttachmentColumns: readonly Column<VolumeAttachment>[] = [
  nameColumn,
  { ...column<VolumeAttachment>('Attacher', (o) => o.spec.attacher), format: 'name' },
  column('PV', (o) => o.spec.source.persistentVolumeName ?? ''),
  column('Node', (o) => o.spec.nodeName),
  column('Attached', (o) => o.status.attached ?? false, 'boolean'),
  ageColumn,
];

export const csiNodeColumns: readonly Column<CSINode>[] = [
  nameColumn,
  column('Drivers', (o) => (o.spec.drivers ?? []).length, 'integer'),
  ageColumn,
];

export const csiDriverColumns: readonly Column<CSIDriver>[] = [
  nameColumn,
  column('AttachRequired', (o) => o.spec.attachRequired ?? true, 'boolean'),
  column('PodInfoOnMount', (o) => o.spec.podInfoOnMount ?? false, 'boolean'),
  column('StorageCapacity', (o) => o.spec.storageCapacity ?? false, 'boolean'),
  column('TokenRequests', (o) => o.spec.tokenRequests?.map((t) => t.audience).join(',') ?? '<unset>'),
  column('RequiresRepublish', (o) => o.spec.requiresRepublish ?? false, 'boolean'),
  column('Modes', (o) => (o.spec.volumeLifecycleModes ?? []).join(',') || '<none>'),
  ageColumn,
];
