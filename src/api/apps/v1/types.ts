/** io.k8s.api.apps.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import {
  bool,
  field,
  type Infer,
  int32,
  int64,
  intOrString,
  list,
  rawExtension,
  string,
  struct,
  time,
} from '../../../schema/dsl.ts';
import { PersistentVolumeClaim, PodTemplateSpec } from '../../core/v1/types.ts';
import { LabelSelector, ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const ControllerRevision = struct(
  'io.k8s.api.apps.v1.ControllerRevision',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    data: field(2, rawExtension, { omitempty: true }),
    revision: field(3, int64, { required: true, format: 'int64' }),
  },
  { gvk: { group: 'apps', version: 'v1', kind: 'ControllerRevision' }, typeMeta: true },
);
export interface ControllerRevision extends Infer<typeof ControllerRevision> {}

export const ControllerRevisionList = struct(
  'io.k8s.api.apps.v1.ControllerRevisionList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ControllerRevision, { required: true }),
  },
  { gvk: { group: 'apps', version: 'v1', kind: 'ControllerRevisionList' }, typeMeta: true },
);
export interface ControllerRevisionList extends Infer<typeof ControllerRevisionList> {}

export const RollingUpdateDaemonSet = struct('io.k8s.api.apps.v1.RollingUpdateDaemonSet', {
  maxUnavailable: field(1, intOrString, { omitempty: true, ptr: true }),
  maxSurge: field(2, intOrString, { omitempty: true, ptr: true }),
});
export interface RollingUpdateDaemonSet extends Infer<typeof RollingUpdateDaemonSet> {}

export const DaemonSetUpdateStrategy = struct('io.k8s.api.apps.v1.DaemonSetUpdateStrategy', {
  type: field(1, string, { omitempty: true, enum: enums.DaemonSetUpdateStrategyType }),
  rollingUpdate: field(2, RollingUpdateDaemonSet, { omitempty: true, ptr: true }),
});
export interface DaemonSetUpdateStrategy extends Infer<typeof DaemonSetUpdateStrategy> {}

export const DaemonSetSpec = struct('io.k8s.api.apps.v1.DaemonSetSpec', {
  selector: field(1, LabelSelector, { required: true, ptr: true }),
  template: field(2, PodTemplateSpec, { required: true }),
  updateStrategy: field(3, DaemonSetUpdateStrategy, { omitempty: true }),
  minReadySeconds: field(4, int32, { omitempty: true, format: 'int32' }),
  revisionHistoryLimit: field(6, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface DaemonSetSpec extends Infer<typeof DaemonSetSpec> {}

export const DaemonSetCondition = struct('io.k8s.api.apps.v1.DaemonSetCondition', {
  type: field(1, string, { required: true, alias: 'io.k8s.api.apps.v1.DaemonSetConditionType' }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus_core_v1 }),
  lastTransitionTime: field(3, time, { omitempty: true }),
  reason: field(4, string, { omitempty: true }),
  message: field(5, string, { omitempty: true }),
});
export interface DaemonSetCondition extends Infer<typeof DaemonSetCondition> {}

export const DaemonSetStatus = struct('io.k8s.api.apps.v1.DaemonSetStatus', {
  currentNumberScheduled: field(1, int32, { required: true, format: 'int32' }),
  numberMisscheduled: field(2, int32, { required: true, format: 'int32' }),
  desiredNumberScheduled: field(3, int32, { required: true, format: 'int32' }),
  numberReady: field(4, int32, { required: true, format: 'int32' }),
  observedGeneration: field(5, int64, { omitempty: true, format: 'int64' }),
  updatedNumberScheduled: field(6, int32, { omitempty: true, format: 'int32' }),
  numberAvailable: field(7, int32, { omitempty: true, format: 'int32' }),
  numberUnavailable: field(8, int32, { omitempty: true, format: 'int32' }),
  collisionCount: field(9, int32, { omitempty: true, ptr: true, format: 'int32' }),
  conditions: list(10, DaemonSetCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
});
export interface DaemonSetStatus extends Infer<typeof DaemonSetStatus> {}

export const DaemonSet = struct(
  'io.k8s.api.apps.v1.DaemonSet',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, DaemonSetSpec, { omitempty: true }),
    status: field(3, DaemonSetStatus, { omitempty: true }),
  },
  { gvk: { group: 'apps', version: 'v1', kind: 'DaemonSet' }, typeMeta: true },
);
export interface DaemonSet extends Infer<typeof DaemonSet> {}

export const DaemonSetList = struct(
  'io.k8s.api.apps.v1.DaemonSetList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, DaemonSet, { required: true }),
  },
  { gvk: { group: 'apps', version: 'v1', kind: 'DaemonSetList' }, typeMeta: true },
);
export interface DaemonSetList extends Infer<typeof DaemonSetList> {}

export const RollingUpdateDeployment = struct('io.k8s.api.apps.v1.RollingUpdateDeployment', {
  maxUnavailable: field(1, intOrString, { omitempty: true, ptr: true }),
  maxSurge: field(2, intOrString, { omitempty: true, ptr: true }),
});
export interface RollingUpdateDeployment extends Infer<typeof RollingUpdateDeployment> {}

export const DeploymentStrategy = struct('io.k8s.api.apps.v1.DeploymentStrategy', {
  type: field(1, string, { omitempty: true, enum: enums.DeploymentStrategyType }),
  rollingUpdate: field(2, RollingUpdateDeployment, { omitempty: true, ptr: true }),
});
export interface DeploymentStrategy extends Infer<typeof DeploymentStrategy> {}

export const DeploymentSpec = struct('io.k8s.api.apps.v1.DeploymentSpec', {
  replicas: field(1, int32, { omitempty: true, ptr: true, format: 'int32' }),
  selector: field(2, LabelSelector, { required: true, ptr: true }),
  template: field(3, PodTemplateSpec, { required: true }),
  strategy: field(4, DeploymentStrategy, { omitempty: true, patchStrategy: 'retainKeys' }),
  minReadySeconds: field(5, int32, { omitempty: true, format: 'int32' }),
  revisionHistoryLimit: field(6, int32, { omitempty: true, ptr: true, format: 'int32' }),
  paused: field(7, bool, { omitempty: true }),
  progressDeadlineSeconds: field(9, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface DeploymentSpec extends Infer<typeof DeploymentSpec> {}

export const DeploymentCondition = struct('io.k8s.api.apps.v1.DeploymentCondition', {
  type: field(1, string, { required: true, enum: enums.DeploymentConditionType }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus_core_v1 }),
  lastUpdateTime: field(6, time, { omitempty: true }),
  lastTransitionTime: field(7, time, { omitempty: true }),
  reason: field(4, string, { omitempty: true }),
  message: field(5, string, { omitempty: true }),
});
export interface DeploymentCondition extends Infer<typeof DeploymentCondition> {}

export const DeploymentStatus = struct('io.k8s.api.apps.v1.DeploymentStatus', {
  observedGeneration: field(1, int64, { omitempty: true, format: 'int64' }),
  replicas: field(2, int32, { omitempty: true, format: 'int32' }),
  updatedReplicas: field(3, int32, { omitempty: true, format: 'int32' }),
  readyReplicas: field(7, int32, { omitempty: true, format: 'int32' }),
  availableReplicas: field(4, int32, { omitempty: true, format: 'int32' }),
  unavailableReplicas: field(5, int32, { omitempty: true, format: 'int32' }),
  terminatingReplicas: field(9, int32, { omitempty: true, ptr: true, format: 'int32' }),
  conditions: list(6, DeploymentCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
  collisionCount: field(8, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface DeploymentStatus extends Infer<typeof DeploymentStatus> {}

export const Deployment = struct(
  'io.k8s.api.apps.v1.Deployment',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, DeploymentSpec, { omitempty: true }),
    status: field(3, DeploymentStatus, { omitempty: true }),
  },
  { gvk: { group: 'apps', version: 'v1', kind: 'Deployment' }, typeMeta: true },
);
export interface Deployment extends Infer<typeof Deployment> {}

export const DeploymentList = struct(
  'io.k8s.api.apps.v1.DeploymentList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Deployment, { required: true }),
  },
  { gvk: { group: 'apps', version: 'v1', kind: 'DeploymentList' }, typeMeta: true },
);
export interface DeploymentList extends Infer<typeof DeploymentList> {}

export const ReplicaSetSpec = struct('io.k8s.api.apps.v1.ReplicaSetSpec', {
  replicas: field(1, int32, { omitempty: true, ptr: true, format: 'int32' }),
  minReadySeconds: field(4, int32, { omitempty: true, format: 'int32' }),
  selector: field(2, LabelSelector, { required: true, ptr: true }),
  template: field(3, PodTemplateSpec, { omitempty: true }),
});
export interface ReplicaSetSpec extends Infer<typeof ReplicaSetSpec> {}

export const ReplicaSetCondition = struct('io.k8s.api.apps.v1.ReplicaSetCondition', {
  type: field(1, string, { required: true, enum: enums.ReplicaSetConditionType }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus_core_v1 }),
  lastTransitionTime: field(3, time, { omitempty: true }),
  reason: field(4, string, { omitempty: true }),
  message: field(5, string, { omitempty: true }),
});
export interface ReplicaSetCondition extends Infer<typeof ReplicaSetCondition> {}

export const ReplicaSetStatus = struct('io.k8s.api.apps.v1.ReplicaSetStatus', {
  replicas: field(1, int32, { required: true, format: 'int32' }),
  fullyLabeledReplicas: field(2, int32, { omitempty: true, format: 'int32' }),
  readyReplicas: field(4, int32, { omitempty: true, format: 'int32' }),
  availableReplicas: field(5, int32, { omitempty: true, format: 'int32' }),
  terminatingReplicas: field(7, int32, { omitempty: true, ptr: true, format: 'int32' }),
  observedGeneration: field(3, int64, { omitempty: true, format: 'int64' }),
  conditions: list(6, ReplicaSetCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
});
export interface ReplicaSetStatus extends Infer<typeof ReplicaSetStatus> {}

export const ReplicaSet = struct(
  'io.k8s.api.apps.v1.ReplicaSet',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, ReplicaSetSpec, { omitempty: true }),
    status: field(3, ReplicaSetStatus, { omitempty: true }),
  },
  { gvk: { group: 'apps', version: 'v1', kind: 'ReplicaSet' }, typeMeta: true },
);
export interface ReplicaSet extends Infer<typeof ReplicaSet> {}

export const ReplicaSetList = struct(
  'io.k8s.api.apps.v1.ReplicaSetList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ReplicaSet, { required: true }),
  },
  { gvk: { group: 'apps', version: 'v1', kind: 'ReplicaSetList' }, typeMeta: true },
);
export interface ReplicaSetList extends Infer<typeof ReplicaSetList> {}

export const RollingUpdateStatefulSetStrategy = struct('io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy', {
  partition: field(1, int32, { omitempty: true, ptr: true, format: 'int32' }),
  maxUnavailable: field(2, intOrString, { omitempty: true, ptr: true, featureGates: ['MaxUnavailableStatefulSet'] }),
});
export interface RollingUpdateStatefulSetStrategy extends Infer<typeof RollingUpdateStatefulSetStrategy> {}

export const StatefulSetUpdateStrategy = struct('io.k8s.api.apps.v1.StatefulSetUpdateStrategy', {
  type: field(1, string, { omitempty: true, enum: enums.StatefulSetUpdateStrategyType }),
  rollingUpdate: field(2, RollingUpdateStatefulSetStrategy, { omitempty: true, ptr: true }),
});
export interface StatefulSetUpdateStrategy extends Infer<typeof StatefulSetUpdateStrategy> {}

export const StatefulSetPersistentVolumeClaimRetentionPolicy = struct(
  'io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy',
  {
    whenDeleted: field(1, string, { omitempty: true, enum: enums.PersistentVolumeClaimRetentionPolicyType }),
    whenScaled: field(2, string, { omitempty: true, enum: enums.PersistentVolumeClaimRetentionPolicyType }),
  },
);
export interface StatefulSetPersistentVolumeClaimRetentionPolicy
  extends Infer<typeof StatefulSetPersistentVolumeClaimRetentionPolicy> {}

export const StatefulSetOrdinals = struct('io.k8s.api.apps.v1.StatefulSetOrdinals', {
  start: field(1, int32, { format: 'int32' }),
});
export interface StatefulSetOrdinals extends Infer<typeof StatefulSetOrdinals> {}

export const StatefulSetSpec = struct('io.k8s.api.apps.v1.StatefulSetSpec', {
  replicas: field(1, int32, { omitempty: true, ptr: true, format: 'int32' }),
  selector: field(2, LabelSelector, { required: true, ptr: true }),
  template: field(3, PodTemplateSpec, { required: true }),
  volumeClaimTemplates: list(4, PersistentVolumeClaim, { omitempty: true, listType: 'atomic' }),
  serviceName: field(5, string),
  podManagementPolicy: field(6, string, { omitempty: true, enum: enums.PodManagementPolicyType }),
  updateStrategy: field(7, StatefulSetUpdateStrategy, { omitempty: true }),
  revisionHistoryLimit: field(8, int32, { omitempty: true, ptr: true, format: 'int32' }),
  minReadySeconds: field(9, int32, { omitempty: true, format: 'int32' }),
  persistentVolumeClaimRetentionPolicy: field(10, StatefulSetPersistentVolumeClaimRetentionPolicy, {
    omitempty: true,
    ptr: true,
  }),
  ordinals: field(11, StatefulSetOrdinals, { omitempty: true, ptr: true }),
});
export interface StatefulSetSpec extends Infer<typeof StatefulSetSpec> {}

export const StatefulSetCondition = struct('io.k8s.api.apps.v1.StatefulSetCondition', {
  type: field(1, string, { required: true, alias: 'io.k8s.api.apps.v1.StatefulSetConditionType' }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus_core_v1 }),
  lastTransitionTime: field(3, time, { omitempty: true }),
  reason: field(4, string, { omitempty: true }),
  message: field(5, string, { omitempty: true }),
});
export interface StatefulSetCondition extends Infer<typeof StatefulSetCondition> {}

export const StatefulSetStatus = struct('io.k8s.api.apps.v1.StatefulSetStatus', {
  observedGeneration: field(1, int64, { omitempty: true, format: 'int64' }),
  replicas: field(2, int32, { required: true, format: 'int32' }),
  readyReplicas: field(3, int32, { omitempty: true, format: 'int32' }),
  currentReplicas: field(4, int32, { omitempty: true, format: 'int32' }),
  updatedReplicas: field(5, int32, { omitempty: true, format: 'int32' }),
  currentRevision: field(6, string, { omitempty: true }),
  updateRevision: field(7, string, { omitempty: true }),
  collisionCount: field(9, int32, { omitempty: true, ptr: true, format: 'int32' }),
  conditions: list(10, StatefulSetCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
  availableReplicas: field(11, int32, { format: 'int32' }),
});
export interface StatefulSetStatus extends Infer<typeof StatefulSetStatus> {}

export const StatefulSet = struct(
  'io.k8s.api.apps.v1.StatefulSet',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, StatefulSetSpec, { omitempty: true }),
    status: field(3, StatefulSetStatus, { omitempty: true }),
  },
  { gvk: { group: 'apps', version: 'v1', kind: 'StatefulSet' }, typeMeta: true },
);
export interface StatefulSet extends Infer<typeof StatefulSet> {}

export const StatefulSetList = struct(
  'io.k8s.api.apps.v1.StatefulSetList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, StatefulSet, { required: true }),
  },
  { gvk: { group: 'apps', version: 'v1', kind: 'StatefulSetList' }, typeMeta: true },
);
export interface StatefulSetList extends Infer<typeof StatefulSetList> {}
