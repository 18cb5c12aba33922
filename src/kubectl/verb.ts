/** What a verb is: its words for the help, its flags, and what it does with a session. */
import type { FlagSpecs } from './flags.ts';
import type { Session } from './session.ts';

type Run = ((session: Session) => Promise<void>) | ((session: Session) => Promise<number>);

export interface Verb {
  /** `kubectl get [flags] TYPE [NAME…]` without the `kubectl`. */
  readonly usage: string;
  readonly summary: string;
  readonly flags: FlagSpecs;
  /** Resolves with an exit code (absent = 0). */
  readonly run: Run;
}

/** A row of the table of verbs: loaded when it runs, so that every verb starts fast. */
export interface VerbRow {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Words for which this verb is proposed. */
  readonly suggestFor?: readonly string[];
  readonly summary: string;
  readonly load?: () => Promise<Verb>;
  /** Verbs below this one (`rollout status`); where `load` is there too, it takes what is none of them. */
  readonly verbs?: readonly VerbRow[] | (() => Promise<readonly VerbRow[]>);
}
