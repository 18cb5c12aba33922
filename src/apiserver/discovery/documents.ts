/** The discovery documents, made once from the rows: groups, versions, resources, and all of it aggregated (KEP-3352). */
import type { AnyRow, Subresource } from '../../api/resource-row.ts';
import { apiVersionOf } from '../../api/resource-row.ts';

/** A group with its versions, preferred first. */
export interface DiscoveryGroup {
  readonly name: string;
  readonly versions: readonly string[];
  readonly preferred: string;
}

export interface DiscoveryDocuments {
  /** /api */
  readonly apiVersions: (serverAddress: string) => unknown;
  /** /apis */
  readonly groupList: unknown;
  /** /apis/GROUP */
  readonly groups: ReadonlyMap<string, unknown>;
  /** /api/v1, /apis/GROUP/VERSION, by `v1`, `apps/v1`. */
  readonly resourceLists: ReadonlyMap<string, unknown>;
  /** /api and /apis in the aggregated form. */
  readonly aggregatedLegacy: unknown;
  readonly aggregatedGroups: unknown;
}

const sortedVerbs = (verbs: readonly string[]): string[] => [...verbs].sort();

/** Groups of rows in their order; the first version that comes is preferred unless `known` says otherwise. */
export function discoveryGroups(
  rows: readonly AnyRow[],
  known: readonly { readonly name: string; readonly preferred: string }[],
): DiscoveryGroup[] {
  const out = new Map<string, string[]>();
  for (const g of known) if (rows.some((r) => r.group === g.name)) out.set(g.name, []);
  for (const r of rows) {
    const versions = out.get(r.group);
    if (!versions) out.set(r.group, [r.version]);
    else if (!versions.includes(r.version)) versions.push(r.version);
  }
  return [...out].map(([name, versions]) => ({
    name,
    versions,
    preferred: known.find((k) => k.name === name)?.preferred ?? versions[0]!,
  }));
}

function resourceEntries(row: AnyRow): unknown[] {
  const main = {
    name: row.plural,
    singularName: row.singular,
    namespaced: row.namespaced,
    kind: row.kind,
    verbs: sortedVerbs(row.verbs),
    ...(row.shortNames.length && { shortNames: row.shortNames }),
    ...(row.categories.length && { categories: row.categories }),
    ...(row.storageVersionHash && { storageVersionHash: row.storageVersionHash }),
  };
  const subs = row.subresources.map((s) => ({
    name: `${row.plural}/${s.name}`,
    singularName: '',
    namespaced: row.namespaced,
    ...(s.group !== undefined && s.group !== row.group && { group: s.group, version: s.version }),
    ...(s.group !== undefined && s.group === row.group && s.version !== row.version && { version: s.version }),
    kind: s.kind ?? row.kind,
    verbs: sortedVerbs(s.verbs),
  }));
  return [main, ...subs];
}

const byName = (a: { readonly plural: string }, b: { readonly plural: string }): number =>
  a.plural < b.plural ? -1 : a.plural > b.plural ? 1 : 0;

const kindOf = (row: AnyRow, s?: Subresource) => ({
  group: s?.group ?? row.group,
  version: s?.version ?? row.version,
  kind: s?.kind ?? row.kind,
});

function aggregatedResource(row: AnyRow): unknown {
  return {
    resource: row.plural,
    responseKind: kindOf(row),
    scope: row.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: row.singular,
    verbs: sortedVerbs(row.verbs),
    ...(row.shortNames.length && { shortNames: row.shortNames }),
    ...(row.categories.length && { categories: row.categories }),
    ...(row.subresources.length && {
      subresources: row.subresources.map((s) => ({
        subresource: s.name,
        responseKind: kindOf(row, s),
        verbs: sortedVerbs(s.verbs),
      })),
    }),
  };
}

export function discoveryDocuments(rows: readonly AnyRow[], groups: readonly DiscoveryGroup[]): DiscoveryDocuments {
  const rowsOf = (group: string, version: string) =>
    rows.filter((r) => r.group === group && r.version === version).sort(byName);
  const gv = (group: string, version: string) => ({ groupVersion: apiVersionOf({ group, version }), version });
  const apiGroup = (g: DiscoveryGroup) => ({
    name: g.name,
    versions: g.versions.map((v) => gv(g.name, v)),
    preferredVersion: gv(g.name, g.preferred),
  });
  const named = groups.filter((g) => g.name !== '');
  const aggregated = (list: readonly DiscoveryGroup[]) => ({
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: list.map((g) => ({
      metadata: g.name ? { name: g.name, creationTimestamp: null } : { creationTimestamp: null },
      versions: g.versions.map((version) => ({
        version,
        resources: rowsOf(g.name, version).map(aggregatedResource),
        freshness: 'Current',
      })),
    })),
  });
  const resourceLists = new Map<string, unknown>();
  for (const g of groups)
    for (const version of g.versions) {
      const groupVersion = apiVersionOf({ group: g.name, version });
      resourceLists.set(groupVersion, {
        kind: 'APIResourceList',
        ...(g.name !== '' && { apiVersion: 'v1' }),
        groupVersion,
        resources: rowsOf(g.name, version).flatMap(resourceEntries),
      });
    }
  return {
    apiVersions: (serverAddress) => ({
      kind: 'APIVersions',
      versions: groups.find((g) => g.name === '')?.versions ?? [],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
    }),
    groupList: { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(apiGroup) },
    groups: new Map(named.map((g) => [g.name, { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(g) }])),
    resourceLists,
    aggregatedLegacy: aggregated(groups.filter((g) => g.name === '')),
    aggregatedGroups: aggregated(named),
  };
}
