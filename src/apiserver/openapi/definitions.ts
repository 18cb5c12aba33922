/** The types of the API as OpenAPI schemas, v2 and v3, made from the schema language (upstream: kube-openapi's generators). */
import { type AnyStruct, type Field, type FieldType, isScalar, type ScalarName, structOf } from '../../schema/dsl.ts';
import { jsonFormOf } from '../../schema/json-form.ts';

export type Dialect = 'v2' | 'v3';
export type Definition = Readonly<Record<string, unknown>>;

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const quantityName = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const intOrStringName = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';

/** Scalars that are definitions of their own. */
const named: Partial<Record<ScalarName, string>> = {
  time: `${meta}.Time`,
  microTime: `${meta}.MicroTime`,
  duration: `${meta}.Duration`,
  quantity: quantityName,
  intOrString: intOrStringName,
  fieldsV1: `${meta}.FieldsV1`,
  rawExtension: 'io.k8s.apimachinery.pkg.runtime.RawExtension',
};

const plain: Partial<Record<ScalarName, Definition>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  uint32: { type: 'integer', format: 'int64' },
  uint64: { type: 'integer', format: 'int64' },
  float64: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
  any: { type: 'object' },
};

const scalarDefinitions = (d: Dialect): Readonly<Record<string, Definition>> => ({
  [`${meta}.Time`]: { type: 'string', format: 'date-time' },
  [`${meta}.MicroTime`]: { type: 'string', format: 'date-time' },
  [`${meta}.Duration`]: { type: 'string' },
  [quantityName]: d === 'v3' ? { oneOf: [{ type: 'string' }, { type: 'number' }] } : { type: 'string' },
  [intOrStringName]:
    d === 'v3'
      ? { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' }
      : { type: 'string', format: 'int-or-string' },
  [`${meta}.FieldsV1`]: { type: 'object' },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': { type: 'object' },
});

export const refPrefix = (d: Dialect): string => (d === 'v3' ? '#/components/schemas/' : '#/definitions/');

const zeroDefault: Partial<Record<ScalarName, unknown>> = {
  string: '',
  bool: false,
  int32: 0,
  int64: 0,
  uint32: 0,
  uint64: 0,
  float64: 0,
};

/** Collects the definitions that a set of types needs. */
export class Definitions {
  readonly #dialect: Dialect;
  readonly #made = new Map<string, Definition>();
  readonly #kindsOf: (s: AnyStruct) => readonly Definition[];

  /** `kindsOf`: more group-version-kinds a definition stands for (DeleteOptions is in every group). */
  constructor(dialect: Dialect, kindsOf: (s: AnyStruct) => readonly Definition[] = () => []) {
    this.#dialect = dialect;
    this.#kindsOf = kindsOf;
  }

  /** Everything collected, by name. */
  get all(): Readonly<Record<string, Definition>> {
    return Object.fromEntries([...this.#made].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** `{"$ref": …}` of a struct, which is then among the definitions. */
  ref(s: AnyStruct): Definition {
    if (!this.#made.has(s.name)) {
      this.#made.set(s.name, {});
      this.#made.set(s.name, this.#define(s));
    }
    return { $ref: refPrefix(this.#dialect) + s.name };
  }

  /** The list kind of a struct. */
  listRef(item: AnyStruct, group: string, version: string, kind: string, listMeta: AnyStruct): Definition {
    const name = `${item.name}List`;
    const items = this.ref(item);
    if (!this.#made.has(name))
      this.#made.set(name, {
        type: 'object',
        required: ['items'],
        properties: {
          apiVersion: { type: 'string' },
          items: { type: 'array', items },
          kind: { type: 'string' },
          metadata: this.#dialect === 'v3' ? { allOf: [this.ref(listMeta)], default: {} } : this.ref(listMeta),
        },
        'x-kubernetes-group-version-kind': [{ group, kind: `${kind}List`, version }],
      });
    return { $ref: refPrefix(this.#dialect) + name };
  }

  #scalar(name: ScalarName): Definition {
    const n = named[name];
    if (!n) return plain[name] ?? { type: 'object' };
    if (!this.#made.has(n)) this.#made.set(n, scalarDefinitions(this.#dialect)[n]!);
    return { $ref: refPrefix(this.#dialect) + n };
  }

  #type(t: FieldType): Definition {
    if (isScalar(t)) return this.#scalar(t.scalar);
    const s = structOf(t)!;
    return jsonFormOf(s)?.kind === 'strings' ? { type: 'array', items: { type: 'string' } } : this.ref(s);
  }

  #define(s: AnyStruct): Definition {
    const form = jsonFormOf(s);
    if (form)
      switch (form.kind) {
        case 'strings':
          return { type: 'array', items: { type: 'string' } };
        case 'time':
          return { type: 'string', format: 'date-time' };
        case 'any':
          return s.name.endsWith('.Patch') ? { type: 'object' } : {};
        case 'orBool':
        case 'orList':
        case 'orStrings':
          this.ref(form.schema);
          return {};
        default:
          return form satisfies never;
      }
    const properties: Record<string, Definition> = {};
    const required: string[] = [];
    if (s.markers.typeMeta) {
      properties['apiVersion'] = { type: 'string' };
      properties['kind'] = { type: 'string' };
    }
    this.#collect(s, properties, required);
    const sorted = Object.fromEntries(Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1)));
    const gvk = s.markers.gvk;
    const more = this.#kindsOf(s);
    const kinds = more.length ? more : gvk ? [{ group: gvk.group, kind: gvk.kind, version: gvk.version }] : [];
    return {
      type: 'object',
      ...(required.length && { required }),
      ...(Object.keys(sorted).length && { properties: sorted }),
      ...(kinds.length && { 'x-kubernetes-group-version-kind': kinds }),
      ...(s.markers.structType && { 'x-kubernetes-map-type': s.markers.structType }),
    };
  }

  #collect(s: AnyStruct, properties: Record<string, Definition>, required: string[]): void {
    for (const [name, f] of Object.entries(s.fields as Record<string, Field>)) {
      const m = f.markers;
      if (m.noJson) continue;
      if (m.inline) {
        this.#collect(structOf(f.type)!, properties, required);
        continue;
      }
      if (m.required) required.push(name);
      properties[name] = this.#property(f);
    }
  }

  #property(f: Field): Definition {
    const m = f.markers;
    const one = { ...this.#type(f.type), ...(m.format && !('$ref' in this.#type(f.type)) && { format: m.format }) };
    const isRef = '$ref' in one;
    const enumeration = m.enum?.closed ? { enum: [...m.enum.values].sort() } : {};
    const extensions: Record<string, unknown> = {};
    if (m.listType) extensions['x-kubernetes-list-type'] = m.listType;
    if (m.listMapKeys) extensions['x-kubernetes-list-map-keys'] = m.listMapKeys;
    if (m.mapType) extensions['x-kubernetes-map-type'] = m.mapType;
    if (m.structType) extensions['x-kubernetes-map-type'] = m.structType;
    if (m.patchMergeKey) extensions['x-kubernetes-patch-merge-key'] = m.patchMergeKey;
    if (m.patchStrategy) extensions['x-kubernetes-patch-strategy'] = m.patchStrategy;
    const v3 = this.#dialect === 'v3';
    const element = (): Definition => (isRef ? one : { ...one, ...enumeration });
    if (f.shape === 'list') return { type: 'array', items: element(), ...extensions };
    if (f.shape === 'map') return { type: 'object', additionalProperties: element(), ...extensions };
    const given = m.default !== undefined ? { default: m.default } : {};
    if (isRef) {
      if (!v3) return { ...one, ...extensions };
      const byValue = !m.ptr && m.default === undefined && !isScalar(f.type);
      const rest = { ...extensions, ...given, ...(byValue && { default: {} }) };
      return { allOf: [one], ...rest };
    }
    const zero =
      v3 && !m.omitempty && !m.ptr && m.default === undefined && isScalar(f.type)
        ? zeroDefault[f.type.scalar]
        : undefined;
    return { ...one, ...enumeration, ...extensions, ...given, ...(zero !== undefined && { default: zero }) };
  }
}
