/** Printer columns of the flow control kinds (upstream: pkg/printers/internalversion/printers.go). */
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, nameColumn } from '../../table-column.ts';
import type { FlowSchema, PriorityLevelConfiguration } from './types.ts';

export const flowSchemaColumns: readonly Column<FlowSchema>[] = [
  nameColumn,
  column('PriorityLevel', (o) => o.spec.priorityLevelConfiguration.name),
  column('MatchingPrecedence', (o) => o.spec.matchingPrecedence ?? 0),
  column('DistinguisherMethod', (o) => o.spec.distinguisherMethod?.type ?? '<none>'),
  ageColumn,
  column('MissingPL', (o) => o.status.conditions?.find((c) => c.type === 'Dangling')?.status ?? '?'),
];

const limited = (o: PriorityLevelConfiguration) => o.spec.limited;
const queuing = (o: PriorityLevelConfiguration) => o.spec.limited?.limitResponse.queuing;
export const priorityLevelConfigurationColumns: readonly Column<PriorityLevelConfiguration>[] = [
  nameColumn,
  column('Type', (o) => o.spec.type),
  column('NominalConcurrencyShares', (o) => limited(o)?.nominalConcurrencyShares ?? '<none>'),
  column('Queues', (o) => queuing(o)?.queues ?? '<none>'),
  column('HandSize', (o) => queuing(o)?.handSize ?? '<none>'),
  column('QueueLengthLimit', (o) => queuing(o)?.queueLengthLimit ?? '<none>'),
  ageColumn,
];
