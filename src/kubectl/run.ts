/** Runs one command line: finds the verb, parses its flags, prints what goes wrong, answers the exit code. */
import { CommandError, exitCodeOf, failureText, FlagError, UsageError } from './failure.ts';
import { type FlagSpecs, parseFlags } from './flags.ts';
import type { Io } from './io.ts';
import { runPlugin } from './plugins.ts';
import { TemplateFailure } from './print/output.ts';
import { createSession, globalFlags, type Session, withoutEffect } from './session.ts';
import type { Verb, VerbRow } from './verb.ts';
import { below, verbs } from './verbs.ts';

/** The verb's name, its row and where its arguments begin; global flags may come before it. */
async function findVerb(args: readonly string[]): Promise<{
  readonly words: readonly string[];
  readonly row?: VerbRow;
  readonly rest: readonly string[];
  readonly unknown?: string;
}> {
  let table: readonly VerbRow[] = verbs;
  const words: string[] = [];
  const rest: string[] = [];
  let row: VerbRow | undefined;
  let i = 0;
  for (; i < args.length; i++) {
    const a = args[i]!;
    if (a === '--') break;
    if (a.startsWith('-')) {
      rest.push(a);
      const name = a.startsWith('--') ? a.slice(2) : Object.entries(globalFlags).find(([, f]) => f.short === a[1])?.[0];
      const takes =
        name !== undefined &&
        globalFlags[name] &&
        globalFlags[name].type !== 'bool' &&
        (a.startsWith('--') ? !a.includes('=') : a.length === 2);
      if (takes && i + 1 < args.length) rest.push(args[++i]!);
      continue;
    }
    const next = table.find((v) => v.name === a || v.aliases?.includes(a));
    if (!next && row?.load) break;
    if (!next) return { words, rest, unknown: a, ...(row && { row }) };
    row = next;
    words.push(next.name);
    if (!next.verbs) {
      i++;
      break;
    }
    table = await below(next);
  }
  return { words, rest: [...rest, ...args.slice(i)], ...(row && { row }) };
}

/** Verbs two letters away, or beginning with the word (upstream: cobra's SuggestionsFor). */
function suggestions(word: string): readonly string[] {
  return verbs
    .filter(
      (v) =>
        distance(word.toLowerCase(), v.name) <= 2 ||
        v.name.startsWith(word.toLowerCase()) ||
        v.suggestFor?.includes(word),
    )
    .map((v) => v.name)
    .sort();
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

function tableText(table: readonly VerbRow[]): string {
  const width = Math.max(...table.map((v) => v.name.length)) + 2;
  return table.map((v) => `  ${v.name.padEnd(width)}${v.summary}\n`).join('');
}

function flagText(flags: FlagSpecs): string {
  return Object.entries(flags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([n, f]) => `    ${f.short ? `-${f.short}, ` : ''}--${n}:\n        ${f.help ?? ''}\n`)
    .join('');
}

const verbHelp = (verb: Verb): string =>
  `${verb.summary}.\n\nOptions:\n${flagText(verb.flags)}\nUsage:\n  kubectl ${verb.usage}\n\nUse "kubectl options" for a list of global command-line options (applies to all commands).\n`;

const asksHelp = (args: readonly string[]): boolean => args.includes('--help') || args.includes('-h');

/** Never rejects. */
export async function runKubectl(args: readonly string[], io: Io): Promise<number> {
  // `kubectl help get` is `kubectl get --help`.
  if (args[0] === 'help') return runKubectl([...args.slice(1), '--help'], io);
  const { words, row, rest, unknown } = await findVerb(args);
  const name = ['kubectl', ...words].join(' ');
  if (unknown !== undefined && row === undefined) {
    const flag = args.slice(0, args.indexOf(unknown)).find((a) => a.startsWith('-'));
    if (flag) {
      io.err(`Error: flags cannot be placed before plugin name: ${flag}\n`);
      return 1;
    }
    const code = await runPlugin(args, 1, io);
    if (code !== undefined) return code;
    const near = suggestions(unknown);
    io.err(
      `Error: unknown command "${unknown}" for "kubectl"\n${near.length ? `\nDid you mean this?\n${near.map((n) => `\t${n}\n`).join('')}\n` : ''}`,
    );
    return 1;
  }
  if (!row?.load) {
    if (row && unknown !== undefined) {
      io.err(`error: unknown command "${unknown}"\nSee '${name} -h' for help and examples\n`);
      return 1;
    }
    (row && !asksHelp(rest) ? io.err : io.out)(
      row
        ? `${row.summary}.\n\nAvailable Commands:\n${tableText(await below(row))}\nUsage:\n  ${name} SUBCOMMAND [options]\n`
        : `kubectl controls the Kubernetes cluster manager.\n\nCommands:\n${tableText(verbs)}\nUsage:\n  kubectl [flags] [options]\n\nUse "kubectl <command> --help" for more information about a given command.\nUse "kubectl options" for a list of global command-line options (applies to all commands).\n`,
    );
    // A verb that is nothing without the one below it has failed.
    return row && !asksHelp(rest) ? 1 : 0;
  }
  // `create` alone may have verbs of others below it.
  if (row.name === 'create' && args[0] === 'create' && rest[0] && !rest[0].startsWith('-')) {
    const code = await runPlugin(args, 2, io);
    if (code !== undefined) return code;
  }
  let session: Session | undefined;
  try {
    const verb = await row.load();
    const flags = parseFlags(rest, { ...globalFlags, ...verb.flags });
    if (flags.bool('help')) {
      io.out(row.name === 'options' ? flagText(globalFlags) : verbHelp(verb));
      return 0;
    }
    const shadowed = new Set(Object.keys(verb.flags).filter((n) => n in globalFlags));
    session = createSession(flags, io, shadowed);
    const code = await verb.run(session);
    const unread = flags.unread().filter((n) => !withoutEffect.has(n));
    if (unread.length) io.unread?.(unread);
    if (session.warnings && flags.bool('warnings-as-errors')) {
      const n = session.warnings;
      throw new CommandError(`${n} warning${n === 1 ? '' : 's'} received`);
    }
    return typeof code === 'number' ? code : 0;
  } catch (e) {
    if (io.signal.aborted) return 130;
    if (e instanceof TemplateFailure) io.out(e.out);
    const text = failureText(e, hostOf(session));
    if (text !== 'error: ') io.err(`${text}\n`);
    if (e instanceof UsageError) io.err(`See '${name} -h' for help and examples\n`);
    if (e instanceof FlagError) io.err(`See '${name} --help' for usage.\n`);
    if (io.env['K8TS_DEBUG'] && e instanceof Error) io.err(`${e.stack}\n`);
    return exitCodeOf(e);
  } finally {
    await session?.close();
  }
}

function hostOf(session: Session | undefined): string {
  try {
    return session?.host ?? '';
  } catch {
    return '';
  }
}
