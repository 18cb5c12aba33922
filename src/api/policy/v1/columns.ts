/** Printer columns of the policy kinds (upstream: pkg/printers/internalversion/printers.go). */
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, nameColumn } from '../../table-column.ts';
import type { PodDisruptionBudget } from './types.ts';

export const podDisruptionBudgetColumns: readonly Column<PodDisruptionBudget>[] = [
  nameColumn,
  column('Min Available', (o) => String(o.spec.minAvailable ?? 'N/A')),
  column('Max Unavailable', (o) => String(o.spec.maxUnavailable ?? 'N/A')),
  column('Allowed Disruptions', (o) => o.status.disruptionsAllowed ?? 0, 'integer'),
  ageColumn,
];
