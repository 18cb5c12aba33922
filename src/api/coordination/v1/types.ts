/** io.k8s.api.coordination.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { field, type Infer, int32, list, microTime, string, struct } from '../../../schema/dsl.ts';
import { ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const LeaseSpec = struct('io.k8s.api.coordination.v1.LeaseSpec', {
  holderIdentity: field(1, string, { omitempty: true, ptr: true }),
  leaseDurationSeconds: field(2, int32, { omitempty: true, ptr: true, format: 'int32' }),
  acquireTime: field(3, microTime, { omitempty: true, ptr: true }),
  renewTime: field(4, microTime, { omitempty: true, ptr: true }),
  leaseTransitions: field(5, int32, { omitempty: true, ptr: true, format: 'int32' }),
  strategy: field(6, string, {
    omitempty: true,
    ptr: true,
    enum: enums.CoordinatedLeaseStrategy,
    featureGates: ['CoordinatedLeaderElection'],
  }),
  preferredHolder: field(7, string, { omitempty: true, ptr: true, featureGates: ['CoordinatedLeaderElection'] }),
});
export interface LeaseSpec extends Infer<typeof LeaseSpec> {}

export const Lease = struct(
  'io.k8s.api.coordination.v1.Lease',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, LeaseSpec, { omitempty: true }),
  },
  { gvk: { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' }, typeMeta: true },
);
export interface Lease extends Infer<typeof Lease> {}

export const LeaseList = struct(
  'io.k8s.api.coordination.v1.LeaseList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Lease, { required: true }),
  },
  { gvk: { group: 'coordination.k8s.io', version: 'v1', kind: 'LeaseList' }, typeMeta: true },
);
export interface LeaseList extends Infer<typeof LeaseList> {}
