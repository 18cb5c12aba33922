/** Objects in files: YAML or JSON, several to a file, lists taken apart, directories, standard input. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseYaml } from '../schema/yaml.ts';
import { CommandError, UsageError } from './failure.ts';
import type { Mapping } from './mapper.ts';
import type { Session } from './session.ts';
import { isMap, type Thing } from './thing.ts';

export interface Manifest {
  readonly mapping: Mapping;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly object: Thing;
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

async function sources(s: Session, names: readonly string[]): Promise<readonly Source[]> {
  const out: Source[] = [];
  for (const name of names) {
    if (name === '-') {
      const parts: Buffer[] = [];
      for await (const c of s.io.stdin) parts.push(Buffer.from(c as Buffer));
      out.push({ name: 'STDIN', text: Buffer.concat(parts).toString() });
      continue;
    }
    if (/^https?:\/\//.test(name)) throw new CommandError(`reading manifests from a URL is not supported: ${name}`);
    let directory: boolean;
    try {
      directory = statSync(name).isDirectory();
    } catch {
      throw new CommandError(`the path "${name}" does not exist`);
    }
    const files = directory ? filesBelow(name, s.flags.bool('recursive')) : [name];
    if (files.length === 0)
      throw new CommandError(`error reading [${name}]: recognized file extensions are [.json .yaml .yml]`);
    for (const f of files) out.push({ name: f, text: readFileSync(f, 'utf8') });
  }
  return out;
}

/** The objects of the files of `-f`. @throws CommandError with upstream's words */
export async function readManifests(s: Session): Promise<readonly Manifest[]> {
  const names = s.flags.list('filename');
  if (names.length === 0) throw new UsageError('must specify one of -f and -k');
  const mapper = await s.mapper();
  const out: Manifest[] = [];
  const add = (source: Source, v: unknown): void => {
    if (!isMap(v))
      throw new CommandError(`error parsing ${source.name}: json: cannot unmarshal a value that is not an object`);
    const o = v as unknown as Thing;
    const [kind, apiVersion] = [o.kind, o.apiVersion];
    const bad = (what: string) =>
      new CommandError(
        `error validating "${source.name}": error validating data: ${what}; if you choose to ignore these errors, turn validation off with --validate=false`,
      );
    if (!kind && !apiVersion) throw bad('[apiVersion not set, kind not set]');
    if (!kind) throw bad('kind not set');
    if (!apiVersion) throw bad('apiVersion not set');
    if (kind.endsWith('List') && Array.isArray(o['items'])) {
      for (const item of o['items']) add(source, item);
      return;
    }
    const mapping = mapper.byKind(apiVersion, kind);
    const name = o.metadata?.name ?? '';
    if (!mapping)
      throw new CommandError(
        `resource mapping not found for name: "${name}" namespace: "${o.metadata?.namespace ?? ''}" from "${source.name}": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
      );
    const given = o.metadata?.namespace;
    if (mapping.namespaced && s.namespaceGiven && given && given !== s.namespace)
      throw new CommandError(
        `the namespace from the provided object "${given}" does not match the namespace "${s.namespace}". You must pass '--namespace=${given}' to perform this operation.`,
      );
    const namespace = mapping.namespaced ? given || s.namespace : undefined;
    const object = namespace ? { ...o, metadata: { ...o.metadata, namespace } } : { ...o, metadata: o.metadata ?? {} };
    out.push({ mapping, namespace, name, object, source: source.name });
  };
  for (const source of await sources(s, names)) {
    let docs: readonly unknown[];
    try {
      docs = parseYaml(source.text);
    } catch (e) {
      throw new CommandError(`error parsing ${source.name}: error converting YAML to JSON: ${(e as Error).message}`);
    }
    for (const d of docs) add(source, d);
  }
  if (out.length === 0)
    throw new CommandError('no objects passed to ' + (s.flags.has('server-side') ? 'apply' : 'create'));
  return out;
}
