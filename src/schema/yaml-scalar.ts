/** What a plain YAML scalar means to go-yaml v2, which every upstream client reads and writes with (YAML 1.1 with its own exceptions). */

export type PlainKind = 'null' | 'bool' | 'int' | 'float' | 'timestamp' | 'string';
export interface Plain {
  readonly kind: PlainKind;
  readonly value: string | number | boolean | null;
}

const words = new Map<string, Plain>();
const say = (kind: PlainKind, value: Plain['value'], ...texts: string[]): void => {
  for (const t of texts) words.set(t, { kind, value });
};
say('bool', true, 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON');
say('bool', false, 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF');
say('null', null, '', '~', 'null', 'Null', 'NULL');
say('float', Number.NaN, '.nan', '.NaN', '.NAN');
say('float', Infinity, '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF');
say('float', -Infinity, '-.inf', '-.Inf', '-.INF');

const decimalFloat = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const dateOnly = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const dateTime =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)| \d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d+)?)$/;

function isTimestamp(text: string): boolean {
  const m = dateOnly.exec(text) ?? dateTime.exec(text);
  if (!m) return false;
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const d = new Date(0);
  d.setUTCFullYear(year, month - 1, day);
  if (d.getUTCMonth() !== month - 1 || d.getUTCDate() !== day) return false;
  const clock = /[Tt ](\d+):(\d+):(\d+)/.exec(text);
  return !clock || (Number(clock[1]) < 24 && Number(clock[2]) < 60 && Number(clock[3]) < 60);
}

/** Go's ParseInt and ParseUint with base 0: the prefix says the base, a leading zero means octal. */
function integer(text: string): number | undefined {
  const m = /^([-+]?)(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)$/.exec(text);
  if (!m) return undefined;
  const digits = m[2]!;
  const n = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const limit = m[1] === '' ? 2n ** 64n - 1n : m[1] === '-' ? 2n ** 63n : 2n ** 63n - 1n;
  if (n > limit) return undefined;
  return m[1] === '-' ? (n === 0n ? 0 : Number(-n)) : Number(n);
}

/** A number too large for a double is text. */
function float(text: string): Plain | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? { kind: 'float', value } : undefined;
}

/** How go-yaml v2 resolves an untagged plain scalar. */
export function resolvePlain(text: string): Plain {
  const first = text.charCodeAt(0);
  const word = words.get(text);
  if (word) return word;
  const string: Plain = { kind: 'string', value: text };
  if (first === 0x2e /* . */) return decimalFloat.test(text) ? (float(text) ?? string) : string;
  if (!(first === 0x2b || first === 0x2d || (first >= 0x30 && first <= 0x39))) return string;
  if (isTimestamp(text)) return { kind: 'timestamp', value: text };
  const plain = text.replaceAll('_', '');
  const int = integer(plain);
  if (int !== undefined) return { kind: 'int', value: int };
  return decimalFloat.test(plain) ? (float(plain) ?? string) : string;
}

/** Base 60 floats are strings here, yet they are quoted for the sake of other parsers. */
export const isBase60Float = (text: string): boolean => /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text);

/** Go's shortest float text (format g). */
export function floatText(v: number): string {
  if (Number.isNaN(v)) return '.nan';
  if (!Number.isFinite(v)) return v > 0 ? '.inf' : '-.inf';
  const [mantissa, exponent] = v.toExponential().split('e') as [string, string];
  const e = Number(exponent);
  if (e >= -4 && e < 21) return Number.isInteger(v) ? BigInt(v).toString() : plainDecimal(v);
  return `${mantissa}e${e < 0 ? '-' : '+'}${String(Math.abs(e)).padStart(2, '0')}`;
}

/** Small numbers without JavaScript's own exponent. */
const plainDecimal = (v: number): string => {
  const s = String(v);
  return s.includes('e') ? v.toFixed(20).replace(/0+$/, '') : s;
};
