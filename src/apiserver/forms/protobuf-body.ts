/** Objects, lists and watch events in Kubernetes' protobuf envelope. */
import {
  DeleteOptions,
  ListMeta as ListMetaSchema,
  PartialObjectMetadata,
  PartialObjectMetadataList,
  Status,
} from '../../api/meta/v1/types.ts';
import type { StatusError } from '../../machinery/status-error.ts';
import { type AnyStruct, field, list, struct } from '../../schema/dsl.ts';
import { decodeProtobuf, encodeProtobuf, ProtobufError } from '../../schema/protobuf.ts';
import { unwrapProtobuf, watchFrame, wrapProtobuf } from '../../schema/protobuf-envelope.ts';

export type WellKnown = 'Status' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | 'DeleteOptions';

const wellKnown: Readonly<Record<WellKnown, AnyStruct>> = {
  Status,
  PartialObjectMetadata,
  PartialObjectMetadataList,
  DeleteOptions,
};

const schemaOf = (s: AnyStruct | WellKnown): AnyStruct => (typeof s === 'string' ? wellKnown[s] : s);

interface Typed {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
}

/** An object in its envelope. */
export function protobufBody(value: object, schema: AnyStruct | WellKnown): Buffer {
  const { apiVersion = '', kind = '' } = value as Typed;
  return wrapProtobuf(apiVersion, kind, encodeProtobuf(schemaOf(schema), value));
}

export const protobufWatchEvent = (type: string, value: object, schema: AnyStruct | WellKnown): Buffer =>
  watchFrame(type, protobufBody(value, schema));

const lists = new WeakMap<AnyStruct, AnyStruct>();

/** The list kind of a kind: every one has its metadata in field 1 and its items in field 2. */
function listOf(item: AnyStruct): AnyStruct {
  let s = lists.get(item);
  if (!s) {
    s = struct(`${item.name}List`, { metadata: field(1, ListMetaSchema), items: list(2, item) });
    lists.set(item, s);
  }
  return s;
}

export function protobufList(
  apiVersion: string,
  kind: string,
  item: AnyStruct,
  metadata: object,
  items: readonly object[],
): Buffer {
  return wrapProtobuf(apiVersion, kind, encodeProtobuf(listOf(item), { metadata, items }));
}

/** The object in an envelope, as JSON would have it; of another kind than the schema's: only its apiVersion and kind. */
export function protobufObject(
  body: Buffer,
  schema: AnyStruct | WellKnown,
  kind: string,
  refuse: (why: string) => StatusError,
): Readonly<Record<string, unknown>> {
  try {
    const envelope = unwrapProtobuf(body);
    const named = {
      ...(envelope.apiVersion && { apiVersion: envelope.apiVersion }),
      ...(envelope.kind && { kind: envelope.kind }),
    };
    if (envelope.kind && envelope.kind !== kind) return named;
    const object = decodeProtobuf(schemaOf(schema), envelope.raw) as Readonly<Record<string, unknown>>;
    return { ...object, ...named };
  } catch (e) {
    if (e instanceof ProtobufError) throw refuse(e.message);
    throw e;
  }
}
