/**
 * Objects of a struct to protobuf and back, byte for byte as gogo's generated code of k8s.io/api does it: fields by number, by-value
 * scalars always written, map entries by key. A codec is compiled once per struct from the field numbers of the schema.
 */
import { type AnyStruct, type Field, type Infer, isScalar, structOf } from './dsl.ts';
import { jsonFormOf } from './json-form.ts';
import { dropsZero, isZero } from './omit.ts';
import { type FieldPlan, planOf } from './plan.ts';
import { type Codec, codecOf, delimited, jsonBox } from './protobuf-scalar.ts';
import { eachField, ProtobufError, ProtobufReader, ProtobufWriter, type WireType } from './protobuf-wire.ts';
import { absentValue, zeroElement } from './zero.ts';

export { ProtobufError } from './protobuf-wire.ts';

type Obj = Record<string, unknown>;

/** One field of a message. */
interface Part {
  readonly num: number;
  readonly write: (w: ProtobufWriter, parent: Obj) => void;
  /** Puts what it reads into `into`; false = not of this wire type, skip it. */
  readonly read: (r: ProtobufReader, wire: number, into: Obj) => boolean;
}

interface Message {
  /** By number, ascending. */
  readonly parts: readonly Part[];
  readonly byNum: ReadonlyMap<number, Part>;
}

interface Finisher {
  readonly name: string;
  readonly dropsZero: boolean;
  readonly absent: unknown;
}

class StructCodec implements Codec {
  readonly wire = 2;
  readonly #struct: AnyStruct;
  #message: Message | undefined;
  #finishers: readonly Finisher[] | undefined;
  constructor(s: AnyStruct) {
    this.#struct = s;
  }

  get #parts(): Message {
    this.#message ??= compile(this.#struct);
    return this.#message;
  }

  readonly write = (w: ProtobufWriter, v: unknown): void => {
    const before = w.length;
    this.writeBody(w, v as Obj);
    w.varint(w.length - before);
  };

  writeBody(w: ProtobufWriter, v: Obj): void {
    const { parts } = this.#parts;
    for (let i = parts.length - 1; i >= 0; i--) parts[i]?.write(w, v);
  }

  readonly read = (r: ProtobufReader): unknown => this.readBody(r.message());

  readBody(r: ProtobufReader): Obj {
    const into: Obj = {};
    this.readInto(r, into);
    return this.#finish(into);
  }

  /** Reads fields only; for inlined structs, whose fields are the parent's. */
  readInto(r: ProtobufReader, into: Obj): void {
    const { byNum } = this.#parts;
    eachField(r, (num, wire) => byNum.get(num)?.read(r, wire, into) ?? false);
  }

  /** Canonical order, zero values as decode answers them. */
  #finish(raw: Obj): Obj {
    this.#finishers ??= planOf(this.#struct).fields.map((f) => ({
      name: f.name,
      dropsZero: dropsZero(f),
      absent: absentValue(f),
    }));
    const out: Obj = {};
    for (const f of this.#finishers) {
      const v = raw[f.name];
      if (v === undefined) {
        if (f.absent !== undefined) out[f.name] = f.absent;
      } else if (!(f.dropsZero && isZero(v))) out[f.name] = v;
    }
    return out;
  }
}

const codecs = new WeakMap<AnyStruct, StructCodec>();
const forms = new WeakMap<AnyStruct, Codec>();

function structCodec(s: AnyStruct): StructCodec {
  let c = codecs.get(s);
  if (!c) {
    if (s.markers.noProto) throw new ProtobufError(`${s.name} has no protobuf form`);
    c = new StructCodec(s);
    codecs.set(s, c);
  }
  return c;
}

function elementCodec(f: Field): Codec {
  if (isScalar(f.type)) return codecOf(f.type.scalar);
  const s = structOf(f.type);
  if (!s) throw new ProtobufError('a field without a type');
  if (!s.markers.jsonForm) return structCodec(s);
  let c = forms.get(s);
  if (!c) {
    c = formCodec(s);
    forms.set(s, c);
  }
  return c;
}

function compile(s: AnyStruct): Message {
  const plan = planOf(s);
  const parts: Part[] = [];
  for (const [name, f] of Object.entries(s.fields as Readonly<Record<string, Field>>)) {
    if (f.num === 0 || f.markers.noJson) continue;
    const inner = f.markers.inline ? structOf(f.type) : undefined;
    if (inner) parts.push(inlinePart(f.num, structCodec(inner)));
    else {
      const known = plan.byName.get(name);
      if (known) parts.push(partOf(known, elementCodec(f)));
    }
  }
  parts.sort((a, b) => a.num - b.num);
  return { parts, byNum: new Map(parts.map((p) => [p.num, p])) };
}

