/** The resources of batch/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { statusSubresource } from '../../status-part.ts';
import { cronJobColumns, jobColumns } from './columns.ts';
import { jobFields } from './fields.ts';
import { cronJobStrategy } from './strategy/cron-job.ts';
import { jobStrategy } from './strategy/job.ts';
import { CronJob, Job } from './types.ts';

export const CronJobs = resource({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  namespaced: true,
  schema: CronJob,
  shortNames: ['cj'],
  categories: ['all'],
  storageVersionHash: 'sd5LIXh4Fjs=',
  subresources: [statusSubresource()],
  strategy: cronJobStrategy,
  columns: cronJobColumns,
});

export const Jobs = resource({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  namespaced: true,
  schema: Job,
  categories: ['all'],
  storageVersionHash: 'mudhfqk/qZY=',
  subresources: [statusSubresource()],
  strategy: jobStrategy,
  columns: jobColumns,
  selectableFields: jobFields,
});
