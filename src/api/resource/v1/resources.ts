/** The resources of resource.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { statusSubresource } from '../../status-part.ts';
import {
  deviceClassColumns,
  resourceClaimColumns,
  resourceClaimTemplateColumns,
  resourceSliceColumns,
} from './columns.ts';
import { resourceSliceFields } from './fields.ts';
import { resourceClaimTemplateStrategy } from './strategy/resource-claim-template.ts';
import { resourceClaimStrategy } from './strategy/resource-claim.ts';
import { DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice } from './types.ts';

export const DeviceClasses = resource({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'DeviceClass',
  returnsDeleted: true,
  plural: 'deviceclasses',
  namespaced: false,
  schema: DeviceClass,
  storageVersionHash: 'Yk2PTc1Ybxk=',
  columns: deviceClassColumns,
});

export const ResourceClaims = resource({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaim',
  returnsDeleted: true,
  plural: 'resourceclaims',
  namespaced: true,
  schema: ResourceClaim,
  storageVersionHash: 'wgAZaHcZxUg=',
  subresources: [statusSubresource()],
  strategy: resourceClaimStrategy,
  columns: resourceClaimColumns,
});

export const ResourceClaimTemplates = resource({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaimTemplate',
  returnsDeleted: true,
  plural: 'resourceclaimtemplates',
  namespaced: true,
  schema: ResourceClaimTemplate,
  storageVersionHash: 'TuzjC49aUfM=',
  strategy: resourceClaimTemplateStrategy,
  columns: resourceClaimTemplateColumns,
});

export const ResourceSlices = resource({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceSlice',
  returnsDeleted: true,
  plural: 'resourceslices',
  namespaced: false,
  schema: ResourceSlice,
  storageVersionHash: 'KsC072WgaEY=',
  columns: resourceSliceColumns,
  selectableFields: resourceSliceFields,
});
