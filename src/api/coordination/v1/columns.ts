/** Printer columns of the coordination kinds (upstream: pkg/printers/internalversion/printers.go). */
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, nameColumn } from '../../table-column.ts';
import type { Lease } from './types.ts';

export const leaseColumns: readonly Column<Lease>[] = [
  nameColumn,
  column('Holder', (o) => o.spec.holderIdentity ?? ''),
  ageColumn,
];
