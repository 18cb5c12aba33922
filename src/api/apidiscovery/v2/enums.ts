/** Named string sets of io.k8s.api.apidiscovery.v2. */
import type { Enum } from '../../../schema/dsl.ts';

export const DiscoveryFreshness = {
  name: 'io.k8s.api.apidiscovery.v2.DiscoveryFreshness',
  closed: false,
  values: ['Current', 'Stale'],
} as const satisfies Enum;
export const ResourceScope = {
  name: 'io.k8s.api.apidiscovery.v2.ResourceScope',
  closed: false,
  values: ['Cluster', 'Namespaced'],
} as const satisfies Enum;
