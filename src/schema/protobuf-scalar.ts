/** How each scalar of the schema lies in protobuf, JSON form on one side, wire on the other (upstream: apimachinery's generated.proto files). */
import type { ScalarName } from './dsl.ts';
import { formatDuration, parseDuration, timeText } from './go-time.ts';
import { eachField, ProtobufError, type ProtobufReader, type ProtobufWriter, type WireType } from './protobuf-wire.ts';
import { canonicaliseQuantity } from './quantity-text.ts';

/** Writes and reads one value, length included where it has one, tag not. */
export interface Codec {
  readonly wire: WireType;
  readonly write: (w: ProtobufWriter, v: unknown) => void;
  /** undefined = the zero value that JSON leaves out. */
  readonly read: (r: ProtobufReader) => unknown;
}

/** The magic number before every protobuf object of Kubernetes. */
export const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

const zeroTime = Date.parse('0001-01-01T00:00:00Z') / 1000;

/** Writes a length-delimited message made by `body`. */
export function delimited(w: ProtobufWriter, body: () => void): void {
  const before = w.length;
  body();
  w.varint(w.length - before);
}

const varint = (read: (r: ProtobufReader) => unknown): Codec => ({
  wire: 0,
  write: (w, v) => w.varint(Number(v)),
  read,
});

const timeOf = (micro: boolean): Codec => ({
  wire: 2,
  write: (w, v) =>
    delimited(w, () => {
      // Go's zero time is an empty message.
      if (typeof v !== 'string') return;
      const seconds = Math.floor(Date.parse(`${v.slice(0, 19)}Z`) / 1000);
      const micros = micro ? Number(`${v.slice(20, -1)}000000`.slice(0, 6)) : 0;
      w.varint(micros * 1000);
      w.tag(2, 0);
      w.varint(seconds);
      w.tag(1, 0);
    }),
  read: (outer) => {
    const r = outer.message();
    if (r.pos === r.end) return undefined;
    let seconds = 0;
    let nanos = 0;
    eachField(r, (num, wire) => {
      if (wire !== 0) return false;
      if (num === 1) seconds = r.int64();
      else if (num === 2) nanos = r.int64();
      else return false;
      return true;
    });
    if (seconds === zeroTime && nanos === 0) return undefined;
    if (seconds < zeroTime || seconds > 253402300799) throw new ProtobufError('timestamp out of range');
    const text = timeText(seconds * 1000);
    return micro ? `${text.slice(0, -1)}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z` : text;
  },
});

/** A message with one field 1 that is text or bytes. */
const boxed = (write: (w: ProtobufWriter, v: unknown) => boolean, read: (r: ProtobufReader) => unknown): Codec => ({
  wire: 2,
  write: (w, v) =>
    delimited(w, () => {
      if (write(w, v)) w.tag(1, 2);
    }),
  read: (outer) => {
    const r = outer.message();
    let v: unknown;
    eachField(r, (num, wire) => {
      if (num !== 1 || wire !== 2) return false;
      v = read(r);
      return true;
    });
    return v;
  },
});

/** JSON inside bytes. */
export const jsonBox = boxed(
  (w, v) => {
    if (v === undefined) return false;
    w.string(JSON.stringify(v));
    return true;
  },
  (r) => {
    const raw = r.bytes();
    if (raw.length === 0) return undefined;
    if (raw.subarray(0, magic.length).equals(magic)) {
      throw new ProtobufError('an embedded object must be JSON');
    }
    try {
      return JSON.parse(raw.toString()) as unknown;
    } catch {
      throw new ProtobufError('an embedded object is not valid JSON');
    }
  },
);

const codecs: Readonly<Record<ScalarName, Codec>> = {
  string: { wire: 2, write: (w, v) => w.string(String(v)), read: (r) => r.string() },
  bool: { wire: 0, write: (w, v) => w.varint(v ? 1 : 0), read: (r) => r.varint() !== 0 },
  int32: varint((r) => r.int64() | 0),
  int64: varint((r) => r.int64()),
  uint32: varint((r) => r.varint() >>> 0),
  uint64: varint((r) => r.varint()),
  float64: { wire: 1, write: (w, v) => w.double(Number(v)), read: (r) => r.double() },
  bytes: {
    wire: 2,
    write: (w, v) => w.bytes(Buffer.from(String(v), 'base64')),
    read: (r) => r.bytes().toString('base64'),
  },
  any: jsonBox,
  rawExtension: jsonBox,
  fieldsV1: jsonBox,
  time: timeOf(false),
  microTime: timeOf(true),
  duration: {
    wire: 2,
    write: (w, v) =>
      delimited(w, () => {
        w.varint64(parseDuration(String(v)));
        w.tag(1, 0);
      }),
    read: (outer) => {
      const r = outer.message();
      let ns = 0n;
      eachField(r, (num, wire) => {
        if (num !== 1 || wire !== 0) return false;
        ns = r.bigint64();
        return true;
      });
      return formatDuration(ns);
    },
  },
  quantity: boxed(
    (w, v) => {
      w.string(String(v));
      return true;
    },
    (r) => {
      const text = r.string();
      try {
        return canonicaliseQuantity(text === '' ? '0' : text);
      } catch (e) {
        throw new ProtobufError(e instanceof Error ? e.message : String(e));
      }
    },
  ),
  intOrString: {
    wire: 2,
    write: (w, v) =>
      delimited(w, () => {
        const isText = typeof v === 'string';
        w.string(isText ? v : '');
        w.tag(3, 2);
        w.varint(isText ? 0 : Number(v));
        w.tag(2, 0);
        w.varint(isText ? 1 : 0);
        w.tag(1, 0);
      }),
    read: (outer) => {
      const r = outer.message();
      let isText = false;
      let int = 0;
      let text = '';
      eachField(r, (num, wire) => {
        if (num === 1 && wire === 0) isText = r.varint() === 1;
        else if (num === 2 && wire === 0) int = r.int64() | 0;
        else if (num === 3 && wire === 2) text = r.string();
        else return false;
        return true;
      });
      return isText ? text : int;
    },
  },
};

export const codecOf = (s: ScalarName): Codec => codecs[s];
