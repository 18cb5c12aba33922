/** The resources of batch/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { clearsStatus, statusSubresource } from '../../status-part.ts';
import { cronJobColumns, jobColumns } from './columns.ts';
import { jobFields } from './fields.ts';
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
  strategy: clearsStatus(CronJob),
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
  strategy: clearsStatus(Job),
  columns: jobColumns,
  selectableFields: jobFields,
});
