/** Structured logging: one line per event, text for people or JSON for machines, written to one sink. */

export type LogValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | bigint
  | Error
  | readonly LogValue[]
  | { readonly [key: string]: LogValue };
export type LogFields = Readonly<Record<string, LogValue>>;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Logger {
  debug(msg: string, fields?: LogFields): void;
  info(msg: string, fields?: LogFields): void;
  warn(msg: string, fields?: LogFields): void;
  error(msg: string, fields?: LogFields): void;
  /** A logger whose lines carry `component` (nested with `/`) and the fields. */
  child(component: string, fields?: LogFields): Logger;
}

export interface LogOptions {
  readonly format?: 'text' | 'json';
  readonly level?: LogLevel;
  readonly write?: (line: string) => void;
  readonly now?: () => number;
}

const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };
const letter: Record<LogLevel, string> = { debug: 'D', info: 'I', warn: 'W', error: 'E' };

export function createLogger(options: LogOptions = {}): Logger {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const now = options.now ?? Date.now;
  const min = order[options.level ?? 'info'];
  const json = options.format === 'json';
  const make = (component: string, base: LogFields): Logger => {
    const emit = (level: LogLevel, msg: string, fields?: LogFields) => {
      if (order[level] < min) return;
      const ts = new Date(now()).toISOString();
      const all = fields ? { ...base, ...fields } : base;
      if (json) write(JSON.stringify({ ts, level, component, msg, ...plain(all) }) + '\n');
      else
        write(
          `${letter[level]}${ts.slice(5, 10).replace('-', '')} ${ts.slice(11, 23)} ${component}] ${msg}${text(all)}\n`,
        );
    };
    return {
      debug: (m, f) => emit('debug', m, f),
      info: (m, f) => emit('info', m, f),
      warn: (m, f) => emit('warn', m, f),
      error: (m, f) => emit('error', m, f),
      child: (c, f) => make(component ? `${component}/${c}` : c, f ? { ...base, ...f } : base),
    };
  };
  return make('', {});
}

/** A logger that drops everything. */
export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

function plain(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([k, v]) => [k, v instanceof Error ? v.message : typeof v === 'bigint' ? String(v) : v]),
  );
}

function text(fields: LogFields): string {
  let out = '';
  for (const [k, v] of Object.entries(fields)) {
    if (v === undefined) continue;
    out += ` ${k}=${v instanceof Error ? JSON.stringify(v.message) : typeof v === 'string' ? (/^[\w./:@-]+$/.test(v) ? v : JSON.stringify(v)) : typeof v === 'bigint' ? v : JSON.stringify(v)}`;
  }
  return out;
}
