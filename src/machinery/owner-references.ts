/** Owner references: who controls an object, and the reference a controller writes (upstream: apis/meta/v1/controller_ref.go). */

export interface OwnerReferenceLike {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean | undefined;
  readonly blockOwnerDeletion?: boolean | undefined;
}
export interface HasOwners {
  readonly metadata: { readonly ownerReferences?: readonly OwnerReferenceLike[] | undefined };
}
export interface Owner {
  readonly metadata: { readonly name?: string | undefined; readonly uid?: string | undefined };
}

/** The reference of the managing controller. */
export const getControllerOf = (obj: HasOwners): OwnerReferenceLike | undefined =>
  obj.metadata.ownerReferences?.find((r) => r.controller === true);

export const isControlledBy = (obj: HasOwners, owner: Owner): boolean => {
  const ref = getControllerOf(obj);
  return ref !== undefined && ref.uid === owner.metadata.uid;
};

/** The reference by which `owner` controls an object and keeps a foreground delete waiting for it. */
export const newControllerRef = (
  owner: Owner,
  gvk: { readonly apiVersion: string; readonly kind: string },
): OwnerReferenceLike => ({
  apiVersion: gvk.apiVersion,
  kind: gvk.kind,
  name: owner.metadata.name ?? '',
  uid: owner.metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});
