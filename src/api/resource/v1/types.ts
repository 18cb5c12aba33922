/** io.k8s.api.resource.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import {
  bool,
  field,
  type Infer,
  int64,
  list,
  map,
  quantity,
  rawExtension,
  string,
  struct,
  time,
} from '../../../schema/dsl.ts';
import { NodeSelector } from '../../core/v1/types.ts';
import { Condition, ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const NetworkDeviceData = struct('io.k8s.api.resource.v1.NetworkDeviceData', {
  interfaceName: field(1, string, { omitempty: true, v: ['@alpha optional', '@alpha maxBytes=256'] }),
  ips: list(2, string, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', '@alpha unique=set', '@alpha maxItems=16'],
  }),
  hardwareAddress: field(3, string, { omitempty: true, v: ['@alpha optional', '@alpha maxBytes=128'] }),
});
export interface NetworkDeviceData extends Infer<typeof NetworkDeviceData> {}

export const AllocatedDeviceStatus = struct('io.k8s.api.resource.v1.AllocatedDeviceStatus', {
  driver: field(1, string, { required: true }),
  pool: field(2, string, { required: true }),
  device: field(3, string, { required: true }),
  shareID: field(7, string, {
    omitempty: true,
    ptr: true,
    featureGates: ['DRAConsumableCapacity'],
    v: ['@alpha optional', '@alpha format=k8s-uuid'],
  }),
  conditions: list(4, Condition, { listType: 'map', listMapKeys: ['type'] }),
  data: field(5, rawExtension, { omitempty: true, ptr: true }),
  networkData: field(6, NetworkDeviceData, { omitempty: true, ptr: true, v: ['@alpha optional'] }),
});
export interface AllocatedDeviceStatus extends Infer<typeof AllocatedDeviceStatus> {}

export const DeviceToleration = struct('io.k8s.api.resource.v1.DeviceToleration', {
  key: field(1, string, { omitempty: true, v: ['@alpha optional', '@alpha format=k8s-label-key'] }),
  operator: field(2, string, {
    omitempty: true,
    enum: enums.DeviceTolerationOperator,
    v: ['@alpha optional'],
    default: 'Equal',
  }),
  value: field(3, string, { omitempty: true }),
  effect: field(4, string, { omitempty: true, enum: enums.DeviceTaintEffect, v: ['@alpha optional'] }),
  tolerationSeconds: field(5, int64, { omitempty: true, ptr: true, format: 'int64' }),
});
export interface DeviceToleration extends Infer<typeof DeviceToleration> {}

export const DeviceRequestAllocationResult = struct('io.k8s.api.resource.v1.DeviceRequestAllocationResult', {
  request: field(1, string, { required: true }),
  driver: field(2, string, {
    required: true,
    v: ['@alpha format=k8s-long-name-caseless', '@alpha required', '@alpha maxLength=63'],
  }),
  pool: field(3, string, { required: true, v: ['@alpha required', '@alpha format=k8s-resource-pool-name'] }),
  device: field(4, string, { required: true }),
  adminAccess: field(5, bool, { omitempty: true, ptr: true, featureGates: ['DRAAdminAccess'] }),
  tolerations: list(6, DeviceToleration, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRADeviceTaints'],
    v: ['@alpha optional'],
  }),
  bindingConditions: list(7, string, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRADeviceBindingConditions', 'DRAResourceClaimDeviceStatus'],
    v: ['@alpha optional', '@alpha maxItems=4'],
  }),
  bindingFailureConditions: list(8, string, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRADeviceBindingConditions', 'DRAResourceClaimDeviceStatus'],
    v: ['@alpha optional', '@alpha maxItems=4'],
  }),
  shareID: field(9, string, {
    omitempty: true,
    ptr: true,
    alias: 'io.k8s.apimachinery.pkg.types.UID',
    featureGates: ['DRAConsumableCapacity'],
    v: ['@alpha optional', '@alpha format=k8s-uuid'],
  }),
  consumedCapacity: map(10, quantity, { omitempty: true, featureGates: ['DRAConsumableCapacity'] }),
});
export interface DeviceRequestAllocationResult extends Infer<typeof DeviceRequestAllocationResult> {}

export const OpaqueDeviceConfiguration = struct('io.k8s.api.resource.v1.OpaqueDeviceConfiguration', {
  driver: field(1, string, {
    required: true,
    v: ['@alpha required', '@alpha format=k8s-long-name-caseless', '@alpha maxLength=63'],
  }),
  parameters: field(2, rawExtension, { required: true }),
});
export interface OpaqueDeviceConfiguration extends Infer<typeof OpaqueDeviceConfiguration> {}

export const DeviceConfiguration = struct('io.k8s.api.resource.v1.DeviceConfiguration', {
  opaque: field(1, OpaqueDeviceConfiguration, {
    omitempty: true,
    ptr: true,
    v: ['oneOf=ConfigurationType', '@alpha optional'],
  }),
});
export interface DeviceConfiguration extends Infer<typeof DeviceConfiguration> {}

export const DeviceAllocationConfiguration = struct('io.k8s.api.resource.v1.DeviceAllocationConfiguration', {
  source: field(1, string, { required: true, enum: enums.AllocationConfigSource, v: ['@alpha required'] }),
  requests: list(2, string, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', '@alpha unique=set', '@alpha maxItems=32'],
  }),
  deviceConfiguration: field(3, DeviceConfiguration, { inline: true }),
});
export interface DeviceAllocationConfiguration extends Infer<typeof DeviceAllocationConfiguration> {}

export const DeviceAllocationResult = struct('io.k8s.api.resource.v1.DeviceAllocationResult', {
  results: list(1, DeviceRequestAllocationResult, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', '@alpha maxItems=32'],
  }),
  config: list(2, DeviceAllocationConfiguration, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', '@alpha maxItems=64'],
  }),
});
export interface DeviceAllocationResult extends Infer<typeof DeviceAllocationResult> {}

export const AllocationResult = struct('io.k8s.api.resource.v1.AllocationResult', {
  devices: field(1, DeviceAllocationResult, { omitempty: true }),
  nodeSelector: field(3, NodeSelector, { omitempty: true, ptr: true }),
  allocationTimestamp: field(5, time, {
    omitempty: true,
    ptr: true,
    featureGates: ['DRADeviceBindingConditions', 'DRAResourceClaimDeviceStatus'],
  }),
});
export interface AllocationResult extends Infer<typeof AllocationResult> {}

export const CELDeviceSelector = struct('io.k8s.api.resource.v1.CELDeviceSelector', {
  expression: field(1, string, { required: true }),
});
export interface CELDeviceSelector extends Infer<typeof CELDeviceSelector> {}

export const CapacityRequestPolicyRange = struct('io.k8s.api.resource.v1.CapacityRequestPolicyRange', {
  min: field(1, quantity, { required: true, omitempty: true, ptr: true }),
  max: field(2, quantity, { omitempty: true, ptr: true }),
  step: field(3, quantity, { omitempty: true, ptr: true }),
});
export interface CapacityRequestPolicyRange extends Infer<typeof CapacityRequestPolicyRange> {}

export const CapacityRequestPolicy = struct('io.k8s.api.resource.v1.CapacityRequestPolicy', {
  default: field(1, quantity, { ptr: true }),
  validValues: list(3, quantity, { omitempty: true, listType: 'atomic', v: ['oneOf=ValidRequestValues'] }),
  validRange: field(4, CapacityRequestPolicyRange, { omitempty: true, ptr: true, v: ['oneOf=ValidRequestValues'] }),
});
export interface CapacityRequestPolicy extends Infer<typeof CapacityRequestPolicy> {}

export const CapacityRequirements = struct('io.k8s.api.resource.v1.CapacityRequirements', {
  requests: map(1, quantity, { omitempty: true }),
});
export interface CapacityRequirements extends Infer<typeof CapacityRequirements> {}

export const Counter = struct('io.k8s.api.resource.v1.Counter', {
  value: field(1, quantity, { required: true }),
});
export interface Counter extends Infer<typeof Counter> {}

export const CounterSet = struct('io.k8s.api.resource.v1.CounterSet', {
  name: field(1, string, { required: true, v: ['@alpha required', '@alpha format=k8s-short-name'] }),
  counters: map(2, Counter, {
    required: true,
    omitempty: true,
    v: ['@alpha required', '@alpha eachKey=format=k8s-short-name'],
  }),
});
export interface CounterSet extends Infer<typeof CounterSet> {}

export const DeviceAttribute = struct('io.k8s.api.resource.v1.DeviceAttribute', {
  int: field(2, int64, { omitempty: true, ptr: true, format: 'int64', v: ['@alpha optional', '@alpha unionMember'] }),
  bool: field(3, bool, { omitempty: true, ptr: true, v: ['@alpha optional', '@alpha unionMember'] }),
  string: field(4, string, { omitempty: true, ptr: true, v: ['@alpha optional', '@alpha unionMember'] }),
  version: field(5, string, { omitempty: true, ptr: true, v: ['@alpha optional', '@alpha unionMember'] }),
  ints: list(6, int64, {
    omitempty: true,
    format: 'int64',
    listType: 'atomic',
    featureGates: ['DRAListTypeAttributes'],
    v: ['@alpha optional', '@alpha unionMember'],
  }),
  bools: list(7, bool, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRAListTypeAttributes'],
    v: ['@alpha optional', '@alpha unionMember'],
  }),
  strings: list(8, string, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRAListTypeAttributes'],
    v: ['@alpha optional', '@alpha unionMember'],
  }),
  versions: list(9, string, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRAListTypeAttributes'],
    v: ['@alpha optional', '@alpha unionMember'],
  }),
});
export interface DeviceAttribute extends Infer<typeof DeviceAttribute> {}

export const DeviceCapacity = struct('io.k8s.api.resource.v1.DeviceCapacity', {
  value: field(1, quantity, { required: true }),
  requestPolicy: field(2, CapacityRequestPolicy, {
    omitempty: true,
    ptr: true,
    featureGates: ['DRAConsumableCapacity'],
  }),
});
export interface DeviceCapacity extends Infer<typeof DeviceCapacity> {}

export const DeviceCounterConsumption = struct('io.k8s.api.resource.v1.DeviceCounterConsumption', {
  counterSet: field(1, string, { required: true, v: ['@alpha required', '@alpha format=k8s-short-name'] }),
  counters: map(2, Counter, {
    required: true,
    omitempty: true,
    v: ['@alpha required', '@alpha eachKey=format=k8s-short-name'],
  }),
});
export interface DeviceCounterConsumption extends Infer<typeof DeviceCounterConsumption> {}

export const DeviceTaint = struct('io.k8s.api.resource.v1.DeviceTaint', {
  key: field(1, string, { required: true }),
  value: field(2, string, { omitempty: true }),
  effect: field(3, string, { required: true, enum: enums.DeviceTaintEffect, v: ['@alpha required'] }),
  timeAdded: field(4, time, { omitempty: true, ptr: true }),
});
export interface DeviceTaint extends Infer<typeof DeviceTaint> {}

export const NodeAllocatableResourceMapping = struct('io.k8s.api.resource.v1.NodeAllocatableResourceMapping', {
  capacityKey: field(1, string, { omitempty: true, ptr: true, alias: 'io.k8s.api.resource.v1.QualifiedName' }),
  allocationMultiplier: field(2, quantity, { omitempty: true, ptr: true }),
});
export interface NodeAllocatableResourceMapping extends Infer<typeof NodeAllocatableResourceMapping> {}

export const Device = struct('io.k8s.api.resource.v1.Device', {
  name: field(1, string, { required: true }),
  attributes: map(2, DeviceAttribute, { omitempty: true, v: ['@alpha optional'] }),
  capacity: map(3, DeviceCapacity, { omitempty: true }),
  consumesCounters: list(4, DeviceCounterConsumption, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRAPartitionableDevices'],
    v: ['@alpha optional', '@alpha unique=map', '@alpha listMapKey=counterSet', '@alpha maxItems=2'],
  }),
  nodeName: field(5, string, {
    omitempty: true,
    ptr: true,
    featureGates: ['DRAPartitionableDevices'],
    v: ['oneOf=DeviceNodeSelection'],
  }),
  nodeSelector: field(6, NodeSelector, {
    omitempty: true,
    ptr: true,
    featureGates: ['DRAPartitionableDevices'],
    v: ['oneOf=DeviceNodeSelection'],
  }),
  allNodes: field(7, bool, {
    omitempty: true,
    ptr: true,
    featureGates: ['DRAPartitionableDevices'],
    v: ['oneOf=DeviceNodeSelection'],
  }),
  taints: list(8, DeviceTaint, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRADeviceTaints'],
    v: ['@alpha optional'],
  }),
  bindsToNode: field(9, bool, {
    omitempty: true,
    ptr: true,
    featureGates: ['DRADeviceBindingConditions', 'DRAResourceClaimDeviceStatus'],
  }),
  bindingConditions: list(10, string, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRADeviceBindingConditions', 'DRAResourceClaimDeviceStatus'],
    v: ['@alpha optional', '@alpha maxItems=4'],
  }),
  bindingFailureConditions: list(11, string, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRADeviceBindingConditions', 'DRAResourceClaimDeviceStatus'],
    v: ['@alpha optional', '@alpha maxItems=4'],
  }),
  allowMultipleAllocations: field(12, bool, { omitempty: true, ptr: true, featureGates: ['DRAConsumableCapacity'] }),
  nodeAllocatableResourceMappings: map(13, NodeAllocatableResourceMapping, {
    omitempty: true,
    featureGates: ['DRANodeAllocatableResources'],
  }),
});
export interface Device extends Infer<typeof Device> {}

export const DeviceSelector = struct('io.k8s.api.resource.v1.DeviceSelector', {
  cel: field(1, CELDeviceSelector, { omitempty: true, ptr: true, v: ['oneOf=SelectorType'] }),
});
export interface DeviceSelector extends Infer<typeof DeviceSelector> {}

export const ExactDeviceRequest = struct('io.k8s.api.resource.v1.ExactDeviceRequest', {
  deviceClassName: field(1, string, { required: true }),
  selectors: list(2, DeviceSelector, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', '@alpha maxItems=32'],
  }),
  allocationMode: field(3, string, { omitempty: true, enum: enums.DeviceAllocationMode, v: ['@alpha optional'] }),
  count: field(4, int64, { omitempty: true, format: 'int64', v: ['oneOf=AllocationMode'] }),
  adminAccess: field(5, bool, { omitempty: true, ptr: true, featureGates: ['DRAAdminAccess'] }),
  tolerations: list(6, DeviceToleration, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRADeviceTaints'],
    v: ['@alpha optional'],
  }),
  capacity: field(7, CapacityRequirements, { omitempty: true, ptr: true, featureGates: ['DRAConsumableCapacity'] }),
});
export interface ExactDeviceRequest extends Infer<typeof ExactDeviceRequest> {}

export const DeviceSubRequest = struct('io.k8s.api.resource.v1.DeviceSubRequest', {
  name: field(1, string, { required: true }),
  deviceClassName: field(2, string, { required: true, v: ['@alpha required', '@alpha format=k8s-long-name'] }),
  selectors: list(3, DeviceSelector, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', '@alpha maxItems=32'],
  }),
  allocationMode: field(4, string, { omitempty: true, enum: enums.DeviceAllocationMode, v: ['@alpha optional'] }),
  count: field(5, int64, { omitempty: true, format: 'int64', v: ['oneOf=AllocationMode'] }),
  tolerations: list(6, DeviceToleration, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRADeviceTaints'],
    v: ['@alpha optional'],
  }),
  capacity: field(7, CapacityRequirements, { omitempty: true, ptr: true, featureGates: ['DRAConsumableCapacity'] }),
});
export interface DeviceSubRequest extends Infer<typeof DeviceSubRequest> {}

export const DeviceRequest = struct('io.k8s.api.resource.v1.DeviceRequest', {
  name: field(1, string, { required: true }),
  exactly: field(2, ExactDeviceRequest, {
    omitempty: true,
    ptr: true,
    v: ['oneOf=deviceRequestType', '@alpha optional'],
  }),
  firstAvailable: list(3, DeviceSubRequest, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRAPrioritizedList'],
    v: [
      'oneOf=deviceRequestType',
      '@alpha optional',
      '@alpha unique=map',
      '@alpha listMapKey=name',
      '@alpha maxItems=8',
    ],
  }),
});
export interface DeviceRequest extends Infer<typeof DeviceRequest> {}

export const DeviceConstraint = struct('io.k8s.api.resource.v1.DeviceConstraint', {
  requests: list(1, string, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', '@alpha unique=set', '@alpha maxItems=32'],
  }),
  matchAttribute: field(2, string, {
    omitempty: true,
    ptr: true,
    alias: 'io.k8s.api.resource.v1.FullyQualifiedName',
    v: ['oneOf=ConstraintType', '@alpha optional', '@alpha format=k8s-resource-fully-qualified-name'],
  }),
  distinctAttribute: field(3, string, {
    omitempty: true,
    ptr: true,
    alias: 'io.k8s.api.resource.v1.FullyQualifiedName',
    featureGates: ['DRAConsumableCapacity'],
    v: ['oneOf=ConstraintType'],
  }),
});
export interface DeviceConstraint extends Infer<typeof DeviceConstraint> {}

export const DeviceClaimConfiguration = struct('io.k8s.api.resource.v1.DeviceClaimConfiguration', {
  requests: list(1, string, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', '@alpha unique=set', '@alpha maxItems=32'],
  }),
  deviceConfiguration: field(2, DeviceConfiguration, { inline: true }),
});
export interface DeviceClaimConfiguration extends Infer<typeof DeviceClaimConfiguration> {}

export const DeviceClaim = struct('io.k8s.api.resource.v1.DeviceClaim', {
  requests: list(1, DeviceRequest, {
    listType: 'atomic',
    v: ['@alpha optional', '@alpha unique=map', '@alpha listMapKey=name', '@alpha maxItems=32'],
  }),
  constraints: list(2, DeviceConstraint, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', '@alpha maxItems=32'],
  }),
  config: list(3, DeviceClaimConfiguration, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', '@alpha maxItems=32'],
  }),
});
export interface DeviceClaim extends Infer<typeof DeviceClaim> {}

export const DeviceClassConfiguration = struct('io.k8s.api.resource.v1.DeviceClassConfiguration', {
  deviceConfiguration: field(1, DeviceConfiguration, { inline: true }),
});
export interface DeviceClassConfiguration extends Infer<typeof DeviceClassConfiguration> {}

export const DeviceClassSpec = struct('io.k8s.api.resource.v1.DeviceClassSpec', {
  selectors: list(1, DeviceSelector, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', '@alpha maxItems=32'],
  }),
  config: list(2, DeviceClassConfiguration, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', '@alpha maxItems=32'],
  }),
  extendedResourceName: field(4, string, {
    omitempty: true,
    ptr: true,
    featureGates: ['DRAExtendedResource'],
    v: ['@alpha optional', '@alpha format=k8s-extended-resource-name'],
  }),
});
export interface DeviceClassSpec extends Infer<typeof DeviceClassSpec> {}

export const DeviceClass = struct(
  'io.k8s.api.resource.v1.DeviceClass',
  {
    metadata: field(1, ObjectMeta, {
      omitempty: true,
      v: ['@alpha subfield(name)=optional', '@alpha subfield(name)=format=k8s-long-name'],
    }),
    spec: field(2, DeviceClassSpec, { required: true }),
  },
  { gvk: { group: 'resource.k8s.io', version: 'v1', kind: 'DeviceClass' }, typeMeta: true },
);
export interface DeviceClass extends Infer<typeof DeviceClass> {}

export const DeviceClassList = struct(
  'io.k8s.api.resource.v1.DeviceClassList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, DeviceClass, { required: true }),
  },
  { gvk: { group: 'resource.k8s.io', version: 'v1', kind: 'DeviceClassList' }, typeMeta: true },
);
export interface DeviceClassList extends Infer<typeof DeviceClassList> {}

export const ResourceClaimSpec = struct('io.k8s.api.resource.v1.ResourceClaimSpec', {
  devices: field(1, DeviceClaim),
});
export interface ResourceClaimSpec extends Infer<typeof ResourceClaimSpec> {}

export const ResourceClaimConsumerReference = struct('io.k8s.api.resource.v1.ResourceClaimConsumerReference', {
  apiGroup: field(1, string, { omitempty: true }),
  resource: field(3, string, { required: true }),
  name: field(4, string, { required: true }),
  uid: field(5, string, { required: true, alias: 'io.k8s.apimachinery.pkg.types.UID' }),
});
export interface ResourceClaimConsumerReference extends Infer<typeof ResourceClaimConsumerReference> {}

export const ResourceClaimStatus = struct('io.k8s.api.resource.v1.ResourceClaimStatus', {
  allocation: field(1, AllocationResult, {
    omitempty: true,
    ptr: true,
    v: ['@alpha optional', '@alpha update=NoModify'],
  }),
  reservedFor: list(2, ResourceClaimConsumerReference, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['uid'],
    patchStrategy: 'merge',
    patchMergeKey: 'uid',
    v: ['@alpha optional', '@alpha listType=map', '@alpha listMapKey=uid', '@alpha maxItems=256'],
  }),
  devices: list(4, AllocatedDeviceStatus, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['driver', 'device', 'pool', 'shareID'],
    featureGates: ['DRAResourceClaimDeviceStatus'],
    v: [
      '@alpha optional',
      '@alpha listType=map',
      '@alpha listMapKey=driver',
      '@alpha listMapKey=device',
      '@alpha listMapKey=pool',
      '@alpha listMapKey=shareID',
    ],
  }),
});
export interface ResourceClaimStatus extends Infer<typeof ResourceClaimStatus> {}

export const ResourceClaim = struct(
  'io.k8s.api.resource.v1.ResourceClaim',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, ResourceClaimSpec, { required: true, v: ['@alpha immutable'] }),
    status: field(3, ResourceClaimStatus, { omitempty: true }),
  },
  { gvk: { group: 'resource.k8s.io', version: 'v1', kind: 'ResourceClaim' }, typeMeta: true },
);
export interface ResourceClaim extends Infer<typeof ResourceClaim> {}

export const ResourceClaimList = struct(
  'io.k8s.api.resource.v1.ResourceClaimList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ResourceClaim, { required: true }),
  },
  { gvk: { group: 'resource.k8s.io', version: 'v1', kind: 'ResourceClaimList' }, typeMeta: true },
);
export interface ResourceClaimList extends Infer<typeof ResourceClaimList> {}

export const ResourceClaimTemplateSpec = struct('io.k8s.api.resource.v1.ResourceClaimTemplateSpec', {
  metadata: field(1, ObjectMeta, { omitempty: true }),
  spec: field(2, ResourceClaimSpec, { required: true }),
});
export interface ResourceClaimTemplateSpec extends Infer<typeof ResourceClaimTemplateSpec> {}

export const ResourceClaimTemplate = struct(
  'io.k8s.api.resource.v1.ResourceClaimTemplate',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, ResourceClaimTemplateSpec, { required: true }),
  },
  { gvk: { group: 'resource.k8s.io', version: 'v1', kind: 'ResourceClaimTemplate' }, typeMeta: true },
);
export interface ResourceClaimTemplate extends Infer<typeof ResourceClaimTemplate> {}

export const ResourceClaimTemplateList = struct(
  'io.k8s.api.resource.v1.ResourceClaimTemplateList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ResourceClaimTemplate, { required: true }),
  },
  { gvk: { group: 'resource.k8s.io', version: 'v1', kind: 'ResourceClaimTemplateList' }, typeMeta: true },
);
export interface ResourceClaimTemplateList extends Infer<typeof ResourceClaimTemplateList> {}

export const ResourcePool = struct('io.k8s.api.resource.v1.ResourcePool', {
  name: field(1, string, { required: true }),
  generation: field(2, int64, { required: true, format: 'int64' }),
  resourceSliceCount: field(3, int64, { required: true, format: 'int64' }),
});
export interface ResourcePool extends Infer<typeof ResourcePool> {}

export const ResourceSliceSpec = struct('io.k8s.api.resource.v1.ResourceSliceSpec', {
  driver: field(1, string, { required: true }),
  pool: field(2, ResourcePool, { required: true }),
  nodeName: field(3, string, { omitempty: true, ptr: true, v: ['oneOf=NodeSelection'] }),
  nodeSelector: field(4, NodeSelector, { omitempty: true, ptr: true, v: ['oneOf=NodeSelection'] }),
  allNodes: field(5, bool, { omitempty: true, ptr: true, v: ['oneOf=NodeSelection'] }),
  devices: list(6, Device, {
    omitempty: true,
    listType: 'atomic',
    v: ['@alpha optional', 'zeroOrOneOf=ResourceSliceType'],
  }),
  perDeviceNodeSelection: field(7, bool, {
    omitempty: true,
    ptr: true,
    featureGates: ['DRAPartitionableDevices'],
    v: ['oneOf=NodeSelection'],
  }),
  sharedCounters: list(8, CounterSet, {
    omitempty: true,
    listType: 'atomic',
    featureGates: ['DRAPartitionableDevices'],
    v: [
      '@alpha optional',
      '@alpha unique=map',
      '@alpha listMapKey=name',
      'zeroOrOneOf=ResourceSliceType',
      '@alpha maxItems=8',
    ],
  }),
});
export interface ResourceSliceSpec extends Infer<typeof ResourceSliceSpec> {}

export const ResourceSlice = struct(
  'io.k8s.api.resource.v1.ResourceSlice',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, ResourceSliceSpec, { required: true }),
  },
  { gvk: { group: 'resource.k8s.io', version: 'v1', kind: 'ResourceSlice' }, typeMeta: true },
);
export interface ResourceSlice extends Infer<typeof ResourceSlice> {}

export const ResourceSliceList = struct(
  'io.k8s.api.resource.v1.ResourceSliceList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ResourceSlice, { required: true }),
  },
  { gvk: { group: 'resource.k8s.io', version: 'v1', kind: 'ResourceSliceList' }, typeMeta: true },
);
export interface ResourceSliceList extends Infer<typeof ResourceSliceList> {}
