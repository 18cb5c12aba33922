/** Which resource a word of the command line or a kind of a file means, from the server's discovery (upstream: restmapper, KEP-3352). */
import { CommandError } from './failure.ts';
import type { Api } from './api.ts';

export interface Mapping {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
}

export interface Mapper {
  /** Preferred versions first. */
  readonly all: readonly Mapping[];
  /** `po`, `pods`, `Pod`, `deployments.apps`, `deployments.v1.apps`. @throws CommandError */
  byName(name: string): Mapping;
  byKind(apiVersion: string, kind: string): Mapping | undefined;
  /** Kinds of `all` and other categories; empty when there is no such category. */
  category(name: string): readonly Mapping[];
}

interface DiscoveryList {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly responseKind?: { readonly group?: string; readonly version?: string; readonly kind?: string };
        readonly scope: string;
        readonly singularResource?: string;
        readonly verbs: readonly string[];
        readonly shortNames?: readonly string[];
        readonly categories?: readonly string[];
        readonly subresources?: readonly { readonly subresource: string }[];
      }[];
    }[];
  }[];
}

const accept =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

/** Asks /api and /apis. */
export async function discover(api: Api): Promise<Mapper> {
  const [legacy, groups] = await Promise.all([
    api.json<DiscoveryList>('GET', '/api', { accept }),
    api.json<DiscoveryList>('GET', '/apis', { accept }),
  ]);
  return createMapper(
    [...(legacy.items ?? []), ...(groups.items ?? [])].flatMap((g) =>
      (g.versions ?? []).flatMap((v) =>
        (v.resources ?? []).map((r) => ({
          group: g.metadata?.name ?? '',
          version: v.version,
          kind: r.responseKind?.kind ?? '',
          plural: r.resource,
          singular: r.singularResource ?? '',
          namespaced: r.scope === 'Namespaced',
          shortNames: r.shortNames ?? [],
          categories: r.categories ?? [],
          verbs: r.verbs,
          subresources: (r.subresources ?? []).map((s) => s.subresource),
        })),
      ),
    ),
  );
}

/** `all` in the order of preference. */
export function createMapper(all: readonly Mapping[]): Mapper {
  const find = (name: string): Mapping | undefined => {
    const [word, ...tail] = name.toLowerCase().split('.');
    const scoped =
      tail.length === 0
        ? all
        : all.filter(
            (m) => m.group === tail.join('.') || (m.version === tail[0] && m.group === tail.slice(1).join('.')),
          );
    return (
      scoped.find((m) => m.plural === word) ??
      scoped.find((m) => m.singular === word || m.kind.toLowerCase() === word) ??
      scoped.find((m) => m.shortNames.includes(word!)) ??
      (tail.length
        ? all.find((m) => m.plural === word && m.group.startsWith(tail.join('.')) && m.group !== '')
        : undefined)
    );
  };
  return {
    all,
    byName: (name) =>
      find(name) ??
      (() => {
        throw new CommandError(`the server doesn't have a resource type "${name.split('.')[0]}"`);
      })(),
    byKind: (apiVersion, kind) => all.find((m) => m.kind === kind && apiVersionOf(m) === apiVersion),
    category(name) {
      const seen = new Set<string>();
      return all.filter((m) => {
        const id = `${m.group}/${m.plural}`;
        if (!m.categories.includes(name) || !m.verbs.includes('list') || seen.has(id)) return false;
        return seen.add(id);
      });
    },
  };
}

export const apiVersionOf = (m: { readonly group: string; readonly version: string }): string =>
  m.group ? `${m.group}/${m.version}` : m.version;

/** `/api/v1/namespaces/default/pods/web/log` */
export function pathOf(m: Mapping, namespace: string | undefined, name?: string, subresource?: string): string {
  const root = m.group ? `/apis/${m.group}/${m.version}` : `/api/${m.version}`;
  const ns = m.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${ns}/${m.plural}${name ? `/${encodeURIComponent(name)}` : ''}${subresource ? `/${subresource}` : ''}`;
}

/** `pod`, `deployment.apps`: how messages name a kind. */
export const kindText = (m: Mapping): string => (m.group ? `${m.kind.toLowerCase()}.${m.group}` : m.kind.toLowerCase());
/** `pods`, `deployments.apps`. */
export const resourceText = (m: Mapping): string => (m.group ? `${m.plural}.${m.group}` : m.plural);
