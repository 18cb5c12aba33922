/** io.k8s.api.policy.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { field, type Infer, int32, int64, intOrString, list, map, string, struct, time } from '../../../schema/dsl.ts';
import { Condition, DeleteOptions, LabelSelector, ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const Eviction = struct(
  'io.k8s.api.policy.v1.Eviction',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    deleteOptions: field(2, DeleteOptions, { omitempty: true, ptr: true }),
  },
  { gvk: { group: 'policy', version: 'v1', kind: 'Eviction' }, typeMeta: true },
);
export interface Eviction extends Infer<typeof Eviction> {}

export const PodDisruptionBudgetSpec = struct('io.k8s.api.policy.v1.PodDisruptionBudgetSpec', {
  minAvailable: field(1, intOrString, { omitempty: true, ptr: true }),
  selector: field(2, LabelSelector, { omitempty: true, ptr: true, patchStrategy: 'replace' }),
  maxUnavailable: field(3, intOrString, { omitempty: true, ptr: true }),
  unhealthyPodEvictionPolicy: field(4, string, {
    omitempty: true,
    ptr: true,
    enum: enums.UnhealthyPodEvictionPolicyType,
  }),
});
export interface PodDisruptionBudgetSpec extends Infer<typeof PodDisruptionBudgetSpec> {}

export const PodDisruptionBudgetStatus = struct('io.k8s.api.policy.v1.PodDisruptionBudgetStatus', {
  observedGeneration: field(1, int64, { omitempty: true, format: 'int64' }),
  disruptedPods: map(2, time, { omitempty: true }),
  disruptionsAllowed: field(3, int32, { format: 'int32' }),
  currentHealthy: field(4, int32, { format: 'int32' }),
  desiredHealthy: field(5, int32, { format: 'int32' }),
  expectedPods: field(6, int32, { format: 'int32' }),
  conditions: list(7, Condition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
});
export interface PodDisruptionBudgetStatus extends Infer<typeof PodDisruptionBudgetStatus> {}

export const PodDisruptionBudget = struct(
  'io.k8s.api.policy.v1.PodDisruptionBudget',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, PodDisruptionBudgetSpec, { omitempty: true }),
    status: field(3, PodDisruptionBudgetStatus, { omitempty: true }),
  },
  { gvk: { group: 'policy', version: 'v1', kind: 'PodDisruptionBudget' }, typeMeta: true },
);
export interface PodDisruptionBudget extends Infer<typeof PodDisruptionBudget> {}

export const PodDisruptionBudgetList = struct(
  'io.k8s.api.policy.v1.PodDisruptionBudgetList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, PodDisruptionBudget, { required: true }),
  },
  { gvk: { group: 'policy', version: 'v1', kind: 'PodDisruptionBudgetList' }, typeMeta: true },
);
export interface PodDisruptionBudgetList extends Infer<typeof PodDisruptionBudgetList> {}
