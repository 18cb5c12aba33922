/** How Jobs are written: the selector and the labels it needs are the server's business unless manualSelector says otherwise (upstream: SetDefaults_Job, registry/batch/job). */
import { type FieldError, forbiddenField, invalidValue, required } from '../../../../schema/field-error.ts';
import { defaultPodTemplateSpec } from '../../../core/v1/strategy/pod-spec-defaults.ts';
import { validatePodTemplateSpec } from '../../../core/v1/validation/pod-spec.ts';
import {
  type Errors,
  notNegative,
  selectorMatches,
  unsupported,
  validateImmutable,
} from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { Job, type JobSpec } from '../types.ts';

export function defaultJobSpec(s: JobSpec): JobSpec {
  const single = s.completions === undefined && s.parallelism === undefined;
  const policy = s.podFailurePolicy;
  return {
    ...s,
    ...(single && { completions: 1 }),
    parallelism: s.parallelism ?? 1,
    backoffLimit: s.backoffLimit ?? (s.backoffLimitPerIndex === undefined ? 6 : 2147483647),
    completionMode: s.completionMode ?? 'NonIndexed',
    suspend: s.suspend ?? false,
    podReplacementPolicy: s.podReplacementPolicy ?? (policy ? 'Failed' : 'TerminatingOrFailed'),
    manualSelector: s.manualSelector ?? false,
    ...(policy && {
      podFailurePolicy: {
        ...policy,
        rules: policy.rules.map((r) =>
          r.onPodConditions
            ? { ...r, onPodConditions: r.onPodConditions.map((c) => ({ ...c, status: c.status || 'True' })) }
            : r,
        ),
      },
    }),
    template: defaultPodTemplateSpec(s.template),
  };
}

function defaults(j: Job): Job {
  const labels = j.spec.template.metadata?.labels;
  const unlabelled = Object.keys(j.metadata.labels ?? {}).length === 0;
  return {
    ...j,
    ...(unlabelled && labels && { metadata: { ...j.metadata, labels } }),
    spec: defaultJobSpec(j.spec),
  };
}

const { prepareForCreate, prepareForUpdate } = clearsStatus(Job);

/** Pods are tied to the job by its uid (upstream: generateSelector). */
function withSelector(j: Job): Job {
  const s = j.spec;
  const { name = '', uid = '' } = j.metadata;
  const labels = {
    'job-name': name,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'batch.kubernetes.io/controller-uid': uid,
    ...s.template.metadata?.labels,
  };
  return {
    ...j,
    spec: {
      ...s,
      template: { ...s.template, metadata: { ...s.template.metadata, labels } },
      selector: {
        ...s.selector,
        matchLabels: { 'batch.kubernetes.io/controller-uid': uid, ...s.selector?.matchLabels },
      },
    },
  };
}

/** What a job's spec must satisfy; the selector only when it is one of a job and not of a template. */
export function validateJobSpec(s: JobSpec, path: string, errs: Errors): void {
  for (const field of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'backoffLimitPerIndex',
    'ttlSecondsAfterFinished',
  ] as const)
    notNegative(s[field], `${path}.${field}`, errs);
  const mode = s.completionMode;
  if (mode !== undefined && mode !== 'NonIndexed' && mode !== 'Indexed')
    errs.push(unsupported(`${path}.completionMode`, mode, ['Indexed', 'NonIndexed']));
  if (mode === 'Indexed' && s.completions === undefined)
    errs.push(required(`${path}.completions`, 'when completion mode is Indexed'));
  validatePodTemplateSpec(s.template, `${path}.template`, errs);
  const policy = s.template.spec.restartPolicy;
  if (policy === 'Always')
    errs.push(unsupported(`${path}.template.spec.restartPolicy`, policy, ['OnFailure', 'Never']));
}

function validate(j: Job): readonly FieldError[] {
  const errs: Errors = [];
  const s = j.spec;
  if (!s.selector) errs.push(required('spec.selector'));
  else if (!selectorMatches(s.selector, s.template.metadata?.labels))
    errs.push(
      invalidValue(
        'spec.template.metadata.labels',
        s.template.metadata?.labels,
        '`selector` does not match template `labels`',
      ),
    );
  validateJobSpec(s, 'spec', errs);
  return errs;
}

export const jobStrategy: Strategy<Job> = {
  prepareForUpdate,
  prepareForCreate: (j, ctx) => prepareForCreate(j.spec.manualSelector ? j : withSelector(j), ctx),
  defaults,
  validate,
  validateUpdate: (j, old) => {
    const errs: Errors = [];
    for (const field of ['selector', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex'] as const)
      validateImmutable(j.spec[field], old.spec[field], `spec.${field}`, errs);
    if (j.spec.completionMode !== 'Indexed')
      validateImmutable(j.spec.completions, old.spec.completions, 'spec.completions', errs);
    if (!old.spec.suspend) validateImmutable(j.spec.template, old.spec.template, 'spec.template', errs);
    if (j.spec.managedBy !== old.spec.managedBy) errs.push(forbiddenField('spec.managedBy', 'field is immutable'));
    return errs;
  },
  // Pods outlived their jobs before garbage collection did; clients of v1 still expect it.
  defaultPropagation: 'Orphan',
};
