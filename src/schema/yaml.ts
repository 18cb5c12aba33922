/** YAML in and out of the API: parsed by go-yaml v2's rules, written as `kubectl -o yaml` writes it. */
import {
  defineScalarTag,
  FAILSAFE_SCHEMA,
  load,
  loadAll,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  Schema,
  seqTag,
  strTag,
  YAMLException,
} from 'js-yaml';
import { type PlainKind, resolvePlain } from './yaml-scalar.ts';

export { toYaml } from './yaml-emit.ts';

/** The text is not YAML; `message` begins with `yaml: ` as upstream's does. */
export class YamlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'YamlError';
  }
}

const never = () => false;
const plainTag = (tag: string, ...kinds: PlainKind[]) =>
  defineScalarTag(`tag:yaml.org,2002:${tag}`, {
    implicit: true,
    identify: never,
    resolve: (source) => {
      const p = resolvePlain(source);
      return kinds.includes(p.kind) ? p.value : NOT_RESOLVED;
    },
  });
const textTag = (tag: string, read: (source: string) => string) =>
  defineScalarTag(`tag:yaml.org,2002:${tag}`, { identify: never, resolve: read });

const goYaml = new Schema([
  ...FAILSAFE_SCHEMA.tags.filter((t) => t !== strTag && t !== seqTag && t !== mapTag),
  strTag,
  seqTag,
  mapTag,
  mergeTag,
  plainTag('null', 'null'),
  plainTag('bool', 'bool'),
  plainTag('int', 'int'),
  plainTag('float', 'float', 'int'),
  textTag('timestamp', (s) => s),
  textTag('binary', (s) => Buffer.from(s, 'base64').toString('utf8')),
]);

/** Nodes a document may have once its aliases are expanded. */
const maxNodes = 1_000_000;

/** Number of nodes with aliases expanded. */
function expandedSize(v: unknown, known: Map<object, number>): number {
  if (typeof v !== 'object' || v === null) return 1;
  const before = known.get(v);
  if (before !== undefined) return before;
  known.set(v, Infinity); // an alias to an ancestor never ends
  let n = 1;
  for (const e of Array.isArray(v) ? v : Object.values(v)) n += expandedSize(e, known);
  known.set(v, n);
  return n;
}

/** go-yaml's words for the commonest faults. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^bad indentation of a mapping entry$/, 'mapping values are not allowed in this context'],
  [/^tab characters must not be used in indentation$/, 'found character that cannot start any token'],
  [/^unexpected end of the stream within a flow collection$/, "did not find expected ',' or ']'"],
  [/^unexpected end of the stream within a .* quoted scalar$/, 'found unexpected end of stream'],
  [/^unidentified alias "(.*)"$/, "unknown anchor '$1' referenced"],
];

function failure(e: unknown): unknown {
  if (!(e instanceof YAMLException)) return e;
  const known = reasons.find(([re]) => re.test(e.reason));
  const reason = known ? e.reason.replace(known[0], known[1]) : e.reason;
  return new YamlError(`yaml: ${e.mark && e.mark.line > 0 ? `line ${e.mark.line + 1}: ` : ''}${reason}`);
}

const hasAlias = /[*&]/;

function checked(text: string, doc: unknown): unknown {
  if (hasAlias.test(text) && expandedSize(doc, new Map()) > maxNodes)
    throw new YamlError('yaml: document contains excessive aliasing');
  return doc;
}

/**
 * The documents of a YAML stream as JSON values, empty ones left out; a key said twice keeps its last value.
 * @throws YamlError
 */
export function parseYaml(text: string): unknown[] {
  let docs: unknown[];
  try {
    docs = loadAll(text, { schema: goYaml, json: true, maxDepth: 10_000 }) as unknown[];
  } catch (e) {
    throw failure(e);
  }
  return docs.filter((d) => d !== null && d !== undefined).map((d) => checked(text, d));
}

/** What strict decoding says of a key that a mapping says twice; undefined when there is none. The text must be valid YAML. */
export function yamlDuplicateKey(text: string): string | undefined {
  try {
    load(text, { schema: goYaml, maxDepth: 10_000 });
    return undefined;
  } catch (e) {
    if (!(e instanceof YAMLException) || e.reason !== 'duplicated mapping key' || !e.mark) return undefined;
    const line = text.split('\n')[e.mark.line] ?? '';
    const key = /^\s*(?:-\s+)*(?:"([^"]*)"|'([^']*)'|([^\s:]+))\s*:/.exec(line);
    const name = key?.[1] ?? key?.[2] ?? key?.[3] ?? '';
    return `yaml: unmarshal errors:\n  line ${e.mark.line + 1}: key ${JSON.stringify(name)} already set in map`;
  }
}
