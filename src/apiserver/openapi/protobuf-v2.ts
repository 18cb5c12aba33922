/**
 * The v2 document as protobuf, which client-go's discovery asks for and nothing else (gnostic's openapi.v2.Document: field numbers are
 * facts of that file). A message is a table of its fields; what JSON leaves free (defaults, enums, extensions) travels as YAML text.
 */
import { ProtobufWriter, type WireType } from '../../schema/protobuf-wire.ts';

type Json = Readonly<Record<string, unknown>>;
/** Writes a value without its tag; the writer goes backwards, so length comes after content. */
type Write = (w: ProtobufWriter, v: never) => void;

interface Slot {
  readonly num: number;
  readonly wire: WireType;
  readonly write: Write;
  readonly repeated?: boolean;
}

const string: Write = (w, v: string) => w.string(v);
const bool: Write = (w, v: boolean) => w.varint(v ? 1 : 0);
const int64: Write = (w, v: number) => w.varint(v);
const double: Write = (w, v: number) => w.double(v);

const text = (num: number): Slot => ({ num, wire: 2, write: string });
const texts = (num: number): Slot => ({ num, wire: 2, write: string, repeated: true });
const flag = (num: number): Slot => ({ num, wire: 0, write: bool });
const integer = (num: number): Slot => ({ num, wire: 0, write: int64 });
const number = (num: number): Slot => ({ num, wire: 1, write: double });
const one = (num: number, write: Write): Slot => ({ num, wire: 2, write });
const many = (num: number, write: Write): Slot => ({ num, wire: 2, write, repeated: true });

/** Proto3 leaves zero values out. */
const isZero = (v: unknown): boolean => v === undefined || v === '' || v === false || v === 0;

function writeSlot(w: ProtobufWriter, s: Slot, v: unknown): void {
  const values = s.repeated ? (v as readonly unknown[]) : [v];
  for (let i = values.length - 1; i >= 0; i--) {
    s.write(w, values[i] as never);
    w.tag(s.num, s.wire);
  }
}

/** Length-delimited content. */
const delimited = (w: ProtobufWriter, content: () => void): void => {
  const before = w.length;
  content();
  w.varint(w.length - before);
};

/** `Any` as gnostic fills it: YAML, of which JSON is a part. */
const any: Write = (w, v: unknown) => delimited(w, () => writeSlot(w, text(2), `${JSON.stringify(v)}\n`));

const named =
  (value: Write): Write =>
  (w, [name, v]: readonly [string, unknown]) =>
    delimited(w, () => {
      writeSlot(w, one(2, value), v);
      writeSlot(w, text(1), name);
    });

/** A message by its fields' JSON names; `extensions` = the number its `x-…` keys go to. */
function message(fields: Readonly<Record<string, Slot>>, extensions?: number): Write {
  const slots = Object.entries(fields).sort(([, a], [, b]) => b.num - a.num);
  return (w, v: Json) =>
    delimited(w, () => {
      if (extensions !== undefined) {
        const more = Object.entries(v).filter(([k]) => k.startsWith('x-'));
        writeSlot(w, many(extensions, named(any)), more);
      }
      for (const [name, slot] of slots) if (!isZero(v[name])) writeSlot(w, slot, v[name]);
    });
}

/** A message around one field. */
const wrapped =
  (slot: Slot): Write =>
  (w, v: unknown) =>
    delimited(w, () => writeSlot(w, slot, v));

/** A JSON object with free keys. */
const table =
  (num: number, value: Write): Write =>
  (w, v: Json) =>
    delimited(w, () => writeSlot(w, many(num, named(value)), Object.entries(v)));

const schema: Write = (w, v: Json) => schemaMessage(w, v as never);
const additional: Write = (w, v: Json | boolean) =>
  wrapped(typeof v === 'boolean' ? { num: 2, wire: 0, write: bool } : one(1, schema))(w, v as never);
