/**
 * The three JSON times of the API and Go's duration text: parsed as Go's time package parses them, with its errors, and written in
 * their one canonical form.
 */
import { DecodeError } from './decode-error.ts';

const rfc3339 = '2006-01-02T15:04:05Z07:00';
const rfc3339Micro = '2006-01-02T15:04:05.000000Z07:00';
const wellFormed = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysIn = (year: number, month: number): number =>
  month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : (monthDays[month - 1] ?? 0);

const quote = (s: string): string => JSON.stringify(s);

/** The error Go's time.Parse gives for a text that does not follow the layout. */
function parseError(text: string, layout: string): DecodeError {
  let rest = text;
  const micro = layout === rfc3339Micro;
  const parts: [string, RegExp][] = [
    ['2006', /^\d{4}/],
    ['-', /^-/],
    ['01', /^\d\d/],
    ['-', /^-/],
    ['02', /^\d\d/],
    ['T', /^T/],
    ['15', /^\d\d?/],
    [':', /^:/],
    ['04', /^\d\d/],
    [':', /^:/],
    ['05', micro ? /^\d\d/ : /^\d\d(?:[.,]\d+)?/],
    ...(micro ? ([['.000000', /^[.,]\d{6}/]] as [string, RegExp][]) : []),
    ['Z07:00', /^(?:Z|[+-]\d\d:\d\d)/],
  ];
  for (const [element, re] of parts) {
    const m = re.exec(rest);
    if (!m)
      return new DecodeError(
        `parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(element)}`,
      );
    rest = rest.slice(m[0].length);
  }
  return new DecodeError(`parsing time ${quote(text)}: extra text: ${quote(rest)}`);
}

interface Instant {
  /** Milliseconds since 1970 of the whole second. */
  readonly ms: number;
  readonly micros: number;
}

function parse(text: string, layout: string): Instant {
  const m = wellFormed.exec(text);
  if (!m || (layout === rfc3339Micro && m[7]?.length !== 6)) throw parseError(text, layout);
  const [year, month, day, hour, minute, second] = [m[1], m[2], m[3], m[4], m[5], m[6]].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const out = (what: string) => new DecodeError(`parsing time ${quote(text)}: ${what} out of range`);
  if (month < 1 || month > 12) throw out('month');
  if (hour > 23) throw out('hour');
  if (minute > 59) throw out('minute');
  if (second > 59) throw out('second');
  if (day < 1 || day > daysIn(year, month)) throw out('day');
  let offset = 0;
  const zone = m[8]!;
  if (zone !== 'Z') {
    const h = Number(zone.slice(1, 3));
    const min = Number(zone.slice(4, 6));
    if (h > 24) throw out('time zone offset hour');
    if (min > 60) throw out('time zone offset minute');
    offset = (h * 60 + min) * (zone[0] === '-' ? -60_000 : 60_000);
  }
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return { ms: date.getTime() - offset, micros: Number(`${m[7] ?? ''}000000`.slice(0, 6)) };
}

const zeroTime = new Date('0001-01-01T00:00:00Z').getTime();
const canonicalTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const canonicalMicro = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/;

const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** metav1.Time in its canonical form (UTC, whole seconds, Z); undefined for Go's zero time. @throws DecodeError */
export function canonicaliseTime(text: string): string | undefined {
  if (canonicalTime.test(text) && !text.startsWith('0001-01-01T00:00:00')) return text;
  const { ms, micros } = parse(text, rfc3339);
  return ms === zeroTime && micros === 0 ? undefined : seconds(ms);
}

/** metav1.MicroTime in its canonical form (UTC, six decimals, Z); undefined for Go's zero time. @throws DecodeError */
export function canonicaliseMicroTime(text: string): string | undefined {
  if (canonicalMicro.test(text) && !text.startsWith('0001-01-01T00:00:00.000000')) return text;
  const { ms, micros } = parse(text, rfc3339Micro);
  if (ms === zeroTime && micros === 0) return undefined;
  return `${seconds(ms).slice(0, -1)}.${String(micros).padStart(6, '0')}Z`;
}

/** Milliseconds since 1970 as metav1.Time text. */
export const timeText = (ms: number): string => seconds(ms);
/** Milliseconds since 1970 as metav1.MicroTime text. */
export const microTimeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000Z`;

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Go duration text (`1h30m`, `1.5s`, `-2us`, `0`) in nanoseconds. @throws DecodeError worded as time.ParseDuration */
export function parseDuration(text: string): bigint {
  const bad = () => new DecodeError(`time: invalid duration ${quote(text)}`);
  const negative = text.startsWith('-');
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0n;
  if (rest === '') throw bad();
  let total = 0n;
  while (rest) {
    const m = /^(\d*)(?:\.(\d*))?/.exec(rest)!;
    if (!m[1] && !m[2]) throw bad();
    rest = rest.slice(m[0].length);
    const unit = /^[^.\d]*/.exec(rest)![0];
    if (!unit) throw new DecodeError(`time: missing unit in duration ${quote(text)}`);
    const scale = units[unit];
    if (scale === undefined) throw new DecodeError(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
    rest = rest.slice(unit.length);
    total += BigInt(m[1] || '0') * scale;
    const fraction = m[2] ?? '';
    if (fraction) total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
    if (total > 2n ** 63n - (negative ? 0n : 1n)) throw bad();
  }
  return negative ? -total : total;
}

const trimmed = (whole: bigint, fraction: bigint, digits: number): string => {
  const f = fraction.toString().padStart(digits, '0').replace(/0+$/, '');
  return f ? `${whole}.${f}` : `${whole}`;
};

/** Nanoseconds as Go's Duration.String() writes them: `1h30m0s`, `1.5s`, `250ms`, `0s`. */
export function formatDuration(ns: bigint): string {
  if (ns === 0n) return '0s';
  const sign = ns < 0n ? '-' : '';
  const n = ns < 0n ? -ns : ns;
  if (n < 1000n) return `${sign}${n}ns`;
  if (n < 1_000_000n) return `${sign}${trimmed(n / 1000n, n % 1000n, 3)}µs`;
  if (n < 1_000_000_000n) return `${sign}${trimmed(n / 1_000_000n, n % 1_000_000n, 6)}ms`;
  const s = n / 1_000_000_000n;
  const rest = `${trimmed(s % 60n, n % 1_000_000_000n, 9)}s`;
  const minutes = s / 60n;
  if (minutes === 0n) return sign + rest;
  return minutes < 60n ? `${sign}${minutes}m${rest}` : `${sign}${minutes / 60n}h${minutes % 60n}m${rest}`;
}
