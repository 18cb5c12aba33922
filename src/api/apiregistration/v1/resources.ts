/** The resources of apiregistration.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { statusSubresource } from '../../status-part.ts';
import { apiServiceColumns } from './columns.ts';
import { apiServiceStatusStrategy, apiServiceStrategy } from './strategy/api-service.ts';
import { APIService } from './types.ts';

export const APIServices = resource({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  namespaced: false,
  schema: APIService,
  categories: ['api-extensions'],
  storageVersionHash: 'InPBPD7+PqM=',
  registryPath: 'apiregistration.k8s.io/apiservices',
  subresources: [statusSubresource(apiServiceStatusStrategy)],
  strategy: apiServiceStrategy,
  columns: apiServiceColumns,
});
