/** DefaultStorageClass: a claim without a class gets the default one. */
import type { PersistentVolumeClaim } from '../../api/core/v1/types.ts';
import type { AdmissionPlugin } from '../attributes.ts';
import { newestMarked } from './default-class.ts';
import { isFor } from './refusal.ts';

const marks = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  handles: ['CREATE'],
  admit(a, reader) {
    if (!isFor(a, 'persistentvolumeclaims')) return a.object;
    const claim = a.object as PersistentVolumeClaim;
    const annotated = claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined;
    if (!claim.spec || annotated || claim.spec.storageClassName !== undefined) return claim;
    const found = newestMarked(reader.list({ group: 'storage.k8s.io', plural: 'storageclasses' }), (c) =>
      marks.some((m) => c.metadata.annotations?.[m] === 'true'),
    );
    return found ? { ...claim, spec: { ...claim.spec, storageClassName: found.metadata.name } } : claim;
  },
};
