/** A ReadWriteOncePod claim has one pod at a time; disks that only one node may write are not mounted twice. Source: plugins/volumerestrictions. */
import type { Pod, Volume } from '../../api/core/v1/types.ts';
import { claimsOf } from '../cluster-cache.ts';
import type { Plugin } from '../framework.ts';
import { unschedulable } from '../status.ts';

const name = 'VolumeRestrictions';
const refused = unschedulable(
  name,
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
);
const diskConflict = unschedulable(name, 'node(s) had no available disk');

const restricted = (pod: Pod): readonly Volume[] =>
  (pod.spec.volumes ?? []).filter((v) => v.gcePersistentDisk || v.awsElasticBlockStore || v.rbd || v.iscsi);

/** The same disk, and not read by both only. */
function sameDisk(a: Volume, b: Volume): boolean {
  const bothRead = (x: { readonly readOnly?: boolean | undefined }, y: typeof x) => x.readOnly && y.readOnly;
  const [gce, gceB] = [a.gcePersistentDisk, b.gcePersistentDisk];
  if (gce && gceB && gce.pdName === gceB.pdName && !bothRead(gce, gceB)) return true;
  const [ebs, ebsB] = [a.awsElasticBlockStore, b.awsElasticBlockStore];
  if (ebs && ebsB && ebs.volumeID === ebsB.volumeID) return true;
  const [iscsi, iscsiB] = [a.iscsi, b.iscsi];
  if (iscsi && iscsiB && iscsi.iqn === iscsiB.iqn && !bothRead(iscsi, iscsiB)) return true;
  const [rbd, rbdB] = [a.rbd, b.rbd];
  if (!rbd || !rbdB || bothRead(rbd, rbdB)) return false;
  const sameImage = (rbd.pool ?? '') === (rbdB.pool ?? '') && rbd.image === rbdB.image;
  return sameImage && rbd.monitors.some((m) => rbdB.monitors.includes(m));
}

export const volumeRestrictions: Plugin = {
  name,
  weight: 0,
  filter({ pod }, cluster) {
    const disks = restricted(pod);
    const exclusive = claimsOf(pod).filter((key) => {
      const [namespace = '', claim = ''] = key.split('/');
      return cluster.volumes.claim(namespace, claim)?.spec.accessModes?.includes('ReadWriteOncePod');
    });
    if (exclusive.length === 0 && disks.length === 0) return undefined;
    let conflicts = exclusive.reduce((n, key) => n + cluster.claimUsers(key), 0);
    const uses = (other: readonly string[]): number => other.filter((key) => exclusive.includes(key)).length;
    return {
      check(n) {
        if (disks.length > 0)
          for (const other of n.pods.values())
            if (restricted(other.pod).some((b) => disks.some((a) => sameDisk(a, b)))) return diskConflict;
        return conflicts > 0 ? refused : undefined;
      },
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
