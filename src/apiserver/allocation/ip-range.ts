/** Addresses as numbers: parsing, printing, and the range of a CIDR. */
import { isIP } from 'node:net';

/** The value of an IPv4 or IPv6 address; throws when the text is none. */
export function ipValue(text: string): bigint {
  const version = isIP(text);
  if (version === 4) return text.split('.').reduce((v, part) => v * 256n + BigInt(part), 0n);
  if (version !== 6) throw new Error(`not an IP address: ${text}`);
  // the URL parser brings every spelling, an embedded IPv4 too, to hex groups with at most one ::
  const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const groups = (s: string) => (s ? s.split(':') : []);
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].reduce((v, g) => v * 65536n + BigInt(`0x${g}`), 0n);
}

export function ipText(value: bigint, family: 4 | 6): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt((7 - i) * 16)) & 0xffffn).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

export interface IpRange {
  readonly cidr: string;
  readonly family: 4 | 6;
  /** The network address. */
  readonly base: bigint;
  /** How many addresses may be given out: from base+1 on. */
  readonly size: number;
}

/** The usable addresses of a CIDR: without the network's own and, for IPv4, the broadcast address; at most 65,536 for IPv6. */
export function parseRange(cidr: string): IpRange {
  const [address = '', length = ''] = cidr.split('/');
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const prefix = Number(length);
  if ((family !== 4 && family !== 6) || !/^\d+$/.test(length) || prefix > bits) throw new Error(`not a CIDR: ${cidr}`);
  const hostBits = BigInt(bits - prefix);
  const base = (ipValue(address) >> hostBits) << hostBits;
  const all = hostBits > 16n && family === 6 ? 65536 : Number(1n << (hostBits > 31n ? 31n : hostBits));
  return { cidr: `${ipText(base, family)}/${prefix}`, family, base, size: Math.max(0, all - (family === 4 ? 2 : 1)) };
}

/** Place of an address in the range, from 0; undefined = outside. */
export function offsetIn(range: IpRange, ip: string): number | undefined {
  if (isIP(ip) !== range.family) return undefined;
  const offset = ipValue(ip) - range.base - 1n;
  return offset >= 0n && offset < BigInt(range.size) ? Number(offset) : undefined;
}

export const addressAt = (range: IpRange, offset: number): string =>
  ipText(range.base + 1n + BigInt(offset), range.family);
