/** What a claim needs next (upstream: pv_controller.go syncUnboundClaim and syncBoundClaim). Pure. */
import { PersistentVolumeClaims } from '../../api/core/v1/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/core/v1/types.ts';
import type { StorageClass } from '../../api/storage/v1/types.ts';
import {
  bindCompleted,
  classOfClaim,
  classOfVolume,
  findMatchingVolume,
  hasAccessModes,
  isBigEnough,
  isVolumeBoundToClaim,
  sameVolumeMode,
  selectedNode,
} from '../../machinery/volume-match.ts';
import type { Action } from '../action.ts';
import { bind, claimPhase } from './binding.ts';

export interface ClaimView {
  readonly claim: PersistentVolumeClaim;
  readonly volumes: readonly PersistentVolume[];
  readonly storageClasses: readonly StorageClass[];
  /** Pods that use the claim and have no node yet. */
  readonly waitingPods: readonly Pod[];
}

const provisionerAnnotations = [
  'volume.beta.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/storage-provisioner',
];
const isDefaultClass = 'storageclass.kubernetes.io/is-default-class';

export function decideClaim(v: ClaimView): readonly Action[] {
  if (v.claim.metadata.annotations?.[bindCompleted] !== undefined) return decideBound(v);
  return v.claim.spec.volumeName ? decidePrebound(v) : decideUnbound(v);
}

const event = (about: PersistentVolumeClaim, type: 'Normal' | 'Warning', reason: string, message: string): Action => ({
  do: 'event',
  about,
  type,
  reason,
  message,
});

function decideBound({ claim, volumes }: ClaimView): readonly Action[] {
  const lost = (reason: string, message: string): readonly Action[] => {
    const write = claimPhase(claim, 'Lost');
    return claim.status.phase === 'Lost' ? write : [...write, event(claim, 'Warning', reason, message)];
  };
  if (!claim.spec.volumeName)
    return lost('ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!');
  const volume = volumes.find((v) => v.metadata.name === claim.spec.volumeName);
  if (!volume) return lost('ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
  if (!volume.spec.claimRef || volume.spec.claimRef.uid === claim.metadata.uid) return bind(volume, claim);
  return lost('ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
}

/** The user asked for this very volume. */
function decidePrebound({ claim, volumes }: ClaimView): readonly Action[] {
  const volume = volumes.find((v) => v.metadata.name === claim.spec.volumeName);
  const pending = claimPhase(claim, 'Pending');
  if (!volume) return pending;
  if (volume.spec.claimRef) {
    if (isVolumeBoundToClaim(volume, claim)) return bind(volume, claim);
    return [
      event(claim, 'Warning', 'FailedBinding', `volume "${volume.metadata.name}" already bound to a different claim.`),
      ...pending,
    ];
  }
  const why = mismatch(volume, claim);
  if (!why) return bind(volume, claim);
  return [
    event(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${volume.metadata.name}": ${why}`),
    ...pending,
  ];
}

/** upstream: checkVolumeSatisfyClaim */
function mismatch(v: PersistentVolume, c: PersistentVolumeClaim): string | undefined {
  if (v.metadata.deletionTimestamp) return 'the volume is marked for deletion';
  if (!isBigEnough(c, v)) return 'requested PV is too small';
  if (classOfVolume(v) !== classOfClaim(c)) return 'storageClassName does not match';
  if (!sameVolumeMode(c, v)) return 'incompatible volumeMode';
  if (!hasAccessModes(c, v)) return 'incompatible accessMode';
  return undefined;
}

function decideUnbound(view: ClaimView): readonly Action[] {
  const { claim, storageClasses } = view;
  const className = classOfClaim(claim);
  const cls = storageClasses.find((s) => s.metadata.name === className);
  const delayBinding = cls?.volumeBindingMode === 'WaitForFirstConsumer';
  const found = findMatchingVolume(claim, view.volumes, { delayBinding });
  if (found) return bind(found, claim);
  if (claim.spec.storageClassName === undefined && className === '') {
    const byDefault = defaultClass(storageClasses);
    if (byDefault) {
      const object: PersistentVolumeClaim = { ...claim, spec: { ...claim.spec, storageClassName: byDefault } };
      return [{ do: 'update', row: PersistentVolumeClaims, object }];
    }
  }
  const pending = claimPhase(claim, 'Pending');
  if (delayBinding && claim.metadata.annotations?.[selectedNode] === undefined) return [waits(view), ...pending];
  if (className !== '') return provision(claim, className, cls, pending);
  const message = 'no persistent volumes available for this claim and no storage class is set';
  return [event(claim, 'Normal', 'FailedBinding', message), ...pending];
}

/** The newest of the classes marked as default; of equal age the first by name. */
function defaultClass(classes: readonly StorageClass[]): string | undefined {
  const age = (s: StorageClass): number => Date.parse(s.metadata.creationTimestamp ?? '') || 0;
  return classes
    .filter((s) => s.metadata.annotations?.[isDefaultClass] === 'true')
    .sort((a, b) => age(b) - age(a) || ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))[0]?.metadata.name;
}

function waits({ claim, waitingPods }: ClaimView): Action {
  const names = waitingPods.map((p) => p.metadata.name ?? '').sort();
  if (names.length === 0)
    return event(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  const who = names.length === 1 ? `pod ${names[0]}` : `pods ${names.join(',')}`;
  return event(claim, 'Normal', 'WaitForPodScheduled', `waiting for ${who} to be scheduled`);
}

/** There is no provisioner in the control plane: external ones are told by an annotation. */
function provision(
  claim: PersistentVolumeClaim,
  className: string,
  cls: StorageClass | undefined,
  pending: readonly Action[],
): readonly Action[] {
  if (!cls)
    return [
      event(claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${className}" not found`),
      ...pending,
    ];
  const { provisioner } = cls;
  if (provisioner.startsWith('kubernetes.io/'))
    return [event(claim, 'Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`), ...pending];
  const told = provisionerAnnotations.every((a) => claim.metadata.annotations?.[a] === provisioner);
  const annotations = {
    ...claim.metadata.annotations,
    ...Object.fromEntries(provisionerAnnotations.map((a) => [a, provisioner])),
  };
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
  return [
    ...(told
      ? []
      : [
          {
            do: 'update',
            row: PersistentVolumeClaims,
            object: { ...claim, metadata: { ...claim.metadata, annotations } },
          } as const,
        ]),
    event(claim, 'Normal', 'ExternalProvisioning', message),
    ...pending,
  ];
}
