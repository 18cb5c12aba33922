/** Printer columns of events.k8s.io events: those of the core form. */
import { eventColumns as coreColumns } from '../../core/v1/columns.ts';
import type { Column } from '../../resource-row.ts';
import { toCoreEvent } from './strategy/event.ts';
import type { Event } from './types.ts';

export const eventColumns: readonly Column<Event>[] = coreColumns.map((c) => ({
  ...c,
  cell: (e, now) => c.cell(toCoreEvent(e), now),
}));
