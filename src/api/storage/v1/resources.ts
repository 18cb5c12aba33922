/** The resources of storage.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { statusSubresource } from '../../status-part.ts';
import {
  csiDriverColumns,
  csiNodeColumns,
  storageClassColumns,
  volumeAttachmentColumns,
  volumeAttributesClassColumns,
} from './columns.ts';
import { csiDriverStrategy } from './strategy/csi-driver.ts';
import { csiNodeStrategy } from './strategy/csi-node.ts';
import { csiStorageCapacityStrategy } from './strategy/csi-storage-capacity.ts';
import { storageClassStrategy } from './strategy/storage-class.ts';
import { volumeAttachmentStrategy } from './strategy/volume-attachment.ts';
import {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  StorageClass,
  VolumeAttachment,
  VolumeAttributesClass,
} from './types.ts';

export const CSIDrivers = resource({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  returnsDeleted: true,
  plural: 'csidrivers',
  namespaced: false,
  schema: CSIDriver,
  storageVersionHash: 'hL6j/rwBV5w=',
  strategy: csiDriverStrategy,
  columns: csiDriverColumns,
});

export const CSINodes = resource({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  returnsDeleted: true,
  plural: 'csinodes',
  namespaced: false,
  schema: CSINode,
  storageVersionHash: 'Pe62DkZtjuo=',
  strategy: csiNodeStrategy,
  columns: csiNodeColumns,
});

export const CSIStorageCapacities = resource({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  namespaced: true,
  schema: CSIStorageCapacity,
  storageVersionHash: 'xeVl+2Ly1kE=',
  strategy: csiStorageCapacityStrategy,
});

export const StorageClasses = resource({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  returnsDeleted: true,
  plural: 'storageclasses',
  namespaced: false,
  schema: StorageClass,
  shortNames: ['sc'],
  storageVersionHash: 'K+m6uJwbjGY=',
  strategy: storageClassStrategy,
  columns: storageClassColumns,
});

export const VolumeAttachments = resource({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  returnsDeleted: true,
  plural: 'volumeattachments',
  namespaced: false,
  schema: VolumeAttachment,
  storageVersionHash: 'tJx/ezt6UDU=',
  subresources: [statusSubresource()],
  strategy: volumeAttachmentStrategy,
  columns: volumeAttachmentColumns,
});

export const VolumeAttributesClasses = resource({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttributesClass',
  returnsDeleted: true,
  plural: 'volumeattributesclasses',
  namespaced: false,
  schema: VolumeAttributesClass,
  shortNames: ['vac'],
  storageVersionHash: 'tIjydgKBC5w=',
  columns: volumeAttributesClassColumns,
});
