/** The resources of core/v1: rows of the one list (src/api/resources.ts). */
import { TokenRequest } from '../../authentication/v1/types.ts';
import { Eviction } from '../../policy/v1/types.ts';
import { resource } from '../../resource-row.ts';
import { mapSelectorScale } from '../../scale.ts';
import { statusSubresource } from '../../status-part.ts';
import {
  componentStatusColumns,
  configMapColumns,
  endpointsColumns,
  eventColumns,
  namespaceColumns,
  nodeColumns,
  persistentVolumeClaimColumns,
  persistentVolumeColumns,
  podColumns,
  podTemplateColumns,
  replicationControllerColumns,
  resourceQuotaColumns,
  secretColumns,
  serviceAccountColumns,
  serviceColumns,
} from './columns.ts';
import {
  eventFields,
  namespaceFields,
  nodeFields,
  podFields,
  replicationControllerFields,
  secretFields,
  serviceFields,
} from './fields.ts';
import { configMapStrategy } from './strategy/config-map.ts';
import { endpointsStrategy } from './strategy/endpoints.ts';
import { eventStrategy, eventTtlSeconds } from './strategy/event.ts';
import { limitRangeStrategy } from './strategy/limit-range.ts';
import { namespaceFinalizeStrategy, namespaceStatusStrategy, namespaceStrategy } from './strategy/namespace.ts';
import { nodeStatusStrategy, nodeStrategy } from './strategy/node.ts';
import {
  persistentVolumeClaimStatusStrategy,
  persistentVolumeClaimStrategy,
} from './strategy/persistent-volume-claim.ts';
import { persistentVolumeStatusStrategy, persistentVolumeStrategy } from './strategy/persistent-volume.ts';
import { podTemplateStrategy } from './strategy/pod-template.ts';
import { podEphemeralcontainersStrategy, podResizeStrategy, podStatusStrategy, podStrategy } from './strategy/pod.ts';
import { replicationControllerStrategy } from './strategy/replication-controller.ts';
import { resourceQuotaStatusStrategy, resourceQuotaStrategy } from './strategy/resource-quota.ts';
import { secretStrategy } from './strategy/secret.ts';
import { serviceAccountStrategy } from './strategy/service-account.ts';
import { serviceStatusStrategy, serviceStrategy } from './strategy/service.ts';
import {
  Binding,
  ComponentStatus,
  ConfigMap,
  Endpoints as EndpointsKind,
  Event,
  LimitRange,
  Namespace,
  Node,
  NodeProxyOptions,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodAttachOptions,
  PodExecOptions,
  PodLogOptions,
  PodPortForwardOptions,
  PodProxyOptions,
  PodTemplate,
  ReplicationController,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
  ServiceProxyOptions,
} from './types.ts';

export const Bindings = resource({
  group: '',
  version: 'v1',
  kind: 'Binding',
  plural: 'bindings',
  namespaced: true,
  schema: Binding,
  verbs: ['create'],
  virtual: true,
});

export const ComponentStatuses = resource({
  group: '',
  version: 'v1',
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  namespaced: false,
  schema: ComponentStatus,
  shortNames: ['cs'],
  deprecated: 'v1 ComponentStatus is deprecated in v1.19+',
  verbs: ['get', 'list'],
  virtual: true,
  columns: componentStatusColumns,
});

export const ConfigMaps = resource({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  schema: ConfigMap,
  shortNames: ['cm'],
  storageVersionHash: 'qFsyl6wFWjQ=',
  strategy: configMapStrategy,
  columns: configMapColumns,
});

export const Endpoints = resource({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  namespaced: true,
  schema: EndpointsKind,
  shortNames: ['ep'],
  storageVersionHash: 'fWeeMqaN/OA=',
  deprecated: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  registryPath: 'services/endpoints',
  strategy: endpointsStrategy,
  columns: endpointsColumns,
});

export const Events = resource({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  schema: Event,
  shortNames: ['ev'],
  storageVersionHash: 'r2yiGXH7wu8=',
  strategy: eventStrategy,
  columns: eventColumns,
  selectableFields: eventFields,
  ttlSeconds: eventTtlSeconds,
});

export const LimitRanges = resource({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  namespaced: true,
  schema: LimitRange,
  shortNames: ['limits'],
  storageVersionHash: 'EBKMFVe6cwo=',
  strategy: limitRangeStrategy,
});

export const Namespaces = resource({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  returnsDeleted: true,
  plural: 'namespaces',
  namespaced: false,
  schema: Namespace,
  shortNames: ['ns'],
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  storageVersionHash: 'Q3oi5N2YM8M=',
  subresources: [
    { name: 'finalize', verbs: ['update'], strategy: namespaceFinalizeStrategy },
    statusSubresource(namespaceStatusStrategy),
  ],
  strategy: namespaceStrategy,
  columns: namespaceColumns,
  selectableFields: namespaceFields,
});

export const Nodes = resource({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  namespaced: false,
  schema: Node,
  shortNames: ['no'],
  storageVersionHash: 'XwShjMxG9Fs=',
  registryPath: 'minions',
  subresources: [
    {
      name: 'proxy',
      group: '',
      version: 'v1',
      kind: 'NodeProxyOptions',
      verbs: ['create', 'delete', 'get', 'patch', 'update'],
      connect: 'proxy',
      schema: NodeProxyOptions,
    },
    statusSubresource(nodeStatusStrategy),
  ],
  strategy: nodeStrategy,
  columns: nodeColumns,
  selectableFields: nodeFields,
});

