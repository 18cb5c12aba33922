/**
 * Structs whose JSON is not an object of their fields (`jsonForm`): a bare list of strings, any JSON, or one of two shapes. Their
 * fields describe protobuf only; here is what decode and OpenAPI need.
 */
import { type AnyStruct, type Field, structOf } from './dsl.ts';

export type JsonForm =
  /** A list of strings (Verbs, ExtraValue). */
  | { readonly kind: 'strings' }
  /** Arbitrary JSON. */
  | { readonly kind: 'any' }
  /** RFC 3339 text. */
  | { readonly kind: 'time' }
  /** An object of struct `schema`, or a list of them. */
  | { readonly kind: 'orList'; readonly schema: AnyStruct }
  /** An object of struct `schema`, or a boolean. */
  | { readonly kind: 'orBool'; readonly schema: AnyStruct }
  /** An object of struct `schema`, or a list of strings. */
  | { readonly kind: 'orStrings'; readonly schema: AnyStruct };

/** The JSON form of a `jsonForm` struct, undefined for any other struct. */
export function jsonFormOf(s: AnyStruct): JsonForm | undefined {
  if (!s.markers.jsonForm) return undefined;
  const fields = s.fields as Record<string, Field>;
  const schema = fields['schema'] && structOf(fields['schema'].type);
  if (schema && fields['allows']) return { kind: 'orBool', schema };
  if (schema && fields['property']) return { kind: 'orStrings', schema };
  if (schema) return { kind: 'orList', schema };
  if (fields['items']) return { kind: 'strings' };
  if (fields['seconds']) return { kind: 'time' };
  return { kind: 'any' };
}
