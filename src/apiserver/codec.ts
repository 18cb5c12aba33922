/** Request bodies to objects: JSON, YAML or protobuf, decoded and pruned by schema, with upstream's refusals and warnings. */
import { DeleteOptions } from '../api/meta/v1/types.ts';
import type { KubeObject } from '../api/resource-row.ts';
import { badRequest, type StatusError } from '../machinery/status-error.ts';
import { decode, DecodeError } from '../schema/decode.ts';
import { applyDefaults } from '../schema/defaults.ts';
import type { AnyStruct } from '../schema/dsl.ts';
import { jsonSyntaxError, tooDeepJson } from '../schema/json-syntax.ts';
import { strictComplaints } from '../schema/strict-json.ts';
import { parseYaml as parseYamlText, yamlDuplicateKey } from '../schema/yaml.ts';
import type { Engine, Served } from './engine.ts';
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

export function parseJson(body: Buffer, refuse: (why: string) => StatusError): unknown {
  const deep = tooDeepJson(body);
  if (deep !== undefined) throw refuse(deep);
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (e) {
    throw refuse(jsonSyntaxError(body) ?? (e as Error).message);
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
    throw refuse((e as Error).message);
  }
}

/** The parsed body of a create or update, before the schema sees it. */
function parseBody(
  ctx: RequestContext,
  body: Buffer,
  schema: AnyStruct,
  kind: Kind,
  unrecognized: (why: string) => StatusError,
): unknown {
  const type = negotiateInput(header(ctx.request.headers, 'content-type'));
  if (type === 'protobuf') return protobufObject(body, schema, kind.kind, unrecognized);
  return type === 'yaml'
    ? parseYaml(body, unrecognized)
    : parseJson(body, (why) => unrecognized(`couldn't get version/kind; json parse error: ${why}`));
}

const apiVersionText = (k: Kind): string => (k.group ? `${k.group}/${k.version}` : k.version);
const packageOf = (group: string): string => (group === '' ? 'core' : group.split('.')[0]!);

const scheme = 'pkg/api/legacyscheme/scheme.go:30';
const goKind = (v: unknown): string => (Array.isArray(v) ? 'array' : typeof v === 'boolean' ? 'bool' : typeof v);
const notAnObject = (json: unknown): string =>
  `couldn't get version/kind; json parse error: json: cannot unmarshal ${goKind(json)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
const kindsOf = new WeakMap<readonly Served[], ReadonlySet<string>>();

/** `v1 Pod`, `apps/v1 Scale`: the kinds that are served, with their lists and what subresources carry. */
function registeredKinds(served: readonly Served[]): ReadonlySet<string> {
  let kinds = kindsOf.get(served);
  if (!kinds) {
    const all = new Set(['v1 Status', 'v1 List']);
    for (const { row, apiVersion } of served) {
      for (const k of [row.kind, `${row.kind}List`, 'DeleteOptions', 'ListOptions']) all.add(`${apiVersion} ${k}`);
      for (const s of row.subresources)
        if (s.kind && s.version) all.add(`${s.group ? `${s.group}/` : ''}${s.version} ${s.kind}`);
    }
    kinds = all;
    kindsOf.set(served, kinds);
  }
  return kinds;
}

/**
 * What is not said of version and kind is as the path has it (upstream: json.go gvkWithDefaults).
 * @throws 400 when the data is of another kind or version
 */
function checkKind(
  json: Readonly<Record<string, unknown>>,
  kind: Kind,
  served: readonly Served[],
  unrecognized: (why: string) => StatusError,
): void {
  const wanted = apiVersionText(kind);
  const said = { apiVersion: json['apiVersion'] ?? '', kind: json['kind'] ?? '' };
  if (said.apiVersion === wanted && said.kind === kind.kind) return;
  for (const [field, v] of Object.entries(said))
    if (typeof v !== 'string')
      throw unrecognized(
        `couldn't get version/kind; json parse error: json: cannot unmarshal ${goKind(v)} into Go struct field .${field} of type string`,
      );
  const gv = (said.apiVersion as string) || wanted;
  const k = (said.kind as string) || kind.kind;
  if (gv.split('/').length > 2) throw unrecognized(`unexpected GroupVersion string: ${gv}`);
  if (gv === wanted && k === kind.kind) return;
  const version = gv.split('/').pop()!;
  const refuse = (why: string) =>
    badRequest(`${k} in version ${JSON.stringify(version)} cannot be handled as a ${kind.kind}: ${why}`);
  if (!registeredKinds(served).has(`${gv} ${k}`))
    throw refuse(`no kind ${JSON.stringify(k)} is registered for version ${JSON.stringify(gv)} in scheme "${scheme}"`);
  if (k !== kind.kind)
    throw refuse(`converting (${version}.${k}) to (${packageOf(kind.group)}.${kind.kind}): unknown conversion`);
  throw badRequest(`the API version in the data (${gv}) does not match the expected API version (${wanted})`);
}