export const PersistentVolumeClaims = resource({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  returnsDeleted: true,
  plural: 'persistentvolumeclaims',
  namespaced: true,
  schema: PersistentVolumeClaim,
  shortNames: ['pvc'],
  storageVersionHash: 'QWTyNDq0dC4=',
  subresources: [statusSubresource(persistentVolumeClaimStatusStrategy)],
  strategy: persistentVolumeClaimStrategy,
  columns: persistentVolumeClaimColumns,
});

export const PersistentVolumes = resource({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  returnsDeleted: true,
  plural: 'persistentvolumes',
  namespaced: false,
  schema: PersistentVolume,
  shortNames: ['pv'],
  storageVersionHash: 'HN/zwEC+JgM=',
  subresources: [statusSubresource(persistentVolumeStatusStrategy)],
  strategy: persistentVolumeStrategy,
  columns: persistentVolumeColumns,
});

export const Pods = resource({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  schema: Pod,
  shortNames: ['po'],
  categories: ['all'],
  storageVersionHash: 'xPOwRZ+Yhw8=',
  subresources: [
    {
      name: 'attach',
      group: '',
      version: 'v1',
      kind: 'PodAttachOptions',
      verbs: ['create', 'get'],
      connect: 'attach',
      schema: PodAttachOptions,
    },
    {
      name: 'binding',
      group: '',
      version: 'v1',
      kind: 'Binding',
      verbs: ['create'],
      action: 'binding',
      schema: Binding,
    },
    { name: 'ephemeralcontainers', verbs: ['get', 'patch', 'update'], strategy: podEphemeralcontainersStrategy },
    {
      name: 'eviction',
      group: 'policy',
      version: 'v1',
      kind: 'Eviction',
      verbs: ['create'],
      action: 'eviction',
      schema: Eviction,
    },
    {
      name: 'exec',
      group: '',
      version: 'v1',
      kind: 'PodExecOptions',
      verbs: ['create', 'get'],
      connect: 'exec',
      schema: PodExecOptions,
    },
    { name: 'log', verbs: ['get'], connect: 'log', schema: PodLogOptions },
    {
      name: 'portforward',
      group: '',
      version: 'v1',
      kind: 'PodPortForwardOptions',
      verbs: ['create', 'get'],
      connect: 'portforward',
      schema: PodPortForwardOptions,
    },
    {
      name: 'proxy',
      group: '',
      version: 'v1',
      kind: 'PodProxyOptions',
      verbs: ['create', 'delete', 'get', 'patch', 'update'],
      connect: 'proxy',
      schema: PodProxyOptions,
    },
    { name: 'resize', verbs: ['get', 'patch', 'update'], strategy: podResizeStrategy },
    statusSubresource(podStatusStrategy),
  ],
  strategy: podStrategy,
  columns: podColumns,
  selectableFields: podFields,
});

export const PodTemplates = resource({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  returnsDeleted: true,
  plural: 'podtemplates',
  namespaced: true,
  schema: PodTemplate,
  storageVersionHash: 'LIXB2x4IFpk=',
  strategy: podTemplateStrategy,
  columns: podTemplateColumns,
});

export const ReplicationControllers = resource({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  namespaced: true,
  schema: ReplicationController,
  shortNames: ['rc'],
  categories: ['all'],
  storageVersionHash: 'Jond2If31h0=',
  registryPath: 'controllers',
  subresources: [mapSelectorScale, statusSubresource()],
  strategy: replicationControllerStrategy,
  columns: replicationControllerColumns,
  selectableFields: replicationControllerFields,
});

export const ResourceQuotas = resource({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  returnsDeleted: true,
  plural: 'resourcequotas',
  namespaced: true,
  schema: ResourceQuota,
  shortNames: ['quota'],
  storageVersionHash: '8uhSgffRX6w=',
  subresources: [statusSubresource(resourceQuotaStatusStrategy)],
  strategy: resourceQuotaStrategy,
  columns: resourceQuotaColumns,
});

export const Secrets = resource({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  schema: Secret,
  storageVersionHash: 'S6u1pOWzb84=',
  strategy: secretStrategy,
  columns: secretColumns,
  selectableFields: secretFields,
});

export const ServiceAccounts = resource({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  returnsDeleted: true,
  plural: 'serviceaccounts',
  namespaced: true,
  schema: ServiceAccount,
  shortNames: ['sa'],
  storageVersionHash: 'pbx9ZvyFpBE=',
  subresources: [
    {
      name: 'token',
      group: 'authentication.k8s.io',
      version: 'v1',
      kind: 'TokenRequest',
      verbs: ['create'],
      action: 'token',
      schema: TokenRequest,
    },
  ],
  strategy: serviceAccountStrategy,
  columns: serviceAccountColumns,
});

export const Services = resource({
  group: '',
  version: 'v1',
  kind: 'Service',
  returnsDeleted: true,
  plural: 'services',
  namespaced: true,
  schema: Service,
  shortNames: ['svc'],
  categories: ['all'],
  storageVersionHash: '0/CO1lhkEBI=',
  registryPath: 'services/specs',
  subresources: [
    {
      name: 'proxy',
      group: '',
      version: 'v1',
      kind: 'ServiceProxyOptions',
      verbs: ['create', 'delete', 'get', 'patch', 'update'],
      connect: 'proxy',
      schema: ServiceProxyOptions,
    },
    statusSubresource(serviceStatusStrategy),
  ],
  strategy: serviceStrategy,
  columns: serviceColumns,
  selectableFields: serviceFields,
});
