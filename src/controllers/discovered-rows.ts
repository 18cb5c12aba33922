/** Rows of kinds that the table does not know (custom resources), made from what discovery says of them. */
import { ConfigMaps } from '../api/core/v1/resources.ts';
import type { AnyRow } from '../api/resource-row.ts';
import type { Client } from '../client/client.ts';

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: AnyRow['verbs'];
}

/** A row good enough for metadata and paths. */
const rowOf = (group: string, version: string, r: ApiResource): AnyRow => ({
  ...ConfigMaps,
  group,
  version,
  kind: r.kind,
  plural: r.name,
  singular: r.kind.toLowerCase(),
  shortNames: [],
  namespaced: r.namespaced,
  verbs: r.verbs,
  subresources: [],
  registryPath: `${group}/${r.name}`,
  strategy: {},
});

/** The kinds of one group and version. */
export async function discoverVersion(client: Client, group: string, version: string): Promise<readonly AnyRow[]> {
  const path = group ? `/apis/${group}/${version}` : `/api/${version}`;
  const found = (await client.raw('GET', path)) as { readonly resources?: readonly ApiResource[] };
  return (found.resources ?? []).filter((r) => !r.name.includes('/')).map((r) => rowOf(group, version, r));
}

/** Kinds that can be listed and deleted, in groups none of the known rows is of. */
export async function discoverUnknown(client: Client, known: readonly AnyRow[]): Promise<readonly AnyRow[]> {
  const found = (await client.raw('GET', '/apis')) as {
    readonly groups?: readonly { readonly name: string; readonly preferredVersion: { readonly version: string } }[];
  };
  const knownGroups = new Set(known.map((r) => r.group));
  const out: AnyRow[] = [];
  for (const g of found.groups ?? []) {
    if (knownGroups.has(g.name)) continue;
    const rows = await discoverVersion(client, g.name, g.preferredVersion.version);
    out.push(...rows.filter((r) => r.verbs.includes('list') && r.verbs.includes('delete')));
  }
  return out;
}
