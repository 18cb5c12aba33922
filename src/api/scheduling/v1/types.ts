/** io.k8s.api.scheduling.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { bool, field, type Infer, int32, list, string, struct } from '../../../schema/dsl.ts';
import { ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const PriorityClass = struct(
  'io.k8s.api.scheduling.v1.PriorityClass',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    value: field(2, int32, { format: 'int32' }),
    globalDefault: field(3, bool, { omitempty: true }),
    description: field(4, string, { omitempty: true }),
    preemptionPolicy: field(5, string, { omitempty: true, ptr: true, enum: enums.PreemptionPolicy_core_v1 }),
  },
  { gvk: { group: 'scheduling.k8s.io', version: 'v1', kind: 'PriorityClass' }, typeMeta: true },
);
export interface PriorityClass extends Infer<typeof PriorityClass> {}

export const PriorityClassList = struct(
  'io.k8s.api.scheduling.v1.PriorityClassList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, PriorityClass, { required: true }),
  },
  { gvk: { group: 'scheduling.k8s.io', version: 'v1', kind: 'PriorityClassList' }, typeMeta: true },
);
export interface PriorityClassList extends Infer<typeof PriorityClassList> {}
