/** Printer columns of the scheduling kinds (upstream: pkg/printers/internalversion/printers.go). */
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, nameColumn } from '../../table-column.ts';
import type { PriorityClass } from './types.ts';

export const priorityClassColumns: readonly Column<PriorityClass>[] = [
  nameColumn,
  column('Value', (o) => o.value ?? 0, 'integer'),
  column('Global-Default', (o) => o.globalDefault ?? false, 'boolean'),
  ageColumn,
  column('PreemptionPolicy', (o) => o.preemptionPolicy ?? ''),
];
