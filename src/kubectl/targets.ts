/** What the arguments of a command name: `pods`, `pod web`, `pod/web svc/api`, `pods,services -l app=web` (upstream: cli-runtime resource builder). */
import { CommandError, throwAll, UsageError, withSource } from './failure.ts';
import { type Mapper, type Mapping, pathOf } from './mapper.ts';
import type { Session } from './session.ts';
import type { Thing, ThingList } from './thing.ts';

/** One object, or all of a kind (`name` absent). */
export interface Target {
  readonly mapping: Mapping;
  readonly name?: string;
}

/** An object as it is on the server, or in a file (`source`). */
export interface Found {
  readonly mapping: Mapping;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly object: Thing;
  readonly source?: string;
}

function typesOf(mapper: Mapper, words: string): readonly Mapping[] {
  return words.split(',').flatMap((w) => {
    if (!w) throw new CommandError('arguments in resource/name form must have a single resource and name');
    const many = mapper.category(w);
    return many.length ? many : [mapper.byName(w)];
  });
}

/** @throws CommandError, UsageError with upstream's words */
export function parseTargets(mapper: Mapper, args: readonly string[], defaultType?: string): readonly Target[] {
  if (args.length === 0) return [];
  if (args.some((a) => a.includes('/'))) {
    const bare = args.find((a) => !a.includes('/'));
    if (bare !== undefined && !defaultType)
      throw new CommandError(
        `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'`,
      );
    return args.map((a) => {
      const [type, name, more] = a.includes('/') ? a.split('/') : [defaultType!, a];
      if (!type || !name || more !== undefined)
        throw new CommandError(`arguments in resource/name form may not have more than one slash`);
      return { mapping: mapper.byName(type), name };
    });
  }
  if (defaultType) return args.map((name) => ({ mapping: mapper.byName(defaultType), name }));
  const [types, ...names] = args;
  const mappings = typesOf(mapper, types!);
  if (names.length === 0) return mappings.map((mapping) => ({ mapping }));
  return mappings.flatMap((mapping) => names.map((name) => ({ mapping, name })));
}

export interface FindOptions {
  /** Arguments without a type are names of this kind. */
  readonly defaultType?: string;
  /** A kind without names needs `--all` or a selector. */
  readonly needsNames?: boolean;
  /** What is not found is left out. */
  readonly ignoreNotFound?: boolean;
  /** Missing ones are gathered, the rest is answered with them. */
  readonly errors?: unknown[];
  readonly args?: readonly string[];
}

/** The objects that files and arguments name, as the server has them now. */
export async function findObjects(s: Session, o: FindOptions = {}): Promise<readonly Found[]> {
  const mapper = await s.mapper();
  const files = s.flags.list('filename');
  const errors = o.errors ?? [];
  const found: Found[] = [];
  const args = o.args ?? s.flags.args;
  const fetchOne = async (mapping: Mapping, name: string, namespace: string | undefined, source?: string) => {
    try {
      const object = await s.api.json<Thing>('GET', pathOf(mapping, namespace, name), { signal: s.io.signal });
      found.push({ mapping, namespace, name, object, ...(source && { source }) });
    } catch (e) {
      if (!(o.ignoreNotFound && (e as { code?: number }).code === 404))
        errors.push(withSource('retrieving', undefined, e));
    }
  };
  if (files.length) {
    const { readManifests } = await import('./manifest.ts');
    for (const m of await readManifests(s)) await fetchOne(m.mapping, m.name, m.namespace, m.source);
  } else {
    const selector = s.flags.text('selector');
    const fieldSelector = s.flags.text('field-selector');
    const all = s.flags.bool('all');
    const everywhere = s.flags.bool('all-namespaces');
    const targets = parseTargets(mapper, args, o.defaultType);
    if (targets.length === 0 && !(o.defaultType && (selector || all)))
      throw new UsageError(
        "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
      );
    const list = targets.length ? targets : [{ mapping: mapper.byName(o.defaultType!) }];
    for (const t of list) {
      const namespace = t.mapping.namespaced ? s.namespace : undefined;
      if (t.name !== undefined) {
        if (selector) throw new CommandError('name cannot be provided when a selector is specified');
        if (everywhere && t.mapping.namespaced)
          throw new CommandError('a resource cannot be retrieved by name across all namespaces');
        await fetchOne(t.mapping, t.name, namespace);
        continue;
      }
      if (o.needsNames && !selector && !fieldSelector && !all)
        throw new CommandError('resource(s) were provided, but no name was specified');
      const answer = await s.api.json<ThingList>('GET', pathOf(t.mapping, everywhere ? undefined : namespace), {
        query: { labelSelector: selector, fieldSelector, limit: 500 },
        signal: s.io.signal,
      });
      found.push(...foundIn(t.mapping, answer));
      for (let next = answer.metadata.continue; next; ) {
        const more = await s.api.json<ThingList>('GET', pathOf(t.mapping, everywhere ? undefined : namespace), {
          query: { labelSelector: selector, fieldSelector, limit: 500, continue: next },
          signal: s.io.signal,
        });
        found.push(...foundIn(t.mapping, more));
        next = more.metadata.continue;
      }
    }
  }
  if (!o.errors) throwAll(errors);
  return found;
}

/** Items of a list do not say what they are; objects alone do. */
function foundIn(mapping: Mapping, list: ThingList): Found[] {
  const apiVersion = mapping.group ? `${mapping.group}/${mapping.version}` : mapping.version;
  return (list.items ?? []).map((i) => ({
    mapping,
    namespace: i.metadata.namespace,
    name: i.metadata.name ?? '',
    object: { ...i, apiVersion, kind: mapping.kind },
  }));
}
