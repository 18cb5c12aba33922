/** Quantities as exact integers, for the comparisons and sums that strategies and validation make of valid quantity texts. */

const powers: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  '': 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: 2n ** 10n * 10n ** 9n,
  Mi: 2n ** 20n * 10n ** 9n,
  Gi: 2n ** 30n * 10n ** 9n,
  Ti: 2n ** 40n * 10n ** 9n,
  Pi: 2n ** 50n * 10n ** 9n,
  Ei: 2n ** 60n * 10n ** 9n,
};
const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE])([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

const known = new Map<string, bigint>();
const knownLimit = 4096;

/** Billionths of the quantity, rounded away from zero; 0 for a text that is no quantity (the schema refuses those). */
export function nanos(q: string): bigint {
  const seen = known.get(q);
  if (seen !== undefined) return seen;
  const v = parse(q);
  if (known.size >= knownLimit) known.clear();
  known.set(q, v);
  return v;
}

function parse(q: string): bigint {
  const m = form.exec(q);
  if (!m) return 0n;
  const fraction = m[3] ?? '';
  let n = BigInt((m[2] ?? '') + fraction || '0');
  let divisor = 10n ** BigInt(fraction.length);
  if (m[4]) {
    const exponent = Number(m[5]);
    if (Math.abs(exponent) > 100) return 0n;
    n *= powers['']!;
    if (exponent >= 0) n *= 10n ** BigInt(exponent);
    else divisor *= 10n ** BigInt(-exponent);
  } else n *= powers[m[6] ?? '']!;
  const rounded = n % divisor === 0n ? n / divisor : n / divisor + 1n;
  return m[1] === '-' ? -rounded : rounded;
}

/** Negative, 0 or positive as a < b, a = b, a > b. */
export function compareQuantities(a: string, b: string): number {
  if (a === b) return 0;
  const d = nanos(a) - nanos(b);
  return d < 0n ? -1 : d > 0n ? 1 : 0;
}
/** -1, 0 or 1. */
export function quantitySign(q: string): number {
  const n = nanos(q);
  return n < 0n ? -1 : n > 0n ? 1 : 0;
}
/** A whole number of units. */
export const isWholeQuantity = (q: string): boolean => nanos(q) % powers['']! === 0n;
/** The quantity in whole units, rounded up (upstream: Quantity.Value). */
export function quantityUnits(q: string): bigint {
  const n = nanos(q);
  const unit = powers['']!;
  return n % unit === 0n || n < 0n ? n / unit : n / unit + 1n;
}

const binaryUnits = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const;
const decimalUnits = ['E', 'P', 'T', 'G', 'M', 'k', '', 'm', 'u', 'n'] as const;

/** The canonical text of a number of billionths: the largest unit that keeps it whole, of the binary or the decimal family. */
export function quantityText(n: bigint, binary: boolean): string {
  if (n === 0n) return '0';
  if (binary && n % powers['']! === 0n)
    for (const u of binaryUnits) if (n % powers[u]! === 0n) return `${n / powers[u]!}${u}`;
  for (const u of decimalUnits)
    if (n % powers[u]! === 0n && (!binary || u === '' || n % powers['']! !== 0n)) return `${n / powers[u]!}${u}`;
  return `${n}n`;
}
/** Whether the text counts in powers of 1024. */
export const isBinaryQuantity = (q: string): boolean => q.endsWith('i');
