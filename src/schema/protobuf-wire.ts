/** The protobuf wire format: a writer that goes from the end to the front (so lengths are known when they are written) and a reader. */

/** The bytes are no protobuf of the expected kind; `message` is fit for a client. */
export class ProtobufError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProtobufError';
  }
}

export type WireType = 0 | 1 | 2 | 5;

const maxKept = 1 << 20;

/** Writes backwards: fields with the highest number first, elements and map entries from the last, payload before length before tag. */
export class ProtobufWriter {
  #buf = Buffer.allocUnsafeSlow(2048);
  #at = 2048;

  /** Bytes written so far. */
  get length(): number {
    return this.#buf.length - this.#at;
  }

  /** What was written; the writer is empty after. */
  take(): Buffer {
    const out = Buffer.from(this.#buf.subarray(this.#at));
    // A long list must not hold its memory for ever.
    if (this.#buf.length > maxKept) this.#buf = Buffer.allocUnsafeSlow(2048);
    this.#at = this.#buf.length;
    return out;
  }

  #room(n: number): void {
    if (this.#at >= n) return;
    const used = this.length;
    const next = Buffer.allocUnsafeSlow(Math.max(this.#buf.length * 2, used + n + 1024));
    this.#buf.copy(next, next.length - used, this.#at);
    this.#buf = next;
    this.#at = next.length - used;
  }

  /** An unsigned integer, or a negative one in two's complement of 64 bits. */
  varint(v: number): void {
    if (v >= 0 && v < 128) {
      this.#room(1);
      this.#buf[--this.#at] = v;
      return;
    }
    this.#room(10);
    if (v < 0 || v > Number.MAX_SAFE_INTEGER) {
      this.#varint64(BigInt.asUintN(64, BigInt(v)));
      return;
    }
    let size = 1;
    for (let x = v; x >= 128; x = Math.floor(x / 128)) size++;
    this.#at -= size;
    let i = this.#at;
    for (let x = v; size > 0; size--, x = Math.floor(x / 128)) this.#buf[i++] = (x % 128) | (size > 1 ? 128 : 0);
  }

  /** As `varint` for what a double cannot hold. */
  varint64(v: bigint): void {
    this.#room(10);
    this.#varint64(BigInt.asUintN(64, v));
  }

  #varint64(v: bigint): void {
    const bytes: number[] = [];
    for (let x = v; ; x >>= 7n) {
      bytes.push(Number(x & 127n) | (x > 127n ? 128 : 0));
      if (x <= 127n) break;
    }
    this.#at -= bytes.length;
    this.#buf.set(bytes, this.#at);
  }

  double(v: number): void {
    this.#room(8);
    this.#at -= 8;
    this.#buf.writeDoubleLE(v, this.#at);
  }

  /** A length-delimited text. */
  string(v: string): void {
    const n = Buffer.byteLength(v);
    this.#room(n);
    this.#at -= n;
    if (n === v.length) this.#buf.write(v, this.#at, n, 'latin1');
    else this.#buf.write(v, this.#at, n, 'utf8');
    this.varint(n);
  }

  /** Length-delimited bytes. */
  bytes(v: Uint8Array): void {
    this.raw(v);
    this.varint(v.length);
  }

  /** Bytes as they are. */
  raw(v: Uint8Array): void {
    this.#room(v.length);
    this.#at -= v.length;
    this.#buf.set(v, this.#at);
  }

  tag(num: number, wire: WireType): void {
    this.varint(num * 8 + wire);
  }
}

/** Reads one message: the bytes from `pos` to `end`. Every method throws `ProtobufError` when they do not suffice. */
export class ProtobufReader {
  readonly buf: Buffer;
  pos: number;
  readonly end: number;
  constructor(buf: Buffer, pos = 0, end = buf.length) {
    this.buf = buf;
    this.pos = pos;
    this.end = end;
  }

  /** An unsigned integer; exact up to 2^53. */
  varint(): number {
    let v = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (this.pos >= this.end) throw new ProtobufError('unexpected EOF');
      const b = this.buf[this.pos++] ?? 0;
      v += (b & 127) * scale;
      if (b < 128) return v;
      scale *= 128;
    }
    throw new ProtobufError('proto: integer overflow');
  }

  /** A signed integer of 64 bits. */
  int64(): number {
    const from = this.pos;
    const v = this.varint();
    if (v <= Number.MAX_SAFE_INTEGER) return v;
    let exact = 0n;
    for (let i = this.pos - 1; i >= from; i--) exact = (exact << 7n) | BigInt((this.buf[i] ?? 0) & 127);
    return Number(BigInt.asIntN(64, exact));
  }

  /** As `int64`, exact. */
  bigint64(): bigint {
    const from = this.pos;
    this.varint();
    let exact = 0n;
    for (let i = this.pos - 1; i >= from; i--) exact = (exact << 7n) | BigInt((this.buf[i] ?? 0) & 127);
    return BigInt.asIntN(64, exact);
  }

  double(): number {
    if (this.pos + 8 > this.end) throw new ProtobufError('unexpected EOF');
    this.pos += 8;
    return this.buf.readDoubleLE(this.pos - 8);
  }

  /** The end of the length-delimited value that starts here. */
  #delimited(): number {
    const n = this.varint();
    const end = this.pos + n;
    if (end > this.end) throw new ProtobufError('unexpected EOF');
    return end;
  }

  string(): string {
    const end = this.#delimited();
    const from = this.pos;
    this.pos = end;
    return this.buf.toString('utf8', from, end);
  }

  /** A view, not a copy. */
  bytes(): Buffer {
    const end = this.#delimited();
    const from = this.pos;
    this.pos = end;
    return this.buf.subarray(from, end);
  }

  /** A reader of the message that lies here; this one goes on behind it. */
  message(): ProtobufReader {
    const end = this.#delimited();
    const inner = new ProtobufReader(this.buf, this.pos, end);
    this.pos = end;
    return inner;
  }

  /** Passes over a value of an unknown field. */
  skip(wire: number): void {
    switch (wire) {
      case 0:
        this.varint();
        return;
      case 1:
        this.pos += 8;
        break;
      case 2:
        this.pos = this.#delimited();
        return;
      case 5:
        this.pos += 4;
        break;
      default:
        throw new ProtobufError(`proto: illegal wireType ${wire}`);
    }
    if (this.pos > this.end) throw new ProtobufError('unexpected EOF');
  }
}

/** Calls back for every field of a message; the callback reads the value and answers true, or false to have it skipped. */
export function eachField(r: ProtobufReader, read: (num: number, wire: number) => boolean): void {
  while (r.pos < r.end) {
    const tag = r.varint();
    const num = Math.floor(tag / 8);
    if (num <= 0) throw new ProtobufError(`proto: illegal tag ${num} (wire type ${tag % 8})`);
    if (!read(num, tag % 8)) r.skip(tag % 8);
  }
}
