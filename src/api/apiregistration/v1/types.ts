/** io.k8s.kube-aggregator.pkg.apis.apiregistration.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { bool, bytes, field, type Infer, int32, list, string, struct, time } from '../../../schema/dsl.ts';
import { ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const ServiceReference = struct('io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference', {
  namespace: field(1, string, { omitempty: true }),
  name: field(2, string, { omitempty: true }),
  port: field(3, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface ServiceReference extends Infer<typeof ServiceReference> {}

export const APIServiceSpec = struct('io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec', {
  service: field(1, ServiceReference, { omitempty: true, ptr: true }),
  group: field(2, string, { omitempty: true }),
  version: field(3, string, { omitempty: true }),
  insecureSkipTLSVerify: field(4, bool, { omitempty: true }),
  caBundle: field(5, bytes, { omitempty: true, format: 'byte', listType: 'atomic' }),
  groupPriorityMinimum: field(7, int32, { required: true, format: 'int32' }),
  versionPriority: field(8, int32, { required: true, format: 'int32' }),
});
export interface APIServiceSpec extends Infer<typeof APIServiceSpec> {}

export const APIServiceCondition = struct('io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceCondition', {
  type: field(1, string, { required: true, enum: enums.APIServiceConditionType }),
  status: field(2, string, { required: true, enum: enums.ConditionStatus }),
  lastTransitionTime: field(3, time, { omitempty: true }),
  reason: field(4, string, { omitempty: true }),
  message: field(5, string, { omitempty: true }),
});
export interface APIServiceCondition extends Infer<typeof APIServiceCondition> {}

export const APIServiceStatus = struct('io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus', {
  conditions: list(1, APIServiceCondition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
});
export interface APIServiceStatus extends Infer<typeof APIServiceStatus> {}

export const APIService = struct(
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, APIServiceSpec, { omitempty: true }),
    status: field(3, APIServiceStatus, { omitempty: true }),
  },
  { gvk: { group: 'apiregistration.k8s.io', version: 'v1', kind: 'APIService' }, typeMeta: true },
);
export interface APIService extends Infer<typeof APIService> {}

export const APIServiceList = struct(
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, APIService, { required: true }),
  },
  { gvk: { group: 'apiregistration.k8s.io', version: 'v1', kind: 'APIServiceList' }, typeMeta: true },
);
export interface APIServiceList extends Infer<typeof APIServiceList> {}