const inlinePart = (num: number, codec: StructCodec): Part => ({
  num,
  write: (w, parent) => {
    delimited(w, () => codec.writeBody(w, parent));
    w.tag(num, 2);
  },
  read: (r, wire, into) => {
    if (wire !== 2) return false;
    codec.readInto(r.message(), into);
    return true;
  },
});

function partOf(f: FieldPlan, codec: Codec): Part {
  switch (f.field.shape) {
    case 'one':
      return singlePart(f, codec);
    case 'list':
      return listPart(f, codec);
    case 'map':
      return mapPart(f, codec);
    default:
      return f.field.shape satisfies never;
  }
}

/** What gogo writes for a by-value field that JSON does not have; undefined = nothing. */
function zeroOnWire(f: FieldPlan): { readonly value: unknown } | undefined {
  if (f.field.markers.ptr || f.scalar === 'bytes') return undefined;
  if (f.scalar) return { value: zeroElement(f) };
  const form = f.inner && jsonFormOf(f.inner.struct);
  if (form) return form.kind === 'strings' ? undefined : { value: undefined };
  return { value: zeroElement(f) ?? {} };
}

function singlePart(f: FieldPlan, codec: Codec): Part {
  const { name } = f;
  const { num } = f.field;
  const zero = zeroOnWire(f);
  return {
    num,
    write: (w, parent) => {
      const v = parent[name];
      if (v === undefined || v === null) {
        if (zero === undefined) return;
        codec.write(w, zero.value);
      } else codec.write(w, v);
      w.tag(num, codec.wire);
    },
    read: (r, wire, into) => {
      if (wire !== codec.wire) return false;
      into[name] = codec.read(r);
      return true;
    },
  };
}

const canPack = (wire: WireType): boolean => wire !== 2;

function listPart(f: FieldPlan, codec: Codec): Part {
  const { name } = f;
  const { num } = f.field;
  return {
    num,
    write: (w, parent) => {
      const v = parent[name];
      if (!Array.isArray(v)) return;
      for (let i = v.length - 1; i >= 0; i--) {
        codec.write(w, v[i] ?? zeroElement(f));
        w.tag(num, codec.wire);
      }
    },
    read: (r, wire, into) => {
      if (wire !== codec.wire && !(wire === 2 && canPack(codec.wire))) return false;
      const list = (into[name] ?? []) as unknown[];
      into[name] = list;
      if (wire === codec.wire) list.push(codec.read(r) ?? zeroElement(f));
      else {
        const packed = r.message();
        while (packed.pos < packed.end) list.push(codec.read(packed));
      }
      return true;
    },
  };
}

function mapPart(f: FieldPlan, codec: Codec): Part {
  const { name } = f;
  const { num } = f.field;
  return {
    num,
    write: (w, parent) => {
      const v = parent[name] as Obj | undefined | null;
      if (!v) return;
      const keys = Object.keys(v).sort();
      for (let i = keys.length - 1; i >= 0; i--) {
        const key = keys[i] ?? '';
        const before = w.length;
        codec.write(w, v[key] ?? zeroElement(f));
        w.tag(2, codec.wire);
        w.string(key);
        w.tag(1, 2);
        w.varint(w.length - before);
        w.tag(num, 2);
      }
    },
    read: (outer, wire, into) => {
      if (wire !== 2) return false;
      const r = outer.message();
      let key = '';
      let value: unknown;
      eachField(r, (n, type) => {
        if (n === 1 && type === 2) key = r.string();
        else if (n === 2 && type === codec.wire) value = codec.read(r);
        else return false;
        return true;
      });
      const map = (into[name] ?? {}) as Obj;
      into[name] = map;
      const v = value ?? zeroElement(f);
      if (key === '__proto__')
        Object.defineProperty(map, key, { value: v, enumerable: true, writable: true, configurable: true });
      else map[key] = v;
      return true;
    },
  };
}

