/** Programs on the PATH named `kubectl-…`: run for words that are no verb, and listed (upstream: kubectl/pkg/cmd/cmd.go, cmd/plugin). */
import { spawn } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Io } from './io.ts';

const prefix = 'kubectl-';

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The folders of the PATH, each once. */
const folders = (io: Io): readonly string[] => [
  ...new Set((io.env['PATH'] ?? '').split(delimiter).filter((d) => d.trim() !== '')),
];

/**
 * The program for the longest run of words (`kubectl foo bar-x` → `kubectl-foo-bar_x`, then `kubectl-foo`; `least` words at least) and
 * the arguments that are left for it. Words end at the first flag.
 */
export function findPlugin(
  args: readonly string[],
  least: number,
  exists: (name: string) => string | undefined,
): { readonly file: string; readonly args: readonly string[] } | undefined {
  const flag = args.findIndex((a) => a.startsWith('-'));
  const words = (flag < 0 ? args : args.slice(0, flag)).map((w) => w.replaceAll('-', '_'));
  for (let n = words.length; n >= least; n--) {
    const file = exists(prefix + words.slice(0, n).join('-'));
    if (file) return { file, args: args.slice(n) };
  }
  return undefined;
}

const onPath = (io: Io) => (name: string) =>
  folders(io)
    .map((d) => join(d, name))
    .find(isExecutable);

/** Runs the plugin that the words name (`least` of them); undefined when there is none. The plugin has this process's streams. */
export async function runPlugin(args: readonly string[], least: number, io: Io): Promise<number | undefined> {
  const found = findPlugin(args, least, onPath(io));
  if (!found) return undefined;
  return new Promise((resolve) => {
    const child = spawn(found.file, found.args, { stdio: 'inherit', env: io.env, signal: io.signal });
    child.on('error', (e) => {
      io.err(`error: ${e.message}\n`);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

export interface PluginFile {
  readonly file: string;
  readonly name: string;
  readonly executable: boolean;
}

/** Every file on the PATH that is named as a plugin, in the order of the PATH. */
export function pluginFiles(io: Io): readonly PluginFile[] {
  return folders(io).flatMap((dir) => {
    try {
      return readdirSync(dir)
        .filter((name) => name.startsWith(prefix))
        .sort()
        .map((name) => ({ file: join(dir, name), name, executable: isExecutable(join(dir, name)) }));
    } catch {
      return [];
    }
  });
}

/** What is wrong with each plugin. `verb`: the words of the command that a plugin would hide, if there is one. */
export async function pluginWarnings(
  found: readonly PluginFile[],
  verb: (words: readonly string[]) => Promise<string | undefined>,
): Promise<readonly (readonly string[])[]> {
  const first = new Map<string, string>();
  const warnings: string[][] = [];
  for (const { file, name, executable } of found) {
    const own: string[] = [];
    if (!executable) own.push(`${file} identified as a kubectl plugin, but it is not executable`);
    const shadowing = first.get(name);
    if (shadowing) own.push(`${file} is overshadowed by a similarly named plugin: ${shadowing}`);
    else first.set(name, file);
    const hidden = await verb(name.slice(prefix.length).split('-'));
    if (hidden) own.push(`${name} overwrites existing command: "kubectl ${hidden}"`);
    warnings.push(own.map((w) => `warning: ${w}`));
  }
  return warnings;
}
