/**
 * Structs as OpenAPI schemas, with the keys of upstream's published documents: v2 definitions (`#/definitions/…`, no defaults) and v3
 * schemas (`#/components/schemas/…`, `allOf` around references that say more). The schema has no descriptions: the caller brings them.
 */
import { type AnyStruct, type Enum, isScalar, type ScalarName, structOf } from './dsl.ts';
import { jsonFormOf } from './json-form.ts';
import { type FieldPlan, planOf } from './plan.ts';

export type OpenApiVersion = 'v2' | 'v3';
export type OpenApiSchema = { readonly [key: string]: unknown };
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
/** Scalars that are definitions of their own. */
const namedScalars: Readonly<Partial<Record<ScalarName, string>>> = {
  time: `${meta}.Time`,
  microTime: `${meta}.MicroTime`,
  duration: `${meta}.Duration`,
  fieldsV1: `${meta}.FieldsV1`,
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  intOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  rawExtension: 'io.k8s.apimachinery.pkg.runtime.RawExtension',
};
const scalarSchemas: Readonly<Record<ScalarName, OpenApiSchema>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  uint32: { type: 'integer', format: 'int64' },
  uint64: { type: 'integer', format: 'int64' },
  float64: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
  any: {},
  rawExtension: { type: 'object' },
  time: { type: 'string', format: 'date-time' },
  microTime: { type: 'string', format: 'date-time' },
  duration: { type: 'string' },
  quantity: { type: 'string' },
  intOrString: { type: 'string', format: 'int-or-string' },
  fieldsV1: { type: 'object' },
};
const v3Scalars: Readonly<Partial<Record<ScalarName, OpenApiSchema>>> = {
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  intOrString: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
};
/** Written as Go zero values; a struct is `{}`. */
const zeroDefaults: Readonly<Partial<Record<ScalarName, unknown>>> = {
  string: '',
  bool: false,
  int32: 0,
  int64: 0,
  uint32: 0,
  uint64: 0,
  float64: 0,
};

const refPrefix: Readonly<Record<OpenApiVersion, string>> = { v2: '#/definitions/', v3: '#/components/schemas/' };
const reference = (name: string, v: OpenApiVersion): OpenApiSchema => ({ $ref: refPrefix[v] + name });

/** A struct whose JSON is a bare list has no definition: it stands where it is used. */
const isInPlace = (s: AnyStruct): boolean => jsonFormOf(s)?.kind === 'strings';
const stringList: OpenApiSchema = { type: 'array', items: { type: 'string' } };

function enumOf(e: Enum | undefined): OpenApiSchema {
  return e?.closed ? { enum: [...e.values].sort() } : {};
}

/** One element of a field. */
function element(f: FieldPlan, v: OpenApiVersion): OpenApiSchema {
  if (f.scalar) {
    const name = namedScalars[f.scalar];
    return name ? reference(name, v) : { ...scalarSchemas[f.scalar], ...enumOf(f.field.markers.enum) };
  }
  const { struct } = f.inner!;
  return isInPlace(struct) ? stringList : reference(struct.name, v);
}

function extensions(f: FieldPlan): OpenApiSchema {
  const m = f.field.markers;
  const mapType = m.mapType ?? m.structType;
  return {
    ...(m.listMapKeys && { 'x-kubernetes-list-map-keys': m.listMapKeys }),
    ...(m.listType && { 'x-kubernetes-list-type': m.listType }),
    ...(mapType && { 'x-kubernetes-map-type': mapType }),
    ...(m.patchMergeKey && { 'x-kubernetes-patch-merge-key': m.patchMergeKey }),
    ...(m.patchStrategy && { 'x-kubernetes-patch-strategy': m.patchStrategy }),
  };
}

/** The default v3 publishes: the marker, else the Go zero value of what is always written. */
function defaultOf(f: FieldPlan): unknown {
  const m = f.field.markers;
  if (m.default !== undefined) return m.default;
  if (!f.byValue) return undefined;
  if (f.scalar) return m.omitempty ? undefined : zeroDefaults[f.scalar];
  const form = jsonFormOf(f.inner!.struct);
  return form ? undefined : {};
}

function property(f: FieldPlan, v: OpenApiVersion): OpenApiSchema {
  const { shape } = f.field;
  const one = element(f, v);
  if (shape === 'list') return { type: 'array', items: one, ...extensions(f) };
  if (shape === 'map') return { type: 'object', additionalProperties: one, ...extensions(f) };
  const more = extensions(f);
  if (v === 'v2') return { ...one, ...more };
  const dflt = defaultOf(f);
  const withDefault = dflt === undefined ? more : { default: dflt, ...more };
  return one['$ref'] ? { allOf: [one], ...withDefault } : { ...one, ...withDefault };
}

