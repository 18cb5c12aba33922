/** PersistentVolumeClaimResize: a claim grows only when it is bound and its class can expand volumes. */
import type { PersistentVolumeClaim } from '../../api/core/v1/types.ts';
import type { StorageClass } from '../../api/storage/v1/types.ts';
import { cmpQuantity } from '../../machinery/quantity.ts';
import type { AdmissionPlugin } from '../attributes.ts';
import { isFor, refuse } from './refusal.ts';

const classOf = (c: PersistentVolumeClaim): string =>
  c.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? c.spec?.storageClassName ?? '';
const sizeOf = (c: PersistentVolumeClaim): string => c.spec?.resources?.requests?.['storage'] ?? '0';

export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  handles: ['UPDATE'],
  validate(a, reader) {
    if (!isFor(a, 'persistentvolumeclaims')) return;
    const claim = a.object as PersistentVolumeClaim;
    const old = a.oldObject as PersistentVolumeClaim;
    if (cmpQuantity(sizeOf(claim), sizeOf(old)) <= 0) return;
    if (old.status?.phase !== 'Bound') throw refuse(a, 'Only bound persistent volume claims can be expanded');
    const name = classOf(claim);
    const found =
      name && name === classOf(old)
        ? reader.get<StorageClass>({ group: 'storage.k8s.io', plural: 'storageclasses' }, '', name)
        : undefined;
    if (!found?.allowVolumeExpansion)
      throw refuse(
        a,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
  },
};
