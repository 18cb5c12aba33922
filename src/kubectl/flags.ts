/** Command-line flags as pflag reads them: `--name=value`, `--name value`, `-n value`, `-nvalue`, `-it`, `--`. */
import { FlagError, UsageError } from './failure.ts';

export interface FlagSpec {
  readonly type: 'text' | 'bool' | 'list' | 'array';
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
/** May be repeated; commas separate values. */
export const list = (help: string, short?: string): FlagSpec => ({ type: 'list', help, ...(short && { short }) });
/** May be repeated; commas belong to the value. */
export const array = (help: string, short?: string): FlagSpec => ({ type: 'array', help, ...(short && { short }) });

export interface Parsed {
  readonly args: readonly string[];
  /** What follows `--`; undefined without it. */
  readonly rest: readonly string[] | undefined;
  has(name: string): boolean;
  text(name: string): string | undefined;
  text(name: string, otherwise: string): string;
  bool(name: string, otherwise?: boolean): boolean;
  list(name: string): readonly string[];
  /** A whole number. @throws UsageError */
  int(name: string): number | undefined;
  /** A Go duration in milliseconds. @throws UsageError */
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

/** @throws UsageError with pflag's words. `stopAtFirst`: everything after the first argument is an argument. */
export function parseFlags(argv: readonly string[], specs: FlagSpecs): Parsed {
  const values = new Map<string, string[]>();
  const args: string[] = [];
  let rest: string[] | undefined;
  const shorts = new Map(Object.entries(specs).flatMap(([n, s]) => (s.short ? [[s.short, n] as const] : [])));
  const set = (name: string, value: string) => {
    const spec = specs[name]!;
    const known = values.get(name);
    if (spec.type === 'bool' && truths[value] === undefined)
      throw new FlagError(
        `invalid argument "${value}" for "${spec.short ? `-${spec.short}, ` : ''}--${name}" flag: strconv.ParseBool: parsing "${value}": invalid syntax`,
      );
    const several = spec.type === 'list' ? value.split(',') : [value];
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
  const one = (name: string) => values.get(name)?.at(-1);
  return {
    args,
    rest,
    has: (name) => values.has(name),
    text: ((name: string, otherwise?: string) => one(name) ?? otherwise) as Parsed['text'],
    bool: (name, otherwise = false) => {
      const v = one(name);
      return v === undefined ? otherwise : truths[v]!;
    },
    list: (name) => values.get(name) ?? [],
    int(name) {
      const v = one(name);
      if (v === undefined) return undefined;
      if (!/^[+-]?\d+$/.test(v))
        throw new UsageError(
          `invalid argument "${v}" for "--${name}" flag: strconv.ParseInt: parsing "${v}": invalid syntax`,
        );
      return Number(v);
    },
    duration(name) {
      const v = one(name);
      if (v === undefined) return undefined;
      const d = parseDuration(v);
      if (d === undefined)
        throw new UsageError(`invalid argument "${v}" for "--${name}" flag: time: invalid duration "${v}"`);
      return d;
    },
  };
}
