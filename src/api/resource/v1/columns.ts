/** Printer columns of the dynamic resource kinds (upstream: pkg/printers/internalversion/printers.go). */
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, nameColumn } from '../../table-column.ts';
import type { DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice } from './types.ts';

export const deviceClassColumns: readonly Column<DeviceClass>[] = [nameColumn, ageColumn];
export const resourceClaimTemplateColumns: readonly Column<ResourceClaimTemplate>[] = [nameColumn, ageColumn];

function state(o: ResourceClaim): string {
  const words: string[] = [];
  if (o.metadata.deletionTimestamp) words.push('deleted');
  if (o.status.allocation) {
    words.push('allocated');
    if (o.status.reservedFor?.length) words.push('reserved');
  } else if (words.length === 0) words.push('pending');
  return words.join(',');
}
export const resourceClaimColumns: readonly Column<ResourceClaim>[] = [nameColumn, column('State', state), ageColumn];

export const resourceSliceColumns: readonly Column<ResourceSlice>[] = [
  nameColumn,
  column('Node', (o) => o.spec.nodeName ?? ''),
  column('Driver', (o) => o.spec.driver),
  column('Pool', (o) => o.spec.pool.name),
  ageColumn,
];
