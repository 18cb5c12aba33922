/** What the arguments and files of a command name: `pods`, `pod web`, `pod/web svc/api`, `-f dir`, `pods,services -l app=web` (upstream: cli-runtime resource builder). */
import { StatusError } from '../machinery/status-error.ts';
import { CommandError, throwAll } from './failure.ts';
import { apiVersionOf, type Mapper, type Mapping, pathOf } from './mapper.ts';
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

/** What names objects when nothing else does. */
export const nothingNamed = (): CommandError =>
  new CommandError(
    "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
  );

const unique = (words: string): readonly string[] => [...new Set(words.split(','))];

function mappingsOf(mapper: Mapper, words: string): readonly Mapping[] {
  const out: Mapping[] = [];
  const all = words.split(',').flatMap((word): readonly Mapping[] => {
    const many = mapper.category(word);
    return many.length ? many : [mapper.byName(word)];
  });
  for (const m of all) {
    if (!out.some((x) => x.group === m.group && x.kind === m.kind && x.version === m.version)) out.push(m);
  }
  return out;
}

/** @throws CommandError with upstream's words */
export function parseTargets(mapper: Mapper, args: readonly string[], defaultType?: string): readonly Target[] {
  if (args.length === 0) return [];
  if (defaultType)
    return args.map((a) => {
      if (!a.includes('/')) return { mapping: mapper.byName(defaultType), name: a };
      return tuple(mapper, a);
    });
  const types = args.length >= 2 ? unique(args[0]!) : [];
  const words = types.length > 1 ? types.flatMap((t) => args.slice(1).map((n) => `${t}/${n}`)) : args;
  const slashes = words.filter((w) => w.includes('/')).length;
  if (slashes > 0 && slashes !== words.length)
    throw new CommandError(
      `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'`,
    );
  if (slashes > 0) return words.map((w) => tuple(mapper, w));
  const [type, ...names] = words;
  const mappings = mappingsOf(mapper, type!);
  if (names.length === 0) return mappings.map((mapping) => ({ mapping }));
  if (mappings.length > 1) throw new CommandError('you must specify only one resource');
  return names.map((name) => ({ mapping: mappings[0]!, name }));
}

function tuple(mapper: Mapper, word: string): Target {
  const parts = word.split('/');
  if (parts.length !== 2) throw new CommandError('arguments in resource/name form may not have more than one slash');
  const [type, name] = parts;
  if (!type || !name || unique(type).length !== 1)
    throw new CommandError('arguments in resource/name form must have a single resource and name');
  return { mapping: mapper.byName(type), name };
}

export interface FindOptions {
  /** Arguments without a type are names of this kind. */
  readonly defaultType?: string;
  /** A kind without names needs `--all` or a selector. */
  readonly needsNames?: boolean;
  /** What is not found is left out. */
  readonly ignoreNotFound?: boolean;
  /** What fails is gathered here and the rest is answered; without it the first failure ends the search. */
  readonly errors?: unknown[];
  readonly args?: readonly string[];
  /** Not the flags of this verb: what `-l` and others mean there is something else. */
  readonly noSelectors?: boolean;
  /** Objects of files as they are in the file, without asking the server for them. */
  readonly asInFile?: boolean;
  /** Named objects are not asked for: they are known by name alone. */
  readonly byNameOnly?: boolean;
  /** More than one kind is refused. */
  readonly oneKind?: boolean;
  /** `--all` is a selector of everything (`delete`); elsewhere it only allows a kind without names. */
  readonly selectAll?: boolean;
  readonly subresource?: string | undefined;
  /** How many objects a list asks for at once; 0 = all. */
  readonly chunk?: number;
}

/** Whether one object alone was named: it is shown as itself, not as a list. */
export interface Search {
  readonly found: readonly Found[];
  readonly single: boolean;
}

export async function findObjects(s: Session, o: FindOptions = {}): Promise<readonly Found[]> {
  return (await search(s, o)).found;
}

/** The objects that files and arguments name, as the server has them now. */
export async function search(s: Session, o: FindOptions = {}): Promise<Search> {
  const plan = await planOf(s, o);
  const errors = o.errors ?? [];
  const found: Found[] = [];
  for (const step of plan.steps) {
    try {
      for (const f of await carryOut(s, step, o)) found.push(f);
    } catch (e) {
      if (!(o.ignoreNotFound && (e as { code?: number }).code === 404)) errors.push(e);
      if (!o.errors) break;
    }
  }
  if (!o.errors) throwAll(errors);
  return { found, single: plan.single };
}

/** One request: an object by name, one of a file, or all of a kind. */
export interface Step {
  readonly mapping: Mapping;
  readonly namespace: string | undefined;
  readonly name?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly given?: { readonly object: Thing; readonly source: string };
}
export interface Plan {
  readonly steps: readonly Step[];
  readonly single: boolean;
}

