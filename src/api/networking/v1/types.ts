/** io.k8s.api.networking.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { field, type Infer, int32, intOrString, list, string, struct } from '../../../schema/dsl.ts';
import { TypedLocalObjectReference } from '../../core/v1/types.ts';
import { Condition, LabelSelector, ListMeta, ObjectMeta } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const ServiceBackendPort = struct(
  'io.k8s.api.networking.v1.ServiceBackendPort',
  {
    name: field(1, string, { omitempty: true }),
    number: field(2, int32, { omitempty: true, format: 'int32' }),
  },
  { structType: 'atomic' },
);
export interface ServiceBackendPort extends Infer<typeof ServiceBackendPort> {}

export const IngressServiceBackend = struct('io.k8s.api.networking.v1.IngressServiceBackend', {
  name: field(1, string, { required: true }),
  port: field(2, ServiceBackendPort, { omitempty: true }),
});
export interface IngressServiceBackend extends Infer<typeof IngressServiceBackend> {}

export const IngressBackend = struct('io.k8s.api.networking.v1.IngressBackend', {
  service: field(4, IngressServiceBackend, { omitempty: true, ptr: true }),
  resource: field(3, TypedLocalObjectReference, { omitempty: true, ptr: true }),
});
export interface IngressBackend extends Infer<typeof IngressBackend> {}

export const HTTPIngressPath = struct('io.k8s.api.networking.v1.HTTPIngressPath', {
  path: field(1, string, { omitempty: true }),
  pathType: field(3, string, { required: true, ptr: true, enum: enums.PathType }),
  backend: field(2, IngressBackend, { required: true }),
});
export interface HTTPIngressPath extends Infer<typeof HTTPIngressPath> {}

export const HTTPIngressRuleValue = struct('io.k8s.api.networking.v1.HTTPIngressRuleValue', {
  paths: list(1, HTTPIngressPath, { required: true, listType: 'atomic' }),
});
export interface HTTPIngressRuleValue extends Infer<typeof HTTPIngressRuleValue> {}

export const ParentReference = struct('io.k8s.api.networking.v1.ParentReference', {
  group: field(1, string, { omitempty: true }),
  resource: field(2, string, { required: true, omitempty: true, v: ['@alpha required'] }),
  namespace: field(3, string, { omitempty: true }),
  name: field(4, string, { required: true, omitempty: true, v: ['@alpha required'] }),
});
export interface ParentReference extends Infer<typeof ParentReference> {}

export const IPAddressSpec = struct('io.k8s.api.networking.v1.IPAddressSpec', {
  parentRef: field(1, ParentReference, {
    required: true,
    omitempty: true,
    ptr: true,
    v: ['@alpha required', '@alpha immutable'],
  }),
});
export interface IPAddressSpec extends Infer<typeof IPAddressSpec> {}

export const IPAddress = struct(
  'io.k8s.api.networking.v1.IPAddress',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, IPAddressSpec, { required: true, omitempty: true }),
  },
  { gvk: { group: 'networking.k8s.io', version: 'v1', kind: 'IPAddress' }, typeMeta: true },
);
export interface IPAddress extends Infer<typeof IPAddress> {}

export const IPAddressList = struct(
  'io.k8s.api.networking.v1.IPAddressList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, IPAddress, { required: true }),
  },
  { gvk: { group: 'networking.k8s.io', version: 'v1', kind: 'IPAddressList' }, typeMeta: true },
);
export interface IPAddressList extends Infer<typeof IPAddressList> {}

export const IPBlock = struct('io.k8s.api.networking.v1.IPBlock', {
  cidr: field(1, string, { required: true, v: ['@alpha required'] }),
  except: list(2, string, { omitempty: true, listType: 'atomic' }),
});
export interface IPBlock extends Infer<typeof IPBlock> {}

export const IngressTLS = struct('io.k8s.api.networking.v1.IngressTLS', {
  hosts: list(1, string, { omitempty: true, listType: 'atomic' }),
  secretName: field(2, string, { omitempty: true }),
});
export interface IngressTLS extends Infer<typeof IngressTLS> {}

export const IngressRuleValue = struct('io.k8s.api.networking.v1.IngressRuleValue', {
  http: field(1, HTTPIngressRuleValue, { omitempty: true, ptr: true }),
});
export interface IngressRuleValue extends Infer<typeof IngressRuleValue> {}

export const IngressRule = struct('io.k8s.api.networking.v1.IngressRule', {
  host: field(1, string, { omitempty: true }),
  ingressRuleValue: field(2, IngressRuleValue, { inline: true }),
});
export interface IngressRule extends Infer<typeof IngressRule> {}

export const IngressSpec = struct('io.k8s.api.networking.v1.IngressSpec', {
  ingressClassName: field(4, string, { omitempty: true, ptr: true }),
  defaultBackend: field(1, IngressBackend, { omitempty: true, ptr: true }),
  tls: list(2, IngressTLS, { omitempty: true, listType: 'atomic' }),
  rules: list(3, IngressRule, { omitempty: true, listType: 'atomic' }),
});
export interface IngressSpec extends Infer<typeof IngressSpec> {}

export const IngressPortStatus = struct('io.k8s.api.networking.v1.IngressPortStatus', {
  port: field(1, int32, { required: true, format: 'int32' }),
  protocol: field(2, string, { required: true, enum: enums.Protocol_core_v1 }),
  error: field(3, string, {
    omitempty: true,
    ptr: true,
    v: [
      'kubebuilder:validation:Required',
      'kubebuilder:validation:Pattern=`^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`',
      'kubebuilder:validation:MaxLength=316',
    ],
  }),
});
export interface IngressPortStatus extends Infer<typeof IngressPortStatus> {}

export const IngressLoadBalancerIngress = struct('io.k8s.api.networking.v1.IngressLoadBalancerIngress', {
  ip: field(1, string, { omitempty: true }),
  hostname: field(2, string, { omitempty: true }),
  ports: list(4, IngressPortStatus, { omitempty: true, listType: 'atomic' }),
});
export interface IngressLoadBalancerIngress extends Infer<typeof IngressLoadBalancerIngress> {}

export const IngressLoadBalancerStatus = struct('io.k8s.api.networking.v1.IngressLoadBalancerStatus', {
  ingress: list(1, IngressLoadBalancerIngress, { omitempty: true, listType: 'atomic' }),
});
export interface IngressLoadBalancerStatus extends Infer<typeof IngressLoadBalancerStatus> {}

export const IngressStatus = struct('io.k8s.api.networking.v1.IngressStatus', {
  loadBalancer: field(1, IngressLoadBalancerStatus, { omitempty: true }),
});
export interface IngressStatus extends Infer<typeof IngressStatus> {}

export const Ingress = struct(
  'io.k8s.api.networking.v1.Ingress',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, IngressSpec, { omitempty: true }),
    status: field(3, IngressStatus, { omitempty: true }),
  },
  { gvk: { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress' }, typeMeta: true },
);
export interface Ingress extends Infer<typeof Ingress> {}

export const IngressClassParametersReference = struct('io.k8s.api.networking.v1.IngressClassParametersReference', {
  apiGroup: field(1, string, { omitempty: true, ptr: true, proto: 'aPIGroup' }),
  kind: field(2, string, { required: true, v: ['@alpha required'] }),
  name: field(3, string, { required: true, v: ['@alpha required'] }),
  scope: field(4, string, { ptr: true }),
  namespace: field(5, string, { omitempty: true, ptr: true }),
});
export interface IngressClassParametersReference extends Infer<typeof IngressClassParametersReference> {}

export const IngressClassSpec = struct('io.k8s.api.networking.v1.IngressClassSpec', {
  controller: field(1, string, { omitempty: true }),
  parameters: field(2, IngressClassParametersReference, { omitempty: true, ptr: true, v: ['@alpha optional'] }),
});
export interface IngressClassSpec extends Infer<typeof IngressClassSpec> {}

export const IngressClass = struct(
  'io.k8s.api.networking.v1.IngressClass',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, IngressClassSpec, { omitempty: true }),
  },
  { gvk: { group: 'networking.k8s.io', version: 'v1', kind: 'IngressClass' }, typeMeta: true },
);
export interface IngressClass extends Infer<typeof IngressClass> {}

export const IngressClassList = struct(
  'io.k8s.api.networking.v1.IngressClassList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, IngressClass, { required: true }),
  },
  { gvk: { group: 'networking.k8s.io', version: 'v1', kind: 'IngressClassList' }, typeMeta: true },
);
export interface IngressClassList extends Infer<typeof IngressClassList> {}

export const IngressList = struct(
  'io.k8s.api.networking.v1.IngressList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Ingress, { required: true }),
  },
  { gvk: { group: 'networking.k8s.io', version: 'v1', kind: 'IngressList' }, typeMeta: true },
);
export interface IngressList extends Infer<typeof IngressList> {}

export const NetworkPolicyPort = struct('io.k8s.api.networking.v1.NetworkPolicyPort', {
  protocol: field(1, string, { omitempty: true, ptr: true, enum: enums.Protocol_core_v1 }),
  port: field(2, intOrString, { omitempty: true, ptr: true }),
  endPort: field(3, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface NetworkPolicyPort extends Infer<typeof NetworkPolicyPort> {}

export const NetworkPolicyPeer = struct('io.k8s.api.networking.v1.NetworkPolicyPeer', {
  podSelector: field(1, LabelSelector, { omitempty: true, ptr: true }),
  namespaceSelector: field(2, LabelSelector, { omitempty: true, ptr: true }),
  ipBlock: field(3, IPBlock, { omitempty: true, ptr: true, v: ['@alpha optional'] }),
});
export interface NetworkPolicyPeer extends Infer<typeof NetworkPolicyPeer> {}

export const NetworkPolicyIngressRule = struct('io.k8s.api.networking.v1.NetworkPolicyIngressRule', {
  ports: list(1, NetworkPolicyPort, { omitempty: true, listType: 'atomic' }),
  from: list(2, NetworkPolicyPeer, { omitempty: true, listType: 'atomic', v: ['@alpha optional'] }),
});
export interface NetworkPolicyIngressRule extends Infer<typeof NetworkPolicyIngressRule> {}

export const NetworkPolicyEgressRule = struct('io.k8s.api.networking.v1.NetworkPolicyEgressRule', {
  ports: list(1, NetworkPolicyPort, { omitempty: true, listType: 'atomic' }),
  to: list(2, NetworkPolicyPeer, { omitempty: true, listType: 'atomic', v: ['@alpha optional'] }),
});
export interface NetworkPolicyEgressRule extends Infer<typeof NetworkPolicyEgressRule> {}

export const NetworkPolicySpec = struct('io.k8s.api.networking.v1.NetworkPolicySpec', {
  podSelector: field(1, LabelSelector),
  ingress: list(2, NetworkPolicyIngressRule, { omitempty: true, listType: 'atomic', v: ['@alpha optional'] }),
  egress: list(3, NetworkPolicyEgressRule, { omitempty: true, listType: 'atomic', v: ['@alpha optional'] }),
  policyTypes: list(4, string, { omitempty: true, enum: enums.PolicyType, listType: 'atomic' }),
});
export interface NetworkPolicySpec extends Infer<typeof NetworkPolicySpec> {}

export const NetworkPolicy = struct(
  'io.k8s.api.networking.v1.NetworkPolicy',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, NetworkPolicySpec, { omitempty: true }),
  },
  { gvk: { group: 'networking.k8s.io', version: 'v1', kind: 'NetworkPolicy' }, typeMeta: true },
);
export interface NetworkPolicy extends Infer<typeof NetworkPolicy> {}

export const NetworkPolicyList = struct(
  'io.k8s.api.networking.v1.NetworkPolicyList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, NetworkPolicy, { required: true }),
  },
  { gvk: { group: 'networking.k8s.io', version: 'v1', kind: 'NetworkPolicyList' }, typeMeta: true },
);
export interface NetworkPolicyList extends Infer<typeof NetworkPolicyList> {}

export const ServiceCIDRSpec = struct('io.k8s.api.networking.v1.ServiceCIDRSpec', {
  cidrs: list(1, string, { omitempty: true, listType: 'atomic' }),
});
export interface ServiceCIDRSpec extends Infer<typeof ServiceCIDRSpec> {}

export const ServiceCIDRStatus = struct('io.k8s.api.networking.v1.ServiceCIDRStatus', {
  conditions: list(1, Condition, {
    omitempty: true,
    listType: 'map',
    listMapKeys: ['type'],
    patchStrategy: 'merge',
    patchMergeKey: 'type',
  }),
});
export interface ServiceCIDRStatus extends Infer<typeof ServiceCIDRStatus> {}

export const ServiceCIDR = struct(
  'io.k8s.api.networking.v1.ServiceCIDR',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, ServiceCIDRSpec, { omitempty: true }),
    status: field(3, ServiceCIDRStatus, { omitempty: true }),
  },
  { gvk: { group: 'networking.k8s.io', version: 'v1', kind: 'ServiceCIDR' }, typeMeta: true },
);
export interface ServiceCIDR extends Infer<typeof ServiceCIDR> {}

export const ServiceCIDRList = struct(
  'io.k8s.api.networking.v1.ServiceCIDRList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, ServiceCIDR, { required: true }),
  },
  { gvk: { group: 'networking.k8s.io', version: 'v1', kind: 'ServiceCIDRList' }, typeMeta: true },
);
export interface ServiceCIDRList extends Infer<typeof ServiceCIDRList> {}
