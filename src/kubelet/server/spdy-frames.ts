/** SPDY/3.1 frames as bytes, and header blocks through zlib with the protocol's dictionary (SPDY draft 3, sections 2.2 and 2.6). */
import { constants, createDeflate, createInflate } from 'node:zlib';

const words =
  'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status';
const tail = [
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505',
  '203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized',
  '403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable',
  'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT',
  'chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,',
  'publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.',
].join('');

const u32 = (n: number): Buffer => {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(n);
  return b;
};
const lengthPrefixed = (s: string): Buffer => Buffer.concat([u32(Buffer.byteLength(s)), Buffer.from(s)]);
/** Its Adler-32 is 0xe3c6a7c2, which every compressed block names. */
export const dictionary: Buffer = Buffer.concat([
  ...[...words.split(' '), '200 OK', 'version', 'HTTP/1.1', 'url', 'public', 'set-cookie', 'keep-alive', 'origin'].map(
    lengthPrefixed,
  ),
  Buffer.from(tail),
]);

export type Headers = Readonly<Record<string, string>>;

/** Headers to bytes and back; names are lower case, several values of a name are joined by NUL. */
export function encodeHeaders(headers: Headers): Buffer {
  const entries = Object.entries(headers);
  return Buffer.concat([
    u32(entries.length),
    ...entries.flatMap(([k, v]) => [lengthPrefixed(k.toLowerCase()), lengthPrefixed(v)]),
  ]);
}
export function decodeHeaders(block: Buffer): Record<string, string> {
  const out: Record<string, string> = {};
  let at = 4;
  const text = () => {
    const length = block.readUInt32BE(at);
    const s = block.toString('utf8', at + 4, at + 4 + length);
    if (at + 4 + length > block.length) throw new RangeError('a SPDY header block ends early');
    at += 4 + length;
    return s;
  };
  for (let n = block.readUInt32BE(0); n > 0; n--) {
    const name = text();
    out[name] = text();
  }
  return out;
}

/** One compressor for a connection's whole life, as the protocol has it; calls are answered in order. */
export interface HeaderCodec {
  deflate(block: Buffer): Promise<Buffer>;
  inflate(block: Buffer): Promise<Buffer>;
  close(): void;
}
export function createHeaderCodec(): HeaderCodec {
  const deflater = createDeflate({ dictionary });
  const inflater = createInflate({ dictionary, finishFlush: constants.Z_SYNC_FLUSH });
  const through = (z: typeof deflater | typeof inflater) => {
    let out: Buffer[] = [];
    let queue: Promise<unknown> = Promise.resolve();
    let fault: Error | undefined;
    z.on('data', (d: Buffer) => out.push(d));
    z.on('error', (e) => {
      fault = e;
    });
    return (block: Buffer): Promise<Buffer> => {
      const work = queue.then(
        () =>
          new Promise<Buffer>((resolve, reject) => {
            out = [];
            const onError = (e: Error) => reject(e);
            if (fault) return reject(fault);
            z.once('error', onError);
            z.write(block);
            z.flush(constants.Z_SYNC_FLUSH, () => {
              z.off('error', onError);
              if (fault) reject(fault);
              else resolve(Buffer.concat(out));
            });
          }),
      );
      queue = work.catch(() => undefined);
      return work;
    };
  };
  return {
    deflate: through(deflater),
    inflate: through(inflater),
    close() {
      deflater.destroy();
      inflater.destroy();
    },
  };
}

export const frameType = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;
export const flagFin = 1;

export type Frame =
  | { readonly kind: 'data'; readonly id: number; readonly fin: boolean; readonly payload: Buffer }
  | { readonly kind: 'control'; readonly type: number; readonly flags: number; readonly payload: Buffer };

export function dataFrame(id: number, payload: Buffer, fin: boolean): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(id, 0);
  head.writeUInt32BE(payload.length + (fin ? flagFin * 2 ** 24 : 0), 4);
  return Buffer.concat([head, payload]);
}
export function controlFrame(type: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x8003, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(flags * 2 ** 24 + payload.length, 4);
  return Buffer.concat([head, payload]);
}
export const idPayload = (id: number, value?: number): Buffer =>
  value === undefined ? u32(id) : Buffer.concat([u32(id), u32(value)]);

/** Cuts a byte stream into frames. */
export function createFrameReader(): (chunk: Buffer) => readonly Frame[] {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    held = held.length ? Buffer.concat([held, chunk]) : chunk;
    const out: Frame[] = [];
    let at = 0;
    while (held.length - at >= 8) {
      const length = held.readUIntBE(at + 5, 3);
      if (held.length - at < 8 + length) break;
      const payload = held.subarray(at + 8, at + 8 + length);
      const flags = held[at + 4]!;
      if (held[at]! & 0x80) out.push({ kind: 'control', type: held.readUInt16BE(at + 2), flags, payload });
      else out.push({ kind: 'data', id: held.readUInt32BE(at), fin: (flags & flagFin) !== 0, payload });
      at += 8 + length;
    }
    held = held.subarray(at);
    return out;
  };
}
