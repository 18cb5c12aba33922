/** Named string sets of io.k8s.api.discovery.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const Protocol_core_v1 = {
  name: 'io.k8s.api.core.v1.Protocol',
  closed: true,
  values: ['TCP', 'UDP', 'SCTP'],
} as const satisfies Enum;
export const AddressType = {
  name: 'io.k8s.api.discovery.v1.AddressType',
  closed: true,
  values: ['IPv4', 'IPv6', 'FQDN'],
} as const satisfies Enum;
