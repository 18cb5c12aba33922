/**
 * Reads a store's directory: the newest snapshot, then the logs since. The end of the last log may be torn (the process died while
 * it wrote a commit that nobody was told of) and is cut off; damage anywhere else is an error that names the file and the place.
 */
import fs from 'node:fs';
import type { Logger } from '../../base/log.ts';
import { Mvcc } from '../mvcc.ts';
import type { LiveVersion } from '../mvcc.ts';
import { findFiles, pathOf } from './files.ts';
import type { FoundFile } from './files.ts';
import {
  chainStart,
  decodeFileHeader,
  decodeFrameHeader,
  decodeRecords,
  fileHeaderLength,
  frameHeaderLength,
  frameMagicBytes,
  payloadIsValid,
} from './frames.ts';
import type { StoredRecord } from './frames.ts';

export interface Recovered {
  readonly state: Mvcc;
  /** The log to go on with: its generation, length and crc. Length 0 = there is none yet. */
  readonly generation: number;
  readonly length: number;
  readonly chain: number;
  /** Bytes in all logs since the snapshot. */
  readonly logBytes: number;
}

export class CorruptStoreError extends Error {
  constructor(path: string, at: number, why: string) {
    super(
      `the store file ${path} is damaged at byte ${at}: ${why}. Restore the data directory from a backup, or move it away to start empty`,
    );
    this.name = 'CorruptStoreError';
  }
}

/** `maxHistoryBytes` bounds what is kept of the past while the logs are read. */
export function recover(dir: string, maxHistoryBytes: number, log: Logger): Recovered {
  for (const name of fs.readdirSync(dir)) if (name.endsWith('.tmp')) fs.rmSync(`${dir}/${name}`);
  const files = findFiles(dir);
  const snapshot = files.findLast((f) => f.kind === 'snapshot');
  const from = snapshot?.generation ?? 0;
  for (const f of files) if (f.generation < from) fs.rmSync(f.path);

  const state = snapshot ? readSnapshot(snapshot) : new Mvcc();
  const logs = files.filter((f) => f.kind === 'log' && f.generation >= from);
  let end = { length: 0, chain: 0 };
  let logBytes = 0;
  logs.forEach((f, i) => {
    if (f.generation !== from + i)
      throw new CorruptStoreError(pathOf(dir, 'log', from + i), 0, `the file is missing, but ${f.path} exists`);
    end = readLog(f, state, i === logs.length - 1, maxHistoryBytes, log);
    logBytes += end.length;
  });
  return { state, generation: from + Math.max(0, logs.length - 1), ...end, logBytes };
}

function readSnapshot(file: FoundFile): Mvcc {
  let state: Mvcc | undefined;
  let count = 0;
  let ended = false;
  const end = readFrames(file, (revision, payload, records) => {
    state ??= new Mvcc(revision);
    decodeRecords(payload, records, (r) => {
      if (r.type === 'put') {
        state!.load({ ...r, type: 'put', value: r.value!, prev: undefined });
        count++;
      } else if (r.type === 'end') ended = r.modRevision === count;
    });
  });
  if (!ended || !state) throw new CorruptStoreError(file.path, end.length, end.torn ?? 'it ends too early');
  return state;
}

function readLog(
  file: FoundFile,
  state: Mvcc,
  last: boolean,
  maxHistoryBytes: number,
  log: Logger,
): { length: number; chain: number } {
  let compact = 0;
  const end = readFrames(file, (_revision, payload, records, at) => {
    decodeRecords(payload, records, (r) => {
      if (r.type === 'compact') compact = Math.max(compact, r.modRevision);
      else replay(state, r, file, at);
    });
    state.boundHistory(maxHistoryBytes);
  });
  if (end.torn !== undefined) {
    if (!last) throw new CorruptStoreError(file.path, end.length, end.torn);
    log.warn('cutting off a commit that was never finished', {
      file: file.path,
      at: end.length,
      bytes: end.size - end.length,
    });
    fs.truncateSync(file.path, end.length);
  }
  if (compact > 0) state.compact(Math.min(compact, state.revision));
  return end;
}

