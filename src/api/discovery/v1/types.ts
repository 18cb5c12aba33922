/** io.k8s.api.discovery.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { bool, field, type Infer, int32, list, map, string, struct } from '../../../schema/dsl.ts';
import { ObjectReference } from '../../core/v1/types.ts';
import { ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const EndpointConditions = struct('io.k8s.api.discovery.v1.EndpointConditions', {
  ready: field(1, bool, { omitempty: true, ptr: true }),
  serving: field(2, bool, { omitempty: true, ptr: true }),
  terminating: field(3, bool, { omitempty: true, ptr: true }),
});
export interface EndpointConditions extends Infer<typeof EndpointConditions> {}

export const ForZone = struct('io.k8s.api.discovery.v1.ForZone', {
  name: field(1, string, { required: true }),
});
export interface ForZone extends Infer<typeof ForZone> {}

export const ForNode = struct('io.k8s.api.discovery.v1.ForNode', {
  name: field(1, string, { required: true }),
});
export interface ForNode extends Infer<typeof ForNode> {}

export const EndpointHints = struct('io.k8s.api.discovery.v1.EndpointHints', {
  forZones: list(1, ForZone, { omitempty: true, listType: 'atomic' }),
  forNodes: list(2, ForNode, { omitempty: true, listType: 'atomic' }),
});
export interface EndpointHints extends Infer<typeof EndpointHints> {}

export const Endpoint = struct('io.k8s.api.discovery.v1.Endpoint', {
  addresses: list(1, string, { required: true, listType: 'set', v: ['@alpha required', '@alpha maxItems=100'] }),
  conditions: field(2, EndpointConditions, { omitempty: true }),
  hostname: field(3, string, { omitempty: true, ptr: true }),
  targetRef: field(4, ObjectReference, { omitempty: true, ptr: true }),
  deprecatedTopology: map(5, string, { omitempty: true }),
  nodeName: field(6, string, { omitempty: true, ptr: true }),
  zone: field(7, string, { omitempty: true, ptr: true }),
  hints: field(8, EndpointHints, { omitempty: true, ptr: true }),
});
export interface Endpoint extends Infer<typeof Endpoint> {}

export const EndpointPort = struct(
  'io.k8s.api.discovery.v1.EndpointPort',
  {
    name: field(1, string, { omitempty: true, ptr: true }),
    protocol: field(2, string, { omitempty: true, ptr: true, enum: enums.Protocol_core_v1 }),
    port: field(3, int32, { omitempty: true, ptr: true, format: 'int32' }),
    appProtocol: field(4, string, { omitempty: true, ptr: true }),
  },
  { structType: 'atomic' },
);
export interface EndpointPort extends Infer<typeof EndpointPort> {}

export const EndpointSlice = struct(
  'io.k8s.api.discovery.v1.EndpointSlice',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    addressType: field(4, string, {
      required: true,
      enum: enums.AddressType,
      v: ['@alpha required', '@alpha immutable'],
    }),
    endpoints: list(2, Endpoint, { listType: 'atomic', v: ['@alpha optional'] }),
    ports: list(3, EndpointPort, { listType: 'atomic' }),
  },
  { gvk: { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice' }, typeMeta: true },
);
export interface EndpointSlice extends Infer<typeof EndpointSlice> {}

export const EndpointSliceList = struct(
  'io.k8s.api.discovery.v1.EndpointSliceList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, EndpointSlice, { required: true }),
  },
  { gvk: { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSliceList' }, typeMeta: true },
);
export interface EndpointSliceList extends Infer<typeof EndpointSliceList> {}
