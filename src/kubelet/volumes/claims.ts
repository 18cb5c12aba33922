/** From a volume of a pod that names a claim to the PersistentVolume behind it (upstream: desired_state_of_world_populator.go createVolumeSpec). */
import { PersistentVolumeClaims, PersistentVolumes } from '../../api/core/v1/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '../../api/core/v1/types.ts';
import type { Client } from '../../client/client.ts';
import { initOf, nameOf, namespaceOf, uidOf } from '../pod/identity.ts';

/** A volume of which it is not even known what to mount. */
export class ProcessFault extends Error {}

/** Of a generic ephemeral volume too: `<pod>-<volume>`. */
export const claimNameOf = (pod: Pod, v: Volume): string | undefined =>
  v.persistentVolumeClaim?.claimName ?? (v.ephemeral ? `${nameOf(pod)}-${v.name}` : undefined);

async function boundClaim(client: Client, namespace: string, name: string): Promise<PersistentVolumeClaim> {
  const pvc = await client.get(PersistentVolumeClaims, { namespace, name }).catch((e: Error) => {
    throw new Error(`failed to fetch PVC from API server: ${e.message}`);
  });
  const isProtected = pvc.metadata.finalizers?.includes('kubernetes.io/pvc-protection');
  if (pvc.metadata.deletionTimestamp && !isProtected) throw new Error('PVC is being deleted');
  if (pvc.status.phase !== 'Bound') throw new Error('PVC is not bound');
  if (!pvc.spec.volumeName) throw new Error('PVC has empty pvc.Spec.VolumeName');
  return pvc;
}

async function volumeOf(client: Client, pvc: PersistentVolumeClaim): Promise<PersistentVolume> {
  const name = pvc.spec.volumeName!;
  const pv = await client.get(PersistentVolumes, { name }).catch((e: Error) => {
    throw new Error(`failed to fetch PV ${name} from API server: ${e.message}`);
  });
  const ref = pv.spec.claimRef;
  if (!ref)
    throw new Error(
      `found PV object ${name} but it has a nil pv.Spec.ClaimRef indicating it is not yet bound to the claim`,
    );
  if (ref.uid !== pvc.metadata.uid)
    throw new Error(
      `found PV object ${name} but its pv.Spec.ClaimRef.UID ${ref.uid ?? ''} does not point to claim.UID ${pvc.metadata.uid}`,
    );
  return pv;
}

/** Throws ProcessFault. */
export async function resolveClaim(
  client: Client,
  pod: Pod,
  volume: Volume,
): Promise<{ readonly pv: PersistentVolume; readonly readOnly: boolean }> {
  const namespace = namespaceOf(pod);
  const name = claimNameOf(pod, volume)!;
  const inProcessing = (e: Error): never => {
    throw new ProcessFault(`error processing PVC ${namespace}/${name}: ${e.message}`);
  };
  const pvc = await boundClaim(client, namespace, name).catch(inProcessing);
  const isOurs = pvc.metadata.ownerReferences?.some((r) => r.controller && r.uid === uidOf(pod));
  if (volume.ephemeral && !isOurs)
    throw new ProcessFault(
      `PVC ${namespace}/${name} was not created for pod ${namespace}/${nameOf(pod)} (pod is not owner)`,
    );
  const pv = await volumeOf(client, pvc).catch(inProcessing);
  const mode = pv.spec.volumeMode ?? 'Filesystem';
  const all = [...initOf(pod), ...pod.spec.containers];
  const wrong = (field: 'volumeMounts' | 'volumeDevices', wanted: string) => {
    if (mode !== wanted && all.some((c) => c[field]?.some((m) => m.name === volume.name)))
      throw new ProcessFault(`volume ${volume.name} has volumeMode ${mode}, but is specified in ${field}`);
  };
  wrong('volumeMounts', 'Filesystem');
  wrong('volumeDevices', 'Block');
  return { pv, readOnly: volume.persistentVolumeClaim?.readOnly ?? false };
}