function replay(state: Mvcc, r: StoredRecord, file: FoundFile, at: number): void {
  const prev: LiveVersion | undefined = state.get(r.key);
  if (r.type === 'end' || r.modRevision !== state.revision + 1 || (r.type === 'delete' && !prev))
    throw new CorruptStoreError(file.path, at, `revision ${r.modRevision} does not follow ${state.revision}`);
  state.apply({ ...r, type: r.type as 'put' | 'delete', prev });
}

interface End {
  /** Offset after the last whole frame; 0 when not even the file header is whole. */
  readonly length: number;
  readonly chain: number;
  readonly size: number;
  /** Why reading stopped before the end of the file; undefined = it did not. */
  readonly torn: string | undefined;
}

const window = 1 << 20;

/** Calls `each` with the payload of every frame, which stays valid. Throws CorruptStoreError unless only the end is torn. */
function readFrames(
  file: FoundFile,
  each: (fileRevision: number, payload: Buffer, records: number, at: number) => void,
): End {
  const fd = fs.openSync(file.path, 'r');
  try {
    const { size } = fs.fstatSync(fd);
    // One buffer for all reads of this file: fresh memory is what costs most here.
    let reused = Buffer.allocUnsafeSlow(Math.min(window, size + 1));
    const read = (at: number, wanted: number): Buffer => {
      const length = Math.max(0, Math.min(wanted, size - at));
      if (length > reused.length) reused = Buffer.allocUnsafeSlow(length);
      let n = 0;
      while (n < length) {
        const got = fs.readSync(fd, reused, n, length - n, at + n);
        if (got === 0) break;
        n += got;
      }
      return reused.subarray(0, n);
    };
    const headerBytes = read(0, fileHeaderLength);
    const header = decodeFileHeader(headerBytes);
    if (!header) {
      // A log is used only after its header is durable: half a header means that nothing was ever stored in it.
      if (file.kind === 'log' && size < fileHeaderLength) return { length: 0, chain: 0, size, torn: 'no header' };
      throw new CorruptStoreError(file.path, 0, 'this is not the header of a k8ts store file');
    }
    if (header.kind !== file.kind || header.generation !== file.generation)
      throw new CorruptStoreError(file.path, 0, `it says it is ${header.kind} ${header.generation}`);

    let chain = chainStart(headerBytes);
    let at: number = fileHeaderLength;
    let chunk = read(at, window);
    let chunkAt = at;
    while (at < size) {
      if (at + frameHeaderLength > chunkAt + chunk.length && chunkAt + chunk.length < size) {
        chunk = read(at, window);
        chunkAt = at;
      }
      const frame = decodeFrameHeader(chunk, at - chunkAt);
      if (!frame) {
        failIfFramesFollow(file, read(at + 1, size - at - 1), at);
        return { length: at, chain, size, torn: 'no frame' };
      }
      const start = at + frameHeaderLength;
      const end = start + frame.length;
      if (end > size) return { length: at, chain, size, torn: 'half a frame' };
      if (end > chunkAt + chunk.length) {
        chunk = read(at, Math.max(window, frame.length + frameHeaderLength));
        chunkAt = at;
      }
      // A copy of its own: values must not keep the whole window alive.
      const payload = Buffer.allocUnsafeSlow(frame.length);
      chunk.copy(payload, 0, start - chunkAt, end - chunkAt);
      if (!payloadIsValid(payload, frame, chain)) {
        if (end < size) throw new CorruptStoreError(file.path, at, 'the checksum is wrong');
        return { length: at, chain, size, torn: 'the checksum is wrong' };
      }
      each(header.revision, payload, frame.count, at);
      chain = frame.chain;
      at = end;
    }
    return { length: at, chain, size, torn: undefined };
  } finally {
    fs.closeSync(fd);
  }
}

/** A commit is written only after the one before it is durable, so a whole frame behind a bad place means damage, not a torn end. */
function failIfFramesFollow(file: FoundFile, rest: Buffer, at: number): void {
  for (let i = rest.indexOf(frameMagicBytes); i >= 0; i = rest.indexOf(frameMagicBytes, i + 1))
    if (decodeFrameHeader(rest, i))
      throw new CorruptStoreError(file.path, at, `no frame here, but one follows at ${at + 1 + i}`);
}
