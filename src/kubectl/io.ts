/** What a command has of the outside: its streams, environment, clock and the signal of an interrupt. Given by cmd and by tests. */
import type { Readable } from 'node:stream';
import type { Clock } from '../base/clock.ts';

export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  /** Text or bytes for the user's standard output. */
  out(data: string | Uint8Array): void;
  err(data: string | Uint8Array): void;
  /** Is standard output a terminal; its size when it is. */
  readonly terminal?: { readonly columns: number; readonly rows: number; onResize(changed: () => void): () => void };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Told of flags that were given and that the verb never looked at (tests hold that there are none). */
  unread?(flags: readonly string[]): void;
  readonly signal: AbortSignal;
}
