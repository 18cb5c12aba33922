/** The resources of discovery.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { endpointSliceColumns } from './columns.ts';
import { endpointSliceStrategy } from './strategy/endpoint-slice.ts';
import { EndpointSlice } from './types.ts';

export const EndpointSlices = resource({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  schema: EndpointSlice,
  storageVersionHash: 'qgS0xkrxYAI=',
  strategy: endpointSliceStrategy,
  columns: endpointSliceColumns,
});
