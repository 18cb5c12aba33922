/** `kubectl explain`: a kind and its fields from the server's OpenAPI v3 documents (upstream: kubectl/pkg/explain/v2). */
import { CommandError, PlainError } from '../failure.ts';
import { bool, text } from '../flags.ts';
import { apiVersionOf, type Mapper, type Mapping } from '../mapper.ts';
import { at, isMap, type Json, listAt, textAt } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { sortedJson } from '../thing.ts';

const wrapAt = 76;

interface Document {
  readonly schemas: Readonly<Record<string, Json>>;
}

/** A schema without the references between it and what it says. */
function resolve(d: Document, schema: unknown): Json {
  let now: Json = isMap(schema) ? schema : {};
  for (let i = 0; i < 20; i++) {
    const ref = textAt(now, '$ref') || textAt(listAt(now, 'allOf')[0], '$ref');
    if (!ref) return now;
    now = d.schemas[ref.slice(ref.lastIndexOf('/') + 1)] ?? {};
  }
  return now;
}

const refName = (schema: unknown): string => {
  const ref = textAt(schema, '$ref') || textAt(listAt(schema, 'allOf')[0], '$ref');
  return ref.slice(ref.lastIndexOf('.') + 1);
};

/** `string`, `[]Container`, `map[string]string`, `PodSpec`. */
function typeText(d: Document, schema: unknown): string {
  const name = refName(schema);
  const s = resolve(d, schema);
  if (name) {
    // A name for a simple thing (a time, a quantity) is shown as its name too.
    return name;
  }
  switch (textAt(s, 'type')) {
    case 'array':
      return `[]${typeText(d, s['items'])}`;
    case 'object':
      return isMap(s['additionalProperties']) ? `map[string]${typeText(d, s['additionalProperties'])}` : 'Object';
    case '':
      return at(s, 'x-kubernetes-int-or-string') === true || s['oneOf'] ? 'IntOrString' : 'Object';
    default:
      return textAt(s, 'type');
  }
}

/** The schema whose fields a type has: of the items of a list or the values of a map. */
function fieldsOf(d: Document, schema: unknown): Json {
  const s = resolve(d, schema);
  if (isMap(s['items'])) return fieldsOf(d, s['items']);
  if (isMap(s['additionalProperties'])) return fieldsOf(d, s['additionalProperties']);
  return s;
}

/** What is said of a field and then of its type. */
function descriptions(d: Document, schema: unknown): readonly string[] {
  const out: string[] = [];
  const add = (v: unknown): void => {
    if (!isMap(v)) return;
    const text = textAt(v, 'description');
    if (text && !out.includes(text)) out.push(text);
    const ref = textAt(v, '$ref') || textAt(listAt(v, 'allOf')[0], '$ref');
    if (ref) add(d.schemas[ref.slice(ref.lastIndexOf('/') + 1)]);
    else if (isMap(v['items'])) add(v['items']);
    else if (isMap(v['additionalProperties'])) add(v['additionalProperties']);
  };
  add(schema);
  return out;
}

/** Broken at blanks into lines of a width. */
function wrap(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const out: string[] = [];
      let now = '';
      for (const word of line.split(' ')) {
        if (now !== '' && now.length + 1 + word.length > wrapAt) {
          out.push(now);
          now = word;
        } else now = now === '' ? word : `${now} ${word}`;
      }
      return [...out, now].join('\n');
    })
    .join('\n');
}

const indent = (n: number, text: string): string => {
  const pad = ' '.repeat(n);
  return pad + text.replaceAll('\n', `\n${pad}`);
};

const enumOf = (d: Document, schema: unknown): readonly string[] => listAt(resolve(d, schema), 'enum').map(String);

function fieldList(d: Document, schema: unknown, recursive: boolean, level: number, seen: readonly string[]): string {
  const s = fieldsOf(d, schema);
  const properties = isMap(s['properties']) ? s['properties'] : {};
  const required = new Set(listAt(s, 'required').map(String));
  let out = '';
  for (const name of Object.keys(properties).sort()) {
    const p = properties[name];
    const type = typeText(d, p);
    const pad = ' '.repeat(level);
    out += `${pad}${name}\t<${type}>${required.has(name) ? ' -required-' : ''}\n`;
    const values = enumOf(d, p);
    if (values.length) {
      const shown = values.map((v) => (v === '' ? '""' : v)).join(', ');
      out +=
        values.length > 4
          ? `${pad}enum: ${values
              .slice(0, 4)
              .map((v) => (v === '' ? '""' : v))
              .join(', ')}, ....\n`
          : `${pad}enum: ${shown}\n`;
    }
    if (recursive) {
      const base = type.replace(/^(\[\]|map\[string\])+/, '');
      if (!seen.includes(base)) out += fieldList(d, p, true, level + 2, [...seen, base]);
      continue;
    }
    const words = descriptions(d, p)[0] ?? '<no description>';
    out += `${indent(level + 2, wrap(words))}\n\n`;
  }
  return out;
}

