/** What can go wrong in a command, and the words and exit code it ends with (upstream: kubectl/pkg/cmd/util/helpers.go). */
import { StatusError } from '../machinery/status-error.ts';

/** `error: …` and an exit code. */
export class CommandError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

/** The command line is wrong; a pointer to the help follows the message. */
export class UsageError extends CommandError {}

/** A flag is unknown or has no value; the message follows `Error: ` and a pointer to the help comes after it. */
export class FlagError extends CommandError {}

/** The message stands alone: no `error: ` before it. */
export class PlainError extends CommandError {}

/** Several things went wrong; each has its own line. */
export class Failures extends Error {
  readonly errors: readonly unknown[];
  constructor(errors: readonly unknown[]) {
    super('several errors');
    this.name = 'Failures';
    this.errors = errors;
  }
}

/** Throws what was gathered, alone or together. */
export function throwAll(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new Failures(errors);
}

/** Ends with an exit code and says nothing. */
export class QuietExit extends CommandError {
  constructor(exitCode: number) {
    super('', exitCode);
  }
}

/** Says where the refused object came from: `error when creating "web.yaml": …`. */
export function withSource(verb: string, source: string | undefined, e: unknown): unknown {
  if (!source) return e;
  if (e instanceof CommandError) return new CommandError(`error when ${verb} ${JSON.stringify(source)}: ${e.message}`);
  if (!(e instanceof StatusError)) return e;
  return StatusError.fromStatus({ ...e.status, message: `error when ${verb} ${JSON.stringify(source)}: ${e.message}` });
}

function invalidText(e: StatusError): string {
  const d = e.status.details;
  if (!d) return `The request is invalid${e.message ? `: ${e.message}` : ''}`;
  const causes = d.causes ?? [];
  let text = 'The request is invalid';
  if (d.kind || d.name) text = `The ${d.kind ?? ''} ${JSON.stringify(d.name ?? '')} is invalid`;
  else if (e.message && causes.length === 0) text = `The request is invalid: ${e.message}`;
  const lines = [...new Set(causes.map((c) => `${c.field ?? ''}: ${c.message ?? ''}`))];
  if (lines.length === 0) return text;
  return lines.length === 1 ? `${text}: ${lines[0]}` : `${text}: \n${lines.map((l) => `* ${l}`).join('\n')}`;
}

function connectionText(e: Error, host: string): string | undefined {
  if (e.name !== 'TransportError') return undefined;
  const cause = e.cause as (Error & { code?: string }) | undefined;
  if (cause?.code === 'ECONNREFUSED' || e.message.includes('ECONNREFUSED'))
    return `The connection to the server ${host} was refused - did you specify the right host or port?`;
  return `Unable to connect to the server: ${cause?.message ?? e.message}`;
}

/** One of several errors: what is no answer of the server comes without `error: `. */
function partText(e: unknown, host: string): string {
  if (e instanceof Failures) return failureText(e, host);
  if (e instanceof StatusError && e.reason === 'Invalid') return `Error from server (Invalid): ${e.message}`;
  if (e instanceof Error && !(e instanceof StatusError)) return connectionText(e, host) ?? e.message;
  return failureText(e, host);
}

/** The lines for standard error. `host` is the server's `host:port`. */
export function failureText(e: unknown, host: string): string {
  if (e instanceof Failures) return e.errors.map((x) => partText(x, host)).join('\n');
  if (e instanceof StatusError) {
    if (e.reason === 'Invalid') return invalidText(e);
    if (e.reason === 'Unauthorized') return `error: You must be logged in to the server (${e.message})`;
    return e.reason ? `Error from server (${e.reason}): ${e.message}` : `Error from server: ${e.message}`;
  }
  if (e instanceof PlainError) return e.message;
  if (e instanceof FlagError) return `Error: ${e.message}`;
  if (!(e instanceof Error)) return `error: ${String(e)}`;
  return (
    connectionText(e, host) ??
    (/^error: |^Error in configuration: /.test(e.message) ? e.message : `error: ${e.message}`)
  );
}

const codes = new WeakMap<object, number>();

/** The same failure with another exit code. */
export function endingWith(exitCode: number, e: unknown): unknown {
  if (typeof e === 'object' && e !== null) codes.set(e, exitCode);
  return e;
}

export const exitCodeOf = (e: unknown): number =>
  (typeof e === 'object' && e !== null && codes.get(e)) || (e instanceof CommandError ? e.exitCode : 1);
