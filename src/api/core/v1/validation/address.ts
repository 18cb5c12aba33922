/** IP addresses and CIDRs in fields (upstream: apimachinery/pkg/util/validation/ip.go, with StrictIPCIDRValidation). */
import { isIPv4, isIPv6 } from 'node:net';
import { invalidValue } from '../../../../schema/field-error.ts';
import type { Errors } from '../../../meta/v1/validation.ts';

const sloppyIPv4 = /^(\d{1,})\.(\d{1,})\.(\d{1,})\.(\d{1,})$/;
/** Canonical IPv4 of a text that may have leading zeros, or undefined. */
function readIPv4(v: string): string | undefined {
  const m = sloppyIPv4.exec(v);
  if (!m) return undefined;
  const parts = m.slice(1).map(Number);
  return parts.every((n) => n <= 255) ? parts.join('.') : undefined;
}
const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const isAddress = (v: string): boolean => readIPv4(v) !== undefined || (isIPv6(v) && !v.includes('%'));

/** IPv6, IPv4, or undefined for what is no address. */
export const ipFamily = (v: string): 'IPv4' | 'IPv6' | undefined =>
  readIPv4(v) !== undefined || mapped.test(v) ? 'IPv4' : isIPv6(v) ? 'IPv6' : undefined;

/** `known` are values that were accepted before and stay so. */
export function validateIP(v: string, path: string, errs: Errors, known?: readonly string[]): void {
  if (known?.includes(v)) return;
  if (!isAddress(v)) {
    errs.push(invalidValue(path, v, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'));
    return;
  }
  if (!isIPv4(v) && !isIPv6(v)) errs.push(invalidValue(path, v, 'must not have leading 0s'));
  if (mapped.test(v)) errs.push(invalidValue(path, v, 'must not be an IPv4-mapped IPv6 address'));
}

const bitsOf = (v: string): bigint => {
  if (isIPv4(v)) return v.split('.').reduce((n, p) => (n << 8n) | BigInt(p), 0n);
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(v);
  if (dotted) {
    const low = bitsOf(dotted[2]!);
    return bitsOf(`${dotted[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`);
  }
  const [head = '', tail] = v.split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const middle = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...middle, ...right].reduce((n, p) => (n << 16n) | BigInt(`0x${p}`), 0n);
};

export function validateCIDR(v: string, path: string, errs: Errors, known?: readonly string[]): void {
  if (known?.includes(v)) return;
  const slash = v.indexOf('/');
  const address = v.slice(0, Math.max(slash, 0));
  const length = v.slice(slash + 1);
  const width = readIPv4(address) !== undefined ? 32 : 128;
  if (slash < 0 || !isAddress(address) || !/^\d+$/.test(length) || Number(length) > width) {
    errs.push(invalidValue(path, v, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'));
    return;
  }
  if ((width === 32 && !isIPv4(address)) || (length.length > 1 && length.startsWith('0')))
    errs.push(invalidValue(path, v, 'must not have leading 0s in IP or prefix length'));
  else if (mapped.test(address)) errs.push(invalidValue(path, v, 'must not have an IPv4-mapped IPv6 address'));
  else if (bitsOf(address) & ((1n << BigInt(width - Number(length))) - 1n))
    errs.push(invalidValue(path, v, 'must not have bits set beyond the prefix length'));
}

/** An address that traffic may be sent to (upstream: ValidateEndpointIP). */
export function validateEndpointIP(v: string, path: string, errs: Errors): void {
  if (!isAddress(v)) {
    errs.push(invalidValue(path, v, 'must be a valid IP address'));
    return;
  }
  const four = readIPv4(v) ?? mapped.exec(v)?.[1];
  const bits = four ? bitsOf(four) : bitsOf(v);
  const is = (prefix: bigint, width: bigint, length: bigint) => bits >> (width - length) === prefix;
  if (bits === 0n) errs.push(invalidValue(path, v, `may not be unspecified (${v})`));
  if (four ? is(127n, 32n, 8n) : bits === 1n)
    errs.push(invalidValue(path, v, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'));
  if (four ? is(0xa9fen, 32n, 16n) : is(0x3fan, 128n, 10n))
    errs.push(invalidValue(path, v, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'));
  if (four ? is(0xe00000n, 32n, 24n) : is(0xff02n, 128n, 16n))
    errs.push(invalidValue(path, v, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'));
}

/** One of each family, or fewer than two. */
export const isDualStack = (addresses: readonly string[]): boolean =>
  new Set(addresses.map((a) => ipFamily(a.split('/')[0]!))).size === 2;
