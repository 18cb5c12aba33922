/** io.k8s.api.batch.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { bool, field, type Infer, int32, int64, list, string, struct, time } from '../../../schema/dsl.ts';
import { ObjectReference, PodTemplateSpec } from '../../core/v1/types.ts';
import { LabelSelector, ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const PodFailurePolicyOnExitCodesRequirement = struct(
  'io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement',
  {
    containerName: field(1, string, { omitempty: true, ptr: true }),
    operator: field(2, string, { required: true, enum: enums.PodFailurePolicyOnExitCodesOperator }),
    values: list(3, int32, { required: true, format: 'int32', listType: 'set' }),
  },
);
export interface PodFailurePolicyOnExitCodesRequirement extends Infer<typeof PodFailurePolicyOnExitCodesRequirement> {}

export const PodFailurePolicyOnPodConditionsPattern = struct(
  'io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern',
  {
    type: field(1, string, { required: true, enum: enums.PodConditionType_core_v1 }),
    status: field(2, string, { enum: enums.ConditionStatus_core_v1 }),
  },
);
export interface PodFailurePolicyOnPodConditionsPattern extends Infer<typeof PodFailurePolicyOnPodConditionsPattern> {}

export const PodFailurePolicyRule = struct('io.k8s.api.batch.v1.PodFailurePolicyRule', {
  action: field(1, string, { required: true, enum: enums.PodFailurePolicyAction }),
  onExitCodes: field(2, PodFailurePolicyOnExitCodesRequirement, { omitempty: true, ptr: true }),
  onPodConditions: list(3, PodFailurePolicyOnPodConditionsPattern, { omitempty: true, listType: 'atomic' }),
});
export interface PodFailurePolicyRule extends Infer<typeof PodFailurePolicyRule> {}

export const PodFailurePolicy = struct('io.k8s.api.batch.v1.PodFailurePolicy', {
  rules: list(1, PodFailurePolicyRule, { required: true, listType: 'atomic' }),
});
export interface PodFailurePolicy extends Infer<typeof PodFailurePolicy> {}

export const SuccessPolicyRule = struct('io.k8s.api.batch.v1.SuccessPolicyRule', {
  succeededIndexes: field(1, string, { omitempty: true, ptr: true }),
  succeededCount: field(2, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface SuccessPolicyRule extends Infer<typeof SuccessPolicyRule> {}

export const SuccessPolicy = struct('io.k8s.api.batch.v1.SuccessPolicy', {
  rules: list(1, SuccessPolicyRule, { required: true, listType: 'atomic' }),
});
export interface SuccessPolicy extends Infer<typeof SuccessPolicy> {}

export const JobSpec = struct('io.k8s.api.batch.v1.JobSpec', {
  parallelism: field(1, int32, { omitempty: true, ptr: true, format: 'int32' }),
  completions: field(2, int32, { omitempty: true, ptr: true, format: 'int32' }),
  activeDeadlineSeconds: field(3, int64, { omitempty: true, ptr: true, format: 'int64' }),
  podFailurePolicy: field(11, PodFailurePolicy, { omitempty: true, ptr: true }),
  successPolicy: field(16, SuccessPolicy, { omitempty: true, ptr: true }),
  backoffLimit: field(7, int32, { omitempty: true, ptr: true, format: 'int32' }),
  backoffLimitPerIndex: field(12, int32, { omitempty: true, ptr: true, format: 'int32' }),
  maxFailedIndexes: field(13, int32, { omitempty: true, ptr: true, format: 'int32' }),
  selector: field(4, LabelSelector, { omitempty: true, ptr: true }),
  manualSelector: field(5, bool, { omitempty: true, ptr: true }),
  template: field(6, PodTemplateSpec, { required: true }),
  ttlSecondsAfterFinished: field(8, int32, { omitempty: true, ptr: true, format: 'int32' }),
  completionMode: field(9, string, { omitempty: true, ptr: true, enum: enums.CompletionMode }),
  suspend: field(10, bool, { omitempty: true, ptr: true }),
  podReplacementPolicy: field(14, string, { omitempty: true, ptr: true, enum: enums.PodReplacementPolicy }),
  managedBy: field(15, string, { omitempty: true, ptr: true }),
});
export interface JobSpec extends Infer<typeof JobSpec> {}

export const JobTemplateSpec = struct('io.k8s.api.batch.v1.JobTemplateSpec', {
  metadata: field(1, ObjectMeta, { omitempty: true }),
  spec: field(2, JobSpec, { omitempty: true }),
});
export interface JobTemplateSpec extends Infer<typeof JobTemplateSpec> {}

export const CronJobSpec = struct('io.k8s.api.batch.v1.CronJobSpec', {
  schedule: field(1, string, { required: true, v: ['@alpha required'] }),
  timeZone: field(8, string, { omitempty: true, ptr: true }),
  startingDeadlineSeconds: field(2, int64, { omitempty: true, ptr: true, format: 'int64' }),
  concurrencyPolicy: field(3, string, { omitempty: true, enum: enums.ConcurrencyPolicy }),
  suspend: field(4, bool, { omitempty: true, ptr: true }),
  jobTemplate: field(5, JobTemplateSpec, { required: true }),
  successfulJobsHistoryLimit: field(6, int32, { omitempty: true, ptr: true, format: 'int32' }),
  failedJobsHistoryLimit: field(7, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface CronJobSpec extends Infer<typeof CronJobSpec> {}

export const CronJobStatus = struct('io.k8s.api.batch.v1.CronJobStatus', {
  active: list(1, ObjectReference, { omitempty: true, listType: 'atomic' }),
  lastScheduleTime: field(4, time, { omitempty: true, ptr: true }),
  lastSuccessfulTime: field(5, time, { omitempty: true, ptr: true }),
});
export interface CronJobStatus extends Infer<typeof CronJobStatus> {}

export const CronJob = struct(
  'io.k8s.api.batch.v1.CronJob',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, CronJobSpec, { required: true, omitempty: true }),
    status: field(3, CronJobStatus, { omitempty: true }),
  },
  { gvk: { group: 'batch', version: 'v1', kind: 'CronJob' }, typeMeta: true },
);
export interface CronJob extends Infer<typeof CronJob> {}

export const CronJobList = struct(
  'io.k8s.api.batch.v1.CronJobList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, CronJob, { required: true }),
  },
  { gvk: { group: 'batch', version: 'v1', kind: 'CronJobList' }, typeMeta: true },
);
export interface CronJobList extends Infer<typeof CronJobList> {}

export const JobCondition = struct('io.k8s.api.batch.v1.JobCondition', {
  type: field(1, string, { required: true, enum: enums.JobConditionType }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus_core_v1 }),
  lastProbeTime: field(3, time, { omitempty: true }),
  lastTransitionTime: field(4, time, { omitempty: true }),
  reason: field(5, string, { omitempty: true }),
  message: field(6, string, { omitempty: true }),
});
export interface JobCondition extends Infer<typeof JobCondition> {}

export const UncountedTerminatedPods = struct('io.k8s.api.batch.v1.UncountedTerminatedPods', {
  succeeded: list(1, string, { omitempty: true, alias: 'io.k8s.apimachinery.pkg.types.UID', listType: 'set' }),
  failed: list(2, string, { omitempty: true, alias: 'io.k8s.apimachinery.pkg.types.UID', listType: 'set' }),
});
export interface UncountedTerminatedPods extends Infer<typeof UncountedTerminatedPods> {}

export const JobStatus = struct('io.k8s.api.batch.v1.JobStatus', {
  conditions: list(1, JobCondition, {
    omitempty: true,
    listType: 'atomic',
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
  startTime: field(2, time, { omitempty: true, ptr: true }),
  completionTime: field(3, time, { omitempty: true, ptr: true }),
  active: field(4, int32, { omitempty: true, format: 'int32' }),
  succeeded: field(5, int32, { omitempty: true, format: 'int32' }),
  failed: field(6, int32, { omitempty: true, format: 'int32' }),
  terminating: field(11, int32, { omitempty: true, ptr: true, format: 'int32' }),
  completedIndexes: field(7, string, { omitempty: true }),
  failedIndexes: field(10, string, { omitempty: true, ptr: true }),
  uncountedTerminatedPods: field(8, UncountedTerminatedPods, { omitempty: true, ptr: true }),
  ready: field(9, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface JobStatus extends Infer<typeof JobStatus> {}

export const Job = struct(
  'io.k8s.api.batch.v1.Job',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, JobSpec, { omitempty: true }),
    status: field(3, JobStatus, { omitempty: true }),
  },
  { gvk: { group: 'batch', version: 'v1', kind: 'Job' }, typeMeta: true },
);
export interface Job extends Infer<typeof Job> {}

export const JobList = struct(
  'io.k8s.api.batch.v1.JobList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Job, { required: true }),
  },
  { gvk: { group: 'batch', version: 'v1', kind: 'JobList' }, typeMeta: true },
);
export interface JobList extends Infer<typeof JobList> {}