export interface DecodedObject {
  readonly object: KubeObject;
  /** Paths that the kind does not know. */
  readonly unknownFields: readonly string[];
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
    return { object, unknownFields: d.unknownFields };
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

export const unknownField = (path: string): string => `unknown field ${JSON.stringify(path)}`;

/** What strict decoding minds in a body, in its order; `unknown` are paths that the kind does not know. */
export function strictComplaintsOf(ctx: RequestContext, body: Buffer, unknown: readonly string[]): readonly string[] {
  if (body[0] === 0x7b) return strictComplaints(body.toString('utf8'), unknown);
  const strange = unknown.map(unknownField);
  if (!header(ctx.request.headers, 'content-type').includes('yaml')) return strange;
  const twice = yamlDuplicateKey(body.toString('utf8'));
  return twice === undefined ? strange : [twice, ...strange];
}

/** The body of a create or update as an object of the kind. Defaults are not applied yet. @throws 400, 415 */
export function decodeBody(
  s: { readonly ctx: RequestContext; readonly engine: Pick<Engine, 'served'> },
  body: Buffer,
  directive: MutationOptions['fieldValidation'],
  schema: AnyStruct,
  kind: Kind,
): KubeObject {
  const unrecognized = (why: string) =>
    badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${why} (${summary(body)})`);
  // To Go, null is an object that says nothing.
  const json = parseBody(s.ctx, body, schema, kind, unrecognized) ?? {};
  if (!isObject(json)) throw unrecognized(notAnObject(json));
  checkKind(json, kind, s.engine.served, unrecognized);
  const { object, unknownFields } = decodeObject(schema, json, apiVersionText(kind), kind.kind);
  const strict = directive === 'Ignore' ? [] : strictComplaintsOf(s.ctx, body, unknownFields);
  reportStrict(s.ctx, directive, strict, (t) =>
    badRequest(`${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: ${t}`),
  );
  return object;
}

const optionsScheme = 'pkg/apis/meta/internalversion/scheme/register.go:27';

/** The DeleteOptions of a body, of whatever group version it says; types are checked, values are not. @throws 400, 415 */
export function decodeDeleteOptions(ctx: RequestContext, body: Buffer): DeleteOptions {
  const type = negotiateInput(header(ctx.request.headers, 'content-type'));
  let json: unknown;
  if (type === 'protobuf') json = protobufObject(body, 'DeleteOptions', 'DeleteOptions', badRequest);
  else if (type === 'yaml') json = parseYaml(body, badRequest);
  else json = parseJson(body, (why) => badRequest(`couldn't get version/kind; json parse error: ${why}`));
  json ??= {};
  if (!isObject(json)) throw badRequest(notAnObject(json));
  const { kind = 'DeleteOptions', apiVersion = '' } = json;
  if (kind !== '' && kind !== 'DeleteOptions')
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion || 'v1')} in scheme "${optionsScheme}"`,
    );
  try {
    return decode(DeleteOptions, json).value;
  } catch (e) {
    if (e instanceof DecodeError) throw badRequest(e.message);
    throw e;
  }
}

/** Static defaults of the schema, then the conditional ones of the row. */
export function withDefaults(s: Pick<Served, 'row'>, obj: KubeObject): KubeObject {
  const filled = applyDefaults(s.row.schema, obj);
  return s.row.strategy.defaults?.(filled) ?? filled;
}
