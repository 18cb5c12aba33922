/** What field selectors may ask of jobs (upstream: registry/batch/job JobToSelectableFields). */
import type { Job } from './types.ts';

export const jobFields: Readonly<Record<string, (o: Job) => string>> = {
  'status.successful': (o) => String(o.status.succeeded ?? 0),
};
