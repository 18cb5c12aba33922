/** What a claim uses: itself and its storage, also by its class (upstream: pkg/quota/v1/evaluator/core/persistent_volume_claims.go). */
import { cmpQuantity, value } from '../../machinery/quantity.ts';
import type { ResourceList } from '../../machinery/resource-lists.ts';
import type { PersistentVolumeClaim } from '../core/v1/types.ts';
import type { KubeObject } from '../resource-row.ts';
import type { QuotaEvaluator } from './evaluator.ts';

const count = 'count/persistentvolumeclaims';
const own = ['persistentvolumeclaims', 'requests.storage'];
const ofClass = '.storageclass.storage.k8s.io/';
const asClaim = (obj: KubeObject): PersistentVolumeClaim => obj as PersistentVolumeClaim;

const classOf = (c: PersistentVolumeClaim): string =>
  c.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? c.spec.storageClassName ?? '';

/** The request, or what was allocated if that is more; whole bytes. */
function storageOf(c: PersistentVolumeClaim): string | undefined {
  const asked = c.spec.resources.requests?.['storage'];
  if (asked === undefined) return undefined;
  const got = c.status.allocatedResources?.['storage'];
  const most = got !== undefined && cmpQuantity(got, asked) > 0 ? got : asked;
  const whole = String(value(most));
  return cmpQuantity(whole, most) === 0 ? most : whole;
}

/** Claims by the class of volume attributes they ask for, have or are getting. */
function attributesClasses(c: PersistentVolumeClaim): readonly string[] {
  const names = [
    c.spec.volumeAttributesClassName,
    c.status.currentVolumeAttributesClassName,
    c.status.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return [...new Set(names.filter((n): n is string => n !== undefined && n !== ''))];
}

export const claimEvaluator: QuotaEvaluator = {
  handles: ({ subresource, object, old }) =>
    subresource === '' ||
    (subresource === 'status' && old !== undefined && storageOf(asClaim(old)) !== storageOf(asClaim(object))),
  matching: (asked) =>
    asked.filter((n) => n === count || own.includes(n) || own.some((o) => n.endsWith(`${ofClass}${o}`))),
  usage(obj) {
    const c = asClaim(obj);
    const name = classOf(c);
    const storage = storageOf(c);
    const plain: ResourceList = {
      persistentvolumeclaims: '1',
      ...(storage !== undefined && { 'requests.storage': storage }),
    };
    const classed = name ? Object.entries(plain).map(([n, v]) => [`${name}${ofClass}${n}`, v] as const) : [];
    return { [count]: '1', ...plain, ...Object.fromEntries(classed) };
  },
  matchesScope(s, obj) {
    if (s.scopeName !== 'VolumeAttributesClass') return false;
    const classes = attributesClasses(asClaim(obj));
    switch (s.operator) {
      case 'Exists':
        return classes.length > 0;
      case 'DoesNotExist':
        return classes.length === 0;
      case 'In':
        return classes.some((n) => s.values?.includes(n));
      case 'NotIn':
        return !classes.some((n) => s.values?.includes(n));
      default:
        return false;
    }
  },
  frees: (old, obj) => storageOf(asClaim(old)) !== storageOf(asClaim(obj)),
};
