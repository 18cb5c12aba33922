/**
 * Keeps claims that pods use and volumes that are bound from disappearing: a finalizer that goes only when nothing uses the object
 * (upstream: pkg/controller/volume/pvcprotection, pvprotection).
 */
import { PersistentVolumeClaims, PersistentVolumes, Pods } from '../api/core/v1/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../api/core/v1/types.ts';
import type { KubeObject } from '../api/resource-row.ts';
import { isPodTerminal, objectKey } from '../machinery/index.ts';
import type { ControllerRow } from './controller.ts';

export const claimFinalizer = 'kubernetes.io/pvc-protection';
export const volumeFinalizer = 'kubernetes.io/pv-protection';
const claimIndex = 'claim';

/** `add` a missing finalizer, `release` one of an object that is being deleted, unless it is in use. */
export function decideProtection(obj: KubeObject, finalizer: string, inUse: () => boolean): 'add' | 'release' | 'none' {
  const protectedNow = obj.metadata.finalizers?.includes(finalizer) ?? false;
  if (obj.metadata.deletionTimestamp) return protectedNow && !inUse() ? 'release' : 'none';
  return protectedNow ? 'none' : 'add';
}

function withFinalizer<T extends KubeObject>(obj: T, finalizer: string, what: 'add' | 'release'): T {
  const finalizers = (obj.metadata.finalizers ?? []).filter((f) => f !== finalizer);
  return {
    ...obj,
    metadata: { ...obj.metadata, finalizers: what === 'add' ? [...finalizers, finalizer] : finalizers },
  };
}

/** `namespace/name` of the claims a pod mounts, those made for its ephemeral volumes too. */
export const claimsOf = (pod: Pod): readonly string[] =>
  (pod.spec.volumes ?? []).flatMap((v) => {
    const name =
      v.persistentVolumeClaim?.claimName ??
      (v.ephemeral && !isPodTerminal(pod) ? `${pod.metadata.name}-${v.name}` : undefined);
    return name === undefined ? [] : [`${pod.metadata.namespace}/${name}`];
  });

/** A placed pod keeps its claims: the kubelet may have mounted them. */
export const podsUseClaim = (pods: readonly Pod[], key: string): boolean =>
  pods.some((p) => p.spec.nodeName && claimsOf(p).includes(key));

export const pvcProtectionController: ControllerRow = {
  name: 'persistentvolumeclaim-protection-controller',
  account: 'pvc-protection-controller',
  setup({ client, informer, queue }) {
    const claims = informer(PersistentVolumeClaims);
    const pods = informer(Pods);
    pods.addIndex(claimIndex, claimsOf);
    const wake = (c: PersistentVolumeClaim) => queue.add(objectKey(c));
    claims.addHandler({ onAdd: wake, onUpdate: (_, c) => wake(c) });
    const wakeClaims = (pod: Pod) => {
      for (const key of claimsOf(pod)) queue.add(key);
    };
    pods.addHandler({
      onUpdate(old, pod) {
        if (isPodTerminal(pod) || old.metadata.uid !== pod.metadata.uid) wakeClaims(old);
      },
      onDelete: wakeClaims,
    });
    return {
      async reconcile(key) {
        const claim = claims.get(key);
        if (!claim) return;
        const todo = decideProtection(claim, claimFinalizer, () => podsUseClaim(pods.byIndex(claimIndex, key), key));
        if (todo === 'none') return;
        if (todo === 'release') {
          // The cache may not show a pod yet that was just placed.
          const live = await client.list(Pods, { namespace: claim.metadata.namespace ?? '' });
          if (podsUseClaim(live.items, key)) return;
        }
        await client.update(PersistentVolumeClaims, withFinalizer(claim, claimFinalizer, todo));
      },
    };
  },
};

export const pvProtectionController: ControllerRow = {
  name: 'persistentvolume-protection-controller',
  account: 'pv-protection-controller',
  setup({ client, informer, queue }) {
    const volumes = informer(PersistentVolumes);
    const wake = (v: PersistentVolume) => queue.add(objectKey(v));
    volumes.addHandler({ onAdd: wake, onUpdate: (_, v) => wake(v) });
    return {
      async reconcile(key) {
        const volume = volumes.get(key);
        if (!volume) return;
        const todo = decideProtection(volume, volumeFinalizer, () => volume.status.phase === 'Bound');
        if (todo !== 'none') await client.update(PersistentVolumes, withFinalizer(volume, volumeFinalizer, todo));
      },
    };
  },
};
