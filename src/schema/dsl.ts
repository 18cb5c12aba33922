/**
 * The schema language: an API type is plain data (fields with their protobuf number, JSON type and markers), and its static
 * TypeScript type is inferred from that data. Interpreters (decode, default, validate, OpenAPI, merge, protobuf) live beside it.
 *
 * Marker names are upstream's: they mirror the `+listType`, `+patchStrategy`, … comments and the Go JSON tags of k8s.io/api.
 */

/** Scalars that have one JSON form. `any` is arbitrary JSON; `quantity`, `time`, `intOrString` … have their own JSON form. */
export type ScalarName =
  | 'string'
  | 'bool'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'float64'
  | 'bytes' // base64 text in JSON
  | 'any' // arbitrary JSON value
  | 'rawExtension' // an embedded object of any kind
  | 'time' // RFC 3339, seconds, Z
  | 'microTime' // RFC 3339, microseconds, Z
  | 'duration' // Go duration text
  | 'quantity' // resource.Quantity text
  | 'intOrString'
  | 'fieldsV1'; // managedFields set, JSON object

export interface Scalar<N extends ScalarName = ScalarName> {
  readonly scalar: N;
}

const scalar = <N extends ScalarName>(name: N): Scalar<N> => Object.freeze({ scalar: name });
export const string = scalar('string');
export const bool = scalar('bool');
export const int32 = scalar('int32');
export const int64 = scalar('int64');
export const uint32 = scalar('uint32');
export const uint64 = scalar('uint64');
export const float64 = scalar('float64');
export const bytes = scalar('bytes');
export const any = scalar('any');
export const rawExtension = scalar('rawExtension');
export const time = scalar('time');
export const microTime = scalar('microTime');
export const duration = scalar('duration');
export const quantity = scalar('quantity');
export const intOrString = scalar('intOrString');
export const fieldsV1 = scalar('fieldsV1');

/** A named set of string values. `closed` = OpenAPI lists them (`+enum`) and validation refuses others. */
export interface Enum {
  readonly name: string;
  readonly closed: boolean;
  readonly values: readonly string[];
}

/** The markers of one field; every one is optional and named as upstream names it. */
export interface FieldMarkers {
  /** In the `required` list of OpenAPI. */
  readonly required?: boolean;
  /** Left out of JSON when it has its zero value (Go `omitempty`); without it the zero value is written. */
  readonly omitempty?: boolean;
  readonly omitzero?: boolean;
  /** A Go pointer: unset differs from the zero value. */
  readonly ptr?: boolean;
  readonly enum?: Enum;
  /** Upstream's named alias of a scalar (io.k8s.apimachinery.pkg.types.UID …). */
  readonly alias?: string;
  readonly format?: string;
  /** Static default (`+default`); conditional defaults live in the row's strategy. */
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly deprecated?: boolean;
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listMapKeys?: readonly string[];
  readonly mapType?: 'atomic' | 'granular';
  readonly structType?: 'atomic' | 'granular';
  /** Strategic merge: `merge`, `replace`, `retainKeys` or `merge,retainKeys`. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  readonly featureGates?: readonly string[];
  /** Protobuf field name where it differs from the JSON name. */
  readonly proto?: string;
  /** The fields of the type lie in the parent in JSON, and in field `num` in protobuf. */
  readonly inline?: boolean;
  /** Only in protobuf. */
  readonly noJson?: boolean;
  /** Upstream's declarative validation markers, as text (`minimum=0`, `maxItems=16`, …). */
  readonly v?: readonly string[];
}

export type Shape = 'one' | 'list' | 'map';
export type FieldType = Scalar | AnyStruct | Lazy;
/** Breaks a cycle between structs (JSONSchemaProps). */
export type Lazy = () => AnyStruct;

export interface Field<
  T extends FieldType = FieldType,
  S extends Shape = Shape,
  M extends FieldMarkers = FieldMarkers,
> {
  /** Protobuf field number; 0 = not in protobuf. */
  readonly num: number;
  readonly type: T;
  /** `list` = JSON array, `map` = JSON object with string keys. */
  readonly shape: S;
  readonly markers: M;
}

type NoMarkers = Record<never, never>;
export const field = <const T extends FieldType, const M extends FieldMarkers = NoMarkers>(
  num: number,
  type: T,
  markers?: M,
): Field<T, 'one', M> => ({
  num,
  type,
  shape: 'one',
  markers: markers ?? ({} as M),
});
export const list = <const T extends FieldType, const M extends FieldMarkers = NoMarkers>(
  num: number,
  type: T,
  markers?: M,
): Field<T, 'list', M> => ({
  num,
  type,
  shape: 'list',
  markers: markers ?? ({} as M),
});
export const map = <const T extends FieldType, const M extends FieldMarkers = NoMarkers>(
  num: number,
  type: T,
  markers?: M,
): Field<T, 'map', M> => ({
  num,
  type,
  shape: 'map',
  markers: markers ?? ({} as M),
});

