/** StorageObjectInUseProtection: volumes and claims carry a finalizer that a controller takes away when nobody uses them. */
import type { AdmissionPlugin } from '../attributes.ts';

const finalizers: Readonly<Record<string, string>> = {
  '/persistentvolumes': 'kubernetes.io/pv-protection',
  '/persistentvolumeclaims': 'kubernetes.io/pvc-protection',
  'storage.k8s.io/volumeattributesclasses': 'kubernetes.io/vac-protection',
};

export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  handles: ['CREATE'],
  admit(a) {
    const finalizer = a.subresource ? undefined : finalizers[`${a.row.group}/${a.row.plural}`];
    const { object } = a;
    if (!finalizer || !object || object.metadata.finalizers?.includes(finalizer)) return object;
    const present = object.metadata.finalizers ?? [];
    return { ...object, metadata: { ...object.metadata, finalizers: [...present, finalizer] } };
  },
};
