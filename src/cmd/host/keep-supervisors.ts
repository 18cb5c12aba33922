/** Who supervises the supervisors: each of the two processes of this program looks after those of the others. */
import { statSync } from 'node:fs';
import { copyFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import { type ClusterSettings, paths } from '../cluster-settings.ts';
import { type ProcessSpec, startSupervised, supervisorLost } from './processes.ts';

export interface KeepSupervisors {
  readonly settings: ClusterSettings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The processes to look after, with how to start them: never the same from two sides, or both would start it. */
  readonly processes: Readonly<Record<string, () => ProcessSpec | Promise<ProcessSpec>>>;
  /** Names of the logs that this process keeps short. */
  readonly logs: readonly string[];
}

const everyMs = 2_000;
/** A log longer than this is put aside; one old log is kept. */
const maxLogBytes = 10 << 20;

/** Runs until the signal aborts. A supervisor that was killed is replaced; its process, if it lives, is taken over. */
export async function keepSupervisors(o: KeepSupervisors): Promise<void> {
  const { settings: s, clock, log, signal } = o;
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal).catch(() => {});
    try {
      for (const [name, spec] of Object.entries(o.processes)) {
        if (!(await supervisorLost(s, name)) || signal.aborted) continue;
        log.warn('a supervisor is gone; starting another', { process: name });
        await startSupervised(s.runDir, paths(s).logs, await spec());
      }
      for (const name of o.logs) await keepShort(join(paths(s).logs, `${name}.log`));
    } catch (e) {
      log.warn('cannot look after the supervisors', { error: e as Error });
    }
  }
}

/** The writer has the file open for appending, and goes on at its new end. */
export async function keepShort(file: string, maxBytes = maxLogBytes): Promise<void> {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= maxBytes) return;
  await copyFile(file, `${file}.1`);
  await truncate(file);
}
