/** io.k8s.api.core.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import {
  bool,
  bytes,
  field,
  type Infer,
  int32,
  int64,
  intOrString,
  list,
  map,
  microTime,
  quantity,
  rawExtension,
  string,
  struct,
  time,
} from '../../../schema/dsl.ts';
import { Condition, LabelSelector, ListMeta, ObjectMeta, OwnerReference } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const AWSElasticBlockStoreVolumeSource = struct('io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource', {
  volumeID: field(1, string, { required: true }),
  fsType: field(2, string, { omitempty: true }),
  partition: field(3, int32, { omitempty: true, format: 'int32' }),
  readOnly: field(4, bool, { omitempty: true }),
});
export interface AWSElasticBlockStoreVolumeSource extends Infer<typeof AWSElasticBlockStoreVolumeSource> {}

export const NodeSelectorRequirement = struct('io.k8s.api.core.v1.NodeSelectorRequirement', {
  key: field(1, string, { required: true }),
  operator: field(2, string, { required: true, enum: enums.NodeSelectorOperator }),
  values: list(3, string, { omitempty: true, listType: 'atomic' }),
});
export interface NodeSelectorRequirement extends Infer<typeof NodeSelectorRequirement> {}

export const NodeSelectorTerm = struct(
  'io.k8s.api.core.v1.NodeSelectorTerm',
  {
    matchExpressions: list(1, NodeSelectorRequirement, { omitempty: true, listType: 'atomic' }),
    matchFields: list(2, NodeSelectorRequirement, { omitempty: true, listType: 'atomic' }),
  },
  { structType: 'atomic' },
);
export interface NodeSelectorTerm extends Infer<typeof NodeSelectorTerm> {}

export const NodeSelector = struct(
  'io.k8s.api.core.v1.NodeSelector',
  {
    nodeSelectorTerms: list(1, NodeSelectorTerm, { required: true, listType: 'atomic' }),
  },
  { structType: 'atomic' },
);
export interface NodeSelector extends Infer<typeof NodeSelector> {}

export const PreferredSchedulingTerm = struct('io.k8s.api.core.v1.PreferredSchedulingTerm', {
  weight: field(1, int32, { required: true, format: 'int32' }),
  preference: field(2, NodeSelectorTerm, { required: true }),
});
export interface PreferredSchedulingTerm extends Infer<typeof PreferredSchedulingTerm> {}

export const NodeAffinity = struct('io.k8s.api.core.v1.NodeAffinity', {
  requiredDuringSchedulingIgnoredDuringExecution: field(1, NodeSelector, { omitempty: true, ptr: true }),
  preferredDuringSchedulingIgnoredDuringExecution: list(2, PreferredSchedulingTerm, {
    omitempty: true,
    listType: 'atomic',
  }),
});
export interface NodeAffinity extends Infer<typeof NodeAffinity> {}

export const PodAffinityTerm = struct('io.k8s.api.core.v1.PodAffinityTerm', {
  labelSelector: field(1, LabelSelector, { omitempty: true, ptr: true }),
  namespaces: list(2, string, { omitempty: true, listType: 'atomic' }),
  topologyKey: field(3, string, { required: true }),
  namespaceSelector: field(4, LabelSelector, { omitempty: true, ptr: true }),
  matchLabelKeys: list(5, string, { omitempty: true, listType: 'atomic' }),
  mismatchLabelKeys: list(6, string, { omitempty: true, listType: 'atomic' }),
});
export interface PodAffinityTerm extends Infer<typeof PodAffinityTerm> {}

export const WeightedPodAffinityTerm = struct('io.k8s.api.core.v1.WeightedPodAffinityTerm', {
  weight: field(1, int32, { required: true, format: 'int32' }),
  podAffinityTerm: field(2, PodAffinityTerm, { required: true }),
});
export interface WeightedPodAffinityTerm extends Infer<typeof WeightedPodAffinityTerm> {}

export const PodAffinity = struct('io.k8s.api.core.v1.PodAffinity', {
  requiredDuringSchedulingIgnoredDuringExecution: list(1, PodAffinityTerm, { omitempty: true, listType: 'atomic' }),
  preferredDuringSchedulingIgnoredDuringExecution: list(2, WeightedPodAffinityTerm, {
    omitempty: true,
    listType: 'atomic',
  }),
});
export interface PodAffinity extends Infer<typeof PodAffinity> {}

export const PodAntiAffinity = struct('io.k8s.api.core.v1.PodAntiAffinity', {
  requiredDuringSchedulingIgnoredDuringExecution: list(1, PodAffinityTerm, { omitempty: true, listType: 'atomic' }),
  preferredDuringSchedulingIgnoredDuringExecution: list(2, WeightedPodAffinityTerm, {
    omitempty: true,
    listType: 'atomic',
  }),
});
export interface PodAntiAffinity extends Infer<typeof PodAntiAffinity> {}

export const Affinity = struct('io.k8s.api.core.v1.Affinity', {
  nodeAffinity: field(1, NodeAffinity, { omitempty: true, ptr: true }),
  podAffinity: field(2, PodAffinity, { omitempty: true, ptr: true }),
  podAntiAffinity: field(3, PodAntiAffinity, { omitempty: true, ptr: true }),
});
export interface Affinity extends Infer<typeof Affinity> {}

export const AppArmorProfile = struct(
  'io.k8s.api.core.v1.AppArmorProfile',
  {
    type: field(1, string, { required: true, enum: enums.AppArmorProfileType, v: ['unionDiscriminator'] }),
    localhostProfile: field(2, string, { omitempty: true, ptr: true }),
  },
  { union: true },
);
export interface AppArmorProfile extends Infer<typeof AppArmorProfile> {}

export const AttachedVolume = struct('io.k8s.api.core.v1.AttachedVolume', {
  name: field(1, string, { required: true, alias: 'io.k8s.api.core.v1.UniqueVolumeName' }),
  devicePath: field(2, string, { required: true }),
});
export interface AttachedVolume extends Infer<typeof AttachedVolume> {}

export const PodSignature = struct('io.k8s.api.core.v1.PodSignature', {
  podController: field(1, OwnerReference, { omitempty: true, ptr: true }),
});
export interface PodSignature extends Infer<typeof PodSignature> {}

export const PreferAvoidPodsEntry = struct('io.k8s.api.core.v1.PreferAvoidPodsEntry', {
  podSignature: field(1, PodSignature, { required: true }),
  evictionTime: field(2, time, { omitempty: true }),
  reason: field(3, string, { omitempty: true }),
  message: field(4, string, { omitempty: true }),
});
export interface PreferAvoidPodsEntry extends Infer<typeof PreferAvoidPodsEntry> {}

export const AvoidPods = struct('io.k8s.api.core.v1.AvoidPods', {
  preferAvoidPods: list(1, PreferAvoidPodsEntry, { omitempty: true, listType: 'atomic' }),
});
export interface AvoidPods extends Infer<typeof AvoidPods> {}

export const AzureDiskVolumeSource = struct('io.k8s.api.core.v1.AzureDiskVolumeSource', {
  diskName: field(1, string, { required: true }),
  diskURI: field(2, string, { required: true }),
  cachingMode: field(3, string, {
    omitempty: true,
    ptr: true,
    enum: enums.AzureDataDiskCachingMode,
    default: 'ReadWrite',
  }),
  fsType: field(4, string, { omitempty: true, ptr: true, default: 'ext4' }),
  readOnly: field(5, bool, { omitempty: true, ptr: true, default: false }),
  kind: field(6, string, { omitempty: true, ptr: true, enum: enums.AzureDataDiskKind, default: 'Shared' }),
});
export interface AzureDiskVolumeSource extends Infer<typeof AzureDiskVolumeSource> {}

export const AzureFilePersistentVolumeSource = struct('io.k8s.api.core.v1.AzureFilePersistentVolumeSource', {
  secretName: field(1, string, { required: true }),
  shareName: field(2, string, { required: true }),
  readOnly: field(3, bool, { omitempty: true }),
  secretNamespace: field(4, string, { ptr: true }),
});
export interface AzureFilePersistentVolumeSource extends Infer<typeof AzureFilePersistentVolumeSource> {}

export const AzureFileVolumeSource = struct('io.k8s.api.core.v1.AzureFileVolumeSource', {
  secretName: field(1, string, { required: true }),
  shareName: field(2, string, { required: true }),
  readOnly: field(3, bool, { omitempty: true }),
});
export interface AzureFileVolumeSource extends Infer<typeof AzureFileVolumeSource> {}

export const ObjectReference = struct(
  'io.k8s.api.core.v1.ObjectReference',
  {
    kind: field(1, string, { omitempty: true }),
    namespace: field(2, string, { omitempty: true }),
    name: field(3, string, { omitempty: true }),
    uid: field(4, string, { omitempty: true, alias: 'io.k8s.apimachinery.pkg.types.UID' }),
    apiVersion: field(5, string, { omitempty: true }),
    resourceVersion: field(6, string, { omitempty: true }),
    fieldPath: field(7, string, { omitempty: true }),
  },
  { structType: 'atomic' },
);
export interface ObjectReference extends Infer<typeof ObjectReference> {}

export const Binding = struct(
  'io.k8s.api.core.v1.Binding',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    target: field(2, ObjectReference, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'Binding' }, typeMeta: true },
);
export interface Binding extends Infer<typeof Binding> {}

export const SecretReference = struct(
  'io.k8s.api.core.v1.SecretReference',
  {
    name: field(1, string, { omitempty: true }),
    namespace: field(2, string, { omitempty: true }),
  },
  { structType: 'atomic' },
);
export interface SecretReference extends Infer<typeof SecretReference> {}

export const CSIPersistentVolumeSource = struct('io.k8s.api.core.v1.CSIPersistentVolumeSource', {
  driver: field(1, string, { required: true }),
  volumeHandle: field(2, string, { required: true }),
  readOnly: field(3, bool, { omitempty: true }),
  fsType: field(4, string, { omitempty: true }),
  volumeAttributes: map(5, string, { omitempty: true }),
  controllerPublishSecretRef: field(6, SecretReference, { omitempty: true, ptr: true }),
  nodeStageSecretRef: field(7, SecretReference, { omitempty: true, ptr: true }),
  nodePublishSecretRef: field(8, SecretReference, { omitempty: true, ptr: true }),
  controllerExpandSecretRef: field(9, SecretReference, { omitempty: true, ptr: true }),
  nodeExpandSecretRef: field(10, SecretReference, { omitempty: true, ptr: true }),
});
export interface CSIPersistentVolumeSource extends Infer<typeof CSIPersistentVolumeSource> {}

export const LocalObjectReference = struct(
  'io.k8s.api.core.v1.LocalObjectReference',
  {
    name: field(1, string, { omitempty: true, default: '' }),
  },
  { structType: 'atomic' },
);
export interface LocalObjectReference extends Infer<typeof LocalObjectReference> {}

export const CSIVolumeSource = struct('io.k8s.api.core.v1.CSIVolumeSource', {
  driver: field(1, string, { required: true }),
  readOnly: field(2, bool, { omitempty: true, ptr: true }),
  fsType: field(3, string, { omitempty: true, ptr: true }),
  volumeAttributes: map(4, string, { omitempty: true }),
  nodePublishSecretRef: field(5, LocalObjectReference, { omitempty: true, ptr: true }),
});
export interface CSIVolumeSource extends Infer<typeof CSIVolumeSource> {}

export const Capabilities = struct('io.k8s.api.core.v1.Capabilities', {
  add: list(1, string, { omitempty: true, alias: 'io.k8s.api.core.v1.Capability', listType: 'atomic' }),
  drop: list(2, string, { omitempty: true, alias: 'io.k8s.api.core.v1.Capability', listType: 'atomic' }),
});
export interface Capabilities extends Infer<typeof Capabilities> {}

export const CephFSPersistentVolumeSource = struct('io.k8s.api.core.v1.CephFSPersistentVolumeSource', {
  monitors: list(1, string, { required: true, listType: 'atomic' }),
  path: field(2, string, { omitempty: true }),
  user: field(3, string, { omitempty: true }),
  secretFile: field(4, string, { omitempty: true }),
  secretRef: field(5, SecretReference, { omitempty: true, ptr: true }),
  readOnly: field(6, bool, { omitempty: true }),
});
export interface CephFSPersistentVolumeSource extends Infer<typeof CephFSPersistentVolumeSource> {}

export const CephFSVolumeSource = struct('io.k8s.api.core.v1.CephFSVolumeSource', {
  monitors: list(1, string, { required: true, listType: 'atomic' }),
  path: field(2, string, { omitempty: true }),
  user: field(3, string, { omitempty: true }),
  secretFile: field(4, string, { omitempty: true }),
  secretRef: field(5, LocalObjectReference, { omitempty: true, ptr: true }),
  readOnly: field(6, bool, { omitempty: true }),
});
export interface CephFSVolumeSource extends Infer<typeof CephFSVolumeSource> {}

export const CinderPersistentVolumeSource = struct('io.k8s.api.core.v1.CinderPersistentVolumeSource', {
  volumeID: field(1, string, { required: true }),
  fsType: field(2, string, { omitempty: true }),
  readOnly: field(3, bool, { omitempty: true }),
  secretRef: field(4, SecretReference, { omitempty: true, ptr: true }),
});
export interface CinderPersistentVolumeSource extends Infer<typeof CinderPersistentVolumeSource> {}

export const CinderVolumeSource = struct('io.k8s.api.core.v1.CinderVolumeSource', {
  volumeID: field(1, string, { required: true }),
  fsType: field(2, string, { omitempty: true }),
  readOnly: field(3, bool, { omitempty: true }),
  secretRef: field(4, LocalObjectReference, { omitempty: true, ptr: true }),
});
export interface CinderVolumeSource extends Infer<typeof CinderVolumeSource> {}

export const ClientIPConfig = struct('io.k8s.api.core.v1.ClientIPConfig', {
  timeoutSeconds: field(1, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface ClientIPConfig extends Infer<typeof ClientIPConfig> {}

export const ClusterTrustBundleProjection = struct('io.k8s.api.core.v1.ClusterTrustBundleProjection', {
  name: field(1, string, { omitempty: true, ptr: true }),
  signerName: field(2, string, { omitempty: true, ptr: true }),
  labelSelector: field(3, LabelSelector, { omitempty: true, ptr: true }),
  optional: field(5, bool, { omitempty: true, ptr: true }),
  path: field(4, string, { required: true }),
});
export interface ClusterTrustBundleProjection extends Infer<typeof ClusterTrustBundleProjection> {}

export const ComponentCondition = struct('io.k8s.api.core.v1.ComponentCondition', {
  type: field(1, string, { required: true, enum: enums.ComponentConditionType }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus }),
  message: field(3, string, { omitempty: true }),
  error: field(4, string, { omitempty: true }),
});
export interface ComponentCondition extends Infer<typeof ComponentCondition> {}

export const ComponentStatus = struct(
  'io.k8s.api.core.v1.ComponentStatus',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    conditions: list(2, ComponentCondition, {
      omitempty: true,
      listType: 'map',
      listMapKeys: ['type'],
      patchStrategy: 'merge',
      patchMergeKey: 'type',
    }),
  },
  { gvk: { group: '', version: 'v1', kind: 'ComponentStatus' }, typeMeta: true },
);
export interface ComponentStatus extends Infer<typeof ComponentStatus> {}

export const ComponentStatusList = struct(
  'io.k8s.api.core.v1.ComponentStatusList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ComponentStatus, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'ComponentStatusList' }, typeMeta: true },
);
export interface ComponentStatusList extends Infer<typeof ComponentStatusList> {}

export const ConfigMap = struct(
  'io.k8s.api.core.v1.ConfigMap',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    immutable: field(4, bool, { omitempty: true, ptr: true }),
    data: map(2, string, { omitempty: true }),
    binaryData: map(3, bytes, { omitempty: true, format: 'byte' }),
  },
  { gvk: { group: '', version: 'v1', kind: 'ConfigMap' }, typeMeta: true },
);
export interface ConfigMap extends Infer<typeof ConfigMap> {}

export const ConfigMapEnvSource = struct('io.k8s.api.core.v1.ConfigMapEnvSource', {
  localObjectReference: field(1, LocalObjectReference, { inline: true }),
  optional: field(2, bool, { omitempty: true, ptr: true }),
});
export interface ConfigMapEnvSource extends Infer<typeof ConfigMapEnvSource> {}

export const ConfigMapKeySelector = struct(
  'io.k8s.api.core.v1.ConfigMapKeySelector',
  {
    localObjectReference: field(1, LocalObjectReference, { inline: true }),
    key: field(2, string, { required: true }),
    optional: field(3, bool, { omitempty: true, ptr: true }),
  },
  { structType: 'atomic' },
);
export interface ConfigMapKeySelector extends Infer<typeof ConfigMapKeySelector> {}

export const ConfigMapList = struct(
  'io.k8s.api.core.v1.ConfigMapList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ConfigMap, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'ConfigMapList' }, typeMeta: true },
);
export interface ConfigMapList extends Infer<typeof ConfigMapList> {}

export const ConfigMapNodeConfigSource = struct('io.k8s.api.core.v1.ConfigMapNodeConfigSource', {
  namespace: field(1, string, { required: true }),
  name: field(2, string, { required: true }),
  uid: field(3, string, { omitempty: true, alias: 'io.k8s.apimachinery.pkg.types.UID' }),
  resourceVersion: field(4, string, { omitempty: true }),
  kubeletConfigKey: field(5, string, { required: true }),
});
export interface ConfigMapNodeConfigSource extends Infer<typeof ConfigMapNodeConfigSource> {}

export const KeyToPath = struct('io.k8s.api.core.v1.KeyToPath', {
  key: field(1, string, { required: true }),
  path: field(2, string, { required: true }),
  mode: field(3, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface KeyToPath extends Infer<typeof KeyToPath> {}

export const ConfigMapProjection = struct('io.k8s.api.core.v1.ConfigMapProjection', {
  localObjectReference: field(1, LocalObjectReference, { inline: true }),
  items: list(2, KeyToPath, { omitempty: true, listType: 'atomic' }),
  optional: field(4, bool, { omitempty: true, ptr: true }),
});
export interface ConfigMapProjection extends Infer<typeof ConfigMapProjection> {}

export const ConfigMapVolumeSource = struct('io.k8s.api.core.v1.ConfigMapVolumeSource', {
  localObjectReference: field(1, LocalObjectReference, { inline: true }),
  items: list(2, KeyToPath, { omitempty: true, listType: 'atomic' }),
  defaultMode: field(3, int32, { omitempty: true, ptr: true, format: 'int32' }),
  optional: field(4, bool, { omitempty: true, ptr: true }),
});
export interface ConfigMapVolumeSource extends Infer<typeof ConfigMapVolumeSource> {}

export const ContainerPort = struct('io.k8s.api.core.v1.ContainerPort', {
  name: field(1, string, { omitempty: true }),
  hostPort: field(2, int32, { omitempty: true, format: 'int32' }),
  containerPort: field(3, int32, { required: true, format: 'int32' }),
  protocol: field(4, string, { omitempty: true, enum: enums.Protocol, default: 'TCP' }),
  hostIP: field(5, string, { omitempty: true }),
});
export interface ContainerPort extends Infer<typeof ContainerPort> {}

export const SecretEnvSource = struct('io.k8s.api.core.v1.SecretEnvSource', {
  localObjectReference: field(1, LocalObjectReference, { inline: true }),
  optional: field(2, bool, { omitempty: true, ptr: true }),
});
export interface SecretEnvSource extends Infer<typeof SecretEnvSource> {}

export const EnvFromSource = struct('io.k8s.api.core.v1.EnvFromSource', {
  prefix: field(1, string, { omitempty: true }),
  configMapRef: field(2, ConfigMapEnvSource, { omitempty: true, ptr: true }),
  secretRef: field(3, SecretEnvSource, { omitempty: true, ptr: true }),
});
export interface EnvFromSource extends Infer<typeof EnvFromSource> {}

export const ObjectFieldSelector = struct(
  'io.k8s.api.core.v1.ObjectFieldSelector',
  {
    apiVersion: field(1, string, { omitempty: true }),
    fieldPath: field(2, string, { required: true }),
  },
  { structType: 'atomic' },
);
export interface ObjectFieldSelector extends Infer<typeof ObjectFieldSelector> {}

export const ResourceFieldSelector = struct(
  'io.k8s.api.core.v1.ResourceFieldSelector',
  {
    containerName: field(1, string, { omitempty: true }),
    resource: field(2, string, { required: true }),
    divisor: field(3, quantity, { omitempty: true }),
  },
  { structType: 'atomic' },
);
export interface ResourceFieldSelector extends Infer<typeof ResourceFieldSelector> {}

export const SecretKeySelector = struct(
  'io.k8s.api.core.v1.SecretKeySelector',
  {
    localObjectReference: field(1, LocalObjectReference, { inline: true }),
    key: field(2, string, { required: true }),
    optional: field(3, bool, { omitempty: true, ptr: true }),
  },
  { structType: 'atomic' },
);
export interface SecretKeySelector extends Infer<typeof SecretKeySelector> {}

export const FileKeySelector = struct(
  'io.k8s.api.core.v1.FileKeySelector',
  {
    volumeName: field(1, string, { required: true }),
    path: field(2, string, { required: true }),
    key: field(3, string, { required: true }),
    optional: field(4, bool, { omitempty: true, ptr: true, default: false }),
  },
  { structType: 'atomic' },
);
export interface FileKeySelector extends Infer<typeof FileKeySelector> {}

export const EnvVarSource = struct('io.k8s.api.core.v1.EnvVarSource', {
  fieldRef: field(1, ObjectFieldSelector, { omitempty: true, ptr: true }),
  resourceFieldRef: field(2, ResourceFieldSelector, { omitempty: true, ptr: true }),
  configMapKeyRef: field(3, ConfigMapKeySelector, { omitempty: true, ptr: true }),
  secretKeyRef: field(4, SecretKeySelector, { omitempty: true, ptr: true }),
  fileKeyRef: field(5, FileKeySelector, { omitempty: true, ptr: true, featureGates: ['EnvFiles'] }),
});
export interface EnvVarSource extends Infer<typeof EnvVarSource> {}

export const EnvVar = struct('io.k8s.api.core.v1.EnvVar', {
  name: field(1, string, { required: true }),
  value: field(2, string, { omitempty: true }),
  valueFrom: field(3, EnvVarSource, { omitempty: true, ptr: true }),
});
export interface EnvVar extends Infer<typeof EnvVar> {}

export const ResourceClaim = struct('io.k8s.api.core.v1.ResourceClaim', {
  name: field(1, string, { required: true }),
  request: field(2, string, { omitempty: true }),
});
export interface ResourceClaim extends Infer<typeof ResourceClaim> {}

export const ResourceRequirements = struct('io.k8s.api.core.v1.ResourceRequirements', {
  limits: map(1, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  requests: map(2, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  claims: list(3, ResourceClaim, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    featureGates: ['DynamicResourceAllocation'],
  }),
});
export interface ResourceRequirements extends Infer<typeof ResourceRequirements> {}

export const ContainerResizePolicy = struct('io.k8s.api.core.v1.ContainerResizePolicy', {
  resourceName: field(1, string, { required: true, enum: enums.ResourceName }),
  restartPolicy: field(2, string, { required: true, enum: enums.ResourceResizeRestartPolicy }),
});
export interface ContainerResizePolicy extends Infer<typeof ContainerResizePolicy> {}

export const ContainerRestartRuleOnExitCodes = struct('io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes', {
  operator: field(1, string, { required: true, omitempty: true, enum: enums.ContainerRestartRuleOnExitCodesOperator }),
  values: list(2, int32, { omitempty: true, format: 'int32', listType: 'set' }),
});
export interface ContainerRestartRuleOnExitCodes extends Infer<typeof ContainerRestartRuleOnExitCodes> {}

export const ContainerRestartRule = struct('io.k8s.api.core.v1.ContainerRestartRule', {
  action: field(1, string, { required: true, omitempty: true, enum: enums.ContainerRestartRuleAction }),
  exitCodes: field(2, ContainerRestartRuleOnExitCodes, { omitempty: true, ptr: true, v: ['oneOf=when'] }),
});
export interface ContainerRestartRule extends Infer<typeof ContainerRestartRule> {}

export const VolumeMount = struct('io.k8s.api.core.v1.VolumeMount', {
  name: field(1, string, { required: true }),
  readOnly: field(2, bool, { omitempty: true }),
  recursiveReadOnly: field(7, string, { omitempty: true, ptr: true, enum: enums.RecursiveReadOnlyMode }),
  mountPath: field(3, string, { required: true }),
  subPath: field(4, string, { omitempty: true }),
  mountPropagation: field(5, string, { omitempty: true, ptr: true, enum: enums.MountPropagationMode }),
  subPathExpr: field(6, string, { omitempty: true }),
});
export interface VolumeMount extends Infer<typeof VolumeMount> {}

export const VolumeDevice = struct('io.k8s.api.core.v1.VolumeDevice', {
  name: field(1, string, { required: true }),
  devicePath: field(2, string, { required: true }),
});
export interface VolumeDevice extends Infer<typeof VolumeDevice> {}

export const ExecAction = struct('io.k8s.api.core.v1.ExecAction', {
  command: list(1, string, { omitempty: true, listType: 'atomic' }),
});
export interface ExecAction extends Infer<typeof ExecAction> {}

export const HTTPHeader = struct('io.k8s.api.core.v1.HTTPHeader', {
  name: field(1, string, { required: true }),
  value: field(2, string, { required: true }),
});
export interface HTTPHeader extends Infer<typeof HTTPHeader> {}

export const HTTPGetAction = struct('io.k8s.api.core.v1.HTTPGetAction', {
  path: field(1, string, { omitempty: true }),
  port: field(2, intOrString, { required: true }),
  host: field(3, string, { omitempty: true }),
  scheme: field(4, string, { omitempty: true, enum: enums.URIScheme }),
  httpHeaders: list(5, HTTPHeader, { omitempty: true, listType: 'atomic' }),
});
export interface HTTPGetAction extends Infer<typeof HTTPGetAction> {}

export const TCPSocketAction = struct('io.k8s.api.core.v1.TCPSocketAction', {
  port: field(1, intOrString, { required: true }),
  host: field(2, string, { omitempty: true }),
});
export interface TCPSocketAction extends Infer<typeof TCPSocketAction> {}

export const GRPCAction = struct('io.k8s.api.core.v1.GRPCAction', {
  port: field(1, int32, { required: true, format: 'int32' }),
  service: field(2, string, { ptr: true, default: '' }),
});
export interface GRPCAction extends Infer<typeof GRPCAction> {}

export const ProbeHandler = struct('io.k8s.api.core.v1.ProbeHandler', {
  exec: field(1, ExecAction, { omitempty: true, ptr: true }),
  httpGet: field(2, HTTPGetAction, { omitempty: true, ptr: true }),
  tcpSocket: field(3, TCPSocketAction, { omitempty: true, ptr: true }),
  grpc: field(4, GRPCAction, { omitempty: true, ptr: true }),
});
export interface ProbeHandler extends Infer<typeof ProbeHandler> {}

export const Probe = struct('io.k8s.api.core.v1.Probe', {
  handler: field(1, ProbeHandler, { inline: true }),
  initialDelaySeconds: field(2, int32, { omitempty: true, format: 'int32' }),
  timeoutSeconds: field(3, int32, { omitempty: true, format: 'int32' }),
  periodSeconds: field(4, int32, { omitempty: true, format: 'int32' }),
  successThreshold: field(5, int32, { omitempty: true, format: 'int32' }),
  failureThreshold: field(6, int32, { omitempty: true, format: 'int32' }),
  terminationGracePeriodSeconds: field(7, int64, { omitempty: true, ptr: true, format: 'int64' }),
});
export interface Probe extends Infer<typeof Probe> {}

export const SleepAction = struct('io.k8s.api.core.v1.SleepAction', {
  seconds: field(1, int64, { required: true, format: 'int64' }),
});
export interface SleepAction extends Infer<typeof SleepAction> {}

export const LifecycleHandler = struct('io.k8s.api.core.v1.LifecycleHandler', {
  exec: field(1, ExecAction, { omitempty: true, ptr: true }),
  httpGet: field(2, HTTPGetAction, { omitempty: true, ptr: true }),
  tcpSocket: field(3, TCPSocketAction, { omitempty: true, ptr: true }),
  sleep: field(4, SleepAction, { omitempty: true, ptr: true }),
});
export interface LifecycleHandler extends Infer<typeof LifecycleHandler> {}

export const Lifecycle = struct('io.k8s.api.core.v1.Lifecycle', {
  postStart: field(1, LifecycleHandler, { omitempty: true, ptr: true }),
  preStop: field(2, LifecycleHandler, { omitempty: true, ptr: true }),
  stopSignal: field(3, string, { omitempty: true, ptr: true, enum: enums.Signal }),
});
export interface Lifecycle extends Infer<typeof Lifecycle> {}

export const SELinuxOptions = struct('io.k8s.api.core.v1.SELinuxOptions', {
  user: field(1, string, { omitempty: true }),
  role: field(2, string, { omitempty: true }),
  type: field(3, string, { omitempty: true }),
  level: field(4, string, { omitempty: true }),
});
export interface SELinuxOptions extends Infer<typeof SELinuxOptions> {}

export const WindowsSecurityContextOptions = struct('io.k8s.api.core.v1.WindowsSecurityContextOptions', {
  gmsaCredentialSpecName: field(1, string, { omitempty: true, ptr: true }),
  gmsaCredentialSpec: field(2, string, { omitempty: true, ptr: true }),
  runAsUserName: field(3, string, { omitempty: true, ptr: true }),
  hostProcess: field(4, bool, { omitempty: true, ptr: true }),
});
export interface WindowsSecurityContextOptions extends Infer<typeof WindowsSecurityContextOptions> {}

export const SeccompProfile = struct(
  'io.k8s.api.core.v1.SeccompProfile',
  {
    type: field(1, string, { required: true, enum: enums.SeccompProfileType, v: ['unionDiscriminator'] }),
    localhostProfile: field(2, string, { omitempty: true, ptr: true }),
  },
  { union: true },
);
export interface SeccompProfile extends Infer<typeof SeccompProfile> {}

export const SecurityContext = struct('io.k8s.api.core.v1.SecurityContext', {
  capabilities: field(1, Capabilities, { omitempty: true, ptr: true }),
  privileged: field(2, bool, { omitempty: true, ptr: true }),
  seLinuxOptions: field(3, SELinuxOptions, { omitempty: true, ptr: true }),
  windowsOptions: field(10, WindowsSecurityContextOptions, { omitempty: true, ptr: true }),
  runAsUser: field(4, int64, { omitempty: true, ptr: true, format: 'int64' }),
  runAsGroup: field(8, int64, { omitempty: true, ptr: true, format: 'int64' }),
  runAsNonRoot: field(5, bool, { omitempty: true, ptr: true }),
  readOnlyRootFilesystem: field(6, bool, { omitempty: true, ptr: true }),
  allowPrivilegeEscalation: field(7, bool, { omitempty: true, ptr: true }),
  procMount: field(9, string, { omitempty: true, ptr: true, enum: enums.ProcMountType }),
  seccompProfile: field(11, SeccompProfile, { omitempty: true, ptr: true }),
  appArmorProfile: field(12, AppArmorProfile, { omitempty: true, ptr: true }),
});
export interface SecurityContext extends Infer<typeof SecurityContext> {}

export const Container = struct('io.k8s.api.core.v1.Container', {
  name: field(1, string, { required: true }),
  image: field(2, string, { omitempty: true }),
  command: list(3, string, { omitempty: true, listType: 'atomic' }),
  args: list(4, string, { omitempty: true, listType: 'atomic' }),
  workingDir: field(5, string, { omitempty: true }),
  ports: list(6, ContainerPort, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['containerPort', 'protocol'],
    patchStrategy: 'merge',
    patchMergeKey: 'containerPort',
  }),
  envFrom: list(19, EnvFromSource, { omitempty: true, listType: 'atomic' }),
  env: list(7, EnvVar, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge',
    patchMergeKey: 'name',
  }),
  resources: field(8, ResourceRequirements, { omitempty: true }),
  resizePolicy: list(23, ContainerResizePolicy, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['InPlacePodVerticalScaling'],
  }),
  restartPolicy: field(24, string, { omitempty: true, ptr: true, enum: enums.ContainerRestartPolicy }),
  restartPolicyRules: list(25, ContainerRestartRule, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['ContainerRestartRules'],
  }),
  volumeMounts: list(9, VolumeMount, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['mountPath'],
    patchStrategy: 'merge',
    patchMergeKey: 'mountPath',
  }),
  volumeDevices: list(21, VolumeDevice, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['devicePath'],
    patchStrategy: 'merge',
    patchMergeKey: 'devicePath',
  }),
  livenessProbe: field(10, Probe, { omitempty: true, ptr: true }),
  readinessProbe: field(11, Probe, { omitempty: true, ptr: true }),
  startupProbe: field(22, Probe, { omitempty: true, ptr: true }),
  lifecycle: field(12, Lifecycle, { omitempty: true, ptr: true }),
  terminationMessagePath: field(13, string, { omitempty: true }),
  terminationMessagePolicy: field(20, string, { omitempty: true, enum: enums.TerminationMessagePolicy }),
  imagePullPolicy: field(14, string, { omitempty: true, enum: enums.PullPolicy }),
  securityContext: field(15, SecurityContext, { omitempty: true, ptr: true }),
  stdin: field(16, bool, { omitempty: true }),
  stdinOnce: field(17, bool, { omitempty: true }),
  tty: field(18, bool, { omitempty: true }),
});
export interface Container extends Infer<typeof Container> {}

export const ContainerExtendedResourceRequest = struct('io.k8s.api.core.v1.ContainerExtendedResourceRequest', {
  containerName: field(1, string, { required: true }),
  resourceName: field(2, string, { required: true }),
  requestName: field(3, string, { required: true }),
});
export interface ContainerExtendedResourceRequest extends Infer<typeof ContainerExtendedResourceRequest> {}

export const ContainerImage = struct('io.k8s.api.core.v1.ContainerImage', {
  names: list(1, string, { listType: 'atomic' }),
  sizeBytes: field(2, int64, { omitempty: true, format: 'int64' }),
});
export interface ContainerImage extends Infer<typeof ContainerImage> {}

export const ContainerStateWaiting = struct('io.k8s.api.core.v1.ContainerStateWaiting', {
  reason: field(1, string, { omitempty: true }),
  message: field(2, string, { omitempty: true }),
});
export interface ContainerStateWaiting extends Infer<typeof ContainerStateWaiting> {}

export const ContainerStateRunning = struct('io.k8s.api.core.v1.ContainerStateRunning', {
  startedAt: field(1, time, { omitempty: true }),
});
export interface ContainerStateRunning extends Infer<typeof ContainerStateRunning> {}

export const ContainerStateTerminated = struct('io.k8s.api.core.v1.ContainerStateTerminated', {
  exitCode: field(1, int32, { required: true, format: 'int32' }),
  signal: field(2, int32, { omitempty: true, format: 'int32' }),
  reason: field(3, string, { omitempty: true }),
  message: field(4, string, { omitempty: true }),
  startedAt: field(5, time, { omitempty: true }),
  finishedAt: field(6, time, { omitempty: true }),
  containerID: field(7, string, { omitempty: true }),
});
export interface ContainerStateTerminated extends Infer<typeof ContainerStateTerminated> {}

export const ContainerState = struct('io.k8s.api.core.v1.ContainerState', {
  waiting: field(1, ContainerStateWaiting, { omitempty: true, ptr: true }),
  running: field(2, ContainerStateRunning, { omitempty: true, ptr: true }),
  terminated: field(3, ContainerStateTerminated, { omitempty: true, ptr: true }),
});
export interface ContainerState extends Infer<typeof ContainerState> {}

export const ImageVolumeStatus = struct('io.k8s.api.core.v1.ImageVolumeStatus', {
  imageRef: field(1, string, { required: true, omitempty: true, v: ['kubebuilder:validation:MaxLength=256'] }),
});
export interface ImageVolumeStatus extends Infer<typeof ImageVolumeStatus> {}

export const VolumeStatus = struct('io.k8s.api.core.v1.VolumeStatus', {
  image: field(1, ImageVolumeStatus, { omitempty: true, ptr: true, featureGates: ['ImageVolumeWithDigest'] }),
});
export interface VolumeStatus extends Infer<typeof VolumeStatus> {}

export const VolumeMountStatus = struct('io.k8s.api.core.v1.VolumeMountStatus', {
  name: field(1, string, { required: true }),
  mountPath: field(2, string, { required: true }),
  readOnly: field(3, bool, { omitempty: true }),
  recursiveReadOnly: field(4, string, { omitempty: true, ptr: true, enum: enums.RecursiveReadOnlyMode }),
  volumeStatus: field(5, VolumeStatus, { omitempty: true, ptr: true }),
});
export interface VolumeMountStatus extends Infer<typeof VolumeMountStatus> {}

export const LinuxContainerUser = struct('io.k8s.api.core.v1.LinuxContainerUser', {
  uid: field(1, int64, { required: true, format: 'int64' }),
  gid: field(2, int64, { required: true, format: 'int64' }),
  supplementalGroups: list(3, int64, { omitempty: true, format: 'int64', listType: 'atomic' }),
});
export interface LinuxContainerUser extends Infer<typeof LinuxContainerUser> {}

export const ContainerUser = struct('io.k8s.api.core.v1.ContainerUser', {
  linux: field(1, LinuxContainerUser, { omitempty: true, ptr: true }),
});
export interface ContainerUser extends Infer<typeof ContainerUser> {}

export const ResourceHealth = struct('io.k8s.api.core.v1.ResourceHealth', {
  resourceID: field(1, string, { required: true, alias: 'io.k8s.api.core.v1.ResourceID' }),
  health: field(2, string, { omitempty: true, enum: enums.ResourceHealthStatus }),
  message: field(6, string, { omitempty: true, ptr: true, featureGates: ['ResourceHealthStatusMessage'] }),
});
export interface ResourceHealth extends Infer<typeof ResourceHealth> {}

export const ResourceStatus = struct('io.k8s.api.core.v1.ResourceStatus', {
  name: field(1, string, { required: true, enum: enums.ResourceName }),
  resources: list(2, ResourceHealth, { omitempty: true, listType: 'map', listMapKeys: ['resourceID'] }),
});
export interface ResourceStatus extends Infer<typeof ResourceStatus> {}

export const ContainerStatus = struct('io.k8s.api.core.v1.ContainerStatus', {
  name: field(1, string, { required: true }),
  state: field(2, ContainerState, { omitempty: true }),
  lastState: field(3, ContainerState, { omitempty: true }),
  ready: field(4, bool, { required: true }),
  restartCount: field(5, int32, { required: true, format: 'int32' }),
  image: field(6, string, { required: true }),
  imageID: field(7, string, { required: true }),
  containerID: field(8, string, { omitempty: true }),
  started: field(9, bool, { omitempty: true, ptr: true }),
  allocatedResources: map(10, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  resources: field(11, ResourceRequirements, {
    omitempty: true,
    ptr: true,
    featureGates: ['InPlacePodVerticalScaling'],
  }),
  volumeMounts: list(12, VolumeMountStatus, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['mountPath'],
    patchStrategy: 'merge',
    patchMergeKey: 'mountPath',
  }),
  user: field(13, ContainerUser, { omitempty: true, ptr: true, featureGates: ['SupplementalGroupsPolicy'] }),
  allocatedResourcesStatus: list(14, ResourceStatus, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge',
    patchMergeKey: 'name',
    featureGates: ['ResourceHealthStatus'],
  }),
  stopSignal: field(15, string, {
    omitempty: true,
    ptr: true,
    enum: enums.Signal,
    featureGates: ['ContainerStopSignals'],
  }),
});
export interface ContainerStatus extends Infer<typeof ContainerStatus> {}

export const DaemonEndpoint = struct('io.k8s.api.core.v1.DaemonEndpoint', {
  Port: field(1, int32, { required: true, format: 'int32' }),
});
export interface DaemonEndpoint extends Infer<typeof DaemonEndpoint> {}

export const DownwardAPIVolumeFile = struct('io.k8s.api.core.v1.DownwardAPIVolumeFile', {
  path: field(1, string, { required: true }),
  fieldRef: field(2, ObjectFieldSelector, { omitempty: true, ptr: true }),
  resourceFieldRef: field(3, ResourceFieldSelector, { omitempty: true, ptr: true }),
  mode: field(4, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface DownwardAPIVolumeFile extends Infer<typeof DownwardAPIVolumeFile> {}

export const DownwardAPIProjection = struct('io.k8s.api.core.v1.DownwardAPIProjection', {
  items: list(1, DownwardAPIVolumeFile, { omitempty: true, listType: 'atomic' }),
});
export interface DownwardAPIProjection extends Infer<typeof DownwardAPIProjection> {}

export const DownwardAPIVolumeSource = struct('io.k8s.api.core.v1.DownwardAPIVolumeSource', {
  items: list(1, DownwardAPIVolumeFile, { omitempty: true, listType: 'atomic' }),
  defaultMode: field(2, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface DownwardAPIVolumeSource extends Infer<typeof DownwardAPIVolumeSource> {}

export const EmptyDirVolumeSource = struct('io.k8s.api.core.v1.EmptyDirVolumeSource', {
  medium: field(1, string, { omitempty: true, enum: enums.StorageMedium }),
  sizeLimit: field(2, quantity, { omitempty: true, ptr: true }),
});
export interface EmptyDirVolumeSource extends Infer<typeof EmptyDirVolumeSource> {}

export const EndpointAddress = struct(
  'io.k8s.api.core.v1.EndpointAddress',
  {
    ip: field(1, string, { required: true }),
    hostname: field(3, string, { omitempty: true }),
    nodeName: field(4, string, { omitempty: true, ptr: true }),
    targetRef: field(2, ObjectReference, { omitempty: true, ptr: true }),
  },
  { structType: 'atomic' },
);
export interface EndpointAddress extends Infer<typeof EndpointAddress> {}

export const EndpointPort = struct(
  'io.k8s.api.core.v1.EndpointPort',
  {
    name: field(1, string, { omitempty: true }),
    port: field(2, int32, { required: true, format: 'int32' }),
    protocol: field(3, string, { omitempty: true, enum: enums.Protocol }),
    appProtocol: field(4, string, { omitempty: true, ptr: true }),
  },
  { structType: 'atomic' },
);
export interface EndpointPort extends Infer<typeof EndpointPort> {}

export const EndpointSubset = struct('io.k8s.api.core.v1.EndpointSubset', {
  addresses: list(1, EndpointAddress, { omitempty: true, listType: 'atomic' }),
  notReadyAddresses: list(2, EndpointAddress, { omitempty: true, listType: 'atomic' }),
  ports: list(3, EndpointPort, { omitempty: true, listType: 'atomic' }),
});
export interface EndpointSubset extends Infer<typeof EndpointSubset> {}

export const Endpoints = struct(
  'io.k8s.api.core.v1.Endpoints',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    subsets: list(2, EndpointSubset, { omitempty: true, listType: 'atomic' }),
  },
  { gvk: { group: '', version: 'v1', kind: 'Endpoints' }, typeMeta: true },
);
export interface Endpoints extends Infer<typeof Endpoints> {}

export const EndpointsList = struct(
  'io.k8s.api.core.v1.EndpointsList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Endpoints, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'EndpointsList' }, typeMeta: true },
);
export interface EndpointsList extends Infer<typeof EndpointsList> {}

export const EphemeralContainerCommon = struct('io.k8s.api.core.v1.EphemeralContainerCommon', {
  name: field(1, string, { required: true }),
  image: field(2, string, { omitempty: true }),
  command: list(3, string, { omitempty: true, listType: 'atomic' }),
  args: list(4, string, { omitempty: true, listType: 'atomic' }),
  workingDir: field(5, string, { omitempty: true }),
  ports: list(6, ContainerPort, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['containerPort', 'protocol'],
    patchStrategy: 'merge',
    patchMergeKey: 'containerPort',
  }),
  envFrom: list(19, EnvFromSource, { omitempty: true, listType: 'atomic' }),
  env: list(7, EnvVar, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge',
    patchMergeKey: 'name',
  }),
  resources: field(8, ResourceRequirements, { omitempty: true }),
  resizePolicy: list(23, ContainerResizePolicy, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['InPlacePodVerticalScaling'],
  }),
  restartPolicy: field(24, string, { omitempty: true, ptr: true, enum: enums.ContainerRestartPolicy }),
  restartPolicyRules: list(25, ContainerRestartRule, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['ContainerRestartRules'],
  }),
  volumeMounts: list(9, VolumeMount, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['mountPath'],
    patchStrategy: 'merge',
    patchMergeKey: 'mountPath',
  }),
  volumeDevices: list(21, VolumeDevice, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['devicePath'],
    patchStrategy: 'merge',
    patchMergeKey: 'devicePath',
  }),
  livenessProbe: field(10, Probe, { omitempty: true, ptr: true }),
  readinessProbe: field(11, Probe, { omitempty: true, ptr: true }),
  startupProbe: field(22, Probe, { omitempty: true, ptr: true }),
  lifecycle: field(12, Lifecycle, { omitempty: true, ptr: true }),
  terminationMessagePath: field(13, string, { omitempty: true }),
  terminationMessagePolicy: field(20, string, { omitempty: true, enum: enums.TerminationMessagePolicy }),
  imagePullPolicy: field(14, string, { omitempty: true, enum: enums.PullPolicy }),
  securityContext: field(15, SecurityContext, { omitempty: true, ptr: true }),
  stdin: field(16, bool, { omitempty: true }),
  stdinOnce: field(17, bool, { omitempty: true }),
  tty: field(18, bool, { omitempty: true }),
});
export interface EphemeralContainerCommon extends Infer<typeof EphemeralContainerCommon> {}

export const EphemeralContainer = struct('io.k8s.api.core.v1.EphemeralContainer', {
  ephemeralContainerCommon: field(1, EphemeralContainerCommon, { inline: true }),
  targetContainerName: field(2, string, { omitempty: true }),
});
export interface EphemeralContainer extends Infer<typeof EphemeralContainer> {}

export const VolumeResourceRequirements = struct('io.k8s.api.core.v1.VolumeResourceRequirements', {
  limits: map(1, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  requests: map(2, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
});
export interface VolumeResourceRequirements extends Infer<typeof VolumeResourceRequirements> {}

export const TypedLocalObjectReference = struct(
  'io.k8s.api.core.v1.TypedLocalObjectReference',
  {
    apiGroup: field(1, string, { ptr: true }),
    kind: field(2, string, { required: true }),
    name: field(3, string, { required: true }),
  },
  { structType: 'atomic' },
);
export interface TypedLocalObjectReference extends Infer<typeof TypedLocalObjectReference> {}

export const TypedObjectReference = struct('io.k8s.api.core.v1.TypedObjectReference', {
  apiGroup: field(1, string, { ptr: true }),
  kind: field(2, string, { required: true }),
  name: field(3, string, { required: true }),
  namespace: field(4, string, { omitempty: true, ptr: true, featureGates: ['CrossNamespaceVolumeDataSource'] }),
});
export interface TypedObjectReference extends Infer<typeof TypedObjectReference> {}

export const PersistentVolumeClaimSpec = struct('io.k8s.api.core.v1.PersistentVolumeClaimSpec', {
  accessModes: list(1, string, { omitempty: true, enum: enums.PersistentVolumeAccessMode, listType: 'atomic' }),
  selector: field(4, LabelSelector, { omitempty: true, ptr: true }),
  resources: field(2, VolumeResourceRequirements, { omitempty: true }),
  volumeName: field(3, string, { omitempty: true }),
  storageClassName: field(5, string, { omitempty: true, ptr: true }),
  volumeMode: field(6, string, { omitempty: true, ptr: true, enum: enums.PersistentVolumeMode }),
  dataSource: field(7, TypedLocalObjectReference, { omitempty: true, ptr: true }),
  dataSourceRef: field(8, TypedObjectReference, { omitempty: true, ptr: true }),
  volumeAttributesClassName: field(9, string, { omitempty: true, ptr: true, featureGates: ['VolumeAttributesClass'] }),
});
export interface PersistentVolumeClaimSpec extends Infer<typeof PersistentVolumeClaimSpec> {}

export const PersistentVolumeClaimTemplate = struct('io.k8s.api.core.v1.PersistentVolumeClaimTemplate', {
  metadata: field(1, ObjectMeta, { omitempty: true }),
  spec: field(2, PersistentVolumeClaimSpec, { required: true }),
});
export interface PersistentVolumeClaimTemplate extends Infer<typeof PersistentVolumeClaimTemplate> {}

export const EphemeralVolumeSource = struct('io.k8s.api.core.v1.EphemeralVolumeSource', {
  volumeClaimTemplate: field(1, PersistentVolumeClaimTemplate, { omitempty: true, ptr: true }),
});
export interface EphemeralVolumeSource extends Infer<typeof EphemeralVolumeSource> {}

export const EventSource = struct('io.k8s.api.core.v1.EventSource', {
  component: field(1, string, { omitempty: true }),
  host: field(2, string, { omitempty: true }),
});
export interface EventSource extends Infer<typeof EventSource> {}

export const EventSeries = struct('io.k8s.api.core.v1.EventSeries', {
  count: field(1, int32, { omitempty: true, format: 'int32' }),
  lastObservedTime: field(2, microTime, { omitempty: true }),
});
export interface EventSeries extends Infer<typeof EventSeries> {}

export const Event = struct(
  'io.k8s.api.core.v1.Event',
  {
    metadata: field(1, ObjectMeta, { required: true }),
    involvedObject: field(2, ObjectReference, { required: true }),
    reason: field(3, string, { omitempty: true }),
    message: field(4, string, { omitempty: true }),
    source: field(5, EventSource, { omitempty: true }),
    firstTimestamp: field(6, time, { omitempty: true }),
    lastTimestamp: field(7, time, { omitempty: true }),
    count: field(8, int32, { omitempty: true, format: 'int32' }),
    type: field(9, string, { omitempty: true }),
    eventTime: field(10, microTime, { omitempty: true }),
    series: field(11, EventSeries, { omitempty: true, ptr: true }),
    action: field(12, string, { omitempty: true }),
    related: field(13, ObjectReference, { omitempty: true, ptr: true }),
    reportingComponent: field(14, string),
    reportingInstance: field(15, string),
  },
  { gvk: { group: '', version: 'v1', kind: 'Event' }, typeMeta: true },
);
export interface Event extends Infer<typeof Event> {}

export const EventList = struct(
  'io.k8s.api.core.v1.EventList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Event, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'EventList' }, typeMeta: true },
);
export interface EventList extends Infer<typeof EventList> {}

export const FCVolumeSource = struct('io.k8s.api.core.v1.FCVolumeSource', {
  targetWWNs: list(1, string, { omitempty: true, listType: 'atomic' }),
  lun: field(2, int32, { omitempty: true, ptr: true, format: 'int32' }),
  fsType: field(3, string, { omitempty: true }),
  readOnly: field(4, bool, { omitempty: true }),
  wwids: list(5, string, { omitempty: true, listType: 'atomic' }),
});
export interface FCVolumeSource extends Infer<typeof FCVolumeSource> {}

export const FlexPersistentVolumeSource = struct('io.k8s.api.core.v1.FlexPersistentVolumeSource', {
  driver: field(1, string, { required: true }),
  fsType: field(2, string, { omitempty: true }),
  secretRef: field(3, SecretReference, { omitempty: true, ptr: true }),
  readOnly: field(4, bool, { omitempty: true }),
  options: map(5, string, { omitempty: true }),
});
export interface FlexPersistentVolumeSource extends Infer<typeof FlexPersistentVolumeSource> {}

export const FlexVolumeSource = struct('io.k8s.api.core.v1.FlexVolumeSource', {
  driver: field(1, string, { required: true }),
  fsType: field(2, string, { omitempty: true }),
  secretRef: field(3, LocalObjectReference, { omitempty: true, ptr: true }),
  readOnly: field(4, bool, { omitempty: true }),
  options: map(5, string, { omitempty: true }),
});
export interface FlexVolumeSource extends Infer<typeof FlexVolumeSource> {}

export const FlockerVolumeSource = struct('io.k8s.api.core.v1.FlockerVolumeSource', {
  datasetName: field(1, string, { omitempty: true }),
  datasetUUID: field(2, string, { omitempty: true }),
});
export interface FlockerVolumeSource extends Infer<typeof FlockerVolumeSource> {}

export const GCEPersistentDiskVolumeSource = struct('io.k8s.api.core.v1.GCEPersistentDiskVolumeSource', {
  pdName: field(1, string, { required: true }),
  fsType: field(2, string, { omitempty: true }),
  partition: field(3, int32, { omitempty: true, format: 'int32' }),
  readOnly: field(4, bool, { omitempty: true }),
});
export interface GCEPersistentDiskVolumeSource extends Infer<typeof GCEPersistentDiskVolumeSource> {}

export const GitRepoVolumeSource = struct('io.k8s.api.core.v1.GitRepoVolumeSource', {
  repository: field(1, string, { required: true }),
  revision: field(2, string, { omitempty: true }),
  directory: field(3, string, { omitempty: true }),
});
export interface GitRepoVolumeSource extends Infer<typeof GitRepoVolumeSource> {}

export const GlusterfsPersistentVolumeSource = struct('io.k8s.api.core.v1.GlusterfsPersistentVolumeSource', {
  endpoints: field(1, string, { required: true }),
  path: field(2, string, { required: true }),
  readOnly: field(3, bool, { omitempty: true }),
  endpointsNamespace: field(4, string, { omitempty: true, ptr: true }),
});
export interface GlusterfsPersistentVolumeSource extends Infer<typeof GlusterfsPersistentVolumeSource> {}

export const GlusterfsVolumeSource = struct('io.k8s.api.core.v1.GlusterfsVolumeSource', {
  endpoints: field(1, string, { required: true }),
  path: field(2, string, { required: true }),
  readOnly: field(3, bool, { omitempty: true }),
});
export interface GlusterfsVolumeSource extends Infer<typeof GlusterfsVolumeSource> {}

export const HostAlias = struct('io.k8s.api.core.v1.HostAlias', {
  ip: field(1, string, { required: true }),
  hostnames: list(2, string, { omitempty: true, listType: 'atomic' }),
});
export interface HostAlias extends Infer<typeof HostAlias> {}

export const HostIP = struct('io.k8s.api.core.v1.HostIP', {
  ip: field(1, string, { required: true }),
});
export interface HostIP extends Infer<typeof HostIP> {}

export const HostPathVolumeSource = struct('io.k8s.api.core.v1.HostPathVolumeSource', {
  path: field(1, string, { required: true }),
  type: field(2, string, { omitempty: true, ptr: true, enum: enums.HostPathType }),
});
export interface HostPathVolumeSource extends Infer<typeof HostPathVolumeSource> {}

export const ISCSIPersistentVolumeSource = struct('io.k8s.api.core.v1.ISCSIPersistentVolumeSource', {
  targetPortal: field(1, string, { required: true }),
  iqn: field(2, string, { required: true }),
  lun: field(3, int32, { required: true, format: 'int32' }),
  iscsiInterface: field(4, string, { omitempty: true, default: 'default' }),
  fsType: field(5, string, { omitempty: true }),
  readOnly: field(6, bool, { omitempty: true }),
  portals: list(7, string, { omitempty: true, listType: 'atomic' }),
  chapAuthDiscovery: field(8, bool, { omitempty: true }),
  chapAuthSession: field(11, bool, { omitempty: true }),
  secretRef: field(10, SecretReference, { omitempty: true, ptr: true }),
  initiatorName: field(12, string, { omitempty: true, ptr: true }),
});
export interface ISCSIPersistentVolumeSource extends Infer<typeof ISCSIPersistentVolumeSource> {}

export const ISCSIVolumeSource = struct('io.k8s.api.core.v1.ISCSIVolumeSource', {
  targetPortal: field(1, string, { required: true }),
  iqn: field(2, string, { required: true }),
  lun: field(3, int32, { required: true, format: 'int32' }),
  iscsiInterface: field(4, string, { omitempty: true, default: 'default' }),
  fsType: field(5, string, { omitempty: true }),
  readOnly: field(6, bool, { omitempty: true }),
  portals: list(7, string, { omitempty: true, listType: 'atomic' }),
  chapAuthDiscovery: field(8, bool, { omitempty: true }),
  chapAuthSession: field(11, bool, { omitempty: true }),
  secretRef: field(10, LocalObjectReference, { omitempty: true, ptr: true }),
  initiatorName: field(12, string, { omitempty: true, ptr: true }),
});
export interface ISCSIVolumeSource extends Infer<typeof ISCSIVolumeSource> {}

export const ImageVolumeSource = struct('io.k8s.api.core.v1.ImageVolumeSource', {
  reference: field(1, string, { omitempty: true }),
  pullPolicy: field(2, string, { omitempty: true, enum: enums.PullPolicy }),
});
export interface ImageVolumeSource extends Infer<typeof ImageVolumeSource> {}

export const LimitRangeItem = struct('io.k8s.api.core.v1.LimitRangeItem', {
  type: field(1, string, { required: true, enum: enums.LimitType }),
  max: map(2, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  min: map(3, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  default: map(4, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  defaultRequest: map(5, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  maxLimitRequestRatio: map(6, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
});
export interface LimitRangeItem extends Infer<typeof LimitRangeItem> {}

export const LimitRangeSpec = struct('io.k8s.api.core.v1.LimitRangeSpec', {
  limits: list(1, LimitRangeItem, { required: true, listType: 'atomic' }),
});
export interface LimitRangeSpec extends Infer<typeof LimitRangeSpec> {}

export const LimitRange = struct(
  'io.k8s.api.core.v1.LimitRange',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, LimitRangeSpec, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'LimitRange' }, typeMeta: true },
);
export interface LimitRange extends Infer<typeof LimitRange> {}

export const LimitRangeList = struct(
  'io.k8s.api.core.v1.LimitRangeList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, LimitRange, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'LimitRangeList' }, typeMeta: true },
);
export interface LimitRangeList extends Infer<typeof LimitRangeList> {}

export const List = struct(
  'io.k8s.api.core.v1.List',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, rawExtension, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'List' }, typeMeta: true },
);
export interface List extends Infer<typeof List> {}

export const PortStatus = struct('io.k8s.api.core.v1.PortStatus', {
  port: field(1, int32, { required: true, format: 'int32' }),
  protocol: field(2, string, { required: true, enum: enums.Protocol }),
  error: field(3, string, {
    omitempty: true,
    ptr: true,
    v: [
      'kubebuilder:validation:Required',
      'kubebuilder:validation:Pattern=`^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`',
      'kubebuilder:validation:MaxLength=316',
    ],
  }),
});
export interface PortStatus extends Infer<typeof PortStatus> {}

export const LoadBalancerIngress = struct('io.k8s.api.core.v1.LoadBalancerIngress', {
  ip: field(1, string, { omitempty: true }),
  hostname: field(2, string, { omitempty: true }),
  ipMode: field(3, string, { omitempty: true, ptr: true, enum: enums.LoadBalancerIPMode }),
  ports: list(4, PortStatus, { omitempty: true, listType: 'atomic' }),
});
export interface LoadBalancerIngress extends Infer<typeof LoadBalancerIngress> {}

export const LoadBalancerStatus = struct('io.k8s.api.core.v1.LoadBalancerStatus', {
  ingress: list(1, LoadBalancerIngress, { omitempty: true, listType: 'atomic' }),
});
export interface LoadBalancerStatus extends Infer<typeof LoadBalancerStatus> {}

export const LocalVolumeSource = struct('io.k8s.api.core.v1.LocalVolumeSource', {
  path: field(1, string, { required: true }),
  fsType: field(2, string, { omitempty: true, ptr: true }),
});
export interface LocalVolumeSource extends Infer<typeof LocalVolumeSource> {}

export const ModifyVolumeStatus = struct('io.k8s.api.core.v1.ModifyVolumeStatus', {
  targetVolumeAttributesClassName: field(1, string, { omitempty: true }),
  status: field(2, string, { required: true, enum: enums.PersistentVolumeClaimModifyVolumeStatus }),
});
export interface ModifyVolumeStatus extends Infer<typeof ModifyVolumeStatus> {}

export const NFSVolumeSource = struct('io.k8s.api.core.v1.NFSVolumeSource', {
  server: field(1, string, { required: true }),
  path: field(2, string, { required: true }),
  readOnly: field(3, bool, { omitempty: true }),
});
export interface NFSVolumeSource extends Infer<typeof NFSVolumeSource> {}

export const NamespaceSpec = struct('io.k8s.api.core.v1.NamespaceSpec', {
  finalizers: list(1, string, { omitempty: true, enum: enums.FinalizerName, listType: 'atomic' }),
});
export interface NamespaceSpec extends Infer<typeof NamespaceSpec> {}

export const NamespaceCondition = struct('io.k8s.api.core.v1.NamespaceCondition', {
  type: field(1, string, { required: true, enum: enums.NamespaceConditionType }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus }),
  lastTransitionTime: field(4, time, { omitempty: true }),
  reason: field(5, string, { omitempty: true }),
  message: field(6, string, { omitempty: true }),
});
export interface NamespaceCondition extends Infer<typeof NamespaceCondition> {}

export const NamespaceStatus = struct('io.k8s.api.core.v1.NamespaceStatus', {
  phase: field(1, string, { omitempty: true, enum: enums.NamespacePhase }),
  conditions: list(2, NamespaceCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
});
export interface NamespaceStatus extends Infer<typeof NamespaceStatus> {}

export const Namespace = struct(
  'io.k8s.api.core.v1.Namespace',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, NamespaceSpec, { omitempty: true }),
    status: field(3, NamespaceStatus, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'Namespace' }, typeMeta: true },
);
export interface Namespace extends Infer<typeof Namespace> {}

export const NamespaceList = struct(
  'io.k8s.api.core.v1.NamespaceList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Namespace, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'NamespaceList' }, typeMeta: true },
);
export interface NamespaceList extends Infer<typeof NamespaceList> {}

export const Taint = struct('io.k8s.api.core.v1.Taint', {
  key: field(1, string, { required: true }),
  value: field(2, string, { omitempty: true }),
  effect: field(3, string, { required: true, enum: enums.TaintEffect }),
  timeAdded: field(4, time, { omitempty: true, ptr: true }),
});
export interface Taint extends Infer<typeof Taint> {}

export const NodeConfigSource = struct('io.k8s.api.core.v1.NodeConfigSource', {
  configMap: field(2, ConfigMapNodeConfigSource, { omitempty: true, ptr: true }),
});
export interface NodeConfigSource extends Infer<typeof NodeConfigSource> {}

export const NodeSpec = struct('io.k8s.api.core.v1.NodeSpec', {
  podCIDR: field(1, string, { omitempty: true }),
  podCIDRs: list(7, string, { omitempty: true, listType: 'set', patchStrategy: 'merge' }),
  providerID: field(3, string, { omitempty: true }),
  unschedulable: field(4, bool, { omitempty: true }),
  taints: list(5, Taint, { omitempty: true, listType: 'atomic' }),
  configSource: field(6, NodeConfigSource, { omitempty: true, ptr: true }),
  externalID: field(2, string, { omitempty: true }),
});
export interface NodeSpec extends Infer<typeof NodeSpec> {}

export const NodeCondition = struct('io.k8s.api.core.v1.NodeCondition', {
  type: field(1, string, { required: true, enum: enums.NodeConditionType }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus }),
  lastHeartbeatTime: field(3, time, { omitempty: true }),
  lastTransitionTime: field(4, time, { omitempty: true }),
  reason: field(5, string, { omitempty: true }),
  message: field(6, string, { omitempty: true }),
});
export interface NodeCondition extends Infer<typeof NodeCondition> {}

export const NodeAddress = struct('io.k8s.api.core.v1.NodeAddress', {
  type: field(1, string, { required: true, enum: enums.NodeAddressType }),
  address: field(2, string, { required: true }),
});
export interface NodeAddress extends Infer<typeof NodeAddress> {}

export const NodeDaemonEndpoints = struct('io.k8s.api.core.v1.NodeDaemonEndpoints', {
  kubeletEndpoint: field(1, DaemonEndpoint, { omitempty: true }),
});
export interface NodeDaemonEndpoints extends Infer<typeof NodeDaemonEndpoints> {}

export const NodeSwapStatus = struct('io.k8s.api.core.v1.NodeSwapStatus', {
  capacity: field(1, int64, { omitempty: true, ptr: true, format: 'int64' }),
});
export interface NodeSwapStatus extends Infer<typeof NodeSwapStatus> {}

export const NodeSystemInfo = struct('io.k8s.api.core.v1.NodeSystemInfo', {
  machineID: field(1, string, { required: true }),
  systemUUID: field(2, string, { required: true }),
  bootID: field(3, string, { required: true }),
  kernelVersion: field(4, string, { required: true }),
  osImage: field(5, string, { required: true }),
  containerRuntimeVersion: field(6, string, { required: true }),
  kubeletVersion: field(7, string, { required: true }),
  kubeProxyVersion: field(8, string, { required: true }),
  operatingSystem: field(9, string, { required: true }),
  architecture: field(10, string, { required: true }),
  swap: field(11, NodeSwapStatus, { omitempty: true, ptr: true }),
});
export interface NodeSystemInfo extends Infer<typeof NodeSystemInfo> {}

export const NodeConfigStatus = struct('io.k8s.api.core.v1.NodeConfigStatus', {
  assigned: field(1, NodeConfigSource, { omitempty: true, ptr: true }),
  active: field(2, NodeConfigSource, { omitempty: true, ptr: true }),
  lastKnownGood: field(3, NodeConfigSource, { omitempty: true, ptr: true }),
  error: field(4, string, { omitempty: true }),
});
export interface NodeConfigStatus extends Infer<typeof NodeConfigStatus> {}

export const NodeRuntimeHandlerFeatures = struct('io.k8s.api.core.v1.NodeRuntimeHandlerFeatures', {
  recursiveReadOnlyMounts: field(1, bool, { omitempty: true, ptr: true }),
  userNamespaces: field(2, bool, { omitempty: true, ptr: true }),
});
export interface NodeRuntimeHandlerFeatures extends Infer<typeof NodeRuntimeHandlerFeatures> {}

export const NodeRuntimeHandler = struct('io.k8s.api.core.v1.NodeRuntimeHandler', {
  name: field(1, string),
  features: field(2, NodeRuntimeHandlerFeatures, { omitempty: true, ptr: true }),
});
export interface NodeRuntimeHandler extends Infer<typeof NodeRuntimeHandler> {}

export const NodeFeatures = struct('io.k8s.api.core.v1.NodeFeatures', {
  supplementalGroupsPolicy: field(1, bool, { omitempty: true, ptr: true }),
});
export interface NodeFeatures extends Infer<typeof NodeFeatures> {}

export const NodeStatus = struct('io.k8s.api.core.v1.NodeStatus', {
  capacity: map(1, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  allocatable: map(2, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  phase: field(3, string, { omitempty: true, enum: enums.NodePhase }),
  conditions: list(4, NodeCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
  addresses: list(5, NodeAddress, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
  daemonEndpoints: field(6, NodeDaemonEndpoints, { omitempty: true }),
  nodeInfo: field(7, NodeSystemInfo, { omitempty: true }),
  images: list(8, ContainerImage, { omitempty: true, listType: 'atomic' }),
  volumesInUse: list(9, string, { omitempty: true, alias: 'io.k8s.api.core.v1.UniqueVolumeName', listType: 'atomic' }),
  volumesAttached: list(10, AttachedVolume, { omitempty: true, listType: 'atomic' }),
  config: field(11, NodeConfigStatus, { omitempty: true, ptr: true }),
  runtimeHandlers: list(12, NodeRuntimeHandler, { omitempty: true, listType: 'atomic' }),
  features: field(13, NodeFeatures, { omitempty: true, ptr: true, featureGates: ['SupplementalGroupsPolicy'] }),
  declaredFeatures: list(14, string, { omitempty: true, listType: 'atomic', featureGates: ['NodeDeclaredFeatures'] }),
});
export interface NodeStatus extends Infer<typeof NodeStatus> {}

export const Node = struct(
  'io.k8s.api.core.v1.Node',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, NodeSpec, { omitempty: true }),
    status: field(3, NodeStatus, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'Node' }, typeMeta: true },
);
export interface Node extends Infer<typeof Node> {}

export const NodeAllocatableResourceClaimStatus = struct('io.k8s.api.core.v1.NodeAllocatableResourceClaimStatus', {
  resourceClaimName: field(1, string, { required: true }),
  containers: list(2, string, { omitempty: true, listType: 'set' }),
  resources: map(3, quantity, { required: true }),
});
export interface NodeAllocatableResourceClaimStatus extends Infer<typeof NodeAllocatableResourceClaimStatus> {}

export const NodeList = struct(
  'io.k8s.api.core.v1.NodeList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Node, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'NodeList' }, typeMeta: true },
);
export interface NodeList extends Infer<typeof NodeList> {}

export const NodeProxyOptions = struct(
  'io.k8s.api.core.v1.NodeProxyOptions',
  {
    path: field(1, string, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'NodeProxyOptions' }, typeMeta: true },
);
export interface NodeProxyOptions extends Infer<typeof NodeProxyOptions> {}

export const RBDPersistentVolumeSource = struct('io.k8s.api.core.v1.RBDPersistentVolumeSource', {
  monitors: list(1, string, { required: true, listType: 'atomic' }),
  image: field(2, string, { required: true }),
  fsType: field(3, string, { omitempty: true }),
  pool: field(4, string, { omitempty: true, default: 'rbd' }),
  user: field(5, string, { omitempty: true, default: 'admin' }),
  keyring: field(6, string, { omitempty: true, default: '/etc/ceph/keyring' }),
  secretRef: field(7, SecretReference, { omitempty: true, ptr: true }),
  readOnly: field(8, bool, { omitempty: true }),
});
export interface RBDPersistentVolumeSource extends Infer<typeof RBDPersistentVolumeSource> {}

export const VsphereVirtualDiskVolumeSource = struct('io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource', {
  volumePath: field(1, string, { required: true }),
  fsType: field(2, string, { omitempty: true }),
  storagePolicyName: field(3, string, { omitempty: true }),
  storagePolicyID: field(4, string, { omitempty: true }),
});
export interface VsphereVirtualDiskVolumeSource extends Infer<typeof VsphereVirtualDiskVolumeSource> {}

export const QuobyteVolumeSource = struct('io.k8s.api.core.v1.QuobyteVolumeSource', {
  registry: field(1, string, { required: true }),
  volume: field(2, string, { required: true }),
  readOnly: field(3, bool, { omitempty: true }),
  user: field(4, string, { omitempty: true }),
  group: field(5, string, { omitempty: true }),
  tenant: field(6, string, { omitempty: true }),
});
export interface QuobyteVolumeSource extends Infer<typeof QuobyteVolumeSource> {}

export const PhotonPersistentDiskVolumeSource = struct('io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource', {
  pdID: field(1, string, { required: true }),
  fsType: field(2, string, { omitempty: true }),
});
export interface PhotonPersistentDiskVolumeSource extends Infer<typeof PhotonPersistentDiskVolumeSource> {}

export const PortworxVolumeSource = struct('io.k8s.api.core.v1.PortworxVolumeSource', {
  volumeID: field(1, string, { required: true }),
  fsType: field(2, string, { omitempty: true }),
  readOnly: field(3, bool, { omitempty: true }),
});
export interface PortworxVolumeSource extends Infer<typeof PortworxVolumeSource> {}

export const ScaleIOPersistentVolumeSource = struct('io.k8s.api.core.v1.ScaleIOPersistentVolumeSource', {
  gateway: field(1, string, { required: true }),
  system: field(2, string, { required: true }),
  secretRef: field(3, SecretReference, { required: true, ptr: true }),
  sslEnabled: field(4, bool, { omitempty: true }),
  protectionDomain: field(5, string, { omitempty: true }),
  storagePool: field(6, string, { omitempty: true }),
  storageMode: field(7, string, { omitempty: true, default: 'ThinProvisioned' }),
  volumeName: field(8, string, { omitempty: true }),
  fsType: field(9, string, { omitempty: true, default: 'xfs' }),
  readOnly: field(10, bool, { omitempty: true }),
});
export interface ScaleIOPersistentVolumeSource extends Infer<typeof ScaleIOPersistentVolumeSource> {}

export const StorageOSPersistentVolumeSource = struct('io.k8s.api.core.v1.StorageOSPersistentVolumeSource', {
  volumeName: field(1, string, { omitempty: true }),
  volumeNamespace: field(2, string, { omitempty: true }),
  fsType: field(3, string, { omitempty: true }),
  readOnly: field(4, bool, { omitempty: true }),
  secretRef: field(5, ObjectReference, { omitempty: true, ptr: true }),
});
export interface StorageOSPersistentVolumeSource extends Infer<typeof StorageOSPersistentVolumeSource> {}

export const PersistentVolumeSource = struct('io.k8s.api.core.v1.PersistentVolumeSource', {
  gcePersistentDisk: field(1, GCEPersistentDiskVolumeSource, { omitempty: true, ptr: true }),
  awsElasticBlockStore: field(2, AWSElasticBlockStoreVolumeSource, { omitempty: true, ptr: true }),
  hostPath: field(3, HostPathVolumeSource, { omitempty: true, ptr: true }),
  glusterfs: field(4, GlusterfsPersistentVolumeSource, { omitempty: true, ptr: true }),
  nfs: field(5, NFSVolumeSource, { omitempty: true, ptr: true }),
  rbd: field(6, RBDPersistentVolumeSource, { omitempty: true, ptr: true }),
  iscsi: field(7, ISCSIPersistentVolumeSource, { omitempty: true, ptr: true }),
  cinder: field(8, CinderPersistentVolumeSource, { omitempty: true, ptr: true }),
  cephfs: field(9, CephFSPersistentVolumeSource, { omitempty: true, ptr: true }),
  fc: field(10, FCVolumeSource, { omitempty: true, ptr: true }),
  flocker: field(11, FlockerVolumeSource, { omitempty: true, ptr: true }),
  flexVolume: field(12, FlexPersistentVolumeSource, { omitempty: true, ptr: true }),
  azureFile: field(13, AzureFilePersistentVolumeSource, { omitempty: true, ptr: true }),
  vsphereVolume: field(14, VsphereVirtualDiskVolumeSource, { omitempty: true, ptr: true }),
  quobyte: field(15, QuobyteVolumeSource, { omitempty: true, ptr: true }),
  azureDisk: field(16, AzureDiskVolumeSource, { omitempty: true, ptr: true }),
  photonPersistentDisk: field(17, PhotonPersistentDiskVolumeSource, { omitempty: true, ptr: true }),
  portworxVolume: field(18, PortworxVolumeSource, { omitempty: true, ptr: true }),
  scaleIO: field(19, ScaleIOPersistentVolumeSource, { omitempty: true, ptr: true }),
  local: field(20, LocalVolumeSource, { omitempty: true, ptr: true }),
  storageos: field(21, StorageOSPersistentVolumeSource, { omitempty: true, ptr: true }),
  csi: field(22, CSIPersistentVolumeSource, { omitempty: true, ptr: true }),
});
export interface PersistentVolumeSource extends Infer<typeof PersistentVolumeSource> {}

export const VolumeNodeAffinity = struct('io.k8s.api.core.v1.VolumeNodeAffinity', {
  required: field(1, NodeSelector, { omitempty: true, ptr: true }),
});
export interface VolumeNodeAffinity extends Infer<typeof VolumeNodeAffinity> {}

export const PersistentVolumeSpec = struct('io.k8s.api.core.v1.PersistentVolumeSpec', {
  capacity: map(1, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  persistentVolumeSource: field(2, PersistentVolumeSource, { inline: true }),
  accessModes: list(3, string, { omitempty: true, enum: enums.PersistentVolumeAccessMode, listType: 'atomic' }),
  claimRef: field(4, ObjectReference, { omitempty: true, ptr: true, structType: 'granular' }),
  persistentVolumeReclaimPolicy: field(5, string, { omitempty: true, enum: enums.PersistentVolumeReclaimPolicy }),
  storageClassName: field(6, string, { omitempty: true }),
  mountOptions: list(7, string, { omitempty: true, listType: 'atomic' }),
  volumeMode: field(8, string, { omitempty: true, ptr: true, enum: enums.PersistentVolumeMode }),
  nodeAffinity: field(9, VolumeNodeAffinity, { omitempty: true, ptr: true }),
  volumeAttributesClassName: field(10, string, { omitempty: true, ptr: true, featureGates: ['VolumeAttributesClass'] }),
});
export interface PersistentVolumeSpec extends Infer<typeof PersistentVolumeSpec> {}

export const PersistentVolumeStatus = struct('io.k8s.api.core.v1.PersistentVolumeStatus', {
  phase: field(1, string, { omitempty: true, enum: enums.PersistentVolumePhase }),
  message: field(2, string, { omitempty: true }),
  reason: field(3, string, { omitempty: true }),
  lastPhaseTransitionTime: field(4, time, { omitempty: true, ptr: true }),
});
export interface PersistentVolumeStatus extends Infer<typeof PersistentVolumeStatus> {}

export const PersistentVolume = struct(
  'io.k8s.api.core.v1.PersistentVolume',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, PersistentVolumeSpec, { omitempty: true }),
    status: field(3, PersistentVolumeStatus, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PersistentVolume' }, typeMeta: true },
);
export interface PersistentVolume extends Infer<typeof PersistentVolume> {}

export const PersistentVolumeClaimCondition = struct('io.k8s.api.core.v1.PersistentVolumeClaimCondition', {
  type: field(1, string, { required: true, enum: enums.PersistentVolumeClaimConditionType }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus }),
  lastProbeTime: field(3, time, { omitempty: true }),
  lastTransitionTime: field(4, time, { omitempty: true }),
  reason: field(5, string, { omitempty: true }),
  message: field(6, string, { omitempty: true }),
});
export interface PersistentVolumeClaimCondition extends Infer<typeof PersistentVolumeClaimCondition> {}

export const PersistentVolumeClaimStatus = struct('io.k8s.api.core.v1.PersistentVolumeClaimStatus', {
  phase: field(1, string, { omitempty: true, enum: enums.PersistentVolumeClaimPhase }),
  accessModes: list(2, string, { omitempty: true, enum: enums.PersistentVolumeAccessMode, listType: 'atomic' }),
  capacity: map(3, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  conditions: list(4, PersistentVolumeClaimCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
  allocatedResources: map(5, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  allocatedResourceStatuses: map(7, string, { omitempty: true, enum: enums.ClaimResourceStatus, mapType: 'granular' }),
  currentVolumeAttributesClassName: field(8, string, {
    omitempty: true,
    ptr: true,
    featureGates: ['VolumeAttributesClass'],
  }),
  modifyVolumeStatus: field(9, ModifyVolumeStatus, {
    omitempty: true,
    ptr: true,
    featureGates: ['VolumeAttributesClass'],
  }),
});
export interface PersistentVolumeClaimStatus extends Infer<typeof PersistentVolumeClaimStatus> {}

export const PersistentVolumeClaim = struct(
  'io.k8s.api.core.v1.PersistentVolumeClaim',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, PersistentVolumeClaimSpec, { omitempty: true }),
    status: field(3, PersistentVolumeClaimStatus, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PersistentVolumeClaim' }, typeMeta: true },
);
export interface PersistentVolumeClaim extends Infer<typeof PersistentVolumeClaim> {}

export const PersistentVolumeClaimList = struct(
  'io.k8s.api.core.v1.PersistentVolumeClaimList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, PersistentVolumeClaim, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PersistentVolumeClaimList' }, typeMeta: true },
);
export interface PersistentVolumeClaimList extends Infer<typeof PersistentVolumeClaimList> {}

export const PersistentVolumeClaimVolumeSource = struct('io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource', {
  claimName: field(1, string, { required: true }),
  readOnly: field(2, bool, { omitempty: true }),
});
export interface PersistentVolumeClaimVolumeSource extends Infer<typeof PersistentVolumeClaimVolumeSource> {}

export const PersistentVolumeList = struct(
  'io.k8s.api.core.v1.PersistentVolumeList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, PersistentVolume, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PersistentVolumeList' }, typeMeta: true },
);
export interface PersistentVolumeList extends Infer<typeof PersistentVolumeList> {}

export const SecretVolumeSource = struct('io.k8s.api.core.v1.SecretVolumeSource', {
  secretName: field(1, string, { omitempty: true }),
  items: list(2, KeyToPath, { omitempty: true, listType: 'atomic' }),
  defaultMode: field(3, int32, { omitempty: true, ptr: true, format: 'int32' }),
  optional: field(4, bool, { omitempty: true, ptr: true }),
});
export interface SecretVolumeSource extends Infer<typeof SecretVolumeSource> {}

export const RBDVolumeSource = struct('io.k8s.api.core.v1.RBDVolumeSource', {
  monitors: list(1, string, { required: true, listType: 'atomic' }),
  image: field(2, string, { required: true }),
  fsType: field(3, string, { omitempty: true }),
  pool: field(4, string, { omitempty: true, default: 'rbd' }),
  user: field(5, string, { omitempty: true, default: 'admin' }),
  keyring: field(6, string, { omitempty: true, default: '/etc/ceph/keyring' }),
  secretRef: field(7, LocalObjectReference, { omitempty: true, ptr: true }),
  readOnly: field(8, bool, { omitempty: true }),
});
export interface RBDVolumeSource extends Infer<typeof RBDVolumeSource> {}

export const SecretProjection = struct('io.k8s.api.core.v1.SecretProjection', {
  localObjectReference: field(1, LocalObjectReference, { inline: true }),
  items: list(2, KeyToPath, { omitempty: true, listType: 'atomic' }),
  optional: field(4, bool, { omitempty: true, ptr: true }),
});
export interface SecretProjection extends Infer<typeof SecretProjection> {}

export const ServiceAccountTokenProjection = struct('io.k8s.api.core.v1.ServiceAccountTokenProjection', {
  audience: field(1, string, { omitempty: true }),
  expirationSeconds: field(2, int64, { omitempty: true, ptr: true, format: 'int64' }),
  path: field(3, string, { required: true }),
});
export interface ServiceAccountTokenProjection extends Infer<typeof ServiceAccountTokenProjection> {}

export const PodCertificateProjection = struct('io.k8s.api.core.v1.PodCertificateProjection', {
  signerName: field(1, string, { required: true, omitempty: true }),
  keyType: field(2, string, { required: true, omitempty: true }),
  maxExpirationSeconds: field(3, int32, { omitempty: true, ptr: true, format: 'int32' }),
  credentialBundlePath: field(4, string, { omitempty: true }),
  keyPath: field(5, string, { omitempty: true }),
  certificateChainPath: field(6, string, { omitempty: true }),
  userAnnotations: map(7, string, { omitempty: true }),
});
export interface PodCertificateProjection extends Infer<typeof PodCertificateProjection> {}

export const VolumeProjection = struct('io.k8s.api.core.v1.VolumeProjection', {
  secret: field(1, SecretProjection, { omitempty: true, ptr: true }),
  downwardAPI: field(2, DownwardAPIProjection, { omitempty: true, ptr: true }),
  configMap: field(3, ConfigMapProjection, { omitempty: true, ptr: true }),
  serviceAccountToken: field(4, ServiceAccountTokenProjection, { omitempty: true, ptr: true }),
  clusterTrustBundle: field(5, ClusterTrustBundleProjection, {
    omitempty: true,
    ptr: true,
    featureGates: ['ClusterTrustBundleProjection'],
  }),
  podCertificate: field(6, PodCertificateProjection, {
    omitempty: true,
    ptr: true,
    featureGates: ['PodCertificateProjection'],
  }),
});
export interface VolumeProjection extends Infer<typeof VolumeProjection> {}

export const ProjectedVolumeSource = struct('io.k8s.api.core.v1.ProjectedVolumeSource', {
  sources: list(1, VolumeProjection, { listType: 'atomic' }),
  defaultMode: field(2, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface ProjectedVolumeSource extends Infer<typeof ProjectedVolumeSource> {}

export const ScaleIOVolumeSource = struct('io.k8s.api.core.v1.ScaleIOVolumeSource', {
  gateway: field(1, string, { required: true }),
  system: field(2, string, { required: true }),
  secretRef: field(3, LocalObjectReference, { required: true, ptr: true }),
  sslEnabled: field(4, bool, { omitempty: true }),
  protectionDomain: field(5, string, { omitempty: true }),
  storagePool: field(6, string, { omitempty: true }),
  storageMode: field(7, string, { omitempty: true, default: 'ThinProvisioned' }),
  volumeName: field(8, string, { omitempty: true }),
  fsType: field(9, string, { omitempty: true, default: 'xfs' }),
  readOnly: field(10, bool, { omitempty: true }),
});
export interface ScaleIOVolumeSource extends Infer<typeof ScaleIOVolumeSource> {}

export const StorageOSVolumeSource = struct('io.k8s.api.core.v1.StorageOSVolumeSource', {
  volumeName: field(1, string, { omitempty: true }),
  volumeNamespace: field(2, string, { omitempty: true }),
  fsType: field(3, string, { omitempty: true }),
  readOnly: field(4, bool, { omitempty: true }),
  secretRef: field(5, LocalObjectReference, { omitempty: true, ptr: true }),
});
export interface StorageOSVolumeSource extends Infer<typeof StorageOSVolumeSource> {}

export const VolumeSource = struct('io.k8s.api.core.v1.VolumeSource', {
  hostPath: field(1, HostPathVolumeSource, { omitempty: true, ptr: true }),
  emptyDir: field(2, EmptyDirVolumeSource, { omitempty: true, ptr: true }),
  gcePersistentDisk: field(3, GCEPersistentDiskVolumeSource, { omitempty: true, ptr: true }),
  awsElasticBlockStore: field(4, AWSElasticBlockStoreVolumeSource, { omitempty: true, ptr: true }),
  gitRepo: field(5, GitRepoVolumeSource, { omitempty: true, ptr: true }),
  secret: field(6, SecretVolumeSource, { omitempty: true, ptr: true }),
  nfs: field(7, NFSVolumeSource, { omitempty: true, ptr: true }),
  iscsi: field(8, ISCSIVolumeSource, { omitempty: true, ptr: true }),
  glusterfs: field(9, GlusterfsVolumeSource, { omitempty: true, ptr: true }),
  persistentVolumeClaim: field(10, PersistentVolumeClaimVolumeSource, { omitempty: true, ptr: true }),
  rbd: field(11, RBDVolumeSource, { omitempty: true, ptr: true }),
  flexVolume: field(12, FlexVolumeSource, { omitempty: true, ptr: true }),
  cinder: field(13, CinderVolumeSource, { omitempty: true, ptr: true }),
  cephfs: field(14, CephFSVolumeSource, { omitempty: true, ptr: true }),
  flocker: field(15, FlockerVolumeSource, { omitempty: true, ptr: true }),
  downwardAPI: field(16, DownwardAPIVolumeSource, { omitempty: true, ptr: true }),
  fc: field(17, FCVolumeSource, { omitempty: true, ptr: true }),
  azureFile: field(18, AzureFileVolumeSource, { omitempty: true, ptr: true }),
  configMap: field(19, ConfigMapVolumeSource, { omitempty: true, ptr: true }),
  vsphereVolume: field(20, VsphereVirtualDiskVolumeSource, { omitempty: true, ptr: true }),
  quobyte: field(21, QuobyteVolumeSource, { omitempty: true, ptr: true }),
  azureDisk: field(22, AzureDiskVolumeSource, { omitempty: true, ptr: true }),
  photonPersistentDisk: field(23, PhotonPersistentDiskVolumeSource, { omitempty: true, ptr: true }),
  projected: field(26, ProjectedVolumeSource, { omitempty: true, ptr: true }),
  portworxVolume: field(24, PortworxVolumeSource, { omitempty: true, ptr: true }),
  scaleIO: field(25, ScaleIOVolumeSource, { omitempty: true, ptr: true }),
  storageos: field(27, StorageOSVolumeSource, { omitempty: true, ptr: true }),
  csi: field(28, CSIVolumeSource, { omitempty: true, ptr: true }),
  ephemeral: field(29, EphemeralVolumeSource, { omitempty: true, ptr: true }),
  image: field(30, ImageVolumeSource, { omitempty: true, ptr: true }),
});
export interface VolumeSource extends Infer<typeof VolumeSource> {}

export const Volume = struct('io.k8s.api.core.v1.Volume', {
  name: field(1, string, { required: true }),
  volumeSource: field(2, VolumeSource, { inline: true }),
});
export interface Volume extends Infer<typeof Volume> {}

export const Sysctl = struct('io.k8s.api.core.v1.Sysctl', {
  name: field(1, string, { required: true }),
  value: field(2, string, { required: true }),
});
export interface Sysctl extends Infer<typeof Sysctl> {}

export const PodSecurityContext = struct('io.k8s.api.core.v1.PodSecurityContext', {
  seLinuxOptions: field(1, SELinuxOptions, { omitempty: true, ptr: true }),
  windowsOptions: field(8, WindowsSecurityContextOptions, { omitempty: true, ptr: true }),
  runAsUser: field(2, int64, { omitempty: true, ptr: true, format: 'int64' }),
  runAsGroup: field(6, int64, { omitempty: true, ptr: true, format: 'int64' }),
  runAsNonRoot: field(3, bool, { omitempty: true, ptr: true }),
  supplementalGroups: list(4, int64, { omitempty: true, format: 'int64', listType: 'atomic' }),
  supplementalGroupsPolicy: field(12, string, {
    omitempty: true,
    ptr: true,
    enum: enums.SupplementalGroupsPolicy,
    featureGates: ['SupplementalGroupsPolicy'],
  }),
  fsGroup: field(5, int64, { omitempty: true, ptr: true, format: 'int64' }),
  sysctls: list(7, Sysctl, { omitempty: true, listType: 'atomic' }),
  fsGroupChangePolicy: field(9, string, { omitempty: true, ptr: true, enum: enums.PodFSGroupChangePolicy }),
  seccompProfile: field(10, SeccompProfile, { omitempty: true, ptr: true }),
  appArmorProfile: field(11, AppArmorProfile, { omitempty: true, ptr: true }),
  seLinuxChangePolicy: field(13, string, {
    omitempty: true,
    ptr: true,
    enum: enums.PodSELinuxChangePolicy,
    featureGates: ['SELinuxChangePolicy'],
  }),
});
export interface PodSecurityContext extends Infer<typeof PodSecurityContext> {}

export const Toleration = struct('io.k8s.api.core.v1.Toleration', {
  key: field(1, string, { omitempty: true }),
  operator: field(2, string, { omitempty: true, enum: enums.TolerationOperator }),
  value: field(3, string, { omitempty: true }),
  effect: field(4, string, { omitempty: true, enum: enums.TaintEffect }),
  tolerationSeconds: field(5, int64, { omitempty: true, ptr: true, format: 'int64' }),
});
export interface Toleration extends Infer<typeof Toleration> {}

export const PodDNSConfigOption = struct('io.k8s.api.core.v1.PodDNSConfigOption', {
  name: field(1, string, { omitempty: true }),
  value: field(2, string, { omitempty: true, ptr: true }),
});
export interface PodDNSConfigOption extends Infer<typeof PodDNSConfigOption> {}

export const PodDNSConfig = struct('io.k8s.api.core.v1.PodDNSConfig', {
  nameservers: list(1, string, { omitempty: true, listType: 'atomic' }),
  searches: list(2, string, { omitempty: true, listType: 'atomic' }),
  options: list(3, PodDNSConfigOption, { omitempty: true, listType: 'atomic' }),
});
export interface PodDNSConfig extends Infer<typeof PodDNSConfig> {}

export const PodReadinessGate = struct('io.k8s.api.core.v1.PodReadinessGate', {
  conditionType: field(1, string, { required: true, enum: enums.PodConditionType }),
});
export interface PodReadinessGate extends Infer<typeof PodReadinessGate> {}

export const TopologySpreadConstraint = struct('io.k8s.api.core.v1.TopologySpreadConstraint', {
  maxSkew: field(1, int32, { required: true, format: 'int32' }),
  topologyKey: field(2, string, { required: true }),
  whenUnsatisfiable: field(3, string, { required: true, enum: enums.UnsatisfiableConstraintAction }),
  labelSelector: field(4, LabelSelector, { omitempty: true, ptr: true }),
  minDomains: field(5, int32, { omitempty: true, ptr: true, format: 'int32' }),
  nodeAffinityPolicy: field(6, string, { omitempty: true, ptr: true, enum: enums.NodeInclusionPolicy }),
  nodeTaintsPolicy: field(7, string, { omitempty: true, ptr: true, enum: enums.NodeInclusionPolicy }),
  matchLabelKeys: list(8, string, { omitempty: true, listType: 'atomic' }),
});
export interface TopologySpreadConstraint extends Infer<typeof TopologySpreadConstraint> {}

export const PodOS = struct('io.k8s.api.core.v1.PodOS', {
  name: field(1, string, { required: true, enum: enums.OSName }),
});
export interface PodOS extends Infer<typeof PodOS> {}

export const PodSchedulingGate = struct('io.k8s.api.core.v1.PodSchedulingGate', {
  name: field(1, string, { required: true }),
});
export interface PodSchedulingGate extends Infer<typeof PodSchedulingGate> {}

export const PodResourceClaim = struct('io.k8s.api.core.v1.PodResourceClaim', {
  name: field(1, string, { required: true }),
  resourceClaimName: field(3, string, { omitempty: true, ptr: true }),
  resourceClaimTemplateName: field(4, string, { omitempty: true, ptr: true }),
});
export interface PodResourceClaim extends Infer<typeof PodResourceClaim> {}

export const PodSchedulingGroup = struct(
  'io.k8s.api.core.v1.PodSchedulingGroup',
  {
    podGroupName: field(1, string, { omitempty: true, ptr: true, v: ['oneOf=GroupSelection'] }),
  },
  { union: true },
);
export interface PodSchedulingGroup extends Infer<typeof PodSchedulingGroup> {}

export const PodSpec = struct('io.k8s.api.core.v1.PodSpec', {
  volumes: list(1, Volume, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge,retainKeys',
    patchMergeKey: 'name',
  }),
  initContainers: list(20, Container, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge',
    patchMergeKey: 'name',
  }),
  containers: list(2, Container, {
    required: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge',
    patchMergeKey: 'name',
  }),
  ephemeralContainers: list(34, EphemeralContainer, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge',
    patchMergeKey: 'name',
  }),
  restartPolicy: field(3, string, { omitempty: true, enum: enums.RestartPolicy }),
  terminationGracePeriodSeconds: field(4, int64, { omitempty: true, ptr: true, format: 'int64' }),
  activeDeadlineSeconds: field(5, int64, { omitempty: true, ptr: true, format: 'int64' }),
  dnsPolicy: field(6, string, { omitempty: true, enum: enums.DNSPolicy }),
  nodeSelector: map(7, string, { omitempty: true, mapType: 'atomic' }),
  serviceAccountName: field(8, string, { omitempty: true }),
  serviceAccount: field(9, string, { omitempty: true }),
  automountServiceAccountToken: field(21, bool, { omitempty: true, ptr: true }),
  nodeName: field(10, string, { omitempty: true }),
  hostNetwork: field(11, bool, { omitempty: true }),
  hostPID: field(12, bool, { omitempty: true }),
  hostIPC: field(13, bool, { omitempty: true }),
  shareProcessNamespace: field(27, bool, { omitempty: true, ptr: true }),
  securityContext: field(14, PodSecurityContext, { omitempty: true, ptr: true }),
  imagePullSecrets: list(15, LocalObjectReference, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge',
    patchMergeKey: 'name',
  }),
  hostname: field(16, string, { omitempty: true }),
  subdomain: field(17, string, { omitempty: true }),
  affinity: field(18, Affinity, { omitempty: true, ptr: true }),
  schedulerName: field(19, string, { omitempty: true }),
  tolerations: list(22, Toleration, { omitempty: true, listType: 'atomic' }),
  hostAliases: list(23, HostAlias, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['ip'],
    patchStrategy: 'merge',
    patchMergeKey: 'ip',
  }),
  priorityClassName: field(24, string, { omitempty: true }),
  priority: field(25, int32, { omitempty: true, ptr: true, format: 'int32' }),
  dnsConfig: field(26, PodDNSConfig, { omitempty: true, ptr: true }),
  readinessGates: list(28, PodReadinessGate, { omitempty: true, listType: 'atomic' }),
  runtimeClassName: field(29, string, { omitempty: true, ptr: true }),
  enableServiceLinks: field(30, bool, { omitempty: true, ptr: true }),
  preemptionPolicy: field(31, string, { omitempty: true, ptr: true, enum: enums.PreemptionPolicy }),
  overhead: map(32, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  topologySpreadConstraints: list(33, TopologySpreadConstraint, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['topologyKey', 'whenUnsatisfiable'],
    patchStrategy: 'merge',
    patchMergeKey: 'topologyKey',
  }),
  setHostnameAsFQDN: field(35, bool, { omitempty: true, ptr: true }),
  os: field(36, PodOS, { omitempty: true, ptr: true }),
  hostUsers: field(37, bool, { omitempty: true, ptr: true }),
  schedulingGates: list(38, PodSchedulingGate, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge',
    patchMergeKey: 'name',
  }),
  resourceClaims: list(39, PodResourceClaim, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge,retainKeys',
    patchMergeKey: 'name',
    featureGates: ['DynamicResourceAllocation'],
  }),
  resources: field(40, ResourceRequirements, { omitempty: true, ptr: true, featureGates: ['PodLevelResources'] }),
  hostnameOverride: field(41, string, { omitempty: true, ptr: true, featureGates: ['HostnameOverride'] }),
  schedulingGroup: field(43, PodSchedulingGroup, { omitempty: true, ptr: true, featureGates: ['GenericWorkload'] }),
});
export interface PodSpec extends Infer<typeof PodSpec> {}

export const PodCondition = struct('io.k8s.api.core.v1.PodCondition', {
  type: field(1, string, { required: true, enum: enums.PodConditionType }),
  observedGeneration: field(7, int64, { omitempty: true, format: 'int64' }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus }),
  lastProbeTime: field(3, time, { omitempty: true }),
  lastTransitionTime: field(4, time, { omitempty: true }),
  reason: field(5, string, { omitempty: true }),
  message: field(6, string, { omitempty: true }),
});
export interface PodCondition extends Infer<typeof PodCondition> {}

export const PodIP = struct('io.k8s.api.core.v1.PodIP', {
  ip: field(1, string, { required: true }),
});
export interface PodIP extends Infer<typeof PodIP> {}

export const PodResourceClaimStatus = struct('io.k8s.api.core.v1.PodResourceClaimStatus', {
  name: field(1, string, { required: true }),
  resourceClaimName: field(2, string, { omitempty: true, ptr: true }),
});
export interface PodResourceClaimStatus extends Infer<typeof PodResourceClaimStatus> {}

export const PodExtendedResourceClaimStatus = struct('io.k8s.api.core.v1.PodExtendedResourceClaimStatus', {
  requestMappings: list(1, ContainerExtendedResourceRequest, { required: true, listType: 'atomic' }),
  resourceClaimName: field(2, string, { required: true }),
});
export interface PodExtendedResourceClaimStatus extends Infer<typeof PodExtendedResourceClaimStatus> {}

export const PodStatus = struct('io.k8s.api.core.v1.PodStatus', {
  observedGeneration: field(17, int64, { omitempty: true, format: 'int64' }),
  phase: field(1, string, { omitempty: true, enum: enums.PodPhase }),
  conditions: list(2, PodCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
  message: field(3, string, { omitempty: true }),
  reason: field(4, string, { omitempty: true }),
  nominatedNodeName: field(11, string, { omitempty: true }),
  hostIP: field(5, string, { omitempty: true }),
  hostIPs: list(16, HostIP, { omitempty: true, listType: 'atomic', patchStrategy: 'merge', patchMergeKey: 'ip' }),
  podIP: field(6, string, { omitempty: true }),
  podIPs: list(12, PodIP, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['ip'],
    patchStrategy: 'merge',
    patchMergeKey: 'ip',
  }),
  startTime: field(7, time, { omitempty: true, ptr: true }),
  initContainerStatuses: list(10, ContainerStatus, { omitempty: true, listType: 'atomic' }),
  containerStatuses: list(8, ContainerStatus, { omitempty: true, listType: 'atomic' }),
  qosClass: field(9, string, { omitempty: true, enum: enums.PodQOSClass }),
  ephemeralContainerStatuses: list(13, ContainerStatus, { omitempty: true, listType: 'atomic' }),
  resize: field(14, string, {
    omitempty: true,
    enum: enums.PodResizeStatus,
    featureGates: ['InPlacePodVerticalScaling'],
  }),
  resourceClaimStatuses: list(15, PodResourceClaimStatus, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['name'],
    patchStrategy: 'merge,retainKeys',
    patchMergeKey: 'name',
    featureGates: ['DynamicResourceAllocation'],
  }),
  extendedResourceClaimStatus: field(18, PodExtendedResourceClaimStatus, {
    omitempty: true,
    ptr: true,
    featureGates: ['DRAExtendedResource'],
  }),
  allocatedResources: map(19, quantity, {
    omitempty: true,
    alias: 'io.k8s.api.core.v1.ResourceList',
    featureGates: ['InPlacePodLevelResourcesVerticalScaling'],
  }),
  resources: field(20, ResourceRequirements, {
    omitempty: true,
    ptr: true,
    featureGates: ['InPlacePodLevelResourcesVerticalScaling'],
  }),
  nodeAllocatableResourceClaimStatuses: list(21, NodeAllocatableResourceClaimStatus, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRANodeAllocatableResources'],
  }),
});
export interface PodStatus extends Infer<typeof PodStatus> {}

export const Pod = struct(
  'io.k8s.api.core.v1.Pod',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, PodSpec, { omitempty: true }),
    status: field(3, PodStatus, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'Pod' }, typeMeta: true },
);
export interface Pod extends Infer<typeof Pod> {}

export const PodAttachOptions = struct(
  'io.k8s.api.core.v1.PodAttachOptions',
  {
    stdin: field(1, bool, { omitempty: true }),
    stdout: field(2, bool, { omitempty: true }),
    stderr: field(3, bool, { omitempty: true }),
    tty: field(4, bool, { omitempty: true }),
    container: field(5, string, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PodAttachOptions' }, typeMeta: true },
);
export interface PodAttachOptions extends Infer<typeof PodAttachOptions> {}

export const PodExecOptions = struct(
  'io.k8s.api.core.v1.PodExecOptions',
  {
    stdin: field(1, bool, { omitempty: true }),
    stdout: field(2, bool, { omitempty: true }),
    stderr: field(3, bool, { omitempty: true }),
    tty: field(4, bool, { omitempty: true }),
    container: field(5, string, { omitempty: true }),
    command: list(6, string, { required: true, listType: 'atomic' }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PodExecOptions' }, typeMeta: true },
);
export interface PodExecOptions extends Infer<typeof PodExecOptions> {}

export const PodList = struct(
  'io.k8s.api.core.v1.PodList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Pod, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PodList' }, typeMeta: true },
);
export interface PodList extends Infer<typeof PodList> {}

export const PodLogOptions = struct(
  'io.k8s.api.core.v1.PodLogOptions',
  {
    container: field(1, string, { omitempty: true }),
    follow: field(2, bool, { omitempty: true }),
    previous: field(3, bool, { omitempty: true }),
    sinceSeconds: field(4, int64, { omitempty: true, ptr: true, format: 'int64' }),
    sinceTime: field(5, time, { omitempty: true, ptr: true }),
    timestamps: field(6, bool, { omitempty: true }),
    tailLines: field(7, int64, { omitempty: true, ptr: true, format: 'int64' }),
    limitBytes: field(8, int64, { omitempty: true, ptr: true, format: 'int64' }),
    insecureSkipTLSVerifyBackend: field(9, bool, { omitempty: true }),
    stream: field(10, string, { omitempty: true, ptr: true, featureGates: ['PodLogsQuerySplitStreams'] }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PodLogOptions' }, typeMeta: true },
);
export interface PodLogOptions extends Infer<typeof PodLogOptions> {}

export const PodPortForwardOptions = struct(
  'io.k8s.api.core.v1.PodPortForwardOptions',
  {
    ports: list(1, int32, { omitempty: true, format: 'int32', listType: 'atomic' }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PodPortForwardOptions' }, typeMeta: true },
);
export interface PodPortForwardOptions extends Infer<typeof PodPortForwardOptions> {}

export const PodProxyOptions = struct(
  'io.k8s.api.core.v1.PodProxyOptions',
  {
    path: field(1, string, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PodProxyOptions' }, typeMeta: true },
);
export interface PodProxyOptions extends Infer<typeof PodProxyOptions> {}

export const PodStatusResult = struct(
  'io.k8s.api.core.v1.PodStatusResult',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    status: field(2, PodStatus, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PodStatusResult' }, typeMeta: true },
);
export interface PodStatusResult extends Infer<typeof PodStatusResult> {}

export const PodTemplateSpec = struct('io.k8s.api.core.v1.PodTemplateSpec', {
  metadata: field(1, ObjectMeta, { omitempty: true }),
  spec: field(2, PodSpec, { omitempty: true }),
});
export interface PodTemplateSpec extends Infer<typeof PodTemplateSpec> {}

export const PodTemplate = struct(
  'io.k8s.api.core.v1.PodTemplate',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    template: field(2, PodTemplateSpec, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PodTemplate' }, typeMeta: true },
);
export interface PodTemplate extends Infer<typeof PodTemplate> {}

export const PodTemplateList = struct(
  'io.k8s.api.core.v1.PodTemplateList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, PodTemplate, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'PodTemplateList' }, typeMeta: true },
);
export interface PodTemplateList extends Infer<typeof PodTemplateList> {}

export const Preconditions = struct('io.k8s.api.core.v1.Preconditions', {
  uid: field(1, string, { omitempty: true, ptr: true, alias: 'io.k8s.apimachinery.pkg.types.UID' }),
});
export interface Preconditions extends Infer<typeof Preconditions> {}

export const RangeAllocation = struct(
  'io.k8s.api.core.v1.RangeAllocation',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    range: field(2, string, { required: true }),
    data: field(3, bytes, { required: true, format: 'byte' }),
  },
  { gvk: { group: '', version: 'v1', kind: 'RangeAllocation' }, typeMeta: true },
);
export interface RangeAllocation extends Infer<typeof RangeAllocation> {}

export const ReplicationControllerSpec = struct('io.k8s.api.core.v1.ReplicationControllerSpec', {
  replicas: field(1, int32, {
    omitempty: true,
    ptr: true,
    format: 'int32',
    v: ['@alpha optional', '@alpha minimum=0'],
    default: 1,
  }),
  minReadySeconds: field(4, int32, {
    omitempty: true,
    format: 'int32',
    v: ['@alpha optional', '@alpha minimum=0'],
    default: 0,
  }),
  selector: map(2, string, { omitempty: true, mapType: 'atomic' }),
  template: field(3, PodTemplateSpec, { omitempty: true, ptr: true }),
});
export interface ReplicationControllerSpec extends Infer<typeof ReplicationControllerSpec> {}

export const ReplicationControllerCondition = struct('io.k8s.api.core.v1.ReplicationControllerCondition', {
  type: field(1, string, { required: true, enum: enums.ReplicationControllerConditionType }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus }),
  lastTransitionTime: field(3, time, { omitempty: true }),
  reason: field(4, string, { omitempty: true }),
  message: field(5, string, { omitempty: true }),
});
export interface ReplicationControllerCondition extends Infer<typeof ReplicationControllerCondition> {}

export const ReplicationControllerStatus = struct('io.k8s.api.core.v1.ReplicationControllerStatus', {
  replicas: field(1, int32, { required: true, format: 'int32' }),
  fullyLabeledReplicas: field(2, int32, { omitempty: true, format: 'int32' }),
  readyReplicas: field(4, int32, { omitempty: true, format: 'int32' }),
  availableReplicas: field(5, int32, { omitempty: true, format: 'int32' }),
  observedGeneration: field(3, int64, { omitempty: true, format: 'int64' }),
  conditions: list(6, ReplicationControllerCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
});
export interface ReplicationControllerStatus extends Infer<typeof ReplicationControllerStatus> {}

export const ReplicationController = struct(
  'io.k8s.api.core.v1.ReplicationController',
  {
    metadata: field(1, ObjectMeta, {
      omitempty: true,
      v: ['@alpha subfield(name)=optional', '@alpha subfield(name)=format=k8s-long-name'],
    }),
    spec: field(2, ReplicationControllerSpec, { omitempty: true }),
    status: field(3, ReplicationControllerStatus, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'ReplicationController' }, typeMeta: true },
);
export interface ReplicationController extends Infer<typeof ReplicationController> {}

export const ReplicationControllerList = struct(
  'io.k8s.api.core.v1.ReplicationControllerList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ReplicationController, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'ReplicationControllerList' }, typeMeta: true },
);
export interface ReplicationControllerList extends Infer<typeof ReplicationControllerList> {}

export const ScopedResourceSelectorRequirement = struct('io.k8s.api.core.v1.ScopedResourceSelectorRequirement', {
  scopeName: field(1, string, { required: true, enum: enums.ResourceQuotaScope }),
  operator: field(2, string, { required: true, enum: enums.ScopeSelectorOperator }),
  values: list(3, string, { omitempty: true, listType: 'atomic' }),
});
export interface ScopedResourceSelectorRequirement extends Infer<typeof ScopedResourceSelectorRequirement> {}

export const ScopeSelector = struct(
  'io.k8s.api.core.v1.ScopeSelector',
  {
    matchExpressions: list(1, ScopedResourceSelectorRequirement, { omitempty: true, listType: 'atomic' }),
  },
  { structType: 'atomic' },
);
export interface ScopeSelector extends Infer<typeof ScopeSelector> {}

export const ResourceQuotaSpec = struct('io.k8s.api.core.v1.ResourceQuotaSpec', {
  hard: map(1, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  scopes: list(2, string, { omitempty: true, enum: enums.ResourceQuotaScope, listType: 'atomic' }),
  scopeSelector: field(3, ScopeSelector, { omitempty: true, ptr: true }),
});
export interface ResourceQuotaSpec extends Infer<typeof ResourceQuotaSpec> {}

export const ResourceQuotaStatus = struct('io.k8s.api.core.v1.ResourceQuotaStatus', {
  hard: map(1, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  used: map(2, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
});
export interface ResourceQuotaStatus extends Infer<typeof ResourceQuotaStatus> {}

export const ResourceQuota = struct(
  'io.k8s.api.core.v1.ResourceQuota',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, ResourceQuotaSpec, { omitempty: true }),
    status: field(3, ResourceQuotaStatus, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'ResourceQuota' }, typeMeta: true },
);
export interface ResourceQuota extends Infer<typeof ResourceQuota> {}

export const ResourceQuotaList = struct(
  'io.k8s.api.core.v1.ResourceQuotaList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ResourceQuota, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'ResourceQuotaList' }, typeMeta: true },
);
export interface ResourceQuotaList extends Infer<typeof ResourceQuotaList> {}

export const Secret = struct(
  'io.k8s.api.core.v1.Secret',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    immutable: field(5, bool, { omitempty: true, ptr: true }),
    data: map(2, bytes, { omitempty: true, format: 'byte' }),
    stringData: map(4, string, { omitempty: true }),
    type: field(3, string, { omitempty: true, enum: enums.SecretType }),
  },
  { gvk: { group: '', version: 'v1', kind: 'Secret' }, typeMeta: true },
);
export interface Secret extends Infer<typeof Secret> {}

export const SecretList = struct(
  'io.k8s.api.core.v1.SecretList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Secret, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'SecretList' }, typeMeta: true },
);
export interface SecretList extends Infer<typeof SecretList> {}

export const SerializedReference = struct(
  'io.k8s.api.core.v1.SerializedReference',
  {
    reference: field(1, ObjectReference, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'SerializedReference' }, typeMeta: true },
);
export interface SerializedReference extends Infer<typeof SerializedReference> {}

export const ServicePort = struct('io.k8s.api.core.v1.ServicePort', {
  name: field(1, string, { omitempty: true }),
  protocol: field(2, string, { omitempty: true, enum: enums.Protocol, default: 'TCP' }),
  appProtocol: field(6, string, { omitempty: true, ptr: true }),
  port: field(3, int32, { required: true, format: 'int32' }),
  targetPort: field(4, intOrString, { omitempty: true }),
  nodePort: field(5, int32, { omitempty: true, format: 'int32' }),
});
export interface ServicePort extends Infer<typeof ServicePort> {}

export const SessionAffinityConfig = struct('io.k8s.api.core.v1.SessionAffinityConfig', {
  clientIP: field(1, ClientIPConfig, { omitempty: true, ptr: true }),
});
export interface SessionAffinityConfig extends Infer<typeof SessionAffinityConfig> {}

export const ServiceSpec = struct('io.k8s.api.core.v1.ServiceSpec', {
  ports: list(1, ServicePort, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['port', 'protocol'],
    patchStrategy: 'merge',
    patchMergeKey: 'port',
  }),
  selector: map(2, string, { omitempty: true, mapType: 'atomic' }),
  clusterIP: field(3, string, { omitempty: true }),
  clusterIPs: list(18, string, { omitempty: true, listType: 'atomic' }),
  type: field(4, string, { omitempty: true, enum: enums.ServiceType }),
  externalIPs: list(5, string, { omitempty: true, listType: 'atomic' }),
  sessionAffinity: field(7, string, { omitempty: true, enum: enums.ServiceAffinity }),
  loadBalancerIP: field(8, string, { omitempty: true }),
  loadBalancerSourceRanges: list(9, string, { omitempty: true, listType: 'atomic' }),
  externalName: field(10, string, { omitempty: true }),
  externalTrafficPolicy: field(11, string, { omitempty: true, enum: enums.ServiceExternalTrafficPolicy }),
  healthCheckNodePort: field(12, int32, { omitempty: true, format: 'int32' }),
  publishNotReadyAddresses: field(13, bool, { omitempty: true }),
  sessionAffinityConfig: field(14, SessionAffinityConfig, { omitempty: true, ptr: true }),
  ipFamilies: list(19, string, { omitempty: true, enum: enums.IPFamily, listType: 'atomic' }),
  ipFamilyPolicy: field(17, string, { omitempty: true, ptr: true, enum: enums.IPFamilyPolicy }),
  allocateLoadBalancerNodePorts: field(20, bool, { omitempty: true, ptr: true }),
  loadBalancerClass: field(21, string, { omitempty: true, ptr: true }),
  internalTrafficPolicy: field(22, string, { omitempty: true, ptr: true, enum: enums.ServiceInternalTrafficPolicy }),
  trafficDistribution: field(23, string, { omitempty: true, ptr: true }),
});
export interface ServiceSpec extends Infer<typeof ServiceSpec> {}

export const ServiceStatus = struct('io.k8s.api.core.v1.ServiceStatus', {
  loadBalancer: field(1, LoadBalancerStatus, { omitempty: true }),
  conditions: list(2, Condition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
});
export interface ServiceStatus extends Infer<typeof ServiceStatus> {}

export const Service = struct(
  'io.k8s.api.core.v1.Service',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, ServiceSpec, { omitempty: true }),
    status: field(3, ServiceStatus, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'Service' }, typeMeta: true },
);
export interface Service extends Infer<typeof Service> {}

export const ServiceAccount = struct(
  'io.k8s.api.core.v1.ServiceAccount',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    secrets: list(2, ObjectReference, {
      omitempty: true,
      listType: 'map',
      listMapKeys: ['name'],
      patchStrategy: 'merge',
      patchMergeKey: 'name',
    }),
    imagePullSecrets: list(3, LocalObjectReference, { omitempty: true, listType: 'atomic' }),
    automountServiceAccountToken: field(4, bool, { omitempty: true, ptr: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'ServiceAccount' }, typeMeta: true },
);
export interface ServiceAccount extends Infer<typeof ServiceAccount> {}

export const ServiceAccountList = struct(
  'io.k8s.api.core.v1.ServiceAccountList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ServiceAccount, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'ServiceAccountList' }, typeMeta: true },
);
export interface ServiceAccountList extends Infer<typeof ServiceAccountList> {}

export const ServiceList = struct(
  'io.k8s.api.core.v1.ServiceList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Service, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'ServiceList' }, typeMeta: true },
);
export interface ServiceList extends Infer<typeof ServiceList> {}

export const ServiceProxyOptions = struct(
  'io.k8s.api.core.v1.ServiceProxyOptions',
  {
    path: field(1, string, { omitempty: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'ServiceProxyOptions' }, typeMeta: true },
);
export interface ServiceProxyOptions extends Infer<typeof ServiceProxyOptions> {}

export const TopologySelectorLabelRequirement = struct('io.k8s.api.core.v1.TopologySelectorLabelRequirement', {
  key: field(1, string, { required: true }),
  values: list(2, string, { required: true, listType: 'atomic' }),
});
export interface TopologySelectorLabelRequirement extends Infer<typeof TopologySelectorLabelRequirement> {}

export const TopologySelectorTerm = struct(
  'io.k8s.api.core.v1.TopologySelectorTerm',
  {
    matchLabelExpressions: list(1, TopologySelectorLabelRequirement, { omitempty: true, listType: 'atomic' }),
  },
  { structType: 'atomic' },
);
export interface TopologySelectorTerm extends Infer<typeof TopologySelectorTerm> {}
