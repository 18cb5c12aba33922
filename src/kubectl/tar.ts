/** Tar archives as `kubectl cp` sends and reads them: ustar headers, with pax records and GNU names for long paths. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const block = 512;

export interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly target: string;
  readonly data: Buffer;
}

function header(name: string, size: number, mode: number, type: string, mtime: number, target: string): Buffer {
  const h = Buffer.alloc(block);
  h.write(name.slice(0, 100), 0);
  const octal = (n: number, width: number, at: number) => h.write(`${n.toString(8).padStart(width - 1, '0')}\0`, at);
  octal(mode & 0o7777, 8, 100);
  octal(0, 8, 108);
  octal(0, 8, 116);
  octal(size, 12, 124);
  octal(mtime, 12, 136);
  h.write('        ', 148);
  h.write(type, 156);
  h.write(target.slice(0, 100), 157);
  h.write('ustar\x0000', 257);
  let sum = 0;
  for (const b of h) sum += b;
  h.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return h;
}

const padded = (data: Buffer): Buffer => Buffer.concat([data, Buffer.alloc((block - (data.length % block)) % block)]);

/** One entry; a name too long for the header is in a record before it. */
function entry(name: string, data: Buffer, mode: number, type: string, mtime: number, target = ''): Buffer {
  const parts: Buffer[] = [];
  const records = [
    ...(Buffer.byteLength(name) > 100 ? [['path', name] as const] : []),
    ...(Buffer.byteLength(target) > 100 ? [['linkpath', target] as const] : []),
  ].map(([k, v]) => {
    let length = k.length + Buffer.byteLength(v) + 3;
    length += String(length + String(length).length).length;
    return `${length} ${k}=${v}\n`;
  });
  if (records.length) {
    const body = Buffer.from(records.join(''));
    parts.push(header('PaxHeaders', body.length, 0o644, 'x', mtime, ''), padded(body));
  }
  parts.push(header(name, data.length, mode, type, mtime, target), padded(data));
  return Buffer.concat(parts);
}

/** A file or directory of this machine as an archive, under another name. */
export function* pack(path: string, name: string): Iterable<Buffer> {
  yield* packOne(path, name.replace(/^\/+/, ''));
  yield Buffer.alloc(2 * block);
}

function* packOne(path: string, name: string): Iterable<Buffer> {
  const stat = lstatSync(path);
  const mtime = Math.floor(stat.mtimeMs / 1000);
  if (stat.isDirectory()) {
    const files = readdirSync(path).sort();
    if (files.length === 0) yield entry(`${name}/`, Buffer.alloc(0), stat.mode, '5', mtime);
    for (const f of files) yield* packOne(join(path, f), `${name}/${f}`);
  } else if (stat.isSymbolicLink()) yield entry(name, Buffer.alloc(0), stat.mode, '2', mtime, readlinkSync(path));
  else yield entry(name, readFileSync(path), stat.mode, '0', mtime);
}

/** The entries of an archive, in order. */
export function* unpack(archive: Buffer): Iterable<Entry> {
  let at = 0;
  let long: { name?: string; target?: string } = {};
  const textOf = (from: number, length: number) => {
    const end = archive.indexOf(0, from);
    return archive.toString('utf8', from, end < 0 ? from + length : Math.min(end, from + length));
  };
  while (at + block <= archive.length && archive[at] !== 0) {
    const sizeText = textOf(at + 124, 12).trim();
    const size =
      (archive[at + 124]! & 0x80) !== 0
        ? Number(archive.readBigUInt64BE(at + 128))
        : Number.parseInt(sizeText || '0', 8);
    const type = String.fromCharCode(archive[at + 156]!);
    const prefix = textOf(at + 257, 5) === 'ustar' && archive[at + 263] !== 0x20 ? textOf(at + 345, 155) : '';
    const short = textOf(at, 100);
    const data = archive.subarray(at + block, at + block + size);
    at += block + Math.ceil(size / block) * block;
    if (type === 'x' || type === 'g') {
      for (const m of data.toString().matchAll(/\d+ (path|linkpath)=(.*)\n/g))
        long = { ...long, [m[1] === 'path' ? 'name' : 'target']: m[2]! };
      continue;
    }
    if (type === 'L' || type === 'K') {
      long = { ...long, [type === 'L' ? 'name' : 'target']: data.toString().replace(/\0+$/, '') };
      continue;
    }
    const name = long.name ?? (prefix ? `${prefix}/${short}` : short);
    const target = long.target ?? textOf(at - block - Math.ceil(size / block) * block + 157, 100);
    long = {};
    const kind =
      type === '5'
        ? 'directory'
        : type === '2' || type === '1'
          ? 'link'
          : type === '0' || type === '\0' || type === '7'
            ? 'file'
            : 'other';
    yield { name, kind, target, data };
  }
}
