/** A list as bytes: entries are copied one after another into large chunks, nothing is parsed; streamed with back-pressure. */
import type { Entry } from '../cache/cache.ts';
import type { Served } from '../engine.ts';
import type { BodyStream } from '../request.ts';

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string | undefined;
  readonly remainingItemCount?: number | undefined;
}

const chunkSize = 256 * 1024;

/** How an item starts when its apiVersion and kind are cut off, as upstream's typed lists leave them out. */
export const itemPrefix = (s: Served): Buffer => Buffer.from(`{"apiVersion":"${s.apiVersion}","kind":"${s.row.kind}",`);

export const listHead = (apiVersion: string, kind: string, meta: ListMeta): string =>
  `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${JSON.stringify({
    resourceVersion: meta.resourceVersion,
    ...(meta.continue && { continue: meta.continue }),
    ...(meta.remainingItemCount !== undefined && { remainingItemCount: meta.remainingItemCount }),
  })},"items":[`;

const tail = Buffer.from(']}\n');

/**
 * The chunks of a list. Entries are written from the last to the first, each over the end of what lies before it, so that the
 * apiVersion and kind they start with are overwritten by the entry before: no byte is copied twice.
 */
export function* listChunks(s: Served, meta: ListMeta, entries: readonly Entry[]): Generator<Buffer> {
  const prefix = itemPrefix(s);
  const cut = prefix.length - 1;
  yield Buffer.from(listHead(s.apiVersion, `${s.row.kind}List`, meta));
  for (let i = 0; i < entries.length; ) {
    const from = i;
    const starts: number[] = [];
    let size = cut;
    while (i < entries.length && (size < chunkSize || i === from)) {
      if (i > 0) size++;
      starts.push(size);
      size += entries[i++]!.byteLength - cut;
    }
    const chunk = Buffer.allocUnsafe(size);
    let canonical = true;
    for (let k = starts.length - 1; k >= 0; k--) {
      const at = starts[k]!;
      entries[from + k]!.copyTo(chunk, at - cut);
      canonical &&= prefix.compare(chunk, at - cut, at + 1) === 0;
      chunk[at] = 0x7b;
      if (from + k > 0) chunk[at - 1] = 0x2c;
    }
    yield canonical ? chunk.subarray(cut) : plainChunk(entries, from, i);
  }
  yield tail;
}

/** The same with whole entries, for objects that do not begin as this server writes them. */
function plainChunk(entries: readonly Entry[], from: number, to: number): Buffer {
  const parts: Buffer[] = [];
  for (let i = from; i < to; i++) {
    if (i > 0) parts.push(comma);
    parts.push(entries[i]!.bytes);
  }
  return Buffer.concat(parts);
}

const comma = Buffer.from(',');

/** Writes chunks to a sink, waiting when the peer is slow and giving up the turn between chunks. */
export const streamChunks =
  (chunks: Iterable<Buffer>): BodyStream =>
  async (sink) => {
    for (const c of chunks) {
      if (sink.signal.aborted) return;
      if (!sink.write(c)) await sink.drained();
      else await new Promise<void>((r) => setImmediate(r));
    }
  };
