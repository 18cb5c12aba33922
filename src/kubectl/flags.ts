/** Command-line flags as pflag reads them: `--name=value`, `--name value`, `-n value`, `-nvalue`, `-it`, `--`. */
import { FlagError } from './failure.ts';

export interface FlagSpec {
  readonly type: 'text' | 'bool' | 'list' | 'array' | 'int' | 'duration';
  readonly short?: string;
  readonly help?: string;
  /** Value when the flag stands alone (`--dry-run`); then a value must be joined with `=`. */
  readonly bare?: string;
}
export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

export const text = (help: string, short?: string, bare?: string): FlagSpec => ({
  type: 'text',
  help,
  ...(short !== undefined && { short }),
  ...(bare !== undefined && { bare }),
});
export const bool = (help: string, short?: string): FlagSpec => ({ type: 'bool', help, ...(short && { short }) });
export const int = (help: string, short?: string): FlagSpec => ({ type: 'int', help, ...(short && { short }) });
/** A Go duration: `1h30m`, `10s`. */
export const duration = (help: string): FlagSpec => ({ type: 'duration', help });
/** May be repeated; commas separate values. */
export const list = (help: string, short?: string): FlagSpec => ({ type: 'list', help, ...(short && { short }) });
/** May be repeated; commas belong to the value. */
export const array = (help: string, short?: string): FlagSpec => ({ type: 'array', help, ...(short && { short }) });

export interface Parsed {
  /** All arguments, those after `--` too. */
  readonly args: readonly string[];
  /** The arguments before `--`. */
  readonly before: readonly string[];
  /** What follows `--`; undefined without it. */
  readonly rest: readonly string[] | undefined;
  /** Flags that were given and that nobody has asked for: a test holds that there are none. */
  unread(): readonly string[];
  has(name: string): boolean;
  text(name: string): string | undefined;
  text(name: string, otherwise: string): string;
  bool(name: string, otherwise?: boolean): boolean;
  list(name: string): readonly string[];
  /** The value of an `int` flag. */
  int(name: string): number | undefined;
  /** The value of a `duration` flag in milliseconds. */
  duration(name: string): number | undefined;
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  t: true,
  T: true,
  TRUE: true,
  True: true,
  false: false,
  '0': false,
  f: false,
  F: false,
  FALSE: false,
  False: false,
};

/** `1h30m`, `10s`, `500ms`, `0`, `-1s` in milliseconds; undefined when it is none. */
export function parseDuration(s: string): number | undefined {
  if (s === '0') return 0;
  const m = /^([+-]?)((?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.exec(s);
  if (!m) return undefined;
  const unit: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 36e5 };
  let total = 0;
  for (const [, n, u] of s.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)) total += Number(n) * unit[u!]!;
  return m[1] === '-' ? -total : total;
}

const isInt = (v: string): boolean => /^[+-]?(\d+|0x[0-9a-fA-F]+)$/.test(v);

/** What Go's parser says of a value; undefined when it takes it. */
function whatIsWrong(spec: FlagSpec, value: string): string | undefined {
  if (spec.type === 'bool' && truths[value] === undefined)
    return `strconv.ParseBool: parsing "${value}": invalid syntax`;
  if (spec.type === 'int' && !isInt(value)) return `strconv.ParseInt: parsing "${value}": invalid syntax`;
  if (spec.type === 'duration') return durationError(value);
  return undefined;
}

/** `time: invalid duration "x"`, or undefined. */
export function durationError(s: string): string | undefined {
  if (parseDuration(s) !== undefined) return undefined;
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(s)) return `time: missing unit in duration "${s}"`;
  const unit = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))*(?:\d+(?:\.\d*)?|\.\d+)([^\d.]+)/.exec(s)?.[1];
  return unit ? `time: unknown unit "${unit}" in duration "${s}"` : `time: invalid duration "${s}"`;
}

/** One line of CSV, as pflag reads lists: `"a,b",c` are two. */
function commaSeparated(value: string): readonly string[] {
  if (value === '') return [];
  if (!value.includes('"')) return value.split(',');
  return [...value.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g)]
    .filter((m, i) => m[0] !== '' || i === 0)
    .map((m) => (m[1] === undefined ? m[2]! : m[1].replaceAll('""', '"')));
}

/** @throws UsageError with pflag's words. `stopAtFirst`: everything after the first argument is an argument. */
export function parseFlags(argv: readonly string[], specs: FlagSpecs): Parsed {
  const values = new Map<string, string[]>();
  const args: string[] = [];
  let rest: string[] | undefined;
  const shorts = new Map(Object.entries(specs).flatMap(([n, s]) => (s.short ? [[s.short, n] as const] : [])));
  const set = (name: string, value: string) => {
    const spec = specs[name]!;
    const known = values.get(name);
    const wrong = whatIsWrong(spec, value);
    if (wrong)
      throw new FlagError(
        `invalid argument "${value}" for "${spec.short ? `-${spec.short}, ` : ''}--${name}" flag: ${wrong}`,
      );
    const several = spec.type === 'list' ? [...commaSeparated(value)] : [value];
    if (known && (spec.type === 'list' || spec.type === 'array')) known.push(...several);
    else values.set(name, several);
  };
  const alone = (spec: FlagSpec) => (spec.type === 'bool' ? 'true' : spec.bare);
  for (let i = 0; i < argv.length; i++) {
    const a = argv[i]!;
    if (a === '--') {
      rest = argv.slice(i + 1);
      break;
    }
    if (a.startsWith('--')) {
      const eq = a.indexOf('=');
      const name = eq < 0 ? a.slice(2) : a.slice(2, eq);
      const spec = specs[name];
      if (!spec) throw new FlagError(`unknown flag: --${name}`);
      const bare = alone(spec);
      if (eq >= 0) set(name, a.slice(eq + 1));
      else if (bare !== undefined) set(name, bare);
      else if (i + 1 < argv.length) set(name, argv[++i]!);
      else throw new FlagError(`flag needs an argument: --${name}`);
    } else if (a.startsWith('-') && a.length > 1) {
      for (let j = 1; j < a.length; j++) {
        const name = shorts.get(a[j]!);
        if (!name) throw new FlagError(`unknown shorthand flag: '${a[j]}' in ${a}`);
        const bare = alone(specs[name]!);
        const after = a.slice(j + 1);
        if (after.startsWith('=')) {
          set(name, after.slice(1));
          break;
        }
        if (bare !== undefined) {
          set(name, bare);
          continue;
        }
        if (after) set(name, after);
        else if (i + 1 < argv.length) set(name, argv[++i]!);
        else throw new FlagError(`flag needs an argument: '${a[j]}' in ${a}`);
        break;
      }
    } else args.push(a);
  }
  const read = new Set<string>();
  const one = (name: string) => {
    read.add(name);
    return values.get(name)?.at(-1);
  };
  return {
    args: [...args, ...(rest ?? [])],
    before: args,
    rest,
    unread: () => [...values.keys()].filter((n) => !read.has(n)),
    has: (name) => {
      read.add(name);
      return values.has(name);
    },
    text: ((name: string, otherwise?: string) => one(name) ?? otherwise) as Parsed['text'],
    bool: (name, otherwise = false) => {
      const v = one(name);
      return v === undefined ? otherwise : truths[v]!;
    },
    list: (name) => {
      read.add(name);
      return values.get(name) ?? [];
    },
    int(name) {
      const v = one(name);
      return v === undefined ? undefined : Number(v);
    },
    duration(name) {
      const v = one(name);
      return v === undefined ? undefined : parseDuration(v);
    },
  };
}