/** The kind and the path below it of `pods.spec.containers`. */
function named(
  mapper: Mapper,
  word: string,
  apiVersion: string,
): { readonly mapping: Mapping; readonly path: readonly string[] } {
  const [first = '', ...path] = word.split('.');
  if (!apiVersion) {
    // A group may follow the resource: deployments.apps.spec.
    for (let i = path.length; i > 0; i--) {
      const group = path.slice(0, i).join('.');
      const m = mapper.all.find((x) => x.group === group && [x.plural, x.singular, ...x.shortNames].includes(first));
      if (m) return { mapping: m, path: path.slice(i) };
    }
    try {
      return { mapping: mapper.byName(first), path };
    } catch (e) {
      throw new PlainError((e as Error).message);
    }
  }
  const is = mapper.all.find(
    (x) =>
      apiVersionOf(x) === apiVersion && [x.plural, x.singular, x.kind.toLowerCase(), ...x.shortNames].includes(first),
  );
  if (is) return { mapping: is, path };
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  let plural = first;
  try {
    plural = mapper.byName(first).plural;
  } catch {
    // Said as it was given.
  }
  throw new CommandError(`couldn't find resource for "${group}/${version}, Resource=${plural}"`);
}

export const explain: Verb = {
  usage:
    'explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  summary: 'Get documentation for a resource',
  flags: {
    'api-version': text('Use given api-version (group/version) of the resource.'),
    recursive: bool(
      'When true, print the name of all the fields recursively. Otherwise, print the available fields with their description.',
    ),
    output: text('Format in which to render the schema. Valid values are: (plaintext, plaintext-openapiv2).', 'o'),
  },
  async run(s) {
    const { flags, io } = s;
    const [word, ...more] = flags.args;
    if (!word)
      throw new CommandError(
        'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    if (more.length) throw new CommandError(`We accept only this format: explain RESOURCE`);
    const { mapping, path } = named(await s.mapper(), word, flags.text('api-version', ''));
    const output = flags.text('output', 'plaintext');
    if (output === 'plaintext-openapiv2')
      throw new CommandError('-o plaintext-openapiv2 is not supported: the documents of OpenAPI v3 are read');
    const root = mapping.group
      ? `/openapi/v3/apis/${mapping.group}/${mapping.version}`
      : `/openapi/v3/api/${mapping.version}`;
    const doc = await s.api.json<Json>('GET', root);
    if (output !== 'plaintext') throw new CommandError(`unrecognized format: ${output}`);
    const d: Document = { schemas: (at(doc, 'components', 'schemas') ?? {}) as Readonly<Record<string, Json>> };
    let schema: unknown = Object.values(d.schemas).find((x) =>
      listAt(x, 'x-kubernetes-group-version-kind').some(
        (g) =>
          textAt(g, 'kind') === mapping.kind &&
          textAt(g, 'group') === mapping.group &&
          textAt(g, 'version') === mapping.version,
      ),
    );
    if (!schema) throw new CommandError(`GVR (${sortedJson(root)}) not found in OpenAPI schema`);
    io.out(
      `${mapping.group ? `GROUP:      ${mapping.group}\n` : ''}KIND:       ${mapping.kind}\nVERSION:    ${mapping.version}\n\n`,
    );
    let last = '';
    for (const p of path) {
      const properties = fieldsOf(d, schema)['properties'];
      if (!isMap(properties) || !(p in properties))
        throw new CommandError(`field ${JSON.stringify(path.at(-1))} does not exist`);
      schema = properties[p];
      last = p;
    }
    if (last) {
      io.out(`FIELD: ${last} <${typeText(d, schema)}>\n`);
      const values = enumOf(d, schema);
      if (values.length) io.out(`ENUM:\n${values.map((v) => `    ${v === '' ? '""' : v}\n`).join('')}`);
      io.out('\n\n');
    }
    const words = descriptions(d, schema);
    io.out(`DESCRIPTION:\n${words.length ? `${indent(4, `${words.map(wrap).join('\n')}\n`)}\n` : '    <empty>\n'}`);
    const fields = fieldsOf(d, schema);
    if (isMap(fields['properties']) && Object.keys(fields['properties']).length)
      io.out(`FIELDS:\n${fieldList(d, schema, flags.bool('recursive'), 2, [])}`);
    io.out('\n');
  },
};
