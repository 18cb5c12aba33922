/** Flags of components under upstream's names, parsed as upstream parses them (pflag): what is not supported is an error that says so. */
import { parseDuration } from '../schema/index.ts';

export interface FlagRow {
  readonly type: 'string' | 'bool' | 'duration' | 'list';
  readonly default: string;
  readonly help: string;
}
export type FlagTable = Readonly<Record<string, FlagRow>>;

type ValueOf<T extends FlagRow['type']> = T extends 'bool'
  ? boolean
  : T extends 'duration'
    ? number
    : T extends 'list'
      ? readonly string[]
      : string;
/** Durations in milliseconds. */
export type FlagValues<T extends FlagTable> = { readonly [K in keyof T]: ValueOf<T[K]['type']> };

function readValue(name: string, type: FlagRow['type'], text: string): unknown {
  const invalid = (why: string) => new Error(`invalid argument "${text}" for "--${name}" flag: ${why}`);
  switch (type) {
    case 'string':
      return text;
    case 'list':
      return text.split(',').filter(Boolean);
    case 'bool':
      if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
      if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
      throw invalid(`strconv.ParseBool: parsing "${text}": invalid syntax`);
    case 'duration':
      try {
        return Number(parseDuration(text) / 1_000_000n);
      } catch {
        throw invalid(`time: invalid duration "${text}"`);
      }
    default:
      return type satisfies never;
  }
}

/** `--flag=value`, `--flag value`, `--bool`. @throws Error with pflag's words for what it does not know or cannot read. */
export function parseFlags<T extends FlagTable>(table: T, args: readonly string[]): FlagValues<T> {
  const out: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(table)) out[name] = readValue(name, row.type, row.default);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (!arg.startsWith('--')) throw new Error(`unknown command "${arg}"`);
    const [name = '', ...rest] = arg.slice(2).split('=');
    const row = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!row) throw new Error(`unknown flag: --${name}`);
    let text = rest.join('=');
    if (rest.length === 0) {
      if (row.type === 'bool') text = 'true';
      else if (i + 1 >= args.length) throw new Error(`flag needs an argument: --${name}`);
      else text = args[++i]!;
    }
    out[name] = readValue(name, row.type, text);
  }
  return out as FlagValues<T>;
}

export function flagsHelp(component: string, summary: string, table: FlagTable): string {
  const rows = Object.entries(table).map(([name, r]) => {
    const shown = r.type === 'bool' ? `--${name}` : `--${name} ${r.type === 'list' ? 'strings' : r.type}`;
    return `      ${shown.padEnd(46)} ${r.help}${r.default ? ` (default ${r.default})` : ''}`;
  });
  return `${summary}\n\nUsage:\n  ${component} [flags]\n\nFlags:\n${rows.join('\n')}\n`;
}
