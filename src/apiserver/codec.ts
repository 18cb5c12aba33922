/** Request bodies to objects: JSON, YAML or protobuf, decoded and pruned by schema, with upstream's refusals and warnings. */
import type { KubeObject } from '../api/resource-row.ts';
import { badRequest, type StatusError } from '../machinery/status-error.ts';
import { decode, DecodeError } from '../schema/decode.ts';
import { applyDefaults } from '../schema/defaults.ts';
import type { AnyStruct } from '../schema/dsl.ts';
import { duplicateFields } from '../schema/strict-json.ts';
import { parseYaml as parseYamlText, YamlError, yamlDuplicateKey } from '../schema/yaml.ts';
import type { Served } from './engine.ts';
import { protobufObject } from './forms/protobuf-body.ts';
import { negotiateInput } from './negotiate.ts';
import { header, type RequestContext, warn } from './request.ts';
import type { MutationOptions } from './request-options.ts';

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const isObject = (v: unknown): v is Readonly<Record<string, unknown>> =>
  typeof v === 'object' && v !== null && !Array.isArray(v);

/** How upstream shows a body it does not understand. */
function summary(body: Buffer): string {
  if (body.length === 0) return '<empty>';
  const text = body[0] === 0x7b ? body.toString('utf8') : body.toString('hex');
  const max = body[0] === 0x7b ? 30 : 60;
  return text.length > max ? `${text.slice(0, max)} ...` : text;
}

/** Go's words for a JSON text that does not parse. */
function jsonErrorText(body: Buffer, e: unknown): string {
  const message = (e as Error).message;
  if (body.length === 0 || /end of JSON input|Unterminated/.test(message)) return 'unexpected end of JSON input';
  const position = /position (\d+)/.exec(message);
  const text = body.toString('utf8');
  const at = position ? Number(position[1]) : text.search(/\S/);
  const c = text[Math.max(at, 0)] ?? '';
  return `invalid character ${c === "'" ? `'\\''` : `'${c}'`} looking for beginning of ${/property name/.test(message) ? 'object key string' : 'value'}`;
}

export function parseJson(body: Buffer, refuse: (why: string) => StatusError): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (e) {
    throw refuse(jsonErrorText(body, e));
  }
}

/** The first document of a YAML text; null when there is none. */
export function parseYaml(body: Buffer, refuse: (why: string) => StatusError): unknown {
  const text = body.toString('utf8');
  if (body[0] === 0x7b)
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // Flow YAML that is not JSON.
    }
  try {
    return parseYamlText(text)[0] ?? null;
  } catch (e) {
    throw refuse(e instanceof YamlError ? `error converting YAML to JSON: ${e.message}` : (e as Error).message);
  }
}

/** The parsed body of a create or update, before the schema sees it. */
function parseBody(ctx: RequestContext, body: Buffer, schema: AnyStruct, kind: Kind): unknown {
  const type = negotiateInput(header(ctx.request.headers, 'content-type'));
  const unrecognized = (why: string) =>
    badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${why} (${summary(body)})`);
  if (type === 'protobuf') return protobufObject(body, schema, kind.kind, unrecognized);
  // YAML is a superset of JSON to upstream's recogniser too: a body that does not begin as an object is tried as YAML.
  return type === 'yaml'
    ? parseYaml(body, (why) => unrecognized(why))
    : parseJson(body, (why) => unrecognized(`couldn't get version/kind; json parse error: ${why}`));
}

const apiVersionText = (k: Kind): string => (k.group ? `${k.group}/${k.version}` : k.version);
const packageOf = (group: string): string => (group === '' ? 'core' : group.split('.')[0]!);

