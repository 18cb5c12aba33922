/** GET of one object. resourceVersion unset = the newest; a number = at least that (upstream: storage/cacher Get). */
import { notFound } from '../../machinery/status-error.ts';
import { readCurrent } from '../engine.ts';
import { parseResourceVersion } from '../request-options.ts';
import { type Handler, respondEntry } from './scope.ts';

export const get: Handler = async (s) => {
  const { ctx, engine, served } = s;
  const { name } = ctx.info;
  const namespace = served.row.namespaced ? ctx.info.namespace : '';
  const rv = ctx.query.size ? parseResourceVersion(ctx.query.get('resourceVersion') ?? '') : undefined;
  if (rv !== undefined && rv > 0 && served.cache.revision < rv) await served.cache.waitUntil(rv, ctx.signal);
  const entry =
    rv === undefined ? await readCurrent(engine, served, namespace, name) : served.cache.get(namespace, name);
  if (!entry) throw notFound(served.resource, name);
  return respondEntry(s, 200, entry);
};
