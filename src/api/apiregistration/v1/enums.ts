/** Named string sets of io.k8s.kube-aggregator.pkg.apis.apiregistration.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const APIServiceConditionType = {
  name: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceConditionType',
  closed: false,
  values: ['Available'],
} as const satisfies Enum;
export const ConditionStatus = {
  name: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ConditionStatus',
  closed: false,
  values: ['True', 'False', 'Unknown'],
} as const satisfies Enum;
