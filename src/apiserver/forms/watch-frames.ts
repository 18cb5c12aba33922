/**
 * Watch events as bytes. A frame is made once per entry, type and form, and shared by every watcher that sends it.
 * JSON: one object a line; protobuf: a 4-byte length and a runtime.Unknown that holds a WatchEvent.
 */
import type { KubeObject } from '../../api/resource-row.ts';
import { type CacheEvent, type Entry, frame, frameOf, shownAs } from '../cache/index.ts';
import type { Served } from '../engine.ts';
import type { Accepted } from '../negotiate.ts';
import { encodeObject } from './encode.ts';
import { protobufWatchEvent } from './protobuf-body.ts';
import { columnDefinitions, type IncludeObject, partialMetadata, tableRow } from './table.ts';

export type WatchType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

export interface Framer {
  /** An entry of the state a watch begins with. */
  state(entry: Entry): Buffer;
  /** An event as a watcher's selection sees it: `as` ADDED when it starts, DELETED when it stops matching. */
  event(event: CacheEvent, as: CacheEvent['type']): Buffer;
  bookmark(revision: number, annotations?: Readonly<Record<string, string>>): Buffer;
  error(status: unknown): Buffer;
}

const closing = Buffer.from('}\n');
const heads: Readonly<Record<'BOOKMARK' | 'ERROR', Buffer>> = {
  BOOKMARK: Buffer.from('{"type":"BOOKMARK","object":'),
  ERROR: Buffer.from('{"type":"ERROR","object":'),
};

const jsonFrame = (type: 'BOOKMARK' | 'ERROR', object: Buffer): Buffer => {
  const head = heads[type];
  const out = Buffer.allocUnsafe(head.length + object.length + 2);
  head.copy(out);
  object.copy(out, head.length);
  closing.copy(out, head.length + object.length);
  return out;
};

type Shared = Partial<Record<CacheEvent['type'], Buffer>>;
const sharedProtobuf = new WeakMap<CacheEvent, Shared>();

function sharedFrame(event: CacheEvent, as: CacheEvent['type'], make: () => Buffer): Buffer {
  let s = sharedProtobuf.get(event);
  if (!s) {
    s = {};
    sharedProtobuf.set(event, s);
  }
  s[as] ??= make();
  return s[as];
}

const bookmarkObject = (s: Served, revision: number, annotations?: Readonly<Record<string, string>>) => ({
  kind: s.row.kind,
  apiVersion: s.apiVersion,
  metadata: { resourceVersion: String(revision), ...(annotations && { annotations }) },
});

/** Frames for one watcher's form. `include` counts for tables only. */
export function framer(s: Served, accepted: Accepted, include: IncludeObject, now: () => number): Framer {
  if (accepted.form === 'object' && accepted.type === 'json' && !accepted.pretty)
    return {
      state: (entry) => frame('ADDED', entry),
      event: frameOf,
      bookmark: (revision, annotations) =>
        jsonFrame('BOOKMARK', Buffer.from(JSON.stringify(bookmarkObject(s, revision, annotations)))),
      error: (status) => jsonFrame('ERROR', Buffer.from(JSON.stringify(status))),
    };
  if (accepted.form === 'object' && accepted.type === 'protobuf') {
    const pb = (type: WatchType, obj: unknown, own = true) =>
      protobufWatchEvent(type, obj as object, own ? s.row.schema : 'Status');
    return {
      state: (entry) => pb('ADDED', entry.object),
      event: (e, as) => sharedFrame(e, as, () => pb(as, shownAs(e, as).object)),
      bookmark: (revision, annotations) => pb('BOOKMARK', bookmarkObject(s, revision, annotations)),
      error: (status) => pb('ERROR', status, false),
    };
  }
  const encoded = (type: WatchType, object: unknown): Buffer => {
    if (accepted.type === 'protobuf')
      return protobufWatchEvent(
        type,
        object as object,
        type === 'ERROR' ? 'Status' : accepted.form === 'metadata' ? 'PartialObjectMetadata' : s.row.schema,
      );
    const text = encodeObject({ ...accepted, form: 'object' }, { type, object }, undefined);
    return accepted.type === 'yaml' ? Buffer.concat([Buffer.from('---\n'), text]) : text;
  };
  let first = true;
  const transformed = (obj: KubeObject, revision: string, bookmark = false): unknown => {
    if (accepted.form === 'metadata')
      return bookmark
        ? { ...(partialMetadata(obj, accepted.metaVersion) as object) }
        : partialMetadata(obj, accepted.metaVersion);
    if (accepted.form !== 'table') return obj;
    const columns = first && !bookmark;
    if (columns) first = false;
    return {
      kind: 'Table',
      apiVersion: `meta.k8s.io/${accepted.metaVersion}`,
      metadata: { resourceVersion: revision },
      columnDefinitions: columns ? columnDefinitions(s.row) : null,
      rows: bookmark
        ? [{ cells: [], object: partialMetadata(obj, accepted.metaVersion) }]
        : [tableRow(s.row, obj, now(), include, accepted.metaVersion)],
    };
  };
  return {
    state: (entry) => encoded('ADDED', transformed(entry.object, String(entry.revision))),
    event: (e, as) => encoded(as, transformed(shownAs(e, as).object, String(e.entry.revision))),
    bookmark: (revision, annotations) =>
      encoded(
        'BOOKMARK',
        transformed(bookmarkObject(s, revision, annotations) as unknown as KubeObject, String(revision), true),
      ),
    error: (status) => encoded('ERROR', status),
  };
}
