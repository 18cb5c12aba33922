/** io.k8s.api.apidiscovery.v2: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { field, type Infer, list, string, struct } from '../../../schema/dsl.ts';
import { GroupVersionKind, ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const APISubresourceDiscovery = struct('io.k8s.api.apidiscovery.v2.APISubresourceDiscovery', {
  subresource: field(1, string, { required: true }),
  responseKind: field(2, GroupVersionKind, { omitempty: true, ptr: true }),
  acceptedTypes: list(3, GroupVersionKind, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['group', 'version', 'kind'],
  }),
  verbs: list(4, string, { required: true, listType: 'set' }),
});
export interface APISubresourceDiscovery extends Infer<typeof APISubresourceDiscovery> {}

export const APIResourceDiscovery = struct('io.k8s.api.apidiscovery.v2.APIResourceDiscovery', {
  resource: field(1, string, { required: true }),
  responseKind: field(2, GroupVersionKind, { omitempty: true, ptr: true }),
  scope: field(3, string, { required: true, enum: enums.ResourceScope }),
  singularResource: field(4, string, { required: true }),
  verbs: list(5, string, { required: true, listType: 'set' }),
  shortNames: list(6, string, { omitempty: true, listType: 'set' }),
  categories: list(7, string, { omitempty: true, listType: 'set' }),
  subresources: list(8, APISubresourceDiscovery, { omitempty: true, listType: 'map', listMapKeys: ['subresource'] }),
});
export interface APIResourceDiscovery extends Infer<typeof APIResourceDiscovery> {}

export const APIVersionDiscovery = struct('io.k8s.api.apidiscovery.v2.APIVersionDiscovery', {
  version: field(1, string, { required: true }),
  resources: list(2, APIResourceDiscovery, { omitempty: true, listType: 'map', listMapKeys: ['resource'] }),
  freshness: field(3, string, { omitempty: true, enum: enums.DiscoveryFreshness }),
});
export interface APIVersionDiscovery extends Infer<typeof APIVersionDiscovery> {}

export const APIGroupDiscovery = struct(
  'io.k8s.api.apidiscovery.v2.APIGroupDiscovery',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    versions: list(2, APIVersionDiscovery, { omitempty: true, listType: 'map', listMapKeys: ['version'] }),
  },
  { gvk: { group: 'apidiscovery.k8s.io', version: 'v2', kind: 'APIGroupDiscovery' }, typeMeta: true },
);
export interface APIGroupDiscovery extends Infer<typeof APIGroupDiscovery> {}

export const APIGroupDiscoveryList = struct(
  'io.k8s.api.apidiscovery.v2.APIGroupDiscoveryList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, APIGroupDiscovery, { required: true }),
  },
  { gvk: { group: 'apidiscovery.k8s.io', version: 'v2', kind: 'APIGroupDiscoveryList' }, typeMeta: true },
);
export interface APIGroupDiscoveryList extends Infer<typeof APIGroupDiscoveryList> {}
