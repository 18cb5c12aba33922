/**
 * The one list of API resources served by default, in discovery order, and the groups with their versions and priorities.
 * Generic code (handlers, discovery, OpenAPI, clients) reads this table; a kind is added by a row in its group's resources.ts.
 */
import type { AnyRow } from './resource-row.ts';
import * as coreV1 from './core/v1/resources.ts';
import * as apiregistrationV1 from './apiregistration/v1/resources.ts';
import * as appsV1 from './apps/v1/resources.ts';
import * as eventsV1 from './events/v1/resources.ts';
import * as authenticationV1 from './authentication/v1/resources.ts';
import * as authorizationV1 from './authorization/v1/resources.ts';
import * as autoscalingV2 from './autoscaling/v2/resources.ts';
import * as autoscalingV1 from './autoscaling/v1/resources.ts';
import * as batchV1 from './batch/v1/resources.ts';
import * as certificatesV1 from './certificates/v1/resources.ts';
import * as networkingV1 from './networking/v1/resources.ts';
import * as policyV1 from './policy/v1/resources.ts';
import * as rbacV1 from './rbac/v1/resources.ts';
import * as storageV1 from './storage/v1/resources.ts';
import * as admissionregistrationV1 from './admissionregistration/v1/resources.ts';
import * as apiextensionsV1 from './apiextensions/v1/resources.ts';
import * as schedulingV1 from './scheduling/v1/resources.ts';
import * as coordinationV1 from './coordination/v1/resources.ts';
import * as nodeV1 from './node/v1/resources.ts';
import * as discoveryV1 from './discovery/v1/resources.ts';
import * as resourceV1 from './resource/v1/resources.ts';
import * as flowcontrolV1 from './flowcontrol/v1/resources.ts';

export * from './core/v1/resources.ts';
export * from './apiregistration/v1/resources.ts';
export * from './apps/v1/resources.ts';
export * from './events/v1/resources.ts';
export * from './authentication/v1/resources.ts';
export * from './authorization/v1/resources.ts';
export * from './autoscaling/v2/resources.ts';
export * from './autoscaling/v1/resources.ts';
export * from './batch/v1/resources.ts';
export * from './certificates/v1/resources.ts';
export * from './networking/v1/resources.ts';
export * from './policy/v1/resources.ts';
export * from './rbac/v1/resources.ts';
export * from './storage/v1/resources.ts';
export * from './admissionregistration/v1/resources.ts';
export * from './apiextensions/v1/resources.ts';
export * from './scheduling/v1/resources.ts';
export * from './coordination/v1/resources.ts';
export * from './node/v1/resources.ts';
export * from './discovery/v1/resources.ts';
export * from './resource/v1/resources.ts';
export * from './flowcontrol/v1/resources.ts';

export interface GroupVersionPriority {
  readonly version: string;
  /** Of its APIService (higher first). */
  readonly versionPriority: number;
}
export interface ApiGroup {
  readonly name: string;
  readonly preferred: string;
  readonly versions: readonly GroupVersionPriority[];
  readonly groupPriorityMinimum: number;
}

/** In discovery order; the first is the legacy group under /api. */
export const groups: readonly ApiGroup[] = [
  { name: '', preferred: 'v1', groupPriorityMinimum: 18000, versions: [{ version: 'v1', versionPriority: 1 }] },
  {
    name: 'apiregistration.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 18000,
    versions: [{ version: 'v1', versionPriority: 1 }],
  },
  { name: 'apps', preferred: 'v1', groupPriorityMinimum: 17800, versions: [{ version: 'v1', versionPriority: 15 }] },
  {
    name: 'events.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 17750,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  {
    name: 'authentication.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 17700,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  {
    name: 'authorization.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 17600,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  {
    name: 'autoscaling',
    preferred: 'v2',
    groupPriorityMinimum: 17500,
    versions: [
      { version: 'v2', versionPriority: 30 },
      { version: 'v1', versionPriority: 15 },
    ],
  },
  { name: 'batch', preferred: 'v1', groupPriorityMinimum: 17400, versions: [{ version: 'v1', versionPriority: 15 }] },
  {
    name: 'certificates.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 17300,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  {
    name: 'networking.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 17200,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  { name: 'policy', preferred: 'v1', groupPriorityMinimum: 17100, versions: [{ version: 'v1', versionPriority: 15 }] },
  {
    name: 'rbac.authorization.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 17000,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  {
    name: 'storage.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 16800,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  {
    name: 'admissionregistration.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 16700,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  {
    name: 'apiextensions.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 16700,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  {
    name: 'scheduling.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 16600,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  {
    name: 'coordination.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 16500,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  {
    name: 'node.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 16300,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  {
    name: 'discovery.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 16200,
    versions: [{ version: 'v1', versionPriority: 15 }],
  },
  {
    name: 'resource.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 16200,
    versions: [{ version: 'v1', versionPriority: 21 }],
  },
  {
    name: 'flowcontrol.apiserver.k8s.io',
    preferred: 'v1',
    groupPriorityMinimum: 16100,
    versions: [{ version: 'v1', versionPriority: 21 }],
  },
];

/** Every row, in discovery order of the groups, versions by preference, rows by plural. */
export const resources: readonly AnyRow[] = [
  ...byPlural(coreV1),
  ...byPlural(apiregistrationV1),
  ...byPlural(appsV1),
  ...byPlural(eventsV1),
  ...byPlural(authenticationV1),
  ...byPlural(authorizationV1),
  ...byPlural(autoscalingV2),
  ...byPlural(autoscalingV1),
  ...byPlural(batchV1),
  ...byPlural(certificatesV1),
  ...byPlural(networkingV1),
  ...byPlural(policyV1),
  ...byPlural(rbacV1),
  ...byPlural(storageV1),
  ...byPlural(admissionregistrationV1),
  ...byPlural(apiextensionsV1),
  ...byPlural(schedulingV1),
  ...byPlural(coordinationV1),
  ...byPlural(nodeV1),
  ...byPlural(discoveryV1),
  ...byPlural(resourceV1),
  ...byPlural(flowcontrolV1),
];

function byPlural(rows: Readonly<Record<string, AnyRow>>): AnyRow[] {
  return Object.values(rows).sort((a, b) => (a.plural < b.plural ? -1 : 1));
}
