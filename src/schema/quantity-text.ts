/**
 * The text form of resource.Quantity: parsing and the canonical form that goes back into JSON (upstream:
 * apimachinery/pkg/api/resource/quantity.go). Arithmetic lives in machinery/quantity.ts.
 */

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** An exact number: `value × 10^scale`, with the family of suffixes it is written in. */
export interface Quantity {
  readonly value: bigint;
  readonly scale: number;
  readonly format: QuantityFormat;
  /** The text it was parsed from, where that is already its canonical form. */
  readonly text?: string;
}

export class QuantityError extends Error {}
const wrongForm = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const wrongSuffix = "unable to parse quantity's suffix";

const decimalSuffix: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binarySuffix: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const suffixOfDecimal = new Map(Object.entries(decimalSuffix).map(([s, e]) => [e, s]));
const suffixOfBinary = new Map(Object.entries(binarySuffix).map(([s, e]) => [e, s]));
const has = (o: object, k: string): boolean => Object.hasOwn(o, k);

const maxInt64 = 2n ** 63n - 1n;
const minInt64 = -(2n ** 63n);
const form = /^([+-]?)(0*)(\d*)(?:(\.)(\d*))?([eEinumkKMGTP]*)([-+]?)(\d*)$/;

const pow10 = (n: number): bigint => 10n ** BigInt(n);

/** `value / 10^digits`, rounded away from zero. */
export function divideUp(value: bigint, digits: number): bigint {
  if (digits <= 0) return value * pow10(-digits);
  // A power that swallows the whole value is never computed: its exponent comes from the client.
  if (digits > 40 && digits >= value.toString().length) return value === 0n ? 0n : value > 0n ? 1n : -1n;
  const d = pow10(digits);
  const q = value / d;
  const r = value % d;
  return r === 0n ? q : r > 0n ? q + 1n : q - 1n;
}

/** @throws QuantityError with upstream's wording */
export function parseQuantity(text: string): Quantity {
  if (text === '') throw new QuantityError(wrongForm);
  if (text === '0') return { value: 0n, scale: 0, format: 'DecimalSI', text };
  const m = form.exec(text);
  if (!m) throw new QuantityError(wrongForm);
  const negative = m[1] === '-';
  const num = m[3] || '0';
  const denom = m[5] ?? '';
  const suffix = `${m[6] ?? ''}${m[7] ?? ''}${m[8] ?? ''}`;
  let exponent: number;
  let format: QuantityFormat;
  if (has(decimalSuffix, suffix)) {
    exponent = decimalSuffix[suffix]!;
    format = 'DecimalSI';
  } else if (has(binarySuffix, suffix)) {
    exponent = binarySuffix[suffix]!;
    format = 'BinarySI';
  } else {
    if (!/^[eE][-+]?\d+$/.test(suffix)) throw new QuantityError(wrongSuffix);
    const wide = BigInt(suffix.slice(1).replace(/^\+/, ''));
    if (wide > maxInt64 || wide < minInt64) throw new QuantityError(wrongSuffix);
    exponent = Number(BigInt.asIntN(32, wide));
    format = 'DecimalExponent';
  }
  const digits = num + denom;
  // Upstream's own narrow path decides which texts are kept as they are, so it is followed step by step.
  const binary = format === 'BinarySI';
  const fits = binary
    ? denom === '' && 15 - num.length - Math.trunc((exponent * 3) / 10) - 1 >= 0
    : 18 - digits.length >= 0;
  if (fits) {
    const scale = (binary ? 0 : exponent) - denom.length;
    if (scale >= -9) {
      const value = BigInt(digits);
      const result = binary ? value << BigInt(exponent) : value;
      if (result <= maxInt64) {
        const keep = binary
          ? exponent % 10 === 0 && (value & 7n) !== 0n
          : scale % 3 === 0 && !digits.endsWith('000') && digits[0] !== '0';
        return { value: negative ? -result : result, scale, format, ...(keep && { text }) };
      }
    }
  }
  let value = BigInt(digits);
  let scale = -denom.length;
  if (binary) value <<= BigInt(exponent);
  else scale += exponent;
  if (scale < -9 && value !== 0n) {
    value = divideUp(value, -9 - scale);
    scale = -9;
  }
  if (binary) {
    if (toScale(value, scale, 0).floor >= maxInt64) {
      value = maxInt64;
      scale = 0;
    }
    if (value > 0n && compareParts(value, scale, 1n, 0) < 0) format = 'DecimalSI';
  }
  return { value: negative ? -value : value, scale, format };
}

const toScale = (value: bigint, scale: number, to: number): { floor: bigint } => ({
  floor: scale >= to ? value * pow10(scale - to) : value / pow10(to - scale),
});

/** Compares `a × 10^as` with `b × 10^bs`. */
export function compareParts(a: bigint, as: number, b: bigint, bs: number): number {
  const low = Math.min(as, bs);
  // Exponents far apart would need huge powers; the sign or the number of digits decides.
  if (Math.abs(as - bs) > 400) {
    if (a <= 0n !== b <= 0n || a === 0n || b === 0n) return a < b ? -1 : a > b ? 1 : 0;
    return as > bs === a > 0n ? 1 : -1;
  }
  const x = a * pow10(as - low);
  const y = b * pow10(bs - low);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Takes out `factor` as often as it divides, at most `limit` times. */
function stripped(value: bigint, factor: bigint, limit = Infinity): [bigint, number] {
  let v = value;
  let times = 0;
  while (v !== 0n && times < limit && v % factor === 0n) {
    v /= factor;
    times++;
  }
  return [v, times];
}

/** The canonical text: no fraction, the largest suffix without loss (upstream: CanonicalizeBytes). */
export function formatQuantity(q: Quantity): string {
  if (q.text !== undefined) return q.text;
  if (q.value === 0n) return '0';
  let format = q.format;
  if (format === 'BinarySI') {
    const small = compareParts(q.value, q.scale, -1024n, 0) > 0 && compareParts(q.value, q.scale, 1024n, 0) < 0;
    if (small || (q.scale < 0 && q.value % pow10(-q.scale) !== 0n)) format = 'DecimalSI';
  }
  if (format === 'BinarySI') {
    const [amount, times] = stripped(divideUp(q.value, -q.scale), 1024n, 6);
    return `${amount}${times === 0 ? '' : (suffixOfBinary.get(times * 10) ?? '')}`;
  }
  let [amount, times] = stripped(q.value, 10n);
  let exponent = q.scale + times;
  while (exponent % 3 !== 0) {
    amount *= 10n;
    exponent--;
  }
  // Upstream has no suffix above E and drops the exponent; the value is kept here.
  while (format === 'DecimalSI' && exponent > 18) {
    amount *= 1000n;
    exponent -= 3;
  }
  if (format === 'DecimalSI') return `${amount}${suffixOfDecimal.get(exponent) ?? ''}`;
  return exponent === 0 ? `${amount}` : `${amount}e${exponent}`;
}

const memoLimit = 8192;
let memo = new Map<string, string>();

/** The text as upstream writes it back: `1000m` → `1`, `0.5` → `500m`, `1024Mi` → `1Gi`. @throws QuantityError */
export function canonicaliseQuantity(text: string): string {
  const known = memo.get(text);
  if (known !== undefined) return known;
  const canonical = formatQuantity(parseQuantity(text.trim()));
  if (memo.size >= memoLimit) memo = new Map();
  memo.set(text, canonical);
  return canonical;
}
