/** Names of objects: `namespace/name` keys, and apiVersion taken apart. */

export interface Named {
  readonly metadata: { readonly name?: string | undefined; readonly namespace?: string | undefined };
}

/** `namespace/name`, or `name` for cluster-scoped objects (upstream: cache.MetaNamespaceKeyFunc). */
export function objectKey(obj: Named): string {
  const { name = '', namespace } = obj.metadata;
  return namespace ? `${namespace}/${name}` : name;
}

export function splitObjectKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { namespace: slash < 0 ? '' : key.slice(0, slash), name: key.slice(slash + 1) };
}

/** `apps/v1` → group apps, version v1; `v1` → group ''. */
export function parseGroupVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: slash < 0 ? '' : apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export const groupVersionText = (group: string, version: string): string => (group ? `${group}/${version}` : version);
