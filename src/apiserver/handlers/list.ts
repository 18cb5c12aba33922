/**
 * LIST from the watch cache, at the newest revision, at least at one, or exactly at one (then from the store); pages by continue
 * tokens (upstream: storage/cacher/delegator.go, storage/continue.go).
 */
import { badRequest, expired, StatusError, timeoutError } from '../../machinery/status-error.ts';
import { jsonSyntaxError } from '../../schema/json-syntax.ts';
import { CompactedError, FutureRevisionError } from '../../storage/store.ts';
import type { Entry } from '../cache/cache.ts';
import { computedEntries, type Served } from '../engine.ts';
import { compressed } from '../forms/compress.ts';
import { encodeObject, encodeObjectList } from '../forms/encode.ts';
import { type ListMeta, listChunks, streamChunks } from '../forms/list.ts';
import { includeObject, partialMetadata, tableHead, tableRow } from '../forms/table.ts';
import { mediaTypeText } from '../negotiate.ts';
import type { ApiResponse } from '../request.ts';
import { type ListOptions, listOptions, parseResourceVersion } from '../request-options.ts';
import { type Selection, selectionOf } from '../selection.ts';
import type { Handler, Scope } from './scope.ts';

export interface ContinueToken {
  /** Revision of the list; -1 = whatever is newest. */
  readonly rv: number;
  /** First key not yet listed, below the resource's prefix. */
  readonly start: string;
}

export const encodeContinue = (t: ContinueToken): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: t.rv, start: t.start })).toString('base64url');