/** Structs with their own JSON form: their protobuf fields are not their JSON's. */
function formCodec(s: AnyStruct): Codec {
  const form = jsonFormOf(s);
  if (!form) throw new ProtobufError(`${s.name} has no JSON form`);
  switch (form.kind) {
    case 'any':
      return jsonBox;
    case 'time':
      return codecOf('time');
    case 'strings':
      return {
        wire: 2,
        write: (w, v) => delimited(w, () => writeStrings(w, v as readonly string[], 1)),
        read: (outer) => {
          const r = outer.message();
          const out: string[] = [];
          eachField(r, (num, wire) => num === 1 && wire === 2 && out.push(r.string()) > 0);
          return out;
        },
      };
    case 'orBool':
      return eitherCodec(
        form.schema,
        2,
        (w, v) => {
          w.varint(v === false || v === undefined ? 0 : 1);
          w.tag(1, 0);
        },
        (r, num, wire) => (num === 1 && wire === 0 ? r.varint() !== 0 : undefined),
        (alone) => alone ?? false,
      );
    case 'orList': {
      return eitherCodec(
        form.schema,
        1,
        (w, v) => {
          if (!Array.isArray(v)) return;
          for (let i = v.length - 1; i >= 0; i--) {
            structCodec(form.schema).write(w, v[i]);
            w.tag(2, 2);
          }
        },
        (r, num, wire) => (num === 2 && wire === 2 ? [structCodec(form.schema).read(r)] : undefined),
        (alone) => alone,
      );
    }
    case 'orStrings':
      return eitherCodec(
        form.schema,
        1,
        (w, v) => {
          if (Array.isArray(v)) writeStrings(w, v as readonly string[], 2);
        },
        (r, num, wire) => (num === 2 && wire === 2 ? [r.string()] : undefined),
        (alone) => alone,
      );
    default:
      return form satisfies never;
  }
}

function writeStrings(w: ProtobufWriter, v: readonly string[], num: number): void {
  for (let i = v.length - 1; i >= 0; i--) {
    w.string(v[i] ?? '');
    w.tag(num, 2);
  }
}

/** A schema in field `num`, or something else in the other one; lists of the other add up. */
function eitherCodec(
  schema: AnyStruct,
  num: number,
  writeOther: (w: ProtobufWriter, v: unknown) => void,
  readOther: (r: ProtobufReader, num: number, wire: number) => unknown,
  without: (other: unknown) => unknown,
): Codec {
  const isSchema = (v: unknown): boolean => typeof v === 'object' && v !== null && !Array.isArray(v);
  const writeSchema = (w: ProtobufWriter, v: unknown): void => {
    if (!isSchema(v)) return;
    structCodec(schema).write(w, v);
    w.tag(num, 2);
  };
  return {
    wire: 2,
    write: (w, v) =>
      delimited(w, () => {
        if (num === 1) writeOther(w, v);
        else writeSchema(w, v);
        if (num === 1) writeSchema(w, v);
        else writeOther(w, v);
      }),
    read: (outer) => {
      const r = outer.message();
      let found: unknown;
      let other: unknown;
      eachField(r, (n, wire) => {
        if (n === num && wire === 2) {
          found = structCodec(schema).read(r);
          return true;
        }
        const v = readOther(r, n, wire);
        if (v === undefined) return false;
        other = Array.isArray(other) && Array.isArray(v) ? [...other, ...v] : v;
        return true;
      });
      if (Array.isArray(other) && other.length > 0) return other;
      return found ?? without(other);
    },
  };
}

// One is enough: encoding never waits.
const writer = new ProtobufWriter();

/** The message of an object in its decoded form, without the `k8s\0` envelope. apiVersion and kind are not in it. */
export function encodeProtobuf(s: AnyStruct, obj: object): Buffer {
  try {
    structCodec(s).writeBody(writer, obj as Obj);
  } catch (e) {
    writer.take();
    throw e;
  }
  return writer.take();
}

/**
 * An object in its decoded form (as `decode` answers it for JSON) from a message without envelope; a top-level kind gets its
 * apiVersion and kind. Unknown fields are skipped. @throws ProtobufError
 */
export function decodeProtobuf<S extends AnyStruct>(s: S, buf: Uint8Array): Infer<S>;
export function decodeProtobuf(s: AnyStruct, buf: Uint8Array): unknown {
  const b = Buffer.isBuffer(buf) ? buf : Buffer.from(buf.buffer, buf.byteOffset, buf.byteLength);
  let obj: Obj;
  try {
    obj = structCodec(s).readBody(new ProtobufReader(b));
  } catch (e) {
    if (e instanceof RangeError) throw new ProtobufError('exceeded max depth');
    throw e;
  }
  const { gvk } = s.markers;
  if (!gvk) return obj;
  return { apiVersion: gvk.group ? `${gvk.group}/${gvk.version}` : gvk.version, kind: gvk.kind, ...obj };
}
