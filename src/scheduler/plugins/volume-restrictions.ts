/** A ReadWriteOncePod claim has one pod at a time. */
import { claimsOf } from '../cluster-cache.ts';
import type { Plugin } from '../framework.ts';
import { unschedulable } from '../status.ts';

const name = 'VolumeRestrictions';
const refused = unschedulable(
  name,
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
);

export const volumeRestrictions: Plugin = {
  name,
  weight: 0,
  filter({ pod }, cluster) {
    const keys = claimsOf(pod);
    const exclusive = keys.filter((key) => {
      const [namespace = '', claim = ''] = key.split('/');
      return cluster.volumes.claim(namespace, claim)?.spec.accessModes?.includes('ReadWriteOncePod');
    });
    if (exclusive.length === 0) return undefined;
    let conflicts = exclusive.reduce((n, key) => n + cluster.claimUsers(key), 0);
    const uses = (other: readonly string[]): number => other.filter((key) => exclusive.includes(key)).length;
    return {
      check: () => (conflicts > 0 ? refused : undefined),
      addPod(p) {
        conflicts += uses(claimsOf(p.pod));
      },
      removePod(p) {
        conflicts -= uses(claimsOf(p.pod));
      },
    };
  },
  requeue: (e) => e.kind === 'AssignedPodDelete' || e.kind === 'VolumeChange',
};