const listed =
  (num: number, write: Write): Write =>
  (w, v: unknown) =>
    wrapped(many(num, write))(w, (Array.isArray(v) ? v : [v]) as never);

const schemaMessage = message(
  {
    $ref: text(1),
    format: text(2),
    title: text(3),
    description: text(4),
    default: one(5, any),
    multipleOf: number(6),
    maximum: number(7),
    exclusiveMaximum: flag(8),
    minimum: number(9),
    exclusiveMinimum: flag(10),
    maxLength: integer(11),
    minLength: integer(12),
    pattern: text(13),
    maxItems: integer(14),
    minItems: integer(15),
    uniqueItems: flag(16),
    maxProperties: integer(17),
    minProperties: integer(18),
    required: texts(19),
    enum: many(20, any),
    additionalProperties: one(21, additional),
    type: one(22, listed(1, string)),
    items: one(23, listed(1, schema)),
    allOf: many(24, schema),
    properties: one(25, table(1, schema)),
    readOnly: flag(27),
    example: one(30, any),
  },
  31,
);

const bodyParameter = message(
  { description: text(1), name: text(2), in: text(3), required: flag(4), schema: one(5, schema) },
  6,
);
const pathParameter = message(
  {
    required: flag(1),
    in: text(2),
    description: text(3),
    name: text(4),
    type: text(5),
    format: text(6),
    uniqueItems: flag(19),
  },
  22,
);
const headerParameter = pathParameter;
const queryParameter = message(
  {
    required: flag(1),
    in: text(2),
    description: text(3),
    name: text(4),
    type: text(6),
    format: text(7),
    uniqueItems: flag(20),
  },
  23,
);
const freeParameters: Readonly<Record<string, Slot>> = {
  header: one(1, headerParameter),
  query: one(3, queryParameter),
  path: one(4, pathParameter),
};
const parameter: Write = (w, v: Json) => {
  const place = v['in'] as string;
  const free = freeParameters[place];
  const slot = place === 'body' ? one(1, bodyParameter) : one(2, wrapped(free!));
  wrapped(one(1, wrapped(slot)))(w, v as never);
};

const response = message({ description: text(1), schema: one(2, wrapped(one(1, schema))) }, 5);
const responses = table(1, wrapped(one(1, response)));
const requirement = table(1, wrapped(texts(1)));
const operation = message(
  {
    tags: texts(1),
    summary: text(2),
    description: text(3),
    operationId: text(5),
    produces: texts(6),
    consumes: texts(7),
    parameters: many(8, parameter),
    responses: one(9, responses),
    schemes: texts(10),
    deprecated: flag(11),
    security: many(12, requirement),
  },
  13,
);
const pathItem = message(
  {
    get: one(2, operation),
    put: one(3, operation),
    post: one(4, operation),
    delete: one(5, operation),
    options: one(6, operation),
    head: one(7, operation),
    patch: one(8, operation),
    parameters: many(9, parameter),
  },
  10,
);
const apiKey = message({ type: text(1), name: text(2), in: text(3), description: text(4) }, 5);
const document = message(
  {
    swagger: text(1),
    info: one(2, message({ title: text(1), version: text(2), description: text(3) }, 7)),
    host: text(3),
    basePath: text(4),
    schemes: texts(5),
    consumes: texts(6),
    produces: texts(7),
    paths: one(8, table(2, pathItem)),
    definitions: one(9, table(1, schema)),
    security: many(12, requirement),
    securityDefinitions: one(13, table(1, wrapped(one(2, apiKey)))),
  },
  16,
);

/** The document of `openApiV2` as openapi.v2.Document. */
export function openApiV2Protobuf(doc: unknown): Buffer {
  const w = new ProtobufWriter();
  document(w, doc as never);
  const framed = w.take();
  // The outermost message has no length before it.
  let at = 0;
  while (framed[at]! >= 128) at++;
  return framed.subarray(at + 1);
}
