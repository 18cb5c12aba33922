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
import { IPAddress, Ingress, IngressClass, NetworkPolicy, ServiceCIDR } from './types.ts';

export const IngressClasses = resource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
  schema: IngressClass,
  storageVersionHash: 'l/iqIbDgFyQ=',
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
  strategy: clearsStatus(ServiceCIDR),
  columns: serviceCIDRColumns,
});
