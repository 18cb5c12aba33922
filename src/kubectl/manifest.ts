/** Objects in files: YAML or JSON, several to a file, lists taken apart, directories, patterns, URLs, standard input (upstream: cli-runtime resource visitors). */
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseYaml } from '../schema/yaml.ts';
import { CommandError, throwAll } from './failure.ts';
import type { Mapper, Mapping } from './mapper.ts';
import type { Session } from './session.ts';
import { isMap, sortedJson, type Thing } from './thing.ts';

export interface Manifest {
  readonly mapping: Mapping;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly object: Thing;
  /** The object as it is in the file, without the namespace of the command. */
  readonly raw: Thing;
  /** The file, as messages name it (`STDIN` for standard input). */
  readonly source: string;
}

interface Source {
  readonly name: string;
  readonly text: string;
}

const extensions = ['.json', '.yaml', '.yml'];

function filesBelow(path: string, recursive: boolean): readonly string[] {
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((e) => {
      const full = join(path, e.name);
      if (e.isDirectory()) return recursive ? filesBelow(full, true) : [];
      return extensions.some((x) => e.name.endsWith(x)) ? [full] : [];
    });
}

const isDirectory = (name: string): boolean | undefined => statSync(name, { throwIfNoEntry: false })?.isDirectory();

async function download(url: string): Promise<string> {
  let answer: Response;
  try {
    answer = await fetch(url);
  } catch (e) {
    const cause = (e as Error).cause as { readonly code?: string } | undefined;
    if (cause?.code === 'ECONNREFUSED')
      throw Object.assign(
        new CommandError(
          `The connection to the server ${new URL(url).host} was refused - did you specify the right host or port?`,
        ),
        { plain: true },
      );
    throw new CommandError(`unable to read URL ${JSON.stringify(url)}: ${cause?.code ?? (e as Error).message}`);
  }
  if (answer.status !== 200)
    throw new CommandError(
      `unable to read URL ${JSON.stringify(url)}, server reported ${answer.status} ${answer.statusText}, status code=${answer.status}`,
    );
  return answer.text();
}

async function sources(s: Session, names: readonly string[], fail: (e: unknown) => void): Promise<readonly Source[]> {
  const out: Source[] = [];
  const recursive = s.flags.bool('recursive');
  for (const given of names) {
    if (given === '-') {
      const parts: Buffer[] = [];
      for await (const c of s.io.stdin) parts.push(Buffer.from(c as Buffer));
      out.push({ name: 'STDIN', text: Buffer.concat(parts).toString() });
      continue;
    }
    if (/^https?:\/\//.test(given)) {
      out.push({ name: given, text: await download(given) });
      continue;
    }
    const matching = isDirectory(given) === undefined ? globSync(given).sort() : [given];
    if (matching.length === 0) {
      fail(new CommandError(`the path ${JSON.stringify(given)} does not exist`));
      continue;
    }
    for (const name of matching) {
      const files = isDirectory(name) ? filesBelow(name, recursive) : [name];
      if (files.length === 0)
        fail(new CommandError(`error reading [${name}]: recognized file extensions are [.json .yaml .yml]`));
      for (const f of files) out.push({ name: f, text: readFileSync(f, 'utf8') });
    }
  }
  return out;
}

/** One file that is no directory: its object is shown as itself. */
export function isSingle(s: Session): boolean {
  const names = s.flags.list('filename');
  return names.length === 1 && names[0] !== '-' && !isDirectory(names[0]!) && !/^https?:/.test(names[0]!);
}

export interface ReadOptions {
  /** What is wrong is gathered here and the rest is answered; without it, the first failure is thrown. */
  readonly errors?: unknown[];
  /** Objects must say what they are, in the words of the validation (`create`, `apply`, `replace`). */
  readonly validated?: boolean;
}

/** @throws CommandError unless there are files, and for flags that do not go together */
export function requireFiles(s: Session): void {
  const files = s.flags.list('filename').length > 0;
  const kustomize = Boolean(s.flags.text('kustomize'));
  if (!files && !kustomize) throw new CommandError('must specify one of -f and -k');
  refuseMixture(s);
}

function refuseMixture(s: Session): void {
  const files = s.flags.list('filename').length > 0;
  if (!s.flags.text('kustomize')) return;
  if (files) throw new CommandError('only one of -f or -k can be specified');
  if (s.flags.bool('recursive')) throw new CommandError("the -k flag can't be used with -f or -R");
}

