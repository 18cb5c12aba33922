/** Named string sets of io.k8s.api.coordination.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const CoordinatedLeaseStrategy = {
  name: 'io.k8s.api.coordination.v1.CoordinatedLeaseStrategy',
  closed: false,
  values: ['OldestEmulationVersion'],
} as const satisfies Enum;
