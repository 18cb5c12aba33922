/** The resources of networking.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { clearsStatus, statusSubresource } from '../../status-part.ts';
import {
  ingressClassColumns,
  ingressColumns,
  ipAddressColumns,
  networkPolicyColumns,
  serviceCIDRColumns,
} from './columns.ts';
import { ingressClassStrategy } from './strategy/ingress-class.ts';
import { ipAddressStrategy } from './strategy/ip-address.ts';
import { networkPolicyStrategy } from './strategy/network-policy.ts';
import { serviceCIDRStrategy } from './strategy/service-cidr.ts';
import { IPAddress, Ingress, IngressClass, NetworkPolicy, ServiceCIDR } from './types.ts';

export const IngressClasses = resource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
  schema: IngressClass,
  storageVersionHash: 'l/iqIbDgFyQ=',
  strategy: ingressClassStrategy,
  columns: ingressClassColumns,
});

export const Ingresses = resource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  namespaced: true,
  schema: Ingress,
  shortNames: ['ing'],
  storageVersionHash: '39NQlfNR+bo=',
  registryPath: 'ingress',
  subresources: [statusSubresource()],
  strategy: clearsStatus(Ingress),
  columns: ingressColumns,
});

export const IPAddresses = resource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  namespaced: false,
  schema: IPAddress,
  shortNames: ['ip'],
  storageVersionHash: '3f/plJFChNE=',
  strategy: ipAddressStrategy,
  columns: ipAddressColumns,
});

export const NetworkPolicies = resource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  namespaced: true,
  schema: NetworkPolicy,
  shortNames: ['netpol'],
  storageVersionHash: 'YpfwF18m1G8=',
  strategy: networkPolicyStrategy,
  columns: networkPolicyColumns,
});

export const ServiceCIDRs = resource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  namespaced: false,
  schema: ServiceCIDR,
  storageVersionHash: 'gNLvruQhW2g=',
  subresources: [statusSubresource()],
  strategy: serviceCIDRStrategy,
  columns: serviceCIDRColumns,
});
