/** Printer columns of APIService (upstream: kube-aggregator/pkg/registry/apiservice/etcd/etcd.go). */
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, nameColumn } from '../../table-column.ts';
import type { APIService } from './types.ts';

export const apiServiceColumns: readonly Column<APIService>[] = [
  nameColumn,
  column('Service', (o) =>
    o.spec.service ? `${o.spec.service.namespace ?? ''}/${o.spec.service.name ?? ''}` : 'Local',
  ),
  column('Available', (o) => {
    const c = o.status.conditions?.find((x) => x.type === 'Available');
    if (!c) return 'Unknown';
    return c.status !== 'True' && c.reason ? `${c.status} (${c.reason})` : c.status;
  }),
  ageColumn,
];