/** The objects of the files of `-f` and of the directory of `-k`. @throws CommandError with upstream's words */
export async function readManifests(s: Session, o: ReadOptions = {}): Promise<readonly Manifest[]> {
  refuseMixture(s);
  const errors = o.errors ?? [];
  const fail = (e: unknown) => {
    if (!o.errors) throw e;
    errors.push(e);
  };
  const mapper = await s.mapper();
  const out: Manifest[] = [];
  const directory = s.flags.text('kustomize');
  if (directory) {
    const { build } = await import('./kustomize/build.ts');
    for (const object of build(directory)) take(s, mapper, { name: directory, text: '' }, object, o, out, fail);
  } else {
    const found = await sources(s, s.flags.list('filename'), (e) => errors.push(e));
    // A path that is not there ends everything before anything is done.
    if (errors.length && found.length === 0 && !o.errors) throwAll(errors);
    if (errors.length && o.errors === undefined) throwAll(errors);
    if (errors.length && o.errors) {
      const fatal = errors.splice(0);
      throwAll(fatal);
    }
    for (const source of found)
      try {
        for (const d of documents(source)) take(s, mapper, source, d, o, out, fail);
      } catch (e) {
        fail(e);
      }
  }
  return out;
}

function documents(source: Source): readonly unknown[] {
  try {
    return parseYaml(source.text);
  } catch (e) {
    const json = /^\s*[{[]/.test(source.text);
    throw new CommandError(
      `error parsing ${source.name}: ${json ? jsonError(source.text, e as Error) : `error converting YAML to JSON: ${(e as Error).message}`}`,
    );
  }
}

/** What Go's JSON decoder says. */
function jsonError(text: string, e: Error): string {
  try {
    JSON.parse(text);
    return e.message;
  } catch (j) {
    const message = (j as Error).message;
    if (
      /end of JSON|Unterminated/i.test(message) ||
      /position (\d+)/.exec(message)?.[1] === String(text.trimEnd().length)
    )
      return 'unexpected EOF';
    return `error converting YAML to JSON: ${e.message}`;
  }
}

/** One document: a list is taken apart, what does not say what it is or where it belongs is refused. */
function take(
  s: Session,
  mapper: Mapper,
  source: Source,
  v: unknown,
  o: ReadOptions,
  out: Manifest[],
  fail: (e: unknown) => void,
): void {
  const validate = (s.flags.text('validate') ?? 'strict').toLowerCase();
  const strict = o.validated && validate !== 'false' && validate !== 'ignore';
  const undecodable = (what: string) =>
    fail(
      new CommandError(
        `unable to decode ${JSON.stringify(source.name)}: Object '${what}' is missing in '${sortedJson(v)}'`,
      ),
    );
  const invalid = (what: string) =>
    fail(
      new CommandError(
        `error validating ${JSON.stringify(source.name)}: error validating data: ${what}; if you choose to ignore these errors, turn validation off with --validate=false`,
      ),
    );
  if (!isMap(v)) {
    if (strict) invalid('invalid object to validate');
    else
      fail(
        new CommandError(
          `unable to decode ${JSON.stringify(source.name)}: couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(v) ? 'array' : typeof v} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
        ),
      );
    return;
  }
  const object = v as unknown as Thing;
  const { kind, apiVersion } = object;
  if (!kind || !apiVersion) {
    if (!strict) undecodable(kind ? 'apiVersion' : 'Kind');
    else
      invalid(
        !kind && !apiVersion ? '[apiVersion not set, kind not set]' : kind ? 'apiVersion not set' : 'kind not set',
      );
    return;
  }
  if (kind.endsWith('List') && Array.isArray(object['items'])) {
    const item = kind === 'List' ? undefined : kind.slice(0, -4);
    for (const i of object['items'])
      take(s, mapper, source, item && isMap(i) ? { apiVersion, kind: item, ...i } : i, o, out, fail);
    return;
  }
  const mapping = mapper.byKind(apiVersion, kind);
  const name = object.metadata?.name ?? '';
  if (!mapping) {
    fail(
      new CommandError(
        `resource mapping not found for name: "${name}" namespace: "${object.metadata?.namespace ?? ''}" from "${source.name}": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
      ),
    );
    return;
  }
  const given = object.metadata?.namespace;
  if (mapping.namespaced && s.namespaceGiven && given && given !== s.namespace) {
    fail(
      new CommandError(
        `the namespace from the provided object "${given}" does not match the namespace "${s.namespace}". You must pass '--namespace=${given}' to perform this operation.`,
      ),
    );
    return;
  }
  const namespace = mapping.namespaced ? given || s.namespace : undefined;
  const { namespace: _, ...bare } = object.metadata ?? {};
  out.push({
    mapping,
    namespace,
    name,
    object: { ...object, metadata: namespace ? { ...object.metadata, namespace } : bare },
    raw: object,
    source: source.name,
  });
}
