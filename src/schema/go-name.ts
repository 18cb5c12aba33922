/** What Go calls a field's type: the JSON error messages clients see name it (`[]v1.Container`, `map[string]string`, `v1.Protocol`). */
import { type AnyStruct, type Field, isScalar, type ScalarName, structOf } from './dsl.ts';

/** `io.k8s.api.core.v1.Container` → `v1.Container`. */
export function goTypeName(openApiName: string): string {
  const last = openApiName.lastIndexOf('.');
  return openApiName.slice(openApiName.lastIndexOf('.', last - 1) + 1);
}

/** `io.k8s.api.core.v1.Container` → `Container`. */
export const goStructName = (s: AnyStruct): string => s.name.slice(s.name.lastIndexOf('.') + 1);

const scalarTypes: Readonly<Record<ScalarName, string>> = {
  string: 'string',
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  uint32: 'uint32',
  uint64: 'uint64',
  float64: 'float64',
  bytes: '[]uint8',
  any: 'interface {}',
  rawExtension: 'runtime.RawExtension',
  time: 'v1.Time',
  microTime: 'v1.MicroTime',
  duration: 'v1.Duration',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  fieldsV1: 'v1.FieldsV1',
};

/** Aliases that name a whole list or map; the others name its element. */
const collectionAliases = new Set([
  'ResourceList',
  'JSONSchemaDefinitions',
  'JSONSchemaDependencies',
  'ValidationRules',
  'Verbs',
]);

/** Go's name of one element of a field. */
export function goElementType(f: Field): string {
  const { alias, enum: set } = f.markers;
  if (set) return goTypeName(set.name);
  const inner = structOf(f.type);
  if (inner) return goTypeName(inner.name);
  if (alias && !collectionAliases.has(alias.slice(alias.lastIndexOf('.') + 1))) return goTypeName(alias);
  return isScalar(f.type) ? scalarTypes[f.type.scalar] : '';
}

/** Go's name of a field's whole type. */
export function goFieldType(f: Field): string {
  const { alias } = f.markers;
  if (f.shape === 'one') return goElementType(f);
  if (alias && collectionAliases.has(alias.slice(alias.lastIndexOf('.') + 1))) return goTypeName(alias);
  return f.shape === 'list' ? `[]${goElementType(f)}` : `map[string]${goElementType(f)}`;
}
