/** DELETE of one object or of a collection. */
import { isNotFound } from '../../machinery/status-error.ts';
import type { Entry } from '../cache/cache.ts';
import { decodeDeleteOptions } from '../codec.ts';
import { listChunks } from '../forms/list.ts';
import { deleteObject } from '../registry/delete.ts';
import { type DeleteOptions, deleteOptions, listOptions } from '../request-options.ts';
import { selectionOf } from '../selection.ts';
import { selectEntries } from './list.ts';
import { type Handler, respondEntry, respondStatus, type Scope, writeRequest } from './scope.ts';

async function readOptions(s: Scope): Promise<DeleteOptions> {
  const { ctx, engine } = s;
  const body = await ctx.request.body(engine.limits.requestBytes);
  return deleteOptions(ctx.query, body.length ? decodeDeleteOptions(ctx, body) : undefined);
}

export const remove: Handler = async (s) => {
  const options = await readOptions(s);
  const w = writeRequest(s, { dryRun: options.dryRun, fieldManager: '' });
  const { result, gone } = await deleteObject(w, options);
  const code = !gone && options.orphanDependents === false ? 202 : 200;
  return 'bytes' in result ? respondEntry(s, code, result) : respondStatus(s.accepted, code, { ...result, code: 0 });
};

export const deleteCollection: Handler = async (s) => {
  const { ctx, served } = s;
  const list = listOptions(ctx.query, false);
  const selection = selectionOf(served.row, list, ctx.info.name);
  const options = await readOptions(s);
  const { entries, meta } = await selectEntries(s, list, selection);
  const base = writeRequest(s, { dryRun: options.dryRun, fieldManager: '' });
  const removeOne = async (e: Entry): Promise<void> => {
    try {
      await deleteObject({ ...base, namespace: e.namespace, name: e.name }, options);
    } catch (err) {
      if (!isNotFound(err)) throw err;
    }
  };
  // Several at once: the store commits what comes in one turn together.
  for (let i = 0; i < entries.length; i += 64) await Promise.all(entries.slice(i, i + 64).map(removeOne));
  const body = Buffer.concat([...listChunks(served, meta, entries)]);
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
};