/** What is to be asked, in order. @throws CommandError for words that do not fit together */
export async function planOf(s: Session, o: FindOptions = {}): Promise<Plan> {
  const { flags } = s;
  const mapper = await s.mapper();
  const args = o.args ?? flags.args;
  const files = flags.list('filename').length > 0 || Boolean(flags.text('kustomize'));
  const selector = o.noSelectors ? undefined : flags.text('selector') || undefined;
  const fieldSelector = o.noSelectors ? undefined : flags.text('field-selector') || undefined;
  const all = !o.noSelectors && flags.bool('all');
  const everywhere = !o.noSelectors && flags.bool('all-namespaces');
  if (o.selectAll && all && (selector !== undefined || fieldSelector !== undefined))
    throw new CommandError("setting 'all' parameter but found a non empty selector. ");
  const targets = parseTargets(mapper, args, o.defaultType);
  if (o.oneKind && new Set(targets.map((t) => t.mapping)).size > 1)
    throw new CommandError('you may only specify a single resource type');
  if (files) {
    if (targets.some((t) => t.name === undefined) || (targets.length && !args[0]!.includes('/') && !o.defaultType))
      throw new CommandError(
        'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
      );
    if (targets.length && o.defaultType) throw new CommandError('name cannot be provided when a path is specified');
    if (targets.length) throw new CommandError('resource/name arguments cannot be provided when a path is specified');
    const { readManifests, isSingle } = await import('./manifest.ts');
    const { parseLabelSelector } = await import('../machinery/label-selector.ts');
    const wanted = selector === undefined ? undefined : parseLabelSelector(selector);
    const manifests = await readManifests(s, o.errors ? { errors: o.errors } : {});
    return {
      single: isSingle(s),
      steps: manifests
        .filter((m) => wanted === undefined || wanted.matches(m.object.metadata.labels ?? {}))
        .map((m) => ({
          mapping: m.mapping,
          namespace: m.namespace,
          name: m.name,
          given: { object: flags.bool('local') ? m.raw : m.object, source: m.source },
        })),
    };
  }
  const kinds = targets.filter((t) => t.name === undefined);
  if (
    selector !== undefined ||
    fieldSelector !== undefined ||
    (all && o.selectAll) ||
    (kinds.length && (all || !o.needsNames))
  ) {
    if (targets.length > kinds.length)
      throw new CommandError(
        args.some((a) => a.includes('/'))
          ? 'selectors and the all flag cannot be used when passing resource/name arguments'
          : 'name cannot be provided when a selector is specified',
      );
    const mappings = targets.length
      ? kinds.map((t) => t.mapping)
      : o.defaultType
        ? [mapper.byName(o.defaultType)]
        : undefined;
    if (!mappings) throw new CommandError('at least one resource must be specified to use a selector');
    if (o.subresource) throw new CommandError('subresource cannot be used when bulk resources are specified');
    return {
      single: false,
      steps: mappings.map((mapping) => ({
        mapping,
        namespace: mapping.namespaced && !everywhere ? s.namespace : undefined,
        ...(selector !== undefined && { labelSelector: selector }),
        ...(fieldSelector !== undefined && { fieldSelector }),
      })),
    };
  }
  if (kinds.length) throw new CommandError('resource(s) were provided, but no name was specified');
  if (targets.length === 0) throw nothingNamed();
  if (everywhere && targets.some((t) => t.mapping.namespaced))
    throw new CommandError('a resource cannot be retrieved by name across all namespaces');
  return {
    single: targets.length === 1,
    steps: targets.map((t) => ({
      mapping: t.mapping,
      namespace: t.mapping.namespaced ? s.namespace : undefined,
      name: t.name!,
    })),
  };
}

/** What one step finds. @throws StatusError */
export async function carryOut(s: Session, step: Step, o: FindOptions): Promise<readonly Found[]> {
  const { mapping, namespace, name, given } = step;
  if (name !== undefined) {
    const source = given ? { source: given.source } : {};
    if (given && o.asInFile) return [{ mapping, namespace, name, object: given.object, ...source }];
    if (!given && o.byNameOnly)
      return [{ mapping, namespace, name, object: { apiVersion: '', kind: mapping.kind, metadata: { name } } }];
    if (!name) throw new CommandError('resource name may not be empty');
    const path = pathOf(mapping, namespace, name, o.subresource);
    const object = await s.api.json<Thing>('GET', path, { signal: s.io.signal });
    return [{ mapping, namespace, name, object, ...source }];
  }
  const out: Found[] = [];
  for await (const list of pages<ThingList>(s, step, { chunk: o.chunk ?? 500 })) out.push(...foundIn(mapping, list));
  return out;
}

/** A list in pieces, as large as asked for. */
export async function* pages<T extends { readonly metadata?: { readonly continue?: string } }>(
  s: Session,
  step: Step,
  o: { readonly chunk: number; readonly accept?: string; readonly query?: Readonly<Record<string, string>> },
): AsyncIterable<T> {
  let next: string | undefined;
  do {
    const page: T = await s.api
      .json<T>('GET', pathOf(step.mapping, step.namespace), {
        ...(o.accept !== undefined && { accept: o.accept }),
        query: {
          ...o.query,
          labelSelector: step.labelSelector,
          fieldSelector: step.fieldSelector,
          limit: o.chunk > 0 ? o.chunk : undefined,
          continue: next,
        },
        signal: s.io.signal,
      })
      .catch((e: unknown) => {
        throw withSelector(step, e);
      });
    yield page;
    next = page.metadata?.continue;
  } while (next);
}

/** A refused selector is said with the kind it was for. */
function withSelector(step: Step, e: unknown): unknown {
  if (!(e instanceof StatusError) || (step.labelSelector === undefined && step.fieldSelector === undefined)) return e;
  if (e.reason !== 'BadRequest' && e.reason !== 'NotFound') return e;
  const m = step.mapping;
  return StatusError.fromStatus({
    ...e.status,
    message: `Unable to find "${m.group ? `${m.group}/` : '/'}${m.version}, Resource=${m.plural}" that match label selector ${JSON.stringify(step.labelSelector ?? '')}, field selector ${JSON.stringify(step.fieldSelector ?? '')}: ${e.message}`,
  });
}

/** Items of a list do not say what they are; objects alone do. */
export function foundIn(mapping: Mapping, list: ThingList): Found[] {
  return (list.items ?? []).map((i) => ({
    mapping,
    namespace: i.metadata.namespace,
    name: i.metadata.name ?? '',
    object: { ...i, apiVersion: apiVersionOf(mapping), kind: mapping.kind },
  }));
}
