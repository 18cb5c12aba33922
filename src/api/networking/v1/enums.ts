/** Named string sets of io.k8s.api.networking.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const Protocol_core_v1 = {
  name: 'io.k8s.api.core.v1.Protocol',
  closed: true,
  values: ['TCP', 'UDP', 'SCTP'],
} as const satisfies Enum;
export const PathType = {
  name: 'io.k8s.api.networking.v1.PathType',
  closed: true,
  values: ['Exact', 'Prefix', 'ImplementationSpecific'],
} as const satisfies Enum;
export const PolicyType = {
  name: 'io.k8s.api.networking.v1.PolicyType',
  closed: true,
  values: ['Ingress', 'Egress'],
} as const satisfies Enum;
