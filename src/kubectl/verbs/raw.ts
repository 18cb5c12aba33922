/** `--raw`: a request to a path as it stands, with a file as its body (upstream: kubectl/pkg/rawhttp). */
import { readFileSync } from 'node:fs';
import { CommandError } from '../failure.ts';
import { formatOf } from '../print/output.ts';
import type { Session } from '../session.ts';

/** @throws CommandError for flags that mean nothing to a raw request */
export async function sendRaw(s: Session, method: string, never: readonly string[]): Promise<void> {
  const { flags } = s;
  const raw = flags.text('raw', '');
  const names = flags.list('filename');
  if (never.includes('edit') && flags.bool('edit')) throw new CommandError('--raw and --edit are mutually exclusive');
  if (names.length > 1) throw new CommandError('--raw can only use a single local file or stdin');
  if (names.length === 1 && /^https?:/.test(names[0]!)) throw new CommandError('--raw cannot read from a url');
  if (flags.bool('recursive')) throw new CommandError('--raw and --recursive are mutually exclusive');
  if (never.includes('selector') && flags.text('selector'))
    throw new CommandError('--raw and --selector (-l) are mutually exclusive');
  if (formatOf(flags)) throw new CommandError('--raw and --output are mutually exclusive');
  if (!/^(\/|https?:)/.test(raw))
    throw new CommandError(`--raw must be a valid URL path: parse ${JSON.stringify(raw)}: invalid URI for request`);
  let body: string | undefined;
  if (names[0] === '-') {
    const parts: Buffer[] = [];
    for await (const c of s.io.stdin) parts.push(Buffer.from(c as Buffer));
    body = Buffer.concat(parts).toString();
  } else if (names[0] !== undefined) body = readFileSync(names[0], 'utf8');
  for await (const chunk of await s.api.stream(method, raw, body === undefined ? {} : { body })) s.io.out(chunk);
}
