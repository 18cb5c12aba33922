/**
 * The bytes of the log and of snapshots. A file is a header and frames; a frame is one commit (or one block of a snapshot):
 *
 *   file header, 32 bytes   magic (8) · generation f64 · revision f64 · 0 u32 · crc32 of the first 28 u32
 *   frame header, 20 bytes  magic u32 · payload length u32 · number of records u32 · crc of payload u32 · crc32 of the first 16 u32
 *   record, 32 bytes + …    type u8 · 0 u8 · key length u16 · value length u32 · modRevision f64 · createRevision f64 ·
 *                           expiresAt f64 · key · value
 *
 * The crc of a payload continues the crc of the frame before it, so that a frame is valid only after the very frames it was written
 * behind; all numbers are little-endian.
 */
import { crc32 } from 'node:zlib';

export type RecordType = 'put' | 'delete' | 'compact' | 'end';
const types: readonly RecordType[] = ['put', 'delete', 'compact', 'end'];

export interface StoredRecord {
  readonly type: RecordType;
  readonly key: string;
  readonly value: Buffer | undefined;
  /** compact: the revision compacted to; end: the number of records before it. */
  readonly modRevision: number;
  readonly createRevision: number;
  readonly expiresAt: number;
}

export const fileHeaderLength = 32;
export const frameHeaderLength = 20;
const recordHeaderLength = 32;
const frameMagic = 0x3173386b; // "k8s1"
export const frameMagicBytes = Buffer.from('k8s1');
/** A frame longer than this was not written by this program. */
const maxFrame = 1 << 30;

export interface FileHeader {
  readonly kind: 'log' | 'snapshot';
  readonly generation: number;
  /** log: 0; snapshot: the revision whose state it holds. */
  readonly revision: number;
}

const magics: Readonly<Record<FileHeader['kind'], string>> = { log: 'k8tslog1', snapshot: 'k8tssnp1' };

export function encodeFileHeader(h: FileHeader): Buffer {
  const out = Buffer.alloc(fileHeaderLength);
  out.write(magics[h.kind], 0, 'latin1');
  out.writeDoubleLE(h.generation, 8);
  out.writeDoubleLE(h.revision, 16);
  out.writeUInt32LE(crc32(out.subarray(0, 28)), 28);
  return out;
}

/** Undefined when these are not the bytes of a header. */
export function decodeFileHeader(bytes: Buffer): FileHeader | undefined {
  if (bytes.length < fileHeaderLength || crc32(bytes.subarray(0, 28)) !== bytes.readUInt32LE(28)) return undefined;
  const magic = bytes.toString('latin1', 0, 8);
  const kind = magic === magics.log ? 'log' : magic === magics.snapshot ? 'snapshot' : undefined;
  return kind && { kind, generation: bytes.readDoubleLE(8), revision: bytes.readDoubleLE(16) };
}

/** The crc that the first frame of a file continues. */
export const chainStart = (header: Buffer): number => header.readUInt32LE(28);

/** Builds one frame after another in a buffer that is used again. */
export class FrameWriter {
  #buffer = Buffer.allocUnsafeSlow(256 << 10);
  #length = frameHeaderLength;
  #count = 0;

  /** Bytes of the frame so far. */
  get length(): number {
    return this.#length;
  }

  add(r: StoredRecord): void {
    const keyLength = Buffer.byteLength(r.key);
    const valueLength = r.value ? r.value.length : 0;
    this.#reserve(recordHeaderLength + keyLength + valueLength);
    const b = this.#buffer;
    const at = this.#length;
    b[at] = types.indexOf(r.type);
    b[at + 1] = 0;
    b.writeUInt16LE(keyLength, at + 2);
    b.writeUInt32LE(valueLength, at + 4);
    b.writeDoubleLE(r.modRevision, at + 8);
    b.writeDoubleLE(r.createRevision, at + 16);
    b.writeDoubleLE(r.expiresAt, at + 24);
    b.write(r.key, at + recordHeaderLength, 'utf8');
    r.value?.copy(b, at + recordHeaderLength + keyLength);
    this.#length = at + recordHeaderLength + keyLength + valueLength;
    this.#count++;
  }

  /** The finished frame (valid until the next add) and the crc that the next one continues. */
  finish(chain: number): { readonly bytes: Buffer; readonly chain: number } {
    const b = this.#buffer;
    const bytes = b.subarray(0, this.#length);
    const next = crc32(bytes.subarray(frameHeaderLength), chain);
    b.writeUInt32LE(frameMagic, 0);
    b.writeUInt32LE(this.#length - frameHeaderLength, 4);
    b.writeUInt32LE(this.#count, 8);
    b.writeUInt32LE(next, 12);
    b.writeUInt32LE(crc32(b.subarray(0, 16)), 16);
    this.#length = frameHeaderLength;
    this.#count = 0;
    return { bytes, chain: next };
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    const bigger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + more));
    this.#buffer.copy(bigger, 0, 0, this.#length);
    this.#buffer = bigger;
  }
}

export interface FrameHeader {
  readonly length: number;
  readonly count: number;
  readonly chain: number;
}

/** The frame header at an offset; undefined when there is none. */
export function decodeFrameHeader(bytes: Buffer, at: number): FrameHeader | undefined {
  if (bytes.length - at < frameHeaderLength || bytes.readUInt32LE(at) !== frameMagic) return undefined;
  if (crc32(bytes.subarray(at, at + 16)) !== bytes.readUInt32LE(at + 16)) return undefined;
  const length = bytes.readUInt32LE(at + 4);
  if (length > maxFrame) return undefined;
  return { length, count: bytes.readUInt32LE(at + 8), chain: bytes.readUInt32LE(at + 12) };
}

/** True when the payload is the one that was written behind the frame whose crc is `chain`. */
export const payloadIsValid = (payload: Buffer, header: FrameHeader, chain: number): boolean =>
  crc32(payload, chain) === header.chain;

/** The records of a payload; values are views of it. Throws when the payload does not hold together. */
export function decodeRecords(payload: Buffer, count: number, each: (r: StoredRecord) => void): void {
  let at = 0;
  for (let i = 0; i < count; i++) {
    const type = types[payload[at]!];
    const keyEnd = at + recordHeaderLength + payload.readUInt16LE(at + 2);
    const end = keyEnd + payload.readUInt32LE(at + 4);
    if (!type || end > payload.length) throw new Error('a record does not fit its frame');
    each({
      type,
      key: payload.toString('utf8', at + recordHeaderLength, keyEnd),
      value: type === 'put' ? payload.subarray(keyEnd, end) : undefined,
      modRevision: payload.readDoubleLE(at + 8),
      createRevision: payload.readDoubleLE(at + 16),
      expiresAt: payload.readDoubleLE(at + 24),
    });
    at = end;
  }
}
