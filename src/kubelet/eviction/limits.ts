/** A pod that uses more local storage than it may (upstream: eviction manager, localStorageEviction). */
import type { Pod } from '../../api/core/v1/types.ts';
import { podLimits } from '../../machinery/resource-lists.ts';
import { wholeValue } from '../pod/quantity.ts';

/** Bytes. */
export interface StorageUse {
  /** By volume. */
  readonly emptyDirs: ReadonlyMap<string, number>;
  /** Logs and writable layer, by container. */
  readonly containers: ReadonlyMap<string, number>;
}

const storage = 'ephemeral-storage';
const sizeLimits = (pod: Pod): readonly (readonly [name: string, limit: string])[] =>
  (pod.spec.volumes ?? []).flatMap((v) => {
    const limit = v.emptyDir?.sizeLimit;
    return limit !== undefined && wholeValue(limit) > 0 ? [[v.name, limit] as const] : [];
  });
/** Volumes on the node's disk count towards the pod's total. */
export const isOnDisk = (v: NonNullable<Pod['spec']['volumes']>[number]): boolean => !!v.emptyDir && !v.emptyDir.medium;

/** Whether its use of the disk has to be looked at. */
export const isLimited = (pod: Pod): boolean => sizeLimits(pod).length > 0 || podLimits(pod)[storage] !== undefined;

/** Why the pod has to go, or undefined. */
export function overLimit(pod: Pod, use: StorageUse): string | undefined {
  for (const [name, limit] of sizeLimits(pod))
    if ((use.emptyDirs.get(name) ?? 0) > wholeValue(limit))
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${limit}". `;
  const total = podLimits(pod)[storage];
  if (total !== undefined) {
    const volumes = (pod.spec.volumes ?? []).filter(isOnDisk);
    const used =
      volumes.reduce((sum, v) => sum + (use.emptyDirs.get(v.name) ?? 0), 0) +
      [...use.containers.values()].reduce((sum, n) => sum + n, 0);
    if (used > wholeValue(total))
      return `Pod ephemeral local storage usage exceeds the total limit of containers ${total}. `;
  }
  for (const c of pod.spec.containers) {
    const limit = c.resources?.limits?.[storage];
    if (limit !== undefined && wholeValue(limit) > 0 && (use.containers.get(c.name) ?? 0) > wholeValue(limit))
      return `Container ${c.name} exceeded its local ephemeral storage limit "${limit}". `;
  }
  return undefined;
}
