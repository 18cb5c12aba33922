/** The resources of apiregistration.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { clearsStatus, statusSubresource } from '../../status-part.ts';
import { apiServiceColumns } from './columns.ts';
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
  subresources: [statusSubresource()],
  strategy: clearsStatus(APIService),
  columns: apiServiceColumns,
});
