/** From a request that has passed the filters to its handler: resources by the table of rows, other paths by the list given. */
import { methodNotSupported, StatusError } from '../machinery/status-error.ts';
import type { Engine } from './engine.ts';
import { acceptedOf } from './handlers/scope.ts';
import { handlerFor } from './handlers/table.ts';
import { type ApiResponse, type RequestContext, textResponse, warn } from './request.ts';

export type PathHandler = (ctx: RequestContext) => ApiResponse | Promise<ApiResponse>;

/** A path that is not a resource: exact, or a prefix when it ends in `/`. */
export interface PathRoute {
  readonly path: string;
  readonly handler: PathHandler;
  /** Not in the list at `/`. */
  readonly hidden?: boolean;
  /** Any method but GET is refused (405). */
  readonly getOnly?: boolean;
}

export const notFoundPath = (): ApiResponse => textResponse(404, '404 page not found\n');

/** Upstream: NewGenericServerResponse(404) for a path below an API group that nothing serves. */
const noSuchResource = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
const noSuchMethod = (): StatusError =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

const needsName = new Set(['get', 'update', 'patch', 'delete']);
/** A list or watch may go over all namespaces (its name, if any, comes from a field selector). */
const needsNamespace = (i: RequestContext['info']): boolean =>
  i.verb !== 'list' && i.verb !== 'watch' && i.verb !== 'deletecollection' && (i.name !== '' || i.verb === 'create');

export function router(engine: Engine, routes: readonly PathRoute[]): (ctx: RequestContext) => Promise<ApiResponse> {
  const exact = new Map(routes.filter((r) => !r.path.endsWith('/') || r.path === '/').map((r) => [r.path, r]));
  const prefixes = routes.filter((r) => r.path.endsWith('/') && r.path !== '/');
  const groupVersions = new Set(engine.served.map((s) => `${s.row.group}/${s.row.version}`));
  const byPath: PathHandler = (ctx) => {
    const { path } = ctx.info;
    const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    const route = exact.get(trimmed) ?? prefixes.find((r) => path.startsWith(r.path));
    if (!route) return notFoundPath();
    if (route.getOnly && ctx.request.method !== 'GET') throw noSuchMethod();
    return route.handler(ctx);
  };
  return async (ctx) => {
    const { info } = ctx;
    if (!info.isResource) return byPath(ctx);
    const served = engine.find(info.group, info.version, info.resource);
    if (!served) {
      if (groupVersions.has(`${info.group}/${info.version}`)) throw noSuchResource();
      return notFoundPath();
    }
    const subresource = info.subresource ? served.subresources.get(info.subresource) : undefined;
    if (info.subresource && !subresource) throw noSuchResource();
    if (served.row.namespaced && !info.namespace && needsNamespace(info))
      throw info.name ? noSuchResource() : noSuchMethod();
    if (!info.name && needsName.has(info.verb)) throw noSuchMethod();
    // a proxy takes every method
    const proxied = subresource?.connect === 'proxy';
    if ((info.name && info.verb === 'create' && !subresource) || (ctx.request.method === 'HEAD' && !proxied))
      throw noSuchMethod();
    if (!served.row.namespaced && info.namespace && served.row.plural !== 'namespaces') throw noSuchResource();
    const handler = handlerFor(served, subresource, proxied && ctx.request.method === 'OPTIONS' ? 'get' : info.verb);
    if (!handler) {
      if (info.verb === 'deletecollection' || info.verb === '' || subresource) throw noSuchMethod();
      throw (info.verb === 'watch' || info.verb === 'list') && !served.row.virtual
        ? methodNotSupported(served.resource, info.verb)
        : noSuchMethod();
    }
    if (served.row.deprecated) warn(ctx, served.row.deprecated);
    return handler({
      engine,
      served,
      subresource,
      ctx,
      accepted: acceptedOf(ctx, !served.row.virtual || served.row.verbs.includes('get')),
    });
  };
}
