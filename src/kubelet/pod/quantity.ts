/** Amounts as numbers, for cgroups and the downward API: bytes and thousandths of a core are well inside a double's exact range. */

const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The value of a quantity's text; throws on what is none (the API server let no such thing through). */
export function quantityValue(text: string | number): number {
  const m = /^([+-]?[0-9.]+)(?:([eE][+-]?[0-9]+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(String(text));
  if (!m) throw new Error(`not a quantity: ${JSON.stringify(text)}`);
  return m[2] ? Number(m[1] + m[2]) : Number(m[1]) * suffixes[m[3] ?? '']!;
}
/** Whole units, rounded up. */
export const wholeValue = (text: string | number): number => Math.ceil(Number(quantityValue(text).toPrecision(15)));
/** Thousandths, rounded up. */
export const milliValue = (text: string | number): number =>
  Math.ceil(Number((quantityValue(text) * 1000).toPrecision(15)));

/** Thousandths of a core as quantity text: 1500 → `1500m`, 2000 → `2`. */
export const milliText = (milli: number): string => (milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`);
/** Bytes as the shortest exact binary text. */
export function bytesText(bytes: number): string {
  for (const unit of ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'])
    if (bytes >= suffixes[unit]! && bytes % suffixes[unit]! === 0) return `${bytes / suffixes[unit]!}${unit}`;
  return String(bytes);
}