/** Go's name of a JSON field. */
const goField = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** A discriminated union holds every field but the discriminator, one without holds the fields marked `oneOf`. */
function unions(s: AnyStruct): OpenApiSchema {
  if (s.markers.union === undefined) return {};
  const { fields } = planOf(s);
  const discriminator = fields.find((f) => f.field.markers.v?.includes('unionDiscriminator'));
  const members = fields.filter((f) =>
    discriminator ? f !== discriminator : f.field.markers.v?.some((v) => v.startsWith('oneOf=')),
  );
  const union = {
    ...(discriminator && { discriminator: discriminator.name }),
    'fields-to-discriminateBy': Object.fromEntries(members.map((f) => [f.name, goField(f.name)])),
  };
  return { 'x-kubernetes-unions': [union] };
}

export interface OpenApiOptions {
  /** The kinds of a struct that stands for several (DeleteOptions, WatchEvent); undefined leaves those of its markers. */
  readonly gvksOf?: (s: AnyStruct) => readonly GroupVersionKind[] | undefined;
  /** What a type, or a field of one, is for. */
  readonly describe?: (type: string, field?: string) => string | undefined;
}

/** Descriptions come first, as in what upstream publishes. */
const described = (description: string | undefined, schema: OpenApiSchema): OpenApiSchema =>
  description === undefined ? schema : { description, ...schema };

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0);

/** The schema of one struct. */
export function openApiSchema(s: AnyStruct, v: OpenApiVersion, o: OpenApiOptions = {}): OpenApiSchema {
  const text = (field?: string) => o.describe?.(s.name, field);
  const form = jsonFormOf(s);
  if (form) {
    if (form.kind === 'time') return { type: 'string', format: 'date-time' };
    if (form.kind === 'strings') return stringList;
    return described(text(), Object.keys(s.fields).length === 0 ? { type: 'object' } : {});
  }
  const plan = planOf(s);
  const properties: [string, OpenApiSchema][] = plan.fields.map((f) => [
    f.name,
    described(text(f.name), property(f, v)),
  ]);
  if (plan.typeMeta)
    for (const name of ['apiVersion', 'kind']) properties.push([name, described(text(name), { type: 'string' })]);
  const required = plan.fields.filter((f) => f.field.markers.required).map((f) => f.name);
  const kinds = o.gvksOf?.(s) ?? (s.markers.gvk ? [s.markers.gvk] : []);
  return described(text(), {
    type: 'object',
    ...(required.length > 0 && { required }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties.sort(byName)) }),
    ...(kinds.length > 0 && {
      'x-kubernetes-group-version-kind': kinds.map(({ group, kind, version }) => ({ group, kind, version })),
    }),
    ...(s.markers.structType && { 'x-kubernetes-map-type': s.markers.structType }),
    ...unions(s),
  });
}

/** The structs and the definitions of scalars that the roots lead to, by definition name. */
function reach(roots: Iterable<AnyStruct>): { structs: Map<string, AnyStruct>; scalars: Set<ScalarName> } {
  const structs = new Map<string, AnyStruct>();
  const scalars = new Set<ScalarName>();
  const queue = [...roots];
  for (let s = queue.pop(); s; s = queue.pop()) {
    if (structs.has(s.name) || isInPlace(s)) continue;
    structs.set(s.name, s);
    if (jsonFormOf(s)) continue;
    for (const { field } of planOf(s).fields) {
      if (isScalar(field.type)) scalars.add(field.type.scalar);
      else queue.push(structOf(field.type)!);
    }
  }
  return { structs, scalars };
}

/** All definitions the roots need, sorted by name. */
export function openApiDefinitions(
  roots: Iterable<AnyStruct>,
  v: OpenApiVersion,
  o: OpenApiOptions = {},
): Readonly<Record<string, OpenApiSchema>> {
  const { structs, scalars } = reach(roots);
  const out: [string, OpenApiSchema][] = [];
  for (const [name, s] of structs) out.push([name, openApiSchema(s, v, o)]);
  for (const s of scalars) {
    const name = namedScalars[s];
    if (name)
      out.push([name, described(o.describe?.(name), (v === 'v3' ? v3Scalars[s] : undefined) ?? scalarSchemas[s])]);
  }
  return Object.fromEntries(out.sort(byName));
}
