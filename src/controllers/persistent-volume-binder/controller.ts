/** Ties claims to volumes and follows both through their phases. */
import { PersistentVolumeClaims, PersistentVolumes, Pods } from '../../api/core/v1/resources.ts';
import { StorageClasses } from '../../api/storage/v1/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/core/v1/types.ts';
import { isPodTerminal } from '../../machinery/index.ts';
import { perform } from '../action.ts';
import type { ControllerRow } from '../controller.ts';
import { decideClaim } from './claim-decision.ts';
import { decideVolume } from './volume-decision.ts';

const byClaim = 'persistent-volume-binder/claim';
/** Volumes and claims that wait for something nobody tells of are looked at again (upstream: PVClaimBinderSyncPeriod). */
const resyncMs = 15_000;
const claimPrefix = 'claim:';
const volumePrefix = 'volume:';

export const persistentVolumeBinderController: ControllerRow = {
  name: 'persistentvolume-binder-controller',
  account: 'persistent-volume-binder',
  component: 'persistentvolume-controller',
  // One at a time: two claims must not choose the same volume.
  workers: 1,
  setup(ctx) {
    const { client, clock, queue } = ctx;
    const { recorder } = ctx;
    const claims = ctx.informer(PersistentVolumeClaims);
    const volumes = ctx.informer(PersistentVolumes);
    const storageClasses = ctx.informer(StorageClasses);
    const pods = ctx.informer(Pods);
    pods.addIndex(byClaim, (p) =>
      (p.spec.volumes ?? []).flatMap((v) =>
        v.persistentVolumeClaim ? [`${p.metadata.namespace}/${v.persistentVolumeClaim.claimName}`] : [],
      ),
    );
    const claimKey = (c: PersistentVolumeClaim) => `${c.metadata.namespace}/${c.metadata.name}`;
    const wakeClaim = (c: PersistentVolumeClaim) => queue.add(claimPrefix + claimKey(c));
    const wakeVolume = (v: PersistentVolume) => {
      queue.add(volumePrefix + v.metadata.name);
      const ref = v.spec.claimRef;
      if (ref) queue.add(`${claimPrefix}${ref.namespace}/${ref.name}`);
    };
    const wakePending = () => {
      for (const c of claims.list()) if (c.status.phase !== 'Bound') wakeClaim(c);
    };
    volumes.addHandler({
      onAdd(v) {
        wakeVolume(v);
        wakePending();
      },
      onUpdate: (_, v) => wakeVolume(v),
      onDelete(v) {
        wakeVolume(v);
        for (const c of claims.list()) if (c.spec.volumeName === v.metadata.name) wakeClaim(c);
      },
    });
    claims.addHandler({
      onAdd: wakeClaim,
      onUpdate: (_, c) => wakeClaim(c),
      onDelete(c) {
        for (const v of volumes.list())
          if (v.spec.claimRef?.name === c.metadata.name && v.spec.claimRef?.namespace === c.metadata.namespace)
            wakeVolume(v);
      },
    });
    storageClasses.addHandler({ onAdd: wakePending, onUpdate: wakePending });

    return {
      async reconcile(key) {
        if (key.startsWith(volumePrefix)) {
          const volume = volumes.get(key.slice(volumePrefix.length));
          if (!volume) return;
          const ref = volume.spec.claimRef;
          const claim = ref && claims.get(`${ref.namespace}/${ref.name}`);
          await perform(client, recorder, decideVolume(volume, claim));
          return;
        }
        const claim = claims.get(key.slice(claimPrefix.length));
        if (!claim || claim.metadata.deletionTimestamp) return;
        const waitingPods = pods.byIndex(byClaim, claimKey(claim)).filter((p) => !p.spec.nodeName && !isPodTerminal(p));
        const view = { claim, volumes: volumes.list(), storageClasses: storageClasses.list(), waitingPods };
        await perform(client, recorder, decideClaim(view));
      },
      async background(signal) {
        while (!signal.aborted) {
          await clock.sleep(resyncMs, signal);
          wakePending();
        }
      },
    };
  },
};
