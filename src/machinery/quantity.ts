/**
 * Arithmetic on resource.Quantity. API objects hold quantities as text, so every function takes and answers text; parsing is
 * memoised. Texts must be valid: decoding has seen to that (parseQuantity throws QuantityError otherwise).
 */
import {
  compareParts,
  divideUp,
  formatQuantity,
  parseQuantity as parse,
  type Quantity,
  type QuantityFormat,
} from '../schema/quantity-text.ts';

export { canonicaliseQuantity, formatQuantity, QuantityError } from '../schema/quantity-text.ts';
export type { Quantity, QuantityFormat } from '../schema/quantity-text.ts';

const memoLimit = 8192;
let parsed = new Map<string, Quantity>();
let milli = new Map<string, number>();
let whole = new Map<string, number>();

/** Exact value of a text, memoised. @throws QuantityError with upstream's wording */
export function parseQuantity(text: string): Quantity {
  let q = parsed.get(text);
  if (!q) {
    q = parse(text);
    if (parsed.size >= memoLimit) parsed = new Map();
    parsed.set(text, q);
  }
  return q;
}

const maxInt64 = 2n ** 63n - 1n;
/** Exponents beyond this are out of any sensible range; arithmetic treats them as this one. */
const maxScale = 400;

function scaled(text: string, scale: number): number {
  const q = parseQuantity(text);
  const n = divideUp(q.value, scale - Math.min(q.scale, maxScale));
  return Number(n > maxInt64 ? maxInt64 : n < -maxInt64 ? -maxInt64 : n);
}

/** The number of units, rounded up (away from zero); above 2^53 as the nearest double. */
export function value(text: string): number {
  let n = whole.get(text);
  if (n === undefined) {
    n = scaled(text, 0);
    if (whole.size >= memoLimit) whole = new Map();
    whole.set(text, n);
  }
  return n;
}

/** Thousandths, rounded up: CPU shares and the like. */
export function milliValue(text: string): number {
  let n = milli.get(text);
  if (n === undefined) {
    n = scaled(text, -3);
    if (milli.size >= memoLimit) milli = new Map();
    milli.set(text, n);
  }
  return n;
}

/** An inexact double, for ratios. */
export function asApproximateFloat64(text: string): number {
  const q = parseQuantity(text);
  return Number(q.value) * 10 ** q.scale;
}

function combine(a: Quantity, b: Quantity, sign: 1n | -1n): string {
  const format = a.value === 0n ? b.format : a.format;
  const as = Math.min(a.scale, maxScale);
  const bs = Math.min(b.scale, maxScale);
  const scale = Math.min(as, bs);
  const sum = a.value * 10n ** BigInt(as - scale) + sign * b.value * 10n ** BigInt(bs - scale);
  return formatQuantity({ value: sum, scale, format });
}

/** The sum, in the format of the first unless that is zero. */
export const addQuantity = (a: string, b: string): string => combine(parseQuantity(a), parseQuantity(b), 1n);
export const subQuantity = (a: string, b: string): string => combine(parseQuantity(a), parseQuantity(b), -1n);
export function negQuantity(a: string): string {
  const q = parseQuantity(a);
  return formatQuantity({ value: -q.value, scale: q.scale, format: q.format });
}
/** The product with an integer. */
export function mulQuantity(a: string, n: number): string {
  const q = parseQuantity(a);
  return formatQuantity({ value: q.value * BigInt(n), scale: q.scale, format: q.format });
}

/** -1, 0 or 1. */
export function cmpQuantity(a: string, b: string): number {
  if (a === b) return 0;
  const x = parseQuantity(a);
  const y = parseQuantity(b);
  return compareParts(x.value, x.scale, y.value, y.scale);
}
export const equalQuantity = (a: string, b: string): boolean => cmpQuantity(a, b) === 0;
export const isZeroQuantity = (a: string): boolean => parseQuantity(a).value === 0n;
/** -1, 0 or 1. */
export function signOfQuantity(a: string): number {
  const { value: v } = parseQuantity(a);
  return v > 0n ? 1 : v < 0n ? -1 : 0;
}
export const maxQuantity = (a: string, b: string): string => (cmpQuantity(b, a) > 0 ? b : a);
export const minQuantity = (a: string, b: string): string => (cmpQuantity(b, a) < 0 ? b : a);

/** Text of an integer number of units (upstream: NewQuantity). */
export const newQuantity = (n: number | bigint, format: QuantityFormat = 'DecimalSI'): string =>
  formatQuantity({ value: BigInt(n), scale: 0, format });
/** Text of an integer number of thousandths (upstream: NewMilliQuantity). */
export const newMilliQuantity = (n: number | bigint, format: QuantityFormat = 'DecimalSI'): string =>
  formatQuantity({ value: BigInt(n), scale: -3, format });
