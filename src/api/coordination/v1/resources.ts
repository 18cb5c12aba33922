/** The resources of coordination.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { leaseColumns } from './columns.ts';
import { leaseStrategy } from './strategy/lease.ts';
import { Lease } from './types.ts';

export const Leases = resource({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  schema: Lease,
  storageVersionHash: 'gqkMMb/YqFM=',
  strategy: leaseStrategy,
  columns: leaseColumns,
});
