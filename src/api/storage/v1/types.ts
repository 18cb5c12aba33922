/** io.k8s.api.storage.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import {
  bool,
  field,
  type Infer,
  int32,
  int64,
  list,
  map,
  quantity,
  string,
  struct,
  time,
} from '../../../schema/dsl.ts';
import { PersistentVolumeSpec, TopologySelectorTerm } from '../../core/v1/types.ts';
import { LabelSelector, ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const TokenRequest = struct('io.k8s.api.storage.v1.TokenRequest', {
  audience: field(1, string, { required: true }),
  expirationSeconds: field(2, int64, { omitempty: true, ptr: true, format: 'int64' }),
});
export interface TokenRequest extends Infer<typeof TokenRequest> {}

export const CSIDriverSpec = struct('io.k8s.api.storage.v1.CSIDriverSpec', {
  attachRequired: field(1, bool, { omitempty: true, ptr: true }),
  podInfoOnMount: field(2, bool, { omitempty: true, ptr: true }),
  volumeLifecycleModes: list(3, string, { omitempty: true, enum: enums.VolumeLifecycleMode, listType: 'set' }),
  storageCapacity: field(4, bool, { omitempty: true, ptr: true, featureGates: ['CSIStorageCapacity'] }),
  fsGroupPolicy: field(5, string, { omitempty: true, ptr: true, enum: enums.FSGroupPolicy }),
  tokenRequests: list(6, TokenRequest, { omitempty: true, listType: 'atomic' }),
  requiresRepublish: field(7, bool, { omitempty: true, ptr: true }),
  seLinuxMount: field(8, bool, { omitempty: true, ptr: true, featureGates: ['SELinuxMountReadWriteOncePod'] }),
  nodeAllocatableUpdatePeriodSeconds: field(9, int64, {
    omitempty: true,
    ptr: true,
    format: 'int64',
    featureGates: ['MutableCSINodeAllocatableCount'],
  }),
  serviceAccountTokenInSecrets: field(10, bool, {
    omitempty: true,
    ptr: true,
    featureGates: ['CSIServiceAccountTokenSecrets'],
  }),
  preventPodSchedulingIfMissing: field(11, bool, { omitempty: true, ptr: true, featureGates: ['VolumeLimitScaling'] }),
});
export interface CSIDriverSpec extends Infer<typeof CSIDriverSpec> {}

export const CSIDriver = struct(
  'io.k8s.api.storage.v1.CSIDriver',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, CSIDriverSpec, { required: true }),
  },
  { gvk: { group: 'storage.k8s.io', version: 'v1', kind: 'CSIDriver' }, typeMeta: true },
);
export interface CSIDriver extends Infer<typeof CSIDriver> {}

export const CSIDriverList = struct(
  'io.k8s.api.storage.v1.CSIDriverList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, CSIDriver, { required: true }),
  },
  { gvk: { group: 'storage.k8s.io', version: 'v1', kind: 'CSIDriverList' }, typeMeta: true },
);
export interface CSIDriverList extends Infer<typeof CSIDriverList> {}

export const VolumeNodeResources = struct('io.k8s.api.storage.v1.VolumeNodeResources', {
  count: field(1, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface VolumeNodeResources extends Infer<typeof VolumeNodeResources> {}

export const CSINodeDriver = struct('io.k8s.api.storage.v1.CSINodeDriver', {
  name: field(1, string, { required: true }),
  nodeID: field(2, string, { required: true }),
  topologyKeys: list(3, string, { listType: 'atomic' }),
  allocatable: field(4, VolumeNodeResources, { omitempty: true, ptr: true }),
});
export interface CSINodeDriver extends Infer<typeof CSINodeDriver> {}

export const CSINodeSpec = struct('io.k8s.api.storage.v1.CSINodeSpec', {
  drivers: list(1, CSINodeDriver, {
    required: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge',
    patchMergeKey: 'name',
  }),
});
export interface CSINodeSpec extends Infer<typeof CSINodeSpec> {}

export const CSINode = struct(
  'io.k8s.api.storage.v1.CSINode',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, CSINodeSpec, { required: true }),
  },
  { gvk: { group: 'storage.k8s.io', version: 'v1', kind: 'CSINode' }, typeMeta: true },
);
export interface CSINode extends Infer<typeof CSINode> {}

export const CSINodeList = struct(
  'io.k8s.api.storage.v1.CSINodeList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, CSINode, { required: true }),
  },
  { gvk: { group: 'storage.k8s.io', version: 'v1', kind: 'CSINodeList' }, typeMeta: true },
);
export interface CSINodeList extends Infer<typeof CSINodeList> {}

export const CSIStorageCapacity = struct(
  'io.k8s.api.storage.v1.CSIStorageCapacity',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    nodeTopology: field(2, LabelSelector, { omitempty: true, ptr: true }),
    storageClassName: field(3, string, { required: true }),
    capacity: field(4, quantity, { omitempty: true, ptr: true }),
    maximumVolumeSize: field(5, quantity, { omitempty: true, ptr: true }),
  },
  { gvk: { group: 'storage.k8s.io', version: 'v1', kind: 'CSIStorageCapacity' }, typeMeta: true },
);
export interface CSIStorageCapacity extends Infer<typeof CSIStorageCapacity> {}

export const CSIStorageCapacityList = struct(
  'io.k8s.api.storage.v1.CSIStorageCapacityList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, CSIStorageCapacity, { required: true }),
  },
  { gvk: { group: 'storage.k8s.io', version: 'v1', kind: 'CSIStorageCapacityList' }, typeMeta: true },
);
export interface CSIStorageCapacityList extends Infer<typeof CSIStorageCapacityList> {}

export const StorageClass = struct(
  'io.k8s.api.storage.v1.StorageClass',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    provisioner: field(2, string, { required: true, v: ['@alpha required', '@alpha immutable'] }),
    parameters: map(3, string, { omitempty: true, v: ['@alpha immutable', '@alpha optional'] }),
    reclaimPolicy: field(4, string, {
      omitempty: true,
      ptr: true,
      enum: enums.PersistentVolumeReclaimPolicy_core_v1,
      v: ['@alpha immutable', '@alpha optional'],
    }),
    mountOptions: list(5, string, { omitempty: true, listType: 'atomic' }),
    allowVolumeExpansion: field(6, bool, { omitempty: true, ptr: true }),
    volumeBindingMode: field(7, string, {
      omitempty: true,
      ptr: true,
      enum: enums.VolumeBindingMode,
      v: ['@alpha immutable', '@alpha optional'],
    }),
    allowedTopologies: list(8, TopologySelectorTerm, { omitempty: true, listType: 'atomic' }),
  },
  { gvk: { group: 'storage.k8s.io', version: 'v1', kind: 'StorageClass' }, typeMeta: true },
);
export interface StorageClass extends Infer<typeof StorageClass> {}

export const StorageClassList = struct(
  'io.k8s.api.storage.v1.StorageClassList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, StorageClass, { required: true }),
  },
  { gvk: { group: 'storage.k8s.io', version: 'v1', kind: 'StorageClassList' }, typeMeta: true },
);
export interface StorageClassList extends Infer<typeof StorageClassList> {}

export const VolumeAttachmentSource = struct('io.k8s.api.storage.v1.VolumeAttachmentSource', {
  persistentVolumeName: field(1, string, { omitempty: true, ptr: true }),
  inlineVolumeSpec: field(2, PersistentVolumeSpec, { omitempty: true, ptr: true }),
});
export interface VolumeAttachmentSource extends Infer<typeof VolumeAttachmentSource> {}

export const VolumeAttachmentSpec = struct('io.k8s.api.storage.v1.VolumeAttachmentSpec', {
  attacher: field(1, string, {
    required: true,
    v: ['@alpha required', '@alpha format="k8s-long-name-caseless"', '@alpha maxLength=63'],
  }),
  source: field(2, VolumeAttachmentSource, { required: true }),
  nodeName: field(3, string, { required: true }),
});
export interface VolumeAttachmentSpec extends Infer<typeof VolumeAttachmentSpec> {}

export const VolumeError = struct('io.k8s.api.storage.v1.VolumeError', {
  time: field(1, time, { omitempty: true }),
  message: field(2, string, { omitempty: true }),
  errorCode: field(3, int32, {
    omitempty: true,
    ptr: true,
    format: 'int32',
    featureGates: ['MutableCSINodeAllocatableCount'],
  }),
});
export interface VolumeError extends Infer<typeof VolumeError> {}

export const VolumeAttachmentStatus = struct('io.k8s.api.storage.v1.VolumeAttachmentStatus', {
  attached: field(1, bool, { required: true }),
  attachmentMetadata: map(2, string, { omitempty: true }),
  attachError: field(3, VolumeError, { omitempty: true, ptr: true }),
  detachError: field(4, VolumeError, { omitempty: true, ptr: true }),
});
export interface VolumeAttachmentStatus extends Infer<typeof VolumeAttachmentStatus> {}

export const VolumeAttachment = struct(
  'io.k8s.api.storage.v1.VolumeAttachment',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, VolumeAttachmentSpec, { required: true, v: ['@alpha immutable'] }),
    status: field(3, VolumeAttachmentStatus, { omitempty: true }),
  },
  { gvk: { group: 'storage.k8s.io', version: 'v1', kind: 'VolumeAttachment' }, typeMeta: true },
);
export interface VolumeAttachment extends Infer<typeof VolumeAttachment> {}

export const VolumeAttachmentList = struct(
  'io.k8s.api.storage.v1.VolumeAttachmentList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, VolumeAttachment, { required: true }),
  },
  { gvk: { group: 'storage.k8s.io', version: 'v1', kind: 'VolumeAttachmentList' }, typeMeta: true },
);
export interface VolumeAttachmentList extends Infer<typeof VolumeAttachmentList> {}

export const VolumeAttributesClass = struct(
  'io.k8s.api.storage.v1.VolumeAttributesClass',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    driverName: field(2, string, { required: true }),
    parameters: map(3, string, { omitempty: true }),
  },
  { gvk: { group: 'storage.k8s.io', version: 'v1', kind: 'VolumeAttributesClass' }, typeMeta: true },
);
export interface VolumeAttributesClass extends Infer<typeof VolumeAttributesClass> {}

export const VolumeAttributesClassList = struct(
  'io.k8s.api.storage.v1.VolumeAttributesClassList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, VolumeAttributesClass, { required: true }),
  },
  { gvk: { group: 'storage.k8s.io', version: 'v1', kind: 'VolumeAttributesClassList' }, typeMeta: true },
);
export interface VolumeAttributesClassList extends Infer<typeof VolumeAttributesClassList> {}
