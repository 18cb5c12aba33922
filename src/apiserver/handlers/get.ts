/** GET of one object. resourceVersion unset = the newest; a number = at least that (upstream: storage/cacher Get). */
import { notFound } from '../../machinery/status-error.ts';
import { computedEntries, readCurrent } from '../engine.ts';
import { compressed } from '../forms/compress.ts';
import { parseResourceVersion } from '../request-options.ts';
import { type Handler, respondEntry } from './scope.ts';

export const get: Handler = async (s) => {
  const { ctx, engine, served } = s;
  const { name } = ctx.info;
  const namespace = served.row.namespaced ? ctx.info.namespace : '';
  const computed = engine.computed.size ? await computedEntries(engine, served) : undefined;
  if (computed) {
    const found = computed.find((e) => e.name === name);
    if (!found) throw notFound(served.resource, name);
    return respondEntry(s, 200, found);
  }
  const rv = ctx.query.size ? parseResourceVersion(ctx.query.get('resourceVersion') ?? '', 'get') : undefined;
  if (rv !== undefined && rv > 0 && served.cache.revision < rv) await served.cache.waitUntil(rv, ctx.signal);
  const entry =
    rv === undefined ? await readCurrent(engine, served, namespace, name) : served.cache.get(namespace, name);
  if (!entry) throw notFound(served.resource, name);
  return compressed(ctx, respondEntry(s, 200, entry));
};
