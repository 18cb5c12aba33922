/** How fast pods are driven off silent nodes: a zone that fails as a whole is more likely cut off than dead. Pure. */
import type { Node } from '../../api/core/v1/types.ts';
import { isConditionTrue } from '../../machinery/conditions.ts';

export type ZoneState = 'Normal' | 'PartialDisruption' | 'FullDisruption';

/** kube-controller-manager's defaults (--node-eviction-rate …). */
export const evictionRate = 0.1;
const secondaryEvictionRate = 0.01;
const largeClusterSize = 50;
const unhealthyThreshold = 0.55;

/** Region and zone of a node, as one key. */
export function zoneOf(node: Node): string {
  const l = node.metadata.labels ?? {};
  const region = l['topology.kubernetes.io/region'] ?? l['failure-domain.beta.kubernetes.io/region'] ?? '';
  const zone = l['topology.kubernetes.io/zone'] ?? l['failure-domain.beta.kubernetes.io/zone'] ?? '';
  return region || zone ? `${region}:\0:${zone}` : '';
}

export function zoneState(nodes: readonly Node[]): ZoneState {
  const ready = nodes.filter((n) => isConditionTrue(n.status.conditions, 'Ready')).length;
  const silent = nodes.length - ready;
  if (ready === 0 && silent > 0) return 'FullDisruption';
  return silent > 2 && silent / nodes.length >= unhealthyThreshold ? 'PartialDisruption' : 'Normal';
}

/** Nodes per second that may be tainted in a zone of so many nodes. */
export const ratePerSecond = (state: ZoneState, nodes: number): number =>
  state === 'PartialDisruption' ? (nodes > largeClusterSize ? secondaryEvictionRate : 0) : evictionRate;

/** States per zone, and whether every zone is dark: then it is this controller that is cut off, and nothing is evicted. */
export function judgeZones(nodes: readonly Node[]): {
  readonly zones: ReadonlyMap<string, { readonly state: ZoneState; readonly nodes: readonly Node[] }>;
  readonly allDark: boolean;
} {
  const counted = nodes.filter((n) => !isExcluded(n));
  const zones = new Map(
    [...Map.groupBy(counted, zoneOf)].map(([zone, members]) => [zone, { state: zoneState(members), nodes: members }]),
  );
  return { zones, allDark: [...zones.values()].every((z) => z.state === 'FullDisruption') };
}

const isExcluded = (n: Node): boolean => n.metadata.labels?.['node.kubernetes.io/exclude-disruption'] !== undefined;
