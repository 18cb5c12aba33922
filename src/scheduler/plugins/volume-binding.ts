/**
 * Claims of the pod: bound volumes must be usable on the node; unbound claims that wait for their first consumer get a static volume
 * of the node (or their provisioner is told the node) before the pod is bound. Source: plugins/volumebinding.
 */
import { PersistentVolumeClaims, PersistentVolumes } from '../../api/core/v1/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/core/v1/types.ts';
import { selectorFromSet } from '../../machinery/index.ts';
import { cmpQuantity } from '../../machinery/quantity.ts';
import {
  boundByController,
  classOfClaim,
  findMatchingVolume,
  isFullyBound,
  selectedNode,
  volumeFitsNode,
} from '../../machinery/volume-match.ts';
import type { ClusterView, Plugin, PreBindIo, VolumeView } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import { type Status, unresolvable } from '../status.ts';

const name = 'VolumeBinding';
const nodeConflict = "node(s) didn't match PersistentVolume's node affinity";
const bindConflict = "node(s) didn't find available persistent volumes to bind";
const missingVolume = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';
const noProvisioner = 'kubernetes.io/no-provisioner';
const bindTimeoutMs = 600_000;
const pollMs = 50;

interface Claims {
  readonly bound: readonly PersistentVolumeClaim[];
  readonly waiting: readonly PersistentVolumeClaim[];
}
interface Choice {
  readonly bindings: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
  readonly provision: readonly PersistentVolumeClaim[];
}

/** The pod's claims, or why it has to wait whatever the node. */
function claimsOfPod(pod: Pod, volumes: VolumeView): Claims | string | undefined {
  const namespace = pod.metadata.namespace ?? '';
  const bound: PersistentVolumeClaim[] = [];
  const waiting: PersistentVolumeClaim[] = [];
  let immediate = false;
  for (const v of pod.spec.volumes ?? []) {
    const claimName =
      v.persistentVolumeClaim?.claimName ?? (v.ephemeral ? `${pod.metadata.name}-${v.name}` : undefined);
    if (claimName === undefined) continue;
    const claim = volumes.claim(namespace, claimName);
    if (!claim)
      return v.ephemeral
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${claimName}"`
        : `persistentvolumeclaim "${claimName}" not found`;
    if (claim.status.phase === 'Lost')
      return `persistentvolumeclaim "${claimName}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ''}"`;
    if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${claimName}" is being deleted`;
    if (v.ephemeral && !claim.metadata.ownerReferences?.some((r) => r.controller && r.uid === pod.metadata.uid))
      return `PVC ${namespace}/${claimName} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`;
    if (isFullyBound(claim)) bound.push(claim);
    else if (
      !claim.spec.volumeName &&
      volumes.storageClass(classOfClaim(claim))?.volumeBindingMode === 'WaitForFirstConsumer'
    )
      waiting.push(claim);
    else immediate = true;
  }
  if (immediate) return 'pod has unbound immediate PersistentVolumeClaims';
  return bound.length + waiting.length > 0 ? { bound, waiting } : undefined;
}

/** Volumes for the waiting claims on a node, or why there are none. */
export function chooseVolumes(
  { bound, waiting }: Claims,
  { node, name: nodeName }: NodeInfo,
  volumes: VolumeView,
): Choice | Status {
  for (const c of bound) {
    const v = volumes.volume(c.spec.volumeName ?? '');
    if (!v) return unresolvable(name, missingVolume);
    if (!volumeFitsNode(v, node!)) return unresolvable(name, nodeConflict);
  }
  const bindings: Choice['bindings'][number][] = [];
  const provision: PersistentVolumeClaim[] = [];
  const taken = new Set<string>();
  const size = (c: PersistentVolumeClaim): string => c.spec.resources.requests?.['storage'] ?? '0';
  for (const claim of [...waiting].sort((a, b) => cmpQuantity(size(a), size(b)))) {
    const selected = claim.metadata.annotations?.[selectedNode];
    if (selected !== undefined && selected !== nodeName) return unresolvable(name, bindConflict);
    const key = `${claim.metadata.namespace}/${claim.metadata.name}`;
    const excluded = { has: (v: string) => taken.has(v) || (volumes.promised.get(v) ?? key) !== key };
    const volume =
      selected === undefined
        ? findMatchingVolume(claim, volumes.volumesOfClass(classOfClaim(claim)), {
            node: node!,
            excluded,
            delayBinding: true,
          })
        : undefined;
    if (volume) {
      taken.add(volume.metadata.name ?? '');
      bindings.push({ claim, volume });
      continue;
    }
    const cls = volumes.storageClass(classOfClaim(claim));
    if (!cls?.provisioner || cls.provisioner === noProvisioner) return unresolvable(name, bindConflict);
    const allowed = cls.allowedTopologies ?? [];
    const fits = allowed.some((t) =>
      (t.matchLabelExpressions ?? []).every((e) =>
        e.values.some((x) => selectorFromSet({ [e.key]: x }).matches(node!.metadata.labels)),
      ),
    );
    if (allowed.length > 0 && !fits) return unresolvable(name, bindConflict);
    provision.push(claim);
  }
  return { bindings, provision };
}

