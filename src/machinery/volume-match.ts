/** Which PersistentVolume suits a claim: for the volume binder and the scheduler alike (upstream: component-helpers/storage/volume). */
import { labelSelectorAsSelector, type LabelSelectorSpec } from './label-selector.ts';
import { type NodeLike, type NodeSelectorTermLike, nodeSelectorMatcher } from './node-affinity.ts';
import { cmpQuantity } from './quantity.ts';

export const bindCompleted = 'pv.kubernetes.io/bind-completed';
export const boundByController = 'pv.kubernetes.io/bound-by-controller';
export const selectedNode = 'volume.kubernetes.io/selected-node';
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

interface Meta {
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly deletionTimestamp?: string | undefined;
}
export interface ClaimLike {
  readonly metadata: Meta;
  readonly spec: {
    readonly storageClassName?: string | undefined;
    readonly volumeName?: string | undefined;
    readonly volumeMode?: string | undefined;
    readonly accessModes?: readonly string[] | undefined;
    readonly selector?: LabelSelectorSpec | undefined;
    readonly resources: { readonly requests?: Readonly<Record<string, string>> | undefined };
    readonly volumeAttributesClassName?: string | undefined;
  };
}
export interface VolumeLike {
  readonly metadata: Meta;
  readonly spec: {
    readonly storageClassName?: string | undefined;
    readonly volumeMode?: string | undefined;
    readonly accessModes?: readonly string[] | undefined;
    readonly capacity?: Readonly<Record<string, string>> | undefined;
    readonly claimRef?:
      | {
          readonly name?: string | undefined;
          readonly namespace?: string | undefined;
          readonly uid?: string | undefined;
        }
      | undefined;
    readonly nodeAffinity?:
      | { readonly required?: { readonly nodeSelectorTerms: readonly NodeSelectorTermLike[] } | undefined }
      | undefined;
    readonly volumeAttributesClassName?: string | undefined;
  };
  readonly status: { readonly phase?: string | undefined };
}

export const classOfClaim = (c: ClaimLike): string =>
  c.metadata.annotations?.[classAnnotation] ?? c.spec.storageClassName ?? '';
export const classOfVolume = (v: VolumeLike): string =>
  v.metadata.annotations?.[classAnnotation] ?? v.spec.storageClassName ?? '';

/** Both sides of the binding are written. */
export const isFullyBound = (c: ClaimLike): boolean =>
  !!c.spec.volumeName && c.metadata.annotations?.[bindCompleted] !== undefined;

/** The volume's claimRef means this claim; a claimRef without uid means any claim of that name. */
export function isVolumeBoundToClaim(v: VolumeLike, c: ClaimLike): boolean {
  const ref = v.spec.claimRef;
  if (!ref || ref.name !== c.metadata.name || ref.namespace !== c.metadata.namespace) return false;
  return !ref.uid || ref.uid === c.metadata.uid;
}

export const sameVolumeMode = (c: ClaimLike, v: VolumeLike): boolean =>
  (c.spec.volumeMode || 'Filesystem') === (v.spec.volumeMode || 'Filesystem');
export const isBigEnough = (c: ClaimLike, v: VolumeLike): boolean =>
  cmpQuantity(v.spec.capacity?.['storage'] ?? '0', c.spec.resources.requests?.['storage'] ?? '0') >= 0;
export const hasAccessModes = (c: ClaimLike, v: VolumeLike): boolean =>
  (c.spec.accessModes ?? []).every((m) => v.spec.accessModes?.includes(m));

/** Whether a volume can be used on a node. */
export function volumeFitsNode(v: VolumeLike, node: NodeLike): boolean {
  const required = v.spec.nodeAffinity?.required;
  return !required || nodeSelectorMatcher(required).matches(node);
}

export interface MatchOptions {
  /** Only volumes usable there. Absent: the volume binder asks. */
  readonly node?: NodeLike;
  /** Names of volumes that are spoken for. */
  readonly excluded?: { has(name: string): boolean };
  /** The claim waits for its first consumer: without a node only a volume that names the claim will do. */
  readonly delayBinding: boolean;
}

/** The smallest volume that suits the claim; one whose claimRef names it comes first (upstream: FindMatchingVolume). */
export function findMatchingVolume<V extends VolumeLike>(
  c: ClaimLike,
  volumes: readonly V[],
  o: MatchOptions,
): V | undefined {
  const selector = c.spec.selector && labelSelectorAsSelector(c.spec.selector);
  let smallest: V | undefined;
  for (const v of volumes) {
    if (o.excluded?.has(v.metadata.name ?? '')) continue;
    if (v.spec.claimRef && !isVolumeBoundToClaim(v, c)) continue;
    if (!isBigEnough(c, v) || !sameVolumeMode(c, v) || v.metadata.deletionTimestamp) continue;
    if ((c.spec.volumeAttributesClassName ?? '') !== (v.spec.volumeAttributesClassName ?? '')) continue;
    if (o.node && !volumeFitsNode(v, o.node)) continue;
    if (v.spec.claimRef) return v;
    if (!o.node && o.delayBinding) continue;
    if (v.status.phase !== 'Available') continue;
    if (selector && !selector.matches(v.metadata.labels)) continue;
    if (classOfVolume(v) !== classOfClaim(c) || !hasAccessModes(c, v)) continue;
    if (!smallest || cmpQuantity(v.spec.capacity!['storage'] ?? '0', smallest.spec.capacity!['storage'] ?? '0') < 0)
      smallest = v;
  }
  return smallest;
}
