/** io.k8s.api.node.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { field, type Infer, list, map, quantity, string, struct } from '../../../schema/dsl.ts';
import { Toleration } from '../../core/v1/types.ts';
import { ListMeta, ObjectMeta } from '../../meta/v1/types.ts';

export const Overhead = struct('io.k8s.api.node.v1.Overhead', {
  podFixed: map(1, quantity, { omitempty: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
});
export interface Overhead extends Infer<typeof Overhead> {}

export const Scheduling = struct('io.k8s.api.node.v1.Scheduling', {
  nodeSelector: map(1, string, { omitempty: true, mapType: 'atomic' }),
  tolerations: list(2, Toleration, { omitempty: true, listType: 'atomic' }),
});
export interface Scheduling extends Infer<typeof Scheduling> {}

export const RuntimeClass = struct(
  'io.k8s.api.node.v1.RuntimeClass',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    handler: field(2, string, {
      required: true,
      v: ['@alpha format="k8s-short-name"', '@alpha immutable', '@alpha required'],
    }),
    overhead: field(3, Overhead, { omitempty: true, ptr: true }),
    scheduling: field(4, Scheduling, { omitempty: true, ptr: true }),
  },
  { gvk: { group: 'node.k8s.io', version: 'v1', kind: 'RuntimeClass' }, typeMeta: true },
);
export interface RuntimeClass extends Infer<typeof RuntimeClass> {}

export const RuntimeClassList = struct(
  'io.k8s.api.node.v1.RuntimeClassList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, RuntimeClass, { required: true }),
  },
  { gvk: { group: 'node.k8s.io', version: 'v1', kind: 'RuntimeClassList' }, typeMeta: true },
);
export interface RuntimeClassList extends Infer<typeof RuntimeClassList> {}