export type Fields = Readonly<Record<string, Field>>;

/** Markers of a struct as a whole. */
export interface StructMarkers {
  /** Set on a top-level kind: `apiVersion` and `kind` are inlined in JSON and absent in protobuf. */
  readonly gvk?: { readonly group: string; readonly version: string; readonly kind: string };
  /** apiVersion and kind are part of its JSON form. */
  readonly typeMeta?: boolean;
  readonly structType?: 'atomic' | 'granular';
  readonly union?: unknown;
  /** Has its own JSON form: `fields` describe protobuf only. */
  readonly jsonForm?: boolean;
  readonly noProto?: boolean;
}

/** An API type. `name` is the OpenAPI v2 definition name, e.g. `io.k8s.api.core.v1.Container`. */
export interface Struct<F extends Fields = Fields, M extends StructMarkers = StructMarkers> {
  readonly name: string;
  readonly fields: F;
  readonly markers: M;
}
// biome-ignore lint/suspicious/noExplicitAny: variance: any field table is a struct
export type AnyStruct = Struct<any, StructMarkers>;

export const struct = <const F extends Fields, const M extends StructMarkers = NoMarkers>(
  name: string,
  fields: F,
  markers?: M,
): Struct<F, M> => ({
  name,
  fields,
  markers: markers ?? ({} as M),
});

export const isScalar = (t: FieldType): t is Scalar => typeof t === 'object' && 'scalar' in t;
/** The struct behind a field's type, or undefined for a scalar. */
export const structOf = (t: FieldType): AnyStruct | undefined =>
  typeof t === 'function' ? t() : 'scalar' in t ? undefined : t;

// ---- static types ----

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

interface ScalarTypes {
  string: string;
  bool: boolean;
  int32: number;
  int64: number;
  uint32: number;
  uint64: number;
  float64: number;
  bytes: string;
  any: unknown;
  rawExtension: { readonly [key: string]: unknown };
  time: string;
  microTime: string;
  duration: string;
  quantity: string;
  intOrString: string | number;
  fieldsV1: { readonly [key: string]: unknown };
}

type One<T> =
  T extends Scalar<infer N>
    ? ScalarTypes[N]
    : T extends Struct<infer F, infer M>
      ? InferStruct<F, M>
      : T extends () => infer R
        ? One<R>
        : never;
type Value<X> =
  X extends Field<infer T, infer S, FieldMarkers>
    ? S extends 'list'
      ? readonly One<T>[]
      : S extends 'map'
        ? { readonly [key: string]: One<T> }
        : One<T>
    : never;
/** Present in every decoded object: OpenAPI-required, or a Go struct by value (decode fills it with `{}`). */
type IsPresent<X> =
  X extends Field<infer T, infer S, infer M>
    ? M extends { readonly required: true }
      ? true
      : M extends { readonly ptr: true } | { readonly omitzero: true }
        ? false
        : S extends 'one'
          ? T extends Struct<infer _F, infer _M>
            ? true
            : false
          : false
    : false;
type PresentKeys<F> = {
  [K in keyof F]: F[K] extends { markers: { inline: true } } | { markers: { noJson: true } }
    ? never
    : IsPresent<F[K]> extends true
      ? K
      : never;
}[keyof F];
type OptionalKeys<F> = {
  [K in keyof F]: F[K] extends { markers: { inline: true } } | { markers: { noJson: true } }
    ? never
    : IsPresent<F[K]> extends true
      ? never
      : K;
}[keyof F];
type InlineOf<F> = {
  [K in keyof F]: F[K] extends Field<infer T, Shape, { readonly inline: true }> ? One<T> : never;
}[keyof F];
type UnionToIntersection<U> = (U extends unknown ? (x: U) => void : never) extends (x: infer I) => void ? I : never;
type InlinePart<F> = [InlineOf<F>] extends [never] ? unknown : UnionToIntersection<InlineOf<F>>;
type TypeMeta<M> = M extends { readonly typeMeta: true }
  ? { readonly apiVersion: string; readonly kind: string }
  : unknown;
type InferStruct<F, M> = { readonly [K in PresentKeys<F>]: Value<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: Value<F[K]> | undefined;
} & InlinePart<F> &
  TypeMeta<M>;

/** The TypeScript type of a decoded object of this schema: deeply readonly, by-value structs always present. */
export type Infer<S> = S extends Struct<infer F, infer M> ? InferStruct<F, M> : never;

/** What a client may send: everything optional except what is given; the server fills the rest. */
export type Input<T> = T extends readonly (infer E)[]
  ? readonly Input<E>[]
  : T extends object
    ? { readonly [K in keyof T]?: Input<T[K]> | undefined }
    : T;
