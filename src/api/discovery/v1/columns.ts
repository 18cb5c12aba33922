/** Printer columns of the discovery kinds (upstream: pkg/printers/internalversion/printers.go). */
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, listWithMore, nameColumn } from '../../table-column.ts';
import type { EndpointSlice } from './types.ts';

export const endpointSliceColumns: readonly Column<EndpointSlice>[] = [
  nameColumn,
  column('AddressType', (o) => o.addressType),
  column('Ports', (o) =>
    listWithMore(
      (o.ports ?? []).map((p) => (p.port !== undefined ? String(p.port) : (p.name ?? '*'))),
      3,
    ),
  ),
  column('Endpoints', (o) =>
    listWithMore(
      (o.endpoints ?? []).flatMap((e) => e.addresses ?? []),
      3,
    ),
  ),
  ageColumn,
];
