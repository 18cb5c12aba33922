/** io.k8s.apimachinery.pkg.apis.meta.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import {
  any,
  bool,
  field,
  fieldsV1,
  type Infer,
  int32,
  int64,
  list,
  map,
  rawExtension,
  string,
  struct,
  time,
} from '../../../schema/dsl.ts';
import * as enums from './enums.ts';

export const GroupVersionForDiscovery = struct('io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery', {
  groupVersion: field(1, string, { required: true }),
  version: field(2, string, { required: true }),
});
export interface GroupVersionForDiscovery extends Infer<typeof GroupVersionForDiscovery> {}

export const ServerAddressByClientCIDR = struct('io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR', {
  clientCIDR: field(1, string, { required: true }),
  serverAddress: field(2, string, { required: true }),
});
export interface ServerAddressByClientCIDR extends Infer<typeof ServerAddressByClientCIDR> {}

export const APIGroup = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup',
  {
    name: field(1, string, { required: true }),
    versions: list(2, GroupVersionForDiscovery, { required: true, listType: 'atomic' }),
    preferredVersion: field(3, GroupVersionForDiscovery, { omitempty: true }),
    serverAddressByClientCIDRs: list(4, ServerAddressByClientCIDR, { omitempty: true, listType: 'atomic' }),
  },
  { gvk: { group: '', version: 'v1', kind: 'APIGroup' }, typeMeta: true },
);
export interface APIGroup extends Infer<typeof APIGroup> {}

export const APIGroupList = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList',
  {
    groups: list(1, APIGroup, { required: true, listType: 'atomic' }),
  },
  { gvk: { group: '', version: 'v1', kind: 'APIGroupList' }, typeMeta: true },
);
export interface APIGroupList extends Infer<typeof APIGroupList> {}

export const Verbs = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.Verbs',
  {
    items: list(1, string),
  },
  { jsonForm: true },
);
export interface Verbs extends Infer<typeof Verbs> {}

export const APIResource = struct('io.k8s.apimachinery.pkg.apis.meta.v1.APIResource', {
  name: field(1, string, { required: true }),
  singularName: field(6, string, { required: true }),
  namespaced: field(2, bool, { required: true }),
  group: field(8, string, { omitempty: true }),
  version: field(9, string, { omitempty: true }),
  kind: field(3, string, { required: true }),
  verbs: field(4, Verbs, { required: true, alias: 'io.k8s.apimachinery.pkg.apis.meta.v1.Verbs' }),
  shortNames: list(5, string, { omitempty: true, listType: 'atomic' }),
  categories: list(7, string, { omitempty: true, listType: 'atomic' }),
  storageVersionHash: field(10, string, { omitempty: true }),
});
export interface APIResource extends Infer<typeof APIResource> {}

export const APIResourceList = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList',
  {
    groupVersion: field(1, string, { required: true }),
    resources: list(2, APIResource, { required: true, listType: 'atomic' }),
  },
  { gvk: { group: '', version: 'v1', kind: 'APIResourceList' }, typeMeta: true },
);
export interface APIResourceList extends Infer<typeof APIResourceList> {}

export const APIVersions = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions',
  {
    versions: list(1, string, { required: true, listType: 'atomic' }),
    serverAddressByClientCIDRs: list(2, ServerAddressByClientCIDR, { required: true, listType: 'atomic' }),
  },
  { gvk: { group: '', version: 'v1', kind: 'APIVersions' }, typeMeta: true },
);
export interface APIVersions extends Infer<typeof APIVersions> {}

export const ApplyOptions = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.ApplyOptions',
  {
    dryRun: list(1, string, { omitempty: true, listType: 'atomic' }),
    force: field(2, bool, { required: true }),
    fieldManager: field(3, string, { required: true }),
  },
  { typeMeta: true },
);
export interface ApplyOptions extends Infer<typeof ApplyOptions> {}

export const Condition = struct('io.k8s.apimachinery.pkg.apis.meta.v1.Condition', {
  type: field(1, string, {
    required: true,
    v: [
      'kubebuilder:validation:Required',
      'kubebuilder:validation:Pattern=`^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`',
      'kubebuilder:validation:MaxLength=316',
    ],
  }),
  status: field(2, string, {
    required: true,
    enum: enums.ConditionStatus,
    v: ['kubebuilder:validation:Required', 'kubebuilder:validation:Enum=True;False;Unknown'],
  }),
  observedGeneration: field(3, int64, { omitempty: true, format: 'int64', v: ['kubebuilder:validation:Minimum=0'] }),
  lastTransitionTime: field(4, time, {
    required: true,
    v: [
      'kubebuilder:validation:Required',
      'kubebuilder:validation:Type=string',
      'kubebuilder:validation:Format=date-time',
    ],
  }),
  reason: field(5, string, {
    required: true,
    v: [
      'kubebuilder:validation:Required',
      'kubebuilder:validation:MaxLength=1024',
      'kubebuilder:validation:MinLength=1',
      'kubebuilder:validation:Pattern=`^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$`',
    ],
  }),
  message: field(6, string, {
    required: true,
    v: ['kubebuilder:validation:Required', 'kubebuilder:validation:MaxLength=32768'],
  }),
});
export interface Condition extends Infer<typeof Condition> {}

export const CreateOptions = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.CreateOptions',
  {
    dryRun: list(1, string, { omitempty: true, listType: 'atomic' }),
    fieldManager: field(3, string, { omitempty: true }),
    fieldValidation: field(4, string, { omitempty: true }),
  },
  { gvk: { group: 'meta.k8s.io', version: 'v1', kind: 'CreateOptions' }, typeMeta: true },
);
export interface CreateOptions extends Infer<typeof CreateOptions> {}

export const Preconditions = struct('io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions', {
  uid: field(1, string, { omitempty: true, ptr: true, alias: 'io.k8s.apimachinery.pkg.types.UID' }),
  resourceVersion: field(2, string, { omitempty: true, ptr: true }),
});
export interface Preconditions extends Infer<typeof Preconditions> {}

export const DeleteOptions = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
  {
    gracePeriodSeconds: field(1, int64, { omitempty: true, ptr: true, format: 'int64' }),
    preconditions: field(2, Preconditions, { omitempty: true, ptr: true }),
    orphanDependents: field(3, bool, { omitempty: true, ptr: true }),
    propagationPolicy: field(4, string, { omitempty: true, ptr: true, enum: enums.DeletionPropagation }),
    dryRun: list(5, string, { omitempty: true, listType: 'atomic' }),
    ignoreStoreReadErrorWithClusterBreakingPotential: field(6, bool, { omitempty: true, ptr: true }),
  },
  { gvk: { group: 'meta.k8s.io', version: 'v1', kind: 'DeleteOptions' }, typeMeta: true },
);
export interface DeleteOptions extends Infer<typeof DeleteOptions> {}

export const FieldSelectorRequirement = struct('io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement', {
  key: field(1, string, { required: true }),
  operator: field(2, string, { required: true, enum: enums.FieldSelectorOperator }),
  values: list(3, string, { omitempty: true, listType: 'atomic' }),
});
export interface FieldSelectorRequirement extends Infer<typeof FieldSelectorRequirement> {}

export const GetOptions = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.GetOptions',
  {
    resourceVersion: field(1, string, { omitempty: true }),
  },
  { gvk: { group: 'meta.k8s.io', version: 'v1', kind: 'GetOptions' }, typeMeta: true },
);
export interface GetOptions extends Infer<typeof GetOptions> {}

export const GroupKind = struct('io.k8s.apimachinery.pkg.apis.meta.v1.GroupKind', {
  group: field(1, string, { required: true }),
  kind: field(2, string, { required: true }),
});
export interface GroupKind extends Infer<typeof GroupKind> {}

export const GroupResource = struct('io.k8s.apimachinery.pkg.apis.meta.v1.GroupResource', {
  group: field(1, string, { required: true }),
  resource: field(2, string, { required: true }),
});
export interface GroupResource extends Infer<typeof GroupResource> {}

export const GroupVersion = struct('io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersion', {
  group: field(1, string, { required: true }),
  version: field(2, string, { required: true }),
});
export interface GroupVersion extends Infer<typeof GroupVersion> {}

export const GroupVersionKind = struct('io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionKind', {
  group: field(1, string, { required: true }),
  version: field(2, string, { required: true }),
  kind: field(3, string, { required: true }),
});
export interface GroupVersionKind extends Infer<typeof GroupVersionKind> {}

export const GroupVersionResource = struct('io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionResource', {
  group: field(1, string, { required: true }),
  version: field(2, string, { required: true }),
  resource: field(3, string, { required: true }),
});
export interface GroupVersionResource extends Infer<typeof GroupVersionResource> {}

export const LabelSelectorRequirement = struct('io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement', {
  key: field(1, string, { required: true }),
  operator: field(2, string, { required: true, enum: enums.LabelSelectorOperator }),
  values: list(3, string, { omitempty: true, listType: 'atomic' }),
});
export interface LabelSelectorRequirement extends Infer<typeof LabelSelectorRequirement> {}

export const LabelSelector = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector',
  {
    matchLabels: map(1, string, { omitempty: true }),
    matchExpressions: list(2, LabelSelectorRequirement, { omitempty: true, listType: 'atomic' }),
  },
  { structType: 'atomic' },
);
export interface LabelSelector extends Infer<typeof LabelSelector> {}

export const ShardInfo = struct('io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo', {
  selector: field(1, string, { required: true }),
});
export interface ShardInfo extends Infer<typeof ShardInfo> {}

export const ListMeta = struct('io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta', {
  selfLink: field(1, string, { omitempty: true }),
  resourceVersion: field(2, string, { omitempty: true }),
  continue: field(3, string, { omitempty: true }),
  remainingItemCount: field(4, int64, { omitempty: true, ptr: true, format: 'int64' }),
  shardInfo: field(5, ShardInfo, { omitempty: true, ptr: true, featureGates: ['ShardedListAndWatch'] }),
});
export interface ListMeta extends Infer<typeof ListMeta> {}

export const List = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.List',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, rawExtension, { required: true }),
  },
  { gvk: { group: '', version: 'v1', kind: 'List' }, typeMeta: true },
);
export interface List extends Infer<typeof List> {}

export const ListOptions = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.ListOptions',
  {
    labelSelector: field(1, string, { omitempty: true }),
    fieldSelector: field(2, string, { omitempty: true }),
    watch: field(3, bool, { omitempty: true }),
    allowWatchBookmarks: field(9, bool, { omitempty: true }),
    resourceVersion: field(4, string, { omitempty: true }),
    resourceVersionMatch: field(10, string, { omitempty: true, enum: enums.ResourceVersionMatch }),
    timeoutSeconds: field(5, int64, { omitempty: true, ptr: true, format: 'int64' }),
    limit: field(7, int64, { omitempty: true, format: 'int64' }),
    continue: field(8, string, { omitempty: true }),
    sendInitialEvents: field(11, bool, { omitempty: true, ptr: true }),
    shardSelector: field(15, string, { omitempty: true, featureGates: ['ShardedListAndWatch'] }),
  },
  { gvk: { group: 'meta.k8s.io', version: 'v1', kind: 'ListOptions' }, typeMeta: true },
);
export interface ListOptions extends Infer<typeof ListOptions> {}

export const ManagedFieldsEntry = struct('io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry', {
  manager: field(1, string, { omitempty: true }),
  operation: field(2, string, { omitempty: true, enum: enums.ManagedFieldsOperationType }),
  apiVersion: field(3, string, { omitempty: true }),
  time: field(4, time, { omitempty: true, ptr: true }),
  fieldsType: field(6, string, { omitempty: true }),
  fieldsV1: field(7, fieldsV1, { omitempty: true, ptr: true }),
  subresource: field(8, string, { omitempty: true }),
});
export interface ManagedFieldsEntry extends Infer<typeof ManagedFieldsEntry> {}

export const OwnerReference = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference',
  {
    apiVersion: field(5, string, { required: true }),
    kind: field(1, string, { required: true }),
    name: field(3, string, { required: true }),
    uid: field(4, string, { required: true, alias: 'io.k8s.apimachinery.pkg.types.UID' }),
    controller: field(6, bool, { omitempty: true, ptr: true }),
    blockOwnerDeletion: field(7, bool, { omitempty: true, ptr: true }),
  },
  { structType: 'atomic' },
);
export interface OwnerReference extends Infer<typeof OwnerReference> {}

export const ObjectMeta = struct('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', {
  name: field(1, string, { omitempty: true }),
  generateName: field(2, string, { omitempty: true }),
  namespace: field(3, string, { omitempty: true }),
  selfLink: field(4, string, { omitempty: true }),
  uid: field(5, string, { omitempty: true, alias: 'io.k8s.apimachinery.pkg.types.UID' }),
  resourceVersion: field(6, string, { omitempty: true }),
  generation: field(7, int64, { omitempty: true, format: 'int64' }),
  creationTimestamp: field(8, time, { omitempty: true, omitzero: true }),
  deletionTimestamp: field(9, time, { omitempty: true, ptr: true }),
  deletionGracePeriodSeconds: field(10, int64, { omitempty: true, ptr: true, format: 'int64' }),
  labels: map(11, string, { omitempty: true }),
  annotations: map(12, string, { omitempty: true }),
  ownerReferences: list(13, OwnerReference, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['uid'],
    patchStrategy: 'merge',
    patchMergeKey: 'uid',
  }),
  finalizers: list(14, string, { omitempty: true, listType: 'set', patchStrategy: 'merge' }),
  managedFields: list(17, ManagedFieldsEntry, { omitempty: true, listType: 'atomic' }),
});
export interface ObjectMeta extends Infer<typeof ObjectMeta> {}

export const PartialObjectMetadata = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
  },
  { gvk: { group: 'meta.k8s.io', version: 'v1', kind: 'PartialObjectMetadata' }, typeMeta: true },
);
export interface PartialObjectMetadata extends Infer<typeof PartialObjectMetadata> {}

export const PartialObjectMetadataList = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadataList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, PartialObjectMetadata, { required: true }),
  },
  { gvk: { group: 'meta.k8s.io', version: 'v1', kind: 'PartialObjectMetadataList' }, typeMeta: true },
);
export interface PartialObjectMetadataList extends Infer<typeof PartialObjectMetadataList> {}

export const Patch = struct('io.k8s.apimachinery.pkg.apis.meta.v1.Patch', {}, { jsonForm: true });
export interface Patch extends Infer<typeof Patch> {}

export const PatchOptions = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.PatchOptions',
  {
    dryRun: list(1, string, { omitempty: true, listType: 'atomic' }),
    force: field(2, bool, { omitempty: true, ptr: true }),
    fieldManager: field(3, string, { omitempty: true }),
    fieldValidation: field(4, string, { omitempty: true }),
  },
  { gvk: { group: 'meta.k8s.io', version: 'v1', kind: 'PatchOptions' }, typeMeta: true },
);
export interface PatchOptions extends Infer<typeof PatchOptions> {}

export const RootPaths = struct('io.k8s.apimachinery.pkg.apis.meta.v1.RootPaths', {
  paths: list(1, string, { required: true, listType: 'atomic' }),
});
export interface RootPaths extends Infer<typeof RootPaths> {}

export const StatusCause = struct('io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause', {
  reason: field(1, string, { omitempty: true, enum: enums.CauseType }),
  message: field(2, string, { omitempty: true }),
  field: field(3, string, { omitempty: true }),
});
export interface StatusCause extends Infer<typeof StatusCause> {}

export const StatusDetails = struct('io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails', {
  name: field(1, string, { omitempty: true }),
  group: field(2, string, { omitempty: true }),
  kind: field(3, string, { omitempty: true }),
  uid: field(6, string, { omitempty: true, alias: 'io.k8s.apimachinery.pkg.types.UID' }),
  causes: list(4, StatusCause, { omitempty: true, listType: 'atomic' }),
  retryAfterSeconds: field(5, int32, { omitempty: true, format: 'int32' }),
});
export interface StatusDetails extends Infer<typeof StatusDetails> {}

export const Status = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.Status',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    status: field(2, string, { omitempty: true }),
    message: field(3, string, { omitempty: true }),
    reason: field(4, string, { omitempty: true, enum: enums.StatusReason }),
    details: field(5, StatusDetails, { omitempty: true, ptr: true }),
    code: field(6, int32, { omitempty: true, format: 'int32' }),
  },
  { gvk: { group: '', version: 'v1', kind: 'Status' }, typeMeta: true },
);
export interface Status extends Infer<typeof Status> {}

export const TableColumnDefinition = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.TableColumnDefinition',
  {
    name: field(0, string, { required: true }),
    type: field(0, string, { required: true }),
    format: field(0, string, { required: true }),
    description: field(0, string, { required: true }),
    priority: field(0, int32, { required: true, format: 'int32' }),
  },
  { noProto: true },
);
export interface TableColumnDefinition extends Infer<typeof TableColumnDefinition> {}

export const TableRowCondition = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.TableRowCondition',
  {
    type: field(0, string, { required: true, enum: enums.RowConditionType }),
    status: field(0, string, { required: true, enum: enums.ConditionStatus }),
    reason: field(0, string, { omitempty: true }),
    message: field(0, string, { omitempty: true }),
  },
  { noProto: true },
);
export interface TableRowCondition extends Infer<typeof TableRowCondition> {}

export const TableRow = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.TableRow',
  {
    cells: list(0, any, { required: true, listType: 'atomic' }),
    conditions: list(0, TableRowCondition, { omitempty: true, listType: 'atomic' }),
    object: field(0, rawExtension, { omitempty: true }),
  },
  { noProto: true },
);
export interface TableRow extends Infer<typeof TableRow> {}

export const Table = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.Table',
  {
    metadata: field(0, ListMeta, { omitempty: true }),
    columnDefinitions: list(0, TableColumnDefinition, { required: true, listType: 'atomic' }),
    rows: list(0, TableRow, { required: true, listType: 'atomic' }),
  },
  { gvk: { group: 'meta.k8s.io', version: 'v1', kind: 'Table' }, typeMeta: true, noProto: true },
);
export interface Table extends Infer<typeof Table> {}

export const TableOptions = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.TableOptions',
  {
    includeObject: field(1, string, { omitempty: true, enum: enums.IncludeObjectPolicy }),
  },
  { gvk: { group: 'meta.k8s.io', version: 'v1', kind: 'TableOptions' }, typeMeta: true },
);
export interface TableOptions extends Infer<typeof TableOptions> {}

export const Timestamp = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.Timestamp',
  {
    seconds: field(1, int64),
    nanos: field(2, int32),
  },
  { jsonForm: true },
);
export interface Timestamp extends Infer<typeof Timestamp> {}

export const TypeMeta = struct('io.k8s.apimachinery.pkg.apis.meta.v1.TypeMeta', {
  kind: field(1, string, { omitempty: true }),
  apiVersion: field(2, string, { omitempty: true }),
});
export interface TypeMeta extends Infer<typeof TypeMeta> {}

export const UpdateOptions = struct(
  'io.k8s.apimachinery.pkg.apis.meta.v1.UpdateOptions',
  {
    dryRun: list(1, string, { omitempty: true, listType: 'atomic' }),
    fieldManager: field(2, string, { omitempty: true }),
    fieldValidation: field(3, string, { omitempty: true }),
  },
  { gvk: { group: 'meta.k8s.io', version: 'v1', kind: 'UpdateOptions' }, typeMeta: true },
);
export interface UpdateOptions extends Infer<typeof UpdateOptions> {}

export const WatchEvent = struct('io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent', {
  type: field(1, string, { required: true }),
  object: field(2, rawExtension, { required: true }),
});
export interface WatchEvent extends Infer<typeof WatchEvent> {}
