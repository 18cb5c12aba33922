/** Named string sets of io.k8s.api.scheduling.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const PreemptionPolicy_core_v1 = {
  name: 'io.k8s.api.core.v1.PreemptionPolicy',
  closed: true,
  values: ['PreemptLowerPriority', 'Never'],
} as const satisfies Enum;
