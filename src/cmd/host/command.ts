/** Runs a program of the host and returns what it printed; a failure says which command, its code and its last words. */
import { spawn } from 'node:child_process';

export class CommandError extends Error {
  readonly code: number | null;
  readonly stderr: string;
  constructor(command: string, code: number | null, stderr: string) {
    super(
      `${command} failed with code ${code}${stderr.trim() ? `: ${stderr.trim().split('\n').slice(-3).join(' | ')}` : ''}`,
    );
    this.name = 'CommandError';
    this.code = code;
    this.stderr = stderr;
  }
}

export interface CommandOptions {
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Resolves with stdout; rejects with CommandError, or with a clear Error when the program does not exist. */
export function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      ...(options.signal && { signal: options.signal }),
      timeout: options.timeoutMs ?? 120_000,
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (d: string) => (out += d));
    child.stderr.setEncoding('utf8').on('data', (d: string) => (err += d));
    child.on('error', (e: NodeJS.ErrnoException) =>
      reject(e.code === 'ENOENT' ? new Error(`the program ${program} is not installed`) : e),
    );
    child.on('close', (code) =>
      code === 0 ? resolve(out) : reject(new CommandError([program, ...args].join(' '), code, err)),
    );
  });
}

/** Like command(), but a failure is undefined. For clean-up of what may not be there. */
export const tryCommand = (program: string, args: readonly string[]): Promise<string | undefined> =>
  command(program, args).catch(() => undefined);
