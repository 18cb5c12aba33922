/** /openapi/v2 and /openapi/v3: documents made when first asked for, kept, with ETags (upstream: kube-openapi handlers). */
import { createHash } from 'node:crypto';
import { DeleteOptions, WatchEvent } from '../../api/meta/v1/types.ts';
import { type AnyRow, apiVersionOf } from '../../api/resource-row.ts';
import { notAcceptable } from '../../machinery/status-error.ts';
import type { AnyStruct } from '../../schema/dsl.ts';
import { parseAccept } from '../negotiate.ts';
import { type ApiResponse, header, jsonResponse, type RequestContext } from '../request.ts';
import type { PathRoute } from '../router.ts';
import { type Definition, Definitions, type Dialect } from './definitions.ts';
import { pathsOf } from './paths.ts';

interface Document {
  readonly bytes: Buffer;
  readonly hash: string;
}

const security = {
  BearerToken: { description: 'Bearer Token authentication', in: 'header', name: 'authorization', type: 'apiKey' },
};

/** DeleteOptions and WatchEvent belong to every group version. */
const sharedKinds =
  (rows: readonly AnyRow[]) =>
  (s: AnyStruct): readonly Definition[] => {
    const kind = s === DeleteOptions ? 'DeleteOptions' : s === WatchEvent ? 'WatchEvent' : undefined;
    if (!kind) return [];
    const seen = new Map(rows.map((r) => [apiVersionOf(r), { group: r.group, kind, version: r.version }]));
    return [...seen.values()];
  };

/** The v3 document of one group version. */
export function openApiV3(rows: readonly AnyRow[], all: readonly AnyRow[]): unknown {
  const d = new Definitions('v3', sharedKinds([...all.filter((r) => r.group === '' && r.version === 'v1'), ...rows]));
  const paths = pathsOf(rows, d, 'v3');
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths,
    components: { schemas: d.all, securitySchemes: security },
  };
}

/** The v2 document of everything. */
export function openApiV2(rows: readonly AnyRow[], version: string): unknown {
  const dialect: Dialect = 'v2';
  const d = new Definitions(dialect, sharedKinds(rows));
  const paths = pathsOf(rows, d, dialect);
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths,
    definitions: d.all,
    securityDefinitions: security,
    security: [{ BearerToken: [] }],
  };
}

const render = (value: unknown): Document => {
  const bytes = Buffer.from(JSON.stringify(value));
  return { bytes, hash: createHash('sha512').update(bytes).digest('hex').toUpperCase() };
};

const acceptsJson = (ctx: RequestContext): boolean => {
  const accept = header(ctx.request.headers, 'accept');
  return (
    accept === '' || parseAccept(accept).some((c) => ['*/*', 'application/*', 'application/json'].includes(c.type))
  );
};

function answer(ctx: RequestContext, doc: Document): ApiResponse {
  if (!acceptsJson(ctx)) throw notAcceptable('only the following media types are accepted: application/json');
  const etag = `"${doc.hash}"`;
  const headers: Record<string, string> = { 'content-type': 'application/json', etag, vary: 'Accept-Encoding, Accept' };
  // With the hash in the address it may be kept for good.
  if (ctx.query.get('hash') === doc.hash) {
    headers['cache-control'] = 'public, immutable';
    headers['expires'] = new Date(Date.UTC(2099, 0, 1)).toUTCString();
  }
  if (header(ctx.request.headers, 'if-none-match') === etag) return { status: 304, headers, body: Buffer.alloc(0) };
  return { status: 200, headers, body: doc.bytes };
}

export function openApiRoutes(rows: readonly AnyRow[], version: string): PathRoute[] {
  const byGroupVersion = new Map<string, AnyRow[]>();
  for (const r of rows) {
    const path = r.group ? `apis/${r.group}/${r.version}` : `api/${r.version}`;
    const list = byGroupVersion.get(path);
    if (list) list.push(r);
    else byGroupVersion.set(path, [r]);
  }
  const documents = new Map<string, Document>();
  const document = (path: string, make: () => unknown): Document => {
    let doc = documents.get(path);
    if (!doc) {
      doc = render(make());
      documents.set(path, doc);
    }
    return doc;
  };
  const v3 = (path: string) => document(path, () => openApiV3(byGroupVersion.get(path)!, rows));
  return [
    {
      path: '/openapi/v2',
      handler: (ctx) =>
        answer(
          ctx,
          document('v2', () => openApiV2(rows, version)),
        ),
    },
    {
      path: '/openapi/v3',
      handler: () => {
        const paths: Record<string, { readonly serverRelativeURL: string }> = {};
        for (const path of [...byGroupVersion.keys()].sort())
          paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${v3(path).hash}` };
        return jsonResponse(200, { paths });
      },
    },
    ...[...byGroupVersion.keys()].map(
      (path): PathRoute => ({ path: `/openapi/v3/${path}`, hidden: true, handler: (ctx) => answer(ctx, v3(path)) }),
    ),
  ];
}
