/**
 * The envelope of `application/vnd.kubernetes.protobuf`: four magic bytes and a runtime.Unknown that names the kind; and the frames of a
 * protobuf watch (upstream: apimachinery runtime/serializer/protobuf and framer).
 */
import { magic } from './protobuf-scalar.ts';
import { eachField, ProtobufError, ProtobufReader, ProtobufWriter } from './protobuf-wire.ts';

export const protobufMediaType = 'application/vnd.kubernetes.protobuf';

export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  /** The message of the object. */
  readonly raw: Buffer;
  readonly contentEncoding: string;
  readonly contentType: string;
}

const writer = new ProtobufWriter();

/** Puts an encoded object into its envelope. */
export function wrapProtobuf(apiVersion: string, kind: string, raw: Uint8Array): Buffer {
  // As upstream: contentEncoding and contentType are written though empty.
  writer.string('');
  writer.tag(4, 2);
  writer.string('');
  writer.tag(3, 2);
  writer.bytes(raw);
  writer.tag(2, 2);
  const before = writer.length;
  writer.string(kind);
  writer.tag(2, 2);
  writer.string(apiVersion);
  writer.tag(1, 2);
  writer.varint(writer.length - before);
  writer.tag(1, 2);
  writer.raw(magic);
  return writer.take();
}

/** Whether the bytes start as an envelope does. */
export const isProtobuf = (data: Uint8Array): boolean =>
  data.length >= magic.length && magic.every((b, i) => data[i] === b);

/** Opens an envelope. @throws ProtobufError with upstream's words when it is none */
export function unwrapProtobuf(data: Uint8Array): Envelope {
  if (data.length === 0) throw new ProtobufError('empty data');
  if (!isProtobuf(data)) {
    throw new ProtobufError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  }
  if (data.length === magic.length) throw new ProtobufError('empty body');
  const buf = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const r = new ProtobufReader(buf, magic.length);
  let apiVersion = '';
  let kind = '';
  let raw: Buffer = Buffer.alloc(0);
  let contentEncoding = '';
  let contentType = '';
  eachField(r, (num, wire) => {
    if (wire !== 2) return false;
    switch (num) {
      case 1: {
        const t = r.message();
        eachField(t, (n, w) => {
          if (w !== 2) return false;
          if (n === 1) apiVersion = t.string();
          else if (n === 2) kind = t.string();
          else return false;
          return true;
        });
        return true;
      }
      case 2:
        raw = r.bytes();
        return true;
      case 3:
        contentEncoding = r.string();
        return true;
      case 4:
        contentType = r.string();
        return true;
      default:
        return false;
    }
  });
  return { apiVersion, kind, raw, contentEncoding, contentType };
}

/** One event of a protobuf watch with its frame: four bytes of length, then a WatchEvent around the object's envelope. */
export function watchFrame(type: string, envelope: Uint8Array): Buffer {
  const before = writer.length;
  writer.bytes(envelope);
  writer.tag(1, 2);
  writer.varint(writer.length - before);
  writer.tag(2, 2);
  writer.string(type);
  writer.tag(1, 2);
  const length = writer.length;
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  writer.raw(head);
  return writer.take();
}

/** The event in a frame (without its four bytes of length). @throws ProtobufError */
export function readWatchEvent(frame: Uint8Array): { readonly type: string; readonly envelope: Buffer } {
  const r = new ProtobufReader(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength));
  let type = '';
  let envelope: Buffer = Buffer.alloc(0);
  eachField(r, (num, wire) => {
    if (wire !== 2) return false;
    if (num === 1) type = r.string();
    else if (num === 2) {
      const object = r.message();
      eachField(object, (n, w) => {
        if (n !== 1 || w !== 2) return false;
        envelope = object.bytes();
        return true;
      });
    } else return false;
    return true;
  });
  return { type, envelope };
}
