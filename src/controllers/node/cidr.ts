/** Network prefixes and their equal parts. Pure (upstream: node/ipam/cidrset). */

export interface Cidr {
  readonly address: bigint;
  readonly prefix: number;
  /** 32 or 128. */
  readonly bits: 32 | 128;
}

/** `10.244.0.0/16`, `fd00:10::/48`. @throws Error when it is none. */
export function parseCidr(text: string): Cidr {
  const [host = '', length] = text.trim().split('/');
  const bits = host.includes(':') ? 128 : 32;
  const prefix = Number(length);
  if (length === undefined || !Number.isInteger(prefix) || prefix < 0 || prefix > bits)
    throw new Error(`invalid CIDR address: ${text}`);
  const address = bits === 32 ? parse4(host) : parse6(host);
  if (address === undefined) throw new Error(`invalid CIDR address: ${text}`);
  const hostBits = BigInt(bits - prefix);
  return { address: (address >> hostBits) << hostBits, prefix, bits };
}

function parse4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((p) => !/^\d{1,3}$/.test(p) || Number(p) > 255)) return undefined;
  return parts.reduce((n, p) => (n << 8n) | BigInt(p), 0n);
}

function parse6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const words = (half: string | undefined) => (half ? half.split(':') : []);
  const [head, tail] = [words(halves[0]), words(halves[1])];
  const gap = 8 - head.length - tail.length;
  if (halves.length === 1 ? gap !== 0 : gap < 1) return undefined;
  const all = [...head, ...Array.from({ length: gap }, () => '0'), ...tail];
  if (all.some((w) => !/^[0-9a-f]{1,4}$/i.test(w))) return undefined;
  return all.reduce((n, w) => (n << 16n) | BigInt(`0x${w}`), 0n);
}

/** The canonical text (RFC 5952). */
export function cidrText(c: Cidr): string {
  if (c.bits === 32) return `${[24n, 16n, 8n, 0n].map((s) => (c.address >> s) & 255n).join('.')}/${c.prefix}`;
  const words = Array.from({ length: 8 }, (_, i) => ((c.address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  let best = { at: 0, length: 0 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (words[at + length] === '0') length++;
    if (length > best.length) best = { at, length };
  }
  const text =
    best.length < 2
      ? words.join(':')
      : `${words.slice(0, best.at).join(':')}::${words.slice(best.at + best.length).join(':')}`;
  return `${text}/${c.prefix}`;
}

/** How many parts of a prefix length a network has. */
export const partCount = (whole: Cidr, prefix: number): number =>
  prefix < whole.prefix ? 0 : Math.min(2 ** (prefix - whole.prefix), 2 ** 31);

export const partAt = (whole: Cidr, prefix: number, index: number): Cidr => ({
  ...whole,
  prefix,
  address: whole.address + (BigInt(index) << BigInt(whole.bits - prefix)),
});

/** The first free part at or after `from`, going round; undefined = none is free. */
export function nextFreePart(
  whole: Cidr,
  prefix: number,
  isUsed: (text: string) => boolean,
  from: number,
): { readonly index: number; readonly text: string } | undefined {
  const n = partCount(whole, prefix);
  for (let i = 0; i < n; i++) {
    const index = (from + i) % n;
    const text = cidrText(partAt(whole, prefix, index));
    if (!isUsed(text)) return { index, text };
  }
  return undefined;
}