/** @throws 400 when the data is of another kind or version */
function checkKind(json: Readonly<Record<string, unknown>>, kind: Kind, body: Buffer): void {
  const gv = json['apiVersion'];
  const k = json['kind'];
  const wanted = apiVersionText(kind);
  if (gv === wanted && k === kind.kind) return;
  if (k && k !== kind.kind) {
    const version = String(gv ?? '')
      .split('/')
      .pop()!;
    throw badRequest(
      gv
        ? `${String(k)} in version ${JSON.stringify(version)} cannot be handled as a ${kind.kind}: converting (${version}.${String(k)}) to (${packageOf(kind.group)}.${kind.kind}): unknown conversion`
        : `${String(k)} in version "" cannot be handled as a ${kind.kind}: no kind ${JSON.stringify(k)} is registered for the internal version of group "" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
    );
  }
  if (gv && gv !== wanted)
    throw badRequest(`the API version in the data (${String(gv)}) does not match the expected API version (${wanted})`);
  if (!k && gv)
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): Object 'Kind' is missing in '${body.toString('utf8')}' (${summary(body)})`,
    );
}

export interface DecodedObject {
  readonly object: KubeObject;
  /** Complaints of strict decoding. */
  readonly strict: readonly string[];
}

/** JSON of a known kind to an object. `refuse` makes the error of a value of the wrong type (default 400). */
export function decodeObject(
  schema: AnyStruct,
  json: unknown,
  apiVersion: string,
  kind: string,
  refuse: (why: string) => StatusError = (why) =>
    badRequest(
      `${kind} in version ${JSON.stringify(apiVersion.split('/').pop())} cannot be handled as a ${kind}: ${why}`,
    ),
): DecodedObject {
  try {
    const d = decode(schema, json);
    const value = d.value as unknown as Partial<KubeObject>;
    const object: KubeObject =
      value.apiVersion === apiVersion && value.kind === kind && value.metadata
        ? (value as KubeObject)
        : ({ ...value, apiVersion, kind, metadata: value.metadata ?? {} } as KubeObject);
    return { object, strict: d.unknownFields.map((f) => `unknown field ${JSON.stringify(f)}`) };
  } catch (e) {
    if (e instanceof DecodeError) throw refuse(e.message);
    throw e;
  }
}

/** Warns of or refuses what strict decoding found. */
export function reportStrict(
  ctx: Pick<RequestContext, 'warnings'>,
  directive: MutationOptions['fieldValidation'],
  strict: readonly string[],
  refuse: (text: string) => StatusError,
): void {
  if (strict.length === 0 || directive === 'Ignore') return;
  if (directive === 'Warn') for (const s of strict) warn(ctx, s);
  else throw refuse(`strict decoding error: ${strict.join(', ')}`);
}

/** What is said twice in a JSON or YAML body. */
export function repeated(ctx: RequestContext, body: Buffer): readonly string[] {
  if (body[0] === 0x7b)
    return duplicateFields(body.toString('utf8')).map((f) => `duplicate field ${JSON.stringify(f)}`);
  if (!header(ctx.request.headers, 'content-type').includes('yaml')) return [];
  const found = yamlDuplicateKey(body.toString('utf8'));
  return found === undefined ? [] : [found];
}

/** The body of a create or update as an object of the kind. Defaults are not applied yet. @throws 400, 415 */
export function decodeBody(
  s: { readonly ctx: RequestContext },
  body: Buffer,
  directive: MutationOptions['fieldValidation'],
  schema: AnyStruct,
  kind: Kind,
): KubeObject {
  const json = parseBody(s.ctx, body, schema, kind);
  if (!isObject(json))
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(json) ? 'array' : typeof json} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (${summary(body)})`,
    );
  checkKind(json, kind, body);
  const { object, strict: unknown } = decodeObject(schema, json, apiVersionText(kind), kind.kind);
  const twice = directive === 'Ignore' ? [] : repeated(s.ctx, body);
  const strict = twice.length ? [...twice, ...unknown] : unknown;
  reportStrict(s.ctx, directive, strict, (t) =>
    badRequest(`${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: ${t}`),
  );
  return object;
}

/** A small body that is read as it is (DeleteOptions). @throws 400, 415 */
export function decodeLoose(ctx: RequestContext, body: Buffer, kind: 'DeleteOptions'): unknown {
  const type = negotiateInput(header(ctx.request.headers, 'content-type'));
  if (type === 'protobuf') return protobufObject(body, kind, kind, badRequest);
  const json = type === 'yaml' ? parseYaml(body, badRequest) : parseJson(body, badRequest);
  if (!isObject(json)) throw badRequest(`couldn't get version/kind; json parse error: not an object`);
  return json;
}

/** Static defaults of the schema, then the conditional ones of the row. */
export function withDefaults(s: Pick<Served, 'row'>, obj: KubeObject): KubeObject {
  const filled = applyDefaults(s.row.schema, obj);
  return s.row.strategy.defaults?.(filled) ?? filled;
}
