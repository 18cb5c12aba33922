/** How CronJobs are written (upstream: SetDefaults_CronJob, registry/batch/cronjob). */
import { required } from '../../../../schema/field-error.ts';
import { type Errors, notNegative, unsupported } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { CronJob } from '../types.ts';
import { validateJobSpec } from './job.ts';
import { defaultPodTemplateSpec } from '../../../core/v1/strategy/pod-spec-defaults.ts';

const policies = ['Allow', 'Forbid', 'Replace'];

export const cronJobStrategy: Strategy<CronJob> = {
  ...clearsStatus(CronJob),
  defaults: (c) => ({
    ...c,
    spec: {
      ...c.spec,
      concurrencyPolicy: c.spec.concurrencyPolicy || 'Allow',
      suspend: c.spec.suspend ?? false,
      successfulJobsHistoryLimit: c.spec.successfulJobsHistoryLimit ?? 3,
      failedJobsHistoryLimit: c.spec.failedJobsHistoryLimit ?? 1,
      jobTemplate: {
        ...c.spec.jobTemplate,
        spec: { ...c.spec.jobTemplate.spec, template: defaultPodTemplateSpec(c.spec.jobTemplate.spec.template) },
      },
    },
  }),
  validate: (c) => {
    const errs: Errors = [];
    const s = c.spec;
    if (!s.schedule) errs.push(required('spec.schedule'));
    for (const field of ['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'] as const)
      notNegative(s[field], `spec.${field}`, errs);
    const policy = s.concurrencyPolicy;
    if (!policy) errs.push(required('spec.concurrencyPolicy'));
    else if (!policies.includes(policy)) errs.push(unsupported('spec.concurrencyPolicy', policy, policies));
    validateJobSpec(s.jobTemplate.spec, 'spec.jobTemplate.spec', errs);
    return errs;
  },
};
