/** Named string sets of io.k8s.api.policy.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const UnhealthyPodEvictionPolicyType = {
  name: 'io.k8s.api.policy.v1.UnhealthyPodEvictionPolicyType',
  closed: true,
  values: ['IfHealthyBudget', 'AlwaysAllow'],
} as const satisfies Enum;
