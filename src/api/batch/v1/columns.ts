/** Printer columns of the batch kinds (upstream: pkg/printers/internalversion/printers.go). */
import { humanDuration, since } from '../../human-duration.ts';
import type { Column } from '../../resource-row.ts';
import { ageColumn, column, containerColumns, nameColumn, selectorText, wide } from '../../table-column.ts';
import type { CronJob, Job } from './types.ts';

/** In the order in which the first that is true names the job's state. */
const states: readonly (readonly [string, string])[] = [
  ['Complete', 'Complete'],
  ['Failed', 'Failed'],
  ['', 'Terminating'],
  ['Suspended', 'Suspended'],
  ['FailureTarget', 'FailureTarget'],
  ['SuccessCriteriaMet', 'SuccessCriteriaMet'],
];
function jobStatus(o: Job): string {
  for (const [condition, word] of states) {
    const met = condition
      ? o.status.conditions?.find((c) => c.type === condition)?.status === 'True'
      : !!o.metadata.deletionTimestamp;
    if (met) return word;
  }
  return 'Running';
}
function completions(o: Job): string {
  const done = o.status.succeeded ?? 0;
  if (o.spec.completions !== undefined) return `${done}/${o.spec.completions}`;
  const parallelism = o.spec.parallelism ?? 0;
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}
function jobDuration(o: Job, now: number): string {
  if (!o.status.startTime) return '';
  return humanDuration(
    (o.status.completionTime ? Date.parse(o.status.completionTime) : now) - Date.parse(o.status.startTime),
  );
}

export const jobColumns: readonly Column<Job>[] = [
  nameColumn,
  column('Status', jobStatus),
  column('Completions', completions),
  column('Duration', jobDuration),
  ageColumn,
  ...containerColumns<Job>((o) => o.spec.template.spec),
  wide('Selector', (o) => selectorText(o.spec.selector)),
];

export const cronJobColumns: readonly Column<CronJob>[] = [
  nameColumn,
  column('Schedule', (o) => o.spec.schedule),
  column('Timezone', (o) => o.spec.timeZone ?? '<none>'),
  column('Suspend', (o) => (o.spec.suspend === undefined ? '<unset>' : o.spec.suspend ? 'True' : 'False'), 'boolean'),
  column('Active', (o) => (o.status.active ?? []).length, 'integer'),
  column('Last Schedule', (o, now) => (o.status.lastScheduleTime ? since(o.status.lastScheduleTime, now) : '<none>')),
  ageColumn,
  ...containerColumns<CronJob>((o) => o.spec.jobTemplate.spec.template.spec),
  wide('Selector', (o) => selectorText(o.spec.jobTemplate.spec.selector)),
];