export const volumeBinding: Plugin = {
  name,
  weight: 0,
  filter({ pod }, { volumes }) {
    const claims = claimsOfPod(pod, volumes);
    if (typeof claims === 'string') return { rejected: unresolvable(name, claims) };
    if (!claims) return undefined;
    return {
      check(n) {
        const found = chooseVolumes(claims, n, volumes);
        return 'code' in found ? found : undefined;
      },
    };
  },
  reserve({ pod }, node, cluster: ClusterView) {
    const { volumes } = cluster;
    const claims = claimsOfPod(pod, volumes);
    if (typeof claims === 'string') return claims;
    if (!claims?.waiting.length) return undefined;
    const choice = chooseVolumes(claims, node, volumes);
    if ('code' in choice) return choice.reasons.join(', ');
    for (const { claim, volume } of choice.bindings)
      volumes.promised.set(volume.metadata.name ?? '', `${claim.metadata.namespace}/${claim.metadata.name}`);
    return {
      preBind: (io) => writeBindings(io, choice, node.name, volumes),
      release() {
        for (const { volume } of choice.bindings) volumes.promised.delete(volume.metadata.name ?? '');
      },
    };
  },
  requeue: (e) =>
    e.kind === 'VolumeChange' || e.kind === 'NodeAdd' || e.kind === 'NodeUpdate' || e.kind === 'PodUpdate',
};

/** Points the volumes at the claims (or the claims at the node) and waits until the volume binder has bound them. */
async function writeBindings(
  { client, clock, signal }: PreBindIo,
  choice: Choice,
  nodeName: string,
  volumes: VolumeView,
): Promise<void> {
  for (const { claim, volume } of choice.bindings) {
    if (volume.spec.claimRef?.uid === claim.metadata.uid) continue;
    const { namespace, name: claimName, uid, resourceVersion } = claim.metadata;
    const claimRef = {
      kind: 'PersistentVolumeClaim',
      apiVersion: 'v1',
      namespace,
      name: claimName,
      uid,
      resourceVersion,
    };
    const annotations = volume.spec.claimRef
      ? volume.metadata.annotations
      : { ...volume.metadata.annotations, [boundByController]: 'yes' };
    await client.update(
      PersistentVolumes,
      { ...volume, metadata: { ...volume.metadata, annotations }, spec: { ...volume.spec, claimRef } },
      { signal },
    );
  }
  for (const claim of choice.provision) {
    if (claim.metadata.annotations?.[selectedNode] === nodeName) continue;
    const annotations = { ...claim.metadata.annotations, [selectedNode]: nodeName };
    await client.update(PersistentVolumeClaims, { ...claim, metadata: { ...claim.metadata, annotations } }, { signal });
  }
  const until = clock.monotonic() + bindTimeoutMs;
  const open = [...choice.bindings.map((b) => b.claim), ...choice.provision];
  for (;;) {
    const left = open.filter((c) => {
      const now = volumes.claim(c.metadata.namespace ?? '', c.metadata.name ?? '');
      if (!now) throw new Error(`persistentvolumeclaim "${c.metadata.name}" was deleted while it was being bound`);
      return !isFullyBound(now);
    });
    if (left.length === 0) return;
    if (clock.monotonic() >= until) throw new Error('binding volumes: context deadline exceeded');
    await clock.sleep(pollMs, signal);
  }
}