/** @throws 400 */
export function decodeContinue(text: string): ContinueToken {
  const bad = (why: string) => badRequest(`invalid continue token: ${why}`);
  let c: { v?: unknown; rv?: unknown; start?: unknown };
  const alien = /[^A-Za-z0-9_-]/.exec(text);
  if (alien || text.length % 4 === 1)
    throw bad(`continue key is not valid: illegal base64 data at input byte ${alien?.index ?? text.length - 1}`);
  const json = Buffer.from(text, 'base64url');
  try {
    c = JSON.parse(json.toString()) as typeof c;
  } catch (e) {
    throw bad(`continue key is not valid: ${jsonSyntaxError(json) ?? (e as Error).message}`);
  }
  if (c?.v !== 'meta.k8s.io/v1')
    throw bad(`continue key is not valid: server does not recognize this encoded version ${String(c?.v ?? '')}`);
  if (typeof c.rv !== 'number' || c.rv === 0)
    throw bad('continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (typeof c.start !== 'string' || c.start === '')
    throw bad('continue key is not valid: encoded start key empty (version meta.k8s.io/v1)');
  const key = c.start.startsWith('/') ? c.start : `/${c.start}`;
  if (key.split('/').some((p, i) => p === '..' || p === '.' || (p === '' && i > 0)))
    throw bad(`continue key is not valid: ${c.start}`);
  return { rv: c.rv, start: key.slice(1) };
}

const continueExpired =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
const listExpired = 'The resourceVersion for the provided list is too old.';

/** Upstream: storage.NewTooLargeResourceVersionError. */
export function tooLargeResourceVersion(asked: number, current: number): StatusError {
  const e = timeoutError(`Too large resource version: ${asked}, current: ${current}`, 1);
  return StatusError.fromStatus({
    ...e.status,
    details: {
      ...e.status.details,
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    },
  });
}

/** The cache is at least at `revision` afterwards. @throws 504 */
export async function waitForRevision(s: Served, revision: number, signal: AbortSignal): Promise<void> {
  if (s.cache.revision >= revision) return;
  try {
    await s.cache.waitUntil(revision, signal);
  } catch (e) {
    if (signal.aborted) throw e;
    throw tooLargeResourceVersion(revision, s.cache.revision);
  }
}

export interface Selected {
  readonly entries: readonly Entry[];
  readonly meta: ListMeta;
}

/** What a list answers. @throws 400, 410, 504 */
export async function selectEntries(s: Scope, o: ListOptions, selection: Selection): Promise<Selected> {
  const { served, engine, ctx } = s;
  const namespace = served.row.namespaced ? ctx.info.namespace : '';
  const computed = engine.computed.size ? await computedEntries(engine, served) : undefined;
  if (computed) return page(served, o, selection, served.cache.revision, computed);
  const token = o.continue ? decodeContinue(o.continue) : undefined;
  const rv = parseResourceVersion(o.resourceVersion, 'list');
  if (token && rv !== undefined && rv !== 0)
    throw badRequest('specifying resource version is not allowed when using continue');
  const from = token && served.prefix + token.start;
  let exact: number | undefined;
  if (token) exact = token.rv > 0 ? token.rv : undefined;
  else if (
    rv !== undefined &&
    rv > 0 &&
    (o.resourceVersionMatch === 'Exact' || (o.limit > 0 && !o.resourceVersionMatch))
  )
    exact = rv;
  if (exact !== undefined) {
    await waitForRevision(served, exact, ctx.signal);
    if (served.lastChange() <= exact) await checkKept(s, exact, token ? from : undefined);
    if (served.lastChange() > exact) return selectStored(s, o, selection, namespace, exact, from, token !== undefined);
  } else if (rv === undefined || token) {
    await waitForRevision(served, await engine.store.currentRevision(), ctx.signal);
  } else if (rv > 0) await waitForRevision(served, rv, ctx.signal);
  // From here on nothing may wait: the range is one moment of the cache.
  const revision = exact ?? served.cache.revision;
  return page(served, o, selection, revision, selectCached(served, selection, namespace, from));
}

function selectCached(s: Served, selection: Selection, namespace: string, from: string | undefined): Iterable<Entry> {
  if (selection.name !== undefined && (namespace || !s.row.namespaced)) {
    const e = s.cache.get(namespace, selection.name);
    return e && (from === undefined || e.key >= from) ? [e] : [];
  }
  // A continue token names the key after the last one plus a zero byte: `after` is that last key.
  return s.cache.range(namespace || undefined, from?.endsWith('\0') ? from.slice(0, -1) : from && before(from));
}

/** The greatest key text below `key` that matters for an exclusive start. */
const before = (key: string): string => key.slice(0, -1);

function page(s: Served, o: ListOptions, selection: Selection, revision: number, range: Iterable<Entry>): Selected {
  const entries: Entry[] = [];
  // Whoever takes whatever is in the cache gets all of it (upstream: cacher.go computeListLimit).
  const limit = o.limit > 0 && o.resourceVersion !== '0' ? o.limit : Number.POSITIVE_INFINITY;
  let more = 0;
  for (const e of range) {
    if (!selection.all && !selection.matches(e)) continue;
    if (entries.length < limit) entries.push(e);
    else {
      more++;
      if (!selection.all) break;
    }
  }
  return { entries, meta: pageMeta(s, selection, revision, entries, more) };
}

function pageMeta(
  s: Served,
  selection: Selection,
  revision: number,
  entries: readonly Entry[],
  more: number,
): ListMeta {
  if (more === 0) return { resourceVersion: String(revision) };
  const last = entries[entries.length - 1]!;
  return {
    resourceVersion: String(revision),
    continue: encodeContinue({ rv: revision, start: `${last.key.slice(s.prefix.length)}\0` }),
    ...(selection.all && { remainingItemCount: more }),
  };
}

/** A revision that was compacted is gone for clients though nothing here has changed since. @throws 410 */
async function checkKept(s: Scope, revision: number, from: string | undefined): Promise<void> {
  if (revision >= s.engine.store.revision) return;
  try {
    await s.engine.store.list(s.served.prefix, { revision, limit: 1 });
  } catch (e) {
    if (e instanceof CompactedError) throw expiredAt(s.served, from !== undefined, from);
    throw e;
  }
}

async function selectStored(
  s: Scope,
  o: ListOptions,
  selection: Selection,
  namespace: string,
  revision: number,
  from: string | undefined,
  paging: boolean,
): Promise<Selected> {
  const { served, engine } = s;
  const prefix = namespace ? `${served.prefix}${namespace}/` : served.prefix;
  const entries: Entry[] = [];
  let start = from;
  let more = 0;
  try {
    for (;;) {
      const left = o.limit > 0 ? o.limit - entries.length : 0;
      const r = await engine.store.list(prefix, {
        revision,
        ...(left > 0 && { limit: Math.max(left, selection.all ? left : 500) }),
        ...(start !== undefined && start > prefix && { from: start }),
      });
      for (const kv of r.items) {
        const e = served.cache.entryOf(kv.key, kv.value, kv.modRevision, kv.createRevision);
        if (!selection.matches(e)) continue;
        if (o.limit > 0 && entries.length >= o.limit) {
          more++;
          break;
        }
        entries.push(e);
      }
      if (!r.more) break;
      if (o.limit > 0 && entries.length >= o.limit) {
        more += Math.max(1, r.remaining);
        break;
      }
      start = `${r.items[r.items.length - 1]!.key}\0`;
    }
  } catch (e) {
    if (e instanceof CompactedError) throw expiredAt(served, paging, start);
    if (e instanceof FutureRevisionError) throw tooLargeResourceVersion(revision, engine.store.revision);
    throw e;
  }
  return { entries, meta: pageMeta(served, selection, revision, entries, more) };
}

function expiredAt(s: Served, paging: boolean, start: string | undefined): StatusError {
  if (!paging || start === undefined) return expired(listExpired);
  const e = expired(continueExpired);
  return StatusError.fromStatus({
    ...e.status,
    metadata: { continue: encodeContinue({ rv: -1, start: start.slice(s.prefix.length) }) },
  });
}

export const list: Handler = async (s) => {
  const { ctx, served } = s;
  const o = listOptions(ctx.query, false);
  const selection = selectionOf(served.row, o, ctx.info.name);
  const { entries, meta } = await selectEntries(s, o, selection);
  return compressed(ctx, respondList(s, entries, meta));
};

function respondList(s: Scope, entries: readonly Entry[], meta: ListMeta): ApiResponse {
  const { accepted, served } = s;
  const headers = { 'content-type': mediaTypeText[accepted.type] };
  if (accepted.type === 'json' && accepted.form === 'object' && !accepted.pretty) {
    if (entries.length > 64) return { status: 200, headers, body: streamChunks(listChunks(served, meta, entries)) };
    const chunks = [...listChunks(served, meta, entries)];
    return { status: 200, headers, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) };
  }
  const { metaVersion } = accepted;
  if (accepted.form === 'table') {
    const include = includeObject(s.ctx.query);
    const now = s.engine.clock.now();
    const table = tableHead(served.row, metaVersion, meta, true);
    table['rows'] = entries.map((e) => tableRow(served.row, e.object, now, include, metaVersion));
    return { status: 200, headers, body: encodeObject(accepted, table, undefined) };
  }
  if (accepted.form === 'metadata') {
    const items = entries.map((e) => partialMetadata(e.object, metaVersion));
    const value = {
      kind: 'PartialObjectMetadataList',
      apiVersion: `meta.k8s.io/${metaVersion}`,
      metadata: meta,
      items,
    };
    return { status: 200, headers, body: encodeObject(accepted, value, 'PartialObjectMetadataList') };
  }
  return { status: 200, headers, body: encodeObjectList(accepted, served, meta, entries) };
}
