/** The taints that say how a node is, and its labels under their old names. Pure (upstream: node_lifecycle_controller.go). */
import type { Node, Taint } from '../../api/core/v1/types.ts';
import { rfc3339 } from '../../base/clock.ts';
import { findCondition } from '../../machinery/conditions.ts';
import { matchTaint } from '../../machinery/taints.ts';

const prefix = 'node.kubernetes.io';
export const notReadyKey = `${prefix}/not-ready`;
export const unreachableKey = `${prefix}/unreachable`;
const unschedulableKey = `${prefix}/unschedulable`;
const keyOfCondition: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: notReadyKey, Unknown: unreachableKey },
  MemoryPressure: { True: `${prefix}/memory-pressure` },
  DiskPressure: { True: `${prefix}/disk-pressure` },
  NetworkUnavailable: { True: `${prefix}/network-unavailable` },
  PIDPressure: { True: `${prefix}/pid-pressure` },
};
const ownKeys: ReadonlySet<string> = new Set([
  unschedulableKey,
  ...Object.values(keyOfCondition).flatMap((byStatus) => Object.values(byStatus)),
]);

export type NoExecute = typeof notReadyKey | typeof unreachableKey;

/** The NoSchedule taints that follow from the conditions in place of those that are there; undefined when they are right. */
export function withNoSchedule(node: Node, now: number): readonly Taint[] | undefined {
  const wanted = new Set<string>(node.spec.unschedulable ? [unschedulableKey] : []);
  for (const c of node.status.conditions ?? []) {
    const key = keyOfCondition[c.type]?.[c.status];
    if (key) wanted.add(key);
  }
  const isOwn = (t: Taint) => t.effect === 'NoSchedule' && ownKeys.has(t.key);
  const taints = node.spec.taints ?? [];
  const have = taints.filter(isOwn);
  if (have.length === wanted.size && have.every((t) => wanted.has(t.key))) return undefined;
  const added = [...wanted].filter((key) => !have.some((t) => t.key === key));
  return [
    ...taints.filter((t) => !isOwn(t) || wanted.has(t.key)),
    ...added.map((key): Taint => ({ key, effect: 'NoSchedule', timeAdded: rfc3339(now) })),
  ];
}

/** The NoExecute taint that the Ready condition asks for. */
export function wantedNoExecute(node: Node): NoExecute | undefined {
  const status = findCondition(node.status.conditions, 'Ready')?.status;
  return status === 'False' ? notReadyKey : status === 'Unknown' ? unreachableKey : undefined;
}
export const hasNoExecute = (node: Node, key: NoExecute): boolean =>
  node.spec.taints?.some((t) => matchTaint(t, { key, effect: 'NoExecute' })) ?? false;

/** One of the two NoExecute taints or none; undefined when it is so already. */
export function withNoExecute(node: Node, key: NoExecute | undefined, now: number): readonly Taint[] | undefined {
  const isOwn = (t: Taint) => t.effect === 'NoExecute' && (t.key === notReadyKey || t.key === unreachableKey);
  const taints = node.spec.taints ?? [];
  const have = taints.filter(isOwn);
  if (have.length === (key ? 1 : 0) && have.every((t) => t.key === key)) return undefined;
  return [
    ...taints.filter((t) => !isOwn(t) || t.key === key),
    ...(key && !have.some((t) => t.key === key)
      ? [{ key, effect: 'NoExecute', timeAdded: rfc3339(now) } as Taint]
      : []),
  ];
}

/** Labels that must follow their stable names. */
export function missingLabels(node: Node): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const name of ['os', 'arch']) {
    const value = node.metadata.labels?.[`kubernetes.io/${name}`];
    if (value !== undefined && node.metadata.labels?.[`beta.kubernetes.io/${name}`] !== value)
      out[`beta.kubernetes.io/${name}`] = value;
  }
  return out;
}
