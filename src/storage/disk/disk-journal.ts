/**
 * Commits in an append-only log, one durable write each. When the log has grown beyond what it describes, a new log is begun and a
 * snapshot of the state at that point is written beside the traffic; once the snapshot is durable the older files go.
 */
import fs from 'node:fs';
import type { Logger } from '../../base/log.ts';
import type { Commit, Journal } from '../journal.ts';
import type { LiveVersion, Mvcc } from '../mvcc.ts';
import { findFiles, pathOf, syncDirectory } from './files.ts';
import type { Files, LogFile } from './files.ts';
import { chainStart, encodeFileHeader, fileHeaderLength, FrameWriter } from './frames.ts';
import type { Recovered } from './recover.ts';

export interface DiskJournalOptions {
  readonly dir: string;
  readonly files: Files;
  readonly log: Logger;
  /** A snapshot is made when the logs are longer than this and than what exists. */
  readonly snapshotBytes: number;
}

const snapshotBlock = 64 << 10;

/** A write that the disk did not take. `code` is the system's (ENOSPC, EIO, …). */
export class StoreWriteError extends Error {
  readonly code: string;
  constructor(dir: string, cause: Error) {
    const code = (cause as { code?: string }).code ?? 'EIO';
    const what =
      code === 'ENOSPC' || code === 'EDQUOT' ? 'no space is left on the device; make room there' : cause.message;
    super(`cannot write to the store in ${dir}: ${what} (${code}). Nothing was stored`, { cause });
    this.name = 'StoreWriteError';
    this.code = code;
  }
}

interface OpenLog {
  readonly file: LogFile;
  readonly generation: number;
  length: number;
  chain: number;
  /** A failed write may have left bytes behind `length`: they must go before anything else is written. */
  dirty: boolean;
}

export class DiskJournal implements Journal {
  readonly #options: DiskJournalOptions;
  readonly #frame = new FrameWriter();
  #log: OpenLog;
  /** The log to change to with the next commit. */
  #next: OpenLog | undefined;
  /** Bytes in the logs that a start would have to read. */
  #logBytes: number;
  /** No new snapshot is tried below this length (after one failed). */
  #retryAt = 0;
  #snapshot: Promise<void> | undefined;
  #closed = false;

  private constructor(options: DiskJournalOptions, log: OpenLog, logBytes: number) {
    this.#options = options;
    this.#log = log;
    this.#logBytes = logBytes;
  }

  /** Goes on behind what was recovered. */
  static async open(options: DiskJournalOptions, recovered: Recovered): Promise<DiskJournal> {
    const { generation, length, chain, logBytes } = recovered;
    if (length === 0) return new DiskJournal(options, await createLog(options, generation), logBytes);
    const file = options.files.open(pathOf(options.dir, 'log', generation));
    return new DiskJournal(options, { file, generation, length, chain, dirty: false }, logBytes);
  }

  append(commit: Commit, state: Mvcc, done: (error?: Error) => void): void {
    if (this.#next && !this.#log.dirty) this.#change(this.#next, state);
    const log = this.#log;
    if (log.dirty) {
      log.file.truncate(log.length, (error) => {
        if (error) {
          done(new StoreWriteError(this.#options.dir, error));
          return;
        }
        log.dirty = false;
        this.append(commit, state, done);
      });
      return;
    }
    for (const w of commit.writes) this.#frame.add(w);
    if (commit.compact > 0)
      this.#frame.add({
        type: 'compact',
        key: '',
        value: undefined,
        modRevision: commit.compact,
        createRevision: 0,
        expiresAt: 0,
      });
    const { bytes, chain } = this.#frame.finish(log.chain);
    log.file.write(bytes, log.length, (error) => {
      if (error) {
        log.dirty = true;
        done(new StoreWriteError(this.#options.dir, error));
        return;
      }
      log.length += bytes.length;
      log.chain = chain;
      this.#logBytes += bytes.length;
      done();
      if (this.#logBytes > Math.max(this.#options.snapshotBytes, state.liveBytes, this.#retryAt)) this.#beginSnapshot();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#snapshot;
    this.#log.file.close();
    this.#next?.file.close();
  }

  /** Makes the next log; the next commit changes to it and starts the snapshot. */
  #beginSnapshot(): void {
    if (this.#snapshot || this.#next || this.#closed) return;
    this.#snapshot = createLog(this.#options, this.#log.generation + 1).then(
      (next) => {
        this.#snapshot = undefined;
        this.#next = next;
      },
      (error: Error) => this.#snapshotFailed(error),
    );
  }

  #change(next: OpenLog, state: Mvcc): void {
    const before = this.#logBytes;
    this.#log.file.close();
    this.#log = next;
    this.#next = undefined;
    this.#logBytes = next.length;
    if (this.#closed) return;
    this.#snapshot = writeSnapshot(this.#options, next.generation, state.revision, state.live()).then(
      () => {
        this.#snapshot = undefined;
        this.#removeBefore(next.generation);
      },
      (error: Error) => {
        this.#logBytes += before;
        this.#snapshotFailed(error);
      },
    );
  }

  #snapshotFailed(error: Error): void {
    this.#snapshot = undefined;
    this.#retryAt = this.#logBytes + this.#options.snapshotBytes / 4;
    this.#options.log.warn('cannot write a snapshot of the store; its logs stay', { dir: this.#options.dir, error });
  }

  #removeBefore(generation: number): void {
    this.#retryAt = 0;
    try {
      for (const f of findFiles(this.#options.dir)) if (f.generation < generation) fs.rmSync(f.path);
    } catch (e) {
      this.#options.log.warn('cannot remove old store files', { dir: this.#options.dir, error: e as Error });
    }
  }
}

const written = (file: LogFile, bytes: Buffer, at: number): Promise<void> =>
  new Promise((resolve, reject) => file.write(bytes, at, (error) => (error ? reject(error) : resolve())));

async function createLog(options: DiskJournalOptions, generation: number): Promise<OpenLog> {
  const path = pathOf(options.dir, 'log', generation);
  const header = encodeFileHeader({ kind: 'log', generation, revision: 0 });
  const file = options.files.open(path);
  try {
    await written(file, header, 0);
    syncDirectory(options.dir);
  } catch (e) {
    file.close();
    fs.rmSync(path, { force: true });
    throw new StoreWriteError(options.dir, e as Error);
  }
  return { file, generation, length: fileHeaderLength, chain: chainStart(header), dirty: false };
}

/** The state before the first commit of log `generation`, under its final name only when it is whole and durable. */
async function writeSnapshot(
  options: DiskJournalOptions,
  generation: number,
  revision: number,
  live: readonly LiveVersion[],
): Promise<void> {
  const path = pathOf(options.dir, 'snapshot', generation);
  const temporary = `${path}.tmp`;
  const file = options.files.open(temporary);
  try {
    const header = encodeFileHeader({ kind: 'snapshot', generation, revision });
    await written(file, header, 0);
    let at = header.length;
    let chain = chainStart(header);
    const frame = new FrameWriter();
    const flush = async () => {
      const made = frame.finish(chain);
      chain = made.chain;
      await written(file, made.bytes, at);
      at += made.bytes.length;
    };
    for (const v of live) {
      frame.add(v);
      if (frame.length >= snapshotBlock) await flush();
    }
    const end = { type: 'end', key: '', value: undefined, createRevision: 0, expiresAt: 0 } as const;
    frame.add({ ...end, modRevision: live.length });
    await flush();
    file.close();
  } catch (e) {
    file.close();
    fs.rmSync(temporary, { force: true });
    throw e;
  }
  fs.renameSync(temporary, path);
  syncDirectory(options.dir);
}
