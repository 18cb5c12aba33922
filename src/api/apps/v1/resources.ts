/** The resources of apps/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { labelSelectorScale } from '../../scale.ts';
import { statusSubresource } from '../../status-part.ts';
import {
  controllerRevisionColumns,
  daemonSetColumns,
  deploymentColumns,
  replicaSetColumns,
  statefulSetColumns,
} from './columns.ts';
import { controllerRevisionStrategy } from './strategy/controller-revision.ts';
import { daemonSetStrategy } from './strategy/daemon-set.ts';
import { deploymentStatusStrategy, deploymentStrategy } from './strategy/deployment.ts';
import { replicaSetStatusStrategy, replicaSetStrategy } from './strategy/replica-set.ts';
import { statefulSetStatusStrategy, statefulSetStrategy } from './strategy/stateful-set.ts';
import { ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet } from './types.ts';

export const ControllerRevisions = resource({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  namespaced: true,
  schema: ControllerRevision,
  storageVersionHash: '85nkx63pcBU=',
  strategy: controllerRevisionStrategy,
  columns: controllerRevisionColumns,
});

export const DaemonSets = resource({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  namespaced: true,
  schema: DaemonSet,
  shortNames: ['ds'],
  categories: ['all'],
  storageVersionHash: 'dd7pWHUlMKQ=',
  subresources: [statusSubresource()],
  strategy: daemonSetStrategy,
  columns: daemonSetColumns,
});

export const Deployments = resource({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
  schema: Deployment,
  shortNames: ['deploy'],
  categories: ['all'],
  storageVersionHash: '8aSe+NMegvE=',
  subresources: [labelSelectorScale, statusSubresource(deploymentStatusStrategy)],
  strategy: deploymentStrategy,
  columns: deploymentColumns,
});

export const ReplicaSets = resource({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  namespaced: true,
  schema: ReplicaSet,
  shortNames: ['rs'],
  categories: ['all'],
  storageVersionHash: 'P1RzHs8/mWQ=',
  subresources: [labelSelectorScale, statusSubresource(replicaSetStatusStrategy)],
  strategy: replicaSetStrategy,
  columns: replicaSetColumns,
});

export const StatefulSets = resource({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  namespaced: true,
  schema: StatefulSet,
  shortNames: ['sts'],
  categories: ['all'],
  storageVersionHash: 'H+vl74LkKdo=',
  subresources: [labelSelectorScale, statusSubresource(statefulSetStatusStrategy)],
  strategy: statefulSetStrategy,
  columns: statefulSetColumns,
});
