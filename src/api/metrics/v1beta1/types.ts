/** io.k8s.metrics.pkg.apis.metrics.v1beta1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { duration, field, type Infer, list, map, quantity, string, struct, time } from '../../../schema/dsl.ts';
import { ListMeta, ObjectMeta } from '../../meta/v1/types.ts';

export const ContainerMetrics = struct('io.k8s.metrics.pkg.apis.metrics.v1beta1.ContainerMetrics', {
  name: field(1, string, { required: true }),
  usage: map(2, quantity, { required: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
});
export interface ContainerMetrics extends Infer<typeof ContainerMetrics> {}

export const NodeMetrics = struct(
  'io.k8s.metrics.pkg.apis.metrics.v1beta1.NodeMetrics',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    timestamp: field(2, time, { required: true }),
    window: field(3, duration, { required: true }),
    usage: map(4, quantity, { required: true, alias: 'io.k8s.api.core.v1.ResourceList' }),
  },
  { gvk: { group: 'metrics.k8s.io', version: 'v1beta1', kind: 'NodeMetrics' }, typeMeta: true },
);
export interface NodeMetrics extends Infer<typeof NodeMetrics> {}

export const NodeMetricsList = struct(
  'io.k8s.metrics.pkg.apis.metrics.v1beta1.NodeMetricsList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, NodeMetrics, { required: true }),
  },
  { gvk: { group: 'metrics.k8s.io', version: 'v1beta1', kind: 'NodeMetricsList' }, typeMeta: true },
);
export interface NodeMetricsList extends Infer<typeof NodeMetricsList> {}

export const PodMetrics = struct(
  'io.k8s.metrics.pkg.apis.metrics.v1beta1.PodMetrics',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    timestamp: field(2, time, { required: true }),
    window: field(3, duration, { required: true }),
    containers: list(4, ContainerMetrics, { required: true, listType: 'atomic' }),
  },
  { gvk: { group: 'metrics.k8s.io', version: 'v1beta1', kind: 'PodMetrics' }, typeMeta: true },
);
export interface PodMetrics extends Infer<typeof PodMetrics> {}

export const PodMetricsList = struct(
  'io.k8s.metrics.pkg.apis.metrics.v1beta1.PodMetricsList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, PodMetrics, { required: true }),
  },
  { gvk: { group: 'metrics.k8s.io', version: 'v1beta1', kind: 'PodMetricsList' }, typeMeta: true },
);
export interface PodMetricsList extends Infer<typeof PodMetricsList> {}
