/** What a volume needs next (upstream: pv_controller.go syncVolume and reclaimVolume). Pure. */
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/core/v1/types.ts';
import { sameVolumeMode } from '../../machinery/volume-match.ts';
import type { Action } from '../action.ts';
import { unbind, volumePhase } from './binding.ts';

const provisionedBy = 'pv.kubernetes.io/provisioned-by';

/** `claim` is the one of the name in claimRef, whatever its uid. */
export function decideVolume(volume: PersistentVolume, claim: PersistentVolumeClaim | undefined): readonly Action[] {
  const ref = volume.spec.claimRef;
  if (!ref?.uid) return volumePhase(volume, 'Available');
  if (!claim || claim.metadata.uid !== ref.uid) return release(volume);
  if (!claim.spec.volumeName) {
    // The claim's own turn ties it.
    if (sameVolumeMode(claim, volume)) return [];
    const type = 'Warning';
    const reason = 'VolumeMismatch';
    return [
      {
        do: 'event',
        about: volume,
        type,
        reason,
        message: `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${claim.metadata.name}" due to incompatible volumeMode.`,
      },
      {
        do: 'event',
        about: claim,
        type,
        reason,
        message: `Cannot bind PersistentVolume "${volume.metadata.name}" to requested PersistentVolumeClaim due to incompatible volumeMode.`,
      },
    ];
  }
  if (claim.spec.volumeName === volume.metadata.name) return volumePhase(volume, 'Bound');
  if (
    volume.metadata.annotations?.[provisionedBy] !== undefined &&
    volume.spec.persistentVolumeReclaimPolicy === 'Delete'
  )
    return release(volume);
  return unbind(volume);
}

function release(volume: PersistentVolume): readonly Action[] {
  const { phase } = volume.status;
  const settled = phase === 'Released' || phase === 'Failed';
  const policy = volume.spec.persistentVolumeReclaimPolicy;
  // Volumes of external provisioners are deleted by them.
  const keeps =
    policy === 'Retain' || (policy === 'Delete' && volume.metadata.annotations?.[provisionedBy] !== undefined);
  if (keeps) return settled ? [] : volumePhase(volume, 'Released');
  if (phase === 'Failed') return [];
  const name = volume.metadata.name ?? '';
  const [reason, message] =
    policy === 'Delete'
      ? ([
          'VolumeFailedDelete',
          `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`,
        ] as const)
      : policy === 'Recycle'
        ? (['VolumeFailedRecycle', 'No recycler plugin found for the volume!'] as const)
        : (['VolumeUnknownReclaimPolicy', 'Volume has unrecognized PersistentVolumeReclaimPolicy'] as const);
  return [...volumePhase(volume, 'Failed', message), { do: 'event', about: volume, type: 'Warning', reason, message }];
}
